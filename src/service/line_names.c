/*
 * line_names.c -- what the lines of a statement are about, by name.
 *
 * A line belongs to an event, which may name its order itself; but what moved money may
 * be another order (it matured) or a payout, and of these the view knows dense ids
 * only. One question to the books names them all.
 */

#include "books/look.h"
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

static void
look_refs(const struct dbk_books *books, void *answer)
{
	struct refs_question *q = answer;

	for (uint32_t i = 0; i < q->n; i++) {
		const struct dbk_line_at *line = &q->lines[i];

		if (refers_to_other(line))
			q->names[i].order = dbk_call_text(
			    q->call, dbk_look_name(books, DBK_SPACE_ORDER, line->ref));
		if (refers_to_payout(line))
			q->names[i].payout = dbk_call_text(
			    q->call, dbk_look_name(books, DBK_SPACE_PAYOUT, line->ref));
	}
}

bool
dbk_call_line_names(struct dbk_call *call, const struct dbk_line_at *lines, uint32_t n,
		    struct dbk_line_names *names)
{
	struct refs_question q = { call, lines, n, names };
	struct dbk_order_at *orders = dbk_call_take(call, n, sizeof *orders);
	char **order_names = dbk_call_take(call, n, sizeof *order_names);
	bool ask = false;

	if (orders == NULL || order_names == NULL)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		bool of_other = refers_to_other(&lines[i]);

		orders[i].order = of_other ? 0 : lines[i].order;
		orders[i].position = lines[i].position;
		ask = ask || of_other || refers_to_payout(&lines[i]);
	}
	if (!dbk_call_order_names(call, orders, n, order_names))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		names[i].order = order_names[i];
		names[i].payout = dbk_call_text(call, dbk_str_of(""));
	}
	return !ask || dbk_call_ask(call, look_refs, &q);
}
