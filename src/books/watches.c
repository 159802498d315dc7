/*
 * watches.c -- counts of few agents that guards go by.
 *
 * Most agents are never bound to by anybody nor stand out, so this stands beside their
 * rows.  What is counted is counted without a guard, too: one that is switched on at
 * noon knows of the morning.
 */

#include "books/goods_core.h"

static uint64_t
watch_hash(const struct dbk_books *books, uint32_t agent)
{
	uint32_t key[2] = { DBK_SPACE_WATCH, agent };

	return dbk_composite_hash(books, key, 2);
}

uint32_t
dbk_watch_find(const struct dbk_books *books, uint32_t agent)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, watch_hash(books, agent));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (id < books->watches.count &&
		    DBK_ROW(books, watches, watch, id)->agent == agent)
			return id;
	return 0;
}

bool
dbk_watch_need(struct dbk_decision *d, uint32_t agent, uint32_t *out)
{
	struct dbk_books *books = d->books;

	*out = dbk_watch_find(books, agent);
	if (*out != 0)
		return true;
	if (!dbk_row_room(d, &books->watches))
		return false;
	*out = dbk_rows_append(&books->watches, 1);
	DBK_TOUCH(books, watches, watch, *out)->agent = agent;
	dbk_index_add(&books->names.index, watch_hash(books, agent), *out);
	return true;
}

/* One more on the event's day; a day that comes late starts anew like any other. */
static uint32_t
count_on_day(const struct dbk_decision *d, uint32_t *day, uint32_t *number)
{
	uint32_t now = dbk_event_day(d);

	if (*day != now) {
		*day = now;
		*number = 0;
	}
	return ++*number;
}

/* NUMBER things that AGENT did on one day: does GUARD mind? */
static bool
day_allows(struct dbk_decision *d, enum dbk_guard guard, enum dbk_guard_number limit,
	   struct dbk_violation *violation)
{
	unsigned mode = dbk_guard_mode(d->books, guard);

	if (mode == DBK_GUARD_OFF)
		return true;
	violation->guard = guard;
	violation->subject_kind = DBK_SUBJECT_AGENT;
	violation->limit = dbk_guard_number(d->books, limit);
	return violation->measured <= violation->limit ||
	       dbk_guard_fail(d, mode, violation);
}

bool
dbk_watch_binding(struct dbk_decision *d, uint32_t agent)
{
	struct dbk_violation violation = { .rule = DBK_RULE_BINDINGS_PER_DAY,
					   .field = dbk_field("agent"),
					   .value = d->event->u.customer_bound.agent,
					   .subject = agent };
	struct dbk_row_watch *row;
	uint32_t watch;

	if (!dbk_watch_need(d, agent, &watch))
		return false;
	row = DBK_TOUCH(d->books, watches, watch, watch);
	violation.measured = count_on_day(d, &row->binding_day, &row->bindings);
	return day_allows(d, DBK_GUARD_BINDINGS, DBK_GUARD_MAX_BINDINGS, &violation);
}

/* AGENT told people of goods once more. */
static bool
count_share(struct dbk_decision *d, uint32_t agent)
{
	struct dbk_violation violation = { .rule = DBK_RULE_FLOODING,
					   .field = dbk_field("subject"),
					   .value =
					       d->event->u.observation_recorded.subject,
					   .subject = agent };
	struct dbk_row_watch *row;
	uint32_t watch;

	if (!dbk_watch_need(d, agent, &watch))
		return false;
	row = DBK_TOUCH(d->books, watches, watch, watch);
	violation.measured = count_on_day(d, &row->share_day, &row->shares);
	return day_allows(d, DBK_GUARD_FLOODING, DBK_GUARD_MAX_SHARES, &violation);
}

bool
dbk_decide_observation_recorded(struct dbk_decision *d)
{
	const struct dbk_observation_recorded *e = &d->event->u.observation_recorded;
	uint32_t agent;

	if (!dbk_str_equal(e->code, dbk_str_of("SHARE")))
		return true;
	agent = dbk_name_find(d, DBK_SPACE_AGENT, e->subject);
	return agent == 0 || count_share(d, agent);
}
