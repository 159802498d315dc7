#include "query/order_history.h"

#include <daybook/limits.h>

#include "query/orders.h"
#include "query/page.h"

/* Records in the chunk that WALK is at; parts of one event are one record. */
static enum dbk_err
count_chunk(struct dbk_orders_walk *walk, uint32_t *count)
{
	for (uint32_t i = 0; i < walk->n; i++) {
		enum dbk_err err = dbk_orders_event(walk, i);

		if (err != DBK_OK)
			return err;
		*count += !walk->sweep.event.continued;
	}
	return DBK_OK;
}

static enum dbk_err
count_records(struct dbk_reader *reader, uint32_t order, uint32_t *out)
{
	struct dbk_orders_walk walk;
	bool found;
	enum dbk_err err;

	*out = 0;
	dbk_orders_begin(&walk, reader, order);
	for (;;) {
		err = dbk_orders_next(&walk, &found);
		if (err == DBK_OK && found)
			err = count_chunk(&walk, out);
		if (err != DBK_OK || !found)
			return err;
	}
}

/* The records of a chunk, newest first, into the places before *AT. */
static enum dbk_err
fill_chunk(struct dbk_orders_walk *walk, struct dbk_order_record *records, uint32_t *at)
{
	const struct dbk_chunk_event *event = &walk->sweep.event;

	for (uint32_t i = walk->n; i-- > 0 && *at > 0;) {
		struct dbk_order_record *record;
		enum dbk_err err = dbk_orders_event(walk, i);

		if (err != DBK_OK)
			return err;
		if (event->continued)
			continue;
		record = &records[--*at];
		record->position = event->position;
		record->effective_at = event->effective_at;
		record->type = (enum dbk_event_type)event->type;
		record->rule = (enum dbk_rule)event->rule;
		record->late = event->late;
	}
	return DBK_OK;
}

static enum dbk_err
fill_records(struct dbk_reader *reader, uint32_t order,
	     struct dbk_order_record *records, uint32_t n)
{
	struct dbk_orders_walk walk;
	bool found = true;
	enum dbk_err err = DBK_OK;

	dbk_orders_begin(&walk, reader, order);
	while (err == DBK_OK && found && n > 0) {
		err = dbk_orders_next(&walk, &found);
		if (err == DBK_OK && found)
			err = fill_chunk(&walk, records, &n);
	}
	return err;
}

enum dbk_err
dbk_order_history_get(struct dbk_view *view, uint32_t order, struct dbk_arena *arena,
		      struct dbk_order_history *out, struct dbk_error *error)
{
	struct dbk_order_history answer = { .n = 0 };
	struct dbk_reader reader;
	enum dbk_err err;

	dbk_reader_begin(&reader, view, error);
	answer.size = reader.size;
	err = count_records(&reader, order, &answer.n);
	if (err != DBK_OK)
		goto end;
	if (answer.n > DBK_ORDER_RECORDS_MAX) {
		answer.truncated = true;
		answer.n = DBK_ORDER_RECORDS_MAX;
	}
	answer.records = dbk_page_alloc(arena, answer.n == 0 ? 1 : answer.n,
					sizeof *answer.records, error);
	if (answer.records == NULL)
		err = DBK_FAILED_MEMORY;
	else
		err = fill_records(&reader, order, answer.records, answer.n);
	if (err == DBK_OK)
		*out = answer;
end:
	dbk_reader_end(&reader);
	return err;
}
