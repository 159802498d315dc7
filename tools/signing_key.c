#include "signing_key.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/base64.h"
#include "base/secret.h"
#include "diag.h"

#define DIGITS ((size_t)2 * DBK_SIGN_SEED_BYTES)

static unsigned char *
take_secret(size_t size)
{
	bool started = dbk_secret_start();
	unsigned char *secret = dbk_secret_take(size);

	dbk_assert(started && secret != NULL);
	return secret;
}

/* A file that others may read holds no secret; nor does it hold what is meant here. */
static bool
is_private(int fd, const char *path)
{
	struct stat st;

	if (fstat(fd, &st) != 0) {
		diag_error("cannot read %s: %s", path, strerror(errno));
		return false;
	}
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
		return true;
	diag_error(
	    "%s: others may read it, so it is no key; chmod 600 it, or see daybook "
	    "help source new-key",
	    path);
	return false;
}

/* Up to ROOM bytes of FD; -1 on failure. */
static ssize_t
read_whole(int fd, unsigned char *out, size_t room)
{
	size_t size = 0;
	ssize_t n;

	do {
		n = read(fd, out + size, room - size);
		if (n > 0)
			size += (size_t)n;
	} while ((n > 0 && size < room) || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : (ssize_t)size;
}

static int
read_seed(int fd, const char *path, unsigned char *seed)
{
	/* The digits, a newline, and one byte that must not be there. */
	unsigned char *text = take_secret(DIGITS + 2);
	ssize_t size = read_whole(fd, text, DIGITS + 2);
	bool good;

	if (size < 0)
		diag_error("cannot read %s: %s", path, strerror(errno));
	good = size == (ssize_t)DIGITS ||
	       (size == (ssize_t)DIGITS + 1 && text[DIGITS] == '\n');
	good = good &&
	       dbk_hex_decode(dbk_str_make(text, DIGITS), seed, DBK_SIGN_SEED_BYTES);
	if (size >= 0 && !good)
		diag_error("%s: not a key of %zu hex digits", path, DIGITS);
	dbk_secret_give(text);
	return good ? EXIT_OK : EXIT_FAILED;
}

int
signing_key_read(const char *path, unsigned char **out_seed)
{
	unsigned char *seed;
	int fd = open(path, O_RDONLY | O_CLOEXEC), code = EXIT_FAILED;

	if (fd < 0) {
		diag_error("cannot open %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	seed = take_secret(DBK_SIGN_SEED_BYTES);
	if (is_private(fd, path))
		code = read_seed(fd, path, seed);
	(void)close(fd);
	if (code == EXIT_OK)
		*out_seed = seed;
	else
		dbk_secret_give(seed);
	return code;
}

static bool
write_digits(int fd, const unsigned char *seed)
{
	unsigned char *text = take_secret(DIGITS + 1);
	struct dbk_buf out = { text, 0, DIGITS + 1, false };
	bool good;

	dbk_hex_put(&out, seed, DBK_SIGN_SEED_BYTES);
	dbk_buf_put_u8(&out, '\n');
	good = write(fd, text, out.size) == (ssize_t)out.size && fsync(fd) == 0;
	dbk_secret_give(text);
	return good;
}

int
signing_key_make(const char *path, unsigned char out_public[DBK_SIGN_PUBLIC_BYTES])
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	unsigned char *seed;
	bool good;

	if (fd < 0) {
		diag_error("cannot make %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	seed = take_secret(DBK_SIGN_SEED_BYTES);
	dbk_secret_random(seed, DBK_SIGN_SEED_BYTES);
	dbk_sign_public(seed, out_public);
	good = write_digits(fd, seed);
	dbk_secret_give(seed);
	if (close(fd) == 0 && good)
		return EXIT_OK;
	diag_error("cannot write %s: %s", path, strerror(errno));
	(void)unlink(path);
	return EXIT_FAILED;
}

int
signing_key_public(const char *text, unsigned char out_public[DBK_SIGN_PUBLIC_BYTES])
{
	unsigned char *seed;
	int code;

	if (dbk_hex_decode(dbk_str_of(text), out_public, DBK_SIGN_PUBLIC_BYTES))
		return EXIT_OK;
	code = signing_key_read(text, &seed);
	if (code != EXIT_OK)
		return code;
	dbk_sign_public(seed, out_public);
	dbk_secret_give(seed);
	return EXIT_OK;
}
