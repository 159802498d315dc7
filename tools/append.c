/* append.c -- events from a file or a pipe into the book. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "answers.h"
#include "base/assert.h"
#include "base/secret.h"
#include "book_status.h"
#include "diag.h"
#include "intake.h"
#include "interrupt.h"
#include "postings.h"
#include "progress.h"
#include "sender.h"
#include "signing_key.h"
#include "source_name.h"
#include "table.h"
#include "tally.h"
#include "verbs.h"

struct options {
	struct cli_common common;
	enum cli_format format;
	bool binary;
	uint64_t batch;
	uint64_t window;
	const char *source;
	const char *sign;
	bool unnumbered;
	bool atomic;
	bool dry_run;
	bool quiet;
	uint64_t retry_s;
	const char *errors;
};

static const struct options defaults = { .batch = 1000, .window = 8, .retry_s = 30 };

static const struct cli_option options[] = {
	{ "binary", NULL, "length-delimited protobuf instead of JSON", CLI_FLAG,
	  offsetof(struct options, binary), 0, 0 },
	{ "source", "NAME", "the producer's name (default daybook-cli@HOST)", CLI_TEXT,
	  offsetof(struct options, source), 0, 0 },
	{ "sign", "KEYFILE", "sign the batches by this key of the source", CLI_TEXT,
	  offsetof(struct options, sign), 0, 0 },
	{ "batch", "N", "events a batch (default 1000)", CLI_COUNT,
	  offsetof(struct options, batch), 1, DBK_BATCH_EVENTS_MAX },
	{ "window", "N", "batches in flight (default 8)", CLI_COUNT,
	  offsetof(struct options, window), 1, SENDER_WINDOW_MAX },
	{ "unnumbered", NULL, "do not number the batches", CLI_FLAG,
	  offsetof(struct options, unnumbered), 0, 0 },
	{ "atomic", NULL, "all events of the input, as one batch, or none", CLI_FLAG,
	  offsetof(struct options, atomic), 0, 0 },
	{ "dry-run", NULL, "decide and answer, write nothing", CLI_FLAG,
	  offsetof(struct options, dry_run), 0, 0 },
	{ "retry", "SECONDS",
	  "go on trying while the daemon is busy or away (default 30)", CLI_COUNT,
	  offsetof(struct options, retry_s), 0, 86400 },
	{ "errors", "FILE", "write a line of JSON for every event refused or invalid",
	  CLI_TEXT, offsetof(struct options, errors), 0, 0 },
	{ "format", "FORMAT", "the summary as table (default) or json", CLI_FORMATS,
	  offsetof(struct options, format), 0, 0 },
	{ "quiet", NULL, "no progress, and no summary unless as json", CLI_FLAG,
	  offsetof(struct options, quiet), 0, 0 },
	CLI_OPTION_END
};

struct append {
	const struct options *options;
	char source[SOURCE_NAME_BYTES];
	unsigned char *seed; /* secret memory; NULL: unsigned */
	char book[DBK_ID_BYTES_MAX + 1];
	uint32_t batch_max;
	struct intake *intake;
	struct sender *sender;
	struct progress progress;
	struct tally tally;
	struct postings postings; /* of a dry run that is told of */
	bool tells;
	struct answers answers; /* what gates and guards said */
	bool whole;		/* the input was read to its end */
};

/* ------------------------------------------------------------------------ progress */

static void
show_progress(void *context)
{
	struct append *a = context;
	struct progress_state state = { .what = "append", .unit = "events" };
	char note[96];

	tally_note(&a->tally, note, sizeof note);
	state.done = intake_taken(a->intake);
	state.total = intake_size(a->intake);
	state.count = a->tally.accepted + a->tally.duplicate + a->tally.refused +
		      a->tally.invalid + a->tally.rolled_back;
	state.note = note;
	progress_show(&a->progress, &state);
}

static void
clear_progress(void *context)
{
	struct append *a = context;

	progress_clear(&a->progress);
}

static void
replied(void *context, const struct batch *batch, const Daybook__V1__AppendReply *reply)
{
	struct append *a = context;

	if (a->tells)
		progress_clear(&a->progress);
	for (uint32_t i = 0; i < batch->count; i++) {
		tally_result(&a->tally, batch->events[i].line,
			     batch_event_bytes(batch, i), reply->results[i],
			     reply->rolled_back);
		if (a->tells)
			postings_put(&a->postings, batch->events[i].line,
				     reply->results[i]);
		answers_put(&a->answers, batch->events[i].line, reply->results[i]);
	}
	a->tally.batches++;
	a->tally.size = reply->size;
	show_progress(a);
}

/* ------------------------------------------------------------------------- sending */

static int
submit(struct append *a)
{
	int code = sender_submit(a->sender);

	return code == EXIT_OK ? sender_poll(a->sender) : code;
}

static int
too_large(const struct append *a)
{
	diag_error("--atomic: the input is above one batch of %" PRIu32
		   " events or %d bytes; nothing was sent",
		   a->batch_max, DBK_BATCH_BYTES_MAX);
	return EXIT_FAILED;
}

static int
add_event(struct append *a, const struct intake_item *item)
{
	struct batch *batch = sender_batch(a->sender);
	bool fits =
	    batch->count < a->batch_max && batch_add(batch, item->line, item->event);
	int code;

	if (fits)
		return EXIT_OK;
	if (a->options->atomic)
		return too_large(a);
	code = submit(a);
	if (code != EXIT_OK)
		return code;
	fits = batch_add(sender_batch(a->sender), item->line, item->event);
	dbk_assert(fits);
	return EXIT_OK;
}

static int
idle(struct append *a)
{
	show_progress(a);
	return a->options->atomic ? EXIT_OK : submit(a);
}

/* One event; *OUT_MORE is false at the end of the input. */
static int
take_event(struct append *a, bool *out_more)
{
	struct intake_item item;

	switch (intake_next(a->intake, &item)) {
	case INTAKE_EVENT:
		return add_event(a, &item);
	case INTAKE_BAD:
		tally_unreadable(&a->tally, item.line, item.text, item.error.text);
		return EXIT_OK;
	case INTAKE_IDLE:
		return idle(a);
	case INTAKE_END:
		a->whole = true;
		*out_more = false;
		return EXIT_OK;
	case INTAKE_FAILED:
		*out_more = false;
		return diag_failure(&item.error);
	}
	return EXIT_OK;
}

static int
take_input(struct append *a)
{
	bool more = true;
	int code = EXIT_OK;

	while (more && code == EXIT_OK && !interrupt_came())
		code = take_event(a, &more);
	return code;
}

/* All or none: a line that is no event is one that cannot be accepted. */
static bool
is_sent(const struct append *a)
{
	return !a->options->atomic || (a->whole && a->tally.invalid == 0);
}

static int
send_input(struct append *a)
{
	int code = take_input(a), drained = EXIT_OK;

	if (is_sent(a) && (code == EXIT_OK || !a->options->atomic)) {
		drained = sender_submit(a->sender);
		if (drained == EXIT_OK)
			drained = sender_drain(a->sender);
	} else if (code == EXIT_OK && sender_batch(a->sender)->count > 0) {
		diag_error("--atomic: nothing was sent");
	}
	progress_clear(&a->progress);
	return code == EXIT_OK ? drained : code;
}

/* -------------------------------------------------------------------------- a run */

static int
check_options(const struct options *o)
{
	if (o->format == CLI_CSV) {
		diag_error("--format: a summary is a table or json");
		return EXIT_USAGE;
	}
	if (o->sign != NULL && o->unnumbered) {
		diag_error(
		    "--sign: signed batches are numbered; leave --unnumbered away");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int
open_errors(struct append *a)
{
	if (a->options->errors == NULL)
		return EXIT_OK;
	a->tally.errors = fopen(a->options->errors, "we");
	if (a->tally.errors != NULL)
		return EXIT_OK;
	diag_error("--errors: cannot open %s: %s", a->options->errors, strerror(errno));
	return EXIT_FAILED;
}

static int
close_errors(struct append *a)
{
	bool failed;

	if (a->tally.errors == NULL)
		return EXIT_OK;
	failed = ferror(a->tally.errors) != 0;
	if (fclose(a->tally.errors) == 0 && !failed)
		return EXIT_OK;
	diag_error("--errors: cannot write %s: %s", a->options->errors,
		   strerror(errno));
	return EXIT_FAILED;
}

/* A signature is for one book. */
static int
know_book(struct append *a)
{
	Daybook__V1__Status *status;
	struct session *session;
	int code = session_open(&a->options->common, &session);

	if (code != EXIT_OK)
		return code;
	code = book_status_get(session, &status);
	if (code == EXIT_OK) {
		(void)snprintf(a->book, sizeof a->book, "%s", status->book);
		protobuf_c_message_free_unpacked(&status->base, NULL);
	}
	session_close(session);
	return code;
}

static int
open_key(struct append *a)
{
	int code;

	if (a->options->sign == NULL)
		return EXIT_OK;
	code = signing_key_read(a->options->sign, &a->seed);
	return code == EXIT_OK ? know_book(a) : code;
}

static int
open_all(struct append *a, const char *path)
{
	const struct options *o = a->options;
	const struct sender_options sender = {
		.common = &o->common,
		.source = a->source,
		.seed = a->seed,
		.book = a->book,
		.numbered = !o->unnumbered && !o->dry_run,
		.atomic = o->atomic,
		.dry_run = o->dry_run,
		.quiet = o->quiet,
		.window = (uint32_t)o->window,
		.retry_s = o->retry_s,
		.replied = replied,
		.waiting = show_progress,
		.context = a,
	};
	struct dbk_error error = { DBK_OK, "" };
	int code;

	if (!answers_begin(&a->answers, o->format))
		return EXIT_FAILED;
	if (intake_open(path, o->binary, &a->intake, &error) != DBK_OK)
		return diag_failure(&error);
	code = open_errors(a);
	return code == EXIT_OK ? sender_open(&sender, &a->sender) : code;
}

/* A dry run tells what would be posted, in the currency of the book. */
static int
begin_postings(struct append *a)
{
	const struct options *o = a->options;
	const struct table_style style = { .colour =
					       table_wants_colour(STDOUT_FILENO) };
	Daybook__V1__Status *status;
	struct session *session;
	int code;

	if (!o->dry_run || (o->quiet && o->format == CLI_TABLE))
		return EXIT_OK;
	code = session_open(&o->common, &session);
	if (code != EXIT_OK)
		return code;
	code = book_status_get(session, &status);
	if (code == EXIT_OK) {
		postings_begin(&a->postings, o->format, style, status->exponent);
		a->tells = true;
		protobuf_c_message_free_unpacked(&status->base, NULL);
	}
	session_close(session);
	return code;
}

/* What gates compared stands in the currency of the book. */
static int
print_answers(struct append *a, struct table_style style)
{
	struct session *session;
	unsigned exponent;
	int code;

	if (!answers_any(&a->answers))
		return EXIT_OK;
	code = session_open(&a->options->common, &session);
	if (code != EXIT_OK)
		return code;
	code = book_status_exponent(session, &exponent);
	if (code == EXIT_OK)
		answers_print(&a->answers, style, exponent);
	session_close(session);
	return code;
}

static int
print_summary(struct append *a)
{
	const struct table_style style = { .colour =
					       table_wants_colour(STDOUT_FILENO) };
	bool json = a->options->format != CLI_TABLE;
	const struct tally_run run = { .source = a->source,
				       .dry_run = a->options->dry_run,
				       .whole = a->whole,
				       .begun = json,
				       .seconds = progress_seconds(&a->progress) };
	int code = EXIT_OK;

	if (a->tells)
		postings_end(&a->postings);
	else if (json)
		(void)fputc('{', stdout);
	if (json)
		answers_print_json(&a->answers);
	else if (a->options->quiet)
		return EXIT_OK;
	else
		code = print_answers(a, style);
	tally_print(&a->tally, &run, a->options->format, style.colour);
	return code;
}

static int
append(struct append *a, const char *path)
{
	int code = open_key(a), closed, printed;

	if (code == EXIT_OK)
		code = open_all(a, path);
	if (code == EXIT_OK)
		code = begin_postings(a);
	if (code == EXIT_OK) {
		interrupt_keep();
		progress_begin(&a->progress, !a->options->quiet);
		diag_set_before(clear_progress, a);
		code = send_input(a);
		printed = print_summary(a);
		code = code == EXIT_OK ? printed : code;
	}
	closed = close_errors(a);
	if (code == EXIT_OK)
		code = closed;
	diag_set_before(NULL, NULL);
	sender_close(a->sender);
	intake_close(a->intake);
	return code == EXIT_OK ? tally_exit(&a->tally) : code;
}

static int
run(struct cli_call *call)
{
	struct append *a;
	int code = check_options(call->options);

	if (code != EXIT_OK)
		return code;
	a = calloc(1, sizeof *a);
	dbk_assert(a != NULL);
	a->options = call->options;
	a->batch_max =
	    a->options->atomic ? DBK_BATCH_EVENTS_MAX : (uint32_t)a->options->batch;
	code = source_name(a->options->source, a->source);
	if (code == EXIT_OK)
		code = append(a, call->operands[0]);
	answers_free(&a->answers);
	dbk_secret_give(a->seed);
	free(a);
	if (interrupt_came()) {
		(void)fflush(stdout);
		interrupt_die();
	}
	return code;
}

const struct cli_verb verb_append = {
	.name = "append",
	.group = CLI_WRITE,
	.operands = "FILE|-",
	.summary = "send events from a file or a pipe",
	.about =
	    "Reads one event a line in proto3 JSON (daybook.v1.Event) and sends them "
	    "in\n"
	    "batches, several in flight. An event that is acknowledged is on disk. A "
	    "line\n"
	    "that is no event is counted as invalid and the rest goes on.\n\n"
	    "Sending a file again is safe: what was accepted before is a duplicate. "
	    "Batches\n"
	    "are numbered, so that after a lost connection nothing is written twice "
	    "and\n"
	    "nothing is lost; a name (--source) belongs to one producer at a time. "
	    "With\n"
	    "--dry-run each batch is decided on its own, as if those before it had not "
	    "been\n"
	    "sent; a larger --batch lets more events see one another. A dry run prints "
	    "what\n"
	    "accepted events would post.\n\n"
	    "With --sign the batches are signed by the key in KEYFILE, as the book "
	    "demands it\n"
	    "of a source with a registered key: see daybook help source.\n\n"
	    "Of a RestockRequested, in a dry run or not, it prints what every gate "
	    "said and\n"
	    "the largest quantity that would pass; of records that raise findings, "
	    "their\n"
	    "numbers. JSON has both as \"answers\".\n\n"
	    "Ends with 0 if every event was accepted or a duplicate, 3 if some were\n"
	    "refused, 4 if some were invalid.",
	.examples = "  daybook append events.jsonl\n"
		    "  zcat sales-*.gz | daybook append - --source shop-eu\n"
		    "  daybook append today.jsonl --dry-run --errors refused.jsonl",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
