/*
 * Keys of persons: sealing, opening, and that what was forgotten stays so.
 */

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/subjects.h"
#include "base/base64.h"

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"

static char room[TMPDIR_BYTES];
static char keys[TMPDIR_BYTES + 16];
static struct dbk_vault *vault;
static struct dbk_subjects *subjects;
static struct dbk_error error;
static struct dbk_buf box, text;

static void
open_all(void)
{
	const struct dbk_vault_options options = { .dir = keys };
	bool fresh;

	memset(&error, 0, sizeof error);
	CHECK_INT(dbk_vault_open(&options, &vault, &fresh, &error), DBK_OK);
	CHECK_INT(dbk_subjects_open(vault, false, &subjects, &error), DBK_OK);
}

static void
close_all(void)
{
	dbk_subjects_close(subjects);
	dbk_vault_close(vault);
}

static void
start(void)
{
	if (access(keys, F_OK) == 0)
		tmpdir_remove(keys);
	open_all();
}

static enum dbk_subject_answer
seal(const char *subject, const char *what)
{
	dbk_buf_reset(&box);
	return dbk_subjects_seal(subjects, dbk_str_of(subject), dbk_str_of(what), &box,
				 &error);
}

static enum dbk_subject_answer
unseal(const char *subject)
{
	dbk_buf_reset(&text);
	return dbk_subjects_unseal(subjects, dbk_str_of(subject),
				   dbk_str_make(box.bytes, box.size), &text, &error);
}

static bool
text_is(const char *what)
{
	return text.size == strlen(what) && memcmp(text.bytes, what, text.size) == 0;
}

static void
test_unknown(void)
{
	start();
	CHECK_INT(unseal("A1"), DBK_SUBJECT_UNKNOWN);
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK_INT(unseal("A2"), DBK_SUBJECT_UNKNOWN);
	CHECK_INT(unseal(""), DBK_SUBJECT_UNKNOWN);
	CHECK_INT(unseal("0123456789012345678901234567890123456789012345678901234567890"
			 "1234"),
		  DBK_SUBJECT_UNKNOWN);
	close_all();
}

static void
test_forged(void)
{
	struct dbk_buf other = { 0 };

	start();
	CHECK_INT(seal("A2", "x"), DBK_SUBJECT_OK);
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK_INT(unseal("A2"), DBK_SUBJECT_FORGED);
	for (size_t i = 0; i < box.size; i++) {
		box.bytes[i] ^= 4;
		CHECK_INT(unseal("A1"), DBK_SUBJECT_FORGED);
		box.bytes[i] ^= 4;
	}
	dbk_buf_put(&other, box.bytes, box.size);
	for (box.size = 0; box.size < other.size; box.size++)
		CHECK_INT(unseal("A1"), DBK_SUBJECT_FORGED);
	CHECK_INT(text.size, 0);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_OK);
	dbk_buf_fini(&other);
	close_all();
}

static void
test_same(void)
{
	struct dbk_buf first = { 0 };

	start();
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK_INT(box.size, 41 + 11);
	dbk_buf_put(&first, box.bytes, box.size);
	CHECK_INT(seal("A1", "Rue Haute 6"), DBK_SUBJECT_OK);
	CHECK(memcmp(first.bytes, box.bytes, 25) != 0);
	CHECK_INT(seal("A2", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK(memcmp(first.bytes, box.bytes, 25) != 0);
	close_all();
	open_all();
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK(memcmp(first.bytes, box.bytes, first.size) == 0);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_OK);
	CHECK(text_is("Rue Haute 5"));
	CHECK_INT(seal("A1", ""), DBK_SUBJECT_OK);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_OK);
	CHECK_INT(text.size, 0);
	dbk_buf_fini(&first);
	close_all();
}

static void
test_erased(void)
{
	uint64_t n_keys = 0, n_erased = 0;

	start();
	CHECK_INT(seal("A2", "another"), DBK_SUBJECT_OK);
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A1"), &error), DBK_OK);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_ERASED);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A1"), &error), DBK_OK);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("never"), &error), DBK_OK);
	CHECK_INT(seal("A1", "again"), DBK_SUBJECT_ERASED);
	CHECK_INT(seal("never", "again"), DBK_SUBJECT_ERASED);
	close_all();
	open_all();
	CHECK_INT(seal("A1", "again"), DBK_SUBJECT_ERASED);
	CHECK_INT(seal("A2", "another"), DBK_SUBJECT_OK);
	CHECK_INT(unseal("A2"), DBK_SUBJECT_OK);
	CHECK_INT(dbk_subjects_check(subjects, &n_keys, &n_erased, &error), DBK_OK);
	CHECK_INT(n_keys, 1);
	CHECK_INT(n_erased, 2);
	close_all();
}

static struct dbk_str
file_of_store(const char *name, struct dbk_buf *out)
{
	char path[PATH_MAX];
	FILE *file;
	int c;

	(void)snprintf(path, sizeof path, "%s/subjects/%s", keys, name);
	file = fopen(path, "r");
	if (file == NULL)
		abort();
	dbk_buf_reset(out);
	while ((c = getc(file)) != EOF)
		dbk_buf_put_u8(out, (uint8_t)c);
	(void)fclose(file);
	return dbk_str_make(out->bytes, out->size);
}

/* Boxes of all keys that can be found in the folder, in use or not, are opened with the
 * master key: that is what somebody would do who has both. */
static unsigned
count_openable(const char *subject)
{
	static const char *const names[] = { "data.mdb", "slots" };
	struct dbk_buf bytes = { 0 };
	unsigned char key[32];
	char about[128];
	unsigned count = 0;

	(void)snprintf(about, sizeof about, "subject:%s", subject);
	for (unsigned n = 0; n < 2; n++) {
		struct dbk_str file = file_of_store(names[n], &bytes);

		for (uint32_t i = 0; i + 73 <= file.size; i++)
			count +=
			    file.bytes[i] == 1 &&
			    dbk_vault_unseal(vault, dbk_str_of(about),
					     dbk_str_make(file.bytes + i, 73), key);
	}
	dbk_buf_fini(&bytes);
	return count;
}

static void
test_nowhere(void)
{
	char name[16];

	start();
	for (int i = 0; i < 60; i++) {
		(void)snprintf(name, sizeof name, "A%d", i);
		CHECK_INT(seal(name, "text"), DBK_SUBJECT_OK);
	}
	CHECK_INT(count_openable("A30"), 1);
	CHECK_INT(count_openable("A59"), 1);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A30"), &error), DBK_OK);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A59"), &error), DBK_OK);
	CHECK_INT(count_openable("A30"), 0);
	CHECK_INT(count_openable("A59"), 0);
	CHECK_INT(count_openable("A31"), 1);
	close_all();
	open_all();
	CHECK_INT(count_openable("A59"), 0);
	CHECK_INT(seal("A31", "text"), DBK_SUBJECT_OK);
	CHECK_INT(unseal("A31"), DBK_SUBJECT_OK);
	close_all();
}

static void
test_looked(void)
{
	char command[3 * PATH_MAX];

	start();
	CHECK_INT(dbk_subjects_size(subjects), 0);
	CHECK_INT(seal("A1", "Rue Haute 5"), DBK_SUBJECT_OK);
	CHECK_INT(dbk_subjects_looked(subjects, 10, &error), DBK_OK);
	CHECK_INT(dbk_subjects_size(subjects), 10);
	close_all();
	(void)snprintf(command, sizeof command, "cp -a %s %s/before", keys, room);
	CHECK_INT(system(command), 0);
	open_all();
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A1"), &error), DBK_OK);
	CHECK_INT(dbk_subjects_looked(subjects, 20, &error), DBK_OK);
	close_all();
	open_all();
	CHECK_INT(dbk_subjects_size(subjects), 20);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_ERASED);
	close_all();
	/* Keys from before know the person again, but also how far they have looked. */
	tmpdir_remove(keys);
	(void)snprintf(command, sizeof command, "mv %s/before %s", room, keys);
	CHECK_INT(system(command), 0);
	open_all();
	CHECK_INT(dbk_subjects_size(subjects), 10);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A1"), &error), DBK_OK);
	CHECK_INT(unseal("A1"), DBK_SUBJECT_ERASED);
	close_all();
}

/* Flip the byte at BEHIND places after each one where MARK stands in file NAME. */
static unsigned
flip(const char *name, struct dbk_str mark, uint32_t behind)
{
	struct dbk_buf bytes = { 0 };
	struct dbk_str file = file_of_store(name, &bytes);
	char path[PATH_MAX];
	unsigned flipped = 0;
	int fd;

	(void)snprintf(path, sizeof path, "%s/subjects/%s", keys, name);
	fd = open(path, O_WRONLY);
	for (uint32_t i = 0; i + behind < file.size; i++)
		if (memcmp(file.bytes + i, mark.bytes, mark.size) == 0) {
			char other = (char)(file.bytes[i + behind] ^ 1);

			CHECK_INT(pwrite(fd, &other, 1, (off_t)(i + behind)), 1);
			flipped++;
		}
	(void)close(fd);
	dbk_buf_fini(&bytes);
	return flipped;
}

static void
damage(const char *file, const char *mark, uint32_t behind)
{
	const char *name = "A-name-to-be-found";
	uint64_t n_keys, n_erased;

	start();
	CHECK_INT(seal("A1", "x"), DBK_SUBJECT_OK);
	CHECK_INT(seal(name, "x"), DBK_SUBJECT_OK);
	close_all();
	CHECK(flip(file, dbk_str_of(mark), behind) >= 1);
	open_all();
	CHECK_INT(seal(name, "x"), DBK_SUBJECT_FAILED);
	CHECK_INT(error.code, DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, name) != NULL);
	CHECK_INT(dbk_subjects_check(subjects, &n_keys, &n_erased, &error),
		  DBK_FAILED_DAMAGED);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of(name), &error), DBK_OK);
	CHECK_INT(seal(name, "x"), DBK_SUBJECT_ERASED);
	CHECK_INT(count_openable(name), 0);
	CHECK_INT(seal("A1", "x"), DBK_SUBJECT_OK);
	close_all();
}

static void
test_damage(void)
{
	/* The number of the slot: version, nonce, number, tag. */
	damage("data.mdb", "A-name-to-be-found", 18);
	damage("data.mdb", "A-name-to-be-found", 18 + 25 + 3);
}

/* Slots brought back by themselves are wiped when they are opened, and those that were
 * used before are not used again. */
static void
test_slots_back(void)
{
	char command[3 * PATH_MAX];

	start();
	CHECK_INT(seal("A1", "x"), DBK_SUBJECT_OK);
	(void)snprintf(command, sizeof command, "cp %s/subjects/slots %s/slots", keys,
		       room);
	CHECK_INT(system(command), 0);
	CHECK_INT(seal("A2", "x"), DBK_SUBJECT_OK);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A1"), &error), DBK_OK);
	CHECK_INT(dbk_subjects_erase(subjects, dbk_str_of("A2"), &error), DBK_OK);
	close_all();
	(void)snprintf(command, sizeof command, "cp %s/slots %s/subjects/slots", room,
		       keys);
	CHECK_INT(system(command), 0);
	open_all();
	CHECK_INT(count_openable("A1"), 0);
	CHECK_INT(seal("A3", "x"), DBK_SUBJECT_OK);
	close_all();
	open_all();
	CHECK_INT(seal("A3", "x"), DBK_SUBJECT_OK);
	CHECK_INT(seal("A1", "x"), DBK_SUBJECT_ERASED);
	close_all();
}

int
main(void)
{
	if (!dbk_secret_start())
		return 1;
	tmpdir_make(room);
	(void)snprintf(keys, sizeof keys, "%s/keys", room);
	check_run("nothing opens without a key of that name", test_unknown);
	check_run("a box of another subject, changed or cut, does not open",
		  test_forged);
	check_run("a key that was changed on disk is damage, and can be erased",
		  test_damage);
	check_run("the same text of the same subject gives the same box", test_same);
	check_run("who was erased never comes back", test_erased);
	check_run("the key of who was erased is nowhere in the file", test_nowhere);
	check_run("slots that were brought back are wiped, and none is used twice",
		  test_slots_back);
	check_run("keys from before an erasure know how far they have looked",
		  test_looked);
	dbk_buf_fini(&box);
	dbk_buf_fini(&text);
	tmpdir_remove(room);
	return check_end();
}
