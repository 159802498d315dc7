#include "access/vault.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/keyfile.h"
#include "base/assert.h"
#include "base/base64.h"

#define DIR_MODE 0700
#define NAME_BYTES_MAX 32

#define MASTER "master.key"
#define SALT "passphrase.salt"
#define CHECK "check"

/* What the salt's file says before the salt: other costs would be another key. */
#define COSTS "argon2id 3 268435456 "
#define SALT_LETTERS (2 * DBK_SECRET_SALT_BYTES)
#define KEY_LETTERS (2 * DBK_SECRET_KEY_BYTES)

/* A key file in hex, with the end of its line, or a passphrase. */
#define SECRET_BYTES_MAX 4096

/* A box of this, by which a wrong key is told before it is used. */
static const unsigned char check_value[16] = "daybook keys v1";

struct dbk_vault {
	unsigned char *master; /* secret memory */
	bool is_beside;
	char dir[PATH_MAX - NAME_BYTES_MAX - 8];
};

static void
path_of(const struct dbk_vault *vault, const char *name, char out[PATH_MAX])
{
	dbk_assert(strlen(name) <= NAME_BYTES_MAX);
	(void)snprintf(out, PATH_MAX, "%s/%s", vault->dir, name);
}

static bool
is_there(const struct dbk_vault *vault, const char *name)
{
	char path[PATH_MAX];

	path_of(vault, name, path);
	return access(path, F_OK) == 0;
}

/* SIZE bytes of a file, without the end of its line. */
static struct dbk_str
first_line(const char *bytes, size_t size)
{
	const char *end = memchr(bytes, '\n', size);
	size_t length = end == NULL ? size : (size_t)(end - bytes);

	if (length > 0 && bytes[length - 1] == '\r')
		length--;
	return dbk_str_make(bytes, length);
}

static enum dbk_err
take_key(struct dbk_vault *vault, const char *path, const char *bytes, size_t size,
	 struct dbk_error *error)
{
	struct dbk_str line = first_line(bytes, size);

	if (line.size == KEY_LETTERS && size <= KEY_LETTERS + 2 &&
	    dbk_hex_decode(line, vault->master, DBK_SECRET_KEY_BYTES))
		return DBK_OK;
	if (size == DBK_SECRET_KEY_BYTES) {
		memcpy(vault->master, bytes, size);
		return DBK_OK;
	}
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s holds no key: neither %d hex digits nor %d bytes",
			     path, KEY_LETTERS, DBK_SECRET_KEY_BYTES);
}

static enum dbk_err
load_key(struct dbk_vault *vault, const char *path, enum dbk_keyfile_guard guard,
	 struct dbk_error *error)
{
	char *bytes = dbk_secret_take(SECRET_BYTES_MAX);
	enum dbk_err err;
	size_t size;

	if (bytes == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	err = dbk_keyfile_read(path, guard, bytes, SECRET_BYTES_MAX, &size, error);
	if (err == DBK_FAILED_LIMIT)
		err = dbk_error_set(error, DBK_FAILED_INPUT, "%s is too long for a key",
				    path);
	if (err == DBK_OK)
		err = take_key(vault, path, bytes, size, error);
	dbk_secret_give(bytes);
	return err;
}

static enum dbk_err
make_master(struct dbk_vault *vault, const char *path, struct dbk_error *error)
{
	unsigned char *letters = dbk_secret_take(KEY_LETTERS + 1);
	struct dbk_buf text = { letters, 0, KEY_LETTERS + 1, false };
	enum dbk_err err;

	if (letters == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	dbk_secret_random(vault->master, DBK_SECRET_KEY_BYTES);
	dbk_hex_put(&text, vault->master, DBK_SECRET_KEY_BYTES);
	dbk_buf_put_u8(&text, '\n');
	dbk_assert(text.bytes == letters);
	err = dbk_keyfile_write(path, text.bytes, text.size, error);
	dbk_secret_give(letters);
	return err;
}

static enum dbk_err
make_salt(const char *path, unsigned char salt[DBK_SECRET_SALT_BYTES],
	  struct dbk_error *error)
{
	struct dbk_buf text;
	enum dbk_err err;

	dbk_secret_random(salt, DBK_SECRET_SALT_BYTES);
	dbk_buf_init(&text);
	dbk_buf_printf(&text, COSTS);
	dbk_hex_put(&text, salt, DBK_SECRET_SALT_BYTES);
	dbk_buf_put_u8(&text, '\n');
	err = dbk_buf_failed(&text)
		  ? dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path)
		  : dbk_keyfile_write(path, text.bytes, text.size, error);
	dbk_buf_fini(&text);
	return err;
}

static enum dbk_err
load_salt(const char *path, unsigned char salt[DBK_SECRET_SALT_BYTES],
	  struct dbk_error *error)
{
	const size_t before = sizeof COSTS - 1;
	char text[sizeof COSTS + SALT_LETTERS + 1];
	size_t size;
	enum dbk_err err =
	    dbk_keyfile_read(path, DBK_KEYFILE_OWNER, text, sizeof text, &size, error);

	if (err != DBK_OK)
		return err;
	if (size == before + SALT_LETTERS + 1 && memcmp(text, COSTS, before) == 0 &&
	    text[size - 1] == '\n' &&
	    dbk_hex_decode(dbk_str_make(text + before, SALT_LETTERS), salt,
			   DBK_SECRET_SALT_BYTES))
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "%s is not as it was made: \"%s\", %d hex digits", path,
			     COSTS, SALT_LETTERS);
}

static enum dbk_err
find_salt(const struct dbk_vault *vault, bool may_make,
	  unsigned char salt[DBK_SECRET_SALT_BYTES], struct dbk_error *error)
{
	char path[PATH_MAX];

	path_of(vault, SALT, path);
	if (is_there(vault, SALT))
		return load_salt(path, salt, error);
	if (!may_make)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s has no " SALT
				     ": these keys are not of a passphrase, or it was "
				     "lost",
				     vault->dir);
	return make_salt(path, salt, error);
}

static enum dbk_err
from_passphrase(struct dbk_vault *vault, const char *file, bool may_make,
		struct dbk_error *error)
{
	unsigned char salt[DBK_SECRET_SALT_BYTES];
	char *bytes = dbk_secret_take(SECRET_BYTES_MAX);
	struct dbk_str line = { 0 };
	enum dbk_err err;
	size_t size;

	if (bytes == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", file);
	err = dbk_keyfile_read(file, DBK_KEYFILE_NOT_ALL, bytes, SECRET_BYTES_MAX,
			       &size, error);
	if (err == DBK_OK)
		line = first_line(bytes, size);
	if (err == DBK_OK && line.size == 0)
		err =
		    dbk_error_set(error, DBK_FAILED_INPUT,
				  "%s: its first line, the passphrase, is empty", file);
	if (err == DBK_OK)
		err = find_salt(vault, may_make, salt, error);
	if (err == DBK_OK &&
	    dbk_secret_from_passphrase(line, salt, vault->master) != DBK_OK)
		err = dbk_error_set(error, DBK_FAILED_MEMORY,
				    "%s: making a key of a passphrase needs 256 MiB",
				    file);
	dbk_secret_give(bytes);
	return err;
}

static enum dbk_err
from_folder(struct dbk_vault *vault, bool may_make, struct dbk_error *error)
{
	char path[PATH_MAX];

	path_of(vault, MASTER, path);
	if (is_there(vault, MASTER))
		return load_key(vault, path, DBK_KEYFILE_OWNER, error);
	if (!may_make)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s has no " MASTER
				     ": its keys need --key-file or --passphrase-file",
				     vault->dir);
	return make_master(vault, path, error);
}

static enum dbk_err
find_master(struct dbk_vault *vault, const struct dbk_vault_options *options,
	    bool may_make, struct dbk_error *error)
{
	if (options->key_file != NULL)
		return load_key(vault, options->key_file, DBK_KEYFILE_NOT_ALL, error);
	if (options->passphrase_file != NULL)
		return from_passphrase(vault, options->passphrase_file, may_make,
				       error);
	return from_folder(vault, may_make, error);
}

/* A wrong key is found here, and nowhere else as damage. */
static enum dbk_err
compare_check(const struct dbk_vault *vault, const struct dbk_vault_options *options,
	      struct dbk_error *error)
{
	unsigned char value[sizeof check_value];
	enum dbk_err err = dbk_vault_read(vault, CHECK, value, sizeof value, error);

	if (err == DBK_OK && memcmp(value, check_value, sizeof value) == 0)
		return DBK_OK;
	if (err != DBK_OK && err != DBK_FAILED_DAMAGED)
		return err;
	if (options->passphrase_file != NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "%s: not the passphrase of the keys in %s",
				     options->passphrase_file, vault->dir);
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s%s: not the key of what is in %s",
			     options->key_file != NULL ? options->key_file : vault->dir,
			     options->key_file != NULL ? "" : "/" MASTER, vault->dir);
}

/* Keys that were begun have the check value before anything else. */
static bool
has_keys(const struct dbk_vault *vault)
{
	return is_there(vault, "log.key") || is_there(vault, "seat") ||
	       is_there(vault, "subjects") || is_there(vault, "access");
}

static enum dbk_err
open_master(struct dbk_vault *vault, const struct dbk_vault_options *options,
	    bool *out_fresh, struct dbk_error *error)
{
	bool fresh = !is_there(vault, CHECK);
	enum dbk_err err;

	if (fresh && has_keys(vault))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s holds keys but not the file \"" CHECK
				     "\" that was made before them",
				     vault->dir);
	if (fresh && options->read_only)
		return dbk_error_set(error, DBK_FAILED_NOT_FOUND, "%s holds no keys",
				     vault->dir);
	err = find_master(vault, options, fresh, error);
	if (err == DBK_OK)
		err = fresh ? dbk_vault_write(vault, CHECK, check_value,
					      sizeof check_value, error)
			    : compare_check(vault, options, error);
	if (err == DBK_OK)
		*out_fresh = fresh;
	return err;
}

static enum dbk_err
open_folder(struct dbk_vault *vault, const struct dbk_vault_options *options,
	    struct dbk_error *error)
{
	if (strlen(options->dir) >= sizeof vault->dir)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the name of the folder of keys is too long");
	if (options->key_file != NULL && options->passphrase_file != NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "a key file and a passphrase file: one of them");
	(void)snprintf(vault->dir, sizeof vault->dir, "%s", options->dir);
	if (!options->read_only && mkdir(vault->dir, DIR_MODE) != 0 && errno != EEXIST)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: cannot make it: %s",
				     vault->dir, strerror(errno));
	return dbk_keyfile_check_dir(vault->dir, error);
}

enum dbk_err
dbk_vault_open(const struct dbk_vault_options *options, struct dbk_vault **out,
	       bool *out_fresh, struct dbk_error *error)
{
	struct dbk_vault *vault = calloc(1, sizeof *vault);
	enum dbk_err err;

	if (vault != NULL)
		vault->master = dbk_secret_take(DBK_SECRET_KEY_BYTES);
	if (vault == NULL || vault->master == NULL) {
		dbk_vault_close(vault);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory",
				     options->dir);
	}
	err = open_folder(vault, options, error);
	if (err == DBK_OK)
		err = open_master(vault, options, out_fresh, error);
	if (err != DBK_OK) {
		dbk_vault_close(vault);
		return err;
	}
	vault->is_beside = is_there(vault, MASTER);
	*out = vault;
	return DBK_OK;
}

void
dbk_vault_close(struct dbk_vault *vault)
{
	if (vault == NULL)
		return;
	dbk_secret_give(vault->master);
	free(vault);
}

const char *
dbk_vault_dir(const struct dbk_vault *vault)
{
	return vault->dir;
}

bool
dbk_vault_is_beside(const struct dbk_vault *vault)
{
	return vault->is_beside;
}

void
dbk_vault_seal(const struct dbk_vault *vault, struct dbk_str about, struct dbk_str text,
	       struct dbk_buf *out)
{
	dbk_secret_seal(vault->master, NULL, about, text, out);
}

bool
dbk_vault_unseal(const struct dbk_vault *vault, struct dbk_str about,
		 struct dbk_str box, unsigned char *out)
{
	return box.size >= DBK_SECRET_BOX_OVERHEAD &&
	       dbk_secret_open(vault->master, about, box, out);
}

enum dbk_err
dbk_vault_write(const struct dbk_vault *vault, const char *name, const void *secret,
		size_t size, struct dbk_error *error)
{
	char path[PATH_MAX];
	struct dbk_buf box;
	enum dbk_err err;

	path_of(vault, name, path);
	dbk_buf_init(&box);
	dbk_vault_seal(vault, dbk_str_of(name), dbk_str_make(secret, size), &box);
	err = dbk_buf_failed(&box)
		  ? dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path)
		  : dbk_keyfile_write(path, box.bytes, box.size, error);
	dbk_buf_fini(&box);
	return err;
}

enum dbk_err
dbk_vault_read(const struct dbk_vault *vault, const char *name, unsigned char *out,
	       size_t size, struct dbk_error *error)
{
	size_t room = size + DBK_SECRET_BOX_OVERHEAD, got = 0;
	unsigned char *box = malloc(room);
	char path[PATH_MAX];
	enum dbk_err err;

	path_of(vault, name, path);
	if (box == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	err = dbk_keyfile_read(path, DBK_KEYFILE_OWNER, box, room, &got, error);
	if (err == DBK_FAILED_LIMIT ||
	    (err == DBK_OK &&
	     (got != room ||
	      !dbk_vault_unseal(vault, dbk_str_of(name), dbk_str_make(box, got), out))))
		err = dbk_error_set(error, DBK_FAILED_DAMAGED,
				    "%s is not as it was written, or of another key",
				    path);
	free(box);
	return err;
}
