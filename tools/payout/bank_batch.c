/* bank_batch.c -- approved payouts as batches, and the file that a bank pays from. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "bank_file.h"
#include "base/assert.h"
#include "base/money.h"
#include "batch.h"
#include "event_out.h"
#include "names.h"
#include "payees.h"
#include "register.h"
#include "verbs.h"

/* A dry run tells 1,000 postings of an event, and withholding makes two a payout. */
#define BATCH_PAYOUTS (DBK_DRY_RUN_POSTINGS_MAX / 2)

/* So many batches stay below the bytes that a dry run tells, with ids of any length. */
#define BATCHES_MAX 10

struct options {
	struct event_out_options out;
	const char *batch;
	const char *file;
};

static const struct options defaults = { .batch = NULL };

static const struct cli_option options[] = {
	{ "batch", "NAME", "the name of the batch", CLI_TEXT,
	  offsetof(struct options, batch), 0, 0 },
	{ "out", "FILE", "the file for the bank: CSV", CLI_TEXT,
	  offsetof(struct options, file), 0, 0 },
	EVENT_OUT_OPTION_AT,
	EVENT_OUT_OPTION_ACTOR,
	CLI_OPTION_END
};

/* A PayoutBatched to be. */
struct bank_batch {
	char name[DBK_ID_BYTES_MAX + 1];
	size_t first, count; /* of the payouts */
	int64_t total;
};

struct collect {
	const struct options *options;
	struct event_out out;
	struct payout_register payouts;
	size_t count; /* of those that this run takes */
	struct payees payees;
	struct bank_row *rows;
	struct bank_batch batches[BATCHES_MAX];
	size_t batch_count;
	unsigned char hash[DBK_DIGEST_BYTES];
};

/* --------------------------------------------------------------------------- batches
 */

static int
name_batch(struct collect *c, size_t index)
{
	int size;

	if (c->batch_count == 1)
		size = snprintf(c->batches[index].name, DBK_ID_BYTES_MAX + 1, "%s",
				c->options->batch);
	else
		size = snprintf(c->batches[index].name, DBK_ID_BYTES_MAX + 1, "%s-%zu",
				c->options->batch, index + 1);
	if (size > 0 && size <= DBK_ID_BYTES_MAX)
		return EXIT_OK;
	diag_error("--batch: a name of the batches is above %d bytes, or empty",
		   DBK_ID_BYTES_MAX);
	return EXIT_USAGE;
}

static int
make_batches(struct collect *c)
{
	int code = EXIT_OK;

	c->count = c->payouts.count;
	if (c->count > (size_t)BATCHES_MAX * BATCH_PAYOUTS)
		c->count = (size_t)BATCHES_MAX * BATCH_PAYOUTS;
	c->batch_count = (c->count + BATCH_PAYOUTS - 1) / BATCH_PAYOUTS;
	for (size_t i = 0; i < c->batch_count && code == EXIT_OK; i++) {
		struct bank_batch *batch = &c->batches[i];

		batch->first = i * BATCH_PAYOUTS;
		batch->count = c->count - batch->first < BATCH_PAYOUTS
				   ? c->count - batch->first
				   : BATCH_PAYOUTS;
		for (size_t j = 0; j < batch->count; j++)
			batch->total += c->payouts.payouts[batch->first + j]->gross;
		code = name_batch(c, i);
	}
	return code;
}

/* The event of BATCH; NAMES has room for its payouts. */
static void
make_body(const struct collect *c, struct bank_batch *batch, char **names,
	  Daybook__V1__PayoutBatched *body)
{
	daybook__v1__payout_batched__init(body);
	for (size_t i = 0; i < batch->count; i++)
		names[i] = c->payouts.payouts[batch->first + i]->payout;
	body->batch = batch->name;
	body->payouts = names;
	body->n_payouts = batch->count;
	body->total = batch->total;
}

/* ------------------------------------------------------------------------- a dry run
 */

static void
add_event(struct batch *batch, const Daybook__V1__Event *event)
{
	struct dbk_buf bytes;
	bool fits;

	dbk_buf_init(&bytes);
	session_pack(&event->base, &bytes);
	fits = batch_add(batch, 0, dbk_str_make(bytes.bytes, bytes.size));
	dbk_assert(fits);
	dbk_buf_fini(&bytes);
}

/* The clock first: what falls due by then posts there and not in a batch. */
static void
add_events(struct collect *c, struct batch *out)
{
	Daybook__V1__ClockAdvanced clock = DAYBOOK__V1__CLOCK_ADVANCED__INIT;
	Daybook__V1__Event event = event_out_make(&c->out);
	char *names[BATCH_PAYOUTS];

	event.body_case = DAYBOOK__V1__EVENT__BODY_CLOCK_ADVANCED;
	event.clock_advanced = &clock;
	add_event(out, &event);
	for (size_t i = 0; i < c->batch_count; i++) {
		Daybook__V1__PayoutBatched body;

		make_body(c, &c->batches[i], names, &body);
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_BATCHED;
		event.payout_batched = &body;
		add_event(out, &event);
	}
}

static int
dry_run(struct session *session, struct collect *c, Daybook__V1__AppendReply **out)
{
	Daybook__V1__AppendRequest request = DAYBOOK__V1__APPEND_REQUEST__INIT;
	ProtobufCMessage *reply = NULL;
	struct batch batch;
	int code;

	batch_init(&batch);
	add_events(c, &batch);
	request.source = (char *)"daybook-cli";
	request.batch.data = batch.bytes.bytes;
	request.batch.len = batch.bytes.size;
	request.dry_run = true;
	code = session_call(session, "Append", &request.base,
			    &daybook__v1__append_reply__descriptor, &reply);
	batch_fini(&batch);
	*out = (Daybook__V1__AppendReply *)reply;
	if (code != EXIT_OK || (*out)->n_results == c->batch_count + 1)
		return code;
	diag_error("the server answered %zu of %zu events", (*out)->n_results,
		   c->batch_count + 1);
	protobuf_c_message_free_unpacked(reply, NULL);
	*out = NULL;
	return EXIT_FAILED;
}

static int
refused(const struct bank_batch *batch, const Daybook__V1__EventResult *result)
{
	char text[NAMES_REFUSAL_BYTES];

	if (result->outcome == DAYBOOK__V1__OUTCOME__DUPLICATE) {
		diag_error("there is a batch %s already", batch->name);
		return EXIT_REFUSED;
	}
	if (result->outcome == DAYBOOK__V1__OUTCOME__REFUSED) {
		names_refusal(result->refusal, text);
		diag_error("batch %s would be refused: %s", batch->name, text);
		return EXIT_REFUSED;
	}
	names_event_fault(result->fault, text);
	diag_error("batch %s would be invalid: %s", batch->name, text);
	return EXIT_INVALID;
}

/* A total that is wrong is told with the right one.  *OUT_AGAIN: ask again with it. */
static int
take_answers(struct collect *c, const Daybook__V1__AppendReply *reply, bool *out_again)
{
	*out_again = false;
	for (size_t i = 0; i < c->batch_count; i++) {
		const Daybook__V1__EventResult *result = reply->results[i + 1];
		struct bank_batch *batch = &c->batches[i];

		if (result->outcome == DAYBOOK__V1__OUTCOME__ACCEPTED)
			continue;
		if (result->outcome != DAYBOOK__V1__OUTCOME__REFUSED ||
		    result->refusal == NULL ||
		    result->refusal->rule != DAYBOOK__V1__RULE__AMOUNT_MISMATCH ||
		    result->refusal->limit <= 0 ||
		    result->refusal->limit == batch->total)
			return refused(batch, result);
		batch->total = result->refusal->limit;
		*out_again = true;
	}
	return EXIT_OK;
}

/* --------------------------------------------------------------------- tax by payout
 */

/* What is withheld is taken from what the payout has reserved. */
#define RESERVED 2140

static void
take_tax(struct collect *c, const struct bank_batch *batch,
	 const Daybook__V1__Posting *posting)
{
	if (posting->code != RESERVED ||
	    posting->cause != DAYBOOK__V1__CAUSE__CAUSE_TAX)
		return;
	for (size_t i = batch->first; i < batch->first + batch->count; i++) {
		if (strcmp(c->rows[i].payout->payout, posting->payout) == 0)
			c->rows[i].tax += posting->amount;
	}
}

/* The net amounts make the total that the book expects, or no file is written. */
static int
take_taxes(struct collect *c, const Daybook__V1__AppendReply *reply)
{
	for (size_t i = 0; i < c->batch_count; i++) {
		const Daybook__V1__EventResult *result = reply->results[i + 1];
		const struct bank_batch *batch = &c->batches[i];
		int64_t total = 0;

		for (size_t j = 0; j < result->n_postings; j++)
			take_tax(c, batch, result->postings[j]);
		for (size_t j = batch->first; j < batch->first + batch->count; j++)
			total += c->rows[j].payout->gross - c->rows[j].tax;
		if (total == batch->total)
			continue;
		diag_error("the net amounts of batch %s make %" PRId64
			   " minor units, the book expects %" PRId64
			   "; no file was written",
			   batch->name, total, batch->total);
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

/* Each answer can set one more total right, as later batches see the earlier ones. */
static int
find_totals(struct session *session, struct collect *c)
{
	for (size_t round = 0; round <= c->batch_count + 1; round++) {
		Daybook__V1__AppendReply *reply;
		bool again;
		int code = dry_run(session, c, &reply);

		if (code != EXIT_OK)
			return code;
		code = take_answers(c, reply, &again);
		if (code == EXIT_OK && !again)
			code = take_taxes(c, reply);
		protobuf_c_message_free_unpacked(&reply->base, NULL);
		if (code != EXIT_OK || !again)
			return code;
	}
	diag_error("the totals change from one dry run to the next; try again");
	return EXIT_FAILED;
}

/* -------------------------------------------------------------------------- the rows
 */

static int
make_rows(struct session *session, struct collect *c)
{
	int code = payees_read(session, PAYEES_OF_PAYOUTS, NULL, &c->payees);

	if (code != EXIT_OK)
		return code;
	c->rows = calloc(c->count + 1, sizeof *c->rows);
	dbk_assert(c->rows != NULL);
	for (size_t i = 0; i < c->count; i++) {
		struct bank_row *row = &c->rows[i];

		row->payout = c->payouts.payouts[i];
		row->payee_hash = payees_find(&c->payees, row->payout->payout);
		if (row->payee_hash != NULL && row->payee_hash->len > 0)
			continue;
		diag_error("the log has no payee of payout %s", row->payout->payout);
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

static void
print_events(struct collect *c)
{
	char *names[BATCH_PAYOUTS];

	for (size_t i = 0; i < c->batch_count; i++) {
		Daybook__V1__Event event = event_out_make(&c->out);
		Daybook__V1__PayoutBatched body;

		make_body(c, &c->batches[i], names, &body);
		body.file_hash.data = c->hash;
		body.file_hash.len = sizeof c->hash;
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_BATCHED;
		event.payout_batched = &body;
		event_out_print(&c->out, &event);
	}
}

static void
print_sums(const struct collect *c)
{
	(void)fflush(stdout);
	for (size_t i = 0; i < c->batch_count; i++) {
		char text[DBK_MONEY_TEXT_BYTES];

		(void)dbk_money_format(c->batches[i].total, c->payouts.exponent, text);
		(void)fprintf(stderr, "(batch %s: %zu payouts, %s %s net)\n",
			      c->batches[i].name, c->batches[i].count, text,
			      c->payouts.currency);
	}
	if (c->count < c->payouts.count)
		(void)fprintf(stderr,
			      "(%zu more are approved: append this, then run it again "
			      "under another name)\n",
			      c->payouts.count - c->count);
}

static int
collect(struct session *session, struct collect *c)
{
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	struct dbk_error error = { DBK_OK, "" };
	int code;

	request.state = DAYBOOK__V1__PAYOUT_STATE__PAYOUT_APPROVED;
	code = register_fetch(session, &request, &c->payouts);
	if (code != EXIT_OK)
		return code;
	if (c->payouts.exponent > DBK_EXPONENT_MAX)
		c->payouts.exponent = DBK_EXPONENT_MAX;
	if (c->payouts.count == 0) {
		(void)fputs("(no payout is approved; no file was written)\n", stderr);
		return EXIT_OK;
	}
	code = make_batches(c);
	if (code == EXIT_OK)
		code = make_rows(session, c);
	if (code == EXIT_OK)
		code = find_totals(session, c);
	if (code != EXIT_OK)
		return code;
	if (bank_file_write(c->options->file, c->rows, c->count, c->payouts.exponent,
			    c->hash, &error) != DBK_OK)
		return diag_failure(&error);
	print_events(c);
	print_sums(c);
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct session *session;
	struct collect *c;
	int code;

	if (o->batch == NULL || o->file == NULL) {
		diag_error("%s is missing",
			   o->batch == NULL ? "--batch NAME" : "--out FILE");
		return EXIT_USAGE;
	}
	code = session_open(&o->out.common, &session);
	if (code != EXIT_OK)
		return code;
	c = calloc(1, sizeof *c);
	dbk_assert(c != NULL);
	c->options = o;
	event_out_init(&c->out, &o->out);
	code = collect(session, c);
	payees_free(&c->payees);
	register_free(&c->payouts);
	free(c->rows);
	free(c);
	session_close(session);
	return code;
}

const struct cli_verb verb_payout_batch = {
	.name = "payout batch",
	.group = CLI_WRITE,
	.operands = "",
	.summary = "approved ones, as a batch with a file for the bank",
	.about =
	    "Collects every approved payout, asks the book by a dry run what tax it "
	    "would\n"
	    "withhold of each, writes the file that a bank pays from (payout, agent,\n"
	    "payee_hash, gross, tax, net) and prints a PayoutBatched event with the "
	    "total and\n"
	    "the file's BLAKE2b-256. The payee is the one that the request named.\n\n"
	    "A batch has at most 500 payouts; more become NAME-1, NAME-2 and so on in "
	    "one\n"
	    "file, at most 5000. If anything changes between this and `append`, the "
	    "book\n"
	    "refuses the batch (AMOUNT_MISMATCH, PAYOUT_STATE) and nothing has "
	    "happened.",
	.examples =
	    "  daybook payout batch --batch 2011-06 --out bank.csv | daybook append -\n"
	    "  b2sum -l 256 bank.csv   # the hash that the book has",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
