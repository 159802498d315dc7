/*
 * receipts.c -- records with their proofs: those of a payout, of an order, of an
 * agent's statement, or one.
 *
 * First the positions are found, then a checkpoint that covers them is waited for, then
 * receipts are made from the newest back, until the limit or the bytes of a reply are
 * reached.
 */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "books/look.h"
#include "proof/receipt.h"
#include "query/agent_statement.h"
#include "query/order_history.h"
#include "rpc/wire.h"
#include "service/published.h"

#define LIMIT_DEFAULT 100

/* The lowest number of Event.body. */
#define BODY_MIN 100

/* The records that are asked for, oldest first; those before the first were left out.
 */
struct wanted {
	uint64_t *positions;
	uint32_t n;
	uint32_t max;
	uint32_t left_out;
	bool all;
};

/* -------------------------------------------------------------- which: one, payouts */

static bool
out_of_range(struct dbk_call *call, uint64_t position)
{
	uint64_t size = dbk_log_size(call->port->log);

	(void)dbk_answer_set(call->answer, DBK_GRPC_OUT_OF_RANGE, "POSITION",
			     "position %" PRIu64 ": the log has %" PRIu64 " records",
			     position, size);
	(void)dbk_answer_number(call->answer, "position", position);
	return false;
}

static bool
want_one(struct dbk_call *call, uint64_t position, struct wanted *w)
{
	if (position >= dbk_log_size(call->port->log))
		return out_of_range(call, position);
	w->positions[w->n++] = position;
	return true;
}

/* The newest of N positions that rise. */
static void
want_newest(const uint64_t *positions, uint32_t n, struct wanted *w)
{
	w->n = n > w->max ? w->max : n;
	w->left_out += n - w->n;
	memcpy(w->positions, positions + (n - w->n), w->n * sizeof *positions);
}

struct payout_question {
	struct dbk_str name;
	bool known;
	struct dbk_row_payout row;
};

static void
look_payout(const struct dbk_books *books, void *answer)
{
	struct payout_question *q = answer;
	uint32_t id = dbk_look_find(books, DBK_SPACE_PAYOUT, q->name);

	q->known = id != 0;
	if (q->known)
		q->row = dbk_look_payout(books, id);
}

static bool
want_payout(struct dbk_call *call, const char *name, struct wanted *w)
{
	struct payout_question q = { .name = dbk_call_str(name) };
	uint64_t positions[DBK_PAYOUT_STATES];
	uint32_t n = 0;

	if (!dbk_call_needs(call, "payout", name) ||
	    !dbk_call_ask(call, look_payout, &q))
		return false;
	if (!q.known)
		return dbk_call_not_found(call, "PAYOUT_UNKNOWN", "payout", q.name);
	if (w->all)
		n = dbk_payout_positions(&q.row, positions);
	else if (q.row.positions[q.row.state] != 0)
		positions[n++] = q.row.positions[q.row.state] - 1;
	want_newest(positions, n, w);
	return true;
}

/* ------------------------------------------------------------------ which: orders */

struct order_question {
	struct dbk_str name;
	uint32_t order; /* 0: not in the book */
	uint64_t placed_position;
};

static void
look_order(const struct dbk_books *books, void *answer)
{
	struct order_question *q = answer;

	q->order = dbk_look_find(books, DBK_SPACE_ORDER, q->name);
	if (q->order != 0)
		q->placed_position = dbk_look_order(books, q->order)->placed_position;
}

/* The books know the order, and so many records of it the view is to have, too. */
static bool
want_history(struct dbk_call *call, uint32_t order, struct wanted *w)
{
	struct dbk_order_history history;
	struct dbk_error error = { 0 };
	uint64_t *positions;
	enum dbk_err err;

	if (!dbk_call_wait_view(call, dbk_log_size(call->port->log), NULL, NULL))
		return false;
	err = dbk_order_history_get(call->view, order, call->arena, &history, &error);
	if (err != DBK_OK)
		return dbk_call_view_failed(call, err, &error, dbk_str_of(""));
	positions = dbk_call_take(call, history.n, sizeof *positions);
	if (positions == NULL)
		return true;
	for (uint32_t i = 0; i < history.n; i++)
		positions[i] = history.records[i].position;
	want_newest(positions, history.n, w);
	return true;
}

static bool
want_order(struct dbk_call *call, const char *name, struct wanted *w)
{
	struct order_question q = { .name = dbk_call_str(name) };

	if (!dbk_call_needs(call, "order", name) || !dbk_call_ask(call, look_order, &q))
		return false;
	if (q.order == 0)
		return dbk_call_not_found(call, "ORDER_UNKNOWN", "order", q.name);
	if (w->all)
		return want_history(call, q.order, w);
	w->positions[w->n++] = q.placed_position;
	return true;
}

/* -------------------------------------------------------------- which: statements */

static uint64_t
count_lines(const struct dbk_agent_statement *statement)
{
	uint64_t lines = 0;

	for (uint32_t i = 0; i < statement->n_sums; i++)
		lines += statement->sums[i].lines;
	return lines;
}

/* Records of a page of lines, newest first; one record may have many lines.  Gives how
 * many lines were taken. */
static uint32_t
take_lines(const struct dbk_agent_statement *statement, struct wanted *w)
{
	uint32_t i;

	for (i = 0; i < statement->n; i++) {
		uint64_t position = statement->lines[i].position;

		if (w->n > 0 && w->positions[w->n - 1] == position)
			continue;
		if (w->n == w->max)
			break;
		w->positions[w->n++] = position;
	}
	return i;
}

static void
turn_round(struct wanted *w)
{
	for (uint32_t i = 0; i < w->n / 2; i++) {
		uint64_t kept = w->positions[i];

		w->positions[i] = w->positions[w->n - 1 - i];
		w->positions[w->n - 1 - i] = kept;
	}
}

static bool
walk_statement(struct dbk_call *call, struct dbk_agent_statement_query *query,
	       struct wanted *w)
{
	struct dbk_agent_statement statement;
	struct dbk_error error = { 0 };
	uint64_t lines = 0, taken = 0;
	enum dbk_err err;

	do {
		err = dbk_agent_statement_get(call->view, query, call->arena,
					      &statement, &error);
		if (err == DBK_FAILED_NOT_FOUND)
			return dbk_call_needs_agent(call, "statement.agent",
						    query->agent);
		if (err != DBK_OK)
			return dbk_call_view_failed(call, err, &error,
						    query->page.token);
		if (lines == 0)
			lines = count_lines(&statement);
		taken += take_lines(&statement, w);
		query->page.token =
		    dbk_str_of(dbk_call_text(call, dbk_str_of(statement.next.token)));
	} while (query->page.token.size > 0 && w->n < w->max && !call->exhausted);
	w->left_out = (uint32_t)(lines - taken);
	turn_round(w);
	return true;
}

static bool
want_statement(struct dbk_call *call, const Daybook__V1__StatementOf *of,
	       struct wanted *w)
{
	struct dbk_agent_statement_query query = {
		.agent = dbk_call_str(of->agent),
		.page = { .rows_max = DBK_PAGE_ROWS_MAX },
	};

	return dbk_call_needs(call, "statement.agent", of->agent) &&
	       dbk_call_time(call, "statement.from", of->from, true, &query.from) &&
	       dbk_call_time(call, "statement.to", of->to, true, &query.to) &&
	       dbk_call_wait_view(call, dbk_log_size(call->port->log), NULL,
				  &query.as_of) &&
	       walk_statement(call, &query, w);
}

static bool
find_wanted(struct dbk_call *call, const Daybook__V1__GetReceiptsRequest *request,
	    struct wanted *w)
{
	switch (request->of_case) {
	case DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_PAYOUT:
		return want_payout(call, request->payout, w);
	case DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_ORDER:
		return want_order(call, request->order, w);
	case DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_STATEMENT:
		return want_statement(call, request->statement, w);
	case DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_POSITION:
		return want_one(call, request->position, w);
	case DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF__NOT_SET:
	case _DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF__CASE_IS_INT_SIZE:
		break;
	}
	return dbk_call_needs(call, "payout, order, statement or position", "");
}

/* ----------------------------------------------------------------------- receipts */

struct maker {
	struct dbk_call *call;
	struct dbk_published published;
	struct dbk_buf note, proof;
	struct dbk_tree_reader tree;
};

/* The number of the body that EVENT has. */
static uint32_t
type_of(struct dbk_str event)
{
	struct dbk_cursor at = dbk_wire_open(event);
	struct dbk_wire_field field;

	while (dbk_wire_next(&at, &field))
		if (field.number >= BODY_MIN)
			return (uint32_t)field.number;
	return 0;
}

static bool
damaged(struct dbk_call *call, uint64_t position)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_DATA_LOSS, "DAMAGED",
			     "record %" PRIu64 " cannot be opened", position);
	(void)dbk_answer_number(call->answer, "position", position);
	return false;
}

static bool
make_receipt(struct maker *m, uint64_t position, Daybook__V1__Receipt *out)
{
	struct dbk_str note = dbk_str_make(m->note.bytes, m->note.size);
	struct dbk_error error = { 0 };
	struct dbk_record record;
	struct dbk_str bytes;
	enum dbk_err err;

	if (!dbk_call_record(m->call, position, &bytes))
		return false;
	if (!dbk_record_decode(bytes, &record))
		return damaged(m->call, position);
	dbk_buf_reset(&m->proof);
	err = dbk_receipt_put(&m->tree, position, m->published.size, bytes, note,
			      &m->proof, &error);
	if (err != DBK_OK) {
		(void)dbk_answer_error(m->call->answer, err, &error);
		return false;
	}
	out->position = position;
	out->type = type_of(record.event);
	out->type_name = (char *)dbk_event_type_name((enum dbk_event_type)out->type);
	out->proof.data = dbk_call_take(m->call, 1, m->proof.size);
	if (out->proof.data == NULL)
		return true;
	memcpy(out->proof.data, m->proof.bytes, m->proof.size);
	out->proof.len = m->proof.size;
	return true;
}

/* From the newest back, while there is room in a reply; one receipt always has. */
static bool
make_receipts(struct maker *m, const struct wanted *w,
	      Daybook__V1__GetReceiptsReply *reply)
{
	Daybook__V1__Receipt **receipts =
	    dbk_call_messages(m->call, w->n, &daybook__v1__receipt__descriptor);
	uint32_t first = w->n;
	size_t bytes = 0;

	while (first > 0 && !m->call->exhausted) {
		Daybook__V1__Receipt *receipt = receipts[first - 1];

		if (!make_receipt(m, w->positions[first - 1], receipt))
			return false;
		bytes += receipt->proof.len;
		if (bytes > DBK_RECEIPTS_BYTES_MAX && first < w->n)
			break;
		first--;
	}
	reply->receipts = receipts + first;
	reply->n_receipts = w->n - first;
	reply->left_out = w->left_out + first;
	return true;
}

static bool
reply_receipts(struct dbk_call *call, const struct wanted *w)
{
	Daybook__V1__GetReceiptsReply reply = DAYBOOK__V1__GET_RECEIPTS_REPLY__INIT;
	uint64_t least = w->n > 0 ? w->positions[w->n - 1] + 1 : 0;
	struct maker m = { .call = call };
	bool done;

	dbk_buf_init(&m.note);
	dbk_buf_init(&m.proof);
	done = dbk_call_published_of(call, "position", least, &m.published, &m.note);
	if (done) {
		m.tree = dbk_hashes_reader(call->port->hashes(call->port->context));
		reply.size = m.published.size;
		done =
		    make_receipts(&m, w, &reply) && dbk_call_reply(call, &reply.base);
	}
	dbk_buf_fini(&m.proof);
	dbk_buf_fini(&m.note);
	return done;
}

/* A rebuild may want to swap the view while we wait for a checkpoint. */
static void
release_view(struct dbk_call *call)
{
	if (call->view != NULL)
		call->port->release_view(call->port->context, call->view);
	call->view = NULL;
}

static bool
bad_limit(struct dbk_call *call, uint32_t limit)
{
	char text[16];

	(void)snprintf(text, sizeof text, "%" PRIu32, limit);
	return dbk_call_bad(call, "LIMIT", "limit", dbk_str_of(text),
			    "more receipts than an answer may have");
}

bool
dbk_call_get_receipts(struct dbk_call *call)
{
	const Daybook__V1__GetReceiptsRequest *request =
	    dbk_call_request(call, &daybook__v1__get_receipts_request__descriptor);
	struct wanted w = { .n = 0 };

	if (request == NULL)
		return false;
	if (request->limit > DBK_RECEIPTS_MAX)
		return bad_limit(call, request->limit);
	w.all = request->all != 0;
	w.max = request->limit == 0 ? LIMIT_DEFAULT : request->limit;
	w.positions = dbk_call_take(call, w.max, sizeof *w.positions);
	if (w.positions != NULL && !find_wanted(call, request, &w))
		return false;
	release_view(call);
	return reply_receipts(call, &w);
}
