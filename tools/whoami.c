/* whoami.c -- who the daemon takes us for. */

#include "facts.h"
#include "listing.h"
#include "roles.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_END };

static void
print_caller(const Daybook__V1__Caller *caller, struct table_style style)
{
	struct dbk_buf roles, sources;
	struct facts facts;

	dbk_buf_init(&roles);
	dbk_buf_init(&sources);
	roles_put(caller->roles, caller->n_roles, &roles);
	roles_put_sources(caller->sources, caller->n_sources, &sources);
	facts_init(&facts);
	facts_text(&facts, "name", caller->name);
	facts_text(&facts, "roles", (const char *)roles.bytes);
	facts_text(&facts, "sources", (const char *)sources.bytes);
	facts_time(&facts, "expires_at", caller->expires_at);
	facts_print(&facts, style);
	dbk_buf_fini(&roles);
	dbk_buf_fini(&sources);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__GetCallerRequest request = DAYBOOK__V1__GET_CALLER_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	code = session_call_alone(&o->common, "GetCaller", &request.base,
				  &daybook__v1__caller__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	if (o->format == CLI_JSON || o->format == CLI_JSONL)
		json_rows_message(stdout, reply);
	else
		print_caller((const Daybook__V1__Caller *)reply, listing_style(o));
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

const struct cli_verb verb_whoami = {
	.name = "whoami",
	.group = CLI_OPERATE,
	.operands = "",
	.summary = "who the daemon takes you for",
	.about =
	    "Shows the name, the roles and the sources that the token has which is "
	    "shown, or the\nuser of the daemon's machine, or the certificate.",
	.examples = "  daybook whoami\n"
		    "  DAYBOOK_TOKEN_FILE=shop.token daybook whoami",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
