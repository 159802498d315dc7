/* Two places for one text: what is torn anywhere leaves the old one or the new one. */

#include "proof/slots.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"
#include "base/secret.h"

#define FILE_BYTES (2 * DBK_SLOT_BYTES)

static char dir[TMPDIR_BYTES], path[TMPDIR_BYTES + 8];

static void
begin(void)
{
	tmpdir_make(dir);
	(void)snprintf(path, sizeof path, "%s/seat", dir);
}

static void
load(unsigned char out[FILE_BYTES])
{
	int fd = open(path, O_RDONLY);

	CHECK_INT(read(fd, out, FILE_BYTES), FILE_BYTES);
	(void)close(fd);
}

/* In place: the file is the same one. */
static void
store(const unsigned char *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	CHECK_INT(write(fd, bytes, size), (long long)size);
	(void)close(fd);
}

static bool
says(const struct dbk_slots *slots, const char *text)
{
	return slots->size == strlen(text) &&
	       memcmp(slots->text, text, slots->size) == 0;
}

static void
make_two(void)
{
	struct dbk_slots slots;

	CHECK_INT(dbk_slots_make(path, dbk_str_of("zero"), NULL), DBK_OK);
	CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
	CHECK_INT(dbk_slots_write(&slots, dbk_str_of("one"), NULL), DBK_OK);
	CHECK_INT(dbk_slots_write(&slots, dbk_str_of("two, longer"), NULL), DBK_OK);
	dbk_slots_close(&slots);
}

static void
test_missing(void)
{
	struct dbk_slots slots;
	struct dbk_error error = { 0 };

	begin();
	CHECK_INT(dbk_slots_open(path, false, &slots, &error), DBK_FAILED_NOT_FOUND);
	CHECK(strstr(error.text, path) != NULL);
	tmpdir_remove(dir);
}

static void
test_newest_counts(void)
{
	struct dbk_slots slots;
	struct stat st, again;

	begin();
	CHECK_INT(dbk_slots_make(path, dbk_str_of("zero"), NULL), DBK_OK);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
	CHECK_INT(st.st_size, FILE_BYTES);
	CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
	CHECK(says(&slots, "zero"));
	CHECK_INT(slots.sequence, 0);
	CHECK_INT(slots.whole, 2);
	for (int i = 1; i < 10; i++) {
		char text[16];

		(void)snprintf(text, sizeof text, "%d", i);
		CHECK_INT(dbk_slots_write(&slots, dbk_str_of(text), NULL), DBK_OK);
		CHECK(says(&slots, text));
		dbk_slots_close(&slots);
		CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
		CHECK(says(&slots, text));
		CHECK_INT(slots.sequence, i);
	}
	dbk_slots_close(&slots);
	dbk_slots_close(&slots);
	CHECK(stat(path, &again) == 0 && again.st_ino == st.st_ino);
	CHECK_INT(again.st_size, FILE_BYTES);
	tmpdir_remove(dir);
}

/* OLD with the first (or LAST) N bytes of slot WHICH as they are in NEW. */
static void
tear(const unsigned char *old, const unsigned char *new, size_t which, size_t n,
     bool last, unsigned char *out)
{
	size_t at = which * DBK_SLOT_BYTES + (last ? DBK_SLOT_BYTES - n : 0);

	memcpy(out, old, FILE_BYTES);
	memcpy(out + at, new + at, n);
}

static void
test_torn_anywhere(void)
{
	unsigned char old[FILE_BYTES], new[FILE_BYTES], torn[FILE_BYTES];
	struct dbk_slots slots;
	unsigned olds = 0, news = 0;

	begin();
	make_two();
	load(old);
	CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
	CHECK_INT(slots.current, 0);
	CHECK_INT(dbk_slots_write(&slots, dbk_str_of("three"), NULL), DBK_OK);
	dbk_slots_close(&slots);
	load(new);
	for (size_t n = 0; n <= DBK_SLOT_BYTES; n++)
		for (int last = 0; last < 2; last++) {
			tear(old, new, 1, n, last, torn);
			store(torn, sizeof torn);
			if (!CHECK_INT(dbk_slots_open(path, false, &slots, NULL),
				       DBK_OK))
				return;
			CHECK(says(&slots, "two, longer") || says(&slots, "three"));
			*(says(&slots, "three") ? &news : &olds) += 1;
			CHECK_INT(dbk_slots_write(&slots, dbk_str_of("four"), NULL),
				  DBK_OK);
			dbk_slots_close(&slots);
			CHECK_INT(dbk_slots_open(path, true, &slots, NULL) == DBK_OK ||
				      n > 0,
				  1);
			CHECK(says(&slots, "four"));
			dbk_slots_close(&slots);
		}
	CHECK(olds > 50 && news > 50);
	tmpdir_remove(dir);
}

static void
test_flips(void)
{
	unsigned char whole[FILE_BYTES];
	struct dbk_slots slots;

	begin();
	make_two();
	load(whole);
	for (size_t i = 0; i < FILE_BYTES; i++) {
		whole[i] ^= 0x20;
		store(whole, sizeof whole);
		if (!CHECK_INT(dbk_slots_open(path, true, &slots, NULL),
			       DBK_FAILED_DAMAGED))
			return;
		if (!CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK))
			return;
		CHECK(says(&slots, "one") || says(&slots, "two, longer"));
		dbk_slots_close(&slots);
		whole[i] ^= 0x20;
	}
	tmpdir_remove(dir);
}

static void
test_other_sizes(void)
{
	unsigned char whole[FILE_BYTES + 1] = { 0 };
	struct dbk_slots slots;
	struct dbk_error error = { 0 };

	begin();
	make_two();
	load(whole);
	store(whole, sizeof whole);
	CHECK_INT(dbk_slots_open(path, true, &slots, NULL), DBK_FAILED_DAMAGED);
	store(whole, DBK_SLOT_BYTES);
	CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
	CHECK(says(&slots, "two, longer"));
	dbk_slots_close(&slots);
	for (size_t size = 0; size < DBK_SLOT_BYTES; size += 17) {
		store(whole, size);
		CHECK_INT(dbk_slots_open(path, false, &slots, &error),
			  DBK_FAILED_DAMAGED);
	}
	memset(whole, 0, sizeof whole);
	store(whole, FILE_BYTES);
	CHECK_INT(dbk_slots_open(path, false, &slots, &error), DBK_FAILED_DAMAGED);
	tmpdir_remove(dir);
}

static void
test_write_that_fails(void)
{
	struct dbk_error error = { 0 };
	struct dbk_slots slots, again;
	int good;

	begin();
	make_two();
	CHECK_INT(dbk_slots_open(path, false, &slots, NULL), DBK_OK);
	good = slots.fd;
	slots.fd = open(path, O_RDONLY);
	for (int i = 0; i < 3; i++) {
		CHECK_INT(dbk_slots_write(&slots, dbk_str_of("never"), &error),
			  DBK_FAILED_IO);
		CHECK(says(&slots, "two, longer"));
	}
	(void)close(slots.fd);
	slots.fd = good;
	CHECK_INT(dbk_slots_write(&slots, dbk_str_of("at last"), &error), DBK_OK);
	CHECK_INT(dbk_slots_open(path, true, &again, NULL), DBK_OK);
	CHECK(says(&again, "at last"));
	CHECK_INT(again.sequence, 3);
	dbk_slots_close(&again);
	dbk_slots_close(&slots);
	tmpdir_remove(dir);
}

int
main(void)
{
	CHECK(dbk_secret_start());
	check_run("a file that is missing is not found", test_missing);
	check_run("the newest text counts, and the file stays the same one",
		  test_newest_counts);
	check_run("a write torn at any byte leaves the old text or the new one",
		  test_torn_anywhere);
	check_run("any flipped byte is found, and one slot is enough to go on",
		  test_flips);
	check_run("files of other sizes are damaged, or have one slot",
		  test_other_sizes);
	check_run("a write that fails leaves what was, and is tried again at its slot",
		  test_write_that_fails);
	return check_end();
}
