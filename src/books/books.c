/*
 * books.c -- the core's life, and the way of one event through it.
 */

#include "books/trust_core.h"

#include <stdlib.h>

#include "books/goods_core.h"
#include "event/decode.h"
#include "event/key.h"

#define US_PER_SECOND 1000000

/* Bounds of the tables: address space, not memory.  Ids are 32 bits wide. */
struct table_bound {
	size_t offset;
	uint32_t row_bytes;
	uint32_t max;
};

#define BOUND(table, type, max)                                                          \
	{ offsetof(struct dbk_books, table), sizeof(struct dbk_row_##type), (max) }

static const struct table_bound bounds[] = {
	BOUND(book, book, 2),
	BOUND(tags, tag, 1u << 24),
	BOUND(agents, agent, 1u << 27),
	BOUND(customers, customer, 1u << 30),
	BOUND(bindings, binding, 1u << 30),
	BOUND(skus, sku, 1u << 24),
	BOUND(lots, lot, 1u << 26),
	BOUND(locations, location, 1u << 24),
	BOUND(holders, holder, 1u << 27),
	BOUND(goods, good, 1u << 26),
	BOUND(positions, position, 1u << 30),
	BOUND(accounts, account, 1u << 30),
	BOUND(controls, controls, 2),
	BOUND(orders, order, 1u << 31),
	BOUND(lines, line, 1u << 30),
	BOUND(shipments, shipment, 1u << 31),
	BOUND(refunds, refund, 1u << 30),
	BOUND(sources, source, DBK_SOURCES_MAX + 1),
	BOUND(replies, reply, DBK_SOURCES_MAX *DBK_SOURCE_REPLIES_KEPT + 1),
	BOUND(order_extras, order_extra, 1u << 28),
	BOUND(line_extras, line_extra, 1u << 30),
	BOUND(chargebacks, chargeback, 1u << 26),
	BOUND(plans, plan, 1u << 16),
	BOUND(plan_terms, plan_term, 1u << 26),
	BOUND(costs, cost, 1u << 26),
	BOUND(reports, report, 1u << 30),
	BOUND(earnings, earning, 1u << 31),
	BOUND(holds, hold, 1u << 26),
	BOUND(dues, due, 1u << 31),
	BOUND(due_seconds, due_second, 1u << 30),
	BOUND(due_runs, due_run, DBK_DUE_RUNS + 1),
	BOUND(due_heap, due_heap, 1u << 30),
	BOUND(purses, purse, 1u << 27),
	BOUND(payouts, payout, 1u << 28),
	BOUND(payout_items, payout_item, 1u << 31),
	BOUND(payout_batches, payout_batch, 1u << 26),
	BOUND(tax_months, tax_month, 1u << 30),
	BOUND(periods, period, 1u << 16),
	BOUND(overrides, override, 1u << 26),
	BOUND(adjustments, adjustment, 1u << 26),
	BOUND(contests, contest, 1u << 20),
	BOUND(scores, score, 1u << 28),
	BOUND(teams, team, 1u << 24),
	BOUND(members, member, 1u << 28),
	BOUND(flows, flow, 1u << 31),
	BOUND(sku_days, sku_day, 1u << 30),
	BOUND(tiers, tier, 1u << 28),
	BOUND(cohorts, cohort, 1u << 16),
	BOUND(edges, edge, 1u << 30),
	BOUND(guard_sets, guard_set, 1u << 16),
	BOUND(guard_terms, guard_term, 1u << 26),
	BOUND(bands, band, 1u << 26),
	BOUND(territories, territory, 1u << 26),
	BOUND(requests, request, 1u << 30),
	BOUND(buybacks, buyback, 1u << 28),
	BOUND(timers, timer, 1u << 30),
	BOUND(findings, finding, 1u << 28),
	BOUND(evidence, evidence, 1u << 30),
	BOUND(serials, serial, 1u << 30),
	BOUND(sightings, sighting, 1u << 28),
	BOUND(watches, watch, 1u << 27),
	BOUND(source_keys, source_key, 1u << 20),
	BOUND(source_rights, source_right, (1u << 20) * DBK_RIGHTS_MAX),
};

#define N_TABLES (sizeof bounds / sizeof bounds[0])

_Static_assert(N_TABLES + 4 <= DBK_ROWS_TABLES_MAX, "the journal has room for all tables");

static struct dbk_rows *
table_at(struct dbk_books *books, size_t i)
{
	return (struct dbk_rows *)((unsigned char *)books + bounds[i].offset);
}

static void
name_spaces(struct dbk_books *books)
{
	dbk_names_space(&books->names, DBK_SPACE_TAG, &books->tags);
	dbk_names_space(&books->names, DBK_SPACE_AGENT, &books->agents);
	dbk_names_space(&books->names, DBK_SPACE_CUSTOMER, &books->customers);
	dbk_names_space(&books->names, DBK_SPACE_BINDING, &books->bindings);
	dbk_names_space(&books->names, DBK_SPACE_SKU, &books->skus);
	dbk_names_space(&books->names, DBK_SPACE_LOT, &books->lots);
	dbk_names_space(&books->names, DBK_SPACE_LOCATION, &books->locations);
	dbk_names_space(&books->names, DBK_SPACE_ORDER, &books->orders);
	dbk_names_space(&books->names, DBK_SPACE_REFUND, &books->refunds);
	dbk_names_space(&books->names, DBK_SPACE_SOURCE, &books->sources);
	dbk_names_space(&books->names, DBK_SPACE_HOLD, &books->holds);
	dbk_names_space(&books->names, DBK_SPACE_CHARGEBACK, &books->chargebacks);
	dbk_names_space(&books->names, DBK_SPACE_PAYOUT, &books->payouts);
	dbk_names_space(&books->names, DBK_SPACE_PAYOUT_BATCH, &books->payout_batches);
	dbk_names_space(&books->names, DBK_SPACE_PERIOD, &books->periods);
	dbk_names_space(&books->names, DBK_SPACE_OVERRIDE, &books->overrides);
	dbk_names_space(&books->names, DBK_SPACE_ADJUSTMENT, &books->adjustments);
	dbk_names_space(&books->names, DBK_SPACE_CONTEST, &books->contests);
	dbk_names_space(&books->names, DBK_SPACE_TEAM, &books->teams);
	dbk_names_space(&books->names, DBK_SPACE_TERRITORY, &books->territories);
	dbk_names_space(&books->names, DBK_SPACE_REQUEST, &books->requests);
	dbk_names_space(&books->names, DBK_SPACE_BUYBACK, &books->buybacks);
	dbk_names_space(&books->names, DBK_SPACE_SERIAL, &books->serials);
}

enum dbk_err
dbk_books_open(const unsigned char key[DBK_HASH_KEY_BYTES], struct dbk_books **out)
{
	struct dbk_books *books = calloc(1, sizeof *books);
	enum dbk_err err;

	if (books == NULL)
		return DBK_FAILED_MEMORY;
	dbk_journal_init(&books->journal);
	err = dbk_names_init(&books->names, &books->journal, key);
	for (size_t i = 0; err == DBK_OK && i < N_TABLES; i++)
		err = dbk_rows_init(table_at(books, i), &books->journal,
				     bounds[i].row_bytes, bounds[i].max);
	if (err != DBK_OK) {
		dbk_books_close(books);
		return err;
	}
	name_spaces(books);
	dbk_plan_defaults(&books->defaults);
	dbk_guards_defaults(&books->no_guards);
	(void)dbk_rows_append(&books->book, 1);
	(void)dbk_rows_append(&books->controls, 1);
	(void)dbk_rows_append(&books->due_runs, DBK_DUE_RUNS);
	*out = books;
	return DBK_OK;
}

void
dbk_books_close(struct dbk_books *books)
{
	if (books == NULL)
		return;
	for (size_t i = 0; i < N_TABLES; i++)
		dbk_rows_fini(table_at(books, i));
	dbk_names_fini(&books->names);
	dbk_journal_fini(&books->journal);
	free(books);
}

void
dbk_books_set_history(struct dbk_books *books, dbk_books_history_fn *history,
		      void *context)
{
	books->history = history;
	books->history_context = context;
}

uint64_t
dbk_books_size(const struct dbk_books *books)
{
	const struct dbk_row_book *book = DBK_ROW(books, book, book, 1);

	return book->accepted + book->refused;
}

void
dbk_books_mark(struct dbk_books *books, struct dbk_mark *out)
{
	dbk_journal_mark(&books->journal, out);
}

void
dbk_books_rewind(struct dbk_books *books, const struct dbk_mark *mark)
{
	dbk_journal_rewind(&books->journal, mark);
	books->windows_round++;
}

void
dbk_books_commit(struct dbk_books *books)
{
	dbk_journal_forget(&books->journal);
}

/* Is the book there, and was it when this happened? */
static bool
decide_in_book(struct dbk_decision *d)
{
	const struct dbk_row_book *book = DBK_ROW(d->books, book, book, 1);

	if (d->event->type == DBK_EVENT_BOOK_OPENED)
		return book->open ? dbk_refuse(d, DBK_RULE_BOOK_ALREADY_OPEN,
					       dbk_field("book"),
					       d->event->u.book_opened.book)
				  : dbk_decide_event(d);
	if (!book->open)
		return dbk_refuse(d, DBK_RULE_BOOK_NOT_OPEN, dbk_field(NULL),
				  dbk_str_make("", 0));
	if (d->event->effective_at < book->opened_at)
		return dbk_refuse_measured(d, DBK_RULE_BEFORE_BOOK,
					   dbk_field("effective_at"),
					   d->event->effective_at, book->opened_at);
	return dbk_decide_event(d);
}

/* The name of the payment that EVENT, which has a second key, brings. */
static struct dbk_str
payment_of(const struct dbk_event *event)
{
	if (event->type == DBK_EVENT_STOCK_ISSUED)
		return event->u.stock_issued.psp_txn;
	if (event->type == DBK_EVENT_FEE_CHARGED)
		return event->u.fee_charged.psp_txn;
	dbk_assert(event->type == DBK_EVENT_SALE_RECORDED);
	return event->u.sale.psp_txn;
}

/* The keys of an event and their hashes; an order's own stands for itself (keys.c). */
struct keys {
	struct dbk_key own, payment;
	uint64_t own_hash, payment_hash;
};

static void
make_keys(const struct dbk_decision *d, struct keys *out)
{
	out->own.size = 0;
	out->own_hash = out->payment_hash = 0;
	if (!dbk_key_is_order(d->event)) {
		dbk_event_key(d->event, &out->own);
		out->own_hash = dbk_key_hash(d->books, &out->own);
	}
	dbk_event_payment_key(d->event, &out->payment);
	if (out->payment.size != 0)
		out->payment_hash = dbk_payment_hash(d, &out->payment);
}

/* The keys must be free before anything else counts.  HELD with rule NONE: the very same
 * event holds its own key. */
static enum dbk_key_state
decide_keys(struct dbk_decision *d, const struct keys *keys, struct dbk_arena *arena,
	    uint64_t *out_position)
{
	struct dbk_event original;
	struct dbk_field field;
	enum dbk_key_state state =
		dbk_key_find_own(d, &keys->own, keys->own_hash, arena, out_position,
				 &original);

	if (state == DBK_KEY_HELD) {
		d->refusal->other_position_plus_one = *out_position + 1;
		if (dbk_event_differs(d->event, &original, &field))
			(void)dbk_refuse(d, DBK_RULE_CONFLICT, field,
					 dbk_str_make("", 0));
	}
	if (state != DBK_KEY_FREE || keys->payment.size == 0)
		return state;
	state = dbk_key_find(d->books, &keys->payment, keys->payment_hash, arena,
			     out_position, &original);
	if (state == DBK_KEY_HELD) {
		d->refusal->other_position_plus_one = *out_position + 1;
		(void)dbk_refuse(d, DBK_RULE_PAYMENT_KEY_USED, dbk_field("psp_txn"),
				 payment_of(d->event));
	}
	return state;
}

/* The record as it begins: its times, seen from the book as it was. */
static void
begin_record(const struct dbk_decision *d, struct dbk_effect *effect)
{
	const struct dbk_row_book *book = DBK_ROW(d->books, book, book, 1);
	int64_t time = d->event->effective_at;

	effect->effective_at = time;
	effect->type = d->event->type;
	effect->late = book->open && time < book->clock;
	effect->prior_period = book->last_period != 0 && time < book->closed_until;
}

static void
move_clock(const struct dbk_decision *d)
{
	const struct dbk_row_book *book = DBK_ROW(d->books, book, book, 1);

	if (book->open && d->event->effective_at > book->clock)
		DBK_TOUCH(d->books, book, book, 1)->clock = d->event->effective_at;
}

/* Time goes by up to the event, whatever becomes of it. */
static void
pass_time(struct dbk_decision *d)
{
	uint32_t next = dbk_due_next(d->books);

	move_clock(d);
	if (next != 0 &&
	    next <= DBK_ROW(d->books, book, book, 1)->clock / US_PER_SECOND)
		dbk_dues_run(d);
}

/* The record as it ends; the effect is the last one begun. */
static void
end_record(struct dbk_decision *d, bool accepted)
{
	struct dbk_row_book *book = DBK_TOUCH(d->books, book, book, 1);
	struct dbk_effect *effect = &d->effects->effects[d->effects->n_effects - 1];

	if (accepted)
		book->accepted++;
	else
		book->refused++;
	move_clock(d);
	effect->clock = book->clock;
	effect->rule = accepted ? DBK_RULE_NONE : d->refusal->rule;
	effect->order = d->order;
}

/* Postings must meet: the last check before a record stands. */
static void
check_effect(const struct dbk_effects *effects)
{
	const struct dbk_effect *effect = &effects->effects[effects->n_effects - 1];
	int64_t sum = 0;

	for (uint32_t i = 0; i < effect->n_postings; i++)
		sum += effects->postings[effect->first_posting + i].amount;
	dbk_assert(sum == 0);
}

static bool
has_room(const struct dbk_books *books)
{
	return dbk_books_size(books) < DBK_RECORDS_MAX &&
	       dbk_index_has_room(&books->names.index);
}

/* The event is refused: the books are as time alone has left them since BEFORE.  What
 * fell due is done again, which takes longer than to mark the point behind it, but only
 * for what is refused; its effects are there already. */
static void
undo_event(struct dbk_decision *d, const struct dbk_mark *before,
	   struct dbk_effects_mark effects_mark)
{
	dbk_journal_rewind(&d->books->journal, before);
	dbk_network_undo(d);
	d->controls = NULL;
	dbk_effects_refuse(d->effects, effects_mark);
	d->order = 0;
	effects_mark = dbk_effects_mark(d->effects);
	pass_time(d);
	dbk_effects_rewind(d->effects, effects_mark);
}

/* Apply the event or undo it; leaves one effect either way. */
static enum dbk_err
decide_and_apply(struct dbk_decision *d, const struct keys *keys)
{
	struct dbk_effects_mark none = dbk_effects_mark(d->effects), effects_mark;
	bool is_fresh = d->refusal->rule == DBK_RULE_NONE, accepted;
	struct dbk_effect *effect = dbk_effects_begin(d->effects, d->position);
	unsigned char digest[DBK_DIGEST_BYTES];
	struct dbk_mark before;

	if (effect == NULL)
		return DBK_FAILED_MEMORY;
	dbk_books_mark(d->books, &before);
	begin_record(d, effect);
	dbk_digest_note(d, digest);
	pass_time(d);
	effects_mark = dbk_effects_mark(d->effects);
	accepted = is_fresh && decide_in_book(d);
	if (is_fresh && !accepted && !d->effects->failed)
		undo_event(d, &before, effects_mark);
	if (d->effects->failed) {
		dbk_books_rewind(d->books, &before);
		dbk_effects_rewind(d->effects, none);
		return DBK_FAILED_MEMORY;
	}
	if (accepted) {
		if (!dbk_key_is_order(d->event))
			dbk_key_add(d->books, keys->own_hash, d->position);
		if (keys->payment.size != 0)
			dbk_key_add(d->books, keys->payment_hash, d->position);
	}
	check_effect(d->effects);
	end_record(d, accepted);
	return DBK_OK;
}

enum dbk_err
dbk_books_decide(struct dbk_books *books, const struct dbk_event *event,
		 struct dbk_effects *effects, struct dbk_arena *arena,
		 struct dbk_verdict *out)
{
	return dbk_books_decide_foreseen(books, event, NULL, effects, arena, out);
}

enum dbk_err
dbk_books_decide_foreseen(struct dbk_books *books, const struct dbk_event *event,
			  const struct dbk_foresight *foresight,
			  struct dbk_effects *effects, struct dbk_arena *arena,
			  struct dbk_verdict *out)
{
	struct dbk_refusal refusal = { .rule = DBK_RULE_NONE };
	struct dbk_decision d = { .books = books,
				  .event = event,
				  .foresight = foresight,
				  .effects = effects,
				  .refusal = &refusal,
				  .position = (uint32_t)dbk_books_size(books),
				  .day = dbk_local_day(books, event->effective_at) };
	struct keys keys;
	enum dbk_key_state state;
	uint64_t other = 0;
	enum dbk_err err;

	if (!has_room(books))
		return DBK_FAILED_LIMIT;
	make_keys(&d, &keys);
	state = decide_keys(&d, &keys, arena, &other);
	if (state == DBK_KEY_UNREADABLE)
		return DBK_FAILED_IO;
	if (state == DBK_KEY_HELD && refusal.rule == DBK_RULE_NONE) {
		out->outcome = DBK_DUPLICATE;
		out->position = other;
		return DBK_OK;
	}
	err = decide_and_apply(&d, &keys);
	if (err != DBK_OK)
		return err;
	out->outcome = refusal.rule == DBK_RULE_NONE ? DBK_ACCEPTED : DBK_REFUSED;
	out->position = d.position;
	out->refusal = refusal;
	return DBK_OK;
}
