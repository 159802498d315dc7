/* plan_lint.c -- a plan before it is published: does it stand, and what does it reward?
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "lint_file.h"
#include "lint_table.h"
#include "listing.h"
#include "plan/lint.h"
#include "plan/plan.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
					     CLI_OPTION_END };

/* Findings of one plan: two of each parameter, and those of the plan as a whole. */
#define FINDINGS_MAX (2 * DBK_PARAMETERS_MAX + 16)

struct lint {
	const struct cli_listing *options;
	struct table *table; /* NULL: JSON */
	bool first;	     /* of the JSON */
	uint64_t plans, findings, alarms, broken;
	struct dbk_lint *found; /* FINDINGS_MAX */
};

/* ---------------------------------------------------------------------------- printing
 */

static void
put_json(struct lint *lint, const struct lint_row *finding, uint64_t line)
{
	bool lines = lint->options->format == CLI_JSONL;

	(void)printf("%s{\"line\":\"%" PRIu64 "\"", lines || lint->first ? "" : ",\n",
		     line);
	lint_json_member("plan", finding->plan);
	(void)printf(",\"version\":%" PRIu32, finding->version);
	lint_json_member("severity", finding->severity);
	lint_json_member("code", finding->code);
	lint_json_member("parameter", finding->parameter);
	(void)printf(",\"place\":\"%" PRIu64 "\"", finding->place);
	lint_json_member("text", finding->text);
	(void)fputs(lines ? "}\n" : "}", stdout);
	lint->first = false;
}

static void
put(struct lint *lint, const struct lint_row *finding, uint64_t line)
{
	if (lint->table != NULL)
		lint_table_put(lint->table, finding);
	else
		put_json(lint, finding, line);
}

/* What cannot stand is told like a finding, but worse than any. */
static void
put_broken(struct lint *lint, uint64_t line, struct lint_row broken)
{
	broken.severity = "broken";
	lint->broken++;
	put(lint, &broken, line);
}

/* ------------------------------------------------------------------------------ a plan
 */

static void
put_fault(struct lint *lint, uint64_t line, const struct dbk_plan_published *published,
	  const struct dbk_parameter_fault *fault)
{
	char plan[LINT_TEXT_BYTES], parameter[LINT_TEXT_BYTES] = "",
				    text[LINT_TEXT_BYTES];

	lint_text(published->plan, plan);
	if (fault->index < published->n_parameters)
		lint_text(published->parameters[fault->index].name, parameter);
	lint_fault_text(fault, text);
	put_broken(lint, line,
		   (struct lint_row){ .plan = plan,
				      .version = published->version,
				      .code = dbk_rule_name(fault->rule),
				      .parameter = parameter,
				      .place = (uint64_t)fault->index + 1,
				      .text = text });
}

static void
put_findings(struct lint *lint, uint64_t line,
	     const struct dbk_plan_published *published, const struct dbk_plan *plan)
{
	uint32_t count = dbk_plan_lint(published, plan, lint->found, FINDINGS_MAX);
	char name[LINT_TEXT_BYTES], parameter[LINT_TEXT_BYTES];

	lint_text(published->plan, name);
	for (uint32_t i = 0; i < count && i < FINDINGS_MAX; i++) {
		const struct dbk_lint *found = &lint->found[i];
		struct lint_row finding = {
			.plan = name,
			.version = published->version,
			.severity = dbk_lint_severity_name(found->severity),
			.code = found->code,
			.parameter = parameter,
			.text = found->text,
		};

		parameter[0] = '\0';
		if (found->index < published->n_parameters) {
			lint_text(published->parameters[found->index].name, parameter);
			finding.place = (uint64_t)found->index + 1;
		}
		lint->findings++;
		lint->alarms += found->severity == DBK_LINT_ALARM ? 1 : 0;
		put(lint, &finding, line);
	}
}

static void
lint_plan(struct lint *lint, uint64_t line, const struct dbk_plan_published *published,
	  struct dbk_arena *arena)
{
	struct dbk_parameter_fault fault;
	struct dbk_plan plan;
	char name[LINT_TEXT_BYTES];

	lint_text(published->plan, name);
	lint->plans++;
	if (published->valid_to != DBK_TIME_ABSENT &&
	    published->valid_from != DBK_TIME_ABSENT &&
	    published->valid_to <= published->valid_from)
		put_broken(
		    lint, line,
		    (struct lint_row){ .plan = name,
				       .version = published->version,
				       .code = dbk_rule_name(DBK_RULE_PLAN_VALIDITY),
				       .parameter = "",
				       .text = "valid_to is not after valid_from" });
	if (dbk_plan_compile(published, arena, &plan, &fault))
		put_findings(lint, line, published, &plan);
	else
		put_fault(lint, line, published, &fault);
}

static void
lint_event(void *context, uint64_t line, const struct dbk_event *event,
	   struct dbk_arena *arena)
{
	lint_plan(context, line, &event->u.plan_published, arena);
}

static void
lint_broken(void *context, uint64_t line, const char *code, const char *text)
{
	put_broken(context, line,
		   (struct lint_row){
		       .plan = "", .code = code, .parameter = "", .text = text });
}

/* ---------------------------------------------------------------------------- the file
 */

static void
begin(struct lint *lint)
{
	const struct cli_listing *o = lint->options;

	lint->first = true;
	if (o->format == CLI_TABLE || o->format == CLI_CSV)
		lint->table = lint_table_open(stdout, listing_style(o), true);
	else if (o->format == CLI_JSON)
		(void)fputs("{\"findings\":[\n", stdout);
}

static void
end(struct lint *lint)
{
	const struct cli_listing *o = lint->options;

	/* No finding is no table, for people. */
	if (o->format == CLI_TABLE && lint->findings + lint->broken == 0)
		table_discard(lint->table);
	else
		table_close(lint->table);
	if (o->format == CLI_JSON)
		(void)fputs(lint->first ? "]}\n" : "\n]}\n", stdout);
	if (o->format == CLI_TABLE)
		(void)printf("%s%" PRIu64 " plan%s: %" PRIu64 " findings, %" PRIu64
			     " of them alarms; %" PRIu64 " cannot stand\n",
			     lint->findings + lint->broken == 0 ? "" : "\n",
			     lint->plans, lint->plans == 1 ? "" : "s", lint->findings,
			     lint->alarms, lint->broken);
}

static int
exit_of(const struct lint *lint)
{
	if (lint->broken > 0)
		return EXIT_INVALID;
	return lint->alarms > 0 ? EXIT_REFUSED : EXIT_OK;
}

static int
run(struct cli_call *call)
{
	struct dbk_error error = { DBK_OK, "" };
	struct lint lint = { .options = call->options };
	const struct lint_reader reader = { .type = DBK_EVENT_PLAN_PUBLISHED,
					    .context = &lint,
					    .event = lint_event,
					    .broken = lint_broken };
	struct intake *intake;
	int code;

	if (intake_open(call->operands[0], false, &intake, &error) != DBK_OK)
		return diag_failure(&error);
	lint.found = calloc(FINDINGS_MAX, sizeof *lint.found);
	dbk_assert(lint.found != NULL);
	begin(&lint);
	code = lint_file(intake, &reader);
	end(&lint);
	if (code == EXIT_OK && lint.plans + lint.broken == 0) {
		diag_error("there is no PlanPublished in %s", call->operands[0]);
		code = EXIT_INVALID;
	}
	free(lint.found);
	intake_close(intake);
	return code == EXIT_OK ? exit_of(&lint) : code;
}

const struct cli_verb verb_plan_lint = {
	.name = "plan lint",
	.group = CLI_READ,
	.operands = "FILE|-",
	.summary = "a plan before it is published",
	.about =
	    "Reads events, one a line in proto3 JSON, and looks at every PlanPublished "
	    "among\n"
	    "them as the book would: can it stand, and what does it reward? Needs no "
	    "daemon.\n"
	    "Whether a version follows the last one and skus are known only the book "
	    "knows:\n"
	    "`daybook append --dry-run` asks it.\n\n"
	    "Ends with 0 if there is no alarm, 3 if there is one, 4 if a plan cannot "
	    "stand.",
	.examples = "  daybook plan lint next.jsonl && daybook append next.jsonl\n"
		    "  daybook plan lint - --format json <next.jsonl",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
