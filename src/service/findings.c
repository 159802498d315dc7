/*
 * findings.c -- what guards found, newest first.
 *
 * The rows have nearly all of it; times and reasons are in the events.
 */

#include "service/findings.h"

#include <inttypes.h>
#include <stdio.h>

#include <daybook/limits.h>

#include "books/look_guards.h"
#include "guard/guard.h"
#include "service/listing.h"

/* Letters of tokens: all findings, those of one rule and subject. */
#define ALL_LETTER 'f'
#define SUBJECT_LETTER 'g'

/* One event, opened: lists of up to DBK_LINES_MAX lines. */
#define SCRATCH_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* ----------------------------------------------------------------------- a finding */

static const char *const subject_kinds[] = {
	[DBK_SUBJECT_AGENT] = "agent",	     [DBK_SUBJECT_SKU] = "sku",
	[DBK_SUBJECT_LOT] = "lot",	     [DBK_SUBJECT_ORDER] = "order",
	[DBK_SUBJECT_LOCATION] = "location", [DBK_SUBJECT_BOOK] = "book",
};

#define SUBJECT_KINDS (sizeof subject_kinds / sizeof subject_kinds[0])

/* The name of the guard that RULE is of; "" for price bands, which stand by themselves;
 * NULL if no finding is of this rule. */
static const char *
guard_name(enum dbk_rule rule)
{
	enum dbk_guard guard = dbk_guard_of(rule);

	if (rule == DBK_RULE_PRICE_BAND)
		return "";
	return guard == DBK_GUARDS ? NULL : dbk_guard_kind(guard)->name;
}

static void
fill_evidence(struct dbk_call *call, const struct dbk_books *books,
	      const struct dbk_row_finding *row, Daybook__V1__Finding *out)
{
	out->evidence =
	    dbk_call_take(call, DBK_FINDING_EVIDENCE_MAX, sizeof *out->evidence);
	if (out->evidence != NULL)
		out->n_evidence = dbk_look_evidence(books, row, out->evidence);
}

static void
fill_origin(struct dbk_call *call, const struct dbk_books *books,
	    const struct dbk_row_finding *row, Daybook__V1__Finding *out)
{
	const char *guard = guard_name((enum dbk_rule)row->rule);
	const struct dbk_row_guard_set *set;

	out->rule = (Daybook__V1__Rule)row->rule;
	out->guard = dbk_call_text(call, dbk_str_of(guard == NULL ? "" : guard));
	if (row->guard_set == 0)
		return;
	set = dbk_look_guard_set(books, row->guard_set);
	out->guard_set =
	    dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, set->name));
	out->guard_set_version = set->version;
}

static void
fill_subject(struct dbk_call *call, const struct dbk_books *books,
	     const struct dbk_row_finding *row, Daybook__V1__Finding *out)
{
	enum dbk_space space =
	    dbk_look_subject_space((enum dbk_subject_kind)row->subject_kind);

	out->subject_kind =
	    dbk_call_text(call, dbk_str_of(subject_kinds[row->subject_kind]));
	if (space != 0)
		out->subject =
		    dbk_call_text(call, dbk_look_name(books, space, row->subject));
}

void
dbk_finding_fill(struct dbk_call *call, const struct dbk_books *books, uint32_t id,
		 Daybook__V1__Finding *out)
{
	const struct dbk_row_finding *row = dbk_look_finding(books, id);

	out->finding = id;
	fill_origin(call, books, row, out);
	fill_subject(call, books, row, out);
	fill_evidence(call, books, row, out);
	out->red = row->red != 0;
	out->state = (Daybook__V1__FindingState)row->state;
	out->count = row->count;
	out->position = row->position;
	out->last_position = row->last_position;
	out->measured = row->measured;
	out->limit = row->limit;
	out->window_days = row->window;
	out->acknowledged_position_plus_one = row->acknowledged_position;
	out->resolved_position_plus_one = row->resolved_position;
}

/* -------------------------------------------------------------------- from the log */

static bool
tell_reason(struct dbk_call *call, struct dbk_arena *scratch, Daybook__V1__Finding *out)
{
	static const enum dbk_event_type steps[] = { DBK_EVENT_FINDING_ACKNOWLEDGED,
						     DBK_EVENT_FINDING_RESOLVED,
						     DBK_EVENT_NONE };
	uint64_t after = out->resolved_position_plus_one;
	struct dbk_event event;

	if (after == 0)
		after = out->acknowledged_position_plus_one;
	if (after == 0)
		return true;
	dbk_arena_reset(scratch);
	if (!dbk_call_event(call, scratch, after - 1, steps, &event))
		return false;
	out->reason = dbk_call_text(call, event.type == DBK_EVENT_FINDING_RESOLVED
					      ? event.u.finding_resolved.reason
					      : event.u.finding_acknowledged.reason);
	return true;
}

static bool
tell_one(struct dbk_call *call, struct dbk_arena *scratch, Daybook__V1__Finding *out)
{
	struct dbk_event event;

	dbk_arena_reset(scratch);
	if (!dbk_call_event(call, scratch, out->position, NULL, &event))
		return false;
	out->raised_at = dbk_call_timestamp(call, event.effective_at);
	return tell_reason(call, scratch, out);
}

bool
dbk_finding_tell(struct dbk_call *call, Daybook__V1__Finding **findings, uint32_t n)
{
	struct dbk_arena scratch;
	bool ok = true;

	dbk_arena_init(&scratch, SCRATCH_BYTES_MAX);
	for (uint32_t i = 0; i < n && ok && !call->exhausted; i++)
		ok = tell_one(call, &scratch, findings[i]);
	dbk_arena_fini(&scratch);
	return ok;
}

/* --------------------------------------------------------------------- ListFindings */

struct findings_question {
	struct dbk_listing listing;
	struct dbk_call *call;
	enum dbk_rule rule;	    /* NONE: any */
	enum dbk_subject_kind kind; /* 0: any */
	struct dbk_str subject;
	uint32_t subject_id;
	uint32_t state; /* 0: any, or any that is not resolved */
	bool all, red_only;
	bool begun, subject_is_unknown, token_is_bad;
	Daybook__V1__Finding **rows;
};

/* Findings of one rule and subject are a chain; all others are gone through. */
static bool
is_chain(const struct findings_question *q)
{
	return q->rule != DBK_RULE_NONE && q->kind != 0;
}

static bool
is_of(const struct findings_question *q, const struct dbk_row_finding *row)
{
	return (q->rule == DBK_RULE_NONE || row->rule == q->rule) &&
	       (q->kind == 0 ||
		(row->subject_kind == q->kind && row->subject == q->subject_id));
}

static bool
is_wanted(const struct findings_question *q, const struct dbk_row_finding *row)
{
	if (!is_of(q, row) || (q->red_only && row->red == 0))
		return false;
	if (q->state != 0)
		return row->state == q->state;
	return q->all || row->state != DBK_FINDING_RESOLVED;
}

static void
begin_at(const struct dbk_books *books, struct findings_question *q)
{
	struct dbk_listing *listing = &q->listing;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_FINDINGS);

	if (!listing->from_token)
		listing->next =
		    is_chain(q)
			? dbk_look_finding_of(books, q->rule, q->kind, q->subject_id)
			: newest;
	else if (listing->next > newest ||
		 (is_chain(q) && !is_of(q, dbk_look_finding(books, listing->next))))
		q->token_is_bad = true;
}

static void
begin_findings(const struct dbk_books *books, struct findings_question *q)
{
	enum dbk_space space =
	    q->kind == 0 ? (enum dbk_space)0 : dbk_look_subject_space(q->kind);

	q->begun = true;
	if (space != 0) {
		q->subject_id = dbk_look_find(books, space, q->subject);
		q->subject_is_unknown = q->subject_id == 0;
	}
	if (!q->subject_is_unknown)
		begin_at(books, q);
	if (q->subject_is_unknown || q->token_is_bad)
		q->listing.next = 0;
}

static void
look_findings(const struct dbk_books *books, void *answer)
{
	struct findings_question *q = answer;
	struct dbk_listing *listing = &q->listing;

	listing->size = dbk_books_size(books);
	if (!q->begun)
		begin_findings(books, q);
	while (dbk_listing_goes_on(listing)) {
		uint32_t id = listing->next;
		const struct dbk_row_finding *row = dbk_look_finding(books, id);

		if (is_wanted(q, row))
			dbk_finding_fill(q->call, books, id, q->rows[listing->n++]);
		listing->next = is_chain(q) ? row->older : id - 1;
	}
}

/* ---------------------------------------------------------------------- the request */

static bool
bad_number(struct dbk_call *call, const char *reason, const char *field, int32_t number,
	   const char *wrong)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId32, number);
	return dbk_call_bad(call, reason, field, dbk_str_of(text), wrong);
}

static bool
read_subject(struct dbk_call *call, const Daybook__V1__ListFindingsRequest *request,
	     struct findings_question *q)
{
	struct dbk_str kind = dbk_call_str(request->subject_kind);

	q->subject = dbk_call_str(request->subject);
	if (kind.size == 0)
		return q->subject.size == 0 ||
		       dbk_call_needs(call, "subject_kind", request->subject_kind);
	for (unsigned i = DBK_SUBJECT_AGENT; i < SUBJECT_KINDS; i++)
		if (dbk_str_equal(kind, dbk_str_of(subject_kinds[i])))
			q->kind = (enum dbk_subject_kind)i;
	if (q->kind == 0)
		return dbk_call_bad(call, "SUBJECT_KIND", "subject_kind", kind,
				    "nothing of this kind has findings");
	if (q->kind != DBK_SUBJECT_BOOK)
		return dbk_call_needs(call, "subject", request->subject);
	return q->subject.size == 0 ||
	       dbk_call_bad(call, "SUBJECT", "subject", q->subject,
			    "the book as a subject has no name");
}

static bool
read_request(struct dbk_call *call, const Daybook__V1__ListFindingsRequest *request,
	     struct findings_question *q)
{
	int32_t rule = (int32_t)request->rule, state = (int32_t)request->state;

	if (rule != 0 && (rule < 0 || guard_name((enum dbk_rule)rule) == NULL))
		return bad_number(call, "RULE", "rule", rule,
				  "no finding is of this rule");
	if (state < 0 || state > DBK_FINDING_RESOLVED)
		return bad_number(call, "STATE", "state", state,
				  "no finding has this state");
	q->rule = (enum dbk_rule)rule;
	q->state = (uint32_t)state;
	q->all = request->all;
	q->red_only = request->red_only;
	return read_subject(call, request, q);
}

static bool
subject_unknown(struct dbk_call *call, const struct findings_question *q)
{
	static const char *const reasons[] = {
		[DBK_SUBJECT_AGENT] = "AGENT_UNKNOWN",
		[DBK_SUBJECT_SKU] = "SKU_UNKNOWN",
		[DBK_SUBJECT_LOT] = "LOT_UNKNOWN",
		[DBK_SUBJECT_ORDER] = "ORDER_UNKNOWN",
		[DBK_SUBJECT_LOCATION] = "HOLDER_UNKNOWN",
	};

	return dbk_call_not_found(call, reasons[q->kind], "subject", q->subject);
}

static bool
list_findings(struct dbk_call *call, struct findings_question *q, const char *token)
{
	if (!dbk_listing_walk(call, &q->listing, look_findings, q))
		return false;
	if (q->subject_is_unknown)
		return subject_unknown(call, q);
	if (q->token_is_bad)
		return dbk_call_bad(call, "PAGE_TOKEN", "page_token",
				    dbk_call_str(token),
				    "that finding is not in this listing");
	return dbk_finding_tell(call, q->rows, q->listing.n);
}

bool
dbk_call_list_findings(struct dbk_call *call)
{
	const Daybook__V1__ListFindingsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_findings_request__descriptor);
	Daybook__V1__ListFindingsReply reply = DAYBOOK__V1__LIST_FINDINGS_REPLY__INIT;
	struct findings_question q = { .call = call };

	if (request == NULL || !read_request(call, request, &q) ||
	    !dbk_listing_begin(call, &q.listing,
			       is_chain(&q) ? SUBJECT_LETTER : ALL_LETTER,
			       request->page_size, request->page_token) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.rows = dbk_call_messages(call, q.listing.rows_max,
				   &daybook__v1__finding__descriptor);
	if (q.rows != NULL && !list_findings(call, &q, request->page_token))
		return false;
	reply.size = q.listing.size;
	reply.findings = q.rows;
	reply.n_findings = q.listing.n;
	reply.next_page_token = dbk_listing_token(call, &q.listing);
	return dbk_call_reply(call, &reply.base);
}
