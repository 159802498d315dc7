/* plan.c -- the plans that were published, what they say and what is to be said of
 * them.
 */

#include <inttypes.h>
#include <string.h>

#include "facts.h"
#include "lint_table.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AT_LEAST, CLI_OPTION_FORMAT,
					     CLI_OPTION_WIDE, CLI_OPTION_END };

/* ------------------------------------------------------------------------- all of them
 */

static const struct table_column columns[] = {
	{ "plan", TABLE_TEXT, false },	     { "version", TABLE_NUMBER, false },
	{ "valid_from", TABLE_TEXT, false }, { "valid_to", TABLE_TEXT, false },
	{ "in_force", TABLE_TEXT, false },   { "alarms", TABLE_NUMBER, false },
	{ "warnings", TABLE_NUMBER, false }, { "notes", TABLE_NUMBER, true },
	{ "approver", TABLE_TEXT, true },    { "position", TABLE_NUMBER, true },
};

static uint64_t
count_findings(const Daybook__V1__Plan *plan, const char *severity)
{
	uint64_t count = 0;

	for (size_t i = 0; i < plan->n_findings; i++)
		count += strcmp(plan->findings[i]->severity, severity) == 0 ? 1 : 0;
	return count;
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Plan *plan = (const Daybook__V1__Plan *)row;
	uint64_t alarms = count_findings(plan, "alarm");
	char text[24];

	(void)reply;
	(void)context;
	(void)snprintf(text, sizeof text, "%" PRIu64, alarms);
	table_text(table, plan->plan);
	table_u64(table, plan->version);
	table_time(table, plan->valid_from);
	table_time(table, plan->valid_to);
	table_flag(table, plan->in_force, "yes");
	table_alarm(table, text, alarms > 0);
	table_u64(table, count_findings(plan, "warning"));
	table_u64(table, count_findings(plan, "note"));
	table_text(table, plan->approver);
	table_u64(table, plan->position);
}

static int
list_plans(const struct cli_listing *o)
{
	Daybook__V1__ListPlansRequest request = DAYBOOK__V1__LIST_PLANS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListPlans",
		.request = &request.base,
		.reply = &daybook__v1__list_plans_reply__descriptor,
		.rows = "plans",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

/* ----------------------------------------------------------------------- one of them
 */

static const struct table_column parameter_columns[] = {
	{ "parameter", TABLE_TEXT, false }, { "value", TABLE_NUMBER, false },
	{ "choice", TABLE_TEXT, false },    { "level", TABLE_NUMBER, false },
	{ "sku", TABLE_TEXT, false },	    { "category", TABLE_TEXT, false },
	{ "rank", TABLE_TEXT, false },
};

/* Values stand as they were published: in the unit that `plan parameters` names. */
static void
print_parameters(const Daybook__V1__Plan *plan, struct table_style style)
{
	struct table *table =
	    table_open(stdout, style, parameter_columns,
		       sizeof parameter_columns / sizeof parameter_columns[0]);

	for (size_t i = 0; i < plan->n_parameters; i++) {
		const Daybook__V1__Parameter *parameter = plan->parameters[i];
		bool chosen = parameter->choice[0] != '\0' && parameter->value == 0;

		table_text(table, parameter->name);
		if (chosen)
			table_text(table, NULL);
		else
			table_i64(table, parameter->value);
		table_text(table, parameter->choice);
		if (parameter->level == 0)
			table_text(table, NULL);
		else
			table_u64(table, parameter->level);
		table_text(table, parameter->sku);
		table_text(table, parameter->category);
		table_text(table, parameter->rank);
		table_end_row(table);
	}
	table_close(table);
}

static void
print_findings(const Daybook__V1__Plan *plan, struct table_style style)
{
	struct table *table;

	if (plan->n_findings == 0) {
		(void)fputs("the linter finds nothing\n", stdout);
		return;
	}
	table = lint_table_open(stdout, style, false);
	for (size_t i = 0; i < plan->n_findings; i++) {
		const Daybook__V1__LintFinding *from = plan->findings[i];
		uint32_t place = from->parameter_plus_one;
		struct lint_row finding = { .plan = plan->plan,
					    .version = plan->version,
					    .severity = from->severity,
					    .code = from->code,
					    .place = place,
					    .text = from->text };

		if (place > 0 && place <= plan->n_parameters)
			finding.parameter = plan->parameters[place - 1]->name;
		lint_table_put(table, &finding);
	}
	table_close(table);
}

static void
print_facts(const Daybook__V1__Plan *plan, struct table_style style)
{
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "plan", plan->plan);
	facts_u64(&facts, "version", plan->version);
	facts_flag(&facts, "in_force", plan->in_force);
	facts_time(&facts, "valid_from", plan->valid_from);
	facts_time(&facts, "valid_to", plan->valid_to);
	facts_text(&facts, "approver", plan->approver);
	facts_u64(&facts, "position", plan->position);
	facts_print(&facts, style);
}

static void
print_plan(const Daybook__V1__Plan *plan, const struct cli_listing *o)
{
	struct table_style style = listing_style(o);

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, &plan->base);
		return;
	}
	if (style.csv) {
		print_parameters(plan, style);
		return;
	}
	print_facts(plan, style);
	(void)fputc('\n', stdout);
	print_parameters(plan, style);
	(void)fputc('\n', stdout);
	print_findings(plan, style);
}

static int
ask(struct session *session, const struct cli_listing *o, char *name, uint32_t version,
    Daybook__V1__ListPlansReply **out)
{
	Daybook__V1__ListPlansRequest request = DAYBOOK__V1__LIST_PLANS_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.plan = name;
	request.version = version;
	request.at_least_size = o->at_least;
	code = session_call(session, "ListPlans", &request.base,
			    &daybook__v1__list_plans_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	*out = (Daybook__V1__ListPlansReply *)reply;
	if ((*out)->n_plans > 0)
		return EXIT_OK;
	protobuf_c_message_free_unpacked(reply, NULL);
	if (version == 0)
		diag_error("there is no plan %s", name);
	else
		diag_error("there is no version %u of plan %s", version, name);
	return EXIT_NOT_FOUND;
}

static int
newest_version(struct session *session, const struct cli_listing *o, char *name,
	       uint32_t *out)
{
	Daybook__V1__ListPlansReply *reply;
	int code = ask(session, o, name, 0, &reply);

	if (code != EXIT_OK)
		return code;
	for (size_t i = 0; i < reply->n_plans; i++) {
		if (reply->plans[i]->version > *out)
			*out = reply->plans[i]->version;
	}
	protobuf_c_message_free_unpacked(&reply->base, NULL);
	return EXIT_OK;
}

static int
show_plan(const struct cli_listing *o, char *name, uint32_t version)
{
	Daybook__V1__ListPlansReply *reply;
	struct session *session;
	int code = session_open(&o->common, &session);

	if (code != EXIT_OK)
		return code;
	if (version == 0)
		code = newest_version(session, o, name, &version);
	if (code == EXIT_OK)
		code = ask(session, o, name, version, &reply);
	if (code == EXIT_OK) {
		print_plan(reply->plans[0], o);
		protobuf_c_message_free_unpacked(&reply->base, NULL);
	}
	session_close(session);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	uint64_t version = 0;

	if (call->operand_count == 0)
		return list_plans(o);
	if (call->operand_count == 2 &&
	    (!cli_count_parse(call->operands[1], &version) || version == 0 ||
	     version > UINT32_MAX)) {
		diag_error("\"%.40s\" is not a version", call->operands[1]);
		return EXIT_USAGE;
	}
	return show_plan(o, call->operands[0], (uint32_t)version);
}

static const struct cli_verb *const below[] = { &verb_plan_lint, &verb_plan_parameters,
						NULL };

const struct cli_verb verb_plan = {
	.name = "plan",
	.group = CLI_READ,
	.operands = "[PLAN [VERSION]]",
	.summary = "plans with their parameters and what the linter finds",
	.about =
	    "Without operands lists every version of every plan with the numbers of "
	    "alarms and\n"
	    "warnings. With a PLAN shows its newest version, or the VERSION asked for: "
	    "its\n"
	    "parameters as they were published, and what the linter finds. An alarm is "
	    "pay on\n"
	    "recruiting, on stock purchase or on head count. As CSV: the parameters.",
	.examples = "  daybook plan\n"
		    "  daybook plan two-level 3\n"
		    "  daybook plan lint next.jsonl   # before it is published",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_max = 2,
	.run = run,
	.below = below,
};
