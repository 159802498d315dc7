#ifndef DBK_BASE_ROWS_H
#define DBK_BASE_ROWS_H

/*
 * rows.h -- tables of resident rows of one fixed size with dense ids, an undo journal,
 * and marks of what changed since the table was last saved.
 *
 * A table reserves its whole address range when it is made and lets the kernel back it
 * page by page, so rows never move, growing never copies and an id is an index.  Id 0
 * means "none" everywhere; row 0 exists and stays zero.
 *
 * All tables of one owner share a journal.  Rows are changed only through
 * dbk_rows_touch(), which keeps the row as it was, so that everything since a mark can
 * be undone: one refused event, a dry run, or a group whose commit failed.  The journal
 * reserves its address range as well, so no change is half made for want of memory.
 *
 * Saving runs beside the changes of the same thread: dbk_rows_save_begin() declares all
 * changed pages pending, dbk_rows_save_next() hands them out one after another, and a
 * pending page that is about to change is handed to the spill function first.  So the
 * pages together are the table as it was at save_begin, without a pause and a copy.
 *
 * Thread: one at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/assert.h"

#define DBK_ROWS_TABLES_MAX 72

/* About this many bytes of rows make a page, the unit of saving. */
#define DBK_ROWS_PAGE_BYTES 16384

enum dbk_rows_page {
	DBK_PAGE_CLEAN = 0,
	DBK_PAGE_DIRTY = 1,   /* changed since the last save began */
	DBK_PAGE_PENDING = 2, /* to be handed out by the save that runs */
};

struct dbk_rows;

/* Copy the SIZE bytes at ROWS of PAGE away now; they are about to change. */
typedef void dbk_rows_spill_fn(void *context, const struct dbk_rows *table,
			       uint32_t page, const void *rows, size_t size);

/* Rows kept lately, by table and id: a row that an event changes again and again is
 * kept once. */
#define DBK_ROWS_RECENT 128

/* Epochs are told apart by so many bits; the rows kept lately are forgotten when they
 * have all been used. */
#define DBK_ROWS_EPOCH_SHIFT 32
#define DBK_ROWS_EPOCHS UINT64_C(0xffff)

struct dbk_journal {
	unsigned char *bytes; /* address range, backed as it is used */
	size_t size;
	/* Ends with every mark, rewind and forget, and when a save begins; shifted. */
	uint64_t epoch;
	uint64_t recent[DBK_ROWS_RECENT]; /* kept, plus the epoch */
	struct dbk_rows *tables[DBK_ROWS_TABLES_MAX];
	/* By table, side by side so that a mark is a copy: rows now, and rows at the
	 * last mark, which are journaled when they change. */
	uint32_t counts[DBK_ROWS_TABLES_MAX];
	uint32_t existed[DBK_ROWS_TABLES_MAX];
	uint32_t n_tables;
	dbk_rows_spill_fn *spill;
	void *spill_context;
};

/* A point in time of all tables of a journal. */
struct dbk_mark {
	size_t size;
	uint32_t counts[DBK_ROWS_TABLES_MAX];
};

struct dbk_rows {
	unsigned char *rows;
	uint8_t *pages; /* enum dbk_rows_page each */
	struct dbk_journal *journal;
	uint32_t count;	  /* rows, row 0 included */
	uint32_t max;
	uint32_t row_bytes;
	uint32_t page_shift; /* rows of a page, as a power of two */
	uint32_t number;     /* in the journal */
	uint64_t kept;	     /* how the journal says that one row, row 0, was kept */
	uint32_t recent_at;  /* where it says so of row 0 */
	uint32_t save_at;    /* next page to look at while saving */
	uint32_t save_pages; /* pages that existed when the save began */
};

void dbk_journal_init(struct dbk_journal *journal);
void dbk_journal_fini(struct dbk_journal *journal);

/* Make TABLE empty (row 0 alone) under JOURNAL with room for MAX rows of ROW_BYTES. */
DBK_MUST_CHECK enum dbk_err dbk_rows_init(struct dbk_rows *table,
					  struct dbk_journal *journal,
					  uint32_t row_bytes, uint32_t max);
void dbk_rows_fini(struct dbk_rows *table);

/* Note where we are.  Marks nest: rewind to an outer one undoes the inner ones too. */
void dbk_journal_mark(struct dbk_journal *journal, struct dbk_mark *out);

/* Undo every change since MARK, and make MARK the newest mark again. */
void dbk_journal_rewind(struct dbk_journal *journal, const struct dbk_mark *mark);

/* Nothing before this point will be undone; forget how it was. */
void dbk_journal_forget(struct dbk_journal *journal);

/* The row, to read.  _SIZED: of a table whose ROW_BYTES, a constant, the caller knows.
 */
static inline const void *
dbk_rows_row_sized(const struct dbk_rows *table, uint32_t id, size_t row_bytes)
{
	dbk_assert(id < table->count);
	return table->rows + id * row_bytes;
}

static inline const void *
dbk_rows_row(const struct dbk_rows *table, uint32_t id)
{
	return dbk_rows_row_sized(table, id, table->row_bytes);
}

/* What dbk_rows_touch() does at times; not called by others. */
void dbk_rows_touch_slow(struct dbk_rows *table, uint32_t id);
void dbk_rows_keep(struct dbk_rows *table, uint32_t id, const unsigned char *row);

static inline uint64_t *
dbk_rows_recent(const struct dbk_rows *table, uint32_t id)
{
	return &table->journal->recent[(table->recent_at + id) % DBK_ROWS_RECENT];
}

/* The row, to change.  One that was kept in this epoch is on a dirty page, too. */
static inline void *
dbk_rows_touch_sized(struct dbk_rows *table, uint32_t id, size_t row_bytes)
{
	const struct dbk_journal *journal = table->journal;
	unsigned char *row = table->rows + id * row_bytes;

	dbk_assert(id < table->count && id != 0);
	if (id < journal->existed[table->number]) {
		if (*dbk_rows_recent(table, id) != (table->kept | id) + journal->epoch)
			dbk_rows_keep(table, id, row);
	} else if (table->pages[id >> table->page_shift] != DBK_PAGE_DIRTY) {
		dbk_rows_touch_slow(table, id);
	}
	return row;
}

static inline void *
dbk_rows_touch(struct dbk_rows *table, uint32_t id)
{
	return dbk_rows_touch_sized(table, id, table->row_bytes);
}

/* N rows in sequence, at most DBK_ROWS_RUN_MAX, to change: all were there at the last
 * mark or none was. */
#define DBK_ROWS_RUN_MAX 32768u
void *dbk_rows_touch_run(struct dbk_rows *table, uint32_t id, uint32_t n);

/* True if N more rows have room. */
static inline bool
dbk_rows_has_room(const struct dbk_rows *table, uint32_t n)
{
	return table->max - table->count >= n;
}

/* N zeroed rows in sequence; the id of the first.  The caller has asked for room. */
uint32_t dbk_rows_append(struct dbk_rows *table, uint32_t n);

/* Bytes of rows in use, for reports. */
uint64_t dbk_rows_bytes(const struct dbk_rows *table);

/* The same of all tables of JOURNAL. */
uint64_t dbk_journal_bytes(const struct dbk_journal *journal);

/* ------------------------------------------------------------------------ saving */

void dbk_rows_save_begin(struct dbk_rows *table);

/* The next pending page, now clean; false when there is none left. */
bool dbk_rows_save_next(struct dbk_rows *table, uint32_t *out_page,
			const void **out_rows, size_t *out_size);

/* A save failed: what it had taken must be saved by the next one.  All pages dirty. */
void dbk_rows_save_abandon(struct dbk_rows *table);

/* Loading: COUNT rows will exist; then each page's bytes.  False if a page is not one
 * of them or has another size. */
bool dbk_rows_load_begin(struct dbk_rows *table, uint32_t count);
bool dbk_rows_load_page(struct dbk_rows *table, uint32_t page, const void *rows,
			size_t size);

/* What was loaded will never be undone: no row of now is kept when it changes. */
void dbk_rows_keep_none(struct dbk_rows *table);

#endif
