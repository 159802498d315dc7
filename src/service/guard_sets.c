/*
 * guard_sets.c -- the guard sets that were published, and what they say.
 *
 * The rows have what the books work with; parameters as they were sent and the approver
 * are in the event.
 */

#include <daybook/limits.h>

#include "books/look_guards.h"
#include "service/call.h"

/* One guard set as an event: a list of up to DBK_PARAMETERS_MAX. */
#define SCRATCH_BYTES_MAX ((size_t)8 * 1024 * 1024)

struct guard_sets_question {
	struct dbk_call *call;
	struct dbk_str name; /* empty: all */
	uint32_t name_id;
	bool begun;
	uint32_t next;	   /* id to look at next, from the newest down */
	uint32_t in_force; /* at the book's clock, 0: none */
	uint64_t size;
	Daybook__V1__GuardSet **rows; /* newest first */
	uint32_t n;
};

static void
begin_guard_sets(const struct dbk_books *books, struct guard_sets_question *q)
{
	q->begun = true;
	q->size = dbk_books_size(books);
	q->name_id = dbk_look_find(books, DBK_SPACE_TAG, q->name);
	q->in_force = dbk_look_guard_set_now(books);
	q->next = dbk_look_guards_newest(books, DBK_LOOK_GUARD_SETS);
}

static void
look_guard_sets(const struct dbk_books *books, void *answer)
{
	struct guard_sets_question *q = answer;

	if (!q->begun)
		begin_guard_sets(books, q);
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next != 0; i++) {
		uint32_t id = q->next--;
		const struct dbk_row_guard_set *row = dbk_look_guard_set(books, id);
		Daybook__V1__GuardSet *out;

		if ((q->name.size > 0 && row->name != q->name_id) ||
		    q->n == DBK_SERVICE_PLANS_MAX)
			continue;
		out = q->rows[q->n++];
		out->guard_set = dbk_call_text(
		    q->call, dbk_look_name(books, DBK_SPACE_TAG, row->name));
		out->version = row->version;
		out->position = row->position;
		out->valid_from = dbk_call_timestamp(q->call, row->valid_from);
		out->in_force = id == q->in_force;
	}
}

static bool
fill_from_events(struct guard_sets_question *q)
{
	static const enum dbk_event_type publishing[] = { DBK_EVENT_GUARD_SET_PUBLISHED,
							  DBK_EVENT_NONE };
	struct dbk_arena scratch;
	bool ok = true;

	dbk_arena_init(&scratch, SCRATCH_BYTES_MAX);
	for (uint32_t i = 0; i < q->n && ok && !q->call->exhausted; i++) {
		const struct dbk_guard_set_published *published;
		Daybook__V1__GuardSet *out = q->rows[i];
		struct dbk_event event;

		dbk_arena_reset(&scratch);
		ok = dbk_call_event(q->call, &scratch, out->position, publishing,
				    &event);
		if (!ok)
			break;
		published = &event.u.guard_set_published;
		out->approver = dbk_call_text(q->call, published->approver);
		out->parameters =
		    dbk_parameters_fill(q->call, published->parameters,
					published->n_parameters, &out->n_parameters);
	}
	dbk_arena_fini(&scratch);
	return ok;
}

/* As they were published. */
static void
turn_round(Daybook__V1__GuardSet **rows, uint32_t n)
{
	for (uint32_t i = 0; i < n / 2; i++) {
		Daybook__V1__GuardSet *kept = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = kept;
	}
}

static bool
list_guard_sets(struct dbk_call *call, struct guard_sets_question *q)
{
	do {
		if (!dbk_call_ask(call, look_guard_sets, q))
			return false;
	} while (q->next != 0);
	if (q->name.size > 0 && q->n == 0)
		return dbk_call_not_found(call, "GUARD_SET_UNKNOWN", "guard_set",
					  q->name);
	return fill_from_events(q);
}

bool
dbk_call_list_guard_sets(struct dbk_call *call)
{
	const Daybook__V1__ListGuardSetsRequest *request =
	    dbk_call_request(call, &daybook__v1__list_guard_sets_request__descriptor);
	Daybook__V1__ListGuardSetsReply reply =
	    DAYBOOK__V1__LIST_GUARD_SETS_REPLY__INIT;
	struct guard_sets_question q = { .call = call };

	if (request == NULL || !dbk_call_wait_books(call, request->at_least_size))
		return false;
	q.name = dbk_call_str(request->guard_set);
	q.rows = dbk_call_messages(call, DBK_SERVICE_PLANS_MAX,
				   &daybook__v1__guard_set__descriptor);
	if (q.rows != NULL && !list_guard_sets(call, &q))
		return false;
	if (!call->exhausted)
		turn_round(q.rows, q.n);
	reply.size = q.size;
	reply.guard_sets = q.rows;
	reply.n_guard_sets = q.n;
	return dbk_call_reply(call, &reply.base);
}
