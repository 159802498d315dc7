/*
 * test_books_gate.c -- the eleven gates of a restock, and how much they would let pass.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;

/* Agent a1, verified, enrolled today. */
static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a1", "payee"), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static void
guard(const char *name, const char *mode)
{
	money_book_choose(&book, name, mode);
}

static void
publish(void)
{
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static struct dbk_event
asking(const char *agent, int64_t qty, int64_t price)
{
	static char names[4][16];
	char *name = names[++book.serial % 4];
	struct dbk_event event = money_book_event(&book, DBK_EVENT_RESTOCK_REQUESTED);

	(void)snprintf(name, sizeof names[0], "q%u", book.serial);
	event.u.restock_requested =
	    (struct dbk_restock_requested){ .request = dbk_str_of(name),
					    .agent = dbk_str_of(agent),
					    .sku = dbk_str_of("soap"),
					    .qty = qty,
					    .unit_price = price,
					    .place = DBK_PLACE_PHYSICAL };
	return event;
}

static enum dbk_rule
ask(int64_t qty)
{
	struct dbk_event event = asking("a1", qty, 100);

	return money_book_send(&book, &event);
}

static bool
is_field(const char *name)
{
	const struct dbk_field *field = &book.verdict.refusal.field;

	return field->name != NULL && strcmp(field->name, name) == 0 &&
	       field->member == NULL;
}

/* It was refused on FIELD with these two numbers. */
static void
check_refused(const char *field, int64_t measured, int64_t limit)
{
	CHECK(is_field(field));
	CHECK(money_book_measured(&book, measured, limit));
}

/* The largest quantity that would pass, by the last answer. */
static int64_t
would_pass(void)
{
	const struct dbk_effect *effect = &book.effects.effects[0];

	if (book.verdict.outcome == DBK_REFUSED)
		CHECK_INT(book.verdict.refusal.would_pass_plus_one,
			  effect->would_pass + 1);
	return effect->would_pass;
}

/* The last answer's checks are EXPECTED, a line each: "cover refuse 62 45 fails". */
static bool
checked(const char *expected)
{
	static const char *const modes[] = { "?", "off", "flag", "refuse" };
	char text[2048] = "";
	size_t at = 0;

	for (uint32_t i = 0; i < book.effects.n_checks; i++) {
		const struct dbk_check *c = &book.effects.checks[i];

		at +=
		    (size_t)snprintf(text + at, sizeof text - at, "%s %s %lld %lld%s\n",
				     dbk_guard_kind((enum dbk_guard)c->guard)->name,
				     modes[c->mode], (long long)c->measured,
				     (long long)c->limit, c->passed ? "" : " fails");
	}
	if (strcmp(text, expected) == 0)
		return true;
	fprintf(stderr, "checks were\n%s", text);
	return CHECK(strcmp(text, expected) == 0);
}

static void
found(enum dbk_rule rule, uint32_t count, int64_t measured, int64_t limit)
{
	CHECK(goods_book_found(&book, rule, DBK_SUBJECT_AGENT, "a1", count, measured,
			       limit));
}

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

/* ------------------------------------------------------------------------- the whole
 */

static void
test_rules(void)
{
	struct dbk_event event;

	begin();
	event = asking("nobody", 1, 0);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_AGENT_UNKNOWN);
	event = asking("a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_SKU_UNKNOWN);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(book.verdict.refusal.would_pass_plus_one, 0);
	end();
}

static void
test_off(void)
{
	begin();
	CHECK_INT(ask(DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK(checked(""));
	CHECK_INT(book.effects.effects[0].would_pass, 0);
	CHECK_INT(DBK_ROW(book.books, requests, request, 1)->qty, DBK_QTY_MAX);
	end();
}

/* Open 34, received 30, sold 24, stock 40, window 30. */
static void
test_example(void)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 34), DBK_RULE_NONE);
	money_book_wait_days(&book, 40);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 30), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 24), DBK_RULE_NONE);
	guard("sell_through", "REFUSE");
	guard("cover", "REFUSE");
	publish();
	CHECK_INT(ask(10), DBK_RULE_RESTOCK_SELL_THROUGH);
	check_refused("qty", 375000, 600000);
	CHECK(checked("sell_through refuse 375000 600000 fails\n"
		      "cover refuse 62 45 fails\n"));
	CHECK_INT(would_pass(), 0);
	guard("sell_through", "FLAG");
	guard("cover", "REFUSE");
	publish();
	CHECK_INT(ask(10), DBK_RULE_RESTOCK_COVER);
	CHECK_INT(would_pass(), 0);
	found(DBK_RULE_RESTOCK_SELL_THROUGH, 0, 0, 0);
	end();
}

static void
test_modes(void)
{
	begin();
	guard("holding", "FLAG");
	money_book_set(&book, "max_units", 10);
	publish();
	CHECK_INT(ask(11), DBK_RULE_NONE);
	CHECK(checked("holding flag 11 10 fails\n"));
	CHECK_INT(would_pass(), DBK_QTY_MAX);
	found(DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	guard("holding", "OFF");
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked(""));
	found(DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	guard("holding", "REFUSE");
	money_book_set(&book, "max_units", 20);
	publish();
	CHECK_INT(ask(9), DBK_RULE_RESTOCK_HOLDING);
	check_refused("qty", 21, 20);
	CHECK_INT(would_pass(), 8);
	CHECK_INT(ask(8), DBK_RULE_NONE);
	CHECK(checked("holding refuse 20 20\n"));
	found(DBK_RULE_RESTOCK_HOLDING, 1, 11, 10);
	end();
}

static void
test_override(void)
{
	begin();
	guard("holding", "REFUSE");
	guard("goods_state", "FLAG");
	money_book_set(&book, "max_units", 10);
	publish();
	CHECK_INT(override("o1", "RESTOCK_EXCEEDED"), DBK_RULE_OVERRIDE_GUARD);
	CHECK_INT(override("o1", "RESTOCK_HOLDING"), DBK_RULE_NONE);
	CHECK_INT(ask(11), DBK_RULE_NONE);
	CHECK(checked("holding refuse 11 10 fails\ngoods_state flag 0 0\n"));
	CHECK_INT(would_pass(), 10);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_HOLDING);
	found(DBK_RULE_RESTOCK_HOLDING, 0, 0, 0);
	end();
}

/* The override of the first gate is not lost when the second refuses. */
static void
test_override_of_one_of_two(void)
{
	begin();
	guard("holding", "REFUSE");
	guard("frequency", "REFUSE");
	money_book_set(&book, "max_units", 10);
	money_book_set(&book, "max_restocks", 1);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK_INT(override("o1", "RESTOCK_HOLDING"), DBK_RULE_NONE);
	CHECK_INT(ask(11), DBK_RULE_RESTOCK_FREQUENCY);
	check_refused("agent", 1, 1);
	CHECK_INT(would_pass(), 0);
	CHECK_INT(override("o2", "RESTOCK_FREQUENCY"), DBK_RULE_NONE);
	CHECK_INT(ask(11), DBK_RULE_NONE);
	end();
}

/* ---------------------------------------------------------------- 1 to 3: the agent */

static void
test_standing(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	guard("standing", "REFUSE");
	guard("entry_fee", "FLAG");
	publish();
	event = asking("a2", 1, 0);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_RESTOCK_STANDING);
	check_refused("agent", 0, 1);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("standing refuse 0 0\n"));
	event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);
	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of("f1"),
							.agent = dbk_str_of("a1"),
							.kind = DBK_FEE_JOINING,
							.amount = 5,
							.is_condition = true };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_STANDING);
	check_refused("agent", 1, 0);
	event = money_book_event(&book, DBK_EVENT_FINDING_RESOLVED);
	event.u.finding_resolved =
	    (struct dbk_finding_resolved){ .finding = dbk_str_of("1"),
					   .action = dbk_str_of("x"),
					   .reason = dbk_str_of("paid back") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	end();
}

static void
test_agreement(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("a2");
	event.u.agent_enrolled.agreement_version = 3;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_verify(&book, "a2", "other"), DBK_RULE_NONE);
	for (uint32_t version = 0; version <= 4; version++) {
		guard("standing", "REFUSE");
		money_book_set(&book, "agreement_version", version);
		publish();
		event = asking("a2", 1, 0);
		CHECK_INT(money_book_send(&book, &event),
			  version <= 3 ? DBK_RULE_NONE : DBK_RULE_RESTOCK_STANDING);
	}
	check_refused("agent", 3, 4);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_STANDING);
	check_refused("agent", 0, 4);
	end();
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
	begin();
	owe(500);
	guard("receivable", "REFUSE");
	money_book_set(&book, "receivable_limit", 499);
	publish();
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_RECEIVABLE);
	check_refused("agent", 500, 499);
	guard("receivable", "REFUSE");
	money_book_set(&book, "receivable_limit", 500);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("receivable refuse 500 500\n"));
	end();
}

static void
test_starter(void)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 60), DBK_RULE_NONE);
	guard("starter", "REFUSE");
	guard("sell_through", "REFUSE");
	guard("cover", "REFUSE");
	publish();
	CHECK_INT(ask(15), DBK_RULE_NONE);
	CHECK(checked("starter refuse 75 100\nsell_through refuse 0 0\n"
		      "cover refuse 0 0\n"));
	CHECK_INT(would_pass(), 40);
	CHECK_INT(ask(26), DBK_RULE_RESTOCK_STARTER);
	check_refused("agent", 101, 100);
	CHECK_INT(would_pass(), 25);
	CHECK_INT(ask(25), DBK_RULE_NONE);
	money_book_wait_days(&book, 29);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_STARTER);
	check_refused("agent", 101, 100);
	money_book_wait_days(&book, 1);
	/* Its requests are 30 days old: nothing of them comes any more. */
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_SELL_THROUGH);
	CHECK(checked("starter refuse 0 0\nsell_through refuse 0 600000 fails\n"
		      "cover refuse 9223372036854775807 45 fails\n"));
	end();
}

/* ------------------------------------------------------------ 4 to 6: how much stock
 */

/* a1 has got 100 and sold SOLD; an old agent. */
static void
sold(int64_t units)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 100), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", units), DBK_RULE_NONE);
}

static void
test_sell_through(void)
{
	sold(59);
	guard("sell_through", "REFUSE");
	publish();
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_SELL_THROUGH);
	check_refused("qty", 590000, 600000);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("sell_through refuse 600000 600000\n"));
	end();
	/* Few units in stock are free. */
	sold(59);
	guard("sell_through", "REFUSE");
	money_book_set(&book, "free_units", 41);
	publish();
	CHECK_INT(ask(1000), DBK_RULE_NONE);
	CHECK(checked("sell_through refuse 590000 600000\n"));
	CHECK_INT(would_pass(), DBK_QTY_MAX);
	end();
	/* Too few to tell. */
	sold(59);
	guard("sell_through", "REFUSE");
	money_book_set(&book, "min_units", 101);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("sell_through refuse 0 0\n"));
	end();
}

static void
test_finding_has_window(void)
{
	sold(10);
	guard("sell_through", "FLAG");
	guard("frequency", "FLAG");
	money_book_set(&book, "max_restocks", 1);
	money_book_set(&book, "window_days", 17);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	found(DBK_RULE_RESTOCK_SELL_THROUGH, 2, 100000, 600000);
	CHECK_INT(goods_book_finding(&book, DBK_RULE_RESTOCK_SELL_THROUGH,
				     DBK_SUBJECT_AGENT, "a1")
		      .window,
		  17);
	found(DBK_RULE_RESTOCK_FREQUENCY, 1, 1, 1);
	CHECK_INT(goods_book_finding(&book, DBK_RULE_RESTOCK_FREQUENCY,
				     DBK_SUBJECT_AGENT, "a1")
		      .window,
		  0);
	end();
}

/* 60 sold in 30 days are 2 a day: 90 for 45 days, 40 of which are there. */
static void
test_cover(void)
{
	sold(60);
	guard("cover", "REFUSE");
	publish();
	CHECK_INT(ask(51), DBK_RULE_RESTOCK_COVER);
	check_refused("qty", 45, 45);
	CHECK_INT(would_pass(), 50);
	CHECK_INT(ask(20), DBK_RULE_NONE);
	CHECK(checked("cover refuse 30 45\n"));
	CHECK_INT(ask(31), DBK_RULE_RESTOCK_COVER);
	CHECK_INT(would_pass(), 30);
	CHECK_INT(ask(30), DBK_RULE_NONE);
	CHECK(checked("cover refuse 45 45\n"));
	end();
	/* Who sells nothing may have some all the same. */
	begin();
	guard("cover", "REFUSE");
	publish();
	CHECK_INT(ask(11), DBK_RULE_RESTOCK_COVER);
	check_refused("qty", INT64_MAX, 45);
	CHECK_INT(would_pass(), 10);
	CHECK_INT(ask(10), DBK_RULE_NONE);
	CHECK(checked("cover refuse 9223372036854775807 45\n"));
	end();
}

static void
test_holding(void)
{
	sold(60);
	guard("holding", "REFUSE");
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("holding refuse 0 0\n"));
	CHECK_INT(would_pass(), DBK_QTY_MAX);
	/* 41 pieces of 100.00 are there or coming. */
	guard("holding", "REFUSE");
	money_book_set(&book, "max_value", 5000 * 100);
	money_book_set(&book, "max_units", 60);
	publish();
	CHECK_INT(ask(10), DBK_RULE_RESTOCK_HOLDING);
	check_refused("qty", 510000, 500000);
	CHECK_INT(would_pass(), 9);
	CHECK_INT(ask(20), DBK_RULE_RESTOCK_HOLDING);
	check_refused("qty", 61, 60);
	CHECK_INT(would_pass(), 9);
	CHECK_INT(ask(9), DBK_RULE_NONE);
	CHECK(checked("holding refuse 500000 500000\n"));
	end();
}

/* Goods without a price cost nothing, but who has too much of others gets none. */
static void
test_holding_without_price(void)
{
	struct dbk_event event;

	sold(60);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	guard("holding", "REFUSE");
	money_book_set(&book, "max_value", 400000);
	publish();
	event = asking("a1", 7000, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(would_pass(), DBK_QTY_MAX);
	guard("holding", "REFUSE");
	money_book_set(&book, "max_value", 399999);
	publish();
	event = asking("a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_RESTOCK_HOLDING);
	check_refused("qty", 400000, 399999);
	CHECK_INT(would_pass(), 0);
	end();
}

/* The largest numbers that may be said do not run over. */
static void
test_bounds(void)
{
	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1), DBK_RULE_NONE);
	for (unsigned i = 0; i < 4; i++)
		CHECK_INT(ask(DBK_QTY_MAX), DBK_RULE_NONE);
	guard("cover", "FLAG");
	guard("holding", "FLAG");
	guard("rank_buy", "FLAG");
	money_book_set(&book, "max_units", 0);
	money_book_set(&book, "max_value", 0);
	money_book_set(&book, "window_days", 366);
	money_book_set(&book, "rank_buy_factor_ppm", 1000000000);
	publish();
	CHECK_INT(ask(DBK_QTY_MAX), DBK_RULE_NONE);
	CHECK(checked("cover flag 20203199999999634 45 fails\n"
		      "holding flag 55199999999999 0 fails\n"
		      "rank_buy flag 9200000000000 9200000000000000\n"));
	end();
}

/* ------------------------------------------------------------- 7 to 11: what and when
 */

static void
test_frequency(void)
{
	begin();
	guard("frequency", "REFUSE");
	money_book_set(&book, "max_restocks", 2);
	money_book_set(&book, "restock_period_days", 10);
	money_book_set(&book, "restock_interval_days", 3);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("frequency refuse 0 2\n"));
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_FREQUENCY);
	check_refused("agent", 0, 3);
	money_book_wait_days(&book, 2);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_FREQUENCY);
	check_refused("agent", 2, 3);
	money_book_wait_days(&book, 1);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	money_book_wait_days(&book, 6);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_FREQUENCY);
	check_refused("agent", 2, 2);
	CHECK_INT(would_pass(), 0);
	money_book_wait_days(&book, 1);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	end();
}

/* Those of other skus do not count. */
static void
test_frequency_of_a_sku(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	guard("frequency", "REFUSE");
	money_book_set(&book, "max_restocks", 1);
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	event = asking("a1", 1, 0);
	event.u.restock_requested.sku = dbk_str_of("tea");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_FREQUENCY);
	end();
}

static void
test_goods_state(void)
{
	struct dbk_event event;

	begin();
	guard("goods_state", "REFUSE");
	publish();
	CHECK_INT(ask(1), DBK_RULE_NONE);
	event = money_book_event(&book, DBK_EVENT_SKU_DEFINED);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("tea"), .revision = 1 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event.u.sku_defined =
	    (struct dbk_sku_defined){ .sku = dbk_str_of("soap"),
				      .revision = 2,
				      .superseded_by = dbk_str_of("tea") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_GOODS_STATE);
	check_refused("sku", 1, 0);
	CHECK_INT(would_pass(), 0);
	end();
}

/* What is old must be sold or offered back first. */
static void
test_aged(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	guard("aged", "REFUSE");
	money_book_set(&book, "aged_days", 10);
	publish();
	money_book_wait_days(&book, 9);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK(checked("aged refuse 0 0\n"));
	money_book_wait_days(&book, 1);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_AGED);
	check_refused("sku", 5, 0);
	event = money_book_event(&book, DBK_EVENT_BUYBACK_REQUESTED);
	event.u.buyback_requested =
	    (struct dbk_buyback_requested){ .request = dbk_str_of("b1"),
					    .agent = dbk_str_of("a1"),
					    .sku = dbk_str_of("soap"),
					    .qty = 4 };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_RESTOCK_AGED);
	check_refused("sku", 1, 0);
	event.u.buyback_requested.request = dbk_str_of("b2");
	event.u.buyback_requested.qty = 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(ask(1), DBK_RULE_NONE);
	end();
}

static void
test_price(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_PRICE_BAND_SET);
	event.u.price_band_set =
	    (struct dbk_price_band_set){ .band = dbk_str_of("b"),
					 .revision = 1,
					 .min_price = 90,
					 .max_price = 110,
					 .mode = DBK_GUARD_FLAG,
					 .valid_from = book.now_us };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	guard("restock_price", "REFUSE");
	publish();
	for (int64_t price = 89; price <= 111; price++) {
		bool inside = price >= 90 && price <= 110;

		event = asking("a1", 1, price);
		CHECK_INT(money_book_send(&book, &event),
			  inside ? DBK_RULE_NONE : DBK_RULE_RESTOCK_PRICE);
		if (!inside)
			check_refused("unit_price", price, price < 90 ? 90 : 110);
		else
			CHECK_INT(book.effects.checks[0].measured, price);
	}
	end();
}

static void
test_rank_buy(void)
{
	static const int64_t before[] = { 9, 4, 7, 5 };

	begin();
	guard("rank_buy", "REFUSE");
	money_book_set(&book, "rank_buy_factor_ppm", 2500000);
	publish();
	for (unsigned i = 0; i < 2; i++)
		CHECK_INT(ask(before[i]), DBK_RULE_NONE);
	CHECK(checked("rank_buy refuse 0 0\n"));
	CHECK_INT(would_pass(), DBK_QTY_MAX);
	CHECK_INT(ask(before[2]), DBK_RULE_NONE);
	/* Of 4, 7, 9 the middle one: 17. */
	CHECK_INT(ask(18), DBK_RULE_RESTOCK_RANK_BUY);
	check_refused("agent", 18, 17);
	CHECK_INT(would_pass(), 17);
	CHECK_INT(ask(before[3]), DBK_RULE_NONE);
	/* Of 4, 5, 7, 9 the lower one: 12. */
	CHECK_INT(ask(13), DBK_RULE_RESTOCK_RANK_BUY);
	check_refused("agent", 13, 12);
	/* Eleven ones are all that is looked at. */
	for (unsigned i = 0; i < 11; i++)
		CHECK_INT(ask(1), DBK_RULE_NONE);
	CHECK_INT(ask(3), DBK_RULE_RESTOCK_RANK_BUY);
	check_refused("agent", 3, 2);
	end();
}

/* --------------------------------------------------------------------- what would pass
 */

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
	struct dbk_event event = asking("a1", qty, 100);
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

	begin();
	for (unsigned i = draw(seed, 5); i > 0; i--)
		CHECK_INT(ask(1 + draw(seed, 20)), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 40 + draw(seed, 40)),
		  DBK_RULE_NONE);
	CHECK_INT(goods_book_sell(&book, "a1", "c1", "soap", 1 + draw(seed, 40)),
		  DBK_RULE_NONE);
	money_book_wait_days(&book, (int)draw(seed, 40));
	for (unsigned i = 0; i < 4; i++)
		if (draw(seed, 2) != 0)
			guard(guards[i], "REFUSE");
	money_book_set(&book, "starter_units", draw(seed, 90));
	money_book_set(&book, "free_units", draw(seed, 60));
	money_book_set(&book, "max_units", 90 + draw(seed, 100));
	money_book_set(&book, "max_value", draw(seed, 1000000));
	money_book_set(&book, "max_cover_days", draw(seed, 90));
	publish();
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
		end();
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
	check_run("sell_through: below the limit, above the free units",
		  test_sell_through);
	check_run("a finding says the window that was measured",
		  test_finding_has_window);
	check_run("cover: so many days of what is sold", test_cover);
	check_run("holding: units, and value at list prices", test_holding);
	check_run("holding: goods without a price", test_holding_without_price);
	check_run("the largest numbers do not run over", test_bounds);
	check_run("frequency: so many in a period, so far apart", test_frequency);
	check_run("frequency: each sku by itself", test_frequency_of_a_sku);
	check_run("goods_state: what is superseded is not restocked", test_goods_state);
	check_run("aged: what is old is sold or given back first", test_aged);
	check_run("restock_price: within the band", test_price);
	check_run("rank_buy: not many times what was bought before", test_rank_buy);
	check_run("the largest quantity that would pass is the largest",
		  test_would_pass);
	return check_end();
}
