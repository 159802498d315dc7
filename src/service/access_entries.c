/* access_entries.c -- the access record, newest first. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "service/about.h"
#include "service/call.h"

struct question {
	struct dbk_call *call;
	int64_t from_us, to_us;
	struct dbk_str caller, about;
	Daybook__V1__AccessEntry **rows;
	size_t n, rows_max;
	uint32_t steps; /* entries looked at */
	uint64_t last;	/* the number of the last one */
	bool more;
};

static bool
is_asked_for(const struct question *q, const struct dbk_access_entry *entry)
{
	return (q->from_us == DBK_TIME_ABSENT || entry->at_us >= q->from_us) &&
	       (q->to_us == DBK_TIME_ABSENT || entry->at_us < q->to_us) &&
	       (q->caller.size == 0 ||
		dbk_str_equal(q->caller, dbk_str_of(entry->caller))) &&
	       (q->about.size == 0 || dbk_about_names(entry->about, q->about));
}

static void
fill(struct dbk_call *call, const struct dbk_access_entry *entry,
     Daybook__V1__AccessEntry *out)
{
	out->number = entry->number;
	out->at = dbk_call_timestamp(call, entry->at_us);
	out->caller = dbk_call_text(call, dbk_str_of(entry->caller));
	out->token_id = dbk_call_text(call, dbk_str_of(entry->token_id));
	out->peer = dbk_call_text(call, dbk_str_of(entry->peer));
	out->method = dbk_call_text(call, dbk_str_of(entry->method));
	out->about = dbk_call_text(call, dbk_str_of(entry->about));
	out->status = entry->status;
}

/* A page with few hits ends after so many entries, and the next one goes on there. */
static bool
on_entry(void *context, const struct dbk_access_entry *entry)
{
	struct question *q = context;

	if (q->n == q->rows_max || q->steps == DBK_PAGE_STEPS_MAX) {
		q->more = true;
		return false;
	}
	q->steps++;
	q->last = entry->number;
	if (is_asked_for(q, entry))
		fill(q->call, entry, q->rows[q->n++]);
	return true;
}

static bool
take_token(struct dbk_call *call, struct dbk_str token, uint64_t *out_before)
{
	*out_before = token.size == 0 ? UINT64_MAX : 0;
	for (uint32_t i = 0; i < token.size; i++) {
		char c = token.bytes[i];

		if (c < '0' || c > '9' || token.size > 18)
			return dbk_call_bad(call, "PAGE_TOKEN", "page_token", token,
					    "not a token of this listing");
		*out_before = *out_before * 10 + (uint64_t)(c - '0');
	}
	return true;
}

/* What still waits for the disk is to be seen as well. */
static bool
read_entries(struct question *q, uint64_t before)
{
	struct dbk_access_log *log = q->call->port->access_log;
	struct dbk_error error = { 0 };
	enum dbk_err err = dbk_access_log_flush(log, &error);

	if (err == DBK_OK)
		err = dbk_access_log_read(log, before, on_entry, q, &error);
	if (err == DBK_OK)
		return true;
	(void)dbk_answer_error(q->call->answer, err, &error);
	return false;
}

bool
dbk_call_list_access(struct dbk_call *call)
{
	Daybook__V1__ListAccessReply reply = DAYBOOK__V1__LIST_ACCESS_REPLY__INIT;
	const Daybook__V1__ListAccessRequest *request;
	struct question q = { .call = call };
	struct dbk_page page;
	uint64_t before;
	char token[24];

	if (call->port->access_log == NULL)
		return dbk_call_not_served(call);
	request = dbk_call_request(call, &daybook__v1__list_access_request__descriptor);
	if (request == NULL ||
	    !dbk_call_page(call, request->page_size, request->page_token, &page) ||
	    !take_token(call, page.token, &before) ||
	    !dbk_call_time(call, "from", request->from, true, &q.from_us) ||
	    !dbk_call_time(call, "to", request->to, true, &q.to_us))
		return false;
	q.caller = dbk_call_str(request->caller);
	q.about = dbk_call_str(request->about);
	q.rows_max = page.rows_max;
	q.rows =
	    dbk_call_messages(call, q.rows_max, &daybook__v1__access_entry__descriptor);
	if (q.rows != NULL && !read_entries(&q, before))
		return false;
	reply.entries = q.rows;
	reply.n_entries = q.n;
	if (q.more) {
		(void)snprintf(token, sizeof token, "%" PRIu64, q.last);
		reply.next_page_token = token;
	}
	return dbk_call_reply(call, &reply.base);
}
