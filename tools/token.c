/* token.c -- tokens listed and revoked; token_new.c makes them. */

#include "access/caller.h"
#include "listing.h"
#include "roles.h"
#include "verbs.h"

/* ---------------------------------------------------------------------------- list */

struct list_options {
	struct cli_listing listing;
	bool all;
};

static const struct list_options list_defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option list_options[] = {
	{ "all", NULL, "also those that are revoked or have expired", CLI_FLAG,
	  offsetof(struct list_options, all), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_WIDE,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END,
};

static const struct table_column columns[] = {
	{ "id", TABLE_TEXT, false },	     { "name", TABLE_TEXT, false },
	{ "roles", TABLE_TEXT, false },	     { "sources", TABLE_TEXT, false },
	{ "created_at", TABLE_TEXT, true },  { "expires_at", TABLE_TEXT, false },
	{ "revoked_at", TABLE_TEXT, false }, { "last_used_at", TABLE_TEXT, false },
	{ "created_by", TABLE_TEXT, true },  { "certificate_sha256", TABLE_TEXT, true },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Token *token = (const Daybook__V1__Token *)row;

	(void)reply, (void)context;
	table_text(table, token->id);
	table_text(table, token->name);
	roles_cell(table, token->roles, token->n_roles);
	roles_sources_cell(table, token->sources, token->n_sources);
	table_time(table, token->created_at);
	table_time(table, token->expires_at);
	table_time(table, token->revoked_at);
	table_time(table, token->last_used_at);
	table_text(table, token->created_by);
	table_hex(table, token->certificate_sha256.data, token->certificate_sha256.len);
}

static int
run_list(struct cli_call *call)
{
	const struct list_options *o = call->options;
	Daybook__V1__ListTokensRequest request = DAYBOOK__V1__LIST_TOKENS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListTokens",
		.request = &request.base,
		.reply = &daybook__v1__list_tokens_reply__descriptor,
		.rows = "tokens",
		.one_page = true,
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.all = o->all;
	return listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_token_list = {
	.name = "token list",
	.group = CLI_OPERATE,
	.operands = "",
	.summary = "tokens that are in force",
	.about =
	    "Shows who may call, as what, and when each token was used last, to the "
	    "minute.\nSecrets are not shown: the daemon does not have them.",
	.examples = "  daybook token list\n"
		    "  daybook token list --all --format csv",
	.options = list_options,
	.options_bytes = sizeof(struct list_options),
	.defaults = &list_defaults,
	.run = run_list,
};

/* -------------------------------------------------------------------------- revoke */

static const struct cli_common revoke_defaults = { .timeout_s = 0 };

static const struct cli_option revoke_options[] = { CLI_OPTION_END };

static int
run_revoke(struct cli_call *call)
{
	Daybook__V1__RevokeTokenRequest request =
	    DAYBOOK__V1__REVOKE_TOKEN_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.id = call->operands[0];
	code = session_call_alone(call->options, "RevokeToken", &request.base,
				  &daybook__v1__token__descriptor, &reply);
	if (code == EXIT_OK)
		protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

const struct cli_verb verb_token_revoke = {
	.name = "token revoke",
	.group = CLI_OPERATE,
	.operands = "ID",
	.summary = "let a token in no more",
	.about =
	    "From now on the token of this ID is turned away, for good. Calls that "
	    "are under way\nfor long, such as `log --follow`, end within two "
	    "seconds. Doing it again changes nothing.",
	.examples = "  daybook token revoke k3n8vq2mw7c4xh9d",
	.options = revoke_options,
	.options_bytes = sizeof(struct cli_common),
	.defaults = &revoke_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_revoke,
};

/* --------------------------------------------------------------------------- token */

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_option options[] = { CLI_OPTION_END };

static const struct cli_verb *const below[] = { &verb_token_new, &verb_token_list,
						&verb_token_revoke, NULL };

const struct cli_verb verb_token = {
	.name = "token",
	.group = CLI_OPERATE,
	.operands = "WORD",
	.summary = "who may call, and as what",
	.about =
	    "A token is what a program shows to be let in; the tool takes its own "
	    "from\n$DAYBOOK_TOKEN or --token-file. At the Unix socket the daemon's "
	    "own user and\nroot need none.",
	.examples = "  daybook token new shop-eu --role ingest --source shop-eu\n"
		    "  daybook token list\n"
		    "  daybook token revoke k3n8vq2mw7c4xh9d",
	.options = options,
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.below = below,
};
