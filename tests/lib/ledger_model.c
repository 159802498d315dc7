#include "../tests/lib/ledger_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define FIRST_CLOCK 1700000000000000LL
#define ACCOUNTS_MAX 4096
#define POSITIONS_MAX 65536
#define HOLDERS_MAX 4096

const uint8_t model_owned_codes[MODEL_OWNED_CODES] = { DBK_ESCROW, DBK_REFUND_PAYABLE,
						       DBK_COMMISSION_DEFERRED };

/* Codes of accounts with a row: an agent's money in all states, and two more. */
#define ROW_CODES 8u
static const uint8_t row_codes[ROW_CODES] = {
	DBK_PSP_CLEARING,	 DBK_COMMISSION_PENDING, DBK_COMMISSION_AVAILABLE,
	DBK_COMMISSION_HELD,	 DBK_PAYOUT_RESERVED,	 DBK_PAYOUT_IN_TRANSIT,
	DBK_CLAWBACK_RECEIVABLE, DBK_SALES_RETAIL
};

static void *
need(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

void
model_init(struct model *model, const struct model_shape *shape, uint64_t seed)
{
	memset(model, 0, sizeof *model);
	model->source.state = seed;
	model->shape = *shape;
	dbk_assert(shape->accounts < ACCOUNTS_MAX && shape->holders < HOLDERS_MAX &&
		   shape->orders < MODEL_ORDERS_MAX);
	dbk_effects_init(&model->all);
	dbk_effects_reset(&model->all, 0);
	model->accounts = need(calloc(ACCOUNTS_MAX, sizeof *model->accounts));
	model->positions = need(calloc(POSITIONS_MAX, sizeof *model->positions));
	model->holders = need(calloc(HOLDERS_MAX, sizeof *model->holders));
	model->clock = FIRST_CLOCK;
}

void
model_fini(struct model *model)
{
	dbk_effects_fini(&model->all);
	free(model->named_until);
	free(model->accounts);
	free(model->positions);
	free(model->holders);
}

static uint32_t
below(struct model *model, uint32_t limit)
{
	return (uint32_t)random_below(&model->source, limit);
}

static bool
percent(struct model *model, uint32_t chance)
{
	return below(model, 100) < chance;
}

static const char *
name_of(const char *what, uint32_t id)
{
	static char names[4][24];
	static unsigned next;
	char *name = names[next++ % 4];

	(void)snprintf(name, sizeof names[0], "%s-%u", what, id);
	return name;
}

const char *
model_sku_name(uint32_t sku)
{
	return name_of("sku", sku);
}

const char *
model_lot_name(uint32_t lot)
{
	return lot == 0 ? "" : name_of("lot", lot);
}

/* ------------------------------------------------------------------- who and what */

/* Ids up to N, or one more while MAX is not reached: squared towards the small ones, so
 * that some are busy and some hardly used. */
static uint32_t
pick(struct model *model, uint32_t n, uint32_t max, bool *is_new)
{
	uint32_t id;

	*is_new = n == 0 || (n < max && percent(model, 10));
	if (*is_new)
		return n + 1;
	id = below(model, n) + 1;
	return below(model, id) + 1;
}

static uint32_t
pick_account(struct model *model)
{
	bool is_new;
	uint32_t id = pick(model, model->n_accounts, model->shape.accounts, &is_new);
	struct model_account *account = &model->accounts[id];
	struct dbk_named named = { .kind = DBK_NAMED_ACCOUNT, .id = id };

	if (!is_new)
		return id;
	model->n_accounts++;
	/* (code, owner) is unique: every owner has all codes; the first has no name. */
	account->code = row_codes[id % ROW_CODES];
	(void)snprintf(account->owner, sizeof account->owner,
		       id < ROW_CODES ? "" : "agent-%u", id / ROW_CODES);
	named.code = account->code;
	dbk_effects_name(&model->all, named, dbk_str_of(account->owner));
	return id;
}

static uint32_t
pick_holder(struct model *model)
{
	bool is_new;
	uint32_t id = pick(model, model->n_holders, model->shape.holders, &is_new);
	struct model_holder *holder = &model->holders[id];
	struct dbk_named named = { .kind = DBK_NAMED_HOLDER, .id = id };

	if (!is_new)
		return id;
	model->n_holders++;
	/* An agent and a location of one name in turn; agents are owners as well. */
	holder->kind = id % 2 == 0 ? DBK_HOLDER_AGENT : DBK_HOLDER_LOCATION;
	(void)snprintf(holder->name, sizeof holder->name, "agent-%u", id / 2);
	named.holder_kind = holder->kind;
	dbk_effects_name(&model->all, named, dbk_str_of(holder->name));
	return id;
}

static uint32_t
pick_named(struct model *model, uint8_t kind, uint32_t *count, uint32_t max,
	   const char *what)
{
	bool is_new;
	uint32_t id = pick(model, *count, max, &is_new);
	struct dbk_named named = { .kind = kind, .id = id };

	if (is_new) {
		++*count;
		dbk_effects_name(&model->all, named, dbk_str_of(name_of(what, id)));
	}
	return id;
}

static uint32_t
pick_position(struct model *model)
{
	uint32_t holder = pick_holder(model);
	uint32_t sku =
	    pick_named(model, DBK_NAMED_SKU, &model->n_skus, model->shape.skus, "sku");
	uint32_t lot = 0;
	uint8_t place = percent(model, 70) ? DBK_PLACE_PHYSICAL : DBK_PLACE_CLOUD;
	struct dbk_named named = {
		.kind = DBK_NAMED_POSITION, .place = place, .holder = holder, .sku = sku
	};
	struct model_position *position;

	if (model->shape.lots > 0 && percent(model, 50))
		lot = pick_named(model, DBK_NAMED_LOT, &model->n_lots,
				 model->shape.lots, "lot");
	for (uint32_t id = 1; id <= model->n_positions; id++) {
		position = &model->positions[id];
		if (position->holder == holder && position->sku == sku &&
		    position->lot == lot && position->place == place)
			return id;
	}
	named.lot = lot;
	named.id = ++model->n_positions;
	dbk_assert(named.id < POSITIONS_MAX);
	position = &model->positions[named.id];
	position->holder = holder;
	position->sku = sku;
	position->lot = lot;
	position->place = place;
	dbk_effects_name(&model->all, named, dbk_str_make("", 0));
	return named.id;
}

/* ------------------------------------------------------------------------- events */

static int64_t
random_amount(struct model *model)
{
	int64_t amount =
	    1 + (int64_t)(random_next(&model->source) >> (24 + below(model, 38)));

	return percent(model, 50) ? amount : -amount;
}

static uint32_t
random_ref(struct model *model)
{
	if (percent(model, 50))
		return 0;
	return (uint32_t)(random_next(&model->source) >> (32 + below(model, 32)));
}

static void
post(struct model *model, uint32_t order)
{
	struct dbk_posting posting = { .cause = (uint8_t)below(model, DBK_CAUSES),
				       .ref = random_ref(model),
				       .amount = random_amount(model) };

	if (order != 0 && percent(model, 30)) {
		unsigned which = below(model, MODEL_OWNED_CODES);
		int64_t *balance = &model->owned[order][which];

		*balance += posting.amount;
		posting.code = model_owned_codes[which];
		posting.balance = *balance;
	} else {
		struct model_account *account;

		posting.account = pick_account(model);
		account = &model->accounts[posting.account];
		account->balance += posting.amount;
		posting.code = account->code;
		posting.balance = account->balance;
	}
	dbk_effects_post(&model->all, posting);
}

/* A movement that the position can bear. */
static struct dbk_position_move
random_move(struct model *model, const struct model_position *position)
{
	struct dbk_position_move move = { .units = 1 + below(model, 40) };

	move.kind = (uint8_t)(1 + below(model, DBK_MOVE_KINDS - 1));
	switch ((enum dbk_movement)move.kind) {
	case DBK_MOVE_COUNTED:
		move.units = (int64_t)below(model, 21) - 10;
		move.amount = move.units;
		break;
	case DBK_MOVE_RELOCATED:
		move.amount = percent(model, 50) ? move.units : -move.units;
		break;
	case DBK_MOVE_RECEIVED:
		move.amount = move.units;
		move.value = move.units * below(model, 100000);
		break;
	case DBK_MOVE_TAKEN_BACK:
		move.amount = percent(model, 80) ? move.units : 0;
		break;
	case DBK_MOVE_UNSHIPPED:
		if (move.units > position->in_transit)
			move.kind = DBK_MOVE_TAKEN_BACK;
		move.amount = move.units;
		break;
	case DBK_MOVE_SHIPPED:
		move.amount = -move.units;
		break;
	case DBK_MOVE_SOLD:
	case DBK_MOVE_PASSED_DOWN:
	case DBK_MOVE_SELF_USED:
	case DBK_MOVE_SAMPLED:
	case DBK_MOVE_LOST:
	case DBK_MOVE_RETURNED:
	case DBK_MOVE_NONE:
	case DBK_MOVE_KINDS:
		move.amount = move.units <= position->in_transit ? 0 : -move.units;
		break;
	}
	return move;
}

static void
move(struct model *model)
{
	uint32_t id = pick_position(model);
	struct model_position *position = &model->positions[id];
	struct dbk_position_move m = random_move(model, position);

	if (m.kind == DBK_MOVE_SHIPPED)
		position->in_transit += m.units;
	else if (m.kind == DBK_MOVE_UNSHIPPED)
		position->in_transit -= m.units;
	else if (m.amount == 0 && m.kind != DBK_MOVE_TAKEN_BACK &&
		 m.kind != DBK_MOVE_COUNTED)
		position->in_transit -= m.units;
	position->on_hand += m.amount;
	m.position = id;
	m.on_hand = position->on_hand;
	dbk_effects_move(&model->all, m);
}

static void
fill(struct model *model, uint32_t order)
{
	bool big = percent(model, model->shape.big_percent);
	uint32_t postings = big ? below(model, 200) : below(model, 7);
	uint32_t moves = big ? below(model, 200) : below(model, 4);

	for (uint32_t i = 0; i < postings; i++)
		post(model, order);
	for (uint32_t i = 0; i < moves; i++)
		move(model);
}

static uint32_t
pick_order(struct model *model)
{
	bool is_new;
	uint32_t id;

	if (model->shape.orders == 0 || percent(model, 40))
		return 0;
	id = pick(model, model->n_orders, model->shape.orders, &is_new);
	model->n_orders += is_new;
	return id;
}

static void
set_times(struct model *model, struct dbk_effect *effect)
{
	effect->effective_at = model->clock;
	/* What comes before the book is open does not move its clock. */
	if (effect->position == 0)
		return;
	if (percent(model, model->shape.late_percent)) {
		effect->effective_at -=
		    1 + (int64_t)random_below(&model->source,
					      (uint64_t)model->shape.late_us);
		effect->late = true;
	} else if (percent(model, 80)) {
		effect->effective_at += below(model, 3000000);
		model->clock = effect->effective_at;
	}
	effect->clock = model->clock;
}

static void
one_event(struct model *model)
{
	static const enum dbk_event_type types[] = { DBK_EVENT_SALE_RECORDED,
						     DBK_EVENT_ORDER_PAID,
						     DBK_EVENT_STOCK_ISSUED };
	struct dbk_effect *effect =
	    dbk_effects_begin(&model->all, model->all.size_after);
	uint32_t index = model->all.n_effects - 1;
	uint32_t order = pick_order(model);

	need(effect);
	effect->type = types[below(model, 3)];
	effect->order = order;
	effect->prior_period = percent(model, 10);
	set_times(model, effect);
	if (effect->position == 0)
		effect->rule = DBK_RULE_BOOK_NOT_OPEN;
	else if (percent(model, model->shape.refused_percent))
		effect->rule = percent(model, 50) ? DBK_RULE_STOCK_INSUFFICIENT
						  : DBK_RULE_ORDER_UNKNOWN;
	/* What falls due belongs to the next record, a refused one too. */
	if (effect->rule == DBK_RULE_NONE ||
	    (effect->position > 0 && percent(model, 30)))
		fill(model, order);
	dbk_assert(!model->all.failed);
	if (index >= model->cap_named_until) {
		model->cap_named_until = index * 2 + 64;
		model->named_until = need(realloc(
		    model->named_until, model->cap_named_until * sizeof(uint32_t)));
	}
	model->named_until[index] = model->all.n_named;
}

void
model_grow(struct model *model, uint32_t n)
{
	while (n-- > 0)
		one_event(model);
}

void
model_group(const struct model *model, uint32_t first, uint32_t last,
	    struct dbk_effects *out)
{
	const struct dbk_effects *all = &model->all;
	uint32_t named = first == 0 ? 0 : model->named_until[first - 1];
	uint32_t named_end = last == 0 ? 0 : model->named_until[last - 1];

	dbk_effects_reset(out, first);
	for (uint32_t i = first; i < last; i++) {
		const struct dbk_effect *from = &all->effects[i];
		struct dbk_effect *to = need(dbk_effects_begin(out, i));
		struct dbk_effect kept = *to;

		*to = *from;
		to->first_posting = kept.first_posting;
		to->first_move = kept.first_move;
		to->n_postings = to->n_moves = 0;
		for (uint32_t p = 0; p < from->n_postings; p++)
			dbk_effects_post(out, all->postings[from->first_posting + p]);
		for (uint32_t m = 0; m < from->n_moves; m++)
			dbk_effects_move(out, all->moves[from->first_move + m]);
	}
	for (; named < named_end; named++)
		dbk_effects_name(
		    out, all->named[named],
		    dbk_str_make(all->names.bytes + all->named[named].name_at,
				 all->named[named].name_size));
	dbk_assert(!out->failed);
}

/* ------------------------------------------------------------------------ figures */

bool
model_has(const struct model *model, uint32_t event, struct model_cut cut)
{
	return event < cut.size && model->all.effects[event].effective_at <= cut.time;
}

static void
add_posting(struct model_sums *sums, int64_t amount)
{
	if (amount > 0)
		sums->money.debits += amount;
	else
		sums->money.credits -= amount;
	sums->n++;
}

struct model_sums
model_account_sums(const struct model *model, uint32_t account, uint8_t code,
		   struct model_cut cut)
{
	struct model_sums sums;

	memset(&sums, 0, sizeof sums);
	for (uint32_t i = 0; i < model->all.n_effects; i++) {
		const struct dbk_effect *effect = &model->all.effects[i];

		for (uint32_t p = 0; p < effect->n_postings; p++) {
			const struct dbk_posting *posting =
			    &model->all.postings[effect->first_posting + p];

			if (model_has(model, i, cut) && posting->code == code &&
			    (account == 0 || posting->account == account))
				add_posting(&sums, posting->amount);
		}
	}
	return sums;
}

struct model_sums
model_order_sums(const struct model *model, uint32_t order, uint8_t code,
		 struct model_cut cut)
{
	struct model_sums sums;

	memset(&sums, 0, sizeof sums);
	for (uint32_t i = 0; i < model->all.n_effects; i++) {
		const struct dbk_effect *effect = &model->all.effects[i];

		for (uint32_t p = 0; p < effect->n_postings; p++) {
			const struct dbk_posting *posting =
			    &model->all.postings[effect->first_posting + p];

			if (model_has(model, i, cut) && posting->code == code &&
			    posting->account == 0 && effect->order == order)
				add_posting(&sums, posting->amount);
		}
	}
	return sums;
}

/* Written anew, not with the view's functions: the meaning of a movement in sums. */
static void
add_move(struct model_sums *sums, const struct dbk_position_move *move)
{
	struct dbk_stock_figures *f = &sums->stock;
	int64_t from_transit = move->amount == 0 ? move->units : 0;

	sums->n++;
	f->on_hand += move->amount;
	if (move->kind == DBK_MOVE_RECEIVED) {
		f->received += move->units;
		f->received_value += move->value;
	} else if (move->kind == DBK_MOVE_SHIPPED) {
		f->in_transit += move->units;
	} else if (move->kind == DBK_MOVE_UNSHIPPED) {
		f->in_transit -= move->units;
	} else if (move->kind == DBK_MOVE_TAKEN_BACK) {
		f->taken_back += move->units;
	} else if (move->kind == DBK_MOVE_COUNTED) {
		f->count_difference += move->units;
	} else if (move->kind != DBK_MOVE_RELOCATED) {
		f->in_transit -= from_transit;
		f->sold += move->kind == DBK_MOVE_SOLD ? move->units : 0;
		f->passed_down += move->kind == DBK_MOVE_PASSED_DOWN ? move->units : 0;
		f->self_used += move->kind == DBK_MOVE_SELF_USED ? move->units : 0;
		f->sampled += move->kind == DBK_MOVE_SAMPLED ? move->units : 0;
		f->lost += move->kind == DBK_MOVE_LOST ? move->units : 0;
		f->returned += move->kind == DBK_MOVE_RETURNED ? move->units : 0;
	}
}

struct model_sums
model_position_sums(const struct model *model, uint32_t position, struct model_cut cut)
{
	struct model_sums sums;

	memset(&sums, 0, sizeof sums);
	for (uint32_t i = 0; i < model->all.n_effects; i++) {
		const struct dbk_effect *effect = &model->all.effects[i];

		for (uint32_t m = 0; m < effect->n_moves; m++) {
			const struct dbk_position_move *move =
			    &model->all.moves[effect->first_move + m];

			if (model_has(model, i, cut) && move->position == position)
				add_move(&sums, move);
		}
	}
	return sums;
}
