/* access.c -- who read what of persons and payouts. */

#include <stdio.h>

#include "listing.h"
#include "rpc/grpc_status.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	struct cli_time from, to;
	const char *caller, *about;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "from", "TIME", "only from TIME on", CLI_INSTANT,
	  offsetof(struct options, from), 0, 0 },
	{ "to", "TIME", "only before TIME", CLI_INSTANT, offsetof(struct options, to),
	  0, 0 },
	{ "caller", "NAME", "only calls of NAME", CLI_TEXT,
	  offsetof(struct options, caller), 0, 0 },
	{ "about", "ID", "only about this agent, payout, order or subject", CLI_TEXT,
	  offsetof(struct options, about), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_WIDE,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END,
};

static const struct table_column columns[] = {
	{ "number", TABLE_NUMBER, true }, { "at", TABLE_TEXT, false },
	{ "caller", TABLE_TEXT, false },  { "token_id", TABLE_TEXT, true },
	{ "peer", TABLE_TEXT, true },	  { "method", TABLE_TEXT, false },
	{ "about", TABLE_TEXT, false },	  { "status", TABLE_TEXT, false },
};

/* Statuses by name, as clients know them. */
static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__AccessEntry *entry = (const Daybook__V1__AccessEntry *)row;
	char number[16];
	const char *status = number;

	(void)reply, (void)context;
	(void)snprintf(number, sizeof number, "%u", (unsigned)entry->status);
	if (entry->status < DBK_GRPC_CODES)
		status = dbk_grpc_status_name((enum dbk_grpc_code)entry->status);
	table_u64(table, entry->number);
	table_time(table, entry->at);
	table_text(table, entry->caller);
	table_text(table, entry->token_id);
	table_text(table, entry->peer);
	table_text(table, entry->method);
	table_text(table, entry->about);
	table_alarm(table, status,
		    entry->status == DBK_GRPC_PERMISSION_DENIED ||
			entry->status == DBK_GRPC_UNAUTHENTICATED ||
			entry->status == DBK_GRPC_RESOURCE_EXHAUSTED);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListAccessRequest request = DAYBOOK__V1__LIST_ACCESS_REQUEST__INIT;
	Google__Protobuf__Timestamp from, to;
	struct listing listing = {
		.method = "ListAccess",
		.request = &request.base,
		.reply = &daybook__v1__list_access_reply__descriptor,
		.rows = "entries",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.from = listing_time(&o->from, &from);
	request.to = listing_time(&o->to, &to);
	if (o->caller != NULL)
		request.caller = (char *)(uintptr_t)o->caller;
	if (o->about != NULL)
		request.about = (char *)(uintptr_t)o->about;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_access = {
	.name = "access",
	.group = CLI_OPERATE,
	.operands = "",
	.summary = "who read what of persons and payouts",
	.about =
	    "Shows the access record, newest first: each call that read of persons, "
	    "payouts or\nthe log, who made it, about whom, and how it ended; and "
	    "each call that was denied.",
	.examples = "  daybook access --about A17\n"
		    "  daybook access --caller board --from 2026-01-01 --format csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
