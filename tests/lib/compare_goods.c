#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/movements.h"
#include "query/stock.h"

#include "../tests/lib/asking.h"

static void
same_stock(struct asking *a, const struct dbk_stock_figures *got,
	   const struct dbk_stock_figures *want)
{
	const int64_t *g[] = DBK_STOCK_FIGURES_LIST(got);
	const int64_t *w[] = DBK_STOCK_FIGURES_LIST(want);

	for (unsigned i = 0; i < DBK_STOCK_FIGURES_COUNT; i++)
		asking_same(a, *g[i], *w[i], "stock figure");
}

/* True if the position fits the question's filters. */
static bool
fits(struct asking *a, const struct dbk_stock_query *q, uint32_t id)
{
	const struct model_position *position = &a->c->model->positions[id];
	const struct model_holder *holder = &a->c->model->holders[position->holder];

	return (q->holder.size == 0 ||
		dbk_str_equal(q->holder, dbk_str_of(holder->name))) &&
	       (q->sku.size == 0 ||
		dbk_str_equal(q->sku, dbk_str_of(model_sku_name(position->sku)))) &&
	       (!q->agents_only || holder->kind == DBK_HOLDER_AGENT);
}

static void
same_position(struct asking *a, const struct dbk_stock_position *got,
	      const struct model_sums *want)
{
	const struct model_position *position = &a->c->model->positions[got->position];
	const struct model_holder *holder = &a->c->model->holders[position->holder];
	int64_t kept = want->stock.received - want->stock.returned;
	int64_t ppm = kept > 0
			  ? (want->stock.sold - want->stock.taken_back) * 1000000 / kept
			  : -1;

	same_stock(a, &got->figures, &want->stock);
	asking_same(a, (long long)got->moves, (long long)want->n, "moves");
	asking_same(a, got->sell_through_ppm, ppm, "sell-through");
	asking_same(a, got->holder_kind, holder->kind, "holder kind");
	asking_same(a, dbk_str_equal(got->holder, dbk_str_of(holder->name)), 1,
		    "holder");
	asking_same(a,
		    dbk_str_equal(got->sku, dbk_str_of(model_sku_name(position->sku))),
		    1, "sku");
	asking_same(a,
		    dbk_str_equal(got->lot, dbk_str_of(model_lot_name(position->lot))),
		    1, "lot");
	asking_same(a, got->place, position->place, "place");
}

/* Every position that fits is listed once, and nothing else. */
static void
compare_stock(struct asking *a, struct dbk_stock_query q)
{
	const struct model *model = a->c->model;
	uint32_t n_positions = model->n_positions;
	uint8_t *seen = calloc(n_positions + 1, 1);
	char token[DBK_TOKEN_BYTES] = "";
	struct dbk_error error = { 0 };
	struct dbk_stock got;

	asking_start(a);
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	do {
		if (!asking_fine(
			a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error),
			&error))
			break;
		for (uint32_t i = 0; i < got.n; i++) {
			uint32_t id = got.rows[i].position;
			struct model_sums want = model_position_sums(model, id, a->cut);

			same_position(a, &got.rows[i], &want);
			if (asking_same(a, id <= n_positions && fits(a, &q, id), 1,
					"it fits"))
				asking_same(a, ++seen[id], 1,
					    "position is listed once");
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	for (uint32_t id = 1; id <= n_positions; id++)
		if (seen[id] == 0 && fits(a, &q, id))
			asking_same(a,
				    (long long)model_position_sums(model, id, a->cut).n,
				    0, "position is listed");
	free(seen);
}

/* Holders in order of appearance with the sums of their positions. */
static void
compare_holders(struct asking *a, struct dbk_stock_query q)
{
	const struct model *model = a->c->model;
	char token[DBK_TOKEN_BYTES] = "";
	struct model_sums total, listed;
	struct dbk_error error = { 0 };
	struct dbk_stock got;

	memset(&total, 0, sizeof total);
	memset(&listed, 0, sizeof listed);
	asking_start(a);
	q.by_holder = true;
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	for (uint32_t id = 1; id <= model->n_positions; id++) {
		struct model_sums of = model_position_sums(model, id, a->cut);

		if (!fits(a, &q, id))
			continue;
		dbk_figures_add(&total.stock, &of.stock);
		total.n += of.n;
	}
	do {
		if (!asking_fine(
			a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error),
			&error))
			return;
		for (uint32_t i = 0; i < got.n; i++) {
			dbk_figures_add(&listed.stock, &got.rows[i].figures);
			listed.n += got.rows[i].moves;
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	same_stock(a, &listed.stock, &total.stock);
	asking_same(a, (long long)listed.n, (long long)total.n, "moves by holder");
}

static void
compare_largest_stock(struct asking *a)
{
	struct dbk_stock_query q = { .largest_first = true, .as_of = a->as_of };
	const struct model *model = a->c->model;
	struct dbk_error error = { 0 };
	struct dbk_stock got;
	uint32_t above = 0;

	asking_start(a);
	q.page.rows_max = asking_rows(a);
	if (!asking_fine(a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error),
			 &error))
		return;
	for (uint32_t i = 1; i < got.n; i++)
		asking_same(
		    a, got.rows[i - 1].figures.on_hand >= got.rows[i].figures.on_hand,
		    1, "largest stock first");
	for (uint32_t id = 1; id <= model->n_positions && got.n > 0; id++) {
		struct model_sums of = model_position_sums(model, id, a->cut);

		above +=
		    of.n > 0 && of.stock.on_hand > got.rows[got.n - 1].figures.on_hand;
	}
	asking_same(a, above < q.page.rows_max, 1, "the largest stocks are there");
	dbk_arena_reset(&a->arena);
}

/* ---------------------------------------------------------------------- movements */

static bool
fits_movements(struct asking *a, const struct dbk_movements_query *q, uint32_t id)
{
	const struct model_position *position = &a->c->model->positions[id];
	struct dbk_stock_query of = { .holder = q->holder, .sku = q->sku };

	return fits(a, &of, id) &&
	       (q->lot.size == 0 ||
		dbk_str_equal(q->lot, dbk_str_of(model_lot_name(position->lot)))) &&
	       (q->place == 0 || q->place == position->place);
}

static const struct dbk_position_move *
back_move(struct asking *a, const struct dbk_movements_query *q, struct back *b,
	  const struct dbk_effect **out_effect)
{
	const struct dbk_effects *all = &a->c->model->all;

	for (;;) {
		const struct dbk_effect *effect;
		const struct dbk_position_move *move;

		if (b->entry == 0) {
			if (b->event == 0)
				return NULL;
			b->event--;
			b->entry = all->effects[b->event].n_moves;
			continue;
		}
		effect = &all->effects[b->event];
		move = &all->moves[effect->first_move + --b->entry];
		*out_effect = effect;
		if (fits_movements(a, q, move->position) &&
		    model_has(a->c->model, b->event, a->cut) &&
		    effect->effective_at >= q->from &&
		    (q->to == DBK_TIME_ABSENT || effect->effective_at < q->to))
			return move;
	}
}

static bool
same_movement(struct asking *a, const struct dbk_movement_line *got,
	      const struct dbk_effect *effect, const struct dbk_position_move *move)
{
	const struct model_position *position = &a->c->model->positions[move->position];

	return asking_same(a, (long long)got->position, (long long)effect->position,
			   "movement position") &&
	       asking_same(a, got->effective_at, effect->effective_at,
			   "movement time") &&
	       asking_same(a, got->type, effect->type, "movement type") &&
	       asking_same(a, got->order, effect->order, "movement order") &&
	       asking_same(a, got->late, effect->late, "movement late") &&
	       asking_same(a, got->reason, move->kind, "movement reason") &&
	       asking_same(a, got->qty, move->amount, "movement qty") &&
	       asking_same(a, got->units, move->units, "movement units") &&
	       asking_same(a, got->balance, move->on_hand, "movement balance") &&
	       asking_same(a, got->place, position->place, "movement place") &&
	       asking_same(
		   a,
		   dbk_str_equal(got->sku, dbk_str_of(model_sku_name(position->sku))),
		   1, "movement sku") &&
	       asking_same(
		   a,
		   dbk_str_equal(got->lot, dbk_str_of(model_lot_name(position->lot))),
		   1, "movement lot");
}

static void
compare_movements(struct asking *a, struct dbk_movements_query q)
{
	const struct model *model = a->c->model;
	struct back b = { model->all.n_effects, 0, 0 };
	char token[DBK_TOKEN_BYTES] = "";
	const struct dbk_effect *effect;
	struct dbk_error error = { 0 };
	struct dbk_movements got;
	int64_t on_hand = 0;

	asking_start(a);
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	for (uint32_t id = 1; id <= model->n_positions; id++)
		if (fits_movements(a, &q, id))
			on_hand += model_position_sums(model, id, a->cut).stock.on_hand;
	do {
		if (!asking_fine(
			a, dbk_movements_list(a->c->view, &q, &a->arena, &got, &error),
			&error))
			return;
		asking_same(a, got.on_hand, on_hand, "movements on hand");
		for (uint32_t i = 0; i < got.n; i++) {
			const struct dbk_position_move *move =
			    back_move(a, &q, &b, &effect);

			if (!asking_same(a, move != NULL, 1, "movement is one") ||
			    !same_movement(a, &got.lines[i], effect, move))
				return;
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	asking_same(a, back_move(a, &q, &b, &effect) == NULL, 1, "movements are all");
}

void
asking_goods(struct asking *a, uint32_t sample)
{
	const struct model *model = a->c->model;
	struct dbk_stock_query all = { .agents_only = false };

	compare_stock(a, all);
	compare_holders(a, all);
	compare_largest_stock(a);
	for (uint32_t i = 0; i < sample && model->n_positions > 0; i++) {
		const struct model_position *position =
		    &model->positions[1 +
				      random_below(&a->c->source, model->n_positions)];
		const struct model_holder *holder = &model->holders[position->holder];
		char sku[32], lot[32];
		struct dbk_stock_query q = { .agents_only = i % 3 == 0 };
		struct dbk_movements_query m = { .place = (uint8_t)(i % 3) };

		(void)snprintf(sku, sizeof sku, "%s", model_sku_name(position->sku));
		(void)snprintf(lot, sizeof lot, "%s", model_lot_name(position->lot));
		q.holder = m.holder = dbk_str_of(holder->name);
		if (i % 2 == 0)
			q.sku = m.sku = dbk_str_of(sku);
		if (i % 4 == 0)
			m.lot = dbk_str_of(lot);
		asking_times(a, &m.from, &m.to);
		compare_stock(a, q);
		compare_holders(a, q);
		compare_movements(a, m);
		q.holder.size = 0;
		compare_stock(a, q);
	}
}
