#ifndef DBK_TLOG_TILE_H
#define DBK_TLOG_TILE_H

/*
 * tile.h -- paths of tiles and entry bundles as C2SP tlog-tiles names them.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define DBK_TILE_WIDTH 256
#define DBK_TILE_PATH_BYTES 96

/* The level of an entry bundle. */
#define DBK_TILE_ENTRIES (-1)

struct dbk_tile {
	int level; /* 0 to 63, or DBK_TILE_ENTRIES */
	uint64_t index;
	unsigned width; /* 1 to 256 */
};

/* "tile/0/x001/x234/067.p/12" */
void dbk_tile_path(const struct dbk_tile *tile, char out[DBK_TILE_PATH_BYTES]);

/* False if PATH is not exactly the path of a tile. */
bool dbk_tile_parse(struct dbk_str path, struct dbk_tile *out);

/* Append ENTRY (at most 65,535 bytes, asserted) to a bundle. */
void dbk_tile_put_entry(struct dbk_buf *bundle, struct dbk_str entry);

/* The next entry of a bundle; false at its end, or with AT->failed where it is cut. */
bool dbk_tile_next_entry(struct dbk_cursor *at, struct dbk_str *out_entry);

#endif
