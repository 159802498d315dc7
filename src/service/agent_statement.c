/*
 * agent_statement.c -- an agent's money over a time, by state, by cause and line by
 * line.
 */

#include "query/agent_statement.h"

#include "books/look.h"
#include "service/call.h"

static void
fill_money(const struct dbk_money_by_state *from, Daybook__V1__AgentMoney *out)
{
	daybook__v1__agent_money__init(out);
	out->pending = from->in[DBK_MONEY_PENDING];
	out->available = from->in[DBK_MONEY_AVAILABLE];
	out->held = from->in[DBK_MONEY_HELD];
	out->reserved = from->in[DBK_MONEY_RESERVED];
	out->in_transit = from->in[DBK_MONEY_IN_TRANSIT];
	out->receivable = from->in[DBK_MONEY_RECEIVABLE];
	out->total = dbk_agent_statement_total(from);
}

static void
fill_sums(struct dbk_call *call, const struct dbk_agent_statement *from,
	  Daybook__V1__AgentStatement *reply)
{
	reply->sums = dbk_call_messages(call, from->n_sums,
					&daybook__v1__agent_statement_sum__descriptor);
	if (reply->sums == NULL)
		return;
	for (uint32_t i = 0; i < from->n_sums; i++) {
		Daybook__V1__AgentStatementSum *out = reply->sums[i];

		out->cause = (Daybook__V1__Cause)from->sums[i].cause;
		out->lines = from->sums[i].lines;
		out->change = dbk_call_take(call, 1, sizeof *out->change);
		if (out->change == NULL)
			return;
		fill_money(&from->sums[i].change, out->change);
		reply->n_sums++;
	}
}

static void
fill_line(struct dbk_call *call, const struct dbk_agent_statement_line *line,
	  const struct dbk_line_names *names, Daybook__V1__AgentStatementLine *out)
{
	out->position = line->position;
	out->effective_at = dbk_call_timestamp(call, line->effective_at);
	out->type = (uint32_t)line->type;
	out->type_name =
	    dbk_call_text(call, dbk_str_of(dbk_event_type_name(line->type)));
	out->cause = (Daybook__V1__Cause)line->cause;
	out->order = names->order;
	out->payout = names->payout;
	out->code = dbk_account_kind(line->code)->number;
	out->amount = line->amount;
	out->balance = line->balance;
	out->late = line->late;
	out->prior_period = line->prior_period;
}

static bool
fill_lines(struct dbk_call *call, const struct dbk_agent_statement *from,
	   Daybook__V1__AgentStatement *reply)
{
	struct dbk_line_at *lines = dbk_call_take(call, from->n, sizeof *lines);
	struct dbk_line_names *names = dbk_call_take(call, from->n, sizeof *names);

	reply->lines = dbk_call_messages(
	    call, from->n, &daybook__v1__agent_statement_line__descriptor);
	if (call->exhausted)
		return true;
	for (uint32_t i = 0; i < from->n; i++)
		lines[i] =
		    (struct dbk_line_at){ from->lines[i].position, from->lines[i].order,
					  from->lines[i].cause, from->lines[i].ref };
	if (!dbk_call_line_names(call, lines, from->n, names))
		return false;
	for (uint32_t i = 0; i < from->n && !call->exhausted; i++)
		fill_line(call, &from->lines[i], &names[i],
			  reply->lines[reply->n_lines++]);
	return true;
}

static bool
reply_statement(struct dbk_call *call, char *agent,
		const struct dbk_agent_statement *from)
{
	Daybook__V1__AgentStatement reply = DAYBOOK__V1__AGENT_STATEMENT__INIT;
	Daybook__V1__AgentMoney opening, closing;

	fill_money(&from->opening, &opening);
	fill_money(&from->closing, &closing);
	reply.size = from->size;
	reply.agent = agent;
	reply.opening = &opening;
	reply.closing = &closing;
	reply.next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	fill_sums(call, from, &reply);
	return fill_lines(call, from, &reply) && dbk_call_reply(call, &reply.base);
}

/* The view knows no account of this name: an agent who never earned has an empty
 * statement. */
static bool
empty_statement(struct dbk_call *call, const struct dbk_agent_statement_query *query,
		struct dbk_agent_statement *out)
{
	if (!dbk_call_needs_agent(call, "agent", query->agent))
		return false;
	*out = (struct dbk_agent_statement){ .size = query->as_of.kind == DBK_AS_OF_SIZE
							 ? query->as_of.size
							 : dbk_view_size(call->view) };
	return true;
}

bool
dbk_call_get_agent_statement(struct dbk_call *call)
{
	const Daybook__V1__GetAgentStatementRequest *request = dbk_call_request(
	    call, &daybook__v1__get_agent_statement_request__descriptor);
	struct dbk_agent_statement_query query = { .figures_only = false };
	struct dbk_agent_statement statement;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL || !dbk_call_needs(call, "agent", request->agent) ||
	    !dbk_call_page(call, request->page_size, request->page_token,
			   &query.page) ||
	    !dbk_call_time(call, "from", request->from, true, &query.from) ||
	    !dbk_call_time(call, "to", request->to, true, &query.to) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of))
		return false;
	query.agent = dbk_call_str(request->agent);
	query.figures_only = request->figures_only;
	err = dbk_agent_statement_get(call->view, &query, call->arena, &statement,
				      &error);
	if (err == DBK_FAILED_NOT_FOUND) {
		if (!empty_statement(call, &query, &statement))
			return false;
	} else if (err != DBK_OK) {
		return dbk_call_view_failed(call, err, &error, query.page.token);
	}
	return reply_statement(call, request->agent, &statement);
}
