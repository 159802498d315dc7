/*
 * dues.c -- what falls due: return windows that end, timers that come.
 *
 * Things that fall due in one second stand in a list, in the order in which they were
 * scheduled.  Time goes on and windows are few, so nearly every list comes behind the
 * last one of some window: the lists stand in a few runs, each in rising order, and what
 * no run can take stands in a heap.  The earliest is the first of a run or of the heap,
 * found without a walk.  A second may have several lists; the one begun first comes
 * first, so the order is the one that MONEY.md asks for.
 */

#include "base/time.h"
#include "books/goods_core.h"

#define US_PER_SECOND 1000000
#define US_PER_MINUTE (60LL * US_PER_SECOND)
#define SECONDS_PER_DAY 86400

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

/* A list of its own for SECOND, with nothing in it but DUE. */
static bool
list_begin(struct dbk_decision *d, uint32_t second, uint32_t due, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);
	struct dbk_row_due_second *row;

	*out = book->free_second;
	if (*out != 0) {
		row = DBK_TOUCH(books, due_seconds, due_second, *out);
		book->free_second = row->next;
	} else {
		if (!dbk_row_room(d, &books->due_seconds))
			return false;
		*out = dbk_rows_append(&books->due_seconds, 1);
		row = DBK_TOUCH(books, due_seconds, due_second, *out);
	}
	row->second = second;
	row->first = row->last = due;
	row->next = 0;
	row->serial = ++book->n_seconds;
	if (book->next_due == 0 || second < book->next_due)
		book->next_due = second > 0 ? second : 1;
	return true;
}

/* The run that a list of SECOND belongs behind: the one that ends nearest before it, or
 * in it; else an empty one; 0: none can take it. */
static uint32_t
run_for(const struct dbk_books *books, uint32_t second)
{
	uint32_t n = DBK_ROW(books, book, book, 1)->n_runs;
	uint32_t best = 0, empty = n < DBK_DUE_RUNS ? n + 1 : 0, nearest = 0;

	for (uint32_t i = 1; i <= n; i++) {
		const struct dbk_row_due_run *run = DBK_ROW(books, due_runs, due_run, i);

		if (run->first == 0) {
			empty = i;
		} else if (run->last_second == second) {
			return i;
		} else if (run->last_second < second && run->last_second >= nearest) {
			best = i;
			nearest = run->last_second;
		}
	}
	return best != 0 ? best : empty;
}

static void
run_append(struct dbk_books *books, uint32_t at, uint32_t list)
{
	const struct dbk_row_due_second *row =
	    DBK_ROW(books, due_seconds, due_second, list);
	struct dbk_row_due_run *run = DBK_TOUCH(books, due_runs, due_run, at);

	if (at > DBK_ROW(books, book, book, 1)->n_runs)
		DBK_TOUCH(books, book, book, 1)->n_runs = at;
	if (run->first == 0) {
		run->first = list;
		run->first_second = row->second;
		run->first_serial = row->serial;
	} else {
		DBK_TOUCH(books, due_seconds, due_second, run->last)->next = list;
	}
	run->last = list;
	run->last_second = row->second;
}

bool
dbk_due_schedule(struct dbk_decision *d, uint32_t what, uint32_t second)
{
	struct dbk_books *books = d->books;
	uint32_t at = run_for(books, second), due, list;
	const struct dbk_row_due_run *run;

	if (!due_new(d, what, &due))
		return false;
	run = at == 0 ? NULL : DBK_ROW(books, due_runs, due_run, at);
	if (run != NULL && run->first != 0 && run->last_second == second) {
		struct dbk_row_due_second *row =
		    DBK_TOUCH(books, due_seconds, due_second, run->last);

		DBK_TOUCH(books, dues, due, row->last)->next = due;
		row->last = due;
		return true;
	}
	if (!list_begin(d, second, due, &list))
		return false;
	if (at != 0) {
		run_append(books, at, list);
		return true;
	}
	return heap_push(
	    d, (struct dbk_row_due_heap){
		   second, list, DBK_ROW(books, book, book, 1)->n_seconds });
}

uint32_t
dbk_due_next(const struct dbk_books *books)
{
	return DBK_ROW(books, book, book, 1)->next_due;
}

/* ---------------------------------------------------------------------- the earliest */

/* Where the earliest list stands; run 0: on top of the heap; list 0: there is none. */
struct earliest {
	struct dbk_row_due_heap list;
	uint32_t run;
};

static struct earliest
find_earliest(const struct dbk_books *books)
{
	const struct dbk_row_book *book = DBK_ROW(books, book, book, 1);
	struct earliest best = { { 0, 0, 0 }, 0 };

	if (book->n_heap > 0)
		best.list = *heap_row(books, 1);
	for (uint32_t i = 1; i <= book->n_runs; i++) {
		const struct dbk_row_due_run *run = DBK_ROW(books, due_runs, due_run, i);
		struct dbk_row_due_heap list = { run->first_second, run->first,
						 run->first_serial };

		if (list.row != 0 &&
		    (best.list.row == 0 || comes_before(&list, &best.list))) {
			best.list = list;
			best.run = i;
		}
	}
	return best;
}

/* The earliest list is empty: it leaves, and its row is unused. */
static void
drop_earliest(struct dbk_books *books, const struct earliest *at)
{
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);
	struct dbk_row_due_second *row =
	    DBK_TOUCH(books, due_seconds, due_second, at->list.row);

	if (at->run == 0) {
		heap_pop(books);
	} else {
		struct dbk_row_due_run *run =
		    DBK_TOUCH(books, due_runs, due_run, at->run);
		const struct dbk_row_due_second *next =
		    row->next == 0
			? NULL
			: DBK_ROW(books, due_seconds, due_second, row->next);

		run->first = row->next;
		run->first_second = next == NULL ? 0 : next->second;
		run->first_serial = next == NULL ? 0 : next->serial;
	}
	row->last = 0;
	row->next = book->free_second;
	book->free_second = at->list.row;
}

uint32_t
dbk_dues_ahead(const struct dbk_books *books, int64_t second, uint32_t *rows,
	       uint32_t max)
{
	uint32_t heads[DBK_DUE_RUNS], n_heads = 0, n = 0;

	for (uint32_t i = 1; i <= DBK_ROW(books, book, book, 1)->n_runs; i++)
		if (DBK_ROW(books, due_runs, due_run, i)->first != 0)
			heads[n_heads++] = DBK_ROW(books, due_runs, due_run, i)->first;
	while (n < max && n_heads > 0) {
		const struct dbk_row_due_second *best = NULL;
		uint32_t at = 0;

		for (uint32_t i = 0; i < n_heads; i++) {
			const struct dbk_row_due_second *row =
			    DBK_ROW(books, due_seconds, due_second, heads[i]);

			if (best == NULL || row->second < best->second) {
				best = row;
				at = i;
			}
		}
		if (best->second > second)
			break;
		rows[n++] = heads[at];
		heads[at] = best->next != 0 ? best->next : heads[--n_heads];
	}
	return n;
}

/* ------------------------------------------------------------------------ doing */

/* What stood in the earliest list up to LAST has been done, NEXT is behind it: the rows of
 * the former are unused. */
static void
list_finish(struct dbk_books *books, const struct earliest *at, uint32_t last,
	    uint32_t next)
{
	struct dbk_row_due_second *row =
	    DBK_TOUCH(books, due_seconds, due_second, at->list.row);
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);

	DBK_TOUCH(books, dues, due, last)->next = book->free_due;
	book->free_due = row->first;
	row->first = next;
	if (next == 0)
		drop_earliest(books, at);
}

static bool
do_one(struct dbk_decision *d, uint32_t what)
{
	if (what & DBK_DUE_EARNING)
		return dbk_earning_mature(d, what & ~DBK_DUE_EARNING);
	if (what & DBK_DUE_TIMER)
		return dbk_timer_come(d, what & ~DBK_DUE_TIMER);
	return dbk_line_mature(d, what);
}

/* What is due in the list AT, at most LIMIT things; how many there were. */
static uint32_t
do_list(struct dbk_decision *d, const struct earliest *at, uint32_t limit)
{
	uint32_t next = DBK_ROW(d->books, due_seconds, due_second, at->list.row)->first;
	uint32_t n = 0, last = 0;

	while (next != 0 && n < limit) {
		bool done = do_one(d, DBK_ROW(d->books, dues, due, next)->what);

		dbk_assert(done);
		last = next;
		next = DBK_ROW(d->books, dues, due, last)->next;
		n++;
	}
	list_finish(d->books, at, last, next);
	return n;
}

void
dbk_dues_run(struct dbk_decision *d)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_NONE };
	struct dbk_decision due = *d;
	int64_t now = DBK_ROW(d->books, book, book, 1)->clock / US_PER_SECOND;
	uint32_t left = DBK_DUES_MAX;
	struct earliest at;

	due.refusal = &refusal;
	due.due = true;
	for (;;) {
		at = find_earliest(d->books);
		if (at.list.row == 0 || at.list.second > now || left == 0 ||
		    d->effects->failed)
			break;
		left -= do_list(&due, &at, left);
	}
	DBK_TOUCH(d->books, book, book, 1)->next_due =
	    at.list.row == 0 ? 0 : at.list.second > 0 ? at.list.second : 1;
}
