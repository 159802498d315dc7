/* data_rest.c -- what a data directory has beside its log. */

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/access_store.h"
#include "access/subjects.h"
#include "access/vault.h"
#include "base/secret.h"
#include "ledger/saved.h"
#include "store/pages.h"
#include "verify/data.h"
#include "verify/isolate.h"
#include "views/shelf.h"

/* The seed and the name that the key was made for. */
#define LOG_KEY_BYTES ((size_t)DBK_SIGN_SEED_BYTES + DBK_NOTE_NAME_BYTES_MAX + 1)

/* Where FILE, which is in PATH or of the keys, lies; its folder without it. */
static void
folder_of(const struct verify *v, const char *file, char out[4096])
{
	char keys[4096], *end;

	data_keys(v, keys);
	if (strncmp(file, "keys/", 5) == 0)
		(void)snprintf(out, 4096, "%.2000s/%s", keys, file + 5);
	else
		(void)snprintf(out, 4096, "%.2000s/%s", v->path, file);
	end = strrchr(out, '/');
	*end = '\0';
}

static bool
pages_are_good(struct verify *v, const char *file, const char *folder)
{
	struct dbk_error error = { DBK_OK, "" };
	enum dbk_err err = dbk_store_check_pages(folder, &error);

	data_failed(v, file, err, &error);
	return err == DBK_OK;
}

static void
check_books(struct verify *v, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	char folder[4096];
	uint64_t values;

	folder_of(v, file, folder);
	if (pages_are_good(v, file, folder))
		data_failed(v, file, dbk_saved_check(folder, &values, &error), &error);
}

static void
check_view(struct verify *v, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	char folder[4096];
	uint64_t values;

	folder_of(v, file, folder);
	if (pages_are_good(v, file, folder))
		data_failed(v, file, dbk_shelf_check(folder, &values, &error), &error);
}

static void
check_access(struct verify *v, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_store *store = NULL;
	char folder[4096], keys[4096];
	uint64_t values;
	enum dbk_err err;

	folder_of(v, file, folder);
	data_keys(v, keys);
	if (!pages_are_good(v, file, folder))
		return;
	err = dbk_access_store_open(keys, true, &store, &error);
	if (err == DBK_OK)
		err = dbk_access_check(store, &values, &error);
	data_failed(v, file, err, &error);
	if (store != NULL)
		dbk_store_close(store);
}

/* ------------------------------------------------------------------------------ keys
 */

static void
check_signing_key(struct verify *v, const struct dbk_vault *vault)
{
	unsigned char *secret = dbk_secret_take(LOG_KEY_BYTES);
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_error error = { DBK_OK, "" };
	enum dbk_err err;

	if (secret == NULL) {
		verify_failed(v, "keys/log.key", "no locked memory");
		return;
	}
	err = dbk_vault_read(vault, "log.key", secret, LOG_KEY_BYTES, &error);
	data_failed(v, "keys/log.key", err, &error);
	if (err == DBK_OK) {
		dbk_sign_public(secret, public);
		if (v->key != NULL && memcmp(public, v->key->key, sizeof public) != 0)
			findings_add(&v->findings, "keys/log.key", FINDINGS_NO_RECORD,
				     "is another key than %s", v->key->name);
	}
	dbk_secret_give(secret);
}

static void
check_verifier_key(struct verify *v, const char *keys)
{
	struct dbk_buf expected;
	char path[4200], found[1024];
	FILE *file;
	size_t n;

	(void)snprintf(path, sizeof path, "%s/log.vkey", keys);
	file = v->key == NULL ? NULL : fopen(path, "re");
	if (file == NULL) {
		if (v->key != NULL)
			findings_add(&v->findings, "keys/log.vkey", FINDINGS_NO_RECORD,
				     "is missing");
		return;
	}
	dbk_buf_init(&expected);
	dbk_note_key_put(v->key, &expected);
	dbk_buf_put_u8(&expected, '\n');
	n = fread(found, 1, sizeof found, file);
	if (n != expected.size || memcmp(found, expected.bytes, n) != 0)
		findings_add(&v->findings, "keys/log.vkey", FINDINGS_NO_RECORD,
			     "is another key than %s", v->key->name);
	dbk_buf_fini(&expected);
	(void)fclose(file);
}

static void
check_subjects(struct verify *v, struct dbk_vault *vault, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_subjects *subjects = NULL;
	uint64_t keys, erased;
	struct stat found;
	char folder[4096];
	enum dbk_err err;

	folder_of(v, file, folder);
	if (stat(folder, &found) != 0 || !pages_are_good(v, file, folder))
		return;
	err = dbk_subjects_open(vault, true, &subjects, &error);
	if (err == DBK_OK)
		err = dbk_subjects_check(subjects, &keys, &erased, &error);
	data_failed(v, file, err, &error);
	dbk_subjects_close(subjects);
}

static void
check_keys(struct verify *v, const char *file)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_vault_options options = { .read_only = true };
	struct dbk_vault *vault = NULL;
	char keys[4096];
	enum dbk_err err;
	bool fresh;

	data_keys(v, keys);
	options.dir = keys;
	check_verifier_key(v, keys);
	err = dbk_vault_open(&options, &vault, &fresh, &error);
	data_failed(v, "keys/check", err, &error);
	if (err != DBK_OK)
		return;
	check_signing_key(v, vault);
	check_subjects(v, vault, file);
	dbk_vault_close(vault);
}

/* ------------------------------------------------------------------------------ whole
 */

static void
check_part(struct verify *v, const char *file,
	   void (*check)(struct verify *verify, const char *file))
{
	struct stat found = { .st_size = 0 };
	char folder[4096], path[4200];

	folder_of(v, file, folder);
	if (stat(folder, &found) != 0)
		return;
	(void)snprintf(path, sizeof path, "%s/data.mdb", folder);
	if (stat(path, &found) != 0)
		findings_add(&v->findings, file, FINDINGS_NO_RECORD, "is missing");
	else
		isolate(v, file, (uint64_t)found.st_size, check);
}

void
data_check_rest(struct verify *v)
{
	char keys[4096], master[4200];
	struct stat found;

	check_part(v, "books/data.mdb", check_books);
	check_part(v, "views/ledger/data.mdb", check_view);
	data_keys(v, keys);
	if (keys[0] == '\0') {
		if (strcmp(v->kind, "backup") != 0)
			v->keys_unchecked = "they are in another place: --keys";
		return;
	}
	check_part(v, "keys/access/data.mdb", check_access);
	(void)snprintf(master, sizeof master, "%s/master.key", keys);
	if (stat(master, &found) == 0)
		isolate(v, "keys/subjects/data.mdb", 0, check_keys);
	else
		v->keys_unchecked = "the master key is in another place";
}
