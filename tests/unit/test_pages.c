/* The pages of a store's file, whole and damaged. */

#include "store/pages.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "../tests/lib/small_store.h"
#include "../tests/lib/tmpdir.h"

#define ROWS 400
#define FLIPS 1500

static char dir[TMPDIR_BYTES];

/* Several tables, branches, values of many pages, and free pages. */
static void
fill(void)
{
	struct dbk_store *store = small_store_open(dir);
	struct dbk_table rows = small_store_table(store, "rows");
	struct dbk_table few = small_store_table(store, "few");
	struct dbk_error error = { 0 };
	static char value[20000];
	char key[16];

	for (unsigned round = 0; round < 3; round++) {
		struct dbk_txn *txn = small_store_write(store);

		for (unsigned i = round; i < ROWS; i += round + 1) {
			size_t size = i % 50 == 0 ? sizeof value - 1 : 40 + i % 300;

			memset(value, 'a' + (int)(round % 26), size);
			value[size] = '\0';
			(void)snprintf(key, sizeof key, "key %05u", i);
			small_store_put(txn, rows, key, value);
		}
		small_store_put(txn, few, "one", "two");
		CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	}
	dbk_store_close(store);
}

static unsigned char *
load(size_t *out_size)
{
	char path[TMPDIR_BYTES + 16];
	unsigned char *bytes;
	struct stat st;
	int fd;

	(void)snprintf(path, sizeof path, "%s/data.mdb", dir);
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	bytes = malloc((size_t)st.st_size);
	CHECK(read(fd, bytes, (size_t)st.st_size) == st.st_size);
	(void)close(fd);
	*out_size = (size_t)st.st_size;
	return bytes;
}

static void
put(const unsigned char *bytes, size_t size)
{
	char path[TMPDIR_BYTES + 16];
	int fd;

	(void)snprintf(path, sizeof path, "%s/data.mdb", dir);
	fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);
	CHECK(write(fd, bytes, size) == (ssize_t)size);
	(void)close(fd);
}

static enum dbk_err
check(void)
{
	struct dbk_error error = { 0 };
	enum dbk_err err = dbk_store_check_pages(dir, &error);

	CHECK((err == DBK_OK) == (error.text[0] == '\0'));
	return err;
}

static void
test_whole(void)
{
	tmpdir_make(dir);
	fill();
	CHECK_INT(check(), DBK_OK);
	tmpdir_remove(dir);
	CHECK_INT(check(), DBK_FAILED_NOT_FOUND);
}

static void
test_cut(void)
{
	unsigned char *bytes;
	size_t size;

	tmpdir_make(dir);
	fill();
	bytes = load(&size);
	for (size_t cut = 0; cut < size; cut += 1000) {
		put(bytes, cut);
		CHECK_INT(check(), DBK_FAILED_DAMAGED);
	}
	free(bytes);
	tmpdir_remove(dir);
}

/* The number of a page, of which there is one for each that is reached, and its kind;
 * anywhere else nothing dies of it. */
static void
test_changed_bits(void)
{
	struct random_source source;
	unsigned found = 0;
	unsigned char *bytes;
	size_t size;

	tmpdir_make(dir);
	fill();
	bytes = load(&size);
	random_start(&source, "pages");
	for (unsigned i = 0; i < FLIPS; i++) {
		size_t page = random_below(&source, size / 4096) * 4096;
		size_t at = page + random_below(&source, i % 2 == 0 ? 4096 : 120);
		unsigned char bit = (unsigned char)(1u << random_below(&source, 8));

		bytes[at] ^= bit;
		put(bytes, size);
		found += check() == DBK_FAILED_DAMAGED;
		bytes[at] ^= bit;
	}
	/* About one in twenty of these places. */
	CHECK(found > FLIPS / 50);
	put(bytes, size);
	CHECK_INT(check(), DBK_OK);
	free(bytes);
	tmpdir_remove(dir);
}

int
main(void)
{
	check_run("pages of a store are as they should be", test_whole);
	check_run("a file that is cut is damaged, wherever", test_cut);
	check_run("a changed bit is found or does no harm", test_changed_bits);
	return check_end();
}
