/*
 * test_books_payout_steps.c -- the life of a payout: every step from every state, what
 * it posts, and what comes back.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static unsigned n_steps;

static enum dbk_rule
step(enum dbk_event_type type, const char *payout)
{
	struct dbk_event event = money_book_event(&book, type);
	char action[16];

	(void)snprintf(action, sizeof action, "s%u", ++n_steps);
	event.u.payout_step.payout = dbk_str_of(payout);
	event.u.payout_step.action = dbk_str_of(action);
	return money_book_send(&book, &event);
}

static enum dbk_rule
fail(const char *payout, bool final)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_FAILED);
	char action[16];

	(void)snprintf(action, sizeof action, "s%u", ++n_steps);
	event.u.payout_step.payout = dbk_str_of(payout);
	event.u.payout_step.action = dbk_str_of(action);
	event.u.payout_step.final = final;
	return money_book_send(&book, &event);
}

static enum dbk_rule
approve(const char *payout)
{
	enum dbk_rule rule;

	book.source = "office";
	rule = step(DBK_EVENT_PAYOUT_APPROVED, payout);
	book.source = "shop";
	return rule;
}

static enum dbk_rule
send(const char *payout)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_SENT);
	char number[16];

	(void)snprintf(number, sizeof number, "r%u", ++n_steps);
	event.u.payout_sent.payout = dbk_str_of(payout);
	event.u.payout_sent.provider = dbk_str_of("pay");
	event.u.payout_sent.request_no = dbk_str_of(number);
	return money_book_send(&book, &event);
}

static enum dbk_rule
answer(enum dbk_event_type type, const char *payout, const char *provider,
       int64_t amount)
{
	struct dbk_event event = money_book_event(&book, type);
	struct dbk_payout_answer *e = &event.u.payout_answer;
	char ref[16];

	(void)snprintf(ref, sizeof ref, "a%u", ++n_steps);
	e->payout = dbk_str_of(payout);
	e->provider = dbk_str_of(provider);
	e->provider_ref = dbk_str_of(ref);
	if (type == DBK_EVENT_PAYOUT_SETTLED)
		e->fee = amount;
	else
		e->amount = amount;
	return money_book_send(&book, &event);
}

static enum dbk_rule
batch(const char *name, int64_t total, const char *first, const char *second)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_PAYOUT_BATCHED);
	struct dbk_str payouts[] = { dbk_str_of(first), dbk_str_of(second) };

	event.u.payout_batched = (struct dbk_payout_batched){ .batch = dbk_str_of(name),
							      .payouts = payouts,
							      .n_payouts = 2,
							      .total = total };
	return money_book_send(&book, &event);
}

static uint32_t
state(const char *name)
{
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_PAYOUT, dbk_str_of(name));

	return dbk_look_payout(book.books, id).state;
}

/* a1 with 1,000.00 has asked for 100.00 as "p". */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	money_book_give(&book, "a1", 100000);
	CHECK_INT(money_book_request(&book, "p", "a1", 10000), DBK_RULE_NONE);
}

/* The same, and "p" has come to STATE. */
static void
begin_in(enum dbk_payout_state wanted)
{
	begin();
	if (wanted == DBK_PAYOUT_REQUESTED)
		return;
	if (wanted == DBK_PAYOUT_REJECTED) {
		CHECK_INT(step(DBK_EVENT_PAYOUT_REJECTED, "p"), DBK_RULE_NONE);
		return;
	}
	CHECK_INT(approve("p"), DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_CANCELLED)
		CHECK_INT(step(DBK_EVENT_PAYOUT_CANCELLED, "p"), DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_BATCHED) {
		CHECK_INT(money_book_request(&book, "q", "a1", 1), DBK_RULE_NONE);
		CHECK_INT(approve("q"), DBK_RULE_NONE);
		CHECK_INT(batch("b", 10001, "p", "q"), DBK_RULE_NONE);
	}
	if (wanted == DBK_PAYOUT_APPROVED || wanted == DBK_PAYOUT_CANCELLED ||
	    wanted == DBK_PAYOUT_BATCHED)
		return;
	CHECK_INT(send("p"), DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_UNKNOWN)
		CHECK_INT(step(DBK_EVENT_PAYOUT_UNKNOWN, "p"), DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_FAILED)
		CHECK_INT(fail("p", true), DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_SETTLED || wanted == DBK_PAYOUT_RETURNED)
		CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "pay", 0),
			  DBK_RULE_NONE);
	if (wanted == DBK_PAYOUT_RETURNED)
		CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 10000),
			  DBK_RULE_NONE);
}

#define BIT(state) (1u << DBK_PAYOUT_##state)

/* From which states a step leads on, and where to. */
static const struct transition {
	enum dbk_event_type type;
	unsigned from;
	enum dbk_payout_state to;
} transitions[] = {
	{ DBK_EVENT_PAYOUT_APPROVED, BIT(REQUESTED), DBK_PAYOUT_APPROVED },
	{ DBK_EVENT_PAYOUT_REJECTED, BIT(REQUESTED), DBK_PAYOUT_REJECTED },
	{ DBK_EVENT_PAYOUT_CANCELLED, BIT(REQUESTED) | BIT(APPROVED),
	  DBK_PAYOUT_CANCELLED },
	{ DBK_EVENT_PAYOUT_SENT, BIT(APPROVED) | BIT(BATCHED), DBK_PAYOUT_SENT },
	{ DBK_EVENT_PAYOUT_UNKNOWN, BIT(SENT), DBK_PAYOUT_UNKNOWN },
	{ DBK_EVENT_PAYOUT_FAILED, BIT(SENT) | BIT(UNKNOWN), DBK_PAYOUT_FAILED },
	{ DBK_EVENT_PAYOUT_SETTLED, BIT(SENT) | BIT(UNKNOWN), DBK_PAYOUT_SETTLED },
	{ DBK_EVENT_PAYOUT_RETURNED, BIT(SETTLED), DBK_PAYOUT_RETURNED },
};

static enum dbk_rule
take(enum dbk_event_type type)
{
	if (type == DBK_EVENT_PAYOUT_APPROVED)
		return approve("p");
	if (type == DBK_EVENT_PAYOUT_FAILED)
		return fail("p", true);
	if (type == DBK_EVENT_PAYOUT_SENT)
		return send("p");
	if (type == DBK_EVENT_PAYOUT_SETTLED)
		return answer(type, "p", "pay", 0);
	if (type == DBK_EVENT_PAYOUT_RETURNED)
		return answer(type, "p", "pay", 10000);
	return step(type, "p");
}

static void
test_transitions(void)
{
	for (unsigned s = DBK_PAYOUT_REQUESTED; s < DBK_PAYOUT_STATES; s++)
		for (size_t i = 0; i < sizeof transitions / sizeof transitions[0];
		     i++) {
			const struct transition *t = &transitions[i];
			bool leads = (t->from >> s & 1u) != 0;

			begin_in((enum dbk_payout_state)s);
			CHECK_INT(state("p"), s);
			CHECK_INT(take(t->type),
				  leads ? DBK_RULE_NONE : DBK_RULE_PAYOUT_STATE);
			CHECK_INT(state("p"), leads ? t->to : s);
			if (!leads)
				CHECK_INT(book.verdict.refusal.measured, s);
			money_book_close(&book);
		}
}

static void
test_unknown_names(void)
{
	begin();
	CHECK_INT(approve("x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(step(DBK_EVENT_PAYOUT_REJECTED, "x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(step(DBK_EVENT_PAYOUT_CANCELLED, "x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(step(DBK_EVENT_PAYOUT_UNKNOWN, "x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(fail("x", true), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(send("x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "x", "pay", 0),
		  DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "x", "pay", 1),
		  DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(approve("p"), DBK_RULE_NONE);
	CHECK_INT(batch("b", 10000, "p", "x"), DBK_RULE_PAYOUT_NOT_FOUND);
	CHECK_INT(book.verdict.refusal.field.index, 1);
	money_book_close(&book);
}

static void
test_second_person(void)
{
	begin();
	CHECK_INT(step(DBK_EVENT_PAYOUT_APPROVED, "p"), DBK_RULE_SECOND_PERSON);
	book.actor = "ann";
	CHECK_INT(money_book_request(&book, "q", "a1", 1), DBK_RULE_NONE);
	CHECK_INT(approve("q"), DBK_RULE_SECOND_PERSON);
	CHECK_INT(approve("p"), DBK_RULE_NONE);
	book.actor = "ben";
	CHECK_INT(step(DBK_EVENT_PAYOUT_APPROVED, "q"), DBK_RULE_SECOND_PERSON);
	CHECK_INT(approve("q"), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "r", "a1", 1), DBK_RULE_NONE);
	book.actor = "";
	CHECK_INT(approve("r"), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_suspended(void)
{
	begin();
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(approve("p"), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_REINSTATED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(approve("p"), DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(send("p"), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(step(DBK_EVENT_PAYOUT_CANCELLED, "p"), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_given_back(void)
{
	static const char back[] = "2140 a1 10000 given_back\n"
				   "2120 a1 -10000 given_back\n";

	begin();
	CHECK_INT(step(DBK_EVENT_PAYOUT_REJECTED, "p"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, back));
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 100000);
	CHECK_INT(money_book_request(&book, "q", "a1", 100000), DBK_RULE_NONE);
	CHECK_INT(step(DBK_EVENT_PAYOUT_CANCELLED, "q"), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 100000);
	CHECK_INT(money_book_credit(&book, 2140, "a1"), 0);
	money_book_close(&book);
}

static void
test_way_to_the_bank(void)
{
	begin_in(DBK_PAYOUT_APPROVED);
	CHECK_INT(send("p"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2140 a1 10000 sent\n"
				       "2150 a1 -10000 sent\n"));
	CHECK_INT(fail("p", false), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(state("p"), DBK_PAYOUT_UNKNOWN);
	CHECK_INT(fail("p", false), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "other", 0),
		  DBK_RULE_PROVIDER_DIFFERS);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "pay", 30), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2150 a1 10000 paid\n"
				       "1010 pay -10000 paid\n"
				       "5035 pay 30 paid\n"
				       "1010 pay -30 paid\n"));
	money_book_close(&book);
}

static void
test_failed(void)
{
	begin_in(DBK_PAYOUT_SENT);
	CHECK_INT(fail("p", true), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2150 a1 10000 given_back\n"
				       "2120 a1 -10000 given_back\n"));
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 100000);
	money_book_close(&book);
}

static void
test_fee_of_agent(void)
{
	begin_in(DBK_PAYOUT_SENT);
	(void)money_book_choose(&book, "fee_bearer", "AGENT");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "pay", 10001),
		  DBK_RULE_AMOUNT_MISMATCH);
	CHECK(money_book_measured(&book, 10001, 10000));
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "pay", 30), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2150 a1 10000 paid\n"
				       "1010 pay -10000 paid\n"));
	/* What reached the agent can come back, whoever bears fees by now. */
	(void)money_book_choose(&book, "fee_bearer", "PLATFORM");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 9971),
		  DBK_RULE_RETURN_EXCEEDS_PAYOUT);
	CHECK(money_book_measured(&book, 9971, 9970));
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 9970), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 99970);
	money_book_close(&book);
}

static void
test_fee_as_large_as_payout(void)
{
	begin_in(DBK_PAYOUT_SENT);
	(void)money_book_choose(&book, "fee_bearer", "AGENT");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_SETTLED, "p", "pay", 10000), DBK_RULE_NONE);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 1),
		  DBK_RULE_RETURN_EXCEEDS_PAYOUT);
	money_book_close(&book);
}

static void
test_returned(void)
{
	begin_in(DBK_PAYOUT_SETTLED);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "other", 1),
		  DBK_RULE_PROVIDER_DIFFERS);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 10001),
		  DBK_RULE_RETURN_EXCEEDS_PAYOUT);
	CHECK_INT(answer(DBK_EVENT_PAYOUT_RETURNED, "p", "pay", 4000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "1010 pay 4000 returned\n"
				       "2120 a1 -4000 returned\n"));
	CHECK_INT(state("p"), DBK_PAYOUT_RETURNED);
	CHECK_INT(money_book_request(&book, "q", "a1", 94000), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	money_book_close(&book);
}

static void
test_batch(void)
{
	begin();
	CHECK_INT(money_book_request(&book, "q", "a1", 500), DBK_RULE_NONE);
	CHECK_INT(approve("q"), DBK_RULE_NONE);
	CHECK_INT(batch("b", 10500, "q", "p"), DBK_RULE_PAYOUT_STATE);
	CHECK(money_book_measured(&book, DBK_PAYOUT_REQUESTED, DBK_PAYOUT_APPROVED));
	CHECK_INT(approve("p"), DBK_RULE_NONE);
	CHECK_INT(batch("b", 10499, "q", "p"), DBK_RULE_AMOUNT_MISMATCH);
	CHECK(money_book_measured(&book, 10499, 10500));
	CHECK_INT(batch("b", 1000, "q", "q"), DBK_RULE_PAYOUT_STATE);
	CHECK_INT(batch("b", 10500, "q", "p"), DBK_RULE_NONE);
	CHECK_INT(state("q"), DBK_PAYOUT_BATCHED);
	CHECK_INT(send("q"), DBK_RULE_NONE);
	money_book_close(&book);
}

/* A refund finds the money on its way out: what has not been sent is cancelled if the
 * plan says so, newest first and no more than it takes. */
static void
test_cancelled_by_refund(void)
{
	money_book_open(&book);
	(void)money_book_set(&book, "window_days", 0);
	(void)money_book_set(&book, "cancel_unsent_on_clawback", 1);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 10000), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 1000);
	CHECK_INT(money_book_request(&book, "p1", "a1", 300), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p2", "a1", 300), DBK_RULE_NONE);
	CHECK_INT(money_book_request(&book, "p3", "a1", 300), DBK_RULE_NONE);
	CHECK_INT(approve("p3"), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 4000), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "4090 web 4000 event\n"
				       "2015 -4000 event\n"
				       "2120 a1 100 reversed\n"
				       "2140 a1 300 given_back\n"
				       "2120 a1 -300 given_back\n"
				       "2120 a1 300 reversed\n"
				       "5010 plan -400 reversed\n"));
	CHECK_INT(state("p3"), DBK_PAYOUT_CANCELLED);
	CHECK_INT(state("p2"), DBK_PAYOUT_REQUESTED);
	CHECK_INT(money_book_refund(&book, "o1", 6000), DBK_RULE_NONE);
	CHECK_INT(state("p1"), DBK_PAYOUT_CANCELLED);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	money_book_close(&book);
}

int
main(void)
{
	check_run("each step leads on from its states and from no other",
		  test_transitions);
	check_run("a payout that is not there is not found", test_unknown_names);
	check_run("who asked does not approve, nor does the same person",
		  test_second_person);
	check_run("nothing is approved or sent while the agent is suspended",
		  test_suspended);
	check_run("rejected and cancelled money is available again", test_given_back);
	check_run("money goes in transit and then leaves the bank",
		  test_way_to_the_bank);
	check_run("a final failure gives it back", test_failed);
	check_run("the fee of an agent comes out of the payout", test_fee_of_agent);
	check_run("a fee may be all of it", test_fee_as_large_as_payout);
	check_run("a return is at most what was paid, once", test_returned);
	check_run("a batch adds up and has every payout once", test_batch);
	check_run("a refund cancels what has not been sent", test_cancelled_by_refund);
	return check_end();
}
