/*
 * clawbacks.c -- what agents owe, by age.
 */

#include <inttypes.h>
#include <stdio.h>

#include "query/ageing.h"
#include "service/call.h"

/* Ends of the buckets: some at most, rising. */
static bool
read_days(struct dbk_call *call, const Daybook__V1__ListClawbacksRequest *request,
	  struct dbk_ageing_query *query)
{
	char text[24];

	if (request->n_days > DBK_AGEING_DAYS_MAX) {
		(void)snprintf(text, sizeof text, "%zu", request->n_days);
		return dbk_call_bad(call, "DAYS", "days", dbk_str_of(text),
				    "more buckets than there may be");
	}
	for (size_t i = 0; i < request->n_days; i++) {
		query->days[i] = request->days[i];
		if (i == 0 || query->days[i] > query->days[i - 1])
			continue;
		(void)snprintf(text, sizeof text, "%" PRIu32, query->days[i]);
		return dbk_call_bad(call, "DAYS", "days", dbk_str_of(text),
				    "days must rise");
	}
	query->n_days = (uint32_t)request->n_days;
	return true;
}

static void
fill_row(struct dbk_call *call, const struct dbk_ageing_row *from, uint32_t n_days,
	 Daybook__V1__Clawback *out)
{
	out->agent = dbk_call_text(call, from->agent);
	out->owed = from->owed;
	out->oldest = dbk_call_timestamp(call, from->oldest);
	out->oldest_position = from->oldest_position;
	out->buckets = dbk_call_take(call, n_days + 1, sizeof *out->buckets);
	for (uint32_t i = 0; out->buckets != NULL && i <= n_days; i++)
		out->buckets[out->n_buckets++] = from->buckets[i];
}

static bool
reply_ageing(struct dbk_call *call, struct dbk_ageing *from)
{
	Daybook__V1__ListClawbacksReply reply = DAYBOOK__V1__LIST_CLAWBACKS_REPLY__INIT;

	reply.size = from->size;
	reply.days = from->days;
	reply.n_days = from->n_days;
	reply.next_page_token = dbk_call_text(call, dbk_str_of(from->next.token));
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	reply.clawbacks =
	    dbk_call_messages(call, from->n, &daybook__v1__clawback__descriptor);
	for (uint32_t i = 0; reply.clawbacks != NULL && i < from->n; i++)
		fill_row(call, &from->rows[i], from->n_days,
			 reply.clawbacks[reply.n_clawbacks++]);
	return dbk_call_reply(call, &reply.base);
}

bool
dbk_call_list_clawbacks(struct dbk_call *call)
{
	const Daybook__V1__ListClawbacksRequest *request =
	    dbk_call_request(call, &daybook__v1__list_clawbacks_request__descriptor);
	struct dbk_ageing_query query = { .with_total = false };
	struct dbk_ageing ageing;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	if (request == NULL || !read_days(call, request, &query) ||
	    !dbk_call_page(call, request->page_size, request->page_token,
			   &query.page) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_view(call, request->at_least_size, request->as_of,
				&query.as_of))
		return false;
	err = dbk_ageing_list(call->view, &query, call->arena, &ageing, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, query.page.token);
	return reply_ageing(call, &ageing);
}
