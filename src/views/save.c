#include "views/save.h"

#include "views/note.h"
#include "views/view_private.h"

/* Beside chunks, names and pages: notes, keys, a header for each. */
#define EXTRA_BYTES ((uint64_t)64 * 1024)

static uint64_t
changed_bytes(const struct dbk_rows *rows)
{
	uint32_t pages = ((rows->count - 1) >> rows->page_shift) + 1;
	uint64_t changed = 0;

	for (uint32_t p = 0; p < pages; p++)
		changed += rows->pages[p] != DBK_PAGE_CLEAN;
	return changed * DBK_ROWS_PAGE_BYTES;
}

static uint64_t
bytes_to_write(const struct dbk_view *view, bool full)
{
	uint64_t bytes =
	    dbk_stream_bytes(&view->stream) + view->new_names.size + EXTRA_BYTES;

	for (unsigned t = 0; full && t < DBK_HEADS_TABLES; t++)
		bytes += changed_bytes(&view->heads.tables[t]);
	return bytes;
}

static void
put_chunks(const struct dbk_view *view, struct dbk_txn *txn)
{
	const struct dbk_stream *stream = &view->stream;

	if (stream->first == 0 || dbk_stream_end(stream) == view->disk_end)
		return;
	for (uint32_t n = stream->first; n <= stream->tail.number; n++) {
		const unsigned char *bytes;
		uint32_t size;

		if (dbk_stream_find(stream, n, &bytes, &size))
			dbk_shelf_put_chunk(view->shelf, txn, n,
					    dbk_str_make(bytes, size),
					    n > view->disk_chunk);
	}
}

static void
put_pages(struct dbk_view *view, struct dbk_txn *txn)
{
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++) {
		struct dbk_rows *rows = &view->heads.tables[t];
		const void *bytes;
		uint32_t page;
		size_t size;

		dbk_rows_save_begin(rows);
		while (dbk_rows_save_next(rows, &page, &bytes, &size))
			dbk_shelf_put_page(view->shelf, txn, (uint8_t)t, page,
					   dbk_str_make(bytes, size));
	}
}

static void
abandon_pages(struct dbk_view *view)
{
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		dbk_rows_save_abandon(&view->heads.tables[t]);
}

/* The notes; false if there is no memory to write them down. */
static bool
put_notes(struct dbk_view *view, struct dbk_txn *txn, bool full)
{
	struct dbk_note_history history = {
		.size = view->size,
		.end = dbk_stream_end(&view->stream),
		.n_names = view->n_names + (view->new_names.size > 0 ? 1 : 0)
	};
	struct dbk_note_heads heads = { .size = history.size, .end = history.end };
	struct dbk_buf *buf = &view->note;

	dbk_buf_reset(buf);
	dbk_note_put_history(buf, &history);
	if (dbk_buf_failed(buf))
		return false;
	dbk_shelf_put_note(view->shelf, txn, DBK_SHELF_HISTORY,
			   dbk_str_make(buf->bytes, buf->size));
	if (!full)
		return true;
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		heads.counts[t] = view->heads.tables[t].count;
	dbk_buf_reset(buf);
	dbk_note_put_heads(buf, &heads, &view->heads);
	if (dbk_buf_failed(buf))
		return false;
	dbk_shelf_put_note(view->shelf, txn, DBK_SHELF_HEADS,
			   dbk_str_make(buf->bytes, buf->size));
	return true;
}

/* What is on disk now need not be in memory too.  Readers that come later find it
 * there, because their transactions begin after this commit. */
static void
let_go(struct dbk_view *view)
{
	dbk_gate_write_enter(&view->gate);
	dbk_stream_release(&view->stream, view->stream.tail.number);
	dbk_gate_write_leave(&view->gate);
}

static void
written(struct dbk_view *view, bool full)
{
	if (view->new_names.size > 0)
		view->n_names++;
	dbk_buf_reset(&view->new_names);
	view->disk_chunk = view->stream.tail.number;
	view->disk_end = dbk_stream_end(&view->stream);
	if (view->stream.first != view->stream.tail.number)
		let_go(view);
	view->durable_size = view->size;
	if (full) {
		view->heads_size = view->size;
		view->disk_bytes = dbk_shelf_disk_bytes(view->shelf);
	}
}

enum dbk_err
dbk_save_view(struct dbk_view *view, bool full, struct dbk_error *error)
{
	struct dbk_txn *txn;
	enum dbk_err err =
	    dbk_shelf_write_begin(view->shelf, bytes_to_write(view, full), &txn, error);

	if (err != DBK_OK)
		return err;
	put_chunks(view, txn);
	if (view->new_names.size > 0)
		dbk_shelf_put_names(
		    view->shelf, txn, view->n_names,
		    dbk_str_make(view->new_names.bytes, view->new_names.size));
	if (full)
		put_pages(view, txn);
	if (put_notes(view, txn, full)) {
		err = dbk_shelf_commit(txn, error);
	} else {
		dbk_shelf_end(txn);
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to flush");
	}
	if (err == DBK_OK)
		written(view, full);
	else if (full)
		abandon_pages(view);
	return err;
}
