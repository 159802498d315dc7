/*
 * test_books_gate.c -- the eleven gates of a restock, and how much they would let pass.
 */

#include "../tests/lib/check.h"
#include "../tests/lib/gate_book.h"

static struct money_book book;

static enum dbk_rule
override(const char *name, const char *rule)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_OVERRIDE_GRANTED);

	event.u.override_granted =
	    (struct dbk_override_granted){ .override = dbk_str_of(name),
					   .guard = dbk_str_of(rule),
					   .subject = dbk_str_of("a1"),
					   .approver1 = dbk_str_of("p"),
					   .approver2 = dbk_str_of("q"),
					   .expires_at =
					       book.now_us + 9 * MONEY_BOOK_DAY_US };
	return money_book_send(&book, &event);
}

/* ------------------------------------------------------------------------ the whole */

static void
test_rules(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	event = gate_book_asking(&book, "nobody", 1, 0);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_AGENT_UNKNOWN);
	event = gate_book_asking(&book, "a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_SKU_UNKNOWN);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(book.verdict.refusal.would_pass_plus_one, 0);
	money_book_close(&book);
}

static void
test_off(void)
{
	gate_book_open(&book);
	CHECK_INT(gate_book_ask(&book, DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, ""));
	CHECK_INT(book.effects.effects[0].would_pass, 0);
	CHECK_INT(DBK_ROW(book.books, requests, request, 1)->qty, DBK_QTY_MAX);
	money_book_close(&book);
}

/* Open 34, received 30, sold 24, stock 40, window 30. */
static void
test_example(void)
{
	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 34), DBK_RULE_NONE);
	money_book_wait_days(&book, 40);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 30), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 24), DBK_RULE_NONE);
	money_book_choose(&book, "sell_through", "REFUSE");
	money_book_choose(&book, "cover", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 10), DBK_RULE_RESTOCK_SELL_THROUGH);
	gate_book_refused(&book, "qty", 375000, 600000);
	CHECK(gate_book_checked(&book, "sell_through refuse 375000 600000 fails\n"
				       "cover refuse 62 45 fails\n"));
	CHECK_INT(gate_book_would_pass(&book), 0);
	money_book_choose(&book, "sell_through", "FLAG");
	money_book_choose(&book, "cover", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 10), DBK_RULE_RESTOCK_COVER);
	CHECK_INT(gate_book_would_pass(&book), 0);
	gate_book_found(&book, DBK_RULE_RESTOCK_SELL_THROUGH, 0, 0, 0);
	money_book_close(&book);
}

static void
test_modes(void)
{
	gate_book_open(&book);
	money_book_choose(&book, "holding", "FLAG");
	money_book_set(&book, "max_units", 10);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "holding flag 11 10 fails\n"));
	CHECK_INT(gate_book_would_pass(&book), DBK_QTY_MAX);
	gate_book_found(&book, DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	money_book_choose(&book, "holding", "OFF");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, ""));
	gate_book_found(&book, DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	money_book_choose(&book, "holding", "REFUSE");
	money_book_set(&book, "max_units", 20);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 9), DBK_RULE_RESTOCK_HOLDING);
	gate_book_refused(&book, "qty", 21, 20);
	CHECK_INT(gate_book_would_pass(&book), 8);
	CHECK_INT(gate_book_ask(&book, 8), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "holding refuse 20 20\n"));
	gate_book_found(&book, DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	money_book_close(&book);
}

static void
test_override(void)
{
	gate_book_open(&book);
	money_book_choose(&book, "holding", "REFUSE");
	money_book_choose(&book, "goods_state", "FLAG");
	money_book_set(&book, "max_units", 10);
	gate_book_publish(&book);
	CHECK_INT(override("o1", "RESTOCK_EXCEEDED"), DBK_RULE_OVERRIDE_GUARD);
	CHECK_INT(override("o1", "RESTOCK_HOLDING"), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book,
				"holding refuse 11 10 fails\ngoods_state flag 0 0\n"));
	CHECK_INT(gate_book_would_pass(&book), 10);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_HOLDING);
	gate_book_found(&book, DBK_RULE_RESTOCK_HOLDING, 0, 0, 0);
	money_book_close(&book);
}

/* The override of the first gate is not lost when the second refuses. */
static void
test_override_of_one_of_two(void)
{
	gate_book_open(&book);
	money_book_choose(&book, "holding", "REFUSE");
	money_book_choose(&book, "frequency", "REFUSE");
	money_book_set(&book, "max_units", 10);
	money_book_set(&book, "max_restocks", 1);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK_INT(override("o1", "RESTOCK_HOLDING"), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_RESTOCK_FREQUENCY);
	gate_book_refused(&book, "agent", 1, 1);
	CHECK_INT(gate_book_would_pass(&book), 0);
	CHECK_INT(override("o2", "RESTOCK_FREQUENCY"), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_NONE);
	money_book_close(&book);
}

/* ---------------------------------------------------------------- 1 to 3: the agent */

static void
test_standing(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	money_book_choose(&book, "standing", "REFUSE");
	money_book_choose(&book, "entry_fee", "FLAG");
	gate_book_publish(&book);
	event = gate_book_asking(&book, "a2", 1, 0);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_RESTOCK_STANDING);
	gate_book_refused(&book, "agent", 0, 1);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "standing refuse 0 0\n"));
	event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);
	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of("f1"),
							.agent = dbk_str_of("a1"),
							.kind = DBK_FEE_JOINING,
							.amount = 5,
							.is_condition = true };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_STANDING);
	gate_book_refused(&book, "agent", 1, 0);
	event = money_book_event(&book, DBK_EVENT_FINDING_RESOLVED);
	event.u.finding_resolved =
	    (struct dbk_finding_resolved){ .finding = dbk_str_of("1"),
					   .action = dbk_str_of("x"),
					   .reason = dbk_str_of("paid back") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_agreement(void)
{
	struct dbk_event event;

	gate_book_open(&book);
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("a2");
	event.u.agent_enrolled.agreement_version = 3;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a2", "other"), DBK_RULE_NONE);
	for (uint32_t version = 0; version <= 4; version++) {
		money_book_choose(&book, "standing", "REFUSE");
		money_book_set(&book, "agreement_version", version);
		gate_book_publish(&book);
		event = gate_book_asking(&book, "a2", 1, 0);
		CHECK_INT(money_book_send(&book, &event),
			  version <= 3 ? DBK_RULE_NONE : DBK_RULE_RESTOCK_STANDING);
	}
	gate_book_refused(&book, "agent", 3, 4);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_STANDING);
	gate_book_refused(&book, "agent", 0, 4);
	money_book_close(&book);
}

static void
owe(int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_MANUAL_ADJUSTMENT);

	event.u.manual_adjustment =
	    (struct dbk_manual_adjustment){ .adjustment = dbk_str_of("owe"),
					    .agent = dbk_str_of("a1"),
					    .amount = amount,
					    .deduct = true,
					    .reason = dbk_str_of("broken window"),
					    .approver1 = dbk_str_of("p"),
					    .approver2 = dbk_str_of("q") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_receivable(void)
{
	gate_book_open(&book);
	owe(500);
	money_book_choose(&book, "receivable", "REFUSE");
	money_book_set(&book, "receivable_limit", 499);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_RECEIVABLE);
	gate_book_refused(&book, "agent", 500, 499);
	money_book_choose(&book, "receivable", "REFUSE");
	money_book_set(&book, "receivable_limit", 500);
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book, "receivable refuse 500 500\n"));
	money_book_close(&book);
}

static void
test_starter(void)
{
	gate_book_open(&book);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 60), DBK_RULE_NONE);
	money_book_choose(&book, "starter", "REFUSE");
	money_book_choose(&book, "sell_through", "REFUSE");
	money_book_choose(&book, "cover", "REFUSE");
	gate_book_publish(&book);
	CHECK_INT(gate_book_ask(&book, 15), DBK_RULE_NONE);
	CHECK(gate_book_checked(&book,
				"starter refuse 75 100\nsell_through refuse 0 0\n"
				"cover refuse 0 0\n"));
	CHECK_INT(gate_book_would_pass(&book), 40);
	CHECK_INT(gate_book_ask(&book, 26), DBK_RULE_RESTOCK_STARTER);
	gate_book_refused(&book, "agent", 101, 100);
	CHECK_INT(gate_book_would_pass(&book), 25);
	CHECK_INT(gate_book_ask(&book, 25), DBK_RULE_NONE);
	money_book_wait_days(&book, 29);
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_STARTER);
	gate_book_refused(&book, "agent", 101, 100);
	money_book_wait_days(&book, 1);
	/* Its requests are 30 days old: nothing of them comes any more. */
	CHECK_INT(gate_book_ask(&book, 1), DBK_RULE_RESTOCK_SELL_THROUGH);
	CHECK(gate_book_checked(
	    &book, "starter refuse 0 0\nsell_through refuse 0 600000 fails\n"
		   "cover refuse 9223372036854775807 45 fails\n"));
	money_book_close(&book);
}

/* ------------------------------------------------------------------ what would pass */

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

/* Would QTY pass? */
static bool
passes(int64_t qty)
{
	struct dbk_event event = gate_book_asking(&book, "a1", qty, 100);
	struct dbk_verdict verdict;
	struct dbk_mark mark;

	event.source = dbk_str_of("shop");
	dbk_effects_reset(&book.effects, dbk_books_size(book.books));
	dbk_books_mark(book.books, &mark);
	CHECK(dbk_books_decide(book.books, &event, &book.effects, &book.arena,
			       &verdict) == DBK_OK);
	dbk_books_rewind(book.books, &mark);
	return verdict.outcome == DBK_ACCEPTED;
}

/* A world by chance in which nothing but quantities decides. */
static void
draw_world(uint32_t *seed)
{
	static const char *const guards[] = { "starter", "cover", "holding",
					      "rank_buy" };

	gate_book_open(&book);
	for (unsigned i = draw(seed, 5); i > 0; i--)
		CHECK_INT(gate_book_ask(&book, 1 + draw(seed, 20)), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 40 + draw(seed, 40)),
		  DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1 + draw(seed, 40)),
		  DBK_RULE_NONE);
	money_book_wait_days(&book, (int)draw(seed, 40));
	for (unsigned i = 0; i < 4; i++)
		if (draw(seed, 2) != 0)
			money_book_choose(&book, guards[i], "REFUSE");
	money_book_set(&book, "starter_units", draw(seed, 90));
	money_book_set(&book, "free_units", draw(seed, 60));
	money_book_set(&book, "max_units", 90 + draw(seed, 100));
	money_book_set(&book, "max_value", draw(seed, 1000000));
	money_book_set(&book, "max_cover_days", draw(seed, 90));
	gate_book_publish(&book);
}

/* What is said to be the largest quantity that passes is it. */
static void
test_would_pass(void)
{
	uint32_t seed = 4711, limited = 0, none = 0;

	for (unsigned round = 0; round < 200; round++) {
		int64_t most;

		draw_world(&seed);
		(void)passes(1);
		most = book.effects.effects[0].would_pass;
		if (book.effects.n_checks > 0) {
			CHECK(most == 0 || passes(most));
			CHECK(most == DBK_QTY_MAX || !passes(most + 1));
			limited += most > 0 && most < DBK_QTY_MAX;
			none += most == 0;
		}
		money_book_close(&book);
	}
	CHECK(limited > 20 && none > 20);
}

int
main(void)
{
	check_run("a request of nobody, for nothing, is refused", test_rules);
	check_run("without guards everything is allowed", test_off);
	check_run("the example of the specification comes out", test_example);
	check_run("off is silent, flag finds, refuse refuses", test_modes);
	check_run("an override lets one request pass", test_override);
	check_run("a refused request uses no override up", test_override_of_one_of_two);
	check_run("standing: verified and nothing red", test_standing);
	check_run("standing: the agreement is the one in force", test_agreement);
	check_run("receivable: who owes too much gets nothing", test_receivable);
	check_run("starter: the first days have a quota of their own", test_starter);
	check_run("the largest quantity that would pass is the largest",
		  test_would_pass);
	return check_end();
}
