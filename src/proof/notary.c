#include "proof/notary.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "log/log_reader.h"
#include "proof/kept_note.h"

/* Leaves that are hashed before they are added. */
#define LEAVES_MAX 512

/* Leaves between two synchronizations of the tree's files, which nothing waits for:
 * what a lost machine has to recompute. */
#define SYNC_LEAVES (UINT64_C(1) << 19)

struct dbk_notary {
	struct dbk_notary_options options;
	char *dir;
	struct dbk_log_reader *reader;
	struct dbk_hashes *hashes;
	uint64_t size;	 /* hashed: added to the hashes */
	bool astray;	 /* the reader is not where SIZE is */
	uint64_t synced; /* size at the last synchronization */
	uint64_t signed_size;
	bool has_signed;
	struct dbk_tree_hash leaves[LEAVES_MAX];

	pthread_mutex_t lock;
	bool has_published;
	struct dbk_published published;
	struct dbk_buf note;
};

/* ------------------------------------------------------------------------- follow */

/* The records of GROUP from INDEX on, as many as there is room for. */
static uint32_t
hash_records(struct dbk_notary *notary, const struct dbk_log_slice *group,
	     uint32_t index)
{
	uint32_t count = 0;

	for (; index < group->n_records && count < LEAVES_MAX; index++, count++) {
		struct dbk_str record = dbk_log_slice_record(group, index);

		if (notary->options.followed != NULL)
			notary->options.followed(notary->options.context,
						 group->first_position + index, record);
		notary->leaves[count] = dbk_tree_leaf(record);
	}
	return count;
}

/* UNTIL bounds what is added, for the seat may stand within a group. */
static enum dbk_err
add_group(struct dbk_notary *notary, const struct dbk_log_slice *group, uint64_t until,
	  struct dbk_error *error)
{
	uint64_t end = group->first_position + group->n_records;
	enum dbk_err err = DBK_OK;

	dbk_assert(group->first_position <= notary->size);
	if (end > until)
		end = until;
	while (err == DBK_OK && notary->size < end) {
		uint32_t count = hash_records(
		    notary, group, (uint32_t)(notary->size - group->first_position));

		if (count > end - notary->size)
			count = (uint32_t)(end - notary->size);
		err = dbk_hashes_add(notary->hashes, notary->leaves, count, error);
		if (err == DBK_OK)
			notary->size += count;
	}
	return err;
}

static enum dbk_err
flush(struct dbk_notary *notary, struct dbk_error *error)
{
	enum dbk_err err = dbk_hashes_flush(notary->hashes, error);

	if (err == DBK_OK && notary->size - notary->synced >= SYNC_LEAVES) {
		err = dbk_hashes_sync(notary->hashes, error);
		notary->synced = notary->size;
	}
	return err;
}

static enum dbk_err
follow(struct dbk_notary *notary, unsigned max, uint64_t until, bool *out_at_head,
       struct dbk_error *error)
{
	struct dbk_log_slice group;
	enum dbk_err err = DBK_OK, flushed;

	if (notary->astray)
		dbk_log_reader_seek(notary->reader, notary->size);
	notary->astray = false;
	*out_at_head = false;
	for (unsigned i = 0; err == DBK_OK && i < max && notary->size < until; i++) {
		err = dbk_log_reader_next(notary->reader, &group, error);
		*out_at_head = err == DBK_FAILED_NOT_FOUND;
		if (*out_at_head)
			break;
		if (err == DBK_OK)
			err = add_group(notary, &group, until, error);
	}
	if (*out_at_head) {
		dbk_log_reader_rest(notary->reader);
		err = DBK_OK;
	}
	notary->astray = err != DBK_OK;
	flushed = flush(notary, error);
	return err == DBK_OK ? flushed : err;
}

enum dbk_err
dbk_notary_follow(struct dbk_notary *notary, unsigned max, bool *out_at_head,
		  struct dbk_error *error)
{
	return follow(notary, max, UINT64_MAX, out_at_head, error);
}

uint64_t
dbk_notary_size(const struct dbk_notary *notary)
{
	return notary->size;
}

uint64_t
dbk_notary_signed_size(const struct dbk_notary *notary)
{
	return notary->signed_size;
}

/* --------------------------------------------------------------------------- open */

static enum dbk_err
reach_seat(struct dbk_notary *notary, struct dbk_error *error)
{
	uint64_t goal = dbk_seat_size(notary->options.seat);
	struct dbk_tree_reader tree = dbk_hashes_reader(notary->hashes);
	struct dbk_tree_hash root = { { 0 } };
	enum dbk_err err = DBK_OK;
	bool at_head = false;

	notary->size = notary->synced = notary->options.trusted;
	notary->astray = true;
	while (err == DBK_OK && !at_head && notary->size < goal) {
		err = follow(notary, 1, goal, &at_head, error);
		if (err == DBK_OK && notary->options.progress != NULL)
			(void)notary->options.progress(notary->options.progress_context,
						       notary->size);
	}
	if (err != DBK_OK)
		return err;
	notary->astray = true;
	/* The seat of a new key has signed less than the files are trusted for. */
	if (notary->size >= goal)
		err = dbk_tree_root(&tree, goal, &root, error);
	if (err != DBK_OK)
		return err;
	if (notary->size < goal ||
	    !dbk_tree_hash_equal(&root, dbk_seat_root(notary->options.seat)))
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "the log is not the one that was signed");
	return DBK_OK;
}

/* The checkpoint of before the start goes on being published until there is a newer
 * one; what is none of this tree is as good as none. */
static enum dbk_err
take_published(struct dbk_notary *notary, struct dbk_error *error)
{
	const struct dbk_note_key *key = dbk_seat_key(notary->options.seat);
	struct dbk_tree_reader reader = dbk_hashes_reader(notary->hashes);
	struct dbk_kept_note kept;
	struct dbk_tree_hash root;
	enum dbk_err err = dbk_kept_note_read(notary->dir, DBK_NOTE_PUBLISHED, key,
					      &notary->note, &kept, error);

	if (err == DBK_FAILED_IO || err == DBK_FAILED_MEMORY)
		return err;
	if (err != DBK_OK || kept.size > dbk_hashes_size(notary->hashes))
		return DBK_OK;
	err = dbk_tree_root(&reader, kept.size, &root, error);
	if (err != DBK_OK || !dbk_tree_hash_equal(&root, &kept.root))
		return err == DBK_FAILED_DAMAGED ? DBK_OK : err;
	notary->published.size = notary->signed_size = kept.size;
	notary->published.root = kept.root;
	notary->published.signed_at_us = kept.written_at_us;
	notary->has_published = notary->has_signed = true;
	return DBK_OK;
}

enum dbk_err
dbk_notary_open(const struct dbk_notary_options *options, struct dbk_notary **out,
		struct dbk_error *error)
{
	struct dbk_notary *notary = calloc(1, sizeof *notary);
	enum dbk_err err;

	if (notary == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY,
				     "no memory for the notary");
	notary->options = *options;
	(void)pthread_mutex_init(&notary->lock, NULL);
	dbk_buf_init(&notary->note);
	notary->dir = strdup(options->dir);
	err = notary->dir == NULL ? dbk_error_set(error, DBK_FAILED_MEMORY, "notary")
				  : DBK_OK;
	if (err == DBK_OK)
		err = dbk_log_reader_open(options->log, &notary->reader, error);
	if (err == DBK_OK)
		err = dbk_hashes_open(notary->dir, options->trusted, false,
				      &notary->hashes, error);
	if (err == DBK_OK)
		err = reach_seat(notary, error);
	if (err == DBK_OK)
		err = take_published(notary, error);
	if (err != DBK_OK) {
		dbk_notary_close(notary);
		return err;
	}
	*out = notary;
	return DBK_OK;
}

void
dbk_notary_close(struct dbk_notary *notary)
{
	if (notary == NULL)
		return;
	dbk_log_reader_close(notary->reader);
	dbk_hashes_close(notary->hashes);
	(void)pthread_mutex_destroy(&notary->lock);
	dbk_buf_fini(&notary->note);
	free(notary->dir);
	free(notary);
}

/* --------------------------------------------------------------- sign and publish */

bool
dbk_notary_is_due(const struct dbk_notary *notary)
{
	return !notary->has_signed || notary->size > notary->signed_size;
}

enum dbk_err
dbk_notary_sign(struct dbk_notary *notary, struct dbk_buf *note,
		struct dbk_error *error)
{
	struct dbk_tree_hash root = dbk_hashes_root(notary->hashes);
	/* What could not be written when it was followed, as on a full disk. */
	enum dbk_err err = dbk_hashes_flush(notary->hashes, error);

	if (err != DBK_OK)
		return err;
	dbk_assert(dbk_hashes_size(notary->hashes) == notary->size);
	dbk_buf_reset(note);
	err = dbk_seat_sign(notary->options.seat, notary->size, &root, note, error);
	if (err == DBK_OK && notary->options.witnessed)
		err = dbk_kept_note_write(notary->dir, DBK_NOTE_SIGNED,
					  dbk_str_make(note->bytes, note->size), error);
	if (err != DBK_OK)
		return err;
	notary->signed_size = notary->size;
	notary->has_signed = true;
	return DBK_OK;
}

enum dbk_err
dbk_notary_publish(struct dbk_notary *notary, struct dbk_str note, int64_t now_us,
		   struct dbk_error *error)
{
	struct dbk_kept_note kept;
	struct dbk_buf text;
	enum dbk_err err = dbk_kept_note_check(
	    "the note", note, dbk_seat_key(notary->options.seat), &kept, error);

	dbk_buf_init(&text);
	dbk_buf_put(&text, note.bytes, note.size);
	if (err == DBK_OK && dbk_buf_failed(&text))
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to publish");
	if (err == DBK_OK)
		err = dbk_kept_note_write(notary->dir, DBK_NOTE_PUBLISHED, note, error);
	if (err == DBK_OK) {
		struct dbk_buf old = notary->note;

		if (notary->options.witnessed && kept.size == notary->signed_size)
			dbk_kept_note_remove(notary->dir, DBK_NOTE_SIGNED);
		(void)pthread_mutex_lock(&notary->lock);
		notary->has_published = true;
		notary->published.size = kept.size;
		notary->published.root = kept.root;
		notary->published.signed_at_us = now_us;
		notary->note = text;
		(void)pthread_mutex_unlock(&notary->lock);
		text = old;
	}
	dbk_buf_fini(&text);
	return err;
}

bool
dbk_notary_published(struct dbk_notary *notary, struct dbk_published *out,
		     struct dbk_buf *note)
{
	bool has;

	(void)pthread_mutex_lock(&notary->lock);
	has = notary->has_published;
	if (has) {
		*out = notary->published;
		if (note != NULL) {
			dbk_buf_reset(note);
			dbk_buf_put(note, notary->note.bytes, notary->note.size);
		}
	}
	(void)pthread_mutex_unlock(&notary->lock);
	return has;
}

struct dbk_hashes *
dbk_notary_hashes(struct dbk_notary *notary)
{
	return notary->hashes;
}
