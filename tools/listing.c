#include "listing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "base/assert.h"

#define US_PER_SECOND 1000000

/* One listing under way. */
struct run {
	const struct listing *listing;
	const struct cli_listing *options;
	uint64_t limit; /* 0: none */
	uint64_t printed;
	char *token;	     /* of the next page; NULL or empty: none */
	struct table *table; /* NULL: JSON */
	struct json_rows json;
	bool counts; /* sums are wanted, whatever the limit */
	bool cut;    /* there are rows that were not printed */
};

struct table_style
listing_style(const struct cli_listing *options)
{
	struct table_style style = {
		.csv = options->format == CLI_CSV,
		.wide = options->wide,
		.colour =
		    options->format == CLI_TABLE && table_wants_colour(STDOUT_FILENO),
	};

	return style;
}

static void
set_time(Google__Protobuf__Timestamp *time, int64_t us)
{
	google__protobuf__timestamp__init(time);
	time->seconds = us / US_PER_SECOND;
	time->nanos = (int32_t)(us % US_PER_SECOND) * 1000;
}

Google__Protobuf__Timestamp *
listing_time(const struct cli_time *time, Google__Protobuf__Timestamp *memory)
{
	if (!time->given)
		return NULL;
	set_time(memory, time->us);
	return memory;
}

Daybook__V1__AsOf *
listing_as_of(const struct cli_as_of *as_of, struct listing_as_of *memory)
{
	daybook__v1__as_of__init(&memory->message);
	switch (as_of->kind) {
	case CLI_NOW:
		return NULL;
	case CLI_SIZE:
		memory->message.kind_case = DAYBOOK__V1__AS_OF__KIND_SIZE;
		memory->message.size = as_of->size;
		return &memory->message;
	case CLI_TIME:
		set_time(&memory->time, as_of->time_us);
		memory->message.kind_case = DAYBOOK__V1__AS_OF__KIND_EFFECTIVE_AT;
		memory->message.effective_at = &memory->time;
		return &memory->message;
	}
	return NULL;
}

/* The field NAME of MESSAGE; NULL if such messages have none. */
static void *
field_of(ProtobufCMessage *message, const char *name)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);

	return field == NULL ? NULL : (char *)message + field->offset;
}

static void
ask_for_page(struct run *run)
{
	uint32_t *size = field_of(run->listing->request, "page_size");
	char **token = field_of(run->listing->request, "page_token");
	uint64_t left = run->limit == 0 || run->counts ? DBK_PAGE_ROWS_MAX
						       : run->limit - run->printed;

	if (size != NULL)
		*size = left < DBK_PAGE_ROWS_MAX ? (uint32_t)left : DBK_PAGE_ROWS_MAX;
	if (token != NULL)
		*token = run->token;
}

static void
print_row(struct run *run, const ProtobufCMessage *reply, const ProtobufCMessage *row)
{
	if (run->table == NULL) {
		json_rows_put(&run->json, row);
		return;
	}
	run->listing->row(run->table, reply, row, run->listing->context);
	table_end_row(run->table);
}

static bool
is_full(const struct run *run)
{
	return run->limit > 0 && run->printed >= run->limit;
}

static void
print_page(struct run *run, ProtobufCMessage *reply)
{
	const struct listing *listing = run->listing;
	const ProtobufCFieldDescriptor *rows =
	    protobuf_c_message_descriptor_get_field_by_name(reply->descriptor,
							    listing->rows);
	ProtobufCMessage **list;
	size_t count;

	dbk_assert(rows != NULL && rows->label == PROTOBUF_C_LABEL_REPEATED);
	count = *(size_t *)(void *)((char *)reply + rows->quantifier_offset);
	list = *(ProtobufCMessage ***)(void *)((char *)reply + rows->offset);
	if (run->table == NULL)
		json_rows_begin(&run->json, reply, listing->rows);
	else if (run->token == NULL && listing->head != NULL &&
		 !table_is_csv(run->table))
		listing->head(reply, listing->context);
	for (size_t i = 0; i < count; i++) {
		if (run->counts)
			listing->count(listing->sums, reply, list[i]);
		if (is_full(run)) {
			run->cut = true;
			continue;
		}
		print_row(run, reply, list[i]);
		run->printed++;
	}
}

/* Keep the token of the page after REPLY; false if this was the last. */
static bool
keep_token(struct run *run, ProtobufCMessage *reply)
{
	char *const *next = field_of(reply, "next_page_token");

	free(run->token);
	run->token = strdup(run->listing->one_page || next == NULL ? "" : *next);
	dbk_assert(run->token != NULL);
	return run->token[0] != '\0';
}

/* What stands below the rows, once they are all there. */
static void
print_end(struct run *run, const ProtobufCMessage *reply)
{
	const struct listing *listing = run->listing;

	if (run->table == NULL || table_is_csv(run->table))
		return;
	if (listing->foot != NULL)
		listing->foot(run->table, reply, listing->context);
	if (run->counts) {
		table_flush(run->table);
		listing->print_sums(listing->sums, reply, listing_style(run->options));
	}
}

static int
print_pages(struct session *session, struct run *run)
{
	ProtobufCMessage *reply;
	bool more;

	do {
		int code;

		ask_for_page(run);
		code = session_call(session, run->listing->method,
				    run->listing->request, run->listing->reply, &reply);
		if (code != EXIT_OK)
			return code;
		print_page(run, reply);
		more = keep_token(run, reply);
		if (!more)
			print_end(run, reply);
		protobuf_c_message_free_unpacked(reply, NULL);
	} while (more && !ferror(stdout) && (run->counts || !is_full(run)));
	run->cut = run->cut || more;
	return EXIT_OK;
}

static void
end_output(struct run *run, int code)
{
	if (run->table == NULL) {
		json_rows_end(&run->json, run->token);
		return;
	}
	if (run->listing->table != NULL)
		return;
	if (code != EXIT_OK && run->printed == 0) {
		table_discard(run->table);
		return;
	}
	table_close(run->table);
	if (run->cut && run->options->format == CLI_TABLE) {
		(void)fflush(stdout);
		(void)fprintf(stderr, "(the first %llu rows; --limit 0 for all)\n",
			      (unsigned long long)run->printed);
	}
}

int
listing_run(struct session *session, const struct listing *listing,
	    const struct cli_listing *options)
{
	struct run run = { .listing = listing,
			   .options = options,
			   .limit = options->limit };
	int code;

	if (options->limit == CLI_LIMIT_DEFAULT)
		run.limit = options->format == CLI_TABLE ? LISTING_SCREENFUL : 0;
	run.counts = listing->count != NULL && options->format == CLI_TABLE;
	if (listing->table != NULL)
		run.table = listing->table;
	else if (options->format == CLI_TABLE || options->format == CLI_CSV)
		run.table = table_open(stdout, listing_style(options), listing->columns,
				       listing->column_count);
	else
		json_rows_init(&run.json, stdout, options->format == CLI_JSONL,
			       listing->one_line);
	code = print_pages(session, &run);
	end_output(&run, code);
	free(run.token);
	return code;
}

int
listing_run_alone(const struct listing *listing, const struct cli_listing *options)
{
	struct session *session;
	int code = session_open(&options->common, &session);

	if (code != EXIT_OK)
		return code;
	code = listing_run(session, listing, options);
	session_close(session);
	return code;
}
