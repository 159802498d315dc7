/* source_keys.c -- keys that sources sign with: a new one, and all that were
 * registered. */

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/base64.h"
#include "listing.h"
#include "names.h"
#include "signing_key.h"
#include "verbs.h"

/* ------------------------------------------------------------------------- new-key */

static const struct cli_common new_key_defaults = { .timeout_s = 0 };

static const struct cli_option new_key_options[] = { CLI_OPTION_END };

static int
run_new_key(struct cli_call *call)
{
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_buf digits;
	int code = signing_key_make(call->operands[0], key);

	if (code != EXIT_OK)
		return code;
	dbk_buf_init(&digits);
	dbk_hex_put(&digits, key, sizeof key);
	(void)printf("%.*s\n", (int)digits.size, (const char *)digits.bytes);
	dbk_buf_fini(&digits);
	return EXIT_OK;
}

const struct cli_verb verb_source_new_key = {
	.name = "source new-key",
	.group = CLI_OPERATE,
	.operands = "FILE",
	.summary = "make a key to sign batches with",
	.about = "Makes an Ed25519 key, writes it to FILE (mode 0600), which must not "
		 "exist, and\n"
		 "prints its public half, which is what gets registered. The daemon "
		 "never sees\n"
		 "FILE, and needs not be there.",
	.examples = "  daybook source new-key shop-eu.key",
	.options = new_key_options,
	.options_bytes = sizeof(struct cli_common),
	.defaults = &new_key_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_new_key,
};

/* ---------------------------------------------------------------------------- keys */

static const struct cli_listing keys_defaults = { .limit = CLI_LIMIT_DEFAULT };

static const struct cli_option keys_options[] = { CLI_OPTION_LIMIT, CLI_OPTION_WIDE,
						  CLI_OPTION_FORMAT, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "source", TABLE_TEXT, false },    { "revision", TABLE_NUMBER, false },
	{ "state", TABLE_TEXT, false },	    { "may_send", TABLE_TEXT, false },
	{ "position", TABLE_NUMBER, true }, { "ended_at", TABLE_NUMBER, true },
	{ "key", TABLE_TEXT, false },
};

static const char *
state_of(const Daybook__V1__SourceKey *key)
{
	if (key->revoked)
		return "revoked";
	return key->ended_position_plus_one == 0 ? "in force" : "followed";
}

/* "SaleRecorded 600": events by name, families by number. */
static void
put_rights(struct table *table, const Daybook__V1__SourceKey *key)
{
	char memory[NAMES_BYTES];
	struct dbk_buf text;

	dbk_buf_init(&text);
	for (size_t i = 0; i < key->n_may_send; i++)
		dbk_buf_printf(&text, "%s%s", i == 0 ? "" : " ",
			       names_event_right(key->may_send[i], memory));
	if (key->n_may_send == 0)
		dbk_buf_printf(&text, "all");
	dbk_buf_put_u8(&text, '\0');
	table_text(table, (const char *)text.bytes);
	dbk_buf_fini(&text);
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__SourceKey *key = (const Daybook__V1__SourceKey *)row;

	(void)reply, (void)context;
	table_text(table, key->source);
	table_u64(table, key->revision);
	table_alarm(table, state_of(key), key->revoked);
	put_rights(table, key);
	table_u64(table, key->position);
	table_count(table, (int64_t)key->ended_position_plus_one - 1);
	table_hex(table, key->ed25519_public_key.data, key->ed25519_public_key.len);
}

static int
run_keys(struct cli_call *call)
{
	Daybook__V1__ListSourceKeysRequest request =
	    DAYBOOK__V1__LIST_SOURCE_KEYS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListSourceKeys",
		.request = &request.base,
		.reply = &daybook__v1__list_source_keys_reply__descriptor,
		.rows = "keys",
		.one_page = true,
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	if (call->operand_count > 0)
		request.source = call->operands[0];
	return listing_run_alone(&listing, call->options);
}

const struct cli_verb verb_source_keys = {
	.name = "source keys",
	.group = CLI_OPERATE,
	.operands = "[NAME]",
	.summary = "keys that sources sign with, and what they may send",
	.about =
	    "Shows every key that was ever registered, of one source or of all: in "
	    "force,\n"
	    "followed by a further revision, or revoked, and which events its source "
	    "may send.",
	.examples = "  daybook source keys\n"
		    "  daybook source keys shop-eu --format csv",
	.options = keys_options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &keys_defaults,
	.operands_min = 0,
	.operands_max = 1,
	.run = run_keys,
};
