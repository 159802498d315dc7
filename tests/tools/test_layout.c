/*
 * test_layout.c -- the files of an export: which there are, what is in them, and what a
 * run makes of a folder that another run has left.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"
#include "export/folder.h"
#include "export/layout.h"
#include "export/sweep.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

static struct dbk_error error;
static char dir[TMPDIR_BYTES];
static struct dbk_note_key key, other;
static const unsigned char seed[DBK_SIGN_SEED_BYTES] = { 1 };

static void
make_key(unsigned char from, struct dbk_note_key *out)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES],
	    its[DBK_SIGN_SEED_BYTES] = { from };

	dbk_sign_public(its, public);
	if (!dbk_note_key_make(dbk_str_of("log.example"), DBK_NOTE_ED25519, public,
			       out))
		abort();
}

static struct dbk_str
record_of(uint64_t position, char text[32])
{
	int size = snprintf(text, 32, "record %llu", (unsigned long long)position);

	return dbk_str_make(text, (size_t)size);
}

static void
note_of(uint64_t size, const struct dbk_tree_hash *root, struct dbk_buf *note)
{
	struct dbk_buf text = { 0 };

	dbk_checkpoint_put(dbk_str_of("log.example"), size, root, &text);
	dbk_note_sign(dbk_str_make(text.bytes, text.size), &key, seed, note);
	dbk_buf_fini(&text);
}

/* Add records up to SIZE; FINISH also the checkpoint.  What the first failure was. */
static enum dbk_err
grow(uint64_t size, bool finish)
{
	struct folder folder;
	struct layout *layout = NULL;
	struct dbk_buf note = { 0 };
	char text[32];
	enum dbk_err err = folder_open(&folder, dir, "daybook", &error);

	if (err == DBK_OK)
		err = layout_open(&folder, &key, &layout, &error);
	while (err == DBK_OK && layout_size(layout) < size)
		err = layout_add(layout, record_of(layout_size(layout), text), &error);
	if (err == DBK_OK && finish) {
		struct dbk_tree_hash root = layout_root(layout);

		note_of(size, &root, &note);
		err =
		    layout_finish(layout, dbk_str_make(note.bytes, note.size), &error);
	}
	layout_close(layout);
	folder_close(&folder);
	dbk_buf_fini(&note);
	return err;
}

static bool
is_there(const char *name)
{
	char path[TMPDIR_BYTES + 128];

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

static unsigned
count_files(const char *name)
{
	char path[TMPDIR_BYTES + 512];
	unsigned files = 0;
	struct dirent *entry;
	DIR *entries;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	entries = opendir(path);
	while (entries != NULL && (entry = readdir(entries)) != NULL) {
		char below[400];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(below, sizeof below, "%.120s/%.255s", name,
			       entry->d_name);
		files += entry->d_type == DT_DIR ? count_files(below) : 1;
	}
	if (entries != NULL)
		(void)closedir(entries);
	return files;
}

/* Tiles and bundles of a tree of SIZE leaves. */
static unsigned
tiles_of(uint64_t size)
{
	unsigned tiles = (unsigned)((size + 255) / 256);

	for (uint64_t hashes = size; hashes > 0; hashes /= 256)
		tiles += (unsigned)((hashes + 255) / 256);
	return tiles;
}

static void
test_steps(void)
{
	static const uint64_t sizes[] = { 0,   1,   2,	 255, 256,  257,
					  500, 512, 513, 900, 66000 };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		CHECK_INT(grow(sizes[i], true), DBK_OK);
		CHECK_INT(count_files("tile"), tiles_of(sizes[i]));
		CHECK(is_there("checkpoint") && is_there("daybook/key"));
		CHECK(!is_there("checkpoint.tmp") && !is_there("daybook/key.tmp"));
		CHECK_INT(grow(sizes[i], true), DBK_OK);
	}
	CHECK(is_there("tile/2/000.p/1") && is_there("tile/1/001.p/1"));
	CHECK(is_there("tile/0/257.p/208") && is_there("tile/entries/257.p/208"));
	CHECK(!is_there("tile/1/000.p") && !is_there("tile/0/003.p"));
}

static void
test_left_over(void)
{
	CHECK_INT(grow(300, true), DBK_OK);
	CHECK_INT(grow(900, false), DBK_OK);
	CHECK(is_there("tile/0/002") && is_there("tile/0/001.p/44"));
	CHECK_INT(grow(600, true), DBK_OK);
	CHECK_INT(count_files("tile"), tiles_of(600));
	CHECK(!is_there("tile/0/002") && is_there("tile/0/002.p/88"));
}

static void
test_false_checkpoint(void)
{
	struct folder folder;
	struct layout *layout = NULL;
	struct dbk_tree_hash root;
	struct dbk_buf note = { 0 };
	char text[32];

	CHECK_INT(grow(10, true), DBK_OK);
	CHECK_INT(folder_open(&folder, dir, "daybook", &error), DBK_OK);
	CHECK_INT(layout_open(&folder, &key, &layout, &error), DBK_OK);
	CHECK_INT(layout_add(layout, record_of(10, text), &error), DBK_OK);
	root = layout_root(layout);
	for (unsigned turn = 0; turn < 4; turn++) {
		dbk_buf_reset(&note);
		if (turn == 1)
			root.bytes[0] ^= 1;
		note_of(turn == 0 ? 10 : 11, &root, &note);
		if (turn == 1)
			root.bytes[0] ^= 1;
		if (turn == 2)
			note.bytes[note.size - 10] ^= 1;
		if (turn == 3)
			note.size--;
		CHECK_INT(
		    layout_finish(layout, dbk_str_make(note.bytes, note.size), &error),
		    DBK_FAILED_DAMAGED);
	}
	layout_close(layout);
	folder_close(&folder);
	dbk_buf_fini(&note);
	CHECK_INT(grow(10, true), DBK_OK);
}

static void
test_others(void)
{
	struct folder folder, second;
	struct layout *layout = NULL;

	CHECK_INT(grow(10, true), DBK_OK);
	CHECK_INT(folder_open(&folder, dir, "daybook", &error), DBK_OK);
	CHECK_INT(folder_open(&second, dir, "daybook", &error), DBK_FAILED_LOCKED);
	folder_close(&second);
	CHECK_INT(layout_open(&folder, &other, &layout, &error), DBK_FAILED_INPUT);
	folder_close(&folder);
	CHECK_INT(folder_open(&folder, "/dev/null", "", &error), DBK_FAILED_IO);
	folder_close(&folder);
}

/* Whatever the umask says. */
static void
test_owner(void)
{
	char path[TMPDIR_BYTES + 8];
	mode_t before = umask(0);
	struct folder folder;
	struct stat st = { 0 };

	(void)snprintf(path, sizeof path, "%s/alone", dir);
	CHECK_INT(folder_open(&folder, path, "", &error), DBK_OK);
	CHECK(stat(path, &st) == 0 && (st.st_mode & 07777) == 0700);
	folder_close(&folder);
	(void)umask(before);
	CHECK(rmdir(path) == 0);
}

static void
test_sweep(void)
{
	struct dbk_tile tile = { 0, 1, 44 };

	CHECK(sweep_keeps(&tile, 300) && !sweep_keeps(&tile, 301));
	CHECK(!sweep_keeps(&tile, 512) && !sweep_keeps(&tile, 44));
	tile = (struct dbk_tile){ DBK_TILE_ENTRIES, 1, 256 };
	CHECK(sweep_keeps(&tile, 512) && !sweep_keeps(&tile, 511));
	tile = (struct dbk_tile){ 1, 0, 2 };
	CHECK(sweep_keeps(&tile, 512) && sweep_keeps(&tile, 767));
	CHECK(!sweep_keeps(&tile, 768) && !sweep_keeps(&tile, 0));
	tile = (struct dbk_tile){ 63, 0, 1 };
	CHECK(!sweep_keeps(&tile, UINT64_MAX));
}

static void
run(const char *name, void (*test)(void))
{
	tmpdir_make(dir);
	check_run(name, test);
	tmpdir_remove(dir);
}

int
main(void)
{
	make_key(1, &key);
	make_key(2, &other);
	run("a checkpoint that is not of the records is not written",
	    test_false_checkpoint);
	run("folders of others and of two at once are refused", test_others);
	run("a folder that is made is its owner's alone", test_owner);
	run("a tree keeps the tiles of its size", test_sweep);
	run("what a killed run left goes", test_left_over);
	run("a folder grows step by step", test_steps);
	return check_end();
}
