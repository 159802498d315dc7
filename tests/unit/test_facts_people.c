/*
 * test_facts_people.c -- who joined, moved, rose and left, in the words of an examiner.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"
#include "../tests/lib/told_facts.h"

static struct money_book book;

static void
begin(void)
{
	money_book_open(&book);
	told_facts_open(&book);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
}

static void
end(void)
{
	told_facts_close(&book);
	money_book_close(&book);
}

static void
test_refused(void)
{
	begin();
	told_facts_forget();
	CHECK_INT(money_book_enrol(&book, "a3", "nobody"), DBK_RULE_SPONSOR_UNKNOWN);
	CHECK_INT(money_trade_rank(&book, "a9", "", "gold"), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_REINSTATED, "a1"),
		  DBK_RULE_AGENT_STATE);
	CHECK_INT(money_book_sell(&book, "o1", "a9", 100), DBK_RULE_AGENT_UNKNOWN);
	told_facts("");
	end();
}

static void
test_joined(void)
{
	struct dbk_event event;

	begin();
	told_facts("JOINED a1\nJOINED a2 (a1)\n");
	event = money_book_event(&book, DBK_EVENT_AGENT_ENROLLED);
	event.u.agent_enrolled.agent = dbk_str_of("a3");
	event.u.agent_enrolled.sponsor = dbk_str_of("a2");
	event.u.agent_enrolled.cooling_off_until =
	    book.now_us + 7 * MONEY_BOOK_DAY_US - 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("JOINED a3 (a2) x6\n");
	CHECK_INT(told_facts_last().at, book.now_us);
	event.u.agent_enrolled.agent = dbk_str_of("a4");
	event.u.agent_enrolled.cooling_off_until = book.now_us - 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("JOINED a4 (a2) x1\n");
	event.u.agent_enrolled.agent = dbk_str_of("a5");
	event.u.agent_enrolled.cooling_off_until = DBK_TIME_ABSENT;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("JOINED a5 (a2)\n");
	end();
}

static void
test_moved_and_left(void)
{
	struct dbk_event event;

	begin();
	CHECK_INT(money_book_enrol(&book, "a3", "a2"), DBK_RULE_NONE);
	told_facts_forget();
	event = money_book_event(&book, DBK_EVENT_SPONSOR_CHANGED);
	event.u.sponsor_changed =
	    (struct dbk_sponsor_changed){ .change = dbk_str_of("c1"),
					  .agent = dbk_str_of("a3"),
					  .old_sponsor = dbk_str_of("a2"),
					  .new_sponsor = dbk_str_of("a1"),
					  .approver1 = dbk_str_of("x"),
					  .approver2 = dbk_str_of("y") };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("MOVED a3 (a1)\n");
	event.u.sponsor_changed.change = dbk_str_of("c2");
	event.u.sponsor_changed.old_sponsor = dbk_str_of("a1");
	event.u.sponsor_changed.new_sponsor = dbk_str_of("");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	told_facts("MOVED a3\n");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a3"),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_REINSTATED, "a3"),
		  DBK_RULE_NONE);
	told_facts("");
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_TERMINATED, "a3"),
		  DBK_RULE_NONE);
	told_facts("LEFT a3\n");
	end();
}

static uint64_t
verify(uint32_t revision, struct dbk_str hash)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_AGENT_VERIFIED);

	event.u.agent_verified.agent = dbk_str_of("a1");
	event.u.agent_verified.revision = revision;
	event.u.agent_verified.id_hash = hash;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	return told_facts_last().hash;
}

static void
test_identity(void)
{
	begin();
	told_facts_forget();
	(void)verify(1, dbk_str_make("", 0));
	told_facts("");
	CHECK_INT(verify(2, dbk_str_make("\1\0\0\0\0\0\0\200more", 12)),
		  (long long)0x8000000000000001u);
	told_facts("IDENTITY a1\n");
	CHECK_INT(verify(3, dbk_str_make("\377\2", 2)), 0x2ff);
	told_facts("IDENTITY a1\n");
	end();
}

static void
rank(const char *period, const char *metric, int64_t value)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_RANK_CHANGED);

	event.u.rank_changed = (struct dbk_rank_changed){ .agent = dbk_str_of("a1"),
							  .period = dbk_str_of(period),
							  .metric = dbk_str_of(metric),
							  .value = value };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_ranked(void)
{
	begin();
	told_facts_forget();
	rank("1", "PURCHASE_VOLUME", 500000);
	rank("2", "HEAD_COUNT", 10);
	rank("3", "MATURED_RETAIL", 7);
	rank("4", "TEAM_RETAIL", 8);
	rank("5", "REPEAT_RATE", 9);
	rank("6", "head_count", 1);
	rank("7", "", 0);
	told_facts("RANKED a1 =500000 #2\nRANKED a1 =10 #3\nRANKED a1 =7 #1\n"
		   "RANKED a1 =8 #1\nRANKED a1 =9 #1\nRANKED a1 =1\nRANKED a1\n");
	end();
}

static void
observe(const char *name, const char *code, const char *subject, int64_t value)
{
	struct dbk_event event =
	    money_book_event(&book, DBK_EVENT_OBSERVATION_RECORDED);

	event.u.observation_recorded =
	    (struct dbk_observation_recorded){ .observation = dbk_str_of(name),
					       .code = dbk_str_of(code),
					       .subject = dbk_str_of(subject),
					       .value = value };
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static void
test_marked(void)
{
	begin();
	told_facts_forget();
	observe("1", "prior_sanction", "a1", 0);
	observe("2", "prior_sanction", "nobody", 1);
	observe("3", "prior_sanction", "", 1);
	observe("4", "direct_selling_licence", "a1", 1);
	observe("5", "direct_selling_licence", "", 0);
	observe("6", "share", "a1", 1);
	told_facts("");
	observe("7", "prior_sanction", "a1", -1);
	observe("8", "direct_selling_licence", "", 1);
	observe("9", "direct_selling_licence", "the company", 1);
	told_facts("MARKED a1 #1\nMARKED - #2\nMARKED - #2\n");
	end();
}

int
main(void)
{
	check_run("what is refused is no fact", test_refused);
	check_run("agents join, with the days in which they may leave", test_joined);
	check_run("agents get another sponsor, and leave", test_moved_and_left);
	check_run("a proof of identity is 64 bits of its hash", test_identity);
	check_run("ranks say what they were for", test_ranked);
	check_run("some observations mark an agent or the book", test_marked);
	return check_end();
}
