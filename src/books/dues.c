/*
 * dues.c -- what falls due: return windows that end.
 *
 * Things that fall due in one second stand in a list, in the order in which they were
 * scheduled; the lists stand in a heap.  Whoever schedules looks for the list of a
 * second only where it was last used, which is where it nearly always is; otherwise the
 * second gets another list, and of two lists of one second the one begun first comes
 * first.  So the order is the one that MONEY.md asks for, without an index of seconds.
 */

#include "base/time.h"
#include "books/core.h"

#define US_PER_SECOND 1000000
#define US_PER_MINUTE (60LL * US_PER_SECOND)
#define SECONDS_PER_DAY 86400
#define AHEAD_MAX 64

/* ------------------------------------------------------------------------- time */

uint32_t
dbk_due_second(int64_t time)
{
	int64_t second = time / US_PER_SECOND + (time % US_PER_SECOND > 0 ? 1 : 0);

	return second < 0 ? 0 : second > UINT32_MAX ? UINT32_MAX : (uint32_t)second;
}

uint32_t
dbk_local_day(const struct dbk_books *books, int64_t time)
{
	int64_t offset = DBK_ROW(books, book, book, 1)->utc_offset_minutes;
	int64_t local = time + offset * US_PER_MINUTE;

	return local < 0
		   ? 0
		   : (uint32_t)(local / ((int64_t)SECONDS_PER_DAY * US_PER_SECOND));
}

uint32_t
dbk_local_month(const struct dbk_books *books, int64_t time)
{
	int year, month, day;

	dbk_time_civil_of_days(dbk_local_day(books, time), &year, &month, &day);
	return (uint32_t)((year - 1970) * 12 + month - 1);
}

/* ------------------------------------------------------------------------- heap */

static const struct dbk_row_due_heap *
heap_row(const struct dbk_books *books, uint32_t at)
{
	return DBK_ROW(books, due_heap, due_heap, at);
}

static void
heap_put(struct dbk_books *books, uint32_t at, struct dbk_row_due_heap row)
{
	*DBK_TOUCH(books, due_heap, due_heap, at) = row;
}

static bool
comes_before(const struct dbk_row_due_heap *a, const struct dbk_row_due_heap *b)
{
	return a->second < b->second ||
	       (a->second == b->second && a->serial < b->serial);
}

static bool
heap_push(struct dbk_decision *d, struct dbk_row_due_heap row)
{
	struct dbk_books *books = d->books;
	uint32_t at = ++DBK_TOUCH(books, book, book, 1)->n_heap;

	if (at == books->due_heap.count) {
		if (!dbk_row_room(d, &books->due_heap))
			return false;
		(void)dbk_rows_append(&books->due_heap, 1);
	}
	while (at > 1 && comes_before(&row, heap_row(books, at / 2))) {
		heap_put(books, at, *heap_row(books, at / 2));
		at /= 2;
	}
	heap_put(books, at, row);
	return true;
}

static void
heap_pop(struct dbk_books *books)
{
	uint32_t n = --DBK_TOUCH(books, book, book, 1)->n_heap, at = 1;
	struct dbk_row_due_heap last = *heap_row(books, n + 1);

	for (;;) {
		uint32_t child = 2 * at;

		if (child > n)
			break;
		if (child < n &&
		    comes_before(heap_row(books, child + 1), heap_row(books, child)))
			child++;
		if (!comes_before(heap_row(books, child), &last))
			break;
		heap_put(books, at, *heap_row(books, child));
		at = child;
	}
	if (n > 0)
		heap_put(books, at, last);
}

/* ------------------------------------------------------------------- scheduling */

static bool
due_new(struct dbk_decision *d, uint32_t what, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_due *row;

	*out = DBK_ROW(books, book, book, 1)->free_due;
	if (*out != 0) {
		row = DBK_TOUCH(books, dues, due, *out);
		DBK_TOUCH(books, book, book, 1)->free_due = row->next;
	} else {
		if (!dbk_row_room(d, &books->dues))
			return false;
		*out = dbk_rows_append(&books->dues, 1);
		row = DBK_TOUCH(books, dues, due, *out);
	}
	row->what = what;
	row->next = 0;
	return true;
}

/* A list for SECOND, with nothing in it but DUE. */
static bool
second_begin(struct dbk_decision *d, uint32_t second, uint32_t due, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);
	struct dbk_row_due_second *row;

	*out = book->free_second;
	if (*out != 0) {
		row = DBK_TOUCH(books, due_seconds, due_second, *out);
		book->free_second = row->next_free;
	} else {
		if (!dbk_row_room(d, &books->due_seconds))
			return false;
		*out = dbk_rows_append(&books->due_seconds, 1);
		row = DBK_TOUCH(books, due_seconds, due_second, *out);
	}
	row->second = second;
	row->first = row->last = due;
	row->next_free = 0;
	return heap_push(d,
			 (struct dbk_row_due_heap){ second, *out, ++book->n_seconds });
}

bool
dbk_due_schedule(struct dbk_decision *d, uint32_t what, uint32_t second)
{
	struct dbk_books *books = d->books;
	uint32_t recent = 1 + second / SECONDS_PER_DAY % DBK_DUE_RECENT;
	uint32_t at = DBK_ROW(books, due_recent, due_recent, recent)->row, due;
	struct dbk_row_due_second *row;

	if (!due_new(d, what, &due))
		return false;
	if (at != 0 && at < books->due_seconds.count) {
		const struct dbk_row_due_second *list =
		    DBK_ROW(books, due_seconds, due_second, at);

		if (list->second == second && list->first != 0) {
			row = DBK_TOUCH(books, due_seconds, due_second, at);
			DBK_TOUCH(books, dues, due, row->last)->next = due;
			row->last = due;
			return true;
		}
	}
	if (!second_begin(d, second, due, &at))
		return false;
	DBK_TOUCH(books, due_recent, due_recent, recent)->row = at;
	return true;
}

uint32_t
dbk_due_next(const struct dbk_books *books)
{
	uint32_t second;

	if (DBK_ROW(books, book, book, 1)->n_heap == 0)
		return 0;
	second = heap_row(books, 1)->second;
	return second > 0 ? second : 1;
}

/* The smallest of the places that may come next: they are few. */
static uint32_t
earliest(const struct dbk_books *books, const uint32_t *places, uint32_t n)
{
	uint32_t best = 0;

	for (uint32_t i = 1; i < n; i++)
		if (comes_before(heap_row(books, places[i]),
				 heap_row(books, places[best])))
			best = i;
	return best;
}

uint32_t
dbk_dues_ahead(const struct dbk_books *books, int64_t second, uint32_t *rows,
	       uint32_t max)
{
	uint32_t places[AHEAD_MAX + 1], n_places = 1, n = 0;
	uint32_t n_heap = DBK_ROW(books, book, book, 1)->n_heap;

	dbk_assert(max <= AHEAD_MAX);
	places[0] = 1;
	while (n < max && n_places > 0) {
		uint32_t i = earliest(books, places, n_places), at = places[i];

		if (at > n_heap || heap_row(books, at)->second > second)
			break;
		rows[n++] = heap_row(books, at)->row;
		places[i] = places[--n_places];
		for (uint32_t child = 2 * at; child <= 2 * at + 1; child++)
			if (child <= n_heap)
				places[n_places++] = child;
	}
	return n;
}

/* ------------------------------------------------------------------------ doing */

/* The first N things of the list AT, whose last one is LAST and has NEXT behind it,
 * have been done: their rows are unused. */
static void
second_finish(struct dbk_books *books, uint32_t at, uint32_t last, uint32_t next)
{
	struct dbk_row_due_second *row = DBK_TOUCH(books, due_seconds, due_second, at);
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);

	DBK_TOUCH(books, dues, due, last)->next = book->free_due;
	book->free_due = row->first;
	row->first = next;
	if (next != 0)
		return;
	row->last = 0;
	row->next_free = book->free_second;
	book->free_second = at;
	heap_pop(books);
}

static bool
do_one(struct dbk_decision *d, uint32_t what)
{
	if (what & DBK_DUE_EARNING)
		return dbk_earning_mature(d, what & ~DBK_DUE_EARNING);
	return dbk_line_mature(d, what);
}

/* What is due in the earliest second, at most LIMIT things; how many there were. */
static uint32_t
do_second(struct dbk_decision *d, uint32_t limit)
{
	uint32_t at = heap_row(d->books, 1)->row, n = 0, last = 0;
	uint32_t next = DBK_ROW(d->books, due_seconds, due_second, at)->first;

	while (next != 0 && n < limit) {
		bool done = do_one(d, DBK_ROW(d->books, dues, due, next)->what);

		dbk_assert(done);
		last = next;
		next = DBK_ROW(d->books, dues, due, last)->next;
		n++;
	}
	second_finish(d->books, at, last, next);
	return n;
}

void
dbk_dues_run(struct dbk_decision *d)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_NONE };
	struct dbk_decision due = *d;
	int64_t now = DBK_ROW(d->books, book, book, 1)->clock / US_PER_SECOND;
	uint32_t left = DBK_DUES_MAX;

	due.refusal = &refusal;
	due.due = true;
	while (left > 0 && DBK_ROW(d->books, book, book, 1)->n_heap > 0 &&
	       heap_row(d->books, 1)->second <= now && !d->effects->failed)
		left -= do_second(&due, left);
}
