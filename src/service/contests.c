/*
 * contests.c -- who leads a contest.
 *
 * The books keep the scores of agents.  A contest of teams is added up here, over the
 * members that the teams have now; who is in two teams counts in both.
 */

#include <stdlib.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "books/look.h"
#include "query/top.h"
#include "service/call.h"

/* Metrics, as the row of a contest has them. */
enum { METRIC_MATURED_RETAIL = 1, METRIC_TEAM_RETAIL = 2 };

/* A score of an agent or a team, by dense id. */
struct entry {
	uint32_t who;
	int64_t score;
};

struct membership {
	uint32_t team, agent;
};

struct contest_question {
	struct dbk_call *call;
	struct dbk_str name;
	uint32_t id;
	struct dbk_row_contest row;
	uint64_t size;

	struct entry *agents;
	uint32_t n_agents;
	uint32_t next_score;

	struct membership *members;
	uint32_t n_members, members_max;
	uint32_t next_member;
	uint32_t n_teams;
};

static void
look_contest(const struct dbk_books *books, void *answer)
{
	struct contest_question *q = answer;

	q->size = dbk_books_size(books);
	q->id = dbk_look_find(books, DBK_SPACE_CONTEST, q->name);
	if (q->id == 0)
		return;
	q->row = dbk_look_contest(books, q->id);
	q->next_score = q->row.first_score;
	if (q->row.metric != METRIC_TEAM_RETAIL)
		return;
	q->n_teams = (uint32_t)dbk_look_count(books, DBK_SPACE_TEAM);
	q->members_max = dbk_look_newest(books, DBK_LOOK_MEMBERS);
	q->next_member = q->members_max > 0;
}

static void
look_scores(const struct dbk_books *books, void *answer)
{
	struct contest_question *q = answer;

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX; i++) {
		struct dbk_row_score row;

		if (q->next_score == 0 || q->n_agents == q->row.n_scores)
			break;
		row = dbk_look_score(books, q->next_score);
		q->agents[q->n_agents++] = (struct entry){ row.agent, row.score };
		q->next_score = row.next;
	}
	if (q->n_agents == q->row.n_scores)
		q->next_score = 0;
}

static void
look_members(const struct dbk_books *books, void *answer)
{
	struct contest_question *q = answer;

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next_member != 0; i++) {
		struct dbk_row_member row = dbk_look_member(books, q->next_member);

		if (!row.removed && row.team <= q->n_teams)
			q->members[q->n_members++] =
			    (struct membership){ row.team, row.agent };
		q->next_member =
		    q->next_member < q->members_max ? q->next_member + 1 : 0;
	}
}

static bool
is_too_large(struct dbk_call *call, const struct contest_question *q)
{
	if (q->row.n_scores <= DBK_SERVICE_SCORES_MAX &&
	    q->members_max <= DBK_SERVICE_SCORES_MAX)
		return false;
	(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "LIMIT",
			     "more than %d scores or members of teams",
			     DBK_SERVICE_SCORES_MAX);
	return true;
}

static bool
gather(struct dbk_call *call, struct contest_question *q)
{
	if (is_too_large(call, q))
		return false;
	q->agents = dbk_call_take(call, q->row.n_scores, sizeof *q->agents);
	q->members = dbk_call_take(call, q->members_max, sizeof *q->members);
	while (!call->exhausted && q->next_score != 0)
		if (!dbk_call_ask(call, look_scores, q))
			return false;
	while (!call->exhausted && q->next_member != 0)
		if (!dbk_call_ask(call, look_members, q))
			return false;
	return true;
}

/* ------------------------------------------------------------------------- teams */

static int
by_who(const void *a, const void *b)
{
	uint32_t left = ((const struct entry *)a)->who;
	uint32_t right = ((const struct entry *)b)->who;

	return left < right ? -1 : left > right;
}

static void
add_score(struct entry *team, int64_t score)
{
	if (!dbk_money_add(team->score, score, &team->score))
		team->score = score < 0 ? INT64_MIN : INT64_MAX;
}

static void
add_up(struct contest_question *q, struct entry *teams)
{
	for (uint32_t i = 0; i < q->n_teams; i++)
		teams[i].who = i + 1;
	if (q->n_agents > 0)
		qsort(q->agents, q->n_agents, sizeof *q->agents, by_who);
	for (uint32_t i = 0; i < q->n_members; i++) {
		struct entry key = { .who = q->members[i].agent };
		const struct entry *agent =
		    bsearch(&key, q->agents, q->n_agents, sizeof *q->agents, by_who);

		if (agent != NULL)
			add_score(&teams[q->members[i].team - 1], agent->score);
	}
}

/* ----------------------------------------------------------------------- the best */

struct names_question {
	struct dbk_call *call;
	enum dbk_space space;
	const struct entry *best;
	Daybook__V1__Contest *reply;
};

static void
look_names(const struct dbk_books *books, void *answer)
{
	struct names_question *q = answer;

	for (size_t i = 0; i < q->reply->n_scores; i++)
		q->reply->scores[i]->name = dbk_call_text(
		    q->call, dbk_look_name(books, q->space, q->best[i].who));
}

static bool
reply_best(struct dbk_call *call, const struct entry *entries, uint32_t n, uint32_t max,
	   enum dbk_space space, Daybook__V1__Contest *reply)
{
	struct dbk_top top = { .max = max };
	struct entry *kept = dbk_call_take(call, max, sizeof *kept);
	struct entry *best = dbk_call_take(call, max, sizeof *best);
	struct names_question q = { call, space, best, reply };
	uint32_t slot;

	top.items = dbk_call_take(call, max, sizeof *top.items);
	reply->scores =
	    dbk_call_messages(call, max, &daybook__v1__contest_score__descriptor);
	if (call->exhausted)
		return true;
	for (uint32_t i = 0; i < n; i++)
		if (dbk_top_offer(&top, dbk_top_key(entries[i].score), entries[i].who,
				  &slot))
			kept[slot] = entries[i];
	dbk_top_sort(&top);
	for (uint32_t i = 0; i < top.n; i++) {
		best[i] = kept[top.items[i].slot];
		reply->scores[i]->score = best[i].score;
	}
	reply->n_scores = top.n;
	return top.n == 0 || dbk_call_ask(call, look_names, &q);
}

static void
fill_contest(struct dbk_call *call, const struct contest_question *q,
	     Daybook__V1__Contest *reply)
{
	const char *metric =
	    q->row.metric == METRIC_TEAM_RETAIL ? "TEAM_RETAIL" : "MATURED_RETAIL";

	reply->size = q->size;
	reply->contest = dbk_call_text(call, q->name);
	reply->metric = dbk_call_text(call, dbk_str_of(metric));
	reply->from = dbk_call_timestamp(call, q->row.from);
	reply->to = dbk_call_timestamp(call, q->row.to);
	reply->pool = q->row.pool;
	reply->awarded = q->row.awarded;
	reply->closed = q->row.closed != 0;
	reply->currency = call->currency->letters;
	reply->exponent = call->currency->exponent;
}

static bool
reply_contest(struct dbk_call *call, struct contest_question *q, uint32_t max)
{
	Daybook__V1__Contest reply = DAYBOOK__V1__CONTEST__INIT;
	struct entry *teams = dbk_call_take(call, q->n_teams, sizeof *teams);
	bool ok = true;

	fill_contest(call, q, &reply);
	if (call->exhausted)
		return dbk_call_reply(call, &reply.base);
	if (q->row.metric == METRIC_TEAM_RETAIL) {
		add_up(q, teams);
		ok = reply_best(call, teams, q->n_teams, max, DBK_SPACE_TEAM, &reply);
	} else {
		ok = reply_best(call, q->agents, q->n_agents, max, DBK_SPACE_AGENT,
				&reply);
	}
	return ok && dbk_call_reply(call, &reply.base);
}

bool
dbk_call_get_contest(struct dbk_call *call)
{
	const Daybook__V1__GetContestRequest *request =
	    dbk_call_request(call, &daybook__v1__get_contest_request__descriptor);
	struct contest_question q = { .call = call };
	struct dbk_page page;

	if (request == NULL || !dbk_call_needs(call, "contest", request->contest) ||
	    !dbk_call_page(call, request->page_size, "", &page) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.name = dbk_call_str(request->contest);
	if (!dbk_call_ask(call, look_contest, &q))
		return false;
	if (q.id == 0)
		return dbk_call_not_found(call, "CONTEST_UNKNOWN", "contest", q.name);
	return gather(call, &q) && reply_contest(call, &q, page.rows_max);
}
