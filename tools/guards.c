/* guards.c -- guard sets: the one in force, and all that were published. */

#include <inttypes.h>
#include <string.h>

#include "book_status.h"
#include "facts.h"
#include "guard/guard.h"
#include "listing.h"
#include "measures.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	bool all;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "all", NULL, "one line for every version of every set", CLI_FLAG,
	  offsetof(struct options, all), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

/* ------------------------------------------------------------------------- all of them
 */

static const struct table_column columns[] = {
	{ "guard_set", TABLE_TEXT, false },    { "version", TABLE_NUMBER, false },
	{ "valid_from", TABLE_TEXT, false },   { "in_force", TABLE_TEXT, false },
	{ "parameters", TABLE_NUMBER, false }, { "approver", TABLE_TEXT, false },
	{ "position", TABLE_NUMBER, false },
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__GuardSet *set = (const Daybook__V1__GuardSet *)row;

	(void)reply;
	(void)context;
	table_text(table, set->guard_set);
	table_u64(table, set->version);
	table_time(table, set->valid_from);
	table_flag(table, set->in_force, "yes");
	table_u64(table, set->n_parameters);
	table_text(table, set->approver);
	table_u64(table, set->position);
}

static int
list(struct session *session, const struct options *o, char *name)
{
	Daybook__V1__ListGuardSetsRequest request =
	    DAYBOOK__V1__LIST_GUARD_SETS_REQUEST__INIT;
	struct listing listing = {
		.method = "ListGuardSets",
		.request = &request.base,
		.reply = &daybook__v1__list_guard_sets_reply__descriptor,
		.rows = "guard_sets",
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
	};

	request.guard_set = name;
	request.at_least_size = o->listing.at_least;
	return listing_run(session, &listing, &o->listing);
}

/* ------------------------------------------------------------------------- one of them
 */

/* The guard or the number that a parameter is of; NULL: of a newer daemon. */
static const struct dbk_guard_kind *
find_guard(const char *name)
{
	for (int i = 0; i < DBK_GUARDS; i++) {
		const struct dbk_guard_kind *kind = dbk_guard_kind((enum dbk_guard)i);

		if (strcmp(kind->name, name) == 0)
			return kind;
	}
	return NULL;
}

static const struct dbk_guard_number_kind *
find_number(const char *name)
{
	for (int i = 0; i < DBK_GUARD_NUMBERS; i++) {
		const struct dbk_guard_number_kind *kind =
		    dbk_guard_number_kind((enum dbk_guard_number)i);

		if (strcmp(kind->name, name) == 0)
			return kind;
	}
	return NULL;
}

static enum measure
measure_of_number(const struct dbk_guard_number_kind *kind)
{
	if (kind != NULL && strcmp(kind->unit, "ppm") == 0)
		return MEASURE_PPM;
	if (kind != NULL && strcmp(kind->unit, "amount") == 0)
		return MEASURE_AMOUNT;
	return MEASURE_PLAIN;
}

/* People read the guards first, and then the numbers that these go by. */
static void
print_guards(const Daybook__V1__GuardSet *set, struct table_style style)
{
	static const struct table_column guard_columns[] = {
		{ "guard", TABLE_TEXT, false },
		{ "mode", TABLE_TEXT, false },
		{ "help", TABLE_TEXT, false },
	};
	struct table *table =
	    table_open(stdout, style, guard_columns,
		       sizeof guard_columns / sizeof guard_columns[0]);

	for (size_t i = 0; i < set->n_parameters; i++) {
		const Daybook__V1__Parameter *parameter = set->parameters[i];
		const struct dbk_guard_kind *kind = find_guard(parameter->name);

		if (parameter->choice[0] == '\0')
			continue;
		table_text(table, parameter->name);
		table_text(table, parameter->choice);
		table_text(table, kind == NULL ? NULL : kind->help);
		table_end_row(table);
	}
	table_close(table);
}

static const struct table_column number_columns[] = {
	{ "number", TABLE_TEXT, false }, { "value", TABLE_NUMBER, false },
	{ "choice", TABLE_TEXT, true },	 { "unit", TABLE_TEXT, false },
	{ "sku", TABLE_TEXT, false },	 { "category", TABLE_TEXT, false },
	{ "rank", TABLE_TEXT, false },
};

static void
put_number(struct table *table, const Daybook__V1__Parameter *parameter,
	   unsigned exponent)
{
	const struct dbk_guard_number_kind *kind = find_number(parameter->name);

	table_text(table, parameter->name);
	if (parameter->choice[0] != '\0')
		table_text(table, NULL);
	else
		measure_cell(table, parameter->value, measure_of_number(kind),
			     exponent);
	table_text(table, parameter->choice);
	table_text(table, kind == NULL ? NULL : kind->unit);
	table_text(table, parameter->sku);
	table_text(table, parameter->category);
	table_text(table, parameter->rank);
	table_end_row(table);
}

/* In CSV all parameters are one table. */
static void
print_numbers(const Daybook__V1__GuardSet *set, struct table_style style,
	      unsigned exponent)
{
	struct table_column shown[sizeof number_columns / sizeof number_columns[0]];
	struct table *table;

	memcpy(shown, number_columns, sizeof shown);
	if (style.csv)
		shown[0].name = "parameter";
	table = table_open(stdout, style, shown, sizeof shown / sizeof shown[0]);
	for (size_t i = 0; i < set->n_parameters; i++) {
		if (style.csv || set->parameters[i]->choice[0] == '\0')
			put_number(table, set->parameters[i], exponent);
	}
	table_close(table);
}

static bool
has_numbers(const Daybook__V1__GuardSet *set)
{
	for (size_t i = 0; i < set->n_parameters; i++) {
		if (set->parameters[i]->choice[0] == '\0')
			return true;
	}
	return false;
}

static void
print_facts(const Daybook__V1__GuardSet *set, struct table_style style)
{
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "guard_set", set->guard_set);
	facts_u64(&facts, "version", set->version);
	facts_flag(&facts, "in_force", set->in_force);
	facts_time(&facts, "valid_from", set->valid_from);
	facts_text(&facts, "approver", set->approver);
	facts_u64(&facts, "position", set->position);
	facts_print(&facts, style);
}

static void
print_set(const Daybook__V1__GuardSet *set, const struct cli_listing *o,
	  unsigned exponent)
{
	struct table_style style = listing_style(o);

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, &set->base);
		return;
	}
	if (style.csv) {
		print_numbers(set, style, exponent);
		return;
	}
	print_facts(set, style);
	(void)fputc('\n', stdout);
	print_guards(set, style);
	if (has_numbers(set)) {
		(void)fputc('\n', stdout);
		print_numbers(set, style, exponent);
	}
}

/* The set in force if NAME is NULL, else VERSION of it, or its newest if that is 0. */
static const Daybook__V1__GuardSet *
choose(const Daybook__V1__ListGuardSetsReply *reply, const char *name, uint64_t version)
{
	const Daybook__V1__GuardSet *found = NULL;

	for (size_t i = 0; i < reply->n_guard_sets; i++) {
		const Daybook__V1__GuardSet *set = reply->guard_sets[i];

		if (name == NULL   ? set->in_force
		    : version == 0 ? found == NULL || set->version > found->version
				   : set->version == version)
			found = set;
	}
	return found;
}

static int
say_none(const char *name, uint64_t version)
{
	if (name == NULL) {
		diag_error("no guard set is in force: every guard is off");
		return EXIT_NOT_FOUND;
	}
	if (version == 0)
		diag_error("there is no guard set %s", name);
	else
		diag_error("there is no version %" PRIu64 " of guard set %s", version,
			   name);
	return EXIT_NOT_FOUND;
}

static int
show(struct session *session, const struct options *o, char *name, uint64_t version)
{
	Daybook__V1__ListGuardSetsRequest request =
	    DAYBOOK__V1__LIST_GUARD_SETS_REQUEST__INIT;
	const Daybook__V1__GuardSet *set;
	ProtobufCMessage *reply;
	unsigned exponent = 0;
	int code = book_status_exponent(session, &exponent);

	if (name != NULL)
		request.guard_set = name;
	request.at_least_size = o->listing.at_least;
	if (code == EXIT_OK)
		code = session_call(session, "ListGuardSets", &request.base,
				    &daybook__v1__list_guard_sets_reply__descriptor,
				    &reply);
	if (code != EXIT_OK)
		return code;
	set = choose((const Daybook__V1__ListGuardSetsReply *)reply, name, version);
	if (set == NULL)
		code = say_none(name, version);
	else
		print_set(set, &o->listing, exponent);
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	char *name = call->operand_count > 0 ? call->operands[0] : NULL;
	const struct options *o = call->options;
	struct session *session;
	uint64_t version = 0;
	int code;

	if (call->operand_count == 2 &&
	    (!cli_count_parse(call->operands[1], &version) || version == 0)) {
		diag_error("\"%.40s\" is not a version", call->operands[1]);
		return EXIT_USAGE;
	}
	code = session_open(&o->listing.common, &session);
	if (code != EXIT_OK)
		return code;
	if (o->all)
		code = list(session, o, name == NULL ? (char *)"" : name);
	else
		code = show(session, o, name, version);
	session_close(session);
	return code;
}

static const struct cli_verb *const below[] = { &verb_guards_lint,
						&verb_guards_parameters, NULL };

const struct cli_verb verb_guards = {
	.name = "guards",
	.group = CLI_READ,
	.operands = "[SET [VERSION]]",
	.summary = "the guards in force, with the numbers that they go by",
	.about =
	    "Shows the guard set in force: the guards with their modes, and the "
	    "numbers\n"
	    "that it gives; what it does not name has the default of `daybook guards\n"
	    "parameters`, and a guard that it does not name is off. With a SET its "
	    "newest\n"
	    "version, or the VERSION asked for; --all lists them. As CSV: the "
	    "parameters.\n\n"
	    "Ends with 5 if no set is in force, or there is no such set.",
	.examples = "  daybook guards\n"
		    "  daybook guards --all\n"
		    "  daybook guards house 2 --format json\n"
		    "  daybook guards lint next.jsonl   # before it is published",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = 2,
	.run = run,
	.below = below,
};
