#include "tlog/tile.h"

#include <string.h>

void
dbk_tile_path(const struct dbk_tile *tile, char out[DBK_TILE_PATH_BYTES])
{
	(void)tile;
	out[0] = '\0';
}

bool
dbk_tile_parse(struct dbk_str path, struct dbk_tile *out)
{
	(void)path;
	(void)out;
	return false;
}

void
dbk_tile_put_entry(struct dbk_buf *bundle, struct dbk_str entry)
{
	(void)entry;
	bundle->failed = true;
}

bool
dbk_tile_next_entry(struct dbk_cursor *at, struct dbk_str *out_entry)
{
	(void)out_entry;
	at->failed = true;
	return false;
}
