/* The levels of the tree as files: what is read is what was added, cut files are told.
 */

#include "proof/hashes.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"

static struct dbk_tree_hash
leaf_of(uint64_t position)
{
	return dbk_tree_leaf(dbk_str_make(&position, sizeof position));
}

static struct dbk_hashes *
open_at(const char *dir, uint64_t size)
{
	struct dbk_error error = { 0 };
	struct dbk_hashes *hashes;

	if (dbk_hashes_open(dir, size, false, &hashes, &error) == DBK_OK)
		return hashes;
	(void)fprintf(stderr, "%s\n", error.text);
	abort();
}

/* Leaves FROM to TO - 1, in steps of STEP. */
static void
grow(struct dbk_hashes *hashes, uint64_t from, uint64_t to, uint32_t step)
{
	struct dbk_tree_hash leaves[1000];

	while (from < to) {
		uint32_t count = to - from < step ? (uint32_t)(to - from) : step;

		for (uint32_t i = 0; i < count; i++)
			leaves[i] = leaf_of(from + i);
		CHECK_INT(dbk_hashes_add(hashes, leaves, count, NULL), DBK_OK);
		from += count;
	}
	CHECK_INT(dbk_hashes_flush(hashes, NULL), DBK_OK);
}

static struct dbk_tree_hash
root_of(uint64_t size)
{
	struct dbk_tree_front *front = malloc(sizeof *front);
	struct dbk_tree_hash root;

	dbk_tree_front_init(front);
	for (uint64_t i = 0; i < size; i++) {
		struct dbk_tree_hash leaf = leaf_of(i);

		dbk_tree_front_add(front, &leaf, NULL, NULL);
	}
	root = dbk_tree_front_root(front);
	free(front);
	return root;
}

static bool
has_root(const struct dbk_hashes *hashes, uint64_t size)
{
	struct dbk_tree_hash a = dbk_hashes_root(hashes), b = root_of(size);

	return dbk_tree_hash_equal(&a, &b);
}

static off_t
size_of_level(const char *dir, unsigned level)
{
	char path[TMPDIR_BYTES + 16];
	struct stat st;

	(void)snprintf(path, sizeof path, "%s/tree/%u", dir, level);
	return stat(path, &st) == 0 ? st.st_size : -1;
}

static void
test_empty(void)
{
	char dir[TMPDIR_BYTES];
	struct dbk_hashes *hashes;

	tmpdir_make(dir);
	hashes = open_at(dir, 0);
	CHECK_INT(dbk_hashes_size(hashes), 0);
	CHECK(has_root(hashes, 0));
	CHECK_INT(dbk_hashes_flush(hashes, NULL), DBK_OK);
	CHECK_INT(size_of_level(dir, 0), -1);
	dbk_hashes_close(hashes);
	dbk_hashes_close(NULL);
	tmpdir_remove(dir);
}

static void
test_grows(void)
{
	static const uint64_t sizes[] = { 1,   2,    255,   256,   257,	  511,
					  513, 1000, 65535, 65536, 65537, 70000 };
	char dir[TMPDIR_BYTES];
	struct dbk_hashes *hashes;
	struct dbk_tree_reader reader;
	uint64_t before = 0;

	tmpdir_make(dir);
	hashes = open_at(dir, 0);
	reader = dbk_hashes_reader(hashes);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct dbk_tree_hash root, want = root_of(sizes[i]);

		grow(hashes, before, sizes[i], i % 2 == 0 ? 1000 : 7);
		before = sizes[i];
		CHECK_INT(dbk_hashes_size(hashes), before);
		CHECK(has_root(hashes, before));
		CHECK_INT(dbk_tree_root(&reader, before, &root, NULL), DBK_OK);
		CHECK(dbk_tree_hash_equal(&root, &want));
		CHECK_INT(size_of_level(dir, 0), 32 * before);
		CHECK_INT(size_of_level(dir, 1),
			  before < 256 ? -1 : (long long)(before / 256 * 32));
	}
	CHECK_INT(size_of_level(dir, 2), 32);
	CHECK_INT(size_of_level(dir, 3), -1);
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

static void
test_unflushed_is_unseen(void)
{
	char dir[TMPDIR_BYTES];
	struct dbk_hashes *hashes;
	struct dbk_tree_hash leaf = leaf_of(0);

	tmpdir_make(dir);
	hashes = open_at(dir, 0);
	CHECK_INT(dbk_hashes_add(hashes, &leaf, 1, NULL), DBK_OK);
	CHECK_INT(dbk_hashes_size(hashes), 0);
	CHECK(has_root(hashes, 1));
	CHECK_INT(dbk_hashes_flush(hashes, NULL), DBK_OK);
	CHECK_INT(dbk_hashes_size(hashes), 1);
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

static void
test_cut_when_opened(void)
{
	char dir[TMPDIR_BYTES];
	struct dbk_hashes *hashes;

	tmpdir_make(dir);
	hashes = open_at(dir, 0);
	grow(hashes, 0, 66000, 1000);
	dbk_hashes_close(hashes);
	for (uint64_t size = 66000; size > 700; size -= 653) {
		hashes = open_at(dir, size);
		CHECK_INT(dbk_hashes_size(hashes), size);
		CHECK(has_root(hashes, size));
		CHECK_INT(size_of_level(dir, 0), 32 * size);
		CHECK_INT(size_of_level(dir, 1), 32 * (size / 256));
		CHECK_INT(size_of_level(dir, 2), 32 * (size / 65536));
		dbk_hashes_close(hashes);
	}
	hashes = open_at(dir, 600);
	grow(hashes, 600, 66000, 999);
	CHECK(has_root(hashes, 66000));
	dbk_hashes_close(hashes);
	hashes = open_at(dir, 0);
	CHECK_INT(size_of_level(dir, 0), 0);
	grow(hashes, 0, 300, 1000);
	CHECK(has_root(hashes, 300));
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

static void
test_too_few(void)
{
	char dir[TMPDIR_BYTES], path[TMPDIR_BYTES + 16];
	struct dbk_error error = { 0 };
	struct dbk_hashes *hashes = open_at((tmpdir_make(dir), dir), 0);

	CHECK_INT(
	    dbk_hashes_open(dir, 1, false, &hashes, &error) == DBK_FAILED_NOT_FOUND, 1);
	grow(hashes, 0, 600, 1000);
	dbk_hashes_close(hashes);
	CHECK_INT(dbk_hashes_open(dir, 601, false, &hashes, &error),
		  DBK_FAILED_NOT_FOUND);
	for (unsigned level = 0; level < 2; level++) {
		(void)snprintf(path, sizeof path, "%s/tree/%u", dir, level);
		CHECK(truncate(path, size_of_level(dir, level) - 1) == 0);
		CHECK_INT(dbk_hashes_open(dir, 600, true, &hashes, &error),
			  DBK_FAILED_NOT_FOUND);
		CHECK(strstr(error.text, path) != NULL);
		CHECK(unlink(path) == 0);
		CHECK_INT(dbk_hashes_open(dir, 600, true, &hashes, &error),
			  DBK_FAILED_NOT_FOUND);
		hashes = open_at(dir, 0);
		grow(hashes, 0, 600, 1000);
		dbk_hashes_close(hashes);
	}
	tmpdir_remove(dir);
}

static void
test_read_only(void)
{
	char dir[TMPDIR_BYTES];
	struct dbk_hashes *hashes;

	tmpdir_make(dir);
	CHECK_INT(dbk_hashes_open(dir, 0, true, &hashes, NULL), DBK_OK);
	dbk_hashes_close(hashes);
	CHECK_INT(size_of_level(dir, 0), -1);
	hashes = open_at(dir, 0);
	grow(hashes, 0, 600, 1000);
	dbk_hashes_close(hashes);
	CHECK_INT(dbk_hashes_open(dir, 300, true, &hashes, NULL), DBK_OK);
	CHECK(has_root(hashes, 300));
	CHECK_INT(size_of_level(dir, 0), 600 * 32);
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

static void
test_cut_while_read(void)
{
	char dir[TMPDIR_BYTES], path[TMPDIR_BYTES + 16];
	struct dbk_error error = { 0 };
	struct dbk_hashes *hashes;
	struct dbk_tree_reader reader;
	struct dbk_tree_hash out[256];

	tmpdir_make(dir);
	hashes = open_at(dir, 0);
	grow(hashes, 0, 600, 1000);
	reader = dbk_hashes_reader(hashes);
	(void)snprintf(path, sizeof path, "%s/tree/0", dir);
	CHECK(truncate(path, 300 * 32 + 5) == 0);
	CHECK_INT(reader.read(reader.context, 0, 256, 44, out, &error), DBK_OK);
	CHECK_INT(reader.read(reader.context, 0, 256, 45, out, &error),
		  DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "hash 300") != NULL);
	CHECK_INT(reader.read(reader.context, 3, 0, 1, out, &error),
		  DBK_FAILED_DAMAGED);
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

static void
test_full_disk(void)
{
	char dir[TMPDIR_BYTES];
	struct dbk_error error = { 0 };
	struct dbk_hashes *hashes;
	uint64_t size = 0;
	enum dbk_err err = DBK_OK;

	tmpdir_make(dir);
	if (!tmpdir_mount(dir, 256 * 1024)) {
		tmpdir_remove(dir);
		return;
	}
	hashes = open_at(dir, 0);
	for (; err == DBK_OK && size < 100000; size++) {
		struct dbk_tree_hash leaf = leaf_of(size);

		CHECK_INT(dbk_hashes_add(hashes, &leaf, 1, NULL), DBK_OK);
		if (size % 100 == 99)
			err = dbk_hashes_flush(hashes, &error);
	}
	CHECK_INT(err, DBK_FAILED_DISK_FULL);
	CHECK(dbk_hashes_size(hashes) < size);
	CHECK(tmpdir_resize(dir, 16 * 1024 * 1024));
	CHECK_INT(dbk_hashes_flush(hashes, &error), DBK_OK);
	CHECK_INT(dbk_hashes_size(hashes), size);
	CHECK(has_root(hashes, size));
	CHECK_INT(dbk_hashes_sync(hashes, &error), DBK_OK);
	dbk_hashes_close(hashes);
	hashes = open_at(dir, size);
	CHECK(has_root(hashes, size));
	dbk_hashes_close(hashes);
	tmpdir_remove(dir);
}

int
main(void)
{
	check_run("a tree without leaves needs no file", test_empty);
	check_run("roots are those of the tree, in files of the right size",
		  test_grows);
	check_run("what is not flushed nobody may ask for", test_unflushed_is_unseen);
	check_run("what is behind the size is cut when files are opened",
		  test_cut_when_opened);
	check_run("files with too few hashes are not found", test_too_few);
	check_run("whoever only reads changes nothing", test_read_only);
	check_run("a file that is cut while it is read is damaged",
		  test_cut_while_read);
	check_run("a full disk loses nothing and is tried again", test_full_disk);
	return check_end();
}
