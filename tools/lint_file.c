#include "lint_file.h"

#include <inttypes.h>
#include <stdio.h>

#include "diag.h"
#include "event/decode.h"
#include "json_rows.h"

/* One list as an event, compiled: lists and terms of up to DBK_PARAMETERS_MAX. */
#define ARENA_BYTES ((size_t)8 * 1024 * 1024)

static void
tell_broken(const struct lint_reader *reader, uint64_t line, const char *code,
	    const char *words)
{
	char text[2 * LINT_TEXT_BYTES];

	(void)snprintf(text, sizeof text, "line %" PRIu64 ": %s", line, words);
	reader->broken(reader->context, line, code, text);
}

static void
lint_event(const struct lint_reader *reader, struct dbk_arena *arena, uint64_t line,
	   struct dbk_str bytes)
{
	char field[DBK_FIELD_TEXT_BYTES];
	struct dbk_event_fault fault;
	struct dbk_event event;

	dbk_arena_reset(arena);
	if (!dbk_event_decode(bytes, arena, &event, &fault) ||
	    !dbk_event_check(&event, &fault)) {
		/* None of TYPE: of these the books take no notice either. */
		if (fault.fault == DBK_FAULT_NOT_SUPPORTED)
			return;
		(void)dbk_field_format(&fault.field, field);
		tell_broken(reader, line, dbk_fault_name(fault.fault), field);
	} else if (event.type == reader->type) {
		reader->event(reader->context, line, &event, arena);
	}
}

static int
lint_items(struct intake *intake, const struct lint_reader *reader,
	   struct dbk_arena *arena)
{
	for (;;) {
		struct intake_item item;

		switch (intake_next(intake, &item)) {
		case INTAKE_EVENT:
			lint_event(reader, arena, item.line, item.event);
			break;
		case INTAKE_BAD:
			tell_broken(reader, item.line,
				    dbk_fault_name(DBK_FAULT_MALFORMED),
				    item.error.text);
			break;
		case INTAKE_IDLE:
			break;
		case INTAKE_END:
			return EXIT_OK;
		case INTAKE_FAILED:
			return diag_failure(&item.error);
		}
	}
}

int
lint_file(struct intake *intake, const struct lint_reader *reader)
{
	struct dbk_arena arena;
	int code;

	dbk_arena_init(&arena, ARENA_BYTES);
	code = lint_items(intake, reader, &arena);
	dbk_arena_fini(&arena);
	return code;
}

void
lint_text(struct dbk_str from, char out[LINT_TEXT_BYTES])
{
	(void)snprintf(out, LINT_TEXT_BYTES, "%.*s",
		       from.size < LINT_TEXT_BYTES ? (int)from.size
						   : LINT_TEXT_BYTES - 1,
		       from.size == 0 ? "" : from.bytes);
}

void
lint_fault_text(const struct dbk_parameter_fault *fault, char out[LINT_TEXT_BYTES])
{
	(void)snprintf(out, LINT_TEXT_BYTES,
		       "parameters[%" PRIu32 "].%s: measured %" PRId64
		       ", limit %" PRId64,
		       fault->index, fault->member == NULL ? "" : fault->member,
		       fault->measured, fault->limit);
}

void
lint_json_member(const char *name, const char *text)
{
	(void)printf(",\"%s\":", name);
	json_rows_string(stdout, dbk_str_of(text));
}
