/* status.c -- the book and its daemon at a glance. */

#include "book_status.h"
#include "facts.h"
#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool wait;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "wait", NULL, "wait until every view holds every record of the log", CLI_FLAG,
	  offsetof(struct options, wait), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

static void
print_book(const Daybook__V1__Status *s, struct table_style style)
{
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "book", s->book[0] == '\0' ? "(not opened yet)" : s->book);
	facts_text(&facts, "currency", s->currency);
	facts_u64(&facts, "exponent", s->exponent);
	facts_u64(&facts, "size", s->size);
	facts_time(&facts, "clock", s->clock);
	facts_time(&facts, "last_recorded_at", s->last_recorded_at);
	facts_u64(&facts, "accepted", s->accepted);
	facts_u64(&facts, "refused", s->refused);
	facts_u64(&facts, "duplicates", s->duplicates);
	facts_u64(&facts, "invalid", s->invalid);
	facts_u64(&facts, "agents", s->agents);
	facts_u64(&facts, "customers", s->customers);
	facts_u64(&facts, "skus", s->skus);
	facts_u64(&facts, "orders", s->orders);
	facts_u64(&facts, "positions", s->positions);
	facts_u64(&facts, "log_bytes", s->log_bytes);
	facts_u64(&facts, "views_bytes", s->views_bytes);
	facts_u64(&facts, "books_bytes", s->books_bytes);
	facts_u64(&facts, "saved_books_size", s->saved_books_size);
	facts_flag(&facts, "read_only", s->read_only);
	facts_text(&facts, "read_only_reason", s->read_only_reason);
	facts_u64(&facts, "checkpoint_size", s->checkpoint_size);
	facts_time(&facts, "checkpoint_at", s->checkpoint_at);
	facts_text(&facts, "checkpoint_trouble", s->checkpoint_trouble);
	facts_text(&facts, "verifier_key", s->verifier_key);
	facts_text(&facts, "version", s->version);
	facts_print(&facts, style);
}

static const struct table_column view_columns[] = {
	{ "view", TABLE_TEXT, false },
	{ "size", TABLE_NUMBER, false },
	{ "behind", TABLE_NUMBER, false },
	{ "state", TABLE_TEXT, false },
};

static void
print_views(const Daybook__V1__Status *s, struct table_style style)
{
	struct table *table = table_open(stdout, style, view_columns,
					 sizeof view_columns / sizeof view_columns[0]);

	for (size_t i = 0; i < s->n_views; i++) {
		const Daybook__V1__ViewStatus *view = s->views[i];
		uint64_t size = view->rebuilding ? view->rebuilt_size : view->size;

		table_text(table, view->view);
		table_u64(table, size);
		table_u64(table, s->size > size ? s->size - size : 0);
		table_text(table, view->rebuilding ? "rebuilding" : "ready");
		table_end_row(table);
	}
	table_close(table);
}

static void
print_status(const Daybook__V1__Status *status, const struct cli_listing *o)
{
	struct table_style style = listing_style(o);

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, &status->base);
		return;
	}
	print_book(status, style);
	if (style.csv || status->n_views == 0)
		return;
	(void)fputs("\n", stdout);
	print_views(status, style);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	const struct cli_common *common = &o->listing.common;
	Daybook__V1__Status *status;
	struct session *session;
	int code = session_open(common, &session);

	if (code != EXIT_OK)
		return code;
	code = book_status_wait(session, o->listing.at_least, o->wait,
				common->timeout_s, &status);
	session_close(session);
	if (code != EXIT_OK)
		return code;
	print_status(status, &o->listing);
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return EXIT_OK;
}

const struct cli_verb verb_status = {
	.name = "status",
	.group = CLI_OPERATE,
	.operands = "",
	.summary = "the book and its daemon at a glance",
	.about =
	    "Shows how many records, agents, orders and stock positions the book has, "
	    "where its\nclock stands, what it takes on disk and in memory, and how far "
	    "its views are.\nread_only means that the daemon answers but takes "
	    "nothing, "
	    "and why.",
	.examples =
	    "  daybook status\n"
	    "  daybook status --wait            # until the views have caught up\n"
	    "  daybook status --format json | jq .size",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
