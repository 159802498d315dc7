/* receipt.c -- records with their proofs, as texts that anybody checks. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include <daybook/v1/service.pb-c.h>

#include "base/assert.h"
#include "export/out_file.h"
#include "replay/export_receipt.h"
#include "session.h"
#include "verbs.h"

#define US_PER_SECOND 1000000
#define NANOS_PER_US 1000

struct options {
	struct cli_common common;
	struct cli_time from, to;
	bool all;
	uint64_t limit;
	const char *out;
	const char *export;
};

static const struct options defaults = { .limit = DBK_RECEIPTS_MAX, .out = "-" };

static const struct cli_option options[] = {
	{ "all", NULL, "of a payout or an order: all its records", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	{ "from", "TIME", "of a statement: only lines at TIME or later", CLI_INSTANT,
	  offsetof(struct options, from), 0, 0 },
	{ "to", "TIME", "of a statement: only lines before TIME", CLI_INSTANT,
	  offsetof(struct options, to), 0, 0 },
	{ "limit", "N", "at most N receipts, the newest (default: 1000, the most)",
	  CLI_COUNT, offsetof(struct options, limit), 1, DBK_RECEIPTS_MAX },
	{ "out", "FILE", "write to FILE (default: -, standard output)", CLI_TEXT,
	  offsetof(struct options, out), 0, 0 },
	{ "export", "DIR",
	  "of a position: from this export and not from a daemon; several with commas",
	  CLI_TEXT, offsetof(struct options, export), 0, 0 },
	CLI_OPTION_END
};

/* What is asked for, with the messages that the request points to. */
struct question {
	Daybook__V1__GetReceiptsRequest request;
	Daybook__V1__StatementOf statement;
	Google__Protobuf__Timestamp from, to;
};

static Google__Protobuf__Timestamp *
time_of(const struct cli_time *time, Google__Protobuf__Timestamp *out)
{
	if (!time->given)
		return NULL;
	google__protobuf__timestamp__init(out);
	out->seconds = time->us / US_PER_SECOND;
	out->nanos = (int32_t)(time->us % US_PER_SECOND) * NANOS_PER_US;
	return out;
}

static int
ask_position(const char *text, struct question *q)
{
	q->request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_POSITION;
	if (cli_count_parse(text, &q->request.position))
		return EXIT_OK;
	diag_error("position: \"%.60s\" is no number", text);
	return EXIT_USAGE;
}

static int
ask_for(const struct options *o, const char *what, char *name, struct question *q)
{
	daybook__v1__get_receipts_request__init(&q->request);
	daybook__v1__statement_of__init(&q->statement);
	q->request.limit = (uint32_t)o->limit;
	q->request.all = o->all;
	if (strcmp(what, "statement") != 0 && (o->from.given || o->to.given)) {
		diag_error("--from and --to are for statements");
		return EXIT_USAGE;
	}
	if (strcmp(what, "payout") == 0) {
		q->request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_PAYOUT;
		q->request.payout = name;
	} else if (strcmp(what, "order") == 0) {
		q->request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_ORDER;
		q->request.order = name;
	} else if (strcmp(what, "statement") == 0) {
		q->request.of_case = DAYBOOK__V1__GET_RECEIPTS_REQUEST__OF_STATEMENT;
		q->request.statement = &q->statement;
		q->statement.agent = name;
		q->statement.from = time_of(&o->from, &q->from);
		q->statement.to = time_of(&o->to, &q->to);
	} else if (strcmp(what, "position") == 0) {
		return ask_position(name, q);
	} else {
		diag_error("\"%.60s\": receipts are of a payout, an order, a statement "
			   "or a position",
			   what);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int
write_receipts(const struct dbk_buf *receipts, const char *path)
{
	struct out_file out;
	int code = out_file_name(&out, path);

	if (code == EXIT_OK)
		code = out_file_create(&out);
	if (code != EXIT_OK)
		return code;
	if (fwrite(receipts->bytes, 1, receipts->size, out.file) != receipts->size)
		code = out_file_failed(&out, errno);
	return out_file_end(&out, code);
}

/* Of an export there are positions; what else there is to find only books know. */
static int
take_from_export(const struct options *o, char *const *operands, struct dbk_buf *out)
{
	if (strcmp(operands[0], "position") == 0)
		return export_receipts(o->export, operands[1], out);
	diag_error("--export is for positions; a daemon finds a payout, an order, a "
		   "statement");
	return EXIT_USAGE;
}

static int
take_from_daemon(const struct options *o, char *const *operands, struct dbk_buf *out)
{
	const Daybook__V1__GetReceiptsReply *receipts;
	ProtobufCMessage *reply;
	struct question q;
	int code = ask_for(o, operands[0], operands[1], &q);

	if (code == EXIT_OK)
		code = session_call_alone(&o->common, "GetReceipts", &q.request.base,
					  &daybook__v1__get_receipts_reply__descriptor,
					  &reply);
	if (code != EXIT_OK)
		return code;
	receipts = (const Daybook__V1__GetReceiptsReply *)reply;
	for (size_t i = 0; i < receipts->n_receipts; i++)
		dbk_buf_put(out, receipts->receipts[i]->proof.data,
			    receipts->receipts[i]->proof.len);
	if (receipts->left_out > 0)
		diag_error("older ones were left out: %" PRIu32, receipts->left_out);
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct dbk_buf receipts;
	int code;

	dbk_buf_init(&receipts);
	code = o->export != NULL ?
		       take_from_export(o, call->operands, &receipts) :
		       take_from_daemon(o, call->operands, &receipts);
	dbk_assert(!dbk_buf_failed(&receipts));
	if (code == EXIT_OK)
		code = write_receipts(&receipts, o->out);
	dbk_buf_fini(&receipts);
	return code;
}

const struct cli_verb verb_receipt = {
	.name = "receipt",
	.group = CLI_READ,
	.operands = "payout|order|statement|position NAME",
	.summary = "records with their proofs, which anybody checks",
	.about =
	    "Writes a receipt for each record, one after the other: a text of C2SP "
	    "tlog-proof with\nthe record, the hashes that lead from it to the root, "
	    "and "
	    "the signed checkpoint. Of a\npayout the record that ended it, or else the "
	    "latest; of an order the one that placed\nit; of a statement those that "
	    "its "
	    "lines lead to; or the record at a position. Whoever\nhas the verifier key "
	    "(`daybook status`) checks it with `daybook verify`, without a\ndaemon, or "
	    "with any other program that knows the format.",
	.examples =
	    "  daybook receipt payout P-2024-07-A17 --out payout.tlog-proof\n"
	    "  daybook receipt statement A17 --from 2024-07-01 --to 2024-08-01\n"
	    "  daybook receipt position 4711 | head -1\n"
	    "  daybook receipt position 7,12,40 --export out/book   # without a daemon",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 2,
	.operands_max = 2,
	.run = run,
};
