#include "export/signed_log.h"

#include <inttypes.h>
#include <stdio.h>

#include "export/folder.h"
#include "export/gap_file.h"
#include "export/layout.h"
#include "log/log_slice.h"
#include "log_stream.h"
#include "progress.h"
#include "same_log.h"

struct exporter {
	struct session *session;
	struct folder folder;
	struct dbk_note_key key;
	struct layout *layout;
	struct gap_file gaps;
	struct log_stream *log;
	uint64_t from;		     /* records that were there before */
	struct dbk_log_slice before; /* the group that was taken last */
	bool has_before;
	struct progress progress;
	struct dbk_error error;
};

static int
failed(struct exporter *e)
{
	progress_clear(&e->progress);
	return diag_failure(&e->error);
}

/* ----------------------------------------------------------------------------- groups
 */

/* The key of a value is in its header. */
static enum dbk_err
open_group(struct exporter *e, struct dbk_str value, struct dbk_log_slice *out)
{
	unsigned char key[DBK_LOG_KEY_BYTES];
	struct dbk_cursor at = dbk_cursor_make(value.bytes, value.size);
	uint64_t number, first_position;
	enum dbk_err err;

	(void)dbk_cursor_u64(&at);
	number = dbk_cursor_u64(&at);
	first_position = dbk_cursor_u64(&at);
	dbk_log_slice_key(first_position, number, key);
	err =
	    dbk_log_slice_decode(dbk_str_make(key, sizeof key), value, out, &e->error);
	if (err == DBK_OK)
		err = dbk_log_slice_check(out, &e->error);
	if (err == DBK_OK && e->has_before)
		err = dbk_log_slice_follows(&e->before, out, &e->error);
	return err;
}

static enum dbk_err
add_gaps(struct exporter *e, const struct dbk_log_slice *slice)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_log_batch batch;
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && dbk_log_slice_next_batch(&at, &batch))
		err = gap_file_add(&e->gaps, batch.reply, e->from,
				   log_stream_size(e->log), &e->error);
	return err;
}

/* Its records that are not there yet, and are under the checkpoint. */
static enum dbk_err
add_records(struct exporter *e, const struct dbk_log_slice *slice)
{
	uint64_t size = log_stream_size(e->log);
	enum dbk_err err = DBK_OK;

	for (uint32_t i = 0; err == DBK_OK && i < slice->n_records; i++) {
		uint64_t position = slice->first_position + i;

		if (position < layout_size(e->layout))
			continue;
		if (position >= size)
			break;
		err = layout_add(e->layout, dbk_log_slice_record(slice, i), &e->error);
	}
	return err;
}

static enum dbk_err
add_group(struct exporter *e, struct dbk_str value)
{
	struct dbk_log_slice slice;
	enum dbk_err err = open_group(e, value, &slice);

	if (err == DBK_OK && slice.first_position > layout_size(e->layout))
		err = dbk_error_set(&e->error, DBK_FAILED_DAMAGED,
				    "the daemon left out records from %" PRIu64 " on",
				    layout_size(e->layout));
	if (err == DBK_OK)
		err = add_gaps(e, &slice);
	if (err == DBK_OK)
		err = add_records(e, &slice);
	e->before = slice;
	e->has_before = true;
	return err;
}

static void
show(struct exporter *e)
{
	const struct progress_state state = {
		.what = "export",
		.done = layout_size(e->layout) - e->from,
		.total = log_stream_size(e->log) - e->from,
		.count = layout_size(e->layout) - e->from,
		.unit = "records",
		.note = "",
	};

	progress_show(&e->progress, &state);
}

static int
take_groups(struct exporter *e)
{
	bool ended = false;

	for (;;) {
		struct dbk_str value;
		int code = log_stream_next(e->log, &value, &ended);

		if (code != EXIT_OK || ended)
			return code;
		/* A record behind the checkpoint is not ours, and has no group before.
		 */
		if (add_group(e, value) != DBK_OK)
			return failed(e);
		show(e);
	}
}

static int
finish(struct exporter *e, bool quiet)
{
	enum dbk_err err = gap_file_close(&e->gaps, &e->error);

	if (err == DBK_OK)
		err = layout_finish(e->layout, log_stream_note(e->log), &e->error);
	if (err != DBK_OK)
		return failed(e);
	progress_clear(&e->progress);
	if (!quiet)
		(void)printf("%s: %" PRIu64 " records, %" PRIu64 " of them new, in "
			     "%.1f s\n",
			     e->folder.path, layout_size(e->layout),
			     layout_size(e->layout) - e->from,
			     progress_seconds(&e->progress));
	return EXIT_OK;
}

/* ------------------------------------------------------------------------------ whole
 */

static int
open_folder(struct exporter *e, const char *dir)
{
	if (folder_open(&e->folder, dir, "daybook", &e->error) != DBK_OK ||
	    layout_open(&e->folder, &e->key, &e->layout, &e->error) != DBK_OK)
		return failed(e);
	e->from = layout_size(e->layout);
	return EXIT_OK;
}

/* Before anything is written; the root that all comes to says so again at the end. */
static int
check_same_log(struct exporter *e)
{
	struct dbk_tree_hash root = layout_root(e->layout);

	return same_log_check(e->session, e->folder.path, e->from, &root);
}

static int
export_log(struct exporter *e, const char *dir, bool quiet)
{
	int code = log_stream_key(e->session, &e->key);

	if (code == EXIT_OK)
		code = open_folder(e, dir);
	if (code == EXIT_OK)
		code = check_same_log(e);
	if (code == EXIT_OK &&
	    gap_file_open(&e->gaps, &e->folder, e->from, &e->error) != DBK_OK)
		code = failed(e);
	if (code == EXIT_OK)
		code = log_stream_open(e->session, 0, e->from, &e->log);
	if (code == EXIT_OK)
		code = take_groups(e);
	return code == EXIT_OK ? finish(e, quiet) : code;
}

int
signed_log_export(struct session *session, const char *dir, bool quiet)
{
	struct exporter e = { .session = session, .folder = { .fd = -1 } };
	struct dbk_error ignored = { DBK_OK, "" };
	int code;

	progress_begin(&e.progress, !quiet);
	code = export_log(&e, dir, quiet);
	progress_clear(&e.progress);
	/* After a failure; what it says then comes second. */
	if (gap_file_close(&e.gaps, &ignored) != DBK_OK && code == EXIT_OK)
		code = EXIT_FAILED;
	log_stream_close(e.log);
	layout_close(e.layout);
	folder_close(&e.folder);
	return code;
}
