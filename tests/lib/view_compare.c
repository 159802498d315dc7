#include "../tests/lib/view_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "query/balances.h"
#include "query/movements.h"
#include "query/order_history.h"
#include "query/refusals.h"
#include "query/statement.h"
#include "query/stock.h"
#include "query/trial_balance.h"

#include "../tests/lib/check.h"

#define ARENA_BYTES ((size_t)64 << 20)

/* A question under way. */
struct asking {
	struct compare *c;
	struct dbk_as_of as_of;
	struct model_cut cut;
	struct dbk_arena arena;
};

static bool
same(struct asking *a, long long got, long long want, const char *what)
{
	if (got == want)
		return true;
	if (!a->c->failed)
		fprintf(stderr,
			"as of kind %d size %llu time %lld: %s: %lld, not %lld\n",
			(int)a->as_of.kind, (unsigned long long)a->cut.size,
			(long long)a->cut.time, what, got, want);
	a->c->failed = true;
	return CHECK(false);
}

/* A question is about to be asked: the newest size is that of now. */
static void
start(struct asking *a)
{
	if (a->as_of.kind != DBK_AS_OF_SIZE)
		a->cut.size = dbk_view_size(a->c->view);
}

static bool
fine(struct asking *a, enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return true;
	fprintf(stderr, "%s: %s\n", dbk_err_text(err), error->text);
	return same(a, err, DBK_OK, "result");
}

static uint32_t
some_rows(struct asking *a)
{
	return 1 + (uint32_t)random_below(
		       &a->c->source, random_below(&a->c->source, 2) == 0 ? 4 : 1000);
}

/* The token of the next page, which may come after the view has grown. */
static bool
turn(struct asking *a, struct dbk_page *page, const struct dbk_next *next,
     char token[DBK_TOKEN_BYTES])
{
	memcpy(token, next->token, DBK_TOKEN_BYTES);
	page->token = dbk_str_of(token);
	page->rows_max = some_rows(a);
	dbk_arena_reset(&a->arena);
	if (page->token.size > 0 && a->c->between != NULL)
		a->c->between(a->c->context);
	return page->token.size > 0;
}

static void
same_stock(struct asking *a, const struct dbk_stock_figures *got,
	   const struct dbk_stock_figures *want)
{
	const int64_t *g[] = DBK_STOCK_FIGURES_LIST(got);
	const int64_t *w[] = DBK_STOCK_FIGURES_LIST(want);

	for (unsigned i = 0; i < DBK_STOCK_FIGURES_COUNT; i++)
		same(a, *g[i], *w[i], "stock figure");
}

/* ------------------------------------------------------------------ trial balance */

static void
compare_trial_balance(struct asking *a)
{
	struct dbk_trial_balance got;
	struct dbk_error error = { 0 };
	int64_t difference = 0;
	uint32_t n = 0;

	start(a);
	if (!fine(a, dbk_trial_balance_get(a->c->view, &a->as_of, &got, &error),
		  &error))
		return;
	same(a, (long long)got.size, (long long)a->cut.size, "trial balance size");
	for (uint8_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
		struct model_sums want =
		    model_account_sums(a->c->model, 0, code, a->cut);

		if (want.n == 0)
			continue;
		if (!same(a, n < got.n, 1, "trial balance has the code"))
			return;
		same(a, got.lines[n].code, code, "trial balance code");
		same(a, got.lines[n].debits, want.money.debits, "trial balance debits");
		same(a, got.lines[n].credits, want.money.credits, "trial credits");
		same(a, got.lines[n].balance, want.money.debits - want.money.credits,
		     "trial balance balance");
		same(a, (long long)got.lines[n].postings, (long long)want.n,
		     "postings");
		difference += got.lines[n++].balance;
	}
	same(a, got.n, n, "trial balance lines");
	same(a, got.difference, difference, "trial balance difference");
}

/* ----------------------------------------------------------------------- balances */

static bool
same_balance(struct asking *a, const struct dbk_balance *got, uint32_t id,
	     const struct model_sums *want)
{
	const struct model_account *account = &a->c->model->accounts[id];

	return same(a, got->account, id, "balance account") &&
	       same(a, got->code, account->code, "balance code") &&
	       same(a, dbk_str_equal(got->owner, dbk_str_of(account->owner)), 1,
		    "balance owner") &&
	       same(a, got->debits, want->money.debits, "balance debits") &&
	       same(a, got->credits, want->money.credits, "balance credits") &&
	       same(a, got->balance, want->money.debits - want->money.credits,
		    "balance balance") &&
	       same(a, (long long)got->postings, (long long)want->n,
		    "balance postings");
}

/* The next account from ID on that the listing must have; 0: none. */
static uint32_t
next_listed(struct asking *a, const struct dbk_balances_query *q, uint32_t id,
	    struct model_sums *out)
{
	const struct model *model = a->c->model;

	for (; id <= model->n_accounts; id++) {
		const struct model_account *account = &model->accounts[id];

		if ((q->code != 0 && account->code != q->code) ||
		    (q->owner.size > 0 &&
		     !dbk_str_equal(q->owner, dbk_str_of(account->owner))))
			continue;
		*out = model_account_sums(model, id, account->code, a->cut);
		if (out->n > 0 &&
		    (!q->nonzero || out->money.debits != out->money.credits))
			return id;
	}
	return 0;
}

static void
compare_balances(struct asking *a, struct dbk_balances_query q)
{
	char token[DBK_TOKEN_BYTES] = "";
	struct dbk_balances got;
	struct dbk_error error = { 0 };
	struct model_sums want;
	uint32_t id = 0;

	start(a);
	q.as_of = a->as_of;
	q.page.rows_max = some_rows(a);
	do {
		if (!fine(a, dbk_balances_list(a->c->view, &q, &a->arena, &got, &error),
			  &error))
			return;
		same(a, (long long)got.size, (long long)a->cut.size, "balances size");
		for (uint32_t i = 0; i < got.n; i++) {
			id = next_listed(a, &q, id + 1, &want);
			if (!same_balance(a, &got.rows[i], id, &want))
				return;
		}
	} while (turn(a, &q.page, &got.next, token));
	same(a, next_listed(a, &q, id + 1, &want), 0, "balances are all");
}

static void
compare_largest(struct asking *a)
{
	struct dbk_balances_query q = { .largest_first = true, .as_of = a->as_of };
	struct dbk_balances got;
	struct dbk_error error = { 0 };
	uint64_t above = 0;
	struct model_sums want;

	start(a);
	q.page.rows_max = some_rows(a);
	if (!fine(a, dbk_balances_list(a->c->view, &q, &a->arena, &got, &error),
		  &error))
		return;
	for (uint32_t i = 0; i < got.n; i++) {
		uint32_t id = got.rows[i].account;

		want = model_account_sums(a->c->model, id,
					  a->c->model->accounts[id].code, a->cut);
		same_balance(a, &got.rows[i], id, &want);
		same(a,
		     i == 0 ||
			 llabs(got.rows[i - 1].balance) >= llabs(got.rows[i].balance),
		     1, "largest first");
	}
	for (uint32_t id = 0; (id = next_listed(a, &q, id + 1, &want)) != 0;)
		above += got.n == 0 || llabs(want.money.debits - want.money.credits) >
					   llabs(got.rows[got.n - 1].balance);
	same(a, above < q.page.rows_max || got.n == 0, 1, "the largest are there");
	dbk_arena_reset(&a->arena);
}

/* ---------------------------------------------------------------------- statement */

/* The places of a walk back through the model: event, and posting or move in it. */
struct back {
	uint32_t event;
	uint32_t entry;	 /* this many still to come */
	int64_t running; /* after the entry: sum of amounts, in order of position */
};

/* The next older posting that the question must show. */
static const struct dbk_posting *
back_posting(struct asking *a, const struct dbk_statement_query *q, uint32_t account,
	     struct back *b, const struct dbk_effect **out_effect, int64_t *out_running)
{
	const struct dbk_effects *all = &a->c->model->all;

	for (;;) {
		const struct dbk_effect *effect;
		const struct dbk_posting *posting;

		if (b->entry == 0) {
			if (b->event == 0)
				return NULL;
			b->event--;
			b->entry = all->effects[b->event].n_postings;
			continue;
		}
		effect = &all->effects[b->event];
		posting = &all->postings[effect->first_posting + --b->entry];
		if (posting->code != q->code ||
		    (account != 0 && posting->account != account) ||
		    (q->order != 0 &&
		     (effect->order != q->order || posting->account != 0)))
			continue;
		*out_running = b->running;
		b->running -= posting->amount;
		*out_effect = effect;
		if (model_has(a->c->model, b->event, a->cut) &&
		    effect->effective_at >= q->from &&
		    (q->to == DBK_TIME_ABSENT || effect->effective_at < q->to))
			return posting;
	}
}

static bool
same_line(struct asking *a, const struct dbk_statement_line *got,
	  const struct dbk_effect *effect, const struct dbk_posting *posting,
	  int64_t balance, bool control)
{
	const struct model_account *account = &a->c->model->accounts[posting->account];

	return same(a, (long long)got->position, (long long)effect->position,
		    "line position") &&
	       same(a, got->effective_at, effect->effective_at, "line time") &&
	       same(a, got->type, effect->type, "line type") &&
	       same(a, got->order, effect->order, "line order") &&
	       same(a, got->late, effect->late, "line late") &&
	       same(a, got->amount, posting->amount, "line amount") &&
	       same(a, got->balance, balance, "line balance") &&
	       same(
		   a,
		   dbk_str_equal(got->owner, dbk_str_of(control && posting->account != 0
							    ? account->owner
							    : "")),
		   1, "line owner");
}

static struct model_sums
sums_of(struct asking *a, const struct dbk_statement_query *q, uint32_t account,
	struct model_cut cut)
{
	if (q->order != 0)
		return model_order_sums(a->c->model, q->order, (uint8_t)q->code, cut);
	return model_account_sums(a->c->model, account, (uint8_t)q->code, cut);
}

/* ACCOUNT 0 with an order: the order's; without: the control account. */
static void
compare_statement(struct asking *a, struct dbk_statement_query q, uint32_t account)
{
	const struct model *model = a->c->model;
	struct model_cut all = { model->all.n_effects, INT64_MAX };
	bool control = account == 0 && q.order == 0;
	struct model_sums end = sums_of(a, &q, account, all);
	struct model_sums want;
	struct back b = { model->all.n_effects, 0,
			  end.money.debits - end.money.credits };
	char token[DBK_TOKEN_BYTES] = "";
	const struct dbk_effect *effect;
	struct dbk_statement got;
	struct dbk_error error = { 0 };
	int64_t running;

	start(a);
	want = sums_of(a, &q, account, a->cut);
	q.as_of = a->as_of;
	q.page.rows_max = some_rows(a);
	do {
		if (!fine(a, dbk_statement_get(a->c->view, &q, &a->arena, &got, &error),
			  &error))
			return;
		same(a, got.debits, want.money.debits, "statement debits");
		same(a, got.credits, want.money.credits, "statement credits");
		same(a, got.balance, want.money.debits - want.money.credits,
		     "statement balance");
		same(a, (long long)got.postings, (long long)want.n,
		     "statement postings");
		for (uint32_t i = 0; i < got.n; i++) {
			const struct dbk_posting *posting =
			    back_posting(a, &q, account, &b, &effect, &running);

			if (!same(a, posting != NULL, 1, "statement line is one") ||
			    !same_line(a, &got.lines[i], effect, posting, running,
				       control))
				return;
		}
	} while (turn(a, &q.page, &got.next, token));
	same(a, back_posting(a, &q, account, &b, &effect, &running) == NULL, 1,
	     "statement lines are all");
}

/* No bounds, or two times out of the book. */
static void
some_times(struct asking *a, int64_t *from, int64_t *to)
{
	const struct dbk_effects *all = &a->c->model->all;

	*from = *to = DBK_TIME_ABSENT;
	if (all->n_effects == 0 || random_below(&a->c->source, 2) == 0)
		return;
	if (random_below(&a->c->source, 3) > 0)
		*from = all->effects[random_below(&a->c->source, all->n_effects)]
			    .effective_at;
	if (random_below(&a->c->source, 3) > 0)
		*to = all->effects[random_below(&a->c->source, all->n_effects)]
			  .effective_at +
		      (int64_t)random_below(&a->c->source, 2);
}

static void
compare_statements(struct asking *a, uint32_t sample)
{
	static const uint8_t owned[] = { DBK_ESCROW, DBK_REFUND_PAYABLE };
	const struct model *model = a->c->model;

	for (uint32_t i = 0; i < sample && model->n_accounts > 0; i++) {
		uint32_t id =
		    1 + (uint32_t)random_below(&a->c->source, model->n_accounts);
		const struct model_account *account = &model->accounts[id];
		struct dbk_statement_query q = { .code = account->code,
						 .owner = dbk_str_of(account->owner) };

		some_times(a, &q.from, &q.to);
		if (q.owner.size > 0)
			compare_statement(a, q, id);
		q.owner.size = 0;
		if (i < 3)
			compare_statement(a, q, 0);
	}
	for (uint32_t i = 0; i < sample && model->n_orders > 0; i++) {
		struct dbk_statement_query q = { .code = owned[i % 2] };

		some_times(a, &q.from, &q.to);
		q.order = 1 + (uint32_t)random_below(&a->c->source, model->n_orders);
		compare_statement(a, q, 0);
		q.order = 0;
		if (i < 2)
			compare_statement(a, q, 0);
	}
}

/* -------------------------------------------------------------------------- stock */

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
	same(a, (long long)got->moves, (long long)want->n, "moves");
	same(a, got->sell_through_ppm, ppm, "sell-through");
	same(a, got->holder_kind, holder->kind, "holder kind");
	same(a, dbk_str_equal(got->holder, dbk_str_of(holder->name)), 1, "holder");
	same(a, dbk_str_equal(got->sku, dbk_str_of(model_sku_name(position->sku))), 1,
	     "sku");
	same(a, dbk_str_equal(got->lot, dbk_str_of(model_lot_name(position->lot))), 1,
	     "lot");
	same(a, got->place, position->place, "place");
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

	start(a);
	q.as_of = a->as_of;
	q.page.rows_max = some_rows(a);
	do {
		if (!fine(a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error),
			  &error))
			break;
		for (uint32_t i = 0; i < got.n; i++) {
			uint32_t id = got.rows[i].position;
			struct model_sums want = model_position_sums(model, id, a->cut);

			same_position(a, &got.rows[i], &want);
			if (same(a, id <= n_positions && fits(a, &q, id), 1, "it fits"))
				same(a, ++seen[id], 1, "position is listed once");
		}
	} while (turn(a, &q.page, &got.next, token));
	for (uint32_t id = 1; id <= n_positions; id++)
		if (seen[id] == 0 && fits(a, &q, id))
			same(a, (long long)model_position_sums(model, id, a->cut).n, 0,
			     "position is listed");
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
	start(a);
	q.by_holder = true;
	q.as_of = a->as_of;
	q.page.rows_max = some_rows(a);
	for (uint32_t id = 1; id <= model->n_positions; id++) {
		struct model_sums of = model_position_sums(model, id, a->cut);

		if (!fits(a, &q, id))
			continue;
		dbk_stock_figures_add(&total.stock, &of.stock);
		total.n += of.n;
	}
	do {
		if (!fine(a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error),
			  &error))
			return;
		for (uint32_t i = 0; i < got.n; i++) {
			dbk_stock_figures_add(&listed.stock, &got.rows[i].figures);
			listed.n += got.rows[i].moves;
		}
	} while (turn(a, &q.page, &got.next, token));
	same_stock(a, &listed.stock, &total.stock);
	same(a, (long long)listed.n, (long long)total.n, "moves by holder");
}

static void
compare_largest_stock(struct asking *a)
{
	struct dbk_stock_query q = { .largest_first = true, .as_of = a->as_of };
	const struct model *model = a->c->model;
	struct dbk_error error = { 0 };
	struct dbk_stock got;
	uint32_t above = 0;

	start(a);
	q.page.rows_max = some_rows(a);
	if (!fine(a, dbk_stock_list(a->c->view, &q, &a->arena, &got, &error), &error))
		return;
	for (uint32_t i = 1; i < got.n; i++)
		same(a, got.rows[i - 1].figures.on_hand >= got.rows[i].figures.on_hand,
		     1, "largest stock first");
	for (uint32_t id = 1; id <= model->n_positions && got.n > 0; id++) {
		struct model_sums of = model_position_sums(model, id, a->cut);

		above +=
		    of.n > 0 && of.stock.on_hand > got.rows[got.n - 1].figures.on_hand;
	}
	same(a, above < q.page.rows_max, 1, "the largest stocks are there");
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

	return same(a, (long long)got->position, (long long)effect->position,
		    "movement position") &&
	       same(a, got->effective_at, effect->effective_at, "movement time") &&
	       same(a, got->type, effect->type, "movement type") &&
	       same(a, got->order, effect->order, "movement order") &&
	       same(a, got->late, effect->late, "movement late") &&
	       same(a, got->reason, move->kind, "movement reason") &&
	       same(a, got->qty, move->amount, "movement qty") &&
	       same(a, got->units, move->units, "movement units") &&
	       same(a, got->balance, move->on_hand, "movement balance") &&
	       same(a, got->place, position->place, "movement place") &&
	       same(a,
		    dbk_str_equal(got->sku, dbk_str_of(model_sku_name(position->sku))),
		    1, "movement sku") &&
	       same(a,
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

	start(a);
	q.as_of = a->as_of;
	q.page.rows_max = some_rows(a);
	for (uint32_t id = 1; id <= model->n_positions; id++)
		if (fits_movements(a, &q, id))
			on_hand += model_position_sums(model, id, a->cut).stock.on_hand;
	do {
		if (!fine(a,
			  dbk_movements_list(a->c->view, &q, &a->arena, &got, &error),
			  &error))
			return;
		same(a, got.on_hand, on_hand, "movements on hand");
		for (uint32_t i = 0; i < got.n; i++) {
			const struct dbk_position_move *move =
			    back_move(a, &q, &b, &effect);

			if (!same(a, move != NULL, 1, "movement is one") ||
			    !same_movement(a, &got.lines[i], effect, move))
				return;
		}
	} while (turn(a, &q.page, &got.next, token));
	same(a, back_move(a, &q, &b, &effect) == NULL, 1, "movements are all");
}

static void
compare_goods(struct asking *a, uint32_t sample)
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
		some_times(a, &m.from, &m.to);
		compare_stock(a, q);
		compare_holders(a, q);
		compare_movements(a, m);
		q.holder.size = 0;
		compare_stock(a, q);
	}
}

/* ----------------------------------------------------------- orders and refusals */

static void
compare_order(struct asking *a, uint32_t order)
{
	const struct dbk_effects *all = &a->c->model->all;
	struct dbk_order_history got;
	struct dbk_error error = { 0 };
	uint32_t n = 0;

	if (!fine(a, dbk_order_history_get(a->c->view, order, &a->arena, &got, &error),
		  &error))
		return;
	for (uint32_t i = 0; i < all->n_effects && i < got.size; i++) {
		if (all->effects[i].order != order)
			continue;
		if (!same(a, n < got.n, 1, "order record is one"))
			return;
		same(a, (long long)got.records[n].position, i, "order record");
		same(a, got.records[n].rule, all->effects[i].rule, "order rule");
		same(a, got.records[n].type, all->effects[i].type, "order type");
		n++;
	}
	same(a, got.n, n, "order records");
	dbk_arena_reset(&a->arena);
}

static void
compare_refusals(struct asking *a)
{
	const struct dbk_effects *all = &a->c->model->all;
	struct dbk_refusals got;

	dbk_refusals_list(a->c->view, &got);
	for (uint32_t r = 0; r < got.n; r++) {
		uint64_t count = 0, first = UINT64_MAX, last = 0;

		for (uint32_t i = 0; i < got.size; i++) {
			if (all->effects[i].rule != got.rules[r].rule)
				continue;
			first = count++ == 0 ? i : first;
			last = i;
		}
		same(a, (long long)got.rules[r].count, (long long)count, "refusals");
		same(a, (long long)got.rules[r].first_position, (long long)first,
		     "first");
		same(a, (long long)got.rules[r].last_position, (long long)last, "last");
	}
}

void
compare_all(struct compare *c, const struct dbk_as_of *as_of, uint32_t sample)
{
	struct asking a = { .c = c, .as_of = *as_of };
	struct dbk_balances_query q = { .nonzero = false };

	dbk_arena_init(&a.arena, ARENA_BYTES);
	a.cut.size = as_of->size;
	a.cut.time = as_of->kind == DBK_AS_OF_TIME ? as_of->effective_at : INT64_MAX;
	compare_trial_balance(&a);
	compare_largest(&a);
	compare_refusals(&a);
	for (uint32_t i = 0; i < sample && c->model->n_orders > 0; i++)
		compare_order(
		    &a, 1 + (uint32_t)random_below(&c->source, c->model->n_orders));
	compare_balances(&a, q);
	for (uint32_t i = 0; i < sample && c->model->n_accounts > 0; i++) {
		const struct model_account *account =
		    &c->model
			 ->accounts[1 + random_below(&c->source, c->model->n_accounts)];

		q.nonzero = i % 2 == 0;
		q.code = i % 3 == 0 ? DBK_ACCOUNT_NONE : account->code;
		q.owner = dbk_str_of(i % 3 == 1 ? "" : account->owner);
		compare_balances(&a, q);
	}
	compare_statements(&a, sample);
	compare_goods(&a, sample);
	dbk_arena_fini(&a.arena);
}
