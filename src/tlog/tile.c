#include "tlog/tile.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/assert.h"
#include "tlog/lines.h"

#define LEVEL_MAX 63
#define GROUP 1000 /* an index is written three digits at a time */
#define INDEX_BYTES 40

/* All groups but the last behind an "x" and before a "/". */
static void
format_index(uint64_t index, char out[INDEX_BYTES])
{
	uint64_t unit = 1;
	int at = 0;

	while (index / unit >= GROUP)
		unit *= GROUP;
	for (; unit > 1; unit /= GROUP)
		at += snprintf(out + at, INDEX_BYTES - (size_t)at, "x%03" PRIu64 "/",
			       index / unit % GROUP);
	(void)snprintf(out + at, INDEX_BYTES - (size_t)at, "%03" PRIu64, index % GROUP);
}

void
dbk_tile_path(const struct dbk_tile *tile, char out[DBK_TILE_PATH_BYTES])
{
	char level[8] = "entries", index[INDEX_BYTES], part[8] = "";

	dbk_assert(tile->level >= DBK_TILE_ENTRIES && tile->level <= LEVEL_MAX);
	dbk_assert(tile->width >= 1 && tile->width <= DBK_TILE_WIDTH);
	if (tile->level != DBK_TILE_ENTRIES)
		(void)snprintf(level, sizeof level, "%d", tile->level);
	if (tile->width != DBK_TILE_WIDTH)
		(void)snprintf(part, sizeof part, ".p/%u", tile->width);
	format_index(tile->index, index);
	(void)snprintf(out, DBK_TILE_PATH_BYTES, "tile/%s/%s%s", level, index, part);
}

/* What stands before the next '/' or the end; it is taken off. */
static struct dbk_str
next_element(struct dbk_str *path)
{
	uint32_t size = 0;
	struct dbk_str element;

	while (size < path->size && path->bytes[size] != '/')
		size++;
	element = dbk_str_make(path->bytes, size);
	if (size < path->size)
		size++;
	*path = dbk_str_make(path->bytes + size, path->size - size);
	return element;
}

static bool
parse_level(struct dbk_str text, int *out)
{
	uint64_t level;

	if (dbk_str_equal(text, dbk_str_of("entries"))) {
		*out = DBK_TILE_ENTRIES;
		return true;
	}
	if (!dbk_lines_number(text, &level) || level > LEVEL_MAX)
		return false;
	*out = (int)level;
	return true;
}

/* One to twenty digits, whatever stands between them. */
static bool
parse_index(struct dbk_str *path, uint64_t *out)
{
	uint64_t value = 0;
	bool more = true;

	while (more) {
		more = dbk_lines_skip(path, "x");
		for (unsigned i = 0; i < 3; i++) {
			if (path->size == 0 || path->bytes[0] < '0' ||
			    path->bytes[0] > '9' ||
			    __builtin_mul_overflow(value, 10, &value) ||
			    __builtin_add_overflow(
				value, (uint64_t)(path->bytes[0] - '0'), &value))
				return false;
			*path = dbk_str_make(path->bytes + 1, path->size - 1);
		}
		if (more && !dbk_lines_skip(path, "/"))
			return false;
	}
	*out = value;
	return true;
}

/* What is read is written again and compared, so that a tile has one path. */
bool
dbk_tile_parse(struct dbk_str path, struct dbk_tile *out)
{
	struct dbk_tile tile = { .width = DBK_TILE_WIDTH };
	struct dbk_str rest = path;
	char again[DBK_TILE_PATH_BYTES];
	uint64_t width;

	if (!dbk_lines_skip(&rest, "tile/") ||
	    !parse_level(next_element(&rest), &tile.level) ||
	    !parse_index(&rest, &tile.index))
		return false;
	if (dbk_lines_skip(&rest, ".p/")) {
		if (!dbk_lines_number(rest, &width) || width < 1 ||
		    width >= DBK_TILE_WIDTH)
			return false;
		tile.width = (unsigned)width;
	} else if (rest.size > 0) {
		return false;
	}
	dbk_tile_path(&tile, again);
	if (!dbk_str_equal(path, dbk_str_of(again)))
		return false;
	*out = tile;
	return true;
}

void
dbk_tile_put_entry(struct dbk_buf *bundle, struct dbk_str entry)
{
	dbk_assert(entry.size <= UINT16_MAX);
	dbk_buf_put_u8(bundle, (uint8_t)(entry.size >> 8));
	dbk_buf_put_u8(bundle, (uint8_t)entry.size);
	dbk_buf_put(bundle, entry.bytes, entry.size);
}

bool
dbk_tile_next_entry(struct dbk_cursor *at, struct dbk_str *out_entry)
{
	const unsigned char *bytes;
	unsigned size;

	if (at->failed || dbk_cursor_left(at) == 0)
		return false;
	size = (unsigned)dbk_cursor_u8(at) << 8;
	size |= dbk_cursor_u8(at);
	bytes = dbk_cursor_take(at, size);
	if (bytes == NULL)
		return false;
	*out_entry = dbk_str_make(bytes, size);
	return true;
}
