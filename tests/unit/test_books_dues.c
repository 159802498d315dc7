/*
 * test_books_dues.c -- what falls due: seconds, their order, and how much at once.
 */

#include <stdlib.h>

#include "books/core.h"

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

#define SECOND_US 1000000LL

static struct money_book book;

/* ---------------------------------------------------------------- steps by hand */

static struct dbk_refusal refusal;
static struct dbk_event nothing = { .type = DBK_EVENT_CLOCK_ADVANCED };

/* A decision under way that is nobody's. */
static struct dbk_decision
by_hand(void)
{
	dbk_effects_reset(&book.effects, dbk_books_size(book.books));
	(void)dbk_effects_begin(&book.effects, dbk_books_size(book.books));
	return (struct dbk_decision){ .books = book.books,
				      .event = &nothing,
				      .effects = &book.effects,
				      .refusal = &refusal,
				      .due = true };
}

/* An earning of a1 over 1, which its account has. */
static uint32_t
earn(struct dbk_decision *d, enum dbk_earning_state state)
{
	struct dbk_row_earning init = { .agent = 1,
					.kind = DBK_EARNING_RECRUITING,
					.state = (uint8_t)state,
					.accrued = 1,
					.open = state == DBK_EARNING_PENDING };
	uint32_t earning = 0;

	CHECK(dbk_earning_add(d, &init, 0, &earning));
	if (init.open > 0)
		CHECK(dbk_post(d, DBK_COMMISSION_PENDING, 1, -1) &&
		      dbk_post(d, DBK_BANK, 1, 1));
	return earning;
}

static void
set_clock(int64_t second)
{
	DBK_TOUCH(book.books, book, book, 1)->clock = second * SECOND_US;
}

/* ------------------------------------------------------------------------ times */

static void
test_seconds(void)
{
	CHECK_INT(dbk_due_second(0), 0);
	CHECK_INT(dbk_due_second(1), 1);
	CHECK_INT(dbk_due_second(SECOND_US), 1);
	CHECK_INT(dbk_due_second(SECOND_US + 1), 2);
	CHECK_INT(dbk_due_second(UINT32_MAX * SECOND_US - 1), UINT32_MAX);
	CHECK_INT(dbk_due_second(UINT32_MAX * SECOND_US + 1), UINT32_MAX);
	CHECK_INT(dbk_due_second(DBK_TIME_US_MAX), UINT32_MAX);
}

static void
test_local(void)
{
	int64_t december = (1793491200LL + 29 * 86400 + 16 * 3600) * SECOND_US;

	money_book_open(&book);
	CHECK_INT(dbk_local_day(book.books, 0), 0);
	CHECK_INT(dbk_local_day(book.books, 16 * 3600 * SECOND_US - 1), 0);
	CHECK_INT(dbk_local_day(book.books, 16 * 3600 * SECOND_US), 1);
	CHECK_INT(dbk_local_month(book.books, 0), 0);
	CHECK_INT(dbk_local_month(book.books, december - 1), 56 * 12 + 10);
	CHECK_INT(dbk_local_month(book.books, december), 56 * 12 + 11);
	DBK_TOUCH(book.books, book, book, 1)->utc_offset_minutes = -300;
	CHECK_INT(dbk_local_day(book.books, 0), 0);
	CHECK_INT(dbk_local_day(book.books, 29 * 3600 * SECOND_US - 1), 0);
	CHECK_INT(dbk_local_day(book.books, 29 * 3600 * SECOND_US), 1);
	CHECK_INT(dbk_local_month(book.books, DBK_TIME_US_MAX), 8029 * 12 + 11);
	money_book_close(&book);
}

/* ------------------------------------------------------------------------ order */

struct thing {
	uint32_t second, serial, earning;
};

static int
compare(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;

	if (x->second != y->second)
		return x->second < y->second ? -1 : 1;
	return x->serial < y->serial ? -1 : x->serial > y->serial;
}

/* The first N of THINGS have matured, the last of them last. */
static bool
is_chain(const struct thing *things, uint32_t n)
{
	uint32_t at = DBK_ROW(book.books, agents, agent, 1)->matured;

	while (n-- > 0) {
		if (at != things[n].earning)
			return false;
		at = DBK_ROW(book.books, earnings, earning, at)->next;
	}
	return at == 0;
}

static uint32_t
random_below(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 8) % n;
}

/* Seconds of some days, often the same one, often one of a few windows. */
static uint32_t
random_second(uint32_t *state, uint32_t now)
{
	uint32_t window = random_below(state, 4) * 7 * 86400;

	return now + window +
	       (random_below(state, 2) ? random_below(state, 3)
				       : random_below(state, 100000));
}

#define THINGS 3000

/* Those of THINGS from DONE on that are due at NOW, done by the books as well; how many
 * are done then. */
static uint32_t
run_until(struct thing *things, uint32_t done, uint32_t n, uint32_t now)
{
	struct dbk_decision d = by_hand();

	qsort(things + done, n - done, sizeof *things, compare);
	set_clock(now);
	dbk_dues_run(&d);
	while (done < n && things[done].second <= now)
		done++;
	CHECK(is_chain(things, done));
	CHECK_INT(dbk_due_next(book.books), done < n ? things[done].second : 0);
	return done;
}

static void
test_order(void)
{
	static struct thing things[THINGS];
	uint32_t state = 3, now = 1000000000, done = 0, n = 0, lists;

	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(dbk_due_next(book.books), 0);
	while (n < THINGS) {
		for (uint32_t i = random_below(&state, 200); i > 0 && n < THINGS; i--) {
			struct dbk_decision d = by_hand();
			struct thing *thing = &things[n];

			*thing = (struct thing){ random_second(&state, now), n,
						 earn(&d, DBK_EARNING_PENDING) };
			CHECK(dbk_due_schedule(&d, thing->earning | DBK_DUE_EARNING,
					       thing->second));
			n++;
		}
		now += random_below(&state, 2) * random_below(&state, 900000);
		done = run_until(things, done, n, now);
	}
	lists = book.books->due_seconds.count;
	CHECK_INT(run_until(things, done, n, UINT32_MAX), THINGS);
	CHECK(lists < THINGS / 2);
	money_book_close(&book);
}

static void
test_reuse(void)
{
	uint32_t lists = 0, dues = 0;

	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	for (uint32_t round = 0; round < 50; round++) {
		struct dbk_decision d = by_hand();

		for (uint32_t i = 0; i < 40; i++)
			CHECK(dbk_due_schedule(
			    &d, earn(&d, DBK_EARNING_PENDING) | DBK_DUE_EARNING,
			    1000 * round + i / 2));
		if (round == 0) {
			lists = book.books->due_seconds.count;
			dues = book.books->dues.count;
		}
		set_clock(1000 * round + 20);
		dbk_dues_run(&d);
		CHECK_INT(dbk_due_next(book.books), 0);
	}
	CHECK_INT(lists, 21);
	CHECK_INT(dues, 41);
	CHECK_INT(book.books->due_seconds.count, lists);
	CHECK_INT(book.books->dues.count, dues);
	money_book_close(&book);
}

/* ------------------------------------------------------------------------ bound */

static enum dbk_earning_state
state_of(uint32_t earning)
{
	return dbk_look_earning(book.books, earning).state;
}

static void
test_million(void)
{
	struct dbk_decision d;
	uint32_t second, drawn, last;

	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	d = by_hand();
	second = dbk_due_second(book.now_us);
	drawn = earn(&d, DBK_EARNING_DRAWN);
	last = earn(&d, DBK_EARNING_PENDING);
	for (uint32_t i = 0; i < DBK_DUES_MAX; i++)
		if (!dbk_due_schedule(&d, drawn | DBK_DUE_EARNING, second))
			CHECK(!"there is room for a million");
	CHECK(dbk_due_schedule(&d, last | DBK_DUE_EARNING, second));
	dbk_books_commit(book.books);
	money_book_wait_us(&book, 1);
	CHECK_INT(state_of(last), DBK_EARNING_PENDING);
	CHECK_INT(dbk_due_next(book.books), second);
	CHECK_INT(book.effects.n_postings, 0);
	money_book_wait_us(&book, 1);
	CHECK_INT(state_of(last), DBK_EARNING_MATURED);
	CHECK_INT(dbk_due_next(book.books), 0);
	CHECK_INT(book.effects.n_postings, 2);
	money_book_close(&book);
}

/* ---------------------------------------------------------------- around events */

static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
}

#define MATURED "2110 a1 1000 matured\n2120 a1 -1000 matured\n"

static void
test_rounded_up(void)
{
	begin();
	book.now_us += 1;
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	money_book_wait_us(&book, 7 * MONEY_BOOK_DAY_US + SECOND_US - 2);
	CHECK(money_book_posted(&book, ""));
	money_book_wait_us(&book, 1);
	CHECK(money_book_posted(&book, MATURED));
	money_book_close(&book);
}

static void
test_refused(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	book.now_us += 7 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_book_sell(&book, "o2", "a2", 10000), DBK_RULE_AGENT_UNKNOWN);
	CHECK(money_book_posted(&book, MATURED));
	CHECK_INT(book.effects.n_effects, 1);
	CHECK_INT(book.effects.effects[0].n_postings, 2);
	CHECK_INT(book.effects.effects[0].clock, book.now_us);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 1000);
	CHECK_INT(dbk_look_find(book.books, DBK_SPACE_ORDER, dbk_str_of("o2")), 0);
	money_book_close(&book);
}

/* The postings of what was due come before those of the event. */
static void
test_before_the_event(void)
{
	begin();
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	book.now_us += 7 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_book_refund(&book, "o1", 10000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, MATURED "4090 web 10000 event\n"
					       "2015 -10000 event\n"
					       "2120 a1 1000 reversed\n"
					       "5010 plan -1000 reversed\n"));
	money_book_close(&book);
}

static void
test_late(void)
{
	begin();
	money_book_wait_days(&book, 30);
	book.now_us -= 20 * MONEY_BOOK_DAY_US;
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	CHECK(book.effects.effects[0].late);
	CHECK_INT(money_book_credit(&book, 2110, "a1"), 1000);
	/* Late as well, and yet what is due at the book's clock is done. */
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, MATURED));
	money_book_close(&book);
}

int
main(void)
{
	check_run("a time is a second rounded up, and bounded", test_seconds);
	check_run("days and months are local", test_local);
	check_run("things are done by second and, in one, as scheduled", test_order);
	check_run("rows of what is done are used again", test_reuse);
	check_run("a million things at most come before an event", test_million);
	check_run("a window is over a whole second after it", test_rounded_up);
	check_run("time passes for a refused event as well", test_refused);
	check_run("what is due comes before the event", test_before_the_event);
	check_run("what is due at once waits for the next event", test_late);
	return check_end();
}
