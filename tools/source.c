/* source.c -- what the book knows of a producer. */

#include "facts.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_END };

static void
print_source(const Daybook__V1__Source *source, struct table_style style)
{
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "source", source->source);
	facts_u64(&facts, "last_batch_seq", source->last_batch_seq);
	facts_u64(&facts, "batches", source->batches);
	facts_u64(&facts, "accepted", source->accepted);
	facts_u64(&facts, "duplicates", source->duplicates);
	facts_u64(&facts, "refused", source->refused);
	facts_u64(&facts, "invalid", source->invalid);
	facts_print(&facts, style);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__GetSourceRequest request = DAYBOOK__V1__GET_SOURCE_REQUEST__INIT;
	const Daybook__V1__Source *source;
	ProtobufCMessage *reply;
	int code;

	request.source = call->operands[0];
	code = session_call_alone(&o->common, "GetSource", &request.base,
				  &daybook__v1__source__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	source = (const Daybook__V1__Source *)reply;
	if (!source->known) {
		diag_error("no such source: %s", call->operands[0]);
		code = EXIT_NOT_FOUND;
	} else if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, reply);
	} else {
		print_source(source, listing_style(o));
	}
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static const struct cli_verb *const below[] = { &verb_source_new_key,
						&verb_source_register,
						&verb_source_revoke,
						&verb_source_keys, NULL };

const struct cli_verb verb_source = {
	.name = "source",
	.group = CLI_OPERATE,
	.operands = "NAME",
	.summary = "what the book knows of a producer; its keys",
	.about = "Shows the number of the last batch of a source, from which it "
		 "resumes, and "
		 "what\nbecame of its events. The words below are about the keys that "
		 "sources sign with.",
	.examples = "  daybook source daybook-cli@$(hostname)\n"
		    "  daybook source shop-eu --format json",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
	.below = below,
};
