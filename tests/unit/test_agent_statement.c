/*
 * test_agent_statement.c -- an agent's money from the first commission to a debt and
 * back, by hand; and what is refused.  Random books are compared in test_view.c.
 */

#include <string.h>

#include <daybook/limits.h>

#include "query/agent_statement.h"

#include "../tests/lib/check.h"
#include "../tests/lib/hand_ledger.h"

#define T0 1700000000000000LL

struct life {
	struct hand_ledger hand;
	uint32_t of[DBK_MONEY_STATES], other;
};

/* From one account to another. */
static void
pass(struct life *l, uint32_t from, uint32_t to, enum dbk_cause cause, uint32_t ref,
     int64_t amount)
{
	hand_post(&l->hand, from, cause, ref, amount);
	hand_post(&l->hand, to, cause, ref, -amount);
}

static void
begin(struct life *l, const char *name)
{
	hand_open(&l->hand);
	l->other = hand_account(&l->hand, DBK_BANK, "bank");
	for (unsigned s = 0; s < DBK_MONEY_STATES; s++)
		l->of[s] = hand_account(
		    &l->hand, dbk_agent_statement_code((enum dbk_money_state)s), name);
}

/*
 * Day 0: a commission of 2,488.  Day 8: it matures.  Day 9: 2,000 are asked for, day 10
 * paid with 100 tax.  Day 20: the sale is given back whole: 488 are there, 2,000 are
 * owed.  Day 21: a bonus of 300 is netted.
 */
static void
live(struct life *l)
{
	const uint32_t *of = l->of;

	begin(l, "ann");
	hand_event(&l->hand, DBK_EVENT_SALE_RECORDED, T0)->order = 1;
	pass(l, l->other, of[DBK_MONEY_PENDING], DBK_CAUSE_ACCRUED, 0, 2488);
	(void)hand_event(&l->hand, DBK_EVENT_BOOK_OPENED, T0 + 8 * HAND_DAY);
	pass(l, of[DBK_MONEY_PENDING], of[DBK_MONEY_AVAILABLE], DBK_CAUSE_MATURED, 1,
	     2488);
	(void)hand_event(&l->hand, DBK_EVENT_PAYOUT_REQUESTED, T0 + 9 * HAND_DAY);
	pass(l, of[DBK_MONEY_AVAILABLE], of[DBK_MONEY_RESERVED], DBK_CAUSE_DRAWN, 7,
	     2000);
	(void)hand_event(&l->hand, DBK_EVENT_PAYOUT_SENT, T0 + 10 * HAND_DAY);
	pass(l, of[DBK_MONEY_RESERVED], l->other, DBK_CAUSE_TAX, 7, 100);
	pass(l, of[DBK_MONEY_RESERVED], of[DBK_MONEY_IN_TRANSIT], DBK_CAUSE_SENT, 7,
	     1900);
	(void)hand_event(&l->hand, DBK_EVENT_PAYOUT_SETTLED, T0 + 10 * HAND_DAY);
	pass(l, of[DBK_MONEY_IN_TRANSIT], l->other, DBK_CAUSE_PAID, 7, 1900);
	hand_event(&l->hand, DBK_EVENT_REFUND_APPROVED, T0 + 20 * HAND_DAY)->order = 1;
	pass(l, of[DBK_MONEY_AVAILABLE], l->other, DBK_CAUSE_REVERSED, 0, 488);
	pass(l, of[DBK_MONEY_RECEIVABLE], l->other, DBK_CAUSE_REVERSED, 0, 2000);
	(void)hand_event(&l->hand, DBK_EVENT_BONUS_AWARDED, T0 + 21 * HAND_DAY);
	pass(l, l->other, of[DBK_MONEY_AVAILABLE], DBK_CAUSE_BONUS, 0, 300);
	pass(l, of[DBK_MONEY_AVAILABLE], of[DBK_MONEY_RECEIVABLE], DBK_CAUSE_NETTED, 0,
	     300);
	hand_apply(&l->hand);
}

static struct dbk_agent_statement
ask(struct life *l, struct dbk_agent_statement_query q)
{
	struct dbk_agent_statement out = { .n = 0 };

	q.agent = dbk_str_of("ann");
	CHECK(dbk_agent_statement_get(l->hand.view, &q, &l->hand.arena, &out,
				      &l->hand.error) == DBK_OK);
	return out;
}

static void
check_money(const struct dbk_money_by_state *got, int64_t pending, int64_t available,
	    int64_t receivable, int64_t total)
{
	CHECK_INT(got->in[DBK_MONEY_PENDING], pending);
	CHECK_INT(got->in[DBK_MONEY_AVAILABLE], available);
	CHECK_INT(got->in[DBK_MONEY_RECEIVABLE], receivable);
	CHECK_INT(dbk_agent_statement_total(got), total);
}

static void
test_whole_life(void)
{
	struct dbk_agent_statement_query q = { .from = DBK_TIME_ABSENT,
					       .to = DBK_TIME_ABSENT };
	static const struct {
		enum dbk_cause cause;
		unsigned lines;
		int64_t total;
	} sums[] = {
		{ DBK_CAUSE_ACCRUED, 1, 2488 },	  { DBK_CAUSE_MATURED, 2, 0 },
		{ DBK_CAUSE_REVERSED, 2, -2488 }, { DBK_CAUSE_NETTED, 2, 0 },
		{ DBK_CAUSE_BONUS, 1, 300 },	  { DBK_CAUSE_DRAWN, 2, 0 },
		{ DBK_CAUSE_TAX, 1, -100 },	  { DBK_CAUSE_SENT, 2, 0 },
		{ DBK_CAUSE_PAID, 1, -1900 },
	};
	struct dbk_agent_statement s;
	struct life l;

	live(&l);
	s = ask(&l, q);
	CHECK_INT(s.size, 7);
	check_money(&s.opening, 0, 0, 0, 0);
	check_money(&s.closing, 0, 0, 1700, -1700);
	CHECK_INT(s.n_sums, 9);
	for (unsigned i = 0; i < 9; i++) {
		CHECK_INT(s.sums[i].cause, sums[i].cause);
		CHECK_INT(s.sums[i].lines, sums[i].lines);
		CHECK_INT(dbk_agent_statement_total(&s.sums[i].change), sums[i].total);
	}
	CHECK_INT(s.n, 14);
	CHECK(s.next.token[0] == '\0');
	CHECK_INT(s.lines[0].state, DBK_MONEY_RECEIVABLE);
	CHECK_INT(s.lines[0].cause, DBK_CAUSE_NETTED);
	CHECK_INT(s.lines[0].amount, 300);
	CHECK_INT(s.lines[0].balance, 1700);
	CHECK_INT(s.lines[3].cause, DBK_CAUSE_REVERSED);
	CHECK_INT(s.lines[3].amount, -2000);
	CHECK_INT(s.lines[3].balance, 2000);
	CHECK_INT(s.lines[3].order, 1);
	CHECK_INT(s.lines[12].cause, DBK_CAUSE_MATURED);
	CHECK_INT(s.lines[12].ref, 1);
	CHECK_INT(s.lines[13].cause, DBK_CAUSE_ACCRUED);
	CHECK_INT(s.lines[13].balance, 2488);
	hand_close(&l.hand);
}

static void
test_window(void)
{
	struct dbk_agent_statement_query q = { .from = T0 + 8 * HAND_DAY,
					       .to = T0 + 20 * HAND_DAY };
	struct dbk_agent_statement s;
	struct life l;

	live(&l);
	s = ask(&l, q);
	check_money(&s.opening, 2488, 0, 0, 2488);
	check_money(&s.closing, 0, 488, 0, 488);
	CHECK_INT(s.n, 8);
	q.from++;
	q.to++;
	s = ask(&l, q);
	check_money(&s.opening, 0, 2488, 0, 2488);
	check_money(&s.closing, 0, 0, 2000, -2000);
	CHECK_INT(s.n, 8);
	/* As of a time before the window nothing has happened in it. */
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_TIME, .effective_at = T0 };
	s = ask(&l, q);
	check_money(&s.opening, 2488, 0, 0, 2488);
	check_money(&s.closing, 2488, 0, 0, 2488);
	CHECK_INT(s.n + s.n_sums, 0);
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_SIZE, .size = 3 };
	s = ask(&l, q);
	CHECK_INT(s.size, 3);
	CHECK_INT(s.closing.in[DBK_MONEY_RESERVED], 2000);
	CHECK_INT(s.n, 2);
	/* From and to the wrong way round: nothing. */
	q.as_of = (struct dbk_as_of){ .kind = DBK_AS_OF_NOW };
	q.from = T0 + 20 * HAND_DAY;
	q.to = T0 + HAND_DAY;
	s = ask(&l, q);
	CHECK_INT(s.n + s.n_sums, 0);
	check_money(&s.opening, 2488, 0, 0, 2488);
	check_money(&s.closing, 2488, 0, 0, 2488);
	hand_close(&l.hand);
}

static void
test_pages_and_figures(void)
{
	struct dbk_agent_statement_query q = { .from = T0 + 1,
					       .to = DBK_TIME_ABSENT,
					       .page.rows_max = 5 };
	struct dbk_agent_statement s;
	unsigned pages = 0, lines = 0;
	struct life l;

	live(&l);
	do {
		s = ask(&l, q);
		check_money(&s.opening, 2488, 0, 0, 2488);
		check_money(&s.closing, 0, 0, 1700, -1700);
		CHECK_INT(s.n_sums, 8);
		lines += s.n;
		q.page.token = dbk_str_of(s.next.token);
	} while (++pages < 9 && s.next.token[0] != '\0');
	CHECK_INT(pages, 3);
	CHECK_INT(lines, 13);
	q.page.token = dbk_str_of("");
	q.figures_only = true;
	s = ask(&l, q);
	CHECK_INT(s.n, 0);
	CHECK_INT(s.n_sums, 8);
	CHECK(s.next.token[0] == '\0');
	hand_close(&l.hand);
}

static void
test_wrong_questions(void)
{
	struct dbk_agent_statement_query q = { .from = DBK_TIME_ABSENT,
					       .to = DBK_TIME_ABSENT };
	struct dbk_agent_statement out = { .n = 77 };
	struct hand_ledger *h;
	struct life l;

	live(&l);
	h = &l.hand;
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_INPUT);
	q.agent = dbk_str_of("bob");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_NOT_FOUND);
	/* Known, but no agent. */
	q.agent = dbk_str_of("bank");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_NOT_FOUND);
	q.agent = dbk_str_of("ann");
	q.page.token = dbk_str_of("p.1.1");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_INPUT);
	q.page.token = dbk_str_of("a.99.1");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_STATE);
	CHECK_INT(out.n, 77);
	/* A forged place is a place. */
	q.page.token = dbk_str_of("a.7.ffffffffffff");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_OK);
	CHECK_INT(out.n, 14);
	hand_close(h);
}

/* One line a second, one more than a statement sums. */
static void
test_too_many_lines(void)
{
	struct dbk_agent_statement_query q = { .from = DBK_TIME_ABSENT,
					       .to = DBK_TIME_ABSENT };
	struct dbk_agent_statement out = { .n = 77 };
	struct hand_ledger *h;
	struct life l;

	begin(&l, "ann");
	h = &l.hand;
	for (uint32_t i = 0; i <= DBK_STATEMENT_STEPS_MAX; i++) {
		(void)hand_event(h, DBK_EVENT_SALE_RECORDED, T0 + i * 1000000LL);
		hand_post(h, l.of[i % 2], DBK_CAUSE_ACCRUED, 0, -1);
		if (i % 65536 == 0)
			hand_apply(h);
	}
	hand_apply(h);
	q.agent = dbk_str_of("ann");
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_FAILED_LIMIT);
	CHECK(strstr(h->error.text, "1000001 lines") != NULL);
	CHECK_INT(out.n, 77);
	q.from = T0 + 1000000;
	CHECK(dbk_agent_statement_get(h->view, &q, &h->arena, &out, &h->error) ==
	      DBK_OK);
	CHECK_INT(out.n_sums, 1);
	CHECK_INT(out.sums[0].lines, DBK_STATEMENT_STEPS_MAX);
	CHECK_INT(dbk_agent_statement_total(&out.opening), 1);
	CHECK_INT(dbk_agent_statement_total(&out.closing), DBK_STATEMENT_STEPS_MAX + 1);
	hand_close(h);
}

int
main(void)
{
	check_run("a statement tells an agent's whole life to the unit",
		  test_whole_life);
	check_run("opening, lines and closing of a window foot", test_window);
	check_run("figures are the same on every page and without lines",
		  test_pages_and_figures);
	check_run("nobody, no name and wrong tokens are refused", test_wrong_questions);
	check_run("more lines than can be summed are refused, one fewer are not",
		  test_too_many_lines);
	return check_end();
}
