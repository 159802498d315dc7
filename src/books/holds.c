/*
 * holds.c -- holds: money that may not become available yet, and why.
 *
 * A hold is on an agent, on an order, or on single earnings; an earning that has
 * several is held until the last one goes.  A flag is a hold on its order that also
 * takes it out of contests; a dispute holds its order as well (chargebacks.c).
 */

#include "books/goods_core.h"

#define EARNING_HOLDS_MAX UINT8_MAX
#define ORDER_HOLDS_MAX UINT8_MAX
#define AGENT_HOLDS_MAX UINT16_MAX

static bool
too_many(struct dbk_decision *d, const char *field, int64_t limit)
{
	return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field(field),
				   limit + 1, limit);
}

/* ------------------------------------------------------------------------- agents */

/* Everything that has matured for AGENT goes where it must be now, the newest first. */
static bool
settle_agent(struct dbk_decision *d, uint32_t agent)
{
	uint32_t at = DBK_ROW(d->books, agents, agent, agent)->matured, next;

	for (; at != 0; at = next) {
		/* What is netted whole leaves the chain. */
		next = DBK_ROW(d->books, earnings, earning, at)->next;
		if (!dbk_earning_settle(d, at))
			return false;
	}
	return true;
}

static bool
hold_agent(struct dbk_decision *d, uint32_t agent)
{
	struct dbk_row_agent *row = DBK_TOUCH(d->books, agents, agent, agent);

	if (row->holds == AGENT_HOLDS_MAX)
		return too_many(d, "agent", AGENT_HOLDS_MAX);
	row->holds++;
	return settle_agent(d, agent);
}

static bool
release_agent(struct dbk_decision *d, uint32_t agent)
{
	DBK_TOUCH(d->books, agents, agent, agent)->holds--;
	return settle_agent(d, agent);
}

/* ------------------------------------------------------------------------- orders */

/* What is done with the earnings of a line; *COUNT of them it was done with. */
typedef bool earning_fn(struct dbk_decision *d, uint32_t earning, uint32_t *count);

static bool
each_of_line(struct dbk_decision *d, uint32_t line_row, uint32_t level, earning_fn *fn,
	     uint32_t *count)
{
	uint32_t earnings[DBK_LINE_EARNINGS_MAX];
	uint32_t n = dbk_line_earnings(d->books, line_row, earnings);

	for (uint32_t i = 0; i < n; i++)
		if ((level == 0 ||
		     DBK_ROW(d->books, earnings, earning, earnings[i])->level ==
			 level) &&
		    !fn(d, earnings[i], count))
			return false;
	return true;
}

/* Lines in their order, earnings as they were made; LINE_ROW 0: all lines. */
static bool
each_of_order(struct dbk_decision *d, uint32_t order, uint32_t line_row, uint32_t level,
	      earning_fn *fn, uint32_t *count)
{
	const struct dbk_row_order *row = DBK_ROW(d->books, orders, order, order);

	if (line_row != 0)
		return each_of_line(d, line_row, level, fn, count);
	for (uint32_t i = 0; i < row->n_lines; i++)
		if (!each_of_line(d, row->first_line + i, level, fn, count))
			return false;
	return true;
}

static bool
settle_one(struct dbk_decision *d, uint32_t earning, uint32_t *count)
{
	(*count)++;
	return dbk_earning_settle(d, earning);
}

bool
dbk_order_hold(struct dbk_decision *d, uint32_t order)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	uint32_t count = 0;

	if (row->holds == ORDER_HOLDS_MAX)
		return too_many(d, "order", ORDER_HOLDS_MAX);
	row->holds++;
	return each_of_order(d, order, 0, 0, settle_one, &count);
}

bool
dbk_order_release(struct dbk_decision *d, uint32_t order)
{
	uint32_t count = 0;

	DBK_TOUCH(d->books, orders, order, order)->holds--;
	return each_of_order(d, order, 0, 0, settle_one, &count);
}

/* ----------------------------------------------------------------------- earnings */

static bool
hold_one(struct dbk_decision *d, uint32_t earning, uint32_t *count)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);

	if (row->state == DBK_EARNING_UNASSIGNED ||
	    row->state == DBK_EARNING_EXPECTED || row->state == DBK_EARNING_DRAWN)
		return true;
	if (row->holds == EARNING_HOLDS_MAX)
		return too_many(d, "order", EARNING_HOLDS_MAX);
	DBK_TOUCH(d->books, earnings, earning, earning)->holds++;
	(*count)++;
	return dbk_earning_settle(d, earning);
}

static bool
release_one(struct dbk_decision *d, uint32_t earning, uint32_t *count)
{
	const struct dbk_row_earning *row =
	    DBK_ROW(d->books, earnings, earning, earning);

	if (row->state == DBK_EARNING_UNASSIGNED || row->holds == 0)
		return true;
	DBK_TOUCH(d->books, earnings, earning, earning)->holds--;
	(*count)++;
	return dbk_earning_settle(d, earning);
}

/* ------------------------------------------------------------------------- events */

/* True if the hold is on an order as a whole. */
static bool
is_whole(const struct dbk_row_hold *row)
{
	return row->line == 0 && row->level == 0;
}

/* What E holds, into ROW; nothing is held yet. */
static bool
hold_target(struct dbk_decision *d, const struct dbk_commission_held *e,
	    struct dbk_row_hold *row)
{
	if (e->agent.size != 0)
		return dbk_agent_find(d, dbk_field("agent"), e->agent, false,
				      &row->agent);
	if (!dbk_order_refer(d, e->order, &row->order))
		return false;
	row->level = (uint8_t)e->level;
	if (e->line == 0)
		return true;
	row->line = dbk_order_line(d->books, row->order, e->line);
	if (row->line == 0)
		return dbk_refuse_measured(d, DBK_RULE_ORDER_LINE_UNKNOWN,
					   dbk_field("line"), e->line, 0);
	return true;
}

static bool
hold_begin(struct dbk_decision *d, const struct dbk_row_hold *row)
{
	uint32_t count = 0;

	if (row->agent != 0)
		return hold_agent(d, row->agent);
	if (is_whole(row))
		return dbk_order_hold(d, row->order);
	if (!each_of_order(d, row->order, row->line, row->level, hold_one, &count))
		return false;
	if (count == 0)
		return dbk_refuse_measured(d, DBK_RULE_EARNING_UNKNOWN,
					   dbk_field("line"), row->level, 0);
	return true;
}

bool
dbk_decide_commission_held(struct dbk_decision *d)
{
	const struct dbk_commission_held *e = &d->event->u.commission_held;
	struct dbk_row_hold row = { .position = d->position };
	uint32_t hold;

	if (!hold_target(d, e, &row) || !hold_begin(d, &row) ||
	    !dbk_intern(d, DBK_SPACE_HOLD, e->hold, &hold))
		return false;
	row.name = DBK_ROW(d->books, holds, hold, hold)->name;
	*DBK_TOUCH(d->books, holds, hold, hold) = row;
	return true;
}

bool
dbk_decide_hold_released(struct dbk_decision *d)
{
	const struct dbk_hold_released *e = &d->event->u.hold_released;
	uint32_t hold = dbk_names_find(&d->books->names, DBK_SPACE_HOLD, e->hold);
	struct dbk_row_hold *row;
	uint32_t count = 0;

	if (hold == 0)
		return dbk_refuse(d, DBK_RULE_HOLD_UNKNOWN, dbk_field("hold"), e->hold);
	row = DBK_TOUCH(d->books, holds, hold, hold);
	if (row->released)
		return dbk_refuse_measured(d, DBK_RULE_HOLD_STATE, dbk_field("hold"),
					   row->released, 0);
	row->released = 1;
	d->order = row->order;
	if (row->agent != 0)
		return release_agent(d, row->agent);
	if (is_whole(row))
		return dbk_order_release(d, row->order);
	return each_of_order(d, row->order, row->line, row->level, release_one, &count);
}

/* -------------------------------------------------------------------------- flags */

static uint64_t
flag_hash(const struct dbk_books *books, const struct dbk_row_hold *flag)
{
	uint32_t key[4] = { DBK_SPACE_FLAG, flag->order, flag->rule, flag->revision };

	return dbk_composite_hash(books, key, 4);
}

/* The hold of a flag of FLAG's order, rule and revision; 0: there never was one. */
static uint32_t
flag_find(const struct dbk_books *books, const struct dbk_row_hold *flag)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, flag_hash(books, flag));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_hold *row;

		if (id >= books->holds.count)
			continue;
		row = DBK_ROW(books, holds, hold, id);
		if (row->name == 0 && row->order == flag->order &&
		    row->rule == flag->rule && row->revision == flag->revision)
			break;
	}
	return id;
}

static bool
flag_add(struct dbk_decision *d, const struct dbk_row_hold *flag)
{
	uint32_t hold;

	if (!dbk_row_room(d, &d->books->holds))
		return false;
	hold = dbk_rows_append(&d->books->holds, 1);
	*DBK_TOUCH(d->books, holds, hold, hold) = *flag;
	dbk_index_add(&d->books->names.index, flag_hash(d->books, flag), hold);
	return true;
}

bool
dbk_order_flag(struct dbk_decision *d, uint32_t order, struct dbk_str rule,
	       uint32_t revision)
{
	struct dbk_row_hold flag = { .order = order,
				     .position = d->position,
				     .revision = revision };
	uint32_t extra;

	if (!dbk_intern(d, DBK_SPACE_TAG, rule, &flag.rule))
		return false;
	if (flag_find(d->books, &flag) != 0)
		return true;
	if (!flag_add(d, &flag) || !dbk_order_extra_need(d, order, &extra))
		return false;
	DBK_TOUCH(d->books, order_extras, order_extra, extra)->n_flags++;
	DBK_TOUCH(d->books, orders, order, order)->flags |= DBK_ORDER_FLAGGED;
	return dbk_order_hold(d, order) && dbk_verified_flag(d, order);
}

bool
dbk_decide_order_flagged(struct dbk_decision *d)
{
	const struct dbk_order_flag *e = &d->event->u.order_flag;
	uint32_t order;

	return dbk_order_refer(d, e->order, &order) &&
	       dbk_order_flag(d, order, e->rule, e->revision);
}

bool
dbk_decide_order_cleared(struct dbk_decision *d)
{
	const struct dbk_order_flag *e = &d->event->u.order_flag;
	struct dbk_row_hold flag = { .revision = e->revision };
	uint32_t hold;

	if (!dbk_order_refer(d, e->order, &flag.order))
		return false;
	flag.rule = dbk_names_find(&d->books->names, DBK_SPACE_TAG, e->rule);
	hold = flag_find(d->books, &flag);
	if (hold == 0 || DBK_ROW(d->books, holds, hold, hold)->released)
		return dbk_refuse_measured(d, DBK_RULE_FLAG_STATE,
					   dbk_field("revision"), e->revision, 0);
	DBK_TOUCH(d->books, holds, hold, hold)->released = 1;
	hold = dbk_order_extra_find(d->books, flag.order);
	if (--DBK_TOUCH(d->books, order_extras, order_extra, hold)->n_flags > 0)
		return dbk_order_release(d, flag.order);
	DBK_TOUCH(d->books, orders, order, flag.order)->flags &=
	    (uint8_t)~DBK_ORDER_FLAGGED;
	return dbk_order_release(d, flag.order) && dbk_verified_clear(d, flag.order);
}
