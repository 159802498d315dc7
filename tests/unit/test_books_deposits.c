/*
 * test_books_deposits.c -- money that agents bring, what they owe, corrections by hand.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static unsigned n_refs;

static enum dbk_rule
money(enum dbk_event_type type, const char *agent, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, type);
	char ref[16];

	(void)snprintf(ref, sizeof ref, "r%u", ++n_refs);
	event.u.agent_money = (struct dbk_agent_money){ .agent = dbk_str_of(agent),
							.amount = amount,
							.ref = dbk_str_of(ref) };
	return money_book_send(&book, &event);
}

static struct dbk_event
write_off(const char *agent, int64_t amount)
{
	struct dbk_event event =
	    money_book_event(&book, DBK_EVENT_CLAWBACK_WRITTEN_OFF);

	event.u.clawback_written_off =
	    (struct dbk_clawback_written_off){ .agent = dbk_str_of(agent),
					       .amount = amount,
					       .ref = dbk_str_of("w"),
					       .approver1 = dbk_str_of("p"),
					       .approver2 = dbk_str_of("q"),
					       .reason = dbk_str_of("gone") };
	return event;
}

static struct dbk_event
adjustment(const char *name, const char *agent, bool deduct, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_MANUAL_ADJUSTMENT);

	event.u.manual_adjustment =
	    (struct dbk_manual_adjustment){ .adjustment = dbk_str_of(name),
					    .agent = dbk_str_of(agent),
					    .deduct = deduct,
					    .amount = amount,
					    .reason = dbk_str_of("a slip"),
					    .approver1 = dbk_str_of("p"),
					    .approver2 = dbk_str_of("q") };
	return event;
}

static enum dbk_rule
adjust(const char *name, const char *agent, bool deduct, int64_t amount)
{
	struct dbk_event event = adjustment(name, agent, deduct, amount);

	return money_book_send(&book, &event);
}

static void
begin(void)
{
	money_book_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
}

static void
test_deposit(void)
{
	begin();
	CHECK_INT(money(DBK_EVENT_DEPOSIT_RECEIVED, "a9", 100), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(money(DBK_EVENT_DEPOSIT_RETURNED, "a1", 1),
		  DBK_RULE_DEPOSIT_EXCEEDED);
	CHECK_INT(money(DBK_EVENT_DEPOSIT_RECEIVED, "a1", 100), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "1010 bank 100 event\n"
				       "2180 a1 -100 event\n"));
	CHECK_INT(money(DBK_EVENT_DEPOSIT_RETURNED, "a1", 101),
		  DBK_RULE_DEPOSIT_EXCEEDED);
	CHECK(money_book_measured(&book, 101, 100));
	CHECK_INT(money(DBK_EVENT_DEPOSIT_RETURNED, "a1", 100), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2180 a1 100 event\n"
				       "1010 bank -100 event\n"));
	money_book_close(&book);
}

static enum dbk_rule
charge(const char *fee, const char *agent, const char *psp)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);

	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of(fee),
							.agent = dbk_str_of(agent),
							.kind = DBK_FEE_KIT,
							.amount = 20000,
							.psp = dbk_str_of(psp),
							.psp_txn = dbk_str_of(psp) };
	return money_book_send(&book, &event);
}

static void
test_fee(void)
{
	begin();
	CHECK_INT(charge("f1", "a9", "psp"), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(charge("f1", "a1", ""), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, ""));
	CHECK_INT(charge("f2", "a1", "psp"), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "1020 psp 20000 event\n"
				       "4040 a1 -20000 event\n"));
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, "a1"),
		  DBK_RULE_NONE);
	CHECK_INT(charge("f3", "a1", "psp2"), DBK_RULE_AGENT_NOT_ACTIVE);
	money_book_close(&book);
}

/* A fee recruits where the plan pays for that, money seen or not. */
static void
test_fee_pays(void)
{
	begin();
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
	money_book_set(&book, "fee_rate_ppm", 100000)->level = 1;
	(void)money_book_choose(&book, "acknowledge", "RECRUITING");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(charge("f1", "a2", ""), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5010 plan 2000 recruited\n"
				       "2110 a1 -2000 recruited\n"));
	money_book_wait_days(&book, 7);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 2000);
	money_book_close(&book);
}

static void
test_repaid(void)
{
	begin();
	CHECK_INT(money(DBK_EVENT_CLAWBACK_REPAID, "a9", 1), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(money(DBK_EVENT_CLAWBACK_REPAID, "a1", 1),
		  DBK_RULE_CLAWBACK_EXCEEDED);
	CHECK_INT(adjust("m1", "a1", true, 500), DBK_RULE_NONE);
	CHECK_INT(money(DBK_EVENT_CLAWBACK_REPAID, "a1", 501),
		  DBK_RULE_CLAWBACK_EXCEEDED);
	CHECK(money_book_measured(&book, 501, 500));
	CHECK_INT(money(DBK_EVENT_CLAWBACK_REPAID, "a1", 200), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "1010 bank 200 repaid\n"
				       "1110 a1 -200 repaid\n"));
	CHECK_INT(money(DBK_EVENT_CLAWBACK_REPAID, "a1", 300), DBK_RULE_NONE);
	CHECK_INT(money_book_balance(&book, 1110, "a1"), 0);
	money_book_close(&book);
}

static void
test_written_off(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(adjust("m1", "a1", true, 500), DBK_RULE_NONE);
	event = write_off("a9", 1);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_AGENT_UNKNOWN);
	event = write_off("a1", 1);
	event.u.clawback_written_off.approver2 = dbk_str_of("p");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_APPROVERS_NOT_TWO);
	event = write_off("a1", 1);
	event.u.clawback_written_off.reason = dbk_str_of("");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_REASON_MISSING);
	event = write_off("a1", 501);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_CLAWBACK_EXCEEDED);
	(void)money_book_set(&book, "writeoff_limit", 400);
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	event = write_off("a1", 401);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_WRITEOFF_LIMIT);
	CHECK(money_book_measured(&book, 401, 400));
	event = write_off("a1", 400);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5020 a1 400 written_off\n"
				       "1110 a1 -400 written_off\n"));
	money_book_close(&book);
}

static void
test_adjustment_rules(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(adjust("m1", "a9", false, 100), DBK_RULE_AGENT_UNKNOWN);
	event = adjustment("m1", "a1", false, 100);
	event.u.manual_adjustment.approver1 = dbk_str_of("");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_APPROVERS_NOT_TWO);
	event = adjustment("m1", "a1", false, 100);
	event.u.manual_adjustment.reason = dbk_str_of("");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_REASON_MISSING);
	event = adjustment("m1", "a1", false, 100);
	event.u.manual_adjustment.reverses = dbk_str_of("m1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_ADJUSTMENT_UNKNOWN);
	money_book_close(&book);
}

static void
test_adjustment_posts(void)
{
	begin();
	CHECK_INT(adjust("m1", "a1", false, 300), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5016 a1 300 adjusted\n"
				       "2120 a1 -300 adjusted\n"));
	CHECK_INT(adjust("m2", "a1", true, 500), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "2120 a1 300 adjusted\n"
				       "1110 a1 200 adjusted\n"
				       "5016 a1 -500 adjusted\n"));
	CHECK_INT(adjust("m3", "a1", false, 250), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5016 a1 250 adjusted\n"
				       "2120 a1 -250 adjusted\n"
				       "2120 a1 200 netted\n"
				       "1110 a1 -200 netted\n"));
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 50);
	money_book_close(&book);
}

static enum dbk_rule
reverse(const char *name, const char *agent, bool deduct, int64_t amount)
{
	struct dbk_event event = adjustment(name, agent, deduct, amount);

	event.u.manual_adjustment.reverses = dbk_str_of("m1");
	return money_book_send(&book, &event);
}

static void
test_adjustment_reversed(void)
{
	begin();
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
	CHECK_INT(adjust("m1", "a1", false, 300), DBK_RULE_NONE);
	CHECK_INT(reverse("m2", "a2", true, 300), DBK_RULE_ADJUSTMENT_STATE);
	CHECK_INT(reverse("m2", "a1", true, 299), DBK_RULE_ADJUSTMENT_STATE);
	CHECK_INT(reverse("m2", "a1", false, 300), DBK_RULE_ADJUSTMENT_STATE);
	CHECK_INT(reverse("m2", "a1", true, 300), DBK_RULE_NONE);
	CHECK_INT(money_book_credit(&book, 2120, "a1"), 0);
	CHECK_INT(reverse("m3", "a1", true, 300), DBK_RULE_ADJUSTMENT_STATE);
	money_book_close(&book);
}

/* Who is held gets a correction, and cannot have it yet. */
static void
test_adjustment_of_held_agent(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_COMMISSION_HELD);
	event.u.commission_held.hold = dbk_str_of("h");
	event.u.commission_held.agent = dbk_str_of("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(adjust("m1", "a1", false, 300), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5016 a1 300 adjusted\n"
				       "2130 a1 -300 adjusted\n"));
	CHECK_INT(adjust("m2", "a1", true, 100), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "1110 a1 100 adjusted\n"
				       "5016 a1 -100 adjusted\n"));
	money_book_close(&book);
}

int
main(void)
{
	check_run("a deposit comes and goes", test_deposit);
	check_run("a fee is income when its money was seen", test_fee);
	check_run("a fee pays sponsors where the plan does", test_fee_pays);
	check_run("no more is repaid than is owed", test_repaid);
	check_run("a write-off has two approvers, a reason, a limit", test_written_off);
	check_run("an adjustment has two approvers and a reason",
		  test_adjustment_rules);
	check_run("an adjustment is available, or owed, and netted",
		  test_adjustment_posts);
	check_run("an adjustment is taken back once, by its opposite",
		  test_adjustment_reversed);
	check_run("an adjustment for a held agent is held",
		  test_adjustment_of_held_agent);
	return check_end();
}
