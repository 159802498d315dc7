#include "views/append.h"

#include "base/assert.h"

/* A part begins: make sure that it has room, then write its event. */
static enum dbk_err
open_part(struct dbk_stream *stream, struct dbk_heads *heads,
	  struct dbk_chunk_event *event)
{
	uint32_t seen;

	if (stream->tail.number == 0 ||
	    !dbk_chunk_has_room(&stream->tail, event->n_postings, event->n_moves)) {
		enum dbk_err err = dbk_stream_next(stream, event->position,
						   event->clock, heads->totals);

		if (err != DBK_OK)
			return err;
		dbk_heads_take_chunk(heads, &stream->tail.header);
		dbk_assert(dbk_heads_last_chunk(heads) == stream->tail.number);
	}
	seen = dbk_heads_order_chunk(heads, event->order);
	event->order_back = seen == 0 ? 0 : 1 + stream->tail.number - seen;
	if (!dbk_heads_take_event(heads, event, stream->tail.number))
		return DBK_FAILED_LIMIT;
	dbk_chunk_put_event(&stream->tail, event);
	return DBK_OK;
}

static void
append_posting(struct dbk_stream *stream, struct dbk_heads *heads,
	       const struct dbk_posting *posting, bool behind)
{
	struct dbk_rows *longs = &heads->tables[DBK_HEADS_LONGS];
	struct dbk_chunk_entry entry;
	struct dbk_account_head *row;

	dbk_assert(posting->code > 0 && posting->code < DBK_ACCOUNT_CODES);
	dbk_assert(posting->cause < DBK_CAUSES);
	entry.kind = posting->code;
	entry.cause = posting->cause;
	entry.ref = posting->ref;
	entry.id = posting->account;
	entry.amount = posting->amount;
	entry.balance = posting->balance;
	row = dbk_heads_take_posting(heads, &entry);
	if (row == NULL) {
		dbk_chunk_put_posting(&stream->tail, &entry);
		return;
	}
	dbk_assert(dbk_figures_balance(&row->figures) == posting->balance);
	dbk_chain_link(&row->chain, longs, &entry, behind);
	entry.debits = row->figures.debits;
	dbk_chunk_put_posting(&stream->tail, &entry);
	dbk_chain_advance(&row->chain, longs, entry.loc, behind);
}

static void
append_move(struct dbk_stream *stream, struct dbk_heads *heads,
	    const struct dbk_position_move *move, bool behind)
{
	struct dbk_rows *longs = &heads->tables[DBK_HEADS_LONGS];
	struct dbk_holding space, *holding;
	struct dbk_chunk_entry entry;

	dbk_assert(move->kind > 0 && move->kind < DBK_MOVE_KINDS);
	entry.kind = move->kind;
	entry.id = move->position;
	entry.amount = move->amount;
	entry.balance = move->on_hand;
	entry.units = move->units;
	entry.value = move->value;
	holding = dbk_heads_take_move(heads, &entry, &space);
	dbk_assert(holding->figures.on_hand == move->on_hand);
	dbk_assert(holding->figures.in_transit >= 0);
	dbk_chain_link(&holding->chain, longs, &entry, behind);
	if (entry.is_mark)
		entry.stock = holding->figures;
	dbk_chunk_put_move(&stream->tail, &entry);
	dbk_chain_advance(&holding->chain, longs, entry.loc, behind);
	dbk_heads_end_move(heads, entry.id, holding);
}

static struct dbk_chunk_event
event_of(const struct dbk_effect *effect)
{
	struct dbk_chunk_event event = { .position = effect->position,
					 .clock = effect->clock,
					 .effective_at = effect->effective_at,
					 .type = effect->type,
					 .rule = effect->rule,
					 .order = effect->order,
					 .late = effect->late,
					 .prior_period = effect->prior_period };

	return event;
}

static uint32_t
smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Ask memory for the rows of a part's worth of entries. */
static inline void
prefetch_part(const struct dbk_heads *heads, const struct dbk_posting *posting,
	      uint32_t postings, const struct dbk_position_move *move, uint32_t moves)
{
	postings = smaller(postings, DBK_CHUNK_PART_ENTRIES_MAX);
	moves = smaller(moves, DBK_CHUNK_PART_ENTRIES_MAX - postings);
	for (uint32_t i = 0; i < postings; i++)
		dbk_heads_prefetch(heads, DBK_HEADS_ACCOUNTS, posting[i].account);
	for (uint32_t i = 0; i < moves; i++)
		dbk_heads_prefetch(heads, DBK_HEADS_POSITIONS, move[i].position);
}

enum dbk_err
dbk_append_effect(struct dbk_stream *stream, struct dbk_heads *heads,
		  const struct dbk_effects *effects, const struct dbk_effect *effect)
{
	const struct dbk_posting *posting = effects->postings + effect->first_posting;
	const struct dbk_position_move *move = effects->moves + effect->first_move;
	uint32_t postings = effect->n_postings, moves = effect->n_moves;
	struct dbk_chunk_event event = event_of(effect);
	bool behind = dbk_chunk_event_is_behind(&event);

	/* As-of by time counts on it: what was recorded by a time lies before it. */
	dbk_assert(effect->clock >= heads->clock);
	dbk_assert(effect->effective_at <= effect->clock || postings + moves == 0);
	do {
		enum dbk_err err;

		event.n_postings = smaller(postings, DBK_CHUNK_PART_ENTRIES_MAX);
		event.n_moves =
		    smaller(moves, DBK_CHUNK_PART_ENTRIES_MAX - event.n_postings);
		err = open_part(stream, heads, &event);
		if (err != DBK_OK)
			return err;
		postings -= event.n_postings;
		moves -= event.n_moves;
		prefetch_part(heads, posting + event.n_postings, postings,
			      move + event.n_moves, moves);
		for (uint32_t i = 0; i < event.n_postings; i++)
			append_posting(stream, heads, posting++, behind);
		for (uint32_t i = 0; i < event.n_moves; i++)
			append_move(stream, heads, move++, behind);
		dbk_chunk_end_event(&stream->tail);
		event.continued = true;
	} while (postings + moves > 0);
	return DBK_OK;
}

void
dbk_append_prefetch(const struct dbk_heads *heads, const struct dbk_effects *effects,
		    const struct dbk_effect *effect)
{
	prefetch_part(heads, effects->postings + effect->first_posting,
		      effect->n_postings, effects->moves + effect->first_move,
		      effect->n_moves);
	dbk_heads_prefetch(heads, DBK_HEADS_ORDERS, effect->order);
}

void
dbk_append_prefetch_own(const struct dbk_heads *heads,
			const struct dbk_effects *effects,
			const struct dbk_effect *effect)
{
	const struct dbk_position_move *move = effects->moves + effect->first_move;
	uint32_t moves = smaller(effect->n_moves, DBK_CHUNK_PART_ENTRIES_MAX);

	for (uint32_t i = 0; i < moves; i++)
		dbk_heads_prefetch_own(heads, move[i].position);
}
