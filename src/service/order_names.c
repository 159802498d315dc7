/*
 * order_names.c -- the orders of a page by name.
 *
 * The view knows orders by dense ids.  Nearly every event names its order itself, and the
 * log is at hand; only what names a refund and not its order has to be asked from the
 * books, whose thread may be in the middle of a group.
 */

#include "books/look.h"
#include "event/decode.h"
#include "event/record.h"
#include "log/log_reader.h"
#include "service/call.h"
#include "service/filter.h"

/* The order that the record at POSITION names; empty if it names none or cannot be read,
 * in which case the books still know. */
static struct dbk_str
order_at(struct dbk_call *call, uint64_t position)
{
	struct dbk_event_fault fault;
	struct dbk_record record;
	struct dbk_event event;
	struct dbk_str bytes;

	if (dbk_log_reader_find(call->log_reader, position, &bytes, NULL) != DBK_OK ||
	    !dbk_record_decode(bytes, &record) ||
	    !dbk_event_decode(record.event, call->arena, &event, &fault))
		return dbk_str_of("");
	return dbk_filter_order_of(&event);
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
			q->names[i] = dbk_call_text(
				q->call, dbk_look_name(books, DBK_SPACE_ORDER,
						       q->orders[i].order));
}

bool
dbk_call_order_names(struct dbk_call *call, const struct dbk_order_at *orders, uint32_t n,
		     char **names)
{
	struct names_question q = { call, orders, n, names };
	bool ask = false;

	for (uint32_t i = 0; i < n; i++) {
		struct dbk_str name = dbk_str_of("");

		if (orders[i].order != 0)
			name = order_at(call, orders[i].position);
		names[i] = NULL;
		if (name.size != 0 || orders[i].order == 0)
			names[i] = dbk_call_text(call, name);
		ask = ask || names[i] == NULL;
	}
	dbk_log_reader_rest(call->log_reader);
	return !ask || dbk_call_ask(call, look_order_names, &q);
}
