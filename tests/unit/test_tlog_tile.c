/*
 * Paths of tiles as tlog-tiles names them, and bundles of entries.
 */

#include <string.h>

#include "../lib/check.h"
#include "tlog/tile.h"

static const struct {
	const char *path;
	struct dbk_tile tile;
} sound[] = {
	{ "tile/0/000", { 0, 0, 256 } },
	{ "tile/0/000.p/1", { 0, 0, 1 } },
	{ "tile/0/x001/x234/067", { 0, 1234067, 256 } },
	{ "tile/0/x001/x234/067.p/255", { 0, 1234067, 255 } },
	{ "tile/7/999.p/12", { 7, 999, 12 } },
	{ "tile/7/x001/000", { 7, 1000, 256 } },
	{ "tile/63/x018/x446/x744/x073/x709/x551/615", { 63, UINT64_MAX, 256 } },
	{ "tile/entries/x273/112.p/112", { DBK_TILE_ENTRIES, 273112, 112 } },
};

#define SOUND (sizeof sound / sizeof sound[0])

static void
test_paths(void)
{
	for (unsigned i = 0; i < SOUND; i++) {
		char path[DBK_TILE_PATH_BYTES];
		struct dbk_tile tile;

		dbk_tile_path(&sound[i].tile, path);
		CHECK(strcmp(path, sound[i].path) == 0);
		CHECK(dbk_tile_parse(dbk_str_of(sound[i].path), &tile));
		CHECK_INT(tile.level, sound[i].tile.level);
		CHECK(tile.index == sound[i].tile.index);
		CHECK_INT(tile.width, sound[i].tile.width);
	}
}

static void
test_wrong_paths(void)
{
	static const char *const wrong[] = {
		"",
		"tile",
		"tile/",
		"tile/0",
		"tile/0/",
		"tile/0/0",
		"tile/0/00",
		"tile/0/0000",
		"tile/0/x000",
		"tile/0/x000/000",
		"tile/0/x000/001",
		"tile/0/001/002",
		"tile/0/x001/x002",
		"tile/0/x001/2",
		"tile/0/X001/002",
		"tile/0/x001//002",
		"tile/0/x001/002/",
		"tile/00/000",
		"tile/64/000",
		"tile/-1/000",
		"tile/+1/000",
		"tile/data/000",
		"tile/entriess/000",
		"tile/Entries/000",
		"tile/0/000.p",
		"tile/0/000.p/",
		"tile/0/000.p/0",
		"tile/0/000.p/01",
		"tile/0/000.p/256",
		"tile/0/000.p/1000",
		"tile/0/000.p/1/",
		"tile/0/000.p/1 ",
		"tile/0/000.q/1",
		"/tile/0/000",
		"tile/0/000 ",
		"tile/0/ 000",
		"tile/0/0a0",
		"tile//000",
		"tile/0/../000",
		"tile/0/x018/x446/x744/x073/x709/x551/616",
		"tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
	};
	struct dbk_tile tile;

	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		CHECK(!dbk_tile_parse(dbk_str_of(wrong[i]), &tile));
}

/* One letter changed makes another tile's path, or none. */
static void
test_one_path(void)
{
	for (unsigned i = 0; i < SOUND; i++) {
		char path[DBK_TILE_PATH_BYTES], again[DBK_TILE_PATH_BYTES];
		size_t size = strlen(sound[i].path);
		struct dbk_tile tile;

		memcpy(path, sound[i].path, size + 1);
		for (size_t at = 0; at < size; at++) {
			for (unsigned c = 1; c < 256; c++) {
				path[at] = (char)c;
				if (!dbk_tile_parse(dbk_str_of(path), &tile))
					continue;
				dbk_tile_path(&tile, again);
				CHECK(strcmp(again, path) == 0);
			}
			path[at] = sound[i].path[at];
		}
	}
}

static void
test_bundle(void)
{
	static char large[65535];
	struct dbk_cursor at;
	struct dbk_str entry;
	struct dbk_buf bundle = { 0 };

	dbk_tile_put_entry(&bundle, dbk_str_of("first"));
	dbk_tile_put_entry(&bundle, dbk_str_of(""));
	dbk_tile_put_entry(&bundle, dbk_str_make(large, sizeof large));
	CHECK_INT(bundle.size, 2 + 5 + 2 + 2 + sizeof large);
	CHECK(memcmp(bundle.bytes, "\0\5first\0\0\xff\xff", 11) == 0);
	at = dbk_cursor_make(bundle.bytes, bundle.size);
	CHECK(dbk_tile_next_entry(&at, &entry));
	CHECK(dbk_str_equal(entry, dbk_str_of("first")));
	CHECK(dbk_tile_next_entry(&at, &entry) && entry.size == 0);
	CHECK(dbk_tile_next_entry(&at, &entry) && entry.size == sizeof large);
	CHECK(!dbk_tile_next_entry(&at, &entry) && !at.failed);
	dbk_buf_fini(&bundle);
}

static void
test_cut_bundle(void)
{
	static const unsigned char bytes[] = { 0, 2, 'a', 'b', 0, 3, 'c', 'd', 'e' };
	struct dbk_str entry;

	for (size_t size = 0; size <= sizeof bytes; size++) {
		struct dbk_cursor at = dbk_cursor_make(bytes, size);
		unsigned n = 0;

		while (dbk_tile_next_entry(&at, &entry))
			n++;
		CHECK_INT(n, (size >= 4) + (size >= 9));
		CHECK_INT(at.failed, size != 0 && size != 4 && size != 9);
		CHECK(!dbk_tile_next_entry(&at, &entry));
	}
}

int
main(void)
{
	check_run("what is no path of a tile is not taken", test_wrong_paths);
	check_run("a tile has one path", test_one_path);
	check_run("a bundle that is cut says so", test_cut_bundle);
	check_run("paths are those of tlog-tiles", test_paths);
	check_run("entries come out of a bundle as they were put", test_bundle);
	return check_end();
}
