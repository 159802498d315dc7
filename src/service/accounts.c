/*
 * accounts.c -- questions about money: trial balance, balances, statement.
 */

#include "service/call.h"

#include <inttypes.h>
#include <stdio.h>

#include "books/accounts.h"
#include "books/look.h"
#include "query/balances.h"
#include "query/statement.h"
#include "query/trial_balance.h"

static bool
bad_code(struct dbk_call *call, uint32_t number)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%" PRIu32, number);
	return dbk_call_bad(call, "CODE", "code", dbk_str_of(text),
			    "no account has this number");
}

/* --------------------------------------------------------------- GetTrialBalance */

static void
reply_trial_balance(struct dbk_call *call, const struct dbk_trial_balance *from,
		    Daybook__V1__TrialBalance *reply)
{
	reply->size = from->size;
	reply->total_debits = from->total_debits;
	reply->total_credits = from->total_credits;
	reply->difference = from->difference;
	reply->currency = call->currency->letters;
	reply->exponent = call->currency->exponent;
	reply->lines = dbk_call_messages(call, from->n,
					 &daybook__v1__trial_balance_line__descriptor);
	if (reply->lines == NULL)
		return;
	reply->n_lines = from->n;
	for (uint32_t i = 0; i < from->n; i++) {
		const struct dbk_trial_balance_line *line = &from->lines[i];
		const struct dbk_account_kind *kind = dbk_account_kind(line->code);

		reply->lines[i]->code = kind->number;
		reply->lines[i]->name = dbk_call_text(call, dbk_str_of(kind->name));
		reply->lines[i]->kind = dbk_call_text(call, dbk_str_of(kind->kind));
		reply->lines[i]->debits = line->debits;
		reply->lines[i]->credits = line->credits;
		reply->lines[i]->balance = line->balance;
	}
}

bool
dbk_call_get_trial_balance(struct dbk_call *call)
{
	const Daybook__V1__GetTrialBalanceRequest *request =
	    dbk_call_request(call, &daybook__v1__get_trial_balance_request__descriptor);
	Daybook__V1__TrialBalance reply = DAYBOOK__V1__TRIAL_BALANCE__INIT;
	struct dbk_trial_balance balance;
	struct dbk_error error = { 0 };
	struct dbk_as_of as_of;
	enum dbk_err err;

	if (request == NULL || !dbk_call_know_currency(call) ||
	    !dbk_call_wait_view(call, request->at_least_size, request->as_of, &as_of))
		return false;
	err = dbk_trial_balance_get(call->view, &as_of, &balance, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, dbk_str_of(""));
	reply_trial_balance(call, &balance, &reply);
	return dbk_call_reply(call, &reply.base);
}

/* ------------------------------------------------------------------ ListBalances */

static void
reply_balances(struct dbk_call *call, const struct dbk_balances *from,
	       Daybook__V1__ListBalancesReply *reply)
{
	reply->size = from->size;
	reply->next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply->currency = call->currency->letters;
	reply->exponent = call->currency->exponent;
	reply->balances =
	    dbk_call_messages(call, from->n, &daybook__v1__balance__descriptor);
	if (reply->balances == NULL)
		return;
	reply->n_balances = from->n;
	for (uint32_t i = 0; i < from->n; i++) {
		const struct dbk_balance *row = &from->rows[i];
		const struct dbk_account_kind *kind = dbk_account_kind(row->code);

		reply->balances[i]->code = kind->number;
		reply->balances[i]->name = dbk_call_text(call, dbk_str_of(kind->name));
		reply->balances[i]->owner = dbk_call_text(call, row->owner);
		reply->balances[i]->debits = row->debits;
		reply->balances[i]->credits = row->credits;
		reply->balances[i]->balance = row->balance;
		reply->balances[i]->postings = row->postings;
	}
}

bool
dbk_call_list_balances(struct dbk_call *call)
{
	const Daybook__V1__ListBalancesRequest *request =
	    dbk_call_request(call, &daybook__v1__list_balances_request__descriptor);
	Daybook__V1__ListBalancesReply reply = DAYBOOK__V1__LIST_BALANCES_REPLY__INIT;
	struct dbk_balances_query query = { .code = DBK_ACCOUNT_NONE };
	struct dbk_balances balances;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL ||
	    !dbk_call_page(call, request->page_size, request->page_token, &query.page))
		return false;
	query.code = dbk_account_of_number(request->code);
	if (request->code != 0 && query.code == DBK_ACCOUNT_NONE)
		return bad_code(call, request->code);
	query.owner = dbk_call_str(request->owner);
	query.nonzero = request->nonzero;
	query.largest_first = request->largest_first;
	if (!dbk_call_know_currency(call) ||
	    !dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of))
		return false;
	err = dbk_balances_list(call->view, &query, call->arena, &balances, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, query.page.token);
	reply_balances(call, &balances, &reply);
	return dbk_call_reply(call, &reply.base);
}

/* ------------------------------------------------------------------ GetStatement */

/* Who owns the account: an order by its dense id, or whether the name is known. */
struct owner_question {
	struct dbk_str owner;
	uint8_t kind; /* enum dbk_account_owner */
	uint32_t id;
};

static void
look_owner(const struct dbk_books *books, void *answer)
{
	static const enum dbk_space spaces[] = {
		[DBK_OWNER_TAG] = DBK_SPACE_TAG,
		[DBK_OWNER_AGENT] = DBK_SPACE_AGENT,
		[DBK_OWNER_ORDER] = DBK_SPACE_ORDER,
	};
	struct owner_question *q = answer;

	q->id = dbk_look_find(books, spaces[q->kind], q->owner);
}

/* The account's code and owner as the view wants them. */
static bool
name_account(struct dbk_call *call, const Daybook__V1__GetStatementRequest *request,
	     struct dbk_statement_query *query)
{
	struct owner_question q = { .owner = dbk_call_str(request->owner) };

	query->code = dbk_account_of_number(request->code);
	if (query->code == DBK_ACCOUNT_NONE)
		return bad_code(call, request->code);
	q.kind = dbk_account_kind(query->code)->owner;
	query->owner = q.owner;
	if (q.kind != DBK_OWNER_ORDER || q.owner.size == 0)
		return true;
	query->owner = dbk_str_of("");
	if (!dbk_call_ask(call, look_owner, &q))
		return false;
	query->order = q.id;
	return q.id != 0 || dbk_call_not_found(call, "ORDER_UNKNOWN", "owner", q.owner);
}

/*
 * The view knows no such account.  One that the book could have, because it knows the
 * owner, is empty; else the name is wrong.
 */
static bool
empty_account(struct dbk_call *call, const struct dbk_statement_query *query,
	      struct dbk_statement *out)
{
	struct owner_question q = {
		.owner = query->owner,
		.kind = dbk_account_kind(query->code)->owner,
	};

	if (q.owner.size > 0) {
		if (!dbk_call_ask(call, look_owner, &q))
			return false;
		if (q.id == 0)
			return dbk_call_not_found(call, "ACCOUNT_UNKNOWN", "owner",
						  q.owner);
	}
	*out = (struct dbk_statement){ .size = query->as_of.kind == DBK_AS_OF_SIZE
						   ? query->as_of.size
						   : dbk_view_size(call->view) };
	return true;
}

static bool
name_lines(struct dbk_call *call, const struct dbk_statement *from,
	   struct dbk_line_names *names)
{
	struct dbk_line_at *lines = dbk_call_take(call, from->n, sizeof *lines);

	if (lines == NULL)
		return true;
	for (uint32_t i = 0; i < from->n; i++)
		lines[i] =
		    (struct dbk_line_at){ from->lines[i].position, from->lines[i].order,
					  from->lines[i].cause, from->lines[i].ref };
	return dbk_call_line_names(call, lines, from->n, names);
}

static void
reply_line(struct dbk_call *call, const struct dbk_statement_line *line,
	   const struct dbk_line_names *names, Daybook__V1__StatementLine *out)
{
	out->position = line->position;
	out->effective_at = dbk_call_timestamp(call, line->effective_at);
	out->type = (uint32_t)line->type;
	out->type_name =
	    dbk_call_text(call, dbk_str_of(dbk_event_type_name(line->type)));
	out->order = names->order;
	out->payout = names->payout;
	out->cause = (Daybook__V1__Cause)line->cause;
	out->amount = line->amount;
	out->balance = line->balance;
	out->late = line->late;
	out->prior_period = line->prior_period;
}

static bool
reply_lines(struct dbk_call *call, const struct dbk_statement_query *query,
	    const struct dbk_statement *from, Daybook__V1__Statement *reply)
{
	bool of_orders = dbk_account_kind(query->code)->owner == DBK_OWNER_ORDER;
	struct dbk_line_names *names = dbk_call_take(call, from->n, sizeof *names);

	reply->lines =
	    dbk_call_messages(call, from->n, &daybook__v1__statement_line__descriptor);
	if (names == NULL || reply->lines == NULL)
		return true;
	if (!name_lines(call, from, names) || call->exhausted)
		return call->exhausted;
	reply->n_lines = from->n;
	for (uint32_t i = 0; i < from->n; i++) {
		const struct dbk_statement_line *line = &from->lines[i];
		Daybook__V1__StatementLine *out = reply->lines[i];

		reply_line(call, line, &names[i], out);
		if (query->owner.size == 0 && query->order == 0)
			out->owner = of_orders ? names[i].order
					       : dbk_call_text(call, line->owner);
	}
	return true;
}

static bool
reply_statement(struct dbk_call *call, const Daybook__V1__GetStatementRequest *request,
		const struct dbk_statement_query *query,
		const struct dbk_statement *from)
{
	Daybook__V1__Statement reply = DAYBOOK__V1__STATEMENT__INIT;

	reply.size = from->size;
	reply.code = request->code;
	reply.name =
	    dbk_call_text(call, dbk_str_of(dbk_account_kind(query->code)->name));
	reply.owner = request->owner;
	reply.balance = from->balance;
	reply.next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return reply_lines(call, query, from, &reply) &&
	       dbk_call_reply(call, &reply.base);
}

bool
dbk_call_get_statement(struct dbk_call *call)
{
	const Daybook__V1__GetStatementRequest *request =
	    dbk_call_request(call, &daybook__v1__get_statement_request__descriptor);
	struct dbk_statement_query query = { .code = DBK_ACCOUNT_NONE };
	struct dbk_statement statement;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL ||
	    !dbk_call_page(call, request->page_size, request->page_token,
			   &query.page) ||
	    !dbk_call_time(call, "from", request->from, true, &query.from) ||
	    !dbk_call_time(call, "to", request->to, true, &query.to) ||
	    !dbk_call_know_currency(call))
		return false;
	/* First wait: what the client has just written, the books then know too. */
	if (!dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of) ||
	    !name_account(call, request, &query))
		return false;
	err = dbk_statement_get(call->view, &query, call->arena, &statement, &error);
	if (err == DBK_FAILED_NOT_FOUND) {
		if (!empty_account(call, &query, &statement))
			return false;
	} else if (err != DBK_OK) {
		return dbk_call_view_failed(call, err, &error, query.page.token);
	}
	return reply_statement(call, request, &query, &statement);
}
