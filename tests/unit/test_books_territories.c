/*
 * test_books_territories.c -- who may sell where, and what it costs to sell elsewhere.
 */

#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"
#include "../tests/lib/money_trade.h"

static struct money_book book;
static struct money_trade trade;

static void
begin(const char *mode)
{
	money_book_open(&book);
	(void)money_book_enrol(&book, "a1", "");
	(void)money_book_enrol(&book, "a2", "");
	money_book_choose(&book, "territory", mode);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

/* NAME: AGENT alone has "north" on every channel, from now on. */
static struct dbk_event
assignment(const char *name, const char *agent)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_TERRITORY_ASSIGNED);

	event.u.territory_assigned =
	    (struct dbk_territory_assigned){ .assignment = dbk_str_of(name),
					     .agent = dbk_str_of(agent),
					     .region = dbk_str_of("north"),
					     .exclusive = true,
					     .valid_from = DBK_TIME_ABSENT,
					     .valid_to = DBK_TIME_ABSENT };
	return event;
}

static enum dbk_rule
assign(const char *name, const char *agent)
{
	struct dbk_event event = assignment(name, agent);

	return money_book_send(&book, &event);
}

static enum dbk_rule
revoke(const char *name)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_TERRITORY_REVOKED);

	event.u.territory_revoked.assignment = dbk_str_of(name);
	return money_book_send(&book, &event);
}

/* A retail order of SELLER in REGION by CHANNEL, US from now. */
static enum dbk_rule
place_at(const char *seller, const char *region, const char *channel, int64_t us)
{
	static char names[64][8];
	static unsigned n;
	char *name = names[n++ % 64];
	struct dbk_sale *sale;

	name[0] = 'o';
	for (unsigned i = 1, left = n; i < 6; i++, left /= 10)
		name[i] = (char)('0' + left % 10);
	sale = money_trade_begin(&trade, &book, name, seller);
	(void)money_trade_line(&trade, 100);
	sale->region = dbk_str_of(region);
	sale->channel = dbk_str_of(channel);
	trade.event.effective_at += us;
	return money_trade_place(&trade, &book);
}

static enum dbk_rule
place(const char *seller, const char *region)
{
	return place_at(seller, region, "web", 0);
}

static bool
is_field(const char *name)
{
	return strcmp(book.verdict.refusal.field.name, name) == 0;
}

static void
test_assigned(void)
{
	struct dbk_event event;

	begin("OFF");
	CHECK_INT(assign("t", "a9"), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	CHECK_INT(assign("t", "a2"), DBK_RULE_AGENT_NOT_ACTIVE);
	event = assignment("t", "a1");
	event.u.territory_assigned.valid_to = book.now_us;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_TERRITORY_STATE);
	CHECK(is_field("valid_to") &&
	      money_book_measured(&book, book.now_us, book.now_us));
	event.u.territory_assigned.valid_to++;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	end();
}

static void
test_revoked(void)
{
	begin("OFF");
	CHECK_INT(revoke("t"), DBK_RULE_TERRITORY_UNKNOWN);
	CHECK(is_field("assignment"));
	CHECK_INT(assign("t", "a1"), DBK_RULE_NONE);
	CHECK_INT(revoke("t"), DBK_RULE_NONE);
	money_book_wait_us(&book, 1);
	end();
}

static void
test_overlap(void)
{
	struct dbk_event event;

	begin("OFF");
	CHECK_INT(assign("t1", "a1"), DBK_RULE_NONE);
	CHECK_INT(assign("t2", "a1"), DBK_RULE_NONE);
	CHECK_INT(assign("t3", "a2"), DBK_RULE_TERRITORY_OVERLAP);
	CHECK(is_field("region") &&
	      dbk_str_equal(book.verdict.refusal.value, dbk_str_of("t2")));
	event = assignment("t4", "a2");
	event.u.territory_assigned.channel = dbk_str_of("web");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_TERRITORY_OVERLAP);
	event.u.territory_assigned.exclusive = false;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = assignment("t5", "a2");
	event.u.territory_assigned.region = dbk_str_of("south");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(revoke("t1"), DBK_RULE_NONE);
	CHECK_INT(assign("t6", "a2"), DBK_RULE_TERRITORY_OVERLAP);
	CHECK_INT(revoke("t2"), DBK_RULE_NONE);
	CHECK_INT(assign("t6", "a2"), DBK_RULE_NONE);
	end();
}

static void
test_overlap_of_times(void)
{
	int64_t day = MONEY_BOOK_DAY_US, now;
	struct dbk_event event;

	begin("OFF");
	now = book.now_us;
	event = assignment("t1", "a1");
	event.u.territory_assigned.valid_from = now + 10 * day;
	event.u.territory_assigned.valid_to = now + 20 * day;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = assignment("t2", "a2");
	event.u.territory_assigned.valid_to = now + 10 * day + 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_TERRITORY_OVERLAP);
	event.u.territory_assigned.valid_to--;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = assignment("t3", "a2");
	event.u.territory_assigned.valid_from = now + 20 * day - 1;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_TERRITORY_OVERLAP);
	event.u.territory_assigned.valid_from++;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	end();
}

static void
test_overlap_of_channels(void)
{
	struct dbk_event event;

	begin("OFF");
	event = assignment("t1", "a1");
	event.u.territory_assigned.channel = dbk_str_of("web");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = assignment("t2", "a2");
	event.u.territory_assigned.channel = dbk_str_of("till");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(assign("t3", "a2"), DBK_RULE_TERRITORY_OVERLAP);
	end();
}

/* -------------------------------------------------------------------------- breaches
 */

static void
test_refused(void)
{
	struct dbk_sale *sale;

	begin("REFUSE");
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK_INT(assign("t", "a1"), DBK_RULE_NONE);
	CHECK_INT(place("a1", "north"), DBK_RULE_NONE);
	CHECK_INT(place("a2", "south"), DBK_RULE_NONE);
	CHECK_INT(place("a2", ""), DBK_RULE_NONE);
	CHECK_INT(place("", "north"), DBK_RULE_NONE);
	CHECK_INT(place("a2", "north"), DBK_RULE_TERRITORY);
	CHECK(is_field("region") && money_book_measured(&book, 1, 0));
	sale = money_trade_begin(&trade, &book, "self", "a2");
	(void)money_trade_line(&trade, 100);
	sale->kind = DBK_ORDER_SELF;
	sale->buyer = dbk_str_of("a2");
	sale->region = dbk_str_of("north");
	CHECK_INT(money_trade_place(&trade, &book), DBK_RULE_NONE);
	end();
}

static void
test_own_right(void)
{
	struct dbk_event event;

	begin("REFUSE");
	CHECK_INT(assign("t1", "a1"), DBK_RULE_NONE);
	event = assignment("t2", "a2");
	event.u.territory_assigned.exclusive = false;
	event.u.territory_assigned.channel = dbk_str_of("till");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "till", 0), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", 0), DBK_RULE_TERRITORY);
	CHECK_INT(place_at("a2", "north", "", 0), DBK_RULE_TERRITORY);
	end();
}

static void
test_times(void)
{
	int64_t day = MONEY_BOOK_DAY_US;
	struct dbk_event event;

	begin("REFUSE");
	money_book_wait_days(&book, 30);
	event = assignment("t1", "a1");
	event.u.territory_assigned.valid_from = book.now_us - 10 * day;
	event.u.territory_assigned.valid_to = book.now_us + 10 * day;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", -10 * day - 1), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", -10 * day), DBK_RULE_TERRITORY);
	CHECK_INT(revoke("t1"), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", 0), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", -1), DBK_RULE_TERRITORY);
	event = assignment("t2", "a1");
	event.u.territory_assigned.valid_to = book.now_us + 10 * day;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(place_at("a2", "north", "web", 10 * day - 1), DBK_RULE_TERRITORY);
	CHECK_INT(place_at("a2", "north", "web", 10 * day), DBK_RULE_NONE);
	end();
}

/* COUNT findings on a2, the last by MEASURED breaches. */
static bool
found(uint32_t count, int64_t measured)
{
	return goods_book_found(&book, DBK_RULE_TERRITORY, DBK_SUBJECT_AGENT, "a2",
				count, measured, count == 0 ? 0 : 3);
}

static void
test_flagged(void)
{
	begin("OFF");
	money_book_choose(&book, "territory", "FLAG");
	money_book_set(&book, "territory_breaches", 3);
	money_book_set(&book, "territory_days", 10);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(assign("t1", "a1"), DBK_RULE_NONE);
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	money_book_wait_days(&book, 9);
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK(found(0, 0));
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK(found(1, 3));
	CHECK_INT(place("a2", "south"), DBK_RULE_NONE);
	CHECK(found(1, 3));
	/* The next period begins with the next breach. */
	money_book_wait_days(&book, 1);
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK(found(1, 3));
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK(found(2, 3));
	CHECK_INT(place("a2", "north"), DBK_RULE_NONE);
	CHECK(found(3, 4));
	end();
}

int
main(void)
{
	check_run("a territory is given to an active agent, and ends after it begins",
		  test_assigned);
	check_run("a territory that is there can be revoked", test_revoked);
	check_run("two agents cannot both be alone in a region", test_overlap);
	check_run("territories that meet do not overlap", test_overlap_of_times);
	check_run("two channels are two territories, no channel is all of them",
		  test_overlap_of_channels);
	check_run("who sells where another one alone may is refused", test_refused);
	check_run("a right of one's own is enough, where it is", test_own_right);
	check_run("what counts is the time of the order, and a revocation the clock",
		  test_times);
	check_run("breaches of a period are counted, and make a finding", test_flagged);
	return check_end();
}
