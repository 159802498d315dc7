/*
 * timers.c -- something to be looked at when its time has come.
 */

#include "books/goods_core.h"

bool
dbk_timer_add(struct dbk_decision *d, enum dbk_timer_kind kind, uint32_t what,
	      uint32_t second)
{
	struct dbk_row_timer *row;
	uint32_t timer;

	if (!dbk_row_room(d, &d->books->timers))
		return false;
	timer = dbk_rows_append(&d->books->timers, 1);
	row = DBK_TOUCH(d->books, timers, timer, timer);
	row->kind = kind;
	row->what = what;
	row->second = second;
	return dbk_due_schedule(d, timer | DBK_DUE_TIMER, second);
}

/* What the brand owed AGENT, who left, it should have taken back by now. */
static bool
left_with_goods(struct dbk_decision *d, uint32_t agent)
{
	uint32_t holder = DBK_ROW(d->books, agents, agent, agent)->holder;
	struct dbk_violation violation = {
		.guard = DBK_GUARD_BUYBACK_EXIT,
		.rule = DBK_RULE_BUYBACK_OVERDUE,
		.field = dbk_field("agent"),
		.subject_kind = DBK_SUBJECT_AGENT,
		.subject = agent,
		.measured = DBK_ROW(d->books, holders, holder, holder)->units
	};

	return violation.measured == 0 ||
	       dbk_guard_mode(d->books, DBK_GUARD_BUYBACK_EXIT) == DBK_GUARD_OFF ||
	       dbk_finding_note(d, &violation);
}

bool
dbk_timer_come(struct dbk_decision *d, uint32_t timer)
{
	struct dbk_row_timer *row = DBK_TOUCH(d->books, timers, timer, timer);

	row->done = 1;
	switch ((enum dbk_timer_kind)row->kind) {
	case DBK_TIMER_ORDER:
		return dbk_matching_come(d, row->what);
	case DBK_TIMER_AGENT:
		return left_with_goods(d, row->what);
	}
	dbk_assert(!"a timer has a kind");
	return true;
}
