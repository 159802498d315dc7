#include "books/save.h"

#include "books/core.h"

/* Raised when a row changes its meaning without changing its size. */
#define LAYOUT_VERSION 9u

static void
spill_page(void *context, const struct dbk_rows *table, uint32_t page, const void *rows,
	   size_t size)
{
	struct dbk_books *books = context;
	struct dbk_books_page out = { table->number, page, rows, size };

	books->save_spill(books->save_context, &out);
}

void
dbk_books_save_begin(struct dbk_books *books, dbk_books_spill_fn *spill, void *context,
		     struct dbk_buf *meta)
{
	struct dbk_journal *journal = &books->journal;

	dbk_assert(journal->size == 0);
	books->save_spill = spill;
	books->save_context = context;
	books->save_table = 0;
	journal->spill = spill_page;
	journal->spill_context = books;
	dbk_buf_put_u32(meta, LAYOUT_VERSION);
	dbk_buf_put_u32(meta, journal->n_tables);
	dbk_buf_put(meta, books->names.key, DBK_HASH_KEY_BYTES);
	for (uint32_t i = 0; i < journal->n_tables; i++) {
		dbk_rows_save_begin(journal->tables[i]);
		dbk_buf_put_u32(meta, journal->tables[i]->row_bytes);
		dbk_buf_put_u32(meta, journal->tables[i]->count);
	}
}

bool
dbk_books_save_next(struct dbk_books *books, struct dbk_books_page *out)
{
	struct dbk_journal *journal = &books->journal;

	for (; books->save_table < journal->n_tables; books->save_table++) {
		out->table = books->save_table;
		if (dbk_rows_save_next(journal->tables[books->save_table], &out->page,
				       &out->rows, &out->size))
			return true;
	}
	return false;
}

void
dbk_books_save_abandon(struct dbk_books *books)
{
	for (uint32_t i = 0; i < books->journal.n_tables; i++)
		dbk_rows_save_abandon(books->journal.tables[i]);
	books->save_table = books->journal.n_tables;
}

static enum dbk_err
meta_open(struct dbk_str meta, struct dbk_cursor *out, uint32_t *out_tables,
	  unsigned char key[DBK_HASH_KEY_BYTES])
{
	const unsigned char *bytes;

	*out = dbk_cursor_make(meta.bytes, meta.size);
	if (dbk_cursor_u32(out) != LAYOUT_VERSION)
		return DBK_FAILED_INPUT;
	*out_tables = dbk_cursor_u32(out);
	bytes = dbk_cursor_take(out, DBK_HASH_KEY_BYTES);
	if (bytes == NULL || dbk_cursor_left(out) != (size_t)*out_tables * 8)
		return DBK_FAILED_INPUT;
	memcpy(key, bytes, DBK_HASH_KEY_BYTES);
	return DBK_OK;
}

enum dbk_err
dbk_books_load_key(struct dbk_str meta, unsigned char out[DBK_HASH_KEY_BYTES])
{
	struct dbk_cursor cursor;
	uint32_t tables;

	return meta_open(meta, &cursor, &tables, out);
}

enum dbk_err
dbk_books_load_begin(struct dbk_books *books, struct dbk_str meta)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	struct dbk_cursor cursor;
	uint32_t tables;

	if (meta_open(meta, &cursor, &tables, key) != DBK_OK ||
	    tables != books->journal.n_tables ||
	    memcmp(key, books->names.key, sizeof key) != 0)
		return DBK_FAILED_INPUT;
	for (uint32_t i = 0; i < tables; i++) {
		uint32_t row_bytes = dbk_cursor_u32(&cursor);
		uint32_t count = dbk_cursor_u32(&cursor);

		if (row_bytes != books->journal.tables[i]->row_bytes ||
		    !dbk_rows_load_begin(books->journal.tables[i], count))
			return DBK_FAILED_INPUT;
	}
	return DBK_OK;
}

enum dbk_err
dbk_books_load_page(struct dbk_books *books, uint32_t table, uint32_t page,
		    struct dbk_str rows)
{
	if (table >= books->journal.n_tables ||
	    !dbk_rows_load_page(books->journal.tables[table], page, rows.bytes,
				rows.size))
		return DBK_FAILED_INPUT;
	return DBK_OK;
}

uint64_t
dbk_books_bytes(const struct dbk_books *books)
{
	return dbk_journal_bytes(&books->journal);
}
