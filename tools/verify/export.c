/* export.c -- an export: every file, every tile, every record. */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "export/sweep.h"
#include "tlog/tile.h"
#include "verify/gap_source.h"
#include "verify/verify.h"

#define CHECKPOINT "checkpoint"
#define KEY "daybook/key"
#define GAPS "daybook/gaps"

#define BUNDLE_BYTES_MAX ((size_t)DBK_TILE_WIDTH * (2 + 65535))
#define TILE_BYTES ((size_t)DBK_TILE_WIDTH * DBK_TREE_HASH_BYTES)
#define KEY_BYTES_MAX ((size_t)1024)

/* "tile", a level, seven groups of an index, a file. */
#define DEPTH_MAX 12
#define PATH_BYTES 512

/* The tile of a level whose hashes are being added. */
struct level {
	struct dbk_buf bytes;
	char path[DBK_TILE_PATH_BYTES];
	bool good; /* it is there, in its size */
};

struct walk {
	struct verify *verify;
	struct dbk_tree_front front;
	struct level levels[DBK_TREE_LEVELS_MAX];
	struct dbk_buf bundle;
	char bundle_path[DBK_TILE_PATH_BYTES];
	struct gap_source gaps;
	struct dbk_scrutiny *scrutiny;
};

/* ----------------------------------------------------------------------- the files */

static bool
belongs(const struct verify *v, const char *path)
{
	struct dbk_tile tile;

	if (dbk_tile_parse(dbk_str_of(path), &tile))
		return sweep_keeps(&tile, v->size);
	return strcmp(path, CHECKPOINT) == 0 || strcmp(path, KEY) == 0 ||
	       strcmp(path, GAPS) == 0;
}

static void list(struct verify *v, const char *path, unsigned depth);

static void
look_at(struct verify *v, const char *path, unsigned depth)
{
	struct stat found;

	if (fstatat(v->fd, path, &found, AT_SYMLINK_NOFOLLOW) != 0)
		verify_failed(v, path, strerror(errno));
	else if (S_ISDIR(found.st_mode) && depth < DEPTH_MAX)
		list(v, path, depth + 1);
	else if (!S_ISREG(found.st_mode))
		findings_add(&v->findings, path, FINDINGS_NO_RECORD,
			     "is no plain file");
	else if (!belongs(v, path))
		findings_add(&v->findings, path, FINDINGS_NO_RECORD,
			     "is not of this export");
}

/* Everything below PATH, which is "" at the top. */
static void
list(struct verify *v, const char *path, unsigned depth)
{
	int fd = openat(v->fd, path[0] == '\0' ? "." : path,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	char below[PATH_BYTES];

	if (entries == NULL) {
		verify_failed(v, path, strerror(errno));
		return;
	}
	while ((entry = readdir(entries)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(below, sizeof below, "%s%s%s", path,
			     path[0] == '\0' ? "" : "/",
			     entry->d_name) >= (int)sizeof below)
			findings_add(&v->findings, path, FINDINGS_NO_RECORD,
				     "has something with too long a name");
		else
			look_at(v, below, depth);
	}
	(void)closedir(entries);
}

static void
check_key(struct verify *v, const struct dbk_note_key *key)
{
	struct dbk_buf found, expected;
	enum verify_read read;

	dbk_buf_init(&found);
	dbk_buf_init(&expected);
	dbk_note_key_put(key, &expected);
	dbk_buf_put_u8(&expected, '\n');
	read = verify_read(v, KEY, KEY_BYTES_MAX, &found);
	if (read == VERIFY_MISSING)
		findings_add(&v->findings, KEY, FINDINGS_NO_RECORD, "is missing");
	else if (read == VERIFY_READ &&
		 (found.size != expected.size ||
		  memcmp(found.bytes, expected.bytes, found.size) != 0))
		findings_add(&v->findings, KEY, FINDINGS_NO_RECORD,
			     "is another key than %s", key->name);
	dbk_buf_fini(&found);
	dbk_buf_fini(&expected);
}

/* ----------------------------------------------------------------------- the tiles */

static void
load_tile(struct walk *w, unsigned level, uint64_t index)
{
	struct verify *v = w->verify;
	struct level *l = &w->levels[level];
	uint64_t hashes = dbk_tree_level_size(v->size, level);
	struct dbk_tile tile = { (int)level, index, DBK_TILE_WIDTH };
	enum verify_read read;

	if (index == hashes / DBK_TILE_WIDTH)
		tile.width = (unsigned)(hashes % DBK_TILE_WIDTH);
	dbk_tile_path(&tile, l->path);
	read = verify_read(v, l->path, TILE_BYTES, &l->bytes);
	l->good = read == VERIFY_READ &&
		  l->bytes.size == (size_t)tile.width * DBK_TREE_HASH_BYTES;
	if (read == VERIFY_MISSING)
		findings_add(&v->findings, l->path, FINDINGS_NO_RECORD, "is missing");
	else if (read == VERIFY_READ && !l->good)
		findings_add(&v->findings, l->path, FINDINGS_NO_RECORD,
			     "has not the %zu bytes of its %u hashes",
			     (size_t)tile.width * DBK_TREE_HASH_BYTES, tile.width);
}

static const unsigned char *
hash_in(const struct level *level, uint64_t index)
{
	return level->bytes.bytes + index % DBK_TILE_WIDTH * DBK_TREE_HASH_BYTES;
}

/* A hash above the leaves is that of a whole tile below. */
static void
on_added(void *context, unsigned level, uint64_t index,
	 const struct dbk_tree_hash *hash)
{
	struct walk *w = context;
	struct level *l = &w->levels[level];

	if (level == 0)
		return;
	if (index % DBK_TILE_WIDTH == 0)
		load_tile(w, level, index / DBK_TILE_WIDTH);
	if (l->good && memcmp(hash_in(l, index), hash->bytes, sizeof hash->bytes) != 0)
		findings_add(&w->verify->findings, l->path, FINDINGS_NO_RECORD,
			     "hash %" PRIu64 " is not that of %s", index,
			     w->levels[level - 1].path);
}

/* --------------------------------------------------------------------- the records */

/* A record that is not the one of its leaf is not looked into, and the tree goes on
 * with the leaf: so it is one finding. */
static void
take_record(struct walk *w, struct dbk_str record)
{
	uint64_t position = w->front.size;
	struct dbk_tree_hash leaf = dbk_tree_leaf(record);
	const struct level *l = &w->levels[0];

	if (l->good &&
	    memcmp(hash_in(l, position), leaf.bytes, sizeof leaf.bytes) != 0) {
		findings_add(&w->verify->findings, w->bundle_path, position,
			     "is not the record whose hash %s has", l->path);
		memcpy(leaf.bytes, hash_in(l, position), sizeof leaf.bytes);
		dbk_scrutiny_skip(w->scrutiny, 1);
	} else {
		dbk_scrutiny_record(w->scrutiny, record);
	}
	dbk_tree_front_add(&w->front, &leaf, on_added, w);
}

/* The leaves of records that cannot be read, so that the others are checked. */
static bool
skip_records(struct walk *w, unsigned count)
{
	const struct level *l = &w->levels[0];

	if (count == 0)
		return true;
	dbk_scrutiny_skip(w->scrutiny, count);
	for (unsigned i = 0; i < count && l->good; i++) {
		struct dbk_tree_hash leaf;

		memcpy(leaf.bytes, hash_in(l, w->front.size), sizeof leaf.bytes);
		dbk_tree_front_add(&w->front, &leaf, on_added, w);
	}
	return l->good;
}

/* False: neither records nor leaves are there, so nothing behind can be placed. */
static bool
take_bundle(struct walk *w, uint64_t index, unsigned width)
{
	struct verify *v = w->verify;
	struct dbk_tile tile = { DBK_TILE_ENTRIES, index, width };
	struct dbk_cursor at;
	struct dbk_str entry;
	enum verify_read read;
	unsigned n = 0;

	dbk_tile_path(&tile, w->bundle_path);
	load_tile(w, 0, index);
	read = verify_read(v, w->bundle_path, BUNDLE_BYTES_MAX, &w->bundle);
	if (read == VERIFY_MISSING)
		findings_add(&v->findings, w->bundle_path, FINDINGS_NO_RECORD,
			     "is missing");
	if (read != VERIFY_READ)
		return skip_records(w, width);
	at = dbk_cursor_make(w->bundle.bytes, w->bundle.size);
	for (; n < width && dbk_tile_next_entry(&at, &entry); n++)
		take_record(w, entry);
	if (n < width || at.failed)
		findings_add(&v->findings, w->bundle_path, w->front.size,
			     "the bundle is cut off here");
	else if (dbk_cursor_left(&at) > 0)
		findings_add(&v->findings, w->bundle_path, FINDINGS_NO_RECORD,
			     "has %zu bytes too many", dbk_cursor_left(&at));
	return skip_records(w, width - n);
}

static void
check_root(struct walk *w)
{
	struct dbk_tree_hash root = dbk_tree_front_root(&w->front);

	if (!dbk_tree_hash_equal(&root, &w->verify->root))
		findings_add(&w->verify->findings, CHECKPOINT, FINDINGS_NO_RECORD,
			     "its root is not that of the tiles");
}

static void
found_in_record(void *context, uint64_t position, const char *words)
{
	struct walk *w = context;
	struct dbk_tile tile = { DBK_TILE_ENTRIES, position / DBK_TILE_WIDTH,
				 DBK_TILE_WIDTH };
	char path[DBK_TILE_PATH_BYTES];

	if (tile.index == w->verify->size / DBK_TILE_WIDTH)
		tile.width = (unsigned)(w->verify->size % DBK_TILE_WIDTH);
	if (position < w->verify->size)
		dbk_tile_path(&tile, path);
	findings_add(&w->verify->findings, position < w->verify->size ? path : GAPS,
		     position, "%s", words);
}

static void
walk(struct walk *w)
{
	struct verify *v = w->verify;
	bool goes_on = true;

	gap_source_open(&w->gaps, v);
	while (goes_on && w->front.size < v->size) {
		uint64_t left = v->size - w->front.size;
		unsigned width =
		    left < DBK_TILE_WIDTH ? (unsigned)left : DBK_TILE_WIDTH;

		gap_source_feed(&w->gaps, w->front.size + width, w->scrutiny);
		goes_on = take_bundle(w, w->front.size / DBK_TILE_WIDTH, width);
		verify_show(v, w->front.size, v->size);
	}
	if (goes_on)
		check_root(w);
	else
		findings_add(&v->findings, w->bundle_path, w->front.size,
			     "nothing is checked from here on: neither the records nor "
			     "their hashes can be read");
	gap_source_close(&w->gaps, v->size);
	dbk_scrutiny_end(w->scrutiny, &v->sum);
}

static void
check_records(struct verify *v)
{
	struct walk *w = calloc(1, sizeof *w);

	dbk_assert(w != NULL);
	w->verify = v;
	dbk_tree_front_init(&w->front);
	w->scrutiny = dbk_scrutiny_new(found_in_record, w);
	dbk_assert(w->scrutiny != NULL);
	walk(w);
	dbk_assert(!v->sum.no_memory);
	dbk_scrutiny_free(w->scrutiny);
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++)
		dbk_buf_fini(&w->levels[i].bytes);
	dbk_buf_fini(&w->bundle);
	free(w);
}

/* The key that DIR/daybook/key has to be: the one of the log with that origin. */
static const struct dbk_note_key *
key_of(const struct verify *v)
{
	unsigned n = v->policy == NULL ? 0 : dbk_policy_logs(v->policy);

	for (unsigned i = 0; v->key == NULL && i < n; i++) {
		const struct dbk_note_key *key = &dbk_policy_log_at(v->policy, i)->key;

		if (strcmp(key->name, v->origin) == 0)
			return key;
	}
	return v->key;
}

void
verify_export(struct verify *v)
{
	struct dbk_checkpoint checkpoint;
	enum verify_read read;
	struct dbk_buf note;
	bool has = false;

	v->kind = "export";
	dbk_buf_init(&note);
	read = verify_read(v, CHECKPOINT, DBK_NOTE_BYTES_MAX, &note);
	if (read == VERIFY_MISSING)
		findings_add(&v->findings, CHECKPOINT, FINDINGS_NO_RECORD,
			     "is missing");
	else if (read == VERIFY_READ)
		has = verify_checkpoint(
		    v, CHECKPOINT, dbk_str_make(note.bytes, note.size), &checkpoint);
	dbk_buf_fini(&note);
	if (key_of(v) != NULL)
		check_key(v, key_of(v));
	if (!has)
		return;
	list(v, "", 0);
	check_records(v);
}
