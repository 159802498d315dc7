/* guards_lint.c -- a guard set before it is published: does it stand? */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "guard/guard.h"
#include "lint_file.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
					     CLI_OPTION_END };

struct lint {
	const struct cli_listing *options;
	struct table *table; /* NULL: JSON */
	uint64_t sets, notes, broken, put;
};

/* What is to be said of a set, or of a line that is none. */
struct remark {
	uint64_t line;
	const char *set;
	uint32_t version;
	const char *severity; /* "broken", "note" */
	const char *code;
	const char *parameter; /* its name; empty: the set as a whole */
	uint64_t place;	       /* of the parameter from 1; 0: the set */
	const char *text;
};

static const struct table_column columns[] = {
	{ "line", TABLE_NUMBER, true },	    { "guard_set", TABLE_TEXT, false },
	{ "version", TABLE_NUMBER, false }, { "severity", TABLE_TEXT, false },
	{ "code", TABLE_TEXT, false },	    { "parameter", TABLE_TEXT, false },
	{ "place", TABLE_NUMBER, true },    { "text", TABLE_TEXT, false },
};

/* ---------------------------------------------------------------------------- printing
 */

static void
put_row(struct table *table, const struct remark *remark)
{
	bool broken = strcmp(remark->severity, "broken") == 0;

	table_u64(table, remark->line);
	table_text(table, remark->set);
	table_u64(table, remark->version);
	table_alarm(table, remark->severity, broken);
	table_alarm(table, remark->code, broken);
	table_text(table, remark->parameter);
	if (remark->place == 0)
		table_text(table, NULL);
	else
		table_u64(table, remark->place);
	table_text(table, remark->text);
	table_end_row(table);
}

static void
put_json(const struct remark *remark, bool lines, bool first)
{
	(void)printf("%s{\"line\":\"%" PRIu64 "\"", lines || first ? "" : ",\n",
		     remark->line);
	lint_json_member("guardSet", remark->set);
	(void)printf(",\"version\":%" PRIu32, remark->version);
	lint_json_member("severity", remark->severity);
	lint_json_member("code", remark->code);
	lint_json_member("parameter", remark->parameter);
	(void)printf(",\"place\":\"%" PRIu64 "\"", remark->place);
	lint_json_member("text", remark->text);
	(void)fputs(lines ? "}\n" : "}", stdout);
}

static void
put(struct lint *lint, const struct remark *remark)
{
	if (lint->table != NULL)
		put_row(lint->table, remark);
	else
		put_json(remark, lint->options->format == CLI_JSONL, lint->put == 0);
	lint->put++;
}

/* ------------------------------------------------------------------------------- a set
 */

static void
put_fault(struct lint *lint, const struct dbk_guard_set_published *published,
	  const struct dbk_parameter_fault *fault, struct remark remark)
{
	char parameter[LINT_TEXT_BYTES] = "", text[LINT_TEXT_BYTES];

	if (fault->index < published->n_parameters)
		lint_text(published->parameters[fault->index].name, parameter);
	lint_fault_text(fault, text);
	remark.severity = "broken";
	remark.code = dbk_rule_name(fault->rule);
	remark.parameter = parameter;
	remark.place = (uint64_t)fault->index + 1;
	remark.text = text;
	lint->broken++;
	put(lint, &remark);
}

static const struct dbk_guard_kind *
find_guard(struct dbk_str name)
{
	for (int i = 0; i < DBK_GUARDS; i++) {
		const struct dbk_guard_kind *kind = dbk_guard_kind((enum dbk_guard)i);

		if (dbk_str_equal(name, dbk_str_of(kind->name)))
			return kind;
	}
	return NULL;
}

/* Who writes REFUSE of a guard that cannot refuse expects more than will happen. */
static void
put_notes(struct lint *lint, const struct dbk_guard_set_published *published,
	  struct remark remark)
{
	for (uint32_t i = 0; i < published->n_parameters; i++) {
		const struct dbk_guard_kind *kind =
		    find_guard(published->parameters[i].name);

		if (kind == NULL || kind->can_refuse ||
		    !dbk_str_equal(published->parameters[i].choice,
				   dbk_str_of("REFUSE")))
			continue;
		remark.severity = "note";
		remark.code = "READS_AS_FLAG";
		remark.parameter = kind->name;
		remark.place = (uint64_t)i + 1;
		remark.text = "This guard cannot refuse: REFUSE reads as FLAG.";
		lint->notes++;
		put(lint, &remark);
	}
}

static void
lint_set(struct lint *lint, uint64_t line,
	 const struct dbk_guard_set_published *published, struct dbk_arena *arena)
{
	struct dbk_parameter_fault fault;
	struct dbk_guards guards;
	char name[LINT_TEXT_BYTES];
	const struct remark remark = { .line = line,
				       .set = name,
				       .version = published->version };

	lint_text(published->guard_set, name);
	lint->sets++;
	if (dbk_guards_compile(published, arena, &guards, &fault))
		put_notes(lint, published, remark);
	else
		put_fault(lint, published, &fault, remark);
}

static void
lint_event(void *context, uint64_t line, const struct dbk_event *event,
	   struct dbk_arena *arena)
{
	lint_set(context, line, &event->u.guard_set_published, arena);
}

static void
lint_broken(void *context, uint64_t line, const char *code, const char *text)
{
	struct lint *lint = context;
	const struct remark remark = { .line = line,
				       .set = "",
				       .severity = "broken",
				       .code = code,
				       .parameter = "",
				       .text = text };

	lint->broken++;
	put(lint, &remark);
}

/* ---------------------------------------------------------------------------- the file
 */

static void
begin(struct lint *lint)
{
	const struct cli_listing *o = lint->options;

	if (o->format == CLI_TABLE || o->format == CLI_CSV)
		lint->table = table_open(stdout, listing_style(o), columns,
					 sizeof columns / sizeof columns[0]);
	else if (o->format == CLI_JSON)
		(void)fputs("{\"remarks\":[\n", stdout);
}

static void
end(struct lint *lint)
{
	const struct cli_listing *o = lint->options;

	if (o->format == CLI_TABLE && lint->put == 0)
		table_discard(lint->table);
	else
		table_close(lint->table);
	if (o->format == CLI_JSON)
		(void)fputs(lint->put == 0 ? "]}\n" : "\n]}\n", stdout);
	if (o->format == CLI_TABLE)
		(void)printf("%s%" PRIu64 " guard set%s: %" PRIu64 " notes; %" PRIu64
			     " cannot stand\n",
			     lint->put == 0 ? "" : "\n", lint->sets,
			     lint->sets == 1 ? "" : "s", lint->notes, lint->broken);
}

static int
run(struct cli_call *call)
{
	struct lint lint = { .options = call->options };
	const struct lint_reader reader = { .type = DBK_EVENT_GUARD_SET_PUBLISHED,
					    .context = &lint,
					    .event = lint_event,
					    .broken = lint_broken };
	struct dbk_error error = { DBK_OK, "" };
	struct intake *intake;
	int code;

	if (intake_open(call->operands[0], false, &intake, &error) != DBK_OK)
		return diag_failure(&error);
	begin(&lint);
	code = lint_file(intake, &reader);
	end(&lint);
	if (code == EXIT_OK && lint.sets + lint.broken == 0) {
		diag_error("there is no GuardSetPublished in %s", call->operands[0]);
		code = EXIT_INVALID;
	}
	intake_close(intake);
	if (code != EXIT_OK)
		return code;
	return lint.broken > 0 ? EXIT_INVALID : EXIT_OK;
}

const struct cli_verb verb_guards_lint = {
	.name = "guards lint",
	.group = CLI_READ,
	.operands = "FILE|-",
	.summary = "a guard set before it is published",
	.about =
	    "Reads events, one a line in proto3 JSON, and looks at every "
	    "GuardSetPublished\n"
	    "among them as the book would: does it stand? Needs no daemon. Whether a\n"
	    "version follows the last one and skus are known only the book knows: "
	    "`daybook\n"
	    "append --dry-run` asks it.\n\n"
	    "Ends with 0 if every set stands, 4 if one does not.",
	.examples = "  daybook guards lint next.jsonl && daybook append next.jsonl\n"
		    "  daybook guards lint - --format json <next.jsonl",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
