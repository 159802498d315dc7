/*
 * line_names.c -- what the lines of a statement are about, by name.
 *
 * A line belongs to an event, which may name its order or payout itself; but what moved
 * money may be another order (it matured) or another payout (it was cancelled), and of
 * these the view knows dense ids only.
 */

#include "books/look.h"
#include "log/log_reader.h"
#include "query/order_position.h"
#include "service/call.h"
#include "views/cause.h"

struct refs_question {
	struct dbk_call *call;
	const struct dbk_line_at *lines;
	uint32_t n;
	struct dbk_line_names *names;
};

static bool
refers_to_payout(const struct dbk_line_at *line)
{
	return line->ref != 0 && dbk_cause_refers(line->cause) == DBK_REFERS_TO_PAYOUT;
}

/* Another order than that of the event. */
static bool
refers_to_other(const struct dbk_line_at *line)
{
	return line->ref != 0 && line->ref != line->order &&
	       dbk_cause_refers(line->cause) == DBK_REFERS_TO_ORDER;
}

/* The order that the line is about, and a record that names it if one is at hand. */
static struct dbk_order_at
order_of(const struct dbk_line_at *line)
{
	if (refers_to_other(line))
		return (struct dbk_order_at){ line->ref, DBK_POSITION_NONE };
	return (struct dbk_order_at){ line->order, line->position };
}

/* The payout that EVENT is about; empty if it is none, or about several. */
static struct dbk_str
payout_of(const struct dbk_event *event)
{
	if (event->type == DBK_EVENT_PAYOUT_REQUESTED)
		return event->u.payout_requested.payout;
	if (event->type == DBK_EVENT_PAYOUT_SENT)
		return event->u.payout_sent.payout;
	if (event->type == DBK_EVENT_PAYOUT_SETTLED ||
	    event->type == DBK_EVENT_PAYOUT_RETURNED)
		return event->u.payout_answer.payout;
	if (event->type == DBK_EVENT_PAYOUT_FAILED)
		return event->u.payout_step.payout;
	return dbk_str_of("");
}

/* The payout of a line by its event, NULL if that does not tell: what is given back may
 * be of another one, which a claw-back of the same moment cancelled. */
static char *
payout_at(struct dbk_call *call, const struct dbk_line_at *line)
{
	struct dbk_event event;
	struct dbk_str name;

	if (line->cause == DBK_CAUSE_GIVEN_BACK ||
	    !dbk_call_peek(call, line->position, &event))
		return NULL;
	name = payout_of(&event);
	return name.size == 0 ? NULL : dbk_call_text(call, name);
}

/* The name that another line of the page has for the same payout, or NULL. */
static char *
shared_payout(const struct refs_question *q, uint32_t line)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (q->names[i].payout != NULL && refers_to_payout(&q->lines[i]) &&
		    q->lines[i].ref == q->lines[line].ref)
			return q->names[i].payout;
	return NULL;
}

static void
look_payouts(const struct dbk_books *books, void *answer)
{
	struct refs_question *q = answer;

	for (uint32_t i = 0; i < q->n; i++)
		if (q->names[i].payout == NULL)
			q->names[i].payout = dbk_call_text(
			    q->call,
			    dbk_look_name(books, DBK_SPACE_PAYOUT, q->lines[i].ref));
}

static bool
name_payouts(struct refs_question *q)
{
	bool ask = false;

	for (uint32_t i = 0; i < q->n; i++)
		q->names[i].payout = refers_to_payout(&q->lines[i])
					 ? payout_at(q->call, &q->lines[i])
					 : dbk_call_text(q->call, dbk_str_of(""));
	dbk_log_reader_rest(q->call->log_reader);
	for (uint32_t i = 0; i < q->n; i++) {
		if (q->names[i].payout == NULL)
			q->names[i].payout = shared_payout(q, i);
		ask = ask || q->names[i].payout == NULL;
	}
	return !ask || dbk_call_ask(q->call, look_payouts, q);
}

bool
dbk_call_line_names(struct dbk_call *call, const struct dbk_line_at *lines, uint32_t n,
		    struct dbk_line_names *names)
{
	struct refs_question q = { call, lines, n, names };
	struct dbk_order_at *orders = dbk_call_take(call, n, sizeof *orders);
	char **order_names = dbk_call_take(call, n, sizeof *order_names);

	if (orders == NULL || order_names == NULL)
		return true;
	for (uint32_t i = 0; i < n; i++)
		orders[i] = order_of(&lines[i]);
	if (!dbk_call_order_names(call, orders, n, order_names))
		return false;
	for (uint32_t i = 0; i < n; i++)
		names[i].order = order_names[i];
	return name_payouts(&q);
}
