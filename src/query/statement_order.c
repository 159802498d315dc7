/*
 * statement_order.c -- the statement of an account that an order owns, from the events
 * of the order.
 */

#include "query/orders.h"
#include "query/statement_private.h"

/* The postings of an event part on the account, in order. */
struct found {
	struct dbk_chunk_entry entries[DBK_CHUNK_PART_ENTRIES_MAX];
	uint32_t n;
};

static enum dbk_err
read_postings(struct dbk_statement_maker *maker, struct dbk_sweep *sweep,
	      struct found *found)
{
	found->n = 0;
	for (;;) {
		bool more;
		enum dbk_err err = dbk_sweep_posting(sweep, &more);

		if (err != DBK_OK || !more)
			return err;
		if (sweep->entry.id != 0 || sweep->entry.kind != maker->query->code)
			continue;
		if (found->n == DBK_CHUNK_PART_ENTRIES_MAX)
			return dbk_reader_damaged(&maker->reader, sweep->entry.loc);
		found->entries[found->n++] = sweep->entry;
	}
}

/* Sum what counts, and take the lines that are wanted.  A line too many is counted in
 * *SURPLUS. */
static void
take_event(struct dbk_statement_maker *maker, const struct dbk_chunk_event *event,
	   const struct found *found, struct dbk_money_figures *figures,
	   uint32_t *surplus, uint64_t *last_loc)
{
	struct dbk_statement *out = maker->out;

	for (uint32_t i = found->n; i-- > 0;) {
		const struct dbk_chunk_entry *entry = &found->entries[i];

		if (dbk_cut_has(&maker->cut, entry->loc, event->effective_at)) {
			dbk_figures_post(figures, entry->amount);
			out->postings++;
		}
		if (!dbk_walk_window_has(&maker->window, entry->loc,
					 event->effective_at))
			continue;
		if (out->n == maker->max) {
			++*surplus;
			continue;
		}
		out->lines[out->n++] = dbk_statement_line(event, entry);
		*last_loc = entry->loc;
	}
}

enum dbk_err
dbk_statement_order_answer(struct dbk_statement_maker *maker)
{
	struct dbk_money_figures figures = { 0, 0 };
	struct dbk_orders_walk walk;
	struct found found;
	uint64_t last_loc = 0;
	uint32_t surplus = 0;
	bool more = true;

	dbk_orders_begin(&walk, &maker->reader, maker->query->order);
	for (;;) {
		enum dbk_err err = dbk_orders_next(&walk, &more);

		if (err != DBK_OK)
			return err;
		if (!more)
			break;
		for (uint32_t i = walk.n; i-- > 0;) {
			err = dbk_orders_event(&walk, i);
			if (err == DBK_OK)
				err = read_postings(maker, &walk.sweep, &found);
			if (err != DBK_OK)
				return err;
			take_event(maker, &walk.sweep.event, &found, &figures, &surplus,
				   &last_loc);
		}
	}
	dbk_statement_put_figures(maker->out, &figures, maker->out->postings);
	if (surplus > 0)
		dbk_statement_stop(maker, last_loc);
	return DBK_OK;
}
