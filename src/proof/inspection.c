#include "proof/inspection.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"
#include "log/log_reader.h"
#include "proof/hashes.h"

/* What a lost machine may have left unwritten is within so many leaves, mostly. */
#define NEAR_LEAVES (UINT64_C(1) << 20)
#define FAR_LEAVES (UINT64_C(1) << 24)

/* Records that are compared with their leaves: all of the newest, and a sample. */
#define NEWEST_COMPARED 256
#define SAMPLES 512

struct work {
	const struct dbk_inspection_options *options;
	struct dbk_log_reader *reader;
	uint64_t size;	  /* the seat's */
	uint64_t differs; /* first leaf known not to be its record's, or UINT64_MAX */
	struct dbk_tree_hash root;
};

static enum dbk_err
compare_leaf(struct work *work, const struct dbk_tree_reader *tree, uint64_t position,
	     bool *out_same, struct dbk_error *error)
{
	struct dbk_tree_hash kept, own;
	struct dbk_str record;
	enum dbk_err err = dbk_log_reader_find(work->reader, position, &record, error);

	if (err != DBK_OK)
		return err;
	own = dbk_tree_leaf(record);
	err = tree->read(tree->context, 0, position, 1, &kept, error);
	*out_same = err == DBK_OK && dbk_tree_hash_equal(&kept, &own);
	if (!*out_same && position < work->differs)
		work->differs = position;
	return err == DBK_FAILED_DAMAGED ? DBK_OK : err;
}

/* One of STEP, and which one nobody knows before. */
static uint64_t
any_of(uint64_t step)
{
	uint64_t number;

	dbk_secret_random(&number, sizeof number);
	return number % step;
}

/* Of the leaves before END.  Files that were left beside another log would agree with
 * the seat. */
static enum dbk_err
compare_leaves(struct work *work, const struct dbk_tree_reader *tree, uint64_t end,
	       bool *out_same, struct dbk_error *error)
{
	uint64_t step = end / SAMPLES + 1;
	uint64_t near = end > NEWEST_COMPARED ? end - NEWEST_COMPARED : 0;
	enum dbk_err err = DBK_OK;

	*out_same = true;
	for (uint64_t p = 0; err == DBK_OK && *out_same && p < near; p += step)
		err = compare_leaf(work, tree,
				   p + any_of(near - p < step ? near - p : step),
				   out_same, error);
	for (uint64_t p = near; err == DBK_OK && *out_same && p < end; p++)
		err = compare_leaf(work, tree, p, out_same, error);
	return err;
}

/* The root of the files alone; *OUT_GOOD: it is that of the seat and of the log. */
static enum dbk_err
try_files(struct work *work, bool *out_good, struct dbk_error *error)
{
	struct dbk_hashes *hashes;
	struct dbk_tree_reader tree;
	struct dbk_tree_hash root;
	enum dbk_err err =
	    dbk_hashes_open(work->options->dir, work->size, true, &hashes, error);

	*out_good = false;
	if (err == DBK_FAILED_NOT_FOUND || err == DBK_FAILED_DAMAGED)
		return DBK_OK;
	if (err != DBK_OK)
		return err;
	root = dbk_hashes_root(hashes);
	tree = dbk_hashes_reader(hashes);
	if (dbk_tree_hash_equal(&root, dbk_seat_root(work->options->seat))) {
		work->root = root;
		err = compare_leaves(work, &tree, work->size, out_good, error);
	}
	dbk_hashes_close(hashes);
	return err;
}

static enum dbk_err
load_front(struct work *work, uint64_t from, struct dbk_tree_front *front,
	   bool *out_loaded, struct dbk_error *error)
{
	struct dbk_hashes *hashes;
	struct dbk_tree_reader tree;
	enum dbk_err err;

	dbk_tree_front_init(front);
	*out_loaded = from == 0;
	if (from == 0 || from > work->differs)
		return DBK_OK;
	err = dbk_hashes_open(work->options->dir, from, true, &hashes, error);
	if (err == DBK_OK) {
		tree = dbk_hashes_reader(hashes);
		err = dbk_tree_front_load(front, &tree, from, error);
		if (err == DBK_OK)
			err = compare_leaves(work, &tree, from, out_loaded, error);
		dbk_hashes_close(hashes);
	}
	return err == DBK_FAILED_NOT_FOUND || err == DBK_FAILED_DAMAGED ? DBK_OK : err;
}

static void
add_group(const struct dbk_log_slice *group, uint64_t size,
	  struct dbk_tree_front *front)
{
	for (uint32_t i = 0; i < group->n_records && front->size < size; i++) {
		struct dbk_tree_hash leaf;

		if (group->first_position + i < front->size)
			continue;
		leaf = dbk_tree_leaf(dbk_log_slice_record(group, i));
		dbk_tree_front_add(front, &leaf, NULL, NULL);
	}
}

/* The root of the log, of which the files give the first FROM leaves. */
static enum dbk_err
try_from(struct work *work, uint64_t from, bool *out_good, struct dbk_error *error)
{
	struct dbk_tree_front *front = malloc(sizeof *front);
	struct dbk_log_slice group;
	enum dbk_err err;

	*out_good = false;
	if (front == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for the tree");
	err = load_front(work, from, front, out_good, error);
	if (err != DBK_OK || !*out_good) {
		free(front);
		return err;
	}
	dbk_log_reader_seek(work->reader, from);
	while (err == DBK_OK && front->size < work->size) {
		err = dbk_log_reader_next(work->reader, &group, error);
		if (err == DBK_OK)
			add_group(&group, work->size, front);
		if (err == DBK_OK && work->options->progress != NULL)
			(void)work->options->progress(work->options->progress_context,
						      front->size);
	}
	work->root = dbk_tree_front_root(front);
	*out_good =
	    err == DBK_OK &&
	    dbk_tree_hash_equal(&work->root, dbk_seat_root(work->options->seat));
	free(front);
	return err;
}

static enum dbk_err
find_root(struct work *work, uint64_t *out_trusted, struct dbk_error *error)
{
	const uint64_t near = work->options->near_leaves;
	const uint64_t back[] = { near > 0 ? near : NEAR_LEAVES, FAR_LEAVES,
				  work->size };
	bool good = false;
	enum dbk_err err = try_files(work, &good, error);

	*out_trusted = good ? work->size : 0;
	for (unsigned i = 0; err == DBK_OK && !good && i < 3; i++) {
		*out_trusted = work->size > back[i] ? work->size - back[i] : 0;
		err = try_from(work, *out_trusted, &good, error);
		if (*out_trusted == 0)
			break;
	}
	return err;
}

static enum dbk_err
compare(struct work *work, struct dbk_log *log, struct dbk_inspection *out,
	struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	out->log_size = log == NULL ? 0 : dbk_log_size(log);
	out->trusted = 0;
	if (work->size > 0 && out->log_size >= work->size) {
		err = dbk_log_reader_open(log, &work->reader, error);
		if (err == DBK_OK)
			err = find_root(work, &out->trusted, error);
		dbk_log_reader_close(work->reader);
	}
	if (err == DBK_OK)
		err = dbk_seat_take(work->options->seat, out->log_size, &work->root,
				    &out->state, error);
	return err;
}

enum dbk_err
dbk_inspection_run(const struct dbk_inspection_options *options,
		   struct dbk_inspection *out, struct dbk_error *error)
{
	struct dbk_log_options reading = { .read_only = true };
	struct work work = { .options = options,
			     .size = dbk_seat_size(options->seat),
			     .differs = UINT64_MAX };
	struct dbk_inspection found;
	struct dbk_log *log = NULL;
	struct dbk_error said = { 0 };
	char path[PATH_MAX];
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/log", options->dir);
	/* Before anything was signed there is nothing to compare, and a log that a
	 * killed process was just making cannot be opened for reading. */
	err = work.size == 0 ? DBK_OK : dbk_log_open(path, &reading, &log, &said);
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_OK;
	if (err != DBK_OK)
		return dbk_error_set(error, err, "%s", said.text);
	err = compare(&work, log, &found, error);
	dbk_log_close(log);
	if (err == DBK_OK)
		*out = found;
	return err;
}
