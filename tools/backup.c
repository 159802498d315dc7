/*
 * backup.c -- a copy of the log as a data directory, proved as it is written.
 *
 * The groups go into DIR/log as they are, the tree over them into DIR/tree, and at last
 * the checkpoint.  Killed at any moment the copy is an older one, or has more records
 * than its checkpoint covers; the next run goes on from there.
 */

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "export/folder.h"
#include "export/layout.h"
#include "log/log_copy.h"
#include "log/log_reader.h"
#include "log_stream.h"
#include "progress.h"
#include "proof/hashes.h"
#include "proof/kept_note.h"
#include "same_log.h"
#include "tlog/checkpoint.h"
#include "verbs.h"

/* What one commit of the copy has, but for a commit of the log that is larger. */
#define COMMIT_BYTES ((size_t)64 * 1024 * 1024)

/* Leaves that are hashed and put at once. */
#define LEAVES 256

#define PATH_BYTES 4096

struct options {
	struct cli_common common;
	bool quiet;
};

static const struct options defaults = { .quiet = false };

static const struct cli_option options[] = {
	{ "quiet", NULL, "no progress, no words at the end", CLI_FLAG,
	  offsetof(struct options, quiet), 0, 0 },
	CLI_OPTION_END
};

struct backup {
	struct session *session;
	struct folder folder;
	struct dbk_note_key key;
	struct dbk_log *log;
	struct dbk_hashes *hashes;
	struct dbk_log_copy *copy; /* NULL: nothing is under way */
	size_t copied;		   /* bytes of it */
	struct log_stream *stream;
	uint64_t from;	 /* records that were there before */
	uint64_t hashed; /* records in the tree */
	struct progress progress;
	struct dbk_error error;
};

static int
failed(struct backup *b)
{
	progress_clear(&b->progress);
	return diag_failure(&b->error);
}

/* --------------------------------------------------------------------- what is there
 */

static enum dbk_err
add_leaves(struct backup *b, const struct dbk_tree_hash *leaves, uint32_t n)
{
	enum dbk_err err = dbk_hashes_add(b->hashes, leaves, n, &b->error);

	b->hashed += n;
	if (err == DBK_OK)
		err = dbk_hashes_flush(b->hashes, &b->error);
	return err;
}

/* Hash the records of SLICE that the tree lacks, up to SIZE. */
static enum dbk_err
hash_group(struct backup *b, const struct dbk_log_slice *slice, uint64_t size)
{
	struct dbk_tree_hash leaves[LEAVES];
	enum dbk_err err = DBK_OK;
	uint32_t n = 0;

	for (uint32_t i = 0; i < slice->n_records && err == DBK_OK; i++) {
		uint64_t position = slice->first_position + i;

		if (position < b->hashed + n)
			continue;
		if (position >= size)
			break;
		leaves[n++] = dbk_tree_leaf(dbk_log_slice_record(slice, i));
		if (n == LEAVES) {
			err = add_leaves(b, leaves, n);
			n = 0;
		}
	}
	return err == DBK_OK && n > 0 ? add_leaves(b, leaves, n) : err;
}

/* Hash what the copy has already, up to SIZE. */
static enum dbk_err
hash_own(struct backup *b, uint64_t size)
{
	struct dbk_log_reader *reader;
	struct dbk_log_slice slice;
	enum dbk_err err;

	if (b->hashed >= size || b->hashed >= dbk_log_size(b->log))
		return DBK_OK;
	err = dbk_log_reader_open(b->log, &reader, &b->error);
	if (err != DBK_OK)
		return err;
	dbk_log_reader_seek(reader, b->hashed);
	while (err == DBK_OK && b->hashed < size) {
		err = dbk_log_reader_next(reader, &slice, &b->error);
		if (err == DBK_OK)
			err = hash_group(b, &slice, size);
	}
	dbk_log_reader_close(reader);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

static enum dbk_err
open_hashes(struct backup *b, uint64_t size)
{
	dbk_hashes_close(b->hashes);
	b->hashes = NULL;
	b->hashed = size;
	return dbk_hashes_open(b->folder.path, size, false, &b->hashes, &b->error);
}

static bool
has_root(const struct backup *b, const struct dbk_kept_note *kept)
{
	struct dbk_tree_hash root = dbk_hashes_root(b->hashes);

	return b->hashed == kept->size && dbk_tree_hash_equal(&root, &kept->root);
}

/* The tree as the copy's checkpoint has it; made again from the copy's log where the
 * files do not say so. */
static enum dbk_err
load_tree(struct backup *b, const struct dbk_kept_note *kept)
{
	enum dbk_err err = open_hashes(b, kept->size);

	if (err == DBK_OK && has_root(b, kept))
		return DBK_OK;
	if (err == DBK_OK || err == DBK_FAILED_NOT_FOUND)
		err = open_hashes(b, 0);
	if (err == DBK_OK)
		err = hash_own(b, kept->size);
	if (err == DBK_OK && !has_root(b, kept))
		err = dbk_error_set(&b->error, DBK_FAILED_DAMAGED,
				    "%s: the log is not the one that its checkpoint "
				    "of %" PRIu64 " records was signed for",
				    b->folder.path, kept->size);
	return err;
}

static enum dbk_err
load_checkpoint(struct backup *b, struct dbk_kept_note *kept)
{
	struct dbk_buf note;
	enum dbk_err err;

	dbk_buf_init(&note);
	err = dbk_kept_note_read(b->folder.path, DBK_NOTE_PUBLISHED, &b->key, &note,
				 kept, &b->error);
	dbk_buf_fini(&note);
	if (err == DBK_FAILED_NOT_FOUND) {
		*kept = (struct dbk_kept_note){ .size = 0 };
		return open_hashes(b, 0);
	}
	if (err == DBK_FAILED_STATE)
		return dbk_error_set(&b->error, DBK_FAILED_INPUT,
				     "%s is a backup of another log than %s",
				     b->folder.path, b->key.name);
	return err == DBK_OK ? load_tree(b, kept) : err;
}

/* A folder with other things in it is not ours to write into. */
static enum dbk_err
check_folder(struct backup *b, char path[PATH_BYTES])
{
	struct stat found;

	(void)snprintf(path, PATH_BYTES, "%s/log", b->folder.path);
	if (b->folder.made || stat(path, &found) == 0)
		return DBK_OK;
	return dbk_error_set(&b->error, DBK_FAILED_INPUT,
			     "%s is not empty, and no backup of a log", b->folder.path);
}

static int
open_copy(struct backup *b, const char *dir)
{
	const struct dbk_log_options log_options = { .max_bytes = 0 };
	struct dbk_kept_note kept;
	char path[PATH_BYTES];
	enum dbk_err err = folder_open(&b->folder, dir, "log", &b->error);

	if (err == DBK_OK)
		err = check_folder(b, path);
	if (err == DBK_OK)
		err = dbk_log_open(path, &log_options, &b->log, &b->error);
	if (err == DBK_OK)
		err = load_checkpoint(b, &kept);
	if (err != DBK_OK)
		return failed(b);
	b->from = dbk_log_size(b->log);
	return same_log_check(b->session, dir, kept.size, &kept.root);
}

/* ---------------------------------------------------------------------- what is new */

static enum dbk_err
commit(struct backup *b)
{
	struct dbk_log_copy *copy = b->copy;

	b->copy = NULL;
	b->copied = 0;
	return copy == NULL ? DBK_OK : dbk_log_copy_commit(copy, &b->error);
}

static enum dbk_err
take_group(struct backup *b, struct dbk_str value)
{
	struct dbk_log_slice slice;
	enum dbk_err err = DBK_OK;

	if (b->copy == NULL)
		err = dbk_log_copy_begin(b->log, &b->copy, &b->error);
	if (err == DBK_OK)
		err = dbk_log_copy_put(b->copy, value, &slice, &b->error);
	if (err == DBK_OK)
		err = hash_group(b, &slice, log_stream_size(b->stream));
	b->copied += value.size;
	if (err == DBK_OK && b->copied >= COMMIT_BYTES &&
	    !dbk_log_copy_continues(b->copy))
		err = commit(b);
	return err;
}

static void
show(struct backup *b)
{
	const struct progress_state state = {
		.what = "backup",
		.done = b->hashed,
		.total = log_stream_size(b->stream),
		.count = b->hashed,
		.unit = "records",
		.note = "",
	};

	progress_show(&b->progress, &state);
}

static int
take_groups(struct backup *b)
{
	bool ended, begun = false;

	for (;;) {
		struct dbk_str value;
		int code = log_stream_next(b->stream, &value, &ended);

		if (code != EXIT_OK)
			return code;
		/* What was copied behind the last checkpoint, this one may cover. */
		if (!begun && hash_own(b, log_stream_size(b->stream)) != DBK_OK)
			return failed(b);
		begun = true;
		if (ended)
			return EXIT_OK;
		if (take_group(b, value) != DBK_OK)
			return failed(b);
		show(b);
	}
}

/* --------------------------------------------------------------------- the checkpoint
 */

static enum dbk_err
check_note(struct backup *b, struct dbk_str note)
{
	struct dbk_tree_hash root = dbk_hashes_root(b->hashes);
	struct dbk_checkpoint checkpoint;
	enum dbk_err err = layout_check_note(note, &b->key, &checkpoint, &b->error);

	if (err != DBK_OK)
		return err;
	if (checkpoint.size != b->hashed ||
	    !dbk_tree_hash_equal(&root, &checkpoint.root))
		return dbk_error_set(&b->error, DBK_FAILED_DAMAGED,
				     "what was read (%" PRIu64
				     " records) does not come "
				     "to the root that was signed (%" PRIu64 ")",
				     b->hashed, checkpoint.size);
	return DBK_OK;
}

static int
finish(struct backup *b, bool quiet)
{
	struct dbk_str note = log_stream_note(b->stream);
	enum dbk_err err = commit(b);

	if (err == DBK_OK)
		err = check_note(b, note);
	if (err == DBK_OK)
		err = dbk_hashes_sync(b->hashes, &b->error);
	if (err == DBK_OK)
		err = dbk_kept_note_write(b->folder.path, DBK_NOTE_PUBLISHED, note,
					  &b->error);
	if (err == DBK_OK)
		err = folder_sync(&b->folder, &b->error);
	if (err != DBK_OK)
		return failed(b);
	progress_clear(&b->progress);
	if (!quiet)
		(void)printf("%s: %" PRIu64 " records, %" PRIu64 " of them new, in "
			     "%.1f s; proved up to %" PRIu64 "\n",
			     b->folder.path, dbk_log_size(b->log),
			     dbk_log_size(b->log) - b->from,
			     progress_seconds(&b->progress), b->hashed);
	return EXIT_OK;
}

static int
back_up(struct backup *b, const char *dir, bool quiet)
{
	int code = log_stream_key(b->session, &b->key);

	if (code == EXIT_OK)
		code = open_copy(b, dir);
	if (code == EXIT_OK)
		code = log_stream_open(b->session, dbk_log_groups(b->log),
				       dbk_log_size(b->log), &b->stream);
	if (code == EXIT_OK)
		code = take_groups(b);
	return code == EXIT_OK ? finish(b, quiet) : code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct backup b = { .folder = { .fd = -1 } };
	int code = session_open(&o->common, &b.session);

	if (code != EXIT_OK)
		return code;
	progress_begin(&b.progress, !o->quiet);
	code = back_up(&b, call->operands[0], o->quiet);
	progress_clear(&b.progress);
	dbk_log_copy_abort(b.copy);
	log_stream_close(b.stream);
	dbk_hashes_close(b.hashes);
	dbk_log_close(b.log);
	folder_close(&b.folder);
	session_close(b.session);
	return code;
}

const struct cli_verb verb_backup = {
	.name = "backup",
	.group = CLI_OPERATE,
	.operands = "DIR",
	.summary = "a copy of the log, proved as it is written",
	.about =
	    "DIR becomes a data directory with the log as it lies, the tree over it "
	    "and "
	    "its signed\ncheckpoint; a DIR that has an older backup of this log gets "
	    "what "
	    "is new. Every group is\nchecked, every record hashed, and the root "
	    "compared "
	    "with the signed one before the\ncheckpoint is written. The daemon goes on "
	    "meanwhile. Keys are never in it: keep a copy\nof the folder of keys, or "
	    "of "
	    "the key file, in another place. To restore, stop the\ndaemon, copy DIR to "
	    "a "
	    "new data directory and start the daemon there; see daybookd(8) for\nwhat "
	    "it "
	    "says of keys that have signed more than the backup has.",
	.examples = "  daybook backup /backup/daybook\n"
		    "  daybook backup --quiet /backup/daybook && daybook verify "
		    "/backup/daybook --key key.txt",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
