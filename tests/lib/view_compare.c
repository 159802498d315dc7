#include "../tests/lib/view_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/balances.h"
#include "query/order_history.h"
#include "query/refusals.h"
#include "query/statement.h"
#include "query/trial_balance.h"

#include "../tests/lib/asking.h"

#define ARENA_BYTES ((size_t)64 << 20)

/* ------------------------------------------------------------------ trial balance */

static void
compare_trial_balance(struct asking *a)
{
	struct dbk_trial_balance got;
	struct dbk_error error = { 0 };
	int64_t difference = 0;
	uint32_t n = 0;

	asking_start(a);
	if (!asking_fine(a, dbk_trial_balance_get(a->c->view, &a->as_of, &got, &error),
			 &error))
		return;
	asking_same(a, (long long)got.size, (long long)a->cut.size,
		    "trial balance size");
	for (uint8_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
		struct model_sums want =
		    model_account_sums(a->c->model, 0, code, a->cut);

		if (want.n == 0)
			continue;
		if (!asking_same(a, n < got.n, 1, "trial balance has the code"))
			return;
		asking_same(a, got.lines[n].code, code, "trial balance code");
		asking_same(a, got.lines[n].debits, want.money.debits,
			    "trial balance debits");
		asking_same(a, got.lines[n].credits, want.money.credits,
			    "trial credits");
		asking_same(a, got.lines[n].balance,
			    want.money.debits - want.money.credits,
			    "trial balance balance");
		asking_same(a, (long long)got.lines[n].postings, (long long)want.n,
			    "postings");
		difference += got.lines[n++].balance;
	}
	asking_same(a, got.n, n, "trial balance lines");
	asking_same(a, got.difference, difference, "trial balance difference");
}

/* ----------------------------------------------------------------------- balances */

static bool
same_balance(struct asking *a, const struct dbk_balance *got, uint32_t id,
	     const struct model_sums *want)
{
	const struct model_account *account = &a->c->model->accounts[id];

	return asking_same(a, got->account, id, "balance account") &&
	       asking_same(a, got->code, account->code, "balance code") &&
	       asking_same(a, dbk_str_equal(got->owner, dbk_str_of(account->owner)), 1,
			   "balance owner") &&
	       asking_same(a, got->debits, want->money.debits, "balance debits") &&
	       asking_same(a, got->credits, want->money.credits, "balance credits") &&
	       asking_same(a, got->balance, want->money.debits - want->money.credits,
			   "balance balance") &&
	       asking_same(a, (long long)got->postings, (long long)want->n,
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

	asking_start(a);
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	do {
		if (!asking_fine(
			a, dbk_balances_list(a->c->view, &q, &a->arena, &got, &error),
			&error))
			return;
		asking_same(a, (long long)got.size, (long long)a->cut.size,
			    "balances size");
		for (uint32_t i = 0; i < got.n; i++) {
			id = next_listed(a, &q, id + 1, &want);
			if (!same_balance(a, &got.rows[i], id, &want))
				return;
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	asking_same(a, next_listed(a, &q, id + 1, &want), 0, "balances are all");
}

static void
compare_largest(struct asking *a)
{
	struct dbk_balances_query q = { .largest_first = true, .as_of = a->as_of };
	struct dbk_balances got;
	struct dbk_error error = { 0 };
	uint64_t above = 0;
	struct model_sums want;

	asking_start(a);
	q.page.rows_max = asking_rows(a);
	if (!asking_fine(a, dbk_balances_list(a->c->view, &q, &a->arena, &got, &error),
			 &error))
		return;
	for (uint32_t i = 0; i < got.n; i++) {
		uint32_t id = got.rows[i].account;

		want = model_account_sums(a->c->model, id,
					  a->c->model->accounts[id].code, a->cut);
		same_balance(a, &got.rows[i], id, &want);
		asking_same(a,
			    i == 0 || llabs(got.rows[i - 1].balance) >=
					  llabs(got.rows[i].balance),
			    1, "largest first");
	}
	for (uint32_t id = 0; (id = next_listed(a, &q, id + 1, &want)) != 0;)
		above += got.n == 0 || llabs(want.money.debits - want.money.credits) >
					   llabs(got.rows[got.n - 1].balance);
	asking_same(a, above < q.page.rows_max || got.n == 0, 1,
		    "the largest are there");
	dbk_arena_reset(&a->arena);
}

/* ---------------------------------------------------------------------- statement */

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

	return asking_same(a, (long long)got->position, (long long)effect->position,
			   "line position") &&
	       asking_same(a, got->effective_at, effect->effective_at, "line time") &&
	       asking_same(a, got->type, effect->type, "line type") &&
	       asking_same(a, got->order, effect->order, "line order") &&
	       asking_same(a, got->late, effect->late, "line late") &&
	       asking_same(a, got->prior_period, effect->prior_period, "line prior") &&
	       asking_same(a, got->cause, posting->cause, "line cause") &&
	       asking_same(a, got->ref, posting->ref, "line ref") &&
	       asking_same(a, got->amount, posting->amount, "line amount") &&
	       asking_same(a, got->balance, balance, "line balance") &&
	       asking_same(
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

	asking_start(a);
	want = sums_of(a, &q, account, a->cut);
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	do {
		if (!asking_fine(
			a, dbk_statement_get(a->c->view, &q, &a->arena, &got, &error),
			&error))
			return;
		asking_same(a, got.debits, want.money.debits, "statement debits");
		asking_same(a, got.credits, want.money.credits, "statement credits");
		asking_same(a, got.balance, want.money.debits - want.money.credits,
			    "statement balance");
		asking_same(a, (long long)got.postings, (long long)want.n,
			    "statement postings");
		for (uint32_t i = 0; i < got.n; i++) {
			const struct dbk_posting *posting =
			    back_posting(a, &q, account, &b, &effect, &running);

			if (!asking_same(a, posting != NULL, 1,
					 "statement line is one") ||
			    !same_line(a, &got.lines[i], effect, posting, running,
				       control))
				return;
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	asking_same(a, back_posting(a, &q, account, &b, &effect, &running) == NULL, 1,
		    "statement lines are all");
}

static void
compare_statements(struct asking *a, uint32_t sample)
{
	const struct model *model = a->c->model;

	for (uint32_t i = 0; i < sample && model->n_accounts > 0; i++) {
		uint32_t id =
		    1 + (uint32_t)random_below(&a->c->source, model->n_accounts);
		const struct model_account *account = &model->accounts[id];
		struct dbk_statement_query q = { .code = account->code,
						 .owner = dbk_str_of(account->owner) };

		asking_times(a, &q.from, &q.to);
		if (q.owner.size > 0)
			compare_statement(a, q, id);
		q.owner.size = 0;
		if (i < 3)
			compare_statement(a, q, 0);
	}
	for (uint32_t i = 0; i < sample && model->n_orders > 0; i++) {
		struct dbk_statement_query q = {
			.code = model_owned_codes[i % MODEL_OWNED_CODES]
		};

		asking_times(a, &q.from, &q.to);
		q.order = 1 + (uint32_t)random_below(&a->c->source, model->n_orders);
		compare_statement(a, q, 0);
		q.order = 0;
		if (i < MODEL_OWNED_CODES)
			compare_statement(a, q, 0);
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

	if (!asking_fine(
		a, dbk_order_history_get(a->c->view, order, &a->arena, &got, &error),
		&error))
		return;
	for (uint32_t i = 0; i < all->n_effects && i < got.size; i++) {
		if (all->effects[i].order != order)
			continue;
		if (!asking_same(a, n < got.n, 1, "order record is one"))
			return;
		asking_same(a, (long long)got.records[n].position, i, "order record");
		asking_same(a, got.records[n].rule, all->effects[i].rule, "order rule");
		asking_same(a, got.records[n].type, all->effects[i].type, "order type");
		n++;
	}
	asking_same(a, got.n, n, "order records");
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
		asking_same(a, (long long)got.rules[r].count, (long long)count,
			    "refusals");
		asking_same(a, (long long)got.rules[r].first_position, (long long)first,
			    "first");
		asking_same(a, (long long)got.rules[r].last_position, (long long)last,
			    "last");
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
	asking_goods(&a, sample);
	asking_money(&a, sample);
	dbk_arena_fini(&a.arena);
}
