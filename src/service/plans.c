/*
 * plans.c -- the plans that were published, what they say, and what is to be said about
 * them.
 *
 * The rows have what the books work with; parameters as they were sent and the approver
 * are in the event, which is compiled once more for the findings.
 */

#include <daybook/limits.h>

#include "books/look.h"
#include "plan/lint.h"
#include "service/call.h"

#define FINDINGS_MAX 256

/* One plan as an event, compiled: lists and terms of up to DBK_PARAMETERS_MAX. */
#define SCRATCH_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct plans_question {
	struct dbk_call *call;
	struct dbk_str name; /* empty: all */
	uint32_t name_id;
	uint32_t version; /* 0: all */
	bool begun;
	uint32_t next;	   /* id to look at next, from the newest down */
	uint32_t in_force; /* at the book's clock, 0: none */
	uint64_t size;
	Daybook__V1__Plan **rows; /* newest first */
	uint32_t *ids;
	uint32_t n;
};

static void
fill_plan(struct dbk_call *call, const struct dbk_books *books,
	  const struct dbk_row_plan *row, Daybook__V1__Plan *out)
{
	out->plan = dbk_call_text(call, dbk_look_name(books, DBK_SPACE_TAG, row->name));
	out->version = row->version;
	out->position = row->position;
	out->valid_from = dbk_call_timestamp(call, row->valid_from);
	out->valid_to = dbk_call_timestamp(call, row->valid_to);
}

static void
begin_plans(const struct dbk_books *books, struct plans_question *q)
{
	q->begun = true;
	q->size = dbk_books_size(books);
	q->name_id = dbk_look_find(books, DBK_SPACE_TAG, q->name);
	q->in_force = dbk_look_plan_at(books, dbk_look_book(books)->clock);
	q->next = dbk_look_newest(books, DBK_LOOK_PLANS);
}

static void
look_plans(const struct dbk_books *books, void *answer)
{
	struct plans_question *q = answer;

	if (!q->begun)
		begin_plans(books, q);
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next != 0; i++) {
		uint32_t id = q->next--;
		struct dbk_row_plan row = dbk_look_plan(books, id);

		if ((q->name.size > 0 && row.name != q->name_id) ||
		    (q->version != 0 && row.version != q->version) ||
		    q->n == DBK_SERVICE_PLANS_MAX)
			continue;
		q->ids[q->n] = id;
		fill_plan(q->call, books, &row, q->rows[q->n++]);
	}
}

/* ------------------------------------------------------------ what the event has more
 */

static void
fill_parameter(struct dbk_call *call, const struct dbk_parameter *from,
	       Daybook__V1__Parameter *out)
{
	out->name = dbk_call_text(call, from->name);
	out->value = from->value;
	out->sku = dbk_call_text(call, from->sku);
	out->category = dbk_call_text(call, from->category);
	out->rank = dbk_call_text(call, from->rank);
	out->channel = dbk_call_text(call, from->channel);
	out->region = dbk_call_text(call, from->region);
	out->level = from->level;
	out->choice = dbk_call_text(call, from->choice);
}

Daybook__V1__Parameter **
dbk_parameters_fill(struct dbk_call *call, const struct dbk_parameter *parameters,
		    uint32_t n, size_t *out_n)
{
	Daybook__V1__Parameter **out =
	    dbk_call_messages(call, n, &daybook__v1__parameter__descriptor);

	*out_n = 0;
	for (uint32_t i = 0; out != NULL && i < n; i++)
		fill_parameter(call, &parameters[i], out[(*out_n)++]);
	return out;
}

static void
fill_findings(struct dbk_call *call, const struct dbk_lint *findings, uint32_t n,
	      Daybook__V1__Plan *out)
{
	out->findings =
	    dbk_call_messages(call, n, &daybook__v1__lint_finding__descriptor);
	for (uint32_t i = 0; out->findings != NULL && i < n; i++) {
		Daybook__V1__LintFinding *finding = out->findings[out->n_findings++];
		const char *severity = dbk_lint_severity_name(findings[i].severity);

		finding->severity = dbk_call_text(call, dbk_str_of(severity));
		finding->code = dbk_call_text(call, dbk_str_of(findings[i].code));
		finding->text = dbk_call_text(call, dbk_str_of(findings[i].text));
		if (findings[i].index != DBK_NO_INDEX)
			finding->parameter_plus_one = findings[i].index + 1;
	}
}

static bool
fill_from_event(struct dbk_call *call, struct dbk_arena *scratch, bool with_parameters,
		Daybook__V1__Plan *out)
{
	static const enum dbk_event_type publishing[] = { DBK_EVENT_PLAN_PUBLISHED,
							  DBK_EVENT_NONE };
	struct dbk_lint findings[FINDINGS_MAX];
	struct dbk_parameter_fault fault;
	struct dbk_plan plan;
	struct dbk_event event;
	uint32_t n;

	dbk_arena_reset(scratch);
	if (!dbk_call_event(call, scratch, out->position, publishing, &event))
		return false;
	out->approver = dbk_call_text(call, event.u.plan_published.approver);
	if (with_parameters)
		out->parameters = dbk_parameters_fill(
		    call, event.u.plan_published.parameters,
		    event.u.plan_published.n_parameters, &out->n_parameters);
	if (!dbk_plan_compile(&event.u.plan_published, scratch, &plan, &fault)) {
		call->exhausted = true;
		return true;
	}
	n = dbk_plan_lint(&event.u.plan_published, &plan, findings, FINDINGS_MAX);
	fill_findings(call, findings, n < FINDINGS_MAX ? n : FINDINGS_MAX, out);
	return true;
}

static bool
fill_from_events(struct plans_question *q)
{
	struct dbk_arena scratch;
	bool ok = true;

	dbk_arena_init(&scratch, SCRATCH_BYTES_MAX);
	for (uint32_t i = 0; i < q->n && ok && !q->call->exhausted; i++) {
		ok = fill_from_event(q->call, &scratch, q->version != 0, q->rows[i]);
		q->rows[i]->in_force = q->ids[i] == q->in_force;
	}
	dbk_arena_fini(&scratch);
	return ok;
}

/* As they were published. */
static void
turn_round(Daybook__V1__Plan **rows, uint32_t n)
{
	for (uint32_t i = 0; i < n / 2; i++) {
		Daybook__V1__Plan *kept = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = kept;
	}
}

static bool
list_plans(struct dbk_call *call, struct plans_question *q)
{
	do {
		if (!dbk_call_ask(call, look_plans, q))
			return false;
	} while (q->next != 0);
	if (q->name.size > 0 && q->n == 0)
		return dbk_call_not_found(call, "PLAN_UNKNOWN", "plan", q->name);
	return fill_from_events(q);
}

bool
dbk_call_list_plans(struct dbk_call *call)
{
	const Daybook__V1__ListPlansRequest *request =
	    dbk_call_request(call, &daybook__v1__list_plans_request__descriptor);
	Daybook__V1__ListPlansReply reply = DAYBOOK__V1__LIST_PLANS_REPLY__INIT;
	struct plans_question q = { .call = call };

	if (request == NULL ||
	    (request->version != 0 && !dbk_call_needs(call, "plan", request->plan)) ||
	    !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.name = dbk_call_str(request->plan);
	q.version = request->version;
	q.rows = dbk_call_messages(call, DBK_SERVICE_PLANS_MAX,
				   &daybook__v1__plan__descriptor);
	q.ids = dbk_call_take(call, DBK_SERVICE_PLANS_MAX, sizeof *q.ids);
	if (!call->exhausted && !list_plans(call, &q))
		return false;
	if (!call->exhausted)
		turn_round(q.rows, q.n);
	reply.size = q.size;
	reply.plans = q.rows;
	reply.n_plans = q.n;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
