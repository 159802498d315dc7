#include "base/rows.h"

#include <string.h>
#include <sys/mman.h>

/* Behind N kept rows of TABLE from ID on stands such a word, so that the journal can be
 * read backwards. */
static uint64_t
kept_word(uint32_t table, uint32_t n, uint32_t id)
{
	return (uint64_t)table << 48 | (uint64_t)n << 32 | id;
}

/* Rows are kept in pieces of this size.  The last piece reads and writes past its row;
 * behind a table's address range and at the journal's end there is room for that.  New
 * rows are cleared so, too. */
#define PIECE_BYTES 32u

/* More than this is cleared at once, not in pieces. */
#define CLEAR_BYTES_MAX 128u

/* How far apart the rows 0 of two tables stand among those kept lately. */
#define RECENT_STEP 37u

/* A group of the largest events, each with a thousand lines, needs some hundred MB. */
#ifndef __SANITIZE_THREAD__
#define JOURNAL_BYTES_MAX ((size_t)1 << 36)
#define TABLE_ROWS_MAX UINT32_MAX
#else
/* ThreadSanitizer leaves some 1.5 TiB of addresses to a program: one set of tables in
 * full size, where a rebuild needs two. */
#define JOURNAL_BYTES_MAX ((size_t)1 << 32)
#define TABLE_ROWS_MAX ((uint32_t)1 << 22)
#endif

/* What a journal keeps in memory when such a group is over. */
#define JOURNAL_BYTES_KEPT ((size_t)64 << 20)

#define HUGE_PAGE_BYTES ((size_t)2 << 20)

static void
next_epoch(struct dbk_journal *journal)
{
	journal->epoch += UINT64_C(1) << DBK_ROWS_EPOCH_SHIFT;
	if (journal->epoch < DBK_ROWS_EPOCHS << DBK_ROWS_EPOCH_SHIFT)
		return;
	memset(journal->recent, 0, sizeof journal->recent);
	journal->epoch = UINT64_C(1) << DBK_ROWS_EPOCH_SHIFT;
}

void
dbk_journal_init(struct dbk_journal *journal)
{
	memset(journal, 0, sizeof *journal);
	next_epoch(journal);
}

static void *
reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

void
dbk_journal_fini(struct dbk_journal *journal)
{
	if (journal->bytes != NULL)
		(void)munmap(journal->bytes, JOURNAL_BYTES_MAX);
	memset(journal, 0, sizeof *journal);
}

static size_t
rows_bytes(uint32_t max, uint32_t row_bytes)
{
	size_t size = (size_t)max * row_bytes + PIECE_BYTES;

	return (size + HUGE_PAGE_BYTES - 1) & ~(HUGE_PAGE_BYTES - 1);
}

static size_t
pages_bytes(const struct dbk_rows *table)
{
	return ((size_t)table->max >> table->page_shift) + 1;
}

enum dbk_err
dbk_rows_init(struct dbk_rows *table, struct dbk_journal *journal, uint32_t row_bytes,
	      uint32_t max)
{
	dbk_assert(journal->n_tables < DBK_ROWS_TABLES_MAX && row_bytes > 0 && max > 1);
	memset(table, 0, sizeof *table);
	if (max > TABLE_ROWS_MAX)
		max = TABLE_ROWS_MAX;
	if (journal->bytes == NULL)
		journal->bytes = reserve(JOURNAL_BYTES_MAX);
	if (journal->bytes == NULL)
		return DBK_FAILED_MEMORY;
	table->row_bytes = row_bytes;
	table->max = max;
	while (((size_t)row_bytes << (table->page_shift + 1)) <= DBK_ROWS_PAGE_BYTES)
		table->page_shift++;
	table->rows = reserve(rows_bytes(max, row_bytes));
	if (table->rows == NULL)
		return DBK_FAILED_MEMORY;
	table->pages = reserve(pages_bytes(table));
	if (table->pages == NULL) {
		(void)munmap(table->rows, rows_bytes(max, row_bytes));
		table->rows = NULL;
		return DBK_FAILED_MEMORY;
	}
	/* Rows are read at random: large pages spare most misses of translation.
	 * The first ones stay small, for books that stay small. */
	if (rows_bytes(max, row_bytes) > HUGE_PAGE_BYTES)
		(void)madvise(table->rows + HUGE_PAGE_BYTES,
			      rows_bytes(max, row_bytes) - HUGE_PAGE_BYTES,
			      MADV_HUGEPAGE);
	table->count = 1;
	table->pages[0] = DBK_PAGE_DIRTY;
	table->journal = journal;
	table->number = journal->n_tables;
	table->kept = kept_word(table->number, 1, 0);
	table->recent_at = table->number * RECENT_STEP;
	journal->counts[journal->n_tables] = journal->existed[journal->n_tables] = 1;
	journal->tables[journal->n_tables++] = table;
	return DBK_OK;
}

void
dbk_rows_fini(struct dbk_rows *table)
{
	if (table->rows == NULL)
		return;
	(void)munmap(table->rows, rows_bytes(table->max, table->row_bytes));
	(void)munmap(table->pages, pages_bytes(table));
	memset(table, 0, sizeof *table);
}

void
dbk_journal_mark(struct dbk_journal *journal, struct dbk_mark *out)
{
	out->size = journal->size;
	memcpy(out->counts, journal->counts, sizeof out->counts);
	memcpy(journal->existed, journal->counts, sizeof journal->existed);
	next_epoch(journal);
}

void
dbk_journal_rewind(struct dbk_journal *journal, const struct dbk_mark *mark)
{
	while (journal->size > mark->size) {
		struct dbk_rows *table;
		uint64_t kept;
		size_t size;

		journal->size -= sizeof kept;
		memcpy(&kept, journal->bytes + journal->size, sizeof kept);
		table = journal->tables[kept >> 48];
		size = (size_t)(kept >> 32 & UINT16_MAX) * table->row_bytes;
		journal->size -= size;
		memcpy(table->rows + (size_t)(uint32_t)kept * table->row_bytes,
		       journal->bytes + journal->size, size);
	}
	dbk_assert(journal->size == mark->size);
	for (uint32_t i = 0; i < journal->n_tables; i++) {
		dbk_assert(journal->tables[i]->count >= mark->counts[i]);
		journal->tables[i]->count = mark->counts[i];
	}
	memcpy(journal->counts, mark->counts, sizeof journal->counts);
	memcpy(journal->existed, mark->counts, sizeof journal->existed);
	next_epoch(journal);
}

void
dbk_journal_forget(struct dbk_journal *journal)
{
	if (journal->size > JOURNAL_BYTES_KEPT)
		(void)madvise(journal->bytes + JOURNAL_BYTES_KEPT,
			      journal->size - JOURNAL_BYTES_KEPT, MADV_DONTNEED);
	journal->size = 0;
	next_epoch(journal);
}

static __attribute__((noinline, cold)) void
keep_on_clean_page(struct dbk_rows *table, uint32_t id, const unsigned char *row)
{
	dbk_rows_touch_slow(table, id);
	dbk_rows_keep(table, id, row);
}

void
dbk_rows_keep(struct dbk_rows *table, uint32_t id, const unsigned char *row)
{
	struct dbk_journal *journal = table->journal;
	uint64_t kept = table->kept | id;
	size_t size = table->row_bytes;
	unsigned char *at = journal->bytes + journal->size, *end;

	if (table->pages[id >> table->page_shift] != DBK_PAGE_DIRTY) {
		keep_on_clean_page(table, id, row);
		return;
	}
	*dbk_rows_recent(table, id) = kept + journal->epoch;
	journal->size += size + sizeof kept;
	dbk_assert(journal->size <= JOURNAL_BYTES_MAX - PIECE_BYTES);
	for (end = at + size; at < end; at += PIECE_BYTES, row += PIECE_BYTES)
		memcpy(at, row, PIECE_BYTES);
	memcpy(end, &kept, sizeof kept);
}

static void
keep_run(struct dbk_rows *table, uint32_t id, uint32_t n)
{
	struct dbk_journal *journal = table->journal;
	uint64_t kept = kept_word(table->number, n, id);
	unsigned char *at = journal->bytes + journal->size;
	size_t size = (size_t)n * table->row_bytes;

	journal->size += size + sizeof kept;
	dbk_assert(journal->size <= JOURNAL_BYTES_MAX - PIECE_BYTES);
	memcpy(at, table->rows + (size_t)id * table->row_bytes, size);
	memcpy(at + size, &kept, sizeof kept);
}

void *
dbk_rows_touch_run(struct dbk_rows *table, uint32_t id, uint32_t n)
{
	uint32_t existed = table->journal->existed[table->number];

	dbk_assert(id != 0 && n > 0 && n <= DBK_ROWS_RUN_MAX);
	dbk_assert(n <= table->count && id <= table->count - n);
	dbk_assert(id >= existed || existed - id >= n);
	for (uint32_t p = id >> table->page_shift;
	     p <= (id + n - 1) >> table->page_shift; p++)
		if (table->pages[p] != DBK_PAGE_DIRTY)
			dbk_rows_touch_slow(table, p << table->page_shift);
	if (id < existed)
		keep_run(table, id, n);
	return table->rows + (size_t)id * table->row_bytes;
}

static size_t
page_size(const struct dbk_rows *table, uint32_t page)
{
	uint32_t first = page << table->page_shift;
	uint32_t rows = 1u << table->page_shift;

	if (table->max - first < rows)
		rows = table->max - first;
	return (size_t)rows * table->row_bytes;
}

static const unsigned char *
page_rows(const struct dbk_rows *table, uint32_t page)
{
	return table->rows + ((size_t)page << table->page_shift) * table->row_bytes;
}

void
dbk_rows_touch_slow(struct dbk_rows *table, uint32_t id)
{
	uint32_t page = id >> table->page_shift;

	if (table->pages[page] == DBK_PAGE_PENDING) {
		dbk_assert(table->journal->spill != NULL);
		table->journal->spill(table->journal->spill_context, table, page,
				      page_rows(table, page), page_size(table, page));
	}
	table->pages[page] = DBK_PAGE_DIRTY;
}

/* Behind SIZE bytes at AT there are no rows yet. */
static void
clear(unsigned char *at, size_t size)
{
	static const unsigned char zeros[PIECE_BYTES];

	if (size > CLEAR_BYTES_MAX) {
		memset(at, 0, size);
		return;
	}
	for (size_t done = 0; done < size; done += PIECE_BYTES)
		memcpy(at + done, zeros, PIECE_BYTES);
}

uint32_t
dbk_rows_append(struct dbk_rows *table, uint32_t n)
{
	uint32_t first = table->count, end = first + n;
	uint32_t page = first >> table->page_shift;
	uint32_t last = (end - 1) >> table->page_shift;
	size_t row_bytes = table->row_bytes;

	dbk_assert(n > 0 && dbk_rows_has_room(table, n));
	do
		if (table->pages[page] != DBK_PAGE_DIRTY)
			dbk_rows_touch_slow(table, page << table->page_shift);
	while (page++ != last);
	table->count = end;
	table->journal->counts[table->number] = end;
	clear(table->rows + first * row_bytes, n * row_bytes);
	return first;
}

uint64_t
dbk_rows_bytes(const struct dbk_rows *table)
{
	return (uint64_t)table->count * table->row_bytes;
}

uint64_t
dbk_journal_bytes(const struct dbk_journal *journal)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < journal->n_tables; i++)
		bytes += dbk_rows_bytes(journal->tables[i]);
	return bytes;
}

void
dbk_rows_save_begin(struct dbk_rows *table)
{
	next_epoch(table->journal);
	table->save_at = 0;
	table->save_pages = ((table->count - 1) >> table->page_shift) + 1;
	for (uint32_t p = 0; p < table->save_pages; p++)
		if (table->pages[p] == DBK_PAGE_DIRTY)
			table->pages[p] = DBK_PAGE_PENDING;
}

bool
dbk_rows_save_next(struct dbk_rows *table, uint32_t *out_page, const void **out_rows,
		   size_t *out_size)
{
	while (table->save_at < table->save_pages &&
	       table->pages[table->save_at] != DBK_PAGE_PENDING)
		table->save_at++;
	if (table->save_at >= table->save_pages)
		return false;
	table->pages[table->save_at] = DBK_PAGE_CLEAN;
	*out_page = table->save_at;
	*out_rows = page_rows(table, table->save_at);
	*out_size = page_size(table, table->save_at);
	table->save_at++;
	return true;
}

void
dbk_rows_save_abandon(struct dbk_rows *table)
{
	uint32_t pages = ((table->count - 1) >> table->page_shift) + 1;

	table->save_at = table->save_pages = 0;
	memset(table->pages, DBK_PAGE_DIRTY, pages);
}

bool
dbk_rows_load_begin(struct dbk_rows *table, uint32_t count)
{
	if (count < 1 || count > table->max)
		return false;
	table->count = count;
	table->journal->counts[table->number] = count;
	table->journal->existed[table->number] = count;
	memset(table->pages, DBK_PAGE_CLEAN, ((count - 1) >> table->page_shift) + 1);
	return true;
}

bool
dbk_rows_load_page(struct dbk_rows *table, uint32_t page, const void *rows, size_t size)
{
	if (page > (table->count - 1) >> table->page_shift ||
	    size != page_size(table, page))
		return false;
	memcpy(table->rows + ((size_t)page << table->page_shift) * table->row_bytes,
	       rows, size);
	return true;
}

void
dbk_rows_keep_none(struct dbk_rows *table)
{
	table->journal->existed[table->number] = 1;
}
