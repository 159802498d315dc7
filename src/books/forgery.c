/*
 * forgery.c -- orders that look as if nobody wanted the goods.
 *
 * No single sign proves anything: a sponsor may well buy from a recruit.  So every sign
 * has a weight, an order adds up its own, and only the sum is held against a limit.
 */

#include "books/goods_core.h"

#define US_PER_DAY (86400LL * 1000000)
#define SECONDS_PER_HOUR 3600
#define RELATED_STEPS 16 /* sponsors between two who count as near */
#define FLAG_REVISION 1

static bool
is_looked_at(const struct dbk_row_order *row)
{
	return row->kind == DBK_ORDER_RETAIL && row->seller != 0 && row->buyer != 0 &&
	       !(row->flags & DBK_ORDER_DIRECT);
}

/* The agent who is the buyer of ROW, 0: none, or the seller itself. */
static uint32_t
buying_agent(const struct dbk_books *books, const struct dbk_row_order *row)
{
	uint32_t person = DBK_ROW(books, customers, customer, row->buyer)->person;

	return person == row->seller ? 0 : person;
}

/* ------------------------------------------------------------------- row of orders */

/* One order more of this buyer with one seller; how many they are in a row. */
static uint32_t
count_row(struct dbk_decision *d, const struct dbk_row_order *order)
{
	struct dbk_row_customer *row =
	    DBK_TOUCH(d->books, customers, customer, order->buyer);
	int64_t days = dbk_guard_number(d->books, DBK_GUARD_FAKE_REPEAT_DAYS);
	/* Both plus one: a row that began on day 0 has begun. */
	int64_t today = (int64_t)dbk_today(d->books) + 1;

	if (row->row_seller == order->seller && today - row->row_day <= days)
		return ++row->row_orders;
	row->row_seller = order->seller;
	row->row_day = dbk_event_day(d) + 1;
	row->row_orders = 1;
	return 1;
}

/* --------------------------------------------------------------------------- signs */

static bool
is_above(const struct dbk_books *books, uint32_t above, uint32_t below)
{
	uint32_t at = below;

	for (unsigned step = 0; step < RELATED_STEPS && at != 0; step++) {
		at = DBK_ROW(books, agents, agent, at)->sponsor;
		if (at == above)
			return true;
	}
	return false;
}

/* A contest that ends soon makes orders worth more than the goods. */
static bool
contest_ends_soon(struct dbk_books *books)
{
	int64_t until =
	    dbk_clock(books) +
	    dbk_guard_number(books, DBK_GUARD_FAKE_CONTEST_DAYS) * US_PER_DAY;
	uint32_t at = DBK_ROW(books, book, book, 1)->open_contests;

	while (at != 0) {
		const struct dbk_row_contest *row =
		    DBK_ROW(books, contests, contest, at);

		if (row->to <= until)
			return true;
		at = row->next_open;
	}
	return false;
}

/* Does money that PERSON pays to SELLER go round? */
static bool
money_comes_back(struct dbk_books *books, uint32_t seller, uint32_t person)
{
	int64_t length = dbk_guard_number(books, DBK_GUARD_CYCLE_LENGTH);

	return dbk_cycle_way(books, DBK_EDGE_MONEY, seller, person,
			     (uint32_t)length - 1) != 0;
}

/* What speaks against an order that has just been paid whole, weighed. */
static int64_t
weigh(struct dbk_books *books, const struct dbk_row_order *row, uint32_t in_a_row)
{
	uint32_t person = buying_agent(books, row);
	const int64_t *numbers = dbk_guard_scalars(books)->numbers;
	int64_t sum = 0;

	if (person != 0 && (is_above(books, person, row->seller) ||
			    is_above(books, row->seller, person)))
		sum += numbers[DBK_GUARD_FAKE_RELATED];
	if (row->flags & DBK_ORDER_LINKED)
		sum += numbers[DBK_GUARD_FAKE_SHARED_HASH];
	if (in_a_row >= numbers[DBK_GUARD_FAKE_REPEAT_ORDERS])
		sum += numbers[DBK_GUARD_FAKE_REPEAT];
	if (person != 0 && money_comes_back(books, row->seller, person))
		sum += numbers[DBK_GUARD_FAKE_CYCLE];
	if (contest_ends_soon(books))
		sum += numbers[DBK_GUARD_FAKE_CONTEST];
	return sum;
}

/* --------------------------------------------------------------------------- score */

/* The score of ORDER grows by WEIGHT.  Only a PAYMENT can be refused: what comes later
 * is a fact. */
static bool
score_add(struct dbk_decision *d, uint32_t order, int64_t weight, bool payment,
	  struct dbk_field field)
{
	unsigned mode = dbk_guard_mode(d->books, DBK_GUARD_FAKE_ORDER);
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	struct dbk_violation violation = { .guard = DBK_GUARD_FAKE_ORDER,
					   .rule = DBK_RULE_FAKE_ORDER,
					   .field = field,
					   .subject_kind = DBK_SUBJECT_ORDER,
					   .subject = order };

	if (weight == 0)
		return true;
	violation.measured = row->score + weight;
	if (violation.measured > UINT16_MAX)
		violation.measured = UINT16_MAX;
	row->score = (uint16_t)violation.measured;
	violation.limit = dbk_guard_number(d->books, DBK_GUARD_FAKE_LIMIT);
	if (violation.measured < violation.limit)
		return true;
	if (!payment)
		mode = DBK_GUARD_FLAG;
	return dbk_guard_fail(d, mode, &violation) &&
	       dbk_order_flag(d, order, dbk_str_of("FAKE_ORDER"), FLAG_REVISION);
}

bool
dbk_forgery_paid(struct dbk_decision *d, uint32_t order, struct dbk_field field)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	uint32_t in_a_row, person;
	int64_t weight = 0;

	if (!is_looked_at(row))
		return true;
	in_a_row = count_row(d, row);
	if (dbk_guard_mode(d->books, DBK_GUARD_FAKE_ORDER) != DBK_GUARD_OFF)
		weight = weigh(d->books, row, in_a_row);
	person = buying_agent(d->books, row);
	if (person != 0 && !dbk_cycle_edge(d, DBK_EDGE_MONEY, person, row->seller))
		return false;
	return weight == 0 || score_add(d, order, weight, true, field);
}

/* A sign that counts once for an order, as MARK says. */
static bool
score_once(struct dbk_decision *d, uint32_t order, uint8_t mark,
	   enum dbk_guard_number number)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);

	if (row->score_flags & mark)
		return true;
	row->score_flags |= mark;
	return score_add(d, order, dbk_guard_number(d->books, number), false,
			 dbk_field("order"));
}

bool
dbk_forgery_unscanned(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (dbk_guard_mode(d->books, DBK_GUARD_FAKE_ORDER) == DBK_GUARD_OFF ||
	    !is_looked_at(row) || row->fulfilment == DBK_STORE_PICKUP)
		return true;
	return score_once(d, order, DBK_SCORE_UNSCANNED, DBK_GUARD_FAKE_UNSCANNED);
}

bool
dbk_forgery_refund(struct dbk_decision *d, uint32_t order)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);
	int64_t since, hours;

	if (dbk_guard_mode(d->books, DBK_GUARD_FAKE_ORDER) == DBK_GUARD_OFF ||
	    !is_looked_at(row) || row->paid_second == 0)
		return true;
	since = (int64_t)dbk_due_second(d->event->effective_at) - row->paid_second;
	hours = dbk_guard_number(d->books, DBK_GUARD_FAKE_REFUND_HOURS);
	return since > hours * SECONDS_PER_HOUR ||
	       score_once(d, order, DBK_SCORE_QUICK_REFUND,
			  DBK_GUARD_FAKE_QUICK_REFUND);
}
