#include "export/layout.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/buf.h"
#include "export/sweep.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

#define CHECKPOINT "checkpoint"
#define KEY "daybook/key"

/* A full bundle of the largest records. */
#define BUNDLE_BYTES_MAX ((size_t)DBK_TILE_WIDTH * (2 + 65535))
#define TILE_BYTES ((size_t)DBK_TILE_WIDTH * DBK_TREE_HASH_BYTES)
#define KEY_BYTES_MAX 1024

struct layout {
	const struct folder *folder;
	const struct dbk_note_key *key;
	struct dbk_tree_front front;
	struct dbk_buf bundle;	 /* entries of the bundle that is not full */
	struct dbk_buf file;	 /* one that is being read */
	enum dbk_err failed;	 /* of a tile, which is written from a callback */
	struct dbk_error *error; /* of the call under way */
};

/* --------------------------------------------------------------------- what is there
 */

enum dbk_err
layout_check_note(struct dbk_str note, const struct dbk_note_key *key,
		  struct dbk_checkpoint *out, struct dbk_error *error)
{
	struct dbk_note parts;

	if (dbk_note_parse(note, &parts, error) != DBK_OK ||
	    dbk_checkpoint_parse(parts.text, out, error) != DBK_OK) {
		error->code = DBK_FAILED_DAMAGED;
		return DBK_FAILED_DAMAGED;
	}
	if (dbk_note_verify(&parts, key) != DBK_NOTE_VERIFIED ||
	    !dbk_str_equal(out->origin, dbk_str_of(key->name)))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "the checkpoint is not signed by %s", key->name);
	return DBK_OK;
}

static enum dbk_err
read_tile(struct layout *layout, const struct dbk_tile *tile, size_t bytes_max,
	  struct dbk_error *error)
{
	char path[DBK_TILE_PATH_BYTES];

	dbk_tile_path(tile, path);
	return folder_read(layout->folder, path, bytes_max, &layout->file, error);
}

/* The tile with hash INDEX of LEVEL in a tree of SIZE leaves. */
static struct dbk_tile
tile_at(uint64_t size, unsigned level, uint64_t index)
{
	uint64_t hashes = dbk_tree_level_size(size, level);
	struct dbk_tile tile = { .level = (int)level,
				 .index = index / DBK_TILE_WIDTH,
				 .width = DBK_TILE_WIDTH };

	if (tile.index == hashes / DBK_TILE_WIDTH)
		tile.width = (unsigned)(hashes % DBK_TILE_WIDTH);
	return tile;
}

/* What a tree is read with while the folder is opened. */
struct tree_of_files {
	struct layout *layout;
	uint64_t size;
};

static enum dbk_err
read_hashes(void *context, unsigned level, uint64_t index, unsigned count,
	    struct dbk_tree_hash *out, struct dbk_error *error)
{
	struct tree_of_files *tree = context;
	struct dbk_buf *file = &tree->layout->file;
	struct dbk_tile tile = tile_at(tree->size, level, index);
	size_t begin = index % DBK_TILE_WIDTH * DBK_TREE_HASH_BYTES;
	size_t bytes = (size_t)count * DBK_TREE_HASH_BYTES;
	char path[DBK_TILE_PATH_BYTES];
	enum dbk_err err = read_tile(tree->layout, &tile, TILE_BYTES, error);

	if (err != DBK_OK)
		return err;
	if (file->size != (size_t)tile.width * DBK_TREE_HASH_BYTES ||
	    begin + bytes > file->size) {
		dbk_tile_path(&tile, path);
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s/%s has %zu bytes instead of %zu",
				     tree->layout->folder->path, path, file->size,
				     (size_t)tile.width * DBK_TREE_HASH_BYTES);
	}
	memcpy(out, file->bytes + begin, bytes);
	return DBK_OK;
}

/* The bundle that is not full: its entries are those of the hashes we have. */
static enum dbk_err
load_bundle(struct layout *layout, struct dbk_error *error)
{
	const struct dbk_tree_front *front = &layout->front;
	struct dbk_tile tile = { DBK_TILE_ENTRIES, front->size / DBK_TILE_WIDTH,
				 (unsigned)(front->size % DBK_TILE_WIDTH) };
	struct dbk_cursor at;
	struct dbk_str entry;
	unsigned n = 0;
	enum dbk_err err;

	if (tile.width == 0)
		return DBK_OK;
	err = read_tile(layout, &tile, BUNDLE_BYTES_MAX, error);
	if (err != DBK_OK)
		return err;
	at = dbk_cursor_make(layout->file.bytes, layout->file.size);
	while (dbk_tile_next_entry(&at, &entry)) {
		struct dbk_tree_hash leaf = dbk_tree_leaf(entry);

		if (n == tile.width ||
		    !dbk_tree_hash_equal(&leaf, &front->hashes[0][n++]))
			at.failed = true;
		dbk_tile_put_entry(&layout->bundle, entry);
	}
	if (at.failed || n != tile.width)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: the last bundle of entries is not what its "
				     "checkpoint says",
				     layout->folder->path);
	return DBK_OK;
}

static enum dbk_err
load_tree(struct layout *layout, const struct dbk_checkpoint *checkpoint,
	  struct dbk_error *error)
{
	struct tree_of_files files = { layout, checkpoint->size };
	const struct dbk_tree_reader reader = { read_hashes, &files };
	struct dbk_tree_hash root;
	enum dbk_err err =
	    dbk_tree_front_load(&layout->front, &reader, checkpoint->size, error);

	if (err != DBK_OK)
		return err;
	root = dbk_tree_front_root(&layout->front);
	if (!dbk_tree_hash_equal(&root, &checkpoint->root))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: the tiles are not those of its checkpoint",
				     layout->folder->path);
	return load_bundle(layout, error);
}

/* Is the folder's key ours?  A folder without one gets it. */
static enum dbk_err
check_key(struct layout *layout, struct dbk_error *error)
{
	const struct folder *folder = layout->folder;
	struct dbk_buf key;
	enum dbk_err err;

	dbk_buf_init(&key);
	dbk_note_key_put(layout->key, &key);
	dbk_buf_put_u8(&key, '\n');
	dbk_assert(!dbk_buf_failed(&key));
	err = folder_read(folder, KEY, KEY_BYTES_MAX, &layout->file, error);
	if (err == DBK_FAILED_NOT_FOUND && folder->made)
		err = folder_replace(folder, KEY, key.bytes, key.size, error);
	else if (err == DBK_FAILED_NOT_FOUND)
		err = dbk_error_set(error, DBK_FAILED_INPUT,
				    "%s is not empty, and no export of a log",
				    folder->path);
	else if (err == DBK_OK &&
		 !dbk_str_equal(dbk_str_make(key.bytes, key.size),
				dbk_str_make(layout->file.bytes, layout->file.size)))
		err = dbk_error_set(error, DBK_FAILED_INPUT,
				    "%s is an export of another log than %s",
				    folder->path, layout->key->name);
	dbk_buf_fini(&key);
	return err;
}

static enum dbk_err
load_checkpoint(struct layout *layout, struct dbk_str note, struct dbk_error *error)
{
	struct dbk_checkpoint checkpoint;
	enum dbk_err err = layout_check_note(note, layout->key, &checkpoint, error);

	if (err == DBK_OK)
		err = load_tree(layout, &checkpoint, error);
	/* A file that the checkpoint covers is missing. */
	if (err == DBK_FAILED_NOT_FOUND)
		err = error->code = DBK_FAILED_DAMAGED;
	return err;
}

static enum dbk_err
load(struct layout *layout, struct dbk_error *error)
{
	struct dbk_buf note;
	enum dbk_err err = check_key(layout, error);

	if (err != DBK_OK)
		return err;
	dbk_buf_init(&note);
	err = folder_read(layout->folder, CHECKPOINT, DBK_NOTE_BYTES_MAX, &note, error);
	/* A run that was killed before its first checkpoint leaves none. */
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_OK;
	else if (err == DBK_OK)
		err =
		    load_checkpoint(layout, dbk_str_make(note.bytes, note.size), error);
	dbk_buf_fini(&note);
	return err;
}

enum dbk_err
layout_open(const struct folder *folder, const struct dbk_note_key *key,
	    struct layout **out, struct dbk_error *error)
{
	struct layout *layout = calloc(1, sizeof *layout);
	enum dbk_err err;

	dbk_assert(layout != NULL);
	layout->folder = folder;
	layout->key = key;
	dbk_tree_front_init(&layout->front);
	err = load(layout, error);
	if (err != DBK_OK) {
		layout_close(layout);
		return err;
	}
	*out = layout;
	return DBK_OK;
}

void
layout_close(struct layout *layout)
{
	if (layout == NULL)
		return;
	dbk_buf_fini(&layout->bundle);
	dbk_buf_fini(&layout->file);
	free(layout);
}

uint64_t
layout_size(const struct layout *layout)
{
	return layout->front.size;
}

struct dbk_tree_hash
layout_root(const struct layout *layout)
{
	return dbk_tree_front_root(&layout->front);
}

/* --------------------------------------------------------------------------- writing
 */

static enum dbk_err
write_tile(const struct layout *layout, const struct dbk_tile *tile, const void *bytes,
	   size_t size, struct dbk_error *error)
{
	char path[DBK_TILE_PATH_BYTES];

	dbk_tile_path(tile, path);
	return folder_write(layout->folder, path, bytes, size, error);
}

/* The last hash of a tile makes it full. */
static void
on_added(void *context, unsigned level, uint64_t index,
	 const struct dbk_tree_hash *hash)
{
	struct layout *layout = context;
	struct dbk_tile tile = { (int)level, index / DBK_TILE_WIDTH, DBK_TILE_WIDTH };
	struct dbk_tree_hash hashes[DBK_TILE_WIDTH];

	if (index % DBK_TILE_WIDTH != DBK_TILE_WIDTH - 1 || layout->failed != DBK_OK)
		return;
	memcpy(hashes, layout->front.hashes[level], sizeof hashes - sizeof hashes[0]);
	hashes[DBK_TILE_WIDTH - 1] = *hash;
	layout->failed =
	    write_tile(layout, &tile, hashes, sizeof hashes, layout->error);
}

static enum dbk_err
write_bundle(struct layout *layout, unsigned width, struct dbk_error *error)
{
	struct dbk_tile tile = { DBK_TILE_ENTRIES,
				 (layout->front.size - 1) / DBK_TILE_WIDTH, width };

	return write_tile(layout, &tile, layout->bundle.bytes, layout->bundle.size,
			  error);
}

enum dbk_err
layout_add(struct layout *layout, struct dbk_str record, struct dbk_error *error)
{
	struct dbk_tree_hash leaf = dbk_tree_leaf(record);

	layout->error = error;
	dbk_tile_put_entry(&layout->bundle, record);
	dbk_assert(!dbk_buf_failed(&layout->bundle));
	dbk_tree_front_add(&layout->front, &leaf, on_added, layout);
	if (layout->failed == DBK_OK && layout->front.size % DBK_TILE_WIDTH == 0) {
		layout->failed = write_bundle(layout, DBK_TILE_WIDTH, error);
		dbk_buf_reset(&layout->bundle);
	}
	return layout->failed;
}

/* Tiles and the bundle that are not full. */
static enum dbk_err
write_partial(struct layout *layout, struct dbk_error *error)
{
	const struct dbk_tree_front *front = &layout->front;
	enum dbk_err err = DBK_OK;

	for (unsigned level = 0; err == DBK_OK && level < DBK_TREE_LEVELS_MAX;
	     level++) {
		uint64_t hashes = dbk_tree_level_size(front->size, level);
		struct dbk_tile tile = { (int)level, hashes / DBK_TILE_WIDTH,
					 (unsigned)(hashes % DBK_TILE_WIDTH) };

		if (tile.width > 0)
			err = write_tile(layout, &tile, front->hashes[level],
					 tile.width * sizeof front->hashes[level][0],
					 error);
	}
	if (err == DBK_OK && front->size % DBK_TILE_WIDTH > 0)
		err = write_bundle(layout, (unsigned)(front->size % DBK_TILE_WIDTH),
				   error);
	return err;
}

enum dbk_err
layout_finish(struct layout *layout, struct dbk_str note, struct dbk_error *error)
{
	struct dbk_tree_hash root = layout_root(layout);
	struct dbk_checkpoint checkpoint;
	enum dbk_err err = layout_check_note(note, layout->key, &checkpoint, error);

	if (err != DBK_OK)
		return err;
	if (checkpoint.size != layout->front.size ||
	    !dbk_tree_hash_equal(&root, &checkpoint.root))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "what was read (%" PRIu64
				     " records) does not come "
				     "to the root that was signed (%" PRIu64 ")",
				     layout->front.size, checkpoint.size);
	err = write_partial(layout, error);
	if (err == DBK_OK)
		err = folder_sync(layout->folder, error);
	if (err == DBK_OK)
		err = folder_replace(layout->folder, CHECKPOINT, note.bytes, note.size,
				     error);
	if (err == DBK_OK)
		err = sweep(layout->folder, layout->front.size, error);
	return err;
}
