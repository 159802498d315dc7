/* log.c -- the records of the log, and those to come. */

#include <string.h>

#include "listing.h"
#include "log_table.h"
#include "names.h"
#include "verbs.h"

/* What --follow shows before it waits, as tail(1) does. */
#define FOLLOW_LAST 10

struct options {
	struct cli_listing listing;
	uint64_t from;
	uint64_t last;
	bool follow;
	bool refused;
	bool all;
	struct cli_list types;
	const char *agent;
	const char *order;
	const char *source;
};

/* --from, --last: not given. */
#define NOT_GIVEN UINT64_MAX

static const struct options defaults = { .listing.limit = CLI_LIMIT_DEFAULT,
					 .from = NOT_GIVEN,
					 .last = NOT_GIVEN };

static const struct cli_option options[] = {
	{ "from", "N", "begin at position N (default 0)", CLI_COUNT,
	  offsetof(struct options, from), 0, 0 },
	{ "last", "N", "begin N records before the end of the log", CLI_COUNT,
	  offsetof(struct options, last), 0, 0 },
	{ "follow", NULL, "then wait for new records and print them as they come",
	  CLI_FLAG, offsetof(struct options, follow), 0, 0 },
	{ "type", "TYPE", "only these events: a name, a number, or a family as in 300",
	  CLI_MANY, offsetof(struct options, types), 0, 0 },
	{ "agent", "AGENT", "only records that name this agent", CLI_TEXT,
	  offsetof(struct options, agent), 0, 0 },
	{ "order", "ORDER", "only records of this order", CLI_TEXT,
	  offsetof(struct options, order), 0, 0 },
	{ "source", "NAME", "only what this source sent", CLI_TEXT,
	  offsetof(struct options, source), 0, 0 },
	{ "refused", NULL, "only refused events", CLI_FLAG,
	  offsetof(struct options, refused), 0, 0 },
	{ "all", NULL, "accepted and refused events", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	CLI_OPTION_LIMIT,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

struct printer {
	const struct options *options;
	struct table *table; /* NULL: JSON */
	struct json_rows json;
	uint64_t limit; /* 0: none */
	uint64_t printed;
};

static int
take_types(const struct cli_list *list, uint32_t out[CLI_LIST_MAX])
{
	for (size_t i = 0; i < list->count; i++) {
		const char *nearest;

		out[i] = names_event_number(list->items[i], &nearest);
		if (out[i] != 0)
			continue;
		if (nearest == NULL)
			diag_error("--type: no event is called \"%.60s\"",
				   list->items[i]);
		else
			diag_error(
			    "--type: no event is called \"%.60s\"; did you mean %s?",
			    list->items[i], nearest);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* The position that is N records before the end of the log. */
static int
before_end(struct session *session, uint64_t n, uint64_t *out)
{
	Daybook__V1__GetStatusRequest request = DAYBOOK__V1__GET_STATUS_REQUEST__INIT;
	ProtobufCMessage *reply;
	uint64_t size;
	int code = session_call(session, "GetStatus", &request.base,
				&daybook__v1__status__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	size = ((const Daybook__V1__Status *)reply)->size;
	protobuf_c_message_free_unpacked(reply, NULL);
	*out = size > n ? size - n : 0;
	return EXIT_OK;
}

static int
find_start(struct session *session, const struct options *o, uint64_t *out)
{
	uint64_t last = o->last;

	*out = o->from == NOT_GIVEN ? 0 : o->from;
	if (last == NOT_GIVEN && o->from == NOT_GIVEN && o->follow)
		last = FOLLOW_LAST;
	return last == NOT_GIVEN ? EXIT_OK : before_end(session, last, out);
}

/* False once enough is printed. */
static bool
print_record(struct printer *p, const Daybook__V1__LoggedEvent *record)
{
	if (p->options->refused && record->outcome != DAYBOOK__V1__OUTCOME__REFUSED)
		return true;
	if (p->table != NULL)
		log_table_row(p->table, record);
	else
		json_rows_put(&p->json, &record->base);
	p->printed++;
	return p->limit == 0 || p->printed < p->limit;
}

static bool
print_reply(struct printer *p, Daybook__V1__SubscribeReply *reply)
{
	bool more = true;

	if (p->table == NULL)
		json_rows_begin(&p->json, &reply->base, "events");
	for (size_t i = 0; i < reply->n_events && more; i++)
		more = print_record(p, reply->events[i]);
	if (p->options->follow && reply->n_events > 0) {
		if (p->table != NULL)
			table_flush(p->table);
		(void)fflush(stdout);
	}
	return more && !ferror(stdout);
}

static int
print_stream(struct channel_stream *stream, struct printer *p)
{
	for (;;) {
		ProtobufCMessage *reply;
		bool ended, more;
		int code = session_next(stream, CHANNEL_NO_TIMEOUT,
					&daybook__v1__subscribe_reply__descriptor,
					&reply, &ended);

		if (code != EXIT_OK || ended)
			return code;
		if (reply == NULL)
			continue;
		more = print_reply(p, (Daybook__V1__SubscribeReply *)reply);
		protobuf_c_message_free_unpacked(reply, NULL);
		if (!more)
			return EXIT_OK;
	}
}

static void
printer_begin(struct printer *p, const struct options *o)
{
	enum cli_format format = o->listing.format;

	*p = (struct printer){ .options = o, .limit = o->listing.limit };
	if (p->limit == CLI_LIMIT_DEFAULT)
		p->limit = format == CLI_TABLE && !o->follow ? LISTING_SCREENFUL : 0;
	if (format == CLI_TABLE || format == CLI_CSV)
		p->table = log_table_open(stdout, listing_style(&o->listing));
	else
		json_rows_init(&p->json, stdout, format == CLI_JSONL || o->follow,
			       false);
}

/* A log without such records is still an object. */
static void
end_json(struct printer *p, bool good)
{
	Daybook__V1__SubscribeReply none = DAYBOOK__V1__SUBSCRIBE_REPLY__INIT;

	if (good && !p->json.begun)
		json_rows_begin(&p->json, &none.base, "events");
	json_rows_end(&p->json, NULL);
}

static void
printer_end(struct printer *p, bool good)
{
	if (p->table == NULL) {
		end_json(p, good);
		return;
	}
	if (!good && p->printed == 0) {
		table_discard(p->table);
		return;
	}
	table_close(p->table);
	if (p->options->listing.format == CLI_TABLE &&
	    p->options->listing.limit == CLI_LIMIT_DEFAULT && p->printed == p->limit &&
	    p->limit > 0) {
		(void)fflush(stdout);
		(void)fprintf(
		    stderr,
		    "(the first %llu records; --limit 0 for all, --last N for "
		    "the newest)\n",
		    (unsigned long long)p->printed);
	}
}

static int
print_log(struct session *session, const struct options *o, uint32_t *types)
{
	Daybook__V1__SubscribeRequest request = DAYBOOK__V1__SUBSCRIBE_REQUEST__INIT;
	struct channel_stream *stream;
	struct printer printer;
	int code = find_start(session, o, &request.from_position);

	if (code != EXIT_OK)
		return code;
	printer_begin(&printer, o);
	request.types = types;
	request.n_types = o->types.count;
	request.agent = (char *)o->agent;
	request.order = (char *)o->order;
	request.source = (char *)o->source;
	request.include_refused = o->refused || o->all;
	request.stop_at_head = !o->follow;
	/* The server counts accepted ones too, which --refused then leaves out. */
	request.limit = o->refused ? 0 : printer.limit;
	code = session_stream(session, "Subscribe", &request.base, &stream);
	if (code == EXIT_OK) {
		code = print_stream(stream, &printer);
		channel_stream_finish(stream);
	}
	printer_end(&printer, code == EXIT_OK);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	uint32_t types[CLI_LIST_MAX];
	struct session *session;
	int code = take_types(&o->types, types);

	if (code != EXIT_OK)
		return code;
	if (o->from != NOT_GIVEN && o->last != NOT_GIVEN) {
		diag_error("--from and --last exclude each other");
		return EXIT_USAGE;
	}
	code = session_open(&o->listing.common, &session);
	if (code != EXIT_OK)
		return code;
	code = print_log(session, o, types);
	session_close(session);
	return code;
}

const struct cli_verb verb_log = {
	.name = "log",
	.group = CLI_READ,
	.operands = "",
	.summary = "the records of the log, and those to come",
	.about =
	    "Lists accepted events in the order of the log, with the time at which "
	    "they\n"
	    "were recorded, the time at which they happened, and the id that they are\n"
	    "about. --wide and --format csv add where they came from and, for refused\n"
	    "ones, field, value, measured value and limit; JSON has the whole event.\n"
	    "--follow ends with Ctrl-C and prints JSON one record a line.",
	.examples = "  daybook log --last 20\n"
		    "  daybook log --type SaleRecorded --type 600 --agent A17\n"
		    "  daybook log --follow --format jsonl | jq .event",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
