/* close.c -- closes a period, or says what stands in the way. */

#include <inttypes.h>
#include <stdio.h>

#include "listing.h"
#include "names.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	struct cli_time from;
	struct cli_time to;
	bool check;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "from", "TIME", "the beginning: where the last closed period ended",
	  CLI_INSTANT, offsetof(struct options, from), 0, 0 },
	{ "to", "TIME", "the end: the first instant that is not in it", CLI_INSTANT,
	  offsetof(struct options, to), 0, 0 },
	{ "check", NULL, "only say what stands in the way", CLI_FLAG,
	  offsetof(struct options, check), 0, 0 },
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

/* ------------------------------------------------------------------------------ check
 */

static const struct table_column columns[] = {
	{ "item", TABLE_TEXT, false },	   { "ok", TABLE_TEXT, false },
	{ "required", TABLE_TEXT, false }, { "measured", TABLE_NUMBER, false },
	{ "text", TABLE_TEXT, false },
};

static void
print_item(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__CloseCheckItem *item =
	    (const Daybook__V1__CloseCheckItem *)row;

	(void)reply;
	(void)context;
	table_text(table, item->item);
	if (table_is_csv(table))
		table_flag(table, item->ok, "");
	else
		table_alarm(table, item->ok ? "ok" : "no", !item->ok && item->required);
	table_flag(table, item->required, "yes");
	table_i64(table, item->measured);
	table_text(table, item->text);
}

static void
print_verdict(const Daybook__V1__CloseCheck *check)
{
	(void)printf("\n%s after %" PRIu64 " records",
		     check->can_close ? "can be closed" : "cannot be closed",
		     check->size);
	(void)fputs("; balances ", stdout);
	for (size_t i = 0; i < check->balances_hash.len; i++)
		(void)printf("%02x", check->balances_hash.data[i]);
	(void)fputc('\n', stdout);
}

static void
print_check(Daybook__V1__CloseCheck *check, const struct cli_listing *o)
{
	struct table *table;

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, &check->base);
		return;
	}
	table = table_open(stdout, listing_style(o), columns,
			   sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < check->n_items; i++) {
		print_item(table, &check->base, &check->items[i]->base, NULL);
		table_end_row(table);
	}
	table_close(table);
	if (o->format == CLI_TABLE)
		print_verdict(check);
}

static int
check_close(const struct options *o, const Daybook__V1__ClosePeriodRequest *request)
{
	ProtobufCMessage *reply;
	int code = session_call_alone(&o->listing.common, "CheckClose", &request->base,
				      &daybook__v1__close_check__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	print_check((Daybook__V1__CloseCheck *)reply, &o->listing);
	if (!((Daybook__V1__CloseCheck *)reply)->can_close)
		code = EXIT_REFUSED;
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

/* ------------------------------------------------------------------------------ close
 */

static int
say_result(const Daybook__V1__EventResult *result, const char *period, bool words)
{
	char text[NAMES_REFUSAL_BYTES];

	switch (result->outcome) {
	case DAYBOOK__V1__OUTCOME__ACCEPTED:
	case DAYBOOK__V1__OUTCOME__DUPLICATE:
		if (words)
			(void)printf("period %s %s closed by the record at position "
				     "%" PRIu64 "\n",
				     period,
				     result->outcome == DAYBOOK__V1__OUTCOME__ACCEPTED
					 ? "is"
					 : "was",
				     result->position);
		return EXIT_OK;
	case DAYBOOK__V1__OUTCOME__REFUSED:
		names_refusal(result->refusal, text);
		diag_error("refused: %s; --check says more", text);
		return EXIT_REFUSED;
	case DAYBOOK__V1__OUTCOME__INVALID:
	case DAYBOOK__V1__OUTCOME__OUTCOME_UNSPECIFIED:
	case _DAYBOOK__V1__OUTCOME_IS_INT_SIZE:
		break;
	}
	names_event_fault(result->fault, text);
	diag_error("invalid: %s", text);
	return EXIT_INVALID;
}

static int
close_period(const struct options *o, const Daybook__V1__ClosePeriodRequest *request)
{
	bool json = o->listing.format == CLI_JSON || o->listing.format == CLI_JSONL;
	const Daybook__V1__AppendReply *answer;
	ProtobufCMessage *reply;
	int code = session_call_alone(&o->listing.common, "ClosePeriod", &request->base,
				      &daybook__v1__append_reply__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	answer = (const Daybook__V1__AppendReply *)reply;
	if (json)
		json_rows_message(stdout, reply);
	if (answer->n_results == 1) {
		code = say_result(answer->results[0], request->period, !json);
	} else {
		diag_error("the server's reply has no result");
		code = EXIT_FAILED;
	}
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ClosePeriodRequest request =
	    DAYBOOK__V1__CLOSE_PERIOD_REQUEST__INIT;
	Google__Protobuf__Timestamp from, to;

	if (!o->from.given || !o->to.given) {
		diag_error("%s TIME is missing", o->from.given ? "--to" : "--from");
		return EXIT_USAGE;
	}
	request.period = call->operands[0];
	request.from = listing_time(&o->from, &from);
	request.to = listing_time(&o->to, &to);
	return o->check ? check_close(o, &request) : close_period(o, &request);
}

const struct cli_verb verb_close = {
	.name = "close",
	.group = CLI_OPERATE,
	.operands = "PERIOD",
	.summary = "close a period, or say what stands in the way",
	.about =
	    "Closes a period: the daemon computes the hash of all balances and logs "
	    "it. "
	    "From\n"
	    "then on what happened in the period is marked as such and posts to the "
	    "open "
	    "one;\n"
	    "nothing is ever opened again. Periods follow one another without a "
	    "gap.\n\n"
	    "--check lists what is looked at, what of it is required and what was "
	    "measured,\n"
	    "and ends with 3 if the period cannot be closed; a close that is refused "
	    "does, too.",
	.examples =
	    "  daybook close 2011-06 --from 2011-06-01 --to 2011-07-01 --check\n"
	    "  daybook close 2011-06 --from 2011-06-01 --to 2011-07-01\n"
	    "  daybook report periods --wide",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
