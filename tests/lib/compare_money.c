/*
 * compare_money.c -- agents' statements, what they owe, and the journal, against the
 * model.
 */

#include <stdlib.h>
#include <string.h>

#include "query/ageing.h"
#include "query/agent_statement.h"
#include "query/journal.h"

#include "../tests/lib/asking.h"

#define DAY_US 86400000000LL

/* ---------------------------------------------------------------- agents' statements
 */

/* An agent's accounts in the model. */
struct agent {
	struct dbk_str name;
	uint32_t accounts[DBK_MONEY_STATES]; /* 0: none */
};

static int
state_of(const struct agent *agent, uint32_t account)
{
	for (int s = 0; s < DBK_MONEY_STATES; s++)
		if (account != 0 && agent->accounts[s] == account)
			return s;
	return -1;
}

static int64_t
in_state(int state, int64_t amount)
{
	return state == DBK_MONEY_RECEIVABLE ? amount : -amount;
}

static struct agent
find_agent(const struct model *model, const char *name)
{
	struct agent agent = { .name = dbk_str_of(name) };

	for (uint32_t id = 1; id <= model->n_accounts; id++)
		for (int s = 0; s < DBK_MONEY_STATES; s++)
			if (strcmp(model->accounts[id].owner, name) == 0 &&
			    model->accounts[id].code ==
				dbk_agent_statement_code((enum dbk_money_state)s))
				agent.accounts[s] = id;
	return agent;
}

static bool
is_before_from(const struct dbk_agent_statement_query *q,
	       const struct dbk_effect *effect)
{
	return q->from != DBK_TIME_ABSENT && effect->effective_at < q->from;
}

static bool
is_known(struct asking *a, const struct dbk_agent_statement_query *q, uint32_t event)
{
	const struct dbk_effect *effect = &a->c->model->all.effects[event];

	return model_has(a->c->model, event, a->cut) &&
	       (q->to == DBK_TIME_ABSENT || effect->effective_at < q->to);
}

struct want {
	struct dbk_money_by_state opening, closing;
	struct dbk_agent_statement_sum sums[DBK_CAUSES];
};

static void
want_figures(struct asking *a, const struct dbk_agent_statement_query *q,
	     const struct agent *agent, struct want *want)
{
	const struct dbk_effects *all = &a->c->model->all;

	memset(want, 0, sizeof *want);
	for (uint32_t i = 0; i < all->n_effects; i++) {
		const struct dbk_effect *effect = &all->effects[i];
		bool before = is_before_from(q, effect);

		for (uint32_t p = 0; p < effect->n_postings && is_known(a, q, i); p++) {
			const struct dbk_posting *posting =
			    &all->postings[effect->first_posting + p];
			int s = state_of(agent, posting->account);
			int64_t amount = in_state(s, posting->amount);

			if (s < 0)
				continue;
			want->closing.in[s] += amount;
			want->opening.in[s] += before ? amount : 0;
			if (before)
				continue;
			want->sums[posting->cause].change.in[s] += amount;
			want->sums[posting->cause].lines++;
		}
	}
}

static void
same_figures(struct asking *a, const struct dbk_agent_statement *got,
	     const struct want *want)
{
	struct dbk_money_by_state sum = got->opening;
	uint32_t n = 0;

	for (unsigned s = 0; s < DBK_MONEY_STATES; s++) {
		asking_same(a, got->opening.in[s], want->opening.in[s], "opening");
		asking_same(a, got->closing.in[s], want->closing.in[s], "closing");
	}
	for (unsigned cause = 0; cause < DBK_CAUSES; cause++) {
		const struct dbk_agent_statement_sum *of = &got->sums[n];

		if (want->sums[cause].lines == 0)
			continue;
		if (!asking_same(a, n++ < got->n_sums, 1, "sum is there"))
			return;
		asking_same(a, of->cause, cause, "cause of sum");
		asking_same(a, (long long)of->lines, (long long)want->sums[cause].lines,
			    "lines of sum");
		for (unsigned s = 0; s < DBK_MONEY_STATES; s++) {
			asking_same(a, of->change.in[s], want->sums[cause].change.in[s],
				    "change");
			sum.in[s] += of->change.in[s];
		}
	}
	asking_same(a, got->n_sums, n, "sums");
	for (unsigned s = 0; s < DBK_MONEY_STATES; s++)
		asking_same(a, sum.in[s], got->closing.in[s], "a state foots");
	asking_same(a, dbk_agent_statement_total(&sum),
		    dbk_agent_statement_total(&got->closing), "the total foots");
}

/* The next older posting of the agent in the window. */
static const struct dbk_posting *
back_posting(struct asking *a, const struct dbk_agent_statement_query *q,
	     const struct agent *agent, struct back *b,
	     const struct dbk_effect **out_effect)
{
	const struct dbk_effects *all = &a->c->model->all;

	for (;;) {
		const struct dbk_posting *posting;

		if (b->entry == 0) {
			if (b->event == 0)
				return NULL;
			*out_effect = &all->effects[--b->event];
			b->entry = (*out_effect)->n_postings;
			continue;
		}
		*out_effect = &all->effects[b->event];
		posting = &all->postings[(*out_effect)->first_posting + --b->entry];
		if (state_of(agent, posting->account) >= 0 &&
		    is_known(a, q, b->event) && !is_before_from(q, *out_effect))
			return posting;
	}
}

static bool
same_line(struct asking *a, const struct dbk_agent_statement_line *got,
	  const struct dbk_effect *effect, const struct dbk_posting *posting, int state)
{
	return asking_same(a, (long long)got->position, (long long)effect->position,
			   "money position") &&
	       asking_same(a, got->effective_at, effect->effective_at, "money time") &&
	       asking_same(a, got->type, effect->type, "money type") &&
	       asking_same(a, got->cause, posting->cause, "money cause") &&
	       asking_same(a, got->order, effect->order, "money order") &&
	       asking_same(a, got->ref, posting->ref, "money ref") &&
	       asking_same(a, got->state, state, "money state") &&
	       asking_same(a, got->code, posting->code, "money code") &&
	       asking_same(a, got->amount, -posting->amount, "money amount") &&
	       asking_same(a, got->balance, in_state(state, posting->balance),
			   "money balance") &&
	       asking_same(a, got->late, effect->late, "money late") &&
	       asking_same(a, got->prior_period, effect->prior_period, "money prior");
}

static void
compare_agent(struct asking *a, const char *name)
{
	struct agent agent = find_agent(a->c->model, name);
	struct dbk_agent_statement_query q = { .agent = agent.name };
	struct back b = { .event = a->c->model->all.n_effects };
	char token[DBK_TOKEN_BYTES] = "";
	struct dbk_agent_statement got;
	struct dbk_error error = { 0 };
	const struct dbk_posting *posting;
	const struct dbk_effect *effect;
	int64_t total = 0;
	struct want want;

	asking_start(a);
	asking_times(a, &q.from, &q.to);
	q.as_of = a->as_of;
	q.page.rows_max = asking_rows(a);
	want_figures(a, &q, &agent, &want);
	do {
		enum dbk_err err =
		    dbk_agent_statement_get(a->c->view, &q, &a->arena, &got, &error);

		if (!asking_fine(a, err, &error))
			return;
		asking_same(a, (long long)got.size, (long long)a->cut.size,
			    "money size");
		same_figures(a, &got, &want);
		for (uint32_t i = 0; i < got.n; i++) {
			posting = back_posting(a, &q, &agent, &b, &effect);
			if (!asking_same(a, posting != NULL, 1, "money line is one") ||
			    !same_line(a, &got.lines[i], effect, posting,
				       state_of(&agent, posting->account)))
				return;
			total += got.lines[i].amount;
		}
	} while (asking_turn(a, &q.page, &got.next, token));
	asking_same(a, back_posting(a, &q, &agent, &b, &effect) == NULL, 1,
		    "money lines are all");
	asking_same(a, dbk_agent_statement_total(&want.opening) + total,
		    dbk_agent_statement_total(&want.closing), "all lines foot");
	q.figures_only = true;
	q.page.token = dbk_str_of("");
	if (a->as_of.kind != DBK_AS_OF_SIZE && a->c->between != NULL)
		return;
	if (asking_fine(
		a, dbk_agent_statement_get(a->c->view, &q, &a->arena, &got, &error),
		&error)) {
		asking_same(a, got.n, 0, "no lines were asked for");
		same_figures(a, &got, &want);
	}
}

/* ------------------------------------------------------------------------- ageing */

/* What account ID owes: credits taken from the oldest debits on.  False if nothing. */
static bool
want_age(struct asking *a, const struct dbk_ageing *list, uint32_t id,
	 struct dbk_ageing_row *out)
{
	const struct model *model = a->c->model;
	const struct dbk_effects *all = &model->all;
	struct model_sums sums =
	    model_account_sums(model, id, DBK_CLAWBACK_RECEIVABLE, a->cut);
	int64_t paid = sums.money.credits;

	memset(out, 0, sizeof *out);
	out->oldest = INT64_MAX;
	out->owed = sums.money.debits - sums.money.credits;
	for (uint32_t i = 0; i < all->n_effects && out->owed > 0; i++) {
		const struct dbk_effect *effect = &all->effects[i];

		for (uint32_t p = 0; p < effect->n_postings; p++) {
			const struct dbk_posting *posting =
			    &all->postings[effect->first_posting + p];
			int64_t amount = posting->amount, used;
			unsigned bucket = 0;

			if (!model_has(model, i, a->cut) || posting->account != id ||
			    amount <= 0)
				continue;
			used = amount < paid ? amount : paid;
			paid -= used;
			if (amount == used)
				continue;
			while (bucket < list->n_days &&
			       (list->at - effect->effective_at) / DAY_US >
				   list->days[bucket])
				bucket++;
			out->buckets[bucket] += amount - used;
			if (effect->effective_at < out->oldest) {
				out->oldest = effect->effective_at;
				out->oldest_position = effect->position;
			}
		}
	}
	return out->owed > 0;
}

static bool
same_age(struct asking *a, const struct dbk_ageing_row *got,
	 const struct dbk_ageing_row *want)
{
	for (unsigned i = 0; i <= DBK_AGEING_DAYS_MAX; i++)
		if (!asking_same(a, got->buckets[i], want->buckets[i], "bucket"))
			return false;
	return asking_same(a, got->owed, want->owed, "owed") &&
	       asking_same(a, got->oldest, want->oldest, "oldest") &&
	       asking_same(a, (long long)got->oldest_position,
			   (long long)want->oldest_position, "position of oldest");
}

static uint32_t
next_owing(struct asking *a, const struct dbk_ageing *list, uint32_t id,
	   struct dbk_ageing_row *out)
{
	const struct model *model = a->c->model;

	while (++id <= model->n_accounts)
		if (model->accounts[id].code == DBK_CLAWBACK_RECEIVABLE &&
		    want_age(a, list, id, out))
			return id;
	return 0;
}

/* The time that ages are counted to. */
static int64_t
age_until(struct asking *a)
{
	if (a->as_of.kind == DBK_AS_OF_TIME)
		return a->as_of.effective_at;
	return a->cut.size == 0 ? 0 : a->c->model->all.effects[a->cut.size - 1].clock;
}

static void
same_total(struct asking *a, const struct dbk_ageing *got)
{
	struct dbk_ageing_row row, total = { .oldest = INT64_MAX };
	uint64_t agents = 0;

	for (uint32_t id = 0; (id = next_owing(a, got, id, &row)) != 0; agents++) {
		total.owed += row.owed;
		for (unsigned i = 0; i <= DBK_AGEING_DAYS_MAX; i++)
			total.buckets[i] += row.buckets[i];
		if (row.oldest < total.oldest) {
			total.oldest = row.oldest;
			total.oldest_position = row.oldest_position;
		}
	}
	asking_same(a, (long long)got->agents, (long long)agents, "agents who owe");
	if (agents > 0)
		same_age(a, &got->total, &total);
}

static void
compare_ageing(struct asking *a)
{
	struct dbk_ageing_query q = { .with_total = true, .as_of = a->as_of };
	char token[DBK_TOKEN_BYTES] = "";
	struct dbk_error error = { 0 };
	struct dbk_ageing_row want;
	struct dbk_ageing got;
	uint32_t id = 0;

	asking_start(a);
	q.page.rows_max = asking_rows(a);
	q.n_days = (uint32_t)random_below(&a->c->source, DBK_AGEING_DAYS_MAX + 1);
	for (uint32_t i = 0; i < q.n_days; i++)
		q.days[i] = i;
	do {
		if (!asking_fine(
			a, dbk_ageing_list(a->c->view, &q, &a->arena, &got, &error),
			&error))
			return;
		asking_same(a, (long long)got.size, (long long)a->cut.size, "age size");
		asking_same(a, got.at, age_until(a), "age until");
		asking_same(a, got.n_days, q.n_days == 0 ? 3 : q.n_days, "age days");
		for (uint32_t i = 0; i < got.n; i++) {
			id = next_owing(a, &got, id, &want);
			if (!asking_same(a, got.rows[i].account, id, "who owes") ||
			    !same_age(a, &got.rows[i], &want))
				return;
			asking_same(
			    a,
			    dbk_str_equal(got.rows[i].agent,
					  dbk_str_of(a->c->model->accounts[id].owner)),
			    1, "name of who owes");
		}
		same_total(a, &got);
	} while (asking_turn(a, &q.page, &got.next, token));
	asking_same(a, next_owing(a, &got, id, &want), 0, "all who owe");
}

/* ------------------------------------------------------------------------ journal */

static bool
same_posting(struct asking *a, const struct dbk_journal_posting *got,
	     const struct dbk_posting *want)
{
	const char *owner =
	    want->account == 0 ? "" : a->c->model->accounts[want->account].owner;

	return asking_same(a, got->code, want->code, "journal code") &&
	       asking_same(a, got->cause, want->cause, "journal cause") &&
	       asking_same(a, got->account, want->account, "journal account") &&
	       asking_same(a, got->ref, want->ref, "journal ref") &&
	       asking_same(a, got->amount, want->amount, "journal amount") &&
	       asking_same(a, got->balance, want->balance, "journal balance") &&
	       asking_same(a, dbk_str_equal(got->owner, dbk_str_of(owner)), 1,
			   "journal owner");
}

/* The events of a page; AT is the place where it begins, and then where it ends. */
static bool
same_events(struct asking *a, const struct dbk_journal_page *got,
	    struct dbk_journal_place *at)
{
	const struct dbk_effects *all = &a->c->model->all;

	for (uint32_t i = 0; i < got->n_events; i++) {
		const struct dbk_journal_event *event = &got->events[i];
		const struct dbk_effect *want;

		while (all->effects[at->position].n_postings <= at->postings) {
			at->position++;
			at->postings = 0;
		}
		want = &all->effects[at->position];
		if (!asking_same(a, (long long)event->position, (long long)at->position,
				 "journal position"))
			return false;
		asking_same(a, event->effective_at, want->effective_at, "journal time");
		asking_same(a, event->type, want->type, "journal type");
		asking_same(a, event->rule, want->rule, "journal rule");
		asking_same(a, event->order, want->order, "journal order");
		asking_same(a, event->late, want->late, "journal late");
		asking_same(a, event->prior_period, want->prior_period,
			    "journal prior");
		asking_same(a, event->begun, at->postings > 0, "journal begun");
		for (uint32_t p = 0; p < event->n_postings; p++)
			if (!same_posting(
				a, &got->postings[event->first_posting + p],
				&all->postings[want->first_posting + at->postings++]))
				return false;
		asking_same(a, event->unfinished, at->postings < want->n_postings,
			    "journal unfinished");
		asking_same(a, event->unfinished && (i > 0 || got->n_events > 1), 0,
			    "only a lone event is broken");
	}
	return true;
}

static void
compare_journal(struct asking *a)
{
	const struct dbk_effects *all = &a->c->model->all;
	uint64_t to = a->as_of.kind == DBK_AS_OF_SIZE ? a->as_of.size : 0;
	struct dbk_journal_query q = { .to_size = to };
	struct dbk_journal_page got = { .at_end = false };
	struct dbk_error error = { 0 };
	struct dbk_journal_place at;
	uint32_t pages = 0;

	asking_start(a);
	to = to == 0 ? dbk_view_size(a->c->view) : to;
	if (random_below(&a->c->source, 2) == 0) {
		q.from.position = random_below(&a->c->source, to + 1);
		if (q.from.position < to)
			q.from.postings = random_below(&a->c->source, 3);
	}
	at = q.from;
	while (!got.at_end && pages++ < 30) {
		q.postings_max = asking_rows(a);
		q.bytes_max = 1 + (uint32_t)random_below(&a->c->source, 20000);
		if (!asking_fine(
			a, dbk_journal_read(a->c->view, &q, &a->arena, &got, &error),
			&error) ||
		    !same_events(a, &got, &at))
			return;
		asking_same(a, got.n_postings <= q.postings_max, 1, "journal bound");
		q.from = got.next;
		dbk_arena_reset(&a->arena);
	}
	if (!got.at_end)
		return;
	asking_same(a, (long long)got.next.postings, 0, "journal ends");
	for (; at.position < to && at.position < all->n_effects; at.position++) {
		asking_same(a, all->effects[at.position].n_postings <= at.postings, 1,
			    "journal has all");
		at.postings = 0;
	}
}

void
asking_money(struct asking *a, uint32_t sample)
{
	const struct model *model = a->c->model;

	for (uint32_t i = 0; i < sample && model->n_accounts > 0; i++) {
		const struct model_account *account =
		    &model
			 ->accounts[1 + random_below(&a->c->source, model->n_accounts)];
		struct agent agent = find_agent(model, account->owner);
		bool any = false;

		for (unsigned s = 0; s < DBK_MONEY_STATES; s++)
			any = any || agent.accounts[s] != 0;
		if (any && account->owner[0] != '\0')
			compare_agent(a, account->owner);
		dbk_arena_reset(&a->arena);
	}
	compare_ageing(a);
	compare_journal(a);
}
