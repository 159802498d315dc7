/* findings.c -- what guards found: as it stands, and as it comes. */

#include <string.h>

#include "book_status.h"
#include "finding_table.h"
#include "listing.h"
#include "names.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *rule;
	const char *subject;
	const char *state;
	bool all;
	bool red;
	bool follow;
	uint64_t from;
};

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = {
	{ "rule", "RULE", "only findings by this rule, as in GOODS_CYCLE", CLI_TEXT,
	  offsetof(struct options, rule), 0, 0 },
	{ "subject", "KIND:ID",
	  "only on this agent, sku, lot, order, location or the book", CLI_TEXT,
	  offsetof(struct options, subject), 0, 0 },
	{ "state", "STATE", "only open, acknowledged or resolved ones", CLI_TEXT,
	  offsetof(struct options, state), 0, 0 },
	{ "all", NULL, "also those that are resolved", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	{ "red", NULL, "only red ones", CLI_FLAG, offsetof(struct options, red), 0, 0 },
	{ "follow", NULL, "then wait, and print what is raised or changes", CLI_FLAG,
	  offsetof(struct options, follow), 0, 0 },
	{ "from", "N", "with --follow: what changed from position N on", CLI_COUNT,
	  offsetof(struct options, from), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* ------------------------------------------------------------------ what is asked for
 */

#define KIND_BYTES 16

struct filter {
	const struct options *options;
	Daybook__V1__Rule rule;		 /* unspecified: any */
	Daybook__V1__FindingState state; /* the same */
	char kind[KIND_BYTES];		 /* of the subject; empty: any */
	const char *subject;
	unsigned exponent;
};

static int
no_such(const char *option, const char *text, const char *nearest)
{
	if (nearest == NULL)
		diag_error("--%s: there is no \"%.60s\"", option, text);
	else
		diag_error("--%s: there is no \"%.60s\"; did you mean %s?", option,
			   text, nearest);
	return EXIT_USAGE;
}

static int
take_name(const char *option, const char *text,
	  const ProtobufCEnumDescriptor *descriptor, const char *prefix, int *out)
{
	const char *nearest;

	*out = 0;
	if (text == NULL || names_parse(descriptor, prefix, text, out, &nearest))
		return EXIT_OK;
	return no_such(option, text, nearest);
}

static int
take_subject(const char *text, struct filter *filter)
{
	static const char *const kinds[] = { "agent", "sku",	  "lot",
					     "order", "location", "book" };
	size_t size;

	filter->subject = "";
	if (text == NULL)
		return EXIT_OK;
	size = strcspn(text, ":");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		bool book = strcmp(kinds[i], "book") == 0;

		if (strlen(kinds[i]) != size || strncmp(text, kinds[i], size) != 0)
			continue;
		if (text[size] == ':')
			filter->subject = text + size + 1;
		if ((filter->subject[0] == '\0') != book)
			break;
		(void)snprintf(filter->kind, KIND_BYTES, "%s", kinds[i]);
		return EXIT_OK;
	}
	diag_error("--subject: \"%.80s\" is not as in agent:A17, sku:S1, lot:L1, "
		   "order:O1, location:W1 or book",
		   text);
	return EXIT_USAGE;
}

static int
take_filter(const struct options *o, struct filter *filter)
{
	int rule, state;
	int code =
	    take_name("rule", o->rule, &daybook__v1__rule__descriptor, "", &rule);

	memset(filter, 0, sizeof *filter);
	filter->options = o;
	if (code == EXIT_OK)
		code = take_name("state", o->state,
				 &daybook__v1__finding_state__descriptor, "FINDING_",
				 &state);
	if (code != EXIT_OK)
		return code;
	filter->rule = (Daybook__V1__Rule)rule;
	filter->state = (Daybook__V1__FindingState)state;
	return take_subject(o->subject, filter);
}

/* ---------------------------------------------------------------------------- the list
 */

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const struct filter *filter = context;

	(void)reply;
	finding_row(table, (const Daybook__V1__Finding *)row, filter->exponent);
}

static int
list(struct session *session, struct filter *filter)
{
	const struct options *o = filter->options;
	Daybook__V1__ListFindingsRequest request =
	    DAYBOOK__V1__LIST_FINDINGS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListFindings",
		.request = &request.base,
		.reply = &daybook__v1__list_findings_reply__descriptor,
		.rows = "findings",
		.columns = finding_columns,
		.column_count = FINDING_COLUMNS,
		.row = print_row,
		.context = filter,
	};

	request.rule = filter->rule;
	request.subject_kind = filter->kind;
	request.subject = (char *)filter->subject;
	request.state = filter->state;
	request.all = o->all;
	request.red_only = o->red;
	request.at_least_size = o->listing.at_least;
	return listing_run(session, &listing, &o->listing);
}

/* ------------------------------------------------------------------------- as they
 * come
 */

struct follower {
	const struct filter *filter;
	uint64_t size;	     /* records when it began: what comes later is news */
	struct table *table; /* NULL: JSON, one a line */
	struct json_rows json;
	uint64_t printed;
};

/* Of what happened before, the same as in a list; of news everything. */
static bool
is_wanted(const struct filter *filter, const Daybook__V1__Finding *finding, bool news)
{
	if (filter->rule != 0 && finding->rule != filter->rule)
		return false;
	if (filter->kind[0] != '\0' &&
	    (strcmp(filter->kind, finding->subject_kind) != 0 ||
	     strcmp(filter->subject, finding->subject) != 0))
		return false;
	if (filter->state != 0)
		return finding->state == filter->state;
	return news || filter->options->all ||
	       finding->state != DAYBOOK__V1__FINDING_STATE__FINDING_RESOLVED;
}

/* False once enough is printed. */
static bool
print_chunk(struct follower *f, Daybook__V1__FindingsChunk *chunk)
{
	uint64_t limit = f->filter->options->listing.limit;
	bool news = chunk->next_position > f->size;

	if (f->table == NULL)
		json_rows_begin(&f->json, &chunk->base, "findings");
	for (size_t i = 0; i < chunk->n_findings; i++) {
		const Daybook__V1__Finding *finding = chunk->findings[i];

		if (!is_wanted(f->filter, finding, news))
			continue;
		if (f->table != NULL) {
			finding_row(f->table, finding, f->filter->exponent);
			table_end_row(f->table);
		} else {
			json_rows_put(&f->json, &finding->base);
		}
		f->printed++;
		if (limit != CLI_LIMIT_DEFAULT && limit > 0 && f->printed == limit)
			return false;
	}
	if (f->table != NULL)
		table_flush(f->table);
	(void)fflush(stdout);
	return !ferror(stdout);
}

static int
print_stream(struct channel_stream *stream, struct follower *f)
{
	for (;;) {
		ProtobufCMessage *reply;
		bool ended, more;
		int code = session_next(stream, CHANNEL_NO_TIMEOUT,
					&daybook__v1__findings_chunk__descriptor,
					&reply, &ended);

		if (code != EXIT_OK || ended)
			return code;
		if (reply == NULL)
			continue;
		more = print_chunk(f, (Daybook__V1__FindingsChunk *)reply);
		protobuf_c_message_free_unpacked(reply, NULL);
		if (!more)
			return EXIT_OK;
	}
}

static void
begin(struct follower *f)
{
	const struct cli_listing *o = &f->filter->options->listing;

	if (o->format == CLI_TABLE || o->format == CLI_CSV)
		f->table = table_open(stdout, listing_style(o), finding_columns,
				      FINDING_COLUMNS);
	else
		json_rows_init(&f->json, stdout, true, true);
}

static int
follow(struct session *session, const struct filter *filter, uint64_t size)
{
	Daybook__V1__WatchFindingsRequest request =
	    DAYBOOK__V1__WATCH_FINDINGS_REQUEST__INIT;
	struct follower f = { .filter = filter, .size = size };
	struct channel_stream *stream;
	int code;

	request.from_position = filter->options->from;
	request.red_only = filter->options->red;
	code = session_stream(session, "WatchFindings", &request.base, &stream);
	if (code != EXIT_OK)
		return code;
	begin(&f);
	code = print_stream(stream, &f);
	channel_stream_finish(stream);
	if (f.table == NULL)
		json_rows_end(&f.json, NULL);
	else if (code != EXIT_OK && f.printed == 0)
		table_discard(f.table);
	else
		table_close(f.table);
	return code;
}

static int
show(struct session *session, struct filter *filter)
{
	Daybook__V1__Status *status;
	uint64_t size;
	int code = book_status_get(session, &status);

	if (code != EXIT_OK)
		return code;
	filter->exponent = status->exponent;
	size = status->size;
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return filter->options->follow ? follow(session, filter, size)
				       : list(session, filter);
}

static int
run(struct cli_call *call)
{
	struct session *session;
	struct filter filter;
	int code = take_filter(call->options, &filter);

	if (code == EXIT_OK)
		code = session_open(&filter.options->listing.common, &session);
	if (code != EXIT_OK)
		return code;
	code = show(session, &filter);
	session_close(session);
	return code;
}

static const struct cli_verb *const below[] = { &verb_findings_ack,
						&verb_findings_resolve, NULL };

const struct cli_verb verb_findings = {
	.name = "findings",
	.group = CLI_READ,
	.operands = "",
	.summary = "what guards found, as it stands and as it comes",
	.about = "Lists what guards found and nobody has resolved yet, newest first: "
		 "the rule,\n"
		 "whom or what it is about, what was measured last and what is "
		 "allowed, and how\n"
		 "often it failed since it was raised. --wide adds the guard set, the "
		 "records\n"
		 "that raised it and the reason it was resolved for.\n\n"
		 "--follow prints them oldest first, then waits and prints every one "
		 "that is\n"
		 "raised, fails again, is acknowledged or resolved; it ends with "
		 "Ctrl-C and\n"
		 "prints JSON one finding a line.",
	.examples = "  daybook findings --red\n"
		    "  daybook findings --subject agent:A17 --all --wide\n"
		    "  daybook findings --follow --format jsonl | jq .rule\n"
		    "  daybook findings resolve 3 --reason 'goods counted again'",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
	.below = below,
};
