/*
 * The folder of keys: who may read it, which key opens it, what is told of a wrong one.
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/vault.h"

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"

static char room[TMPDIR_BYTES];
static char dir[TMPDIR_BYTES + 8], key_file[TMPDIR_BYTES + 8],
    other_key[TMPDIR_BYTES + 8];
static struct dbk_error error;

static void
put_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		abort();
	(void)fputs(text, file);
	(void)fclose(file);
	(void)chmod(path, mode);
}

static void
clear(void)
{
	if (access(dir, F_OK) == 0)
		tmpdir_remove(dir);
	memset(&error, 0, sizeof error);
}

static enum dbk_err
try_open(const char *key, const char *passphrase, struct dbk_vault **out, bool *fresh)
{
	const struct dbk_vault_options options = { .dir = dir,
						   .key_file = key,
						   .passphrase_file = passphrase };

	return dbk_vault_open(&options, out, fresh, &error);
}

static mode_t
mode_of(const char *name)
{
	char path[PATH_MAX];
	struct stat st = { 0 };

	(void)snprintf(path, sizeof path, "%s%s", dir, name);
	(void)stat(path, &st);
	return st.st_mode & 07777;
}

static void
test_beside(void)
{
	unsigned char secret[32] = "it is not for everybody to read";
	unsigned char back[32];
	struct dbk_vault *vault = NULL;
	bool fresh = false;

	clear();
	CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_OK);
	CHECK(fresh);
	CHECK(dbk_vault_is_beside(vault));
	CHECK_INT(mode_of(""), 0700);
	CHECK_INT(mode_of("/master.key"), 0600);
	CHECK_INT(mode_of("/check"), 0600);
	CHECK_INT(dbk_vault_read(vault, "log.key", back, 32, &error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_vault_write(vault, "log.key", secret, 32, &error), DBK_OK);
	CHECK_INT(mode_of("/log.key"), 0600);
	dbk_vault_close(vault);
	CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_OK);
	CHECK(!fresh);
	CHECK_INT(dbk_vault_read(vault, "log.key", back, 32, &error), DBK_OK);
	CHECK(memcmp(back, secret, 32) == 0);
	CHECK_INT(dbk_vault_read(vault, "log.key", back, 31, &error),
		  DBK_FAILED_DAMAGED);
	dbk_vault_close(vault);
}

static void
test_key_file(void)
{
	struct dbk_vault *vault = NULL;
	bool fresh = false;
	char path[PATH_MAX];

	clear();
	CHECK_INT(try_open(key_file, NULL, &vault, &fresh), DBK_OK);
	CHECK(fresh && !dbk_vault_is_beside(vault));
	dbk_vault_close(vault);
	CHECK_INT(try_open(other_key, NULL, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, other_key) != NULL);
	CHECK(strstr(error.text, "not the key") != NULL);
	CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "--key-file") != NULL);
	CHECK_INT(try_open(key_file, key_file, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK_INT(try_open(key_file, NULL, &vault, &fresh), DBK_OK);
	dbk_vault_close(vault);
	(void)snprintf(path, sizeof path, "%s/check", dir);
	CHECK_INT(unlink(path), 0);
	(void)snprintf(path, sizeof path, "%s/seat", dir);
	put_file(path, "x", 0600);
	CHECK_INT(try_open(key_file, NULL, &vault, &fresh), DBK_FAILED_DAMAGED);
}

static void
test_no_key(void)
{
	static const char *const texts[] = {
		"",
		"abc\n",
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeef\n",
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeefg\n",
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n\n"
		"\n",
	};
	struct dbk_vault *vault = NULL;
	bool fresh = false;
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%s/bad", room);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		clear();
		put_file(path, texts[i], 0600);
		CHECK_INT(try_open(path, NULL, &vault, &fresh), DBK_FAILED_INPUT);
		CHECK(strstr(error.text, path) != NULL);
	}
	put_file(path, "01234567890123456789012345678901", 0604);
	CHECK_INT(try_open(path, NULL, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "0604") != NULL);
	(void)chmod(path, 0440);
	CHECK_INT(try_open(path, NULL, &vault, &fresh), DBK_OK);
	dbk_vault_close(vault);
	clear();
	CHECK_INT(try_open("/nowhere/key", NULL, &vault, &fresh), DBK_FAILED_NOT_FOUND);
}

static void
test_passphrase(void)
{
	struct dbk_vault *vault = NULL;
	bool fresh = false;
	char right[PATH_MAX], wrong[PATH_MAX];

	clear();
	(void)snprintf(right, sizeof right, "%s/right", room);
	(void)snprintf(wrong, sizeof wrong, "%s/wrong", room);
	put_file(right, "correct horse\nthe rest is not looked at", 0600);
	put_file(wrong, "\n", 0600);
	CHECK_INT(try_open(NULL, wrong, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK_INT(try_open(NULL, right, &vault, &fresh), DBK_OK);
	CHECK(!dbk_vault_is_beside(vault));
	CHECK_INT(mode_of("/passphrase.salt"), 0600);
	dbk_vault_close(vault);
	put_file(wrong, "correct horses\n", 0600);
	CHECK_INT(try_open(NULL, wrong, &vault, &fresh), DBK_FAILED_INPUT);
	CHECK(strstr(error.text, "not the passphrase") != NULL);
	put_file(right, "correct horse\r\n", 0600);
	CHECK_INT(try_open(NULL, right, &vault, &fresh), DBK_OK);
	dbk_vault_close(vault);
	CHECK_INT(try_open(key_file, NULL, &vault, &fresh), DBK_FAILED_INPUT);
}

static void
test_modes(void)
{
	static const char *const names[] = { "", "/master.key", "/check", "/more",
					     "/more/file" };
	struct dbk_vault *vault = NULL;
	bool fresh = false;
	char path[PATH_MAX];

	clear();
	CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_OK);
	dbk_vault_close(vault);
	(void)snprintf(path, sizeof path, "%s/more", dir);
	CHECK_INT(mkdir(path, 0700), 0);
	(void)snprintf(path, sizeof path, "%s/more/file", dir);
	put_file(path, "x", 0600);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		mode_t was = mode_of(names[i]);

		(void)snprintf(path, sizeof path, "%s%s", dir, names[i]);
		(void)chmod(path, was | 0040);
		CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_FAILED_INPUT);
		CHECK(strstr(error.text, path) != NULL);
		CHECK(strstr(error.text, "chmod go-rwx") != NULL);
		(void)chmod(path, was);
		CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_OK);
		dbk_vault_close(vault);
	}
}

static void
test_boxes(void)
{
	unsigned char secret[32] = { 7 }, back[32], byte;
	struct dbk_vault *vault = NULL;
	bool fresh = false;
	char path[PATH_MAX], moved[PATH_MAX];
	int fd;

	clear();
	CHECK_INT(try_open(NULL, NULL, &vault, &fresh), DBK_OK);
	CHECK_INT(dbk_vault_write(vault, "one", secret, 32, &error), DBK_OK);
	(void)snprintf(path, sizeof path, "%s/one", dir);
	(void)snprintf(moved, sizeof moved, "%s/two", dir);
	for (int i = 0; i < 73; i++) {
		fd = open(path, O_RDWR);
		CHECK_INT(pread(fd, &byte, 1, i), 1);
		byte ^= 1;
		CHECK_INT(pwrite(fd, &byte, 1, i), 1);
		CHECK_INT(dbk_vault_read(vault, "one", back, 32, &error),
			  DBK_FAILED_DAMAGED);
		byte ^= 1;
		CHECK_INT(pwrite(fd, &byte, 1, i), 1);
		(void)close(fd);
	}
	CHECK_INT(dbk_vault_read(vault, "one", back, 32, &error), DBK_OK);
	CHECK_INT(rename(path, moved), 0);
	CHECK_INT(dbk_vault_read(vault, "two", back, 32, &error), DBK_FAILED_DAMAGED);
	dbk_vault_close(vault);
}

static void
test_read_only(void)
{
	struct dbk_vault_options options = { .dir = dir, .read_only = true };
	struct dbk_vault *vault = NULL;
	bool fresh = false;

	clear();
	CHECK_INT(dbk_vault_open(&options, &vault, &fresh, &error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(access(dir, F_OK), -1);
	CHECK_INT(mkdir(dir, 0700), 0);
	CHECK_INT(dbk_vault_open(&options, &vault, &fresh, &error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(mode_of("/master.key"), 0);
}

int
main(void)
{
	if (!dbk_secret_start())
		return 1;
	tmpdir_make(room);
	(void)snprintf(dir, sizeof dir, "%s/keys", room);
	(void)snprintf(key_file, sizeof key_file, "%s/key", room);
	(void)snprintf(other_key, sizeof other_key, "%s/other", room);
	put_file(key_file, "01234567890123456789012345678901", 0600);
	put_file(other_key,
		 "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n",
		 0600);
	check_run("a folder that is read only is not made", test_read_only);
	check_run("a key file that holds no key, or that all may read, is refused",
		  test_no_key);
	check_run("keys open with the key file they were made with, and no other",
		  test_key_file);
	check_run("keys open with their passphrase, and no other", test_passphrase);
	check_run("whatever others may read is refused and named", test_modes);
	check_run("a flipped byte and a box that was moved are found", test_boxes);
	check_run("without a key from elsewhere the master key lies beside",
		  test_beside);
	tmpdir_remove(room);
	return check_end();
}
