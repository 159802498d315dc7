/*
 * order_names.c -- the orders of a page by name.
 *
 * The view knows orders by dense ids.  Nearly every event names its order itself, and
 * the log is at hand; where the order is not that of the event, the view knows a record
 * of it.  Only what the log does not tell (a refund that names no order) is asked from
 * the books, whose thread may be in the middle of a group.
 */

#include "books/look.h"
#include "event/decode.h"
#include "event/record.h"
#include "log/log_reader.h"
#include "query/order_position.h"
#include "service/call.h"
#include "service/filter.h"

/* Orders of a page that are searched for in the history; more would take longer than
 * the books do. */
#define SEARCHED_MAX 64u

bool
dbk_call_peek(struct dbk_call *call, uint64_t position, struct dbk_event *out)
{
	struct dbk_event_fault fault;
	struct dbk_record record;
	struct dbk_str bytes;

	return dbk_log_reader_find(call->log_reader, position, &bytes, NULL) ==
		   DBK_OK &&
	       dbk_record_decode(bytes, &record) &&
	       dbk_event_decode(record.event, call->arena, out, &fault);
}

/* The order that the record at POSITION names; NULL if it names none or cannot be read,
 * in which case the books still know. */
static char *
order_at(struct dbk_call *call, uint64_t position)
{
	struct dbk_event event;
	struct dbk_str name;

	if (position == DBK_POSITION_NONE || !dbk_call_peek(call, position, &event))
		return NULL;
	name = dbk_filter_order_of(&event);
	return name.size == 0 ? NULL : dbk_call_text(call, name);
}

struct names_question {
	struct dbk_call *call;
	const struct dbk_order_at *orders;
	uint32_t n;
	char **names;
};

static void
look_order_names(const struct dbk_books *books, void *answer)
{
	struct names_question *q = answer;

	for (uint32_t i = 0; i < q->n; i++)
		if (q->names[i] == NULL)
			q->names[i] =
			    dbk_call_text(q->call, dbk_look_name(books, DBK_SPACE_ORDER,
								 q->orders[i].order));
}

/* Several lines of one event stand side by side. */
static void
read_names(struct names_question *q)
{
	const struct dbk_order_at *orders = q->orders;

	for (uint32_t i = 0; i < q->n; i++) {
		bool again = i > 0 && orders[i].order == orders[i - 1].order &&
			     orders[i].position == orders[i - 1].position;

		if (orders[i].order == 0)
			q->names[i] = dbk_call_text(q->call, dbk_str_of(""));
		else
			q->names[i] = again ? q->names[i - 1]
					    : order_at(q->call, orders[i].position);
	}
}

/* Another line of the page may name the order, or lack its name, too. */
static uint32_t
first_of(const struct names_question *q, uint32_t line, bool named)
{
	uint32_t i = 0;

	while (i < q->n && (q->orders[i].order != q->orders[line].order ||
			    (named && q->names[i] == NULL)))
		i++;
	return i;
}

/* How many lines have no name, each order counted once; these orders into MISSING, of
 * which there are SEARCHED_MAX at most. */
static uint32_t
share_names(struct names_question *q, uint32_t *missing)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < q->n; i++) {
		uint32_t at = q->names[i] == NULL ? first_of(q, i, true) : q->n;

		if (at < q->n)
			q->names[i] = q->names[at];
		else if (q->names[i] == NULL && first_of(q, i, false) == i) {
			if (n < SEARCHED_MAX)
				missing[n] = q->orders[i].order;
			n++;
		}
	}
	return n;
}

/* Names for N MISSING orders by records that the view knows of; what stays without is
 * the books' affair. */
static void
search_names(struct names_question *q, const uint32_t *missing, uint32_t n)
{
	uint64_t positions[SEARCHED_MAX];

	if (q->call->view == NULL || dbk_order_positions_get(q->call->view, missing, n,
							     positions, NULL) != DBK_OK)
		return;
	for (uint32_t k = 0; k < n; k++) {
		char *name = order_at(q->call, positions[k]);

		for (uint32_t i = 0; i < q->n; i++)
			if (q->orders[i].order == missing[k] && q->names[i] == NULL)
				q->names[i] = name;
	}
}

static bool
lacks_one(const struct names_question *q)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (q->names[i] == NULL)
			return true;
	return false;
}

bool
dbk_call_order_names(struct dbk_call *call, const struct dbk_order_at *orders,
		     uint32_t n, char **names)
{
	struct names_question q = { call, orders, n, names };
	uint32_t missing[SEARCHED_MAX], n_missing;

	read_names(&q);
	n_missing = share_names(&q, missing);
	if (n_missing > 0 && n_missing <= SEARCHED_MAX)
		search_names(&q, missing, n_missing);
	dbk_log_reader_rest(call->log_reader);
	return !lacks_one(&q) || dbk_call_ask(call, look_order_names, &q);
}
