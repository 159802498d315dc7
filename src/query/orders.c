#include "query/orders.h"

void
dbk_orders_begin(struct dbk_orders_walk *walk, struct dbk_reader *reader,
		 uint32_t order)
{
	walk->reader = reader;
	walk->order = order;
	walk->n = 0;
	walk->next_chunk = order == 0 ? 0 : dbk_heads_order_chunk(reader->heads, order);
}

/* Note the event, and where the events before those of this chunk are. */
static enum dbk_err
take(struct dbk_orders_walk *walk)
{
	const struct dbk_chunk_event *event = &walk->sweep.event;
	uint32_t number = dbk_chunk_of(event->loc);

	if (walk->n == DBK_ORDERS_CHUNK_EVENTS_MAX || event->order_back > number)
		return dbk_reader_damaged(walk->reader, event->loc);
	if (event->order_back > 1)
		walk->next_chunk = number - (event->order_back - 1);
	if (event->loc < walk->reader->end)
		walk->events[walk->n++] = (uint16_t)dbk_chunk_at(event->loc);
	return DBK_OK;
}

enum dbk_err
dbk_orders_next(struct dbk_orders_walk *walk, bool *out_found)
{
	uint32_t number = walk->next_chunk;
	enum dbk_err err;

	*out_found = false;
	walk->n = 0;
	walk->next_chunk = 0;
	if (number == 0)
		return DBK_OK;
	err = dbk_sweep_begin(&walk->sweep, walk->reader, number);
	while (err == DBK_OK) {
		bool found;

		err = dbk_sweep_event(&walk->sweep, &found);
		if (err != DBK_OK || !found)
			break;
		if (walk->sweep.event.order == walk->order)
			err = take(walk);
	}
	*out_found = err == DBK_OK;
	return err;
}

enum dbk_err
dbk_orders_event(struct dbk_orders_walk *walk, uint32_t i)
{
	bool found;

	dbk_sweep_seek(&walk->sweep, walk->events[i]);
	return dbk_sweep_event(&walk->sweep, &found);
}
