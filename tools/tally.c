#include "tally.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "diag.h"
#include "json_rows.h"
#include "names.h"
#include "table.h"

/* As much of a line that is no event as --errors repeats. */
#define TEXT_SHOWN_BYTES 4096

static struct tally_reason *
find_reason(struct tally *tally, bool refused, int number)
{
	struct tally_reason *reason;

	for (size_t i = 0; i < tally->reason_count; i++) {
		reason = &tally->reasons[i];
		if (reason->refused == refused && reason->number == number)
			return reason;
	}
	if (tally->reason_count == TALLY_REASONS_MAX)
		return NULL;
	reason = &tally->reasons[tally->reason_count++];
	reason->refused = refused;
	reason->number = number;
	return reason;
}

/* Count one more event of a reason; an example to be filled in while few are kept. */
static struct tally_example *
count_reason(struct tally *tally, bool refused, int number, uint64_t line)
{
	struct tally_reason *reason = find_reason(tally, refused, number);
	struct tally_example *example;

	if (reason == NULL)
		return NULL;
	reason->events++;
	if (reason->example_count == TALLY_EXAMPLES_MAX)
		return NULL;
	example = &reason->examples[reason->example_count++];
	memset(example, 0, sizeof *example);
	example->line = line;
	return example;
}

static void
set_text(char out[TALLY_TEXT_BYTES], const char *text)
{
	(void)snprintf(out, TALLY_TEXT_BYTES, "%s", text == NULL ? "" : text);
}

static void
count_refused(struct tally *tally, uint64_t line, const Daybook__V1__Refusal *refusal)
{
	struct tally_example *example =
	    count_reason(tally, true, refusal == NULL ? 0 : (int)refusal->rule, line);

	tally->refused++;
	if (example == NULL || refusal == NULL)
		return;
	set_text(example->field, refusal->field);
	set_text(example->value, refusal->value);
	example->measured = refusal->measured;
	example->limit = refusal->limit;
}

static void
count_invalid(struct tally *tally, uint64_t line, const Daybook__V1__EventFault *fault)
{
	struct tally_example *example =
	    count_reason(tally, false, fault == NULL ? 0 : (int)fault->fault, line);

	tally->invalid++;
	if (example == NULL || fault == NULL)
		return;
	set_text(example->field, fault->field);
	set_text(example->value, fault->value);
}

/* ------------------------------------------------------------------------- --errors */

/* {"line":"3",...the result..., "event":{...}} */
static void
write_error(FILE *out, uint64_t line, struct dbk_str bytes,
	    const Daybook__V1__EventResult *result)
{
	ProtobufCMessage *event =
	    protobuf_c_message_unpack(&daybook__v1__event__descriptor, NULL, bytes.size,
				      (const uint8_t *)bytes.bytes);
	struct dbk_buf text;

	dbk_buf_init(&text);
	json_rows_write(&result->base, true, &text);
	(void)fprintf(out, "{\"line\":\"%" PRIu64 "\",%.*s", line, (int)text.size - 2,
		      (const char *)text.bytes + 1);
	if (event != NULL) {
		dbk_buf_reset(&text);
		json_rows_write(event, false, &text);
		(void)fprintf(out, ",\"event\":%.*s", (int)text.size,
			      (const char *)text.bytes);
		protobuf_c_message_free_unpacked(event, NULL);
	}
	(void)fputs("}\n", out);
	dbk_buf_fini(&text);
}

static void
write_unreadable(FILE *out, uint64_t line, struct dbk_str text, const char *words)
{
	if (text.size > TEXT_SHOWN_BYTES)
		text.size = TEXT_SHOWN_BYTES;
	(void)fprintf(
	    out,
	    "{\"line\":\"%" PRIu64 "\",\"outcome\":\"INVALID\",\"message\":", line);
	json_rows_string(out, dbk_str_of(words));
	(void)fputs(",\"text\":", out);
	json_rows_string(out, text);
	(void)fputs("}\n", out);
}

/* ------------------------------------------------------------------------- counting */

void
tally_result(struct tally *tally, uint64_t line, struct dbk_str event,
	     const Daybook__V1__EventResult *result, bool rolled_back)
{
	switch (result->outcome) {
	case DAYBOOK__V1__OUTCOME__ACCEPTED:
		if (rolled_back)
			tally->rolled_back++;
		else
			tally->accepted++;
		return;
	case DAYBOOK__V1__OUTCOME__DUPLICATE:
		tally->duplicate++;
		return;
	case DAYBOOK__V1__OUTCOME__REFUSED:
		count_refused(tally, line, result->refusal);
		break;
	case DAYBOOK__V1__OUTCOME__INVALID:
	case DAYBOOK__V1__OUTCOME__OUTCOME_UNSPECIFIED:
	case _DAYBOOK__V1__OUTCOME_IS_INT_SIZE:
		count_invalid(tally, line, result->fault);
		break;
	}
	if (tally->errors != NULL)
		write_error(tally->errors, line, event, result);
}

void
tally_unreadable(struct tally *tally, uint64_t line, struct dbk_str text,
		 const char *words)
{
	struct tally_example *example =
	    count_reason(tally, false, DAYBOOK__V1__FAULT__MALFORMED, line);

	tally->invalid++;
	if (example != NULL)
		set_text(example->value, words);
	if (tally->errors != NULL)
		write_unreadable(tally->errors, line, text, words);
}

int
tally_exit(const struct tally *tally)
{
	if (tally->invalid > 0)
		return EXIT_INVALID;
	return tally->refused > 0 ? EXIT_REFUSED : EXIT_OK;
}

static void
add_note(char *out, size_t bytes, uint64_t count, const char *word)
{
	size_t size = strlen(out);

	if (count > 0)
		(void)snprintf(out + size, bytes - size, "%s%" PRIu64 " %s",
			       size == 0 ? "" : ", ", count, word);
}

void
tally_note(const struct tally *tally, char *out, size_t bytes)
{
	out[0] = '\0';
	add_note(out, bytes, tally->duplicate, "duplicate");
	add_note(out, bytes, tally->refused, "refused");
	add_note(out, bytes, tally->invalid, "invalid");
}

/* ------------------------------------------------------------------------ as tables */

static void
print_outcome(struct table *table, const char *name, uint64_t count, bool always)
{
	if (count == 0 && !always)
		return;
	table_text(table, name);
	table_u64(table, count);
	table_end_row(table);
}

static uint64_t
events_of(const struct tally *tally)
{
	return tally->accepted + tally->duplicate + tally->refused + tally->invalid +
	       tally->rolled_back;
}

static void
print_outcomes(const struct tally *tally, const struct tally_run *run,
	       struct table_style style)
{
	static const struct table_column columns[] = {
		{ "outcome", TABLE_TEXT, false }, { "events", TABLE_NUMBER, false }
	};
	struct table *table = table_open(stdout, style, columns, 2);

	print_outcome(table, run->dry_run ? "would be accepted" : "accepted",
		      tally->accepted, true);
	print_outcome(table, "duplicate", tally->duplicate, true);
	print_outcome(table, "refused", tally->refused, true);
	print_outcome(table, "invalid", tally->invalid, true);
	print_outcome(table, "rolled back", tally->rolled_back, false);
	table_close(table);
	(void)printf("\n%" PRIu64 " events in %.2f s, %.0f/s", events_of(tally),
		     run->seconds, (double)events_of(tally) / run->seconds);
	if (tally->size > 0)
		(void)printf("; the log holds %" PRIu64 " records", tally->size);
	(void)printf("%s%s\n", run->dry_run ? "; dry run, nothing was written" : "",
		     run->whole ? "" : "; the input was not read to its end");
}

static const char *
reason_name(const struct tally_reason *reason, char memory[NAMES_BYTES])
{
	return reason->refused
		   ? names_rule((Daybook__V1__Rule)reason->number, memory)
		   : names_fault((Daybook__V1__Fault)reason->number, memory);
}

static void
print_reason(struct table *table, const struct tally_reason *reason)
{
	char name[NAMES_BYTES];

	for (size_t i = 0; i < reason->example_count; i++) {
		const struct tally_example *example = &reason->examples[i];

		table_text(table, i > 0 ? "" : reason->refused ? "refused" : "invalid");
		table_text(table, i > 0 ? "" : reason_name(reason, name));
		if (i > 0)
			table_text(table, NULL);
		else
			table_u64(table, reason->events);
		table_u64(table, example->line);
		table_text(table, example->field);
		table_text(table, example->value);
		if (reason->refused) {
			table_i64(table, example->measured);
			table_i64(table, example->limit);
		}
		table_end_row(table);
	}
}

static void
print_reasons(const struct tally *tally, struct table_style style)
{
	static const struct table_column columns[] = {
		{ "outcome", TABLE_TEXT, false },    { "why", TABLE_TEXT, false },
		{ "events", TABLE_NUMBER, false },   { "line", TABLE_NUMBER, false },
		{ "field", TABLE_TEXT, false },	     { "value", TABLE_TEXT, false },
		{ "measured", TABLE_NUMBER, false }, { "limit", TABLE_NUMBER, false },
	};
	struct table *table;

	if (tally->reason_count == 0)
		return;
	(void)fputc('\n', stdout);
	table = table_open(stdout, style, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < tally->reason_count; i++)
		print_reason(table, &tally->reasons[i]);
	table_close(table);
}

/* -------------------------------------------------------------------------- as JSON */

static void
print_text_member(const char *name, const char *text)
{
	(void)printf(",\"%s\":", name);
	json_rows_string(stdout, dbk_str_of(text));
}

static void
print_reason_json(const struct tally_reason *reason)
{
	char name[NAMES_BYTES];

	(void)printf("{\"outcome\":\"%s\",\"why\":\"%s\",\"events\":\"%" PRIu64
		     "\",\"examples\":[",
		     reason->refused ? "REFUSED" : "INVALID", reason_name(reason, name),
		     reason->events);
	for (size_t i = 0; i < reason->example_count; i++) {
		const struct tally_example *example = &reason->examples[i];

		(void)printf("%s{\"line\":\"%" PRIu64 "\"", i == 0 ? "" : ",",
			     example->line);
		print_text_member("field", example->field);
		print_text_member("value", example->value);
		(void)printf(",\"measured\":\"%" PRId64 "\",\"limit\":\"%" PRId64 "\"}",
			     example->measured, example->limit);
	}
	(void)fputs("]}", stdout);
}

static void
print_json(const struct tally *tally, const struct tally_run *run)
{
	(void)printf("%s\"source\":", run->begun ? "" : "{");
	json_rows_string(stdout, dbk_str_of(run->source));
	(void)printf(
	    ",\"events\":\"%" PRIu64 "\",\"accepted\":\"%" PRIu64
	    "\",\"duplicates\":\"%" PRIu64 "\",\"refused\":\"%" PRIu64
	    "\",\"invalid\":\"%" PRIu64 "\",\"rolledBack\":\"%" PRIu64
	    "\",\"batches\":\"%" PRIu64 "\",\"size\":\"%" PRIu64
	    "\",\"dryRun\":%s,\"whole\":%s,\"milliseconds\":\"%.0f\",\"reasons\":[",
	    events_of(tally), tally->accepted, tally->duplicate, tally->refused,
	    tally->invalid, tally->rolled_back, tally->batches, tally->size,
	    run->dry_run ? "true" : "false", run->whole ? "true" : "false",
	    run->seconds * 1000);
	for (size_t i = 0; i < tally->reason_count; i++) {
		(void)fputs(i == 0 ? "" : ",", stdout);
		print_reason_json(&tally->reasons[i]);
	}
	(void)fputs("]}\n", stdout);
}

void
tally_print(const struct tally *tally, const struct tally_run *run,
	    enum cli_format format, bool colour)
{
	struct table_style style = { .colour = colour };

	if (format == CLI_JSON || format == CLI_JSONL) {
		print_json(tally, run);
		return;
	}
	print_outcomes(tally, run, style);
	print_reasons(tally, style);
}
