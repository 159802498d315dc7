/*
 * agents.c -- questions about people: one agent with what is above and below it, and
 * agents page by page.
 */

#include "service/call.h"

#include <inttypes.h>
#include <stdio.h>

#include <daybook/limits.h>

#include "books/look.h"
#include "service/downline.h"

static const char *
state_name(uint32_t state)
{
	switch ((enum dbk_agent_state)state) {
	case DBK_AGENT_ACTIVE:
		return "active";
	case DBK_AGENT_SUSPENDED:
		return "suspended";
	case DBK_AGENT_TERMINATED:
		return "terminated";
	}
	return "";
}

/* What the row says; names are copied, because we are on the books' thread. */
static void
fill_agent(struct dbk_call *call, const struct dbk_books *books, uint32_t agent,
	   Daybook__V1__Agent *out)
{
	const struct dbk_row_agent *row = dbk_look_agent(books, agent);

	out->size = dbk_books_size(books);
	out->agent = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, agent));
	out->sponsor =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, row->sponsor));
	out->state = dbk_call_text(call, dbk_str_of(state_name(row->state)));
	out->rank = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row->rank));
	out->enrolled_position = row->enrolled_position;
	out->enrolled_at = dbk_call_timestamp(call, row->enrolled_at);
	out->direct_recruits = row->n_recruits;
	out->bound_customers = row->n_customers;
	out->verified = row->revision != 0;
	out->employee = (row->flags & DBK_AGENT_EMPLOYEE) != 0;
	out->holds = row->holds;
}

/* ---------------------------------------------------------------------- GetAgent */

struct agent_question {
	struct dbk_call *call;
	struct dbk_str name;
	uint32_t agent;
	uint32_t above; /* where the walk up goes on */
	Daybook__V1__Agent *reply;
};

static void
fill_upline(struct dbk_call *call, const struct dbk_books *books, uint32_t agent,
	    Daybook__V1__Agent *out)
{
	uint32_t above = dbk_look_agent(books, agent)->sponsor;

	out->upline = dbk_call_take(call, DBK_SERVICE_UPLINE_MAX, sizeof(char *));
	if (out->upline == NULL)
		return;
	while (above != 0 && out->n_upline < DBK_SERVICE_UPLINE_MAX) {
		out->upline[out->n_upline++] =
		    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_AGENT, above));
		above = dbk_look_agent(books, above)->sponsor;
	}
}

static void
look_above(const struct dbk_books *books, void *answer)
{
	struct agent_question *q = answer;
	uint32_t budget = DBK_SERVICE_ASK_ROWS_MAX;

	q->reply->level += dbk_downline_climb(books, &q->above, &budget);
}

static void
look_agent(const struct dbk_books *books, void *answer)
{
	struct agent_question *q = answer;

	q->agent = dbk_look_find(books, DBK_SPACE_AGENT, q->name);
	if (q->agent == 0)
		return;
	fill_agent(q->call, books, q->agent, q->reply);
	fill_upline(q->call, books, q->agent, q->reply);
	q->above = q->agent;
	look_above(books, answer);
}

bool
dbk_call_get_agent(struct dbk_call *call)
{
	const Daybook__V1__GetAgentRequest *request =
	    dbk_call_request(call, &daybook__v1__get_agent_request__descriptor);
	Daybook__V1__Agent reply = DAYBOOK__V1__AGENT__INIT;
	struct agent_question q = { .call = call, .reply = &reply };
	struct dbk_downline downline;

	if (request == NULL || !dbk_call_needs(call, "agent", request->agent) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.name = dbk_call_str(request->agent);
	if (!dbk_call_ask(call, look_agent, &q))
		return false;
	if (q.agent == 0)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "agent", q.name);
	while (q.above != 0)
		if (!dbk_call_ask(call, look_above, &q))
			return false;
	if (!dbk_downline_count(call, q.agent, &downline))
		return false;
	reply.downline = downline.agents;
	reply.deepest_level_below = downline.deepest;
	reply.downline_truncated = downline.truncated;
	return dbk_call_reply(call, &reply.base);
}

/* -------------------------------------------------------------------- ListAgents */

/* A letter and a hexadecimal id: "a" all agents, "r" the recruits of one. */
#define AGENT_TOKEN_BYTES 12
#define ALL_LETTER 'a'
#define RECRUITS_LETTER 'r'

struct agents_question {
	struct dbk_call *call;
	Daybook__V1__Agent **rows;
	uint32_t n, rows_max;
	uint64_t size;

	struct dbk_str sponsor; /* empty: all */
	uint32_t sponsor_id;
	uint32_t next;	   /* id of the next row, 0: no more */
	bool from_token;   /* NEXT is what the client says */
	bool token_is_bad; /* no such agent, or not a recruit (any more) */
	bool moved;	   /* NEXT changed sponsors since the last question */

	uint32_t climbing; /* where the walk up from the row at hand goes on, 0: done */
};

static bool
parse_token(struct dbk_str token, char letter, uint32_t *out_id)
{
	uint32_t id = 0;

	if (token.size < 2 || token.size > 9 || token.bytes[0] != letter)
		return false;
	for (uint32_t i = 1; i < token.size; i++) {
		char c = token.bytes[i];

		if (c >= '0' && c <= '9')
			id = id << 4 | (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			id = id << 4 | (uint32_t)(c - 'a' + 10);
		else
			return false;
	}
	*out_id = id;
	return id != 0;
}

static uint32_t
next_agent(const struct dbk_books *books, const struct agents_question *q)
{
	if (q->sponsor_id != 0)
		return dbk_look_agent(books, q->next)->next_sibling;
	return q->next < dbk_look_count(books, DBK_SPACE_AGENT) ? q->next + 1 : 0;
}

/* Is NEXT one of those asked for? */
static bool
is_listed(const struct dbk_books *books, const struct agents_question *q)
{
	return q->sponsor_id == 0 ||
	       dbk_look_agent(books, q->next)->sponsor == q->sponsor_id;
}

/* Rows from NEXT on, until the page is full or this question has taken its share. */
static void
look_rows(const struct dbk_books *books, void *answer)
{
	struct agents_question *q = answer;
	uint32_t budget = DBK_SERVICE_ASK_ROWS_MAX;

	while (q->next != 0 && q->n < q->rows_max && budget > 0) {
		Daybook__V1__Agent *row = q->rows[q->n];

		q->moved = !is_listed(books, q);
		if (q->moved)
			return;
		if (q->climbing == 0) {
			fill_agent(q->call, books, q->next, row);
			q->climbing = q->next;
		}
		row->level += dbk_downline_climb(books, &q->climbing, &budget);
		if (q->climbing != 0)
			return;
		q->next = next_agent(books, q);
		q->n++;
	}
}

static void
look_first_row(const struct dbk_books *books, void *answer)
{
	struct agents_question *q = answer;
	uint64_t count = dbk_look_count(books, DBK_SPACE_AGENT);

	q->size = dbk_books_size(books);
	q->sponsor_id = dbk_look_find(books, DBK_SPACE_AGENT, q->sponsor);
	if (q->sponsor.size > 0 && q->sponsor_id == 0)
		return;
	if (!q->from_token)
		q->next = q->sponsor_id != 0
			      ? dbk_look_agent(books, q->sponsor_id)->first_recruit
			      : count > 0;
	else
		q->token_is_bad = q->next > count || !is_listed(books, q);
	if (!q->token_is_bad)
		look_rows(books, q);
}

static bool
list_rows(struct dbk_call *call, struct agents_question *q, struct dbk_str token)
{
	if (!dbk_call_ask(call, look_first_row, q))
		return false;
	if (q->sponsor.size > 0 && q->sponsor_id == 0)
		return dbk_call_not_found(call, "AGENT_UNKNOWN", "sponsor", q->sponsor);
	if (q->token_is_bad)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", token,
				    "that agent is not in this listing any more");
	while (q->next != 0 && q->n < q->rows_max && !q->moved)
		if (!dbk_call_ask(call, look_rows, q))
			return false;
	if (q->moved)
		(void)dbk_answer_set(call->answer, DBK_GRPC_ABORTED, "NETWORK_CHANGED",
				     "a recruit changed sponsors meanwhile: ask again");
	return !q->moved;
}

bool
dbk_call_list_agents(struct dbk_call *call)
{
	const Daybook__V1__ListAgentsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_agents_request__descriptor);
	Daybook__V1__ListAgentsReply reply = DAYBOOK__V1__LIST_AGENTS_REPLY__INIT;
	struct agents_question q = { .call = call };
	char token[AGENT_TOKEN_BYTES];
	struct dbk_page page;
	char letter;

	if (request == NULL ||
	    !dbk_call_page(call, request->page_size, request->page_token, &page) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.sponsor = dbk_call_str(request->sponsor);
	letter = q.sponsor.size > 0 ? RECRUITS_LETTER : ALL_LETTER;
	q.from_token = page.token.size > 0;
	if (q.from_token && !parse_token(page.token, letter, &q.next))
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token", page.token,
				    "not a token of this listing");
	q.rows_max = page.rows_max;
	q.rows = dbk_call_messages(call, q.rows_max, &daybook__v1__agent__descriptor);
	if (q.rows != NULL && !list_rows(call, &q, page.token))
		return false;
	reply.size = q.size;
	reply.agents = q.rows;
	reply.n_agents = q.n;
	if (q.next != 0) {
		(void)snprintf(token, sizeof token, "%c%" PRIx32, letter, q.next);
		reply.next_page_token = token;
	}
	return dbk_call_reply(call, &reply.base);
}
