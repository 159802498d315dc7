/* cohorts.c -- what became of the agents who enrolled in a month. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "listing.h"
#include "verbs.h"

struct options {
	struct cli_listing listing;
	const char *show;
};

static const struct options defaults = { .listing.limit = 0, .show = "active" };

static const struct cli_option options[] = {
	{ "show", "WHAT",
	  "active agents (default), their share, or units bought or sold", CLI_TEXT,
	  offsetof(struct options, show), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_WIDE,
	CLI_OPTION_END
};

enum show { SHOW_ACTIVE, SHOW_SHARE, SHOW_BOUGHT, SHOW_SOLD };

static int
take_show(const char *text, enum show *out)
{
	static const char *const words[] = { "active", "share", "bought", "sold" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcmp(text, words[i]) == 0) {
			*out = (enum show)i;
			return EXIT_OK;
		}
	}
	diag_error("--show: \"%.60s\" is not active, share, bought or sold", text);
	return EXIT_USAGE;
}

/* ----------------------------------------------------- a row a cohort, a column an age
 */

enum { AGES = 13, BEFORE = 2, COLUMNS = BEFORE + AGES };

static const struct table_column columns[COLUMNS] = {
	{ "month", TABLE_TEXT, false }, { "agents", TABLE_NUMBER, false },
	{ "0", TABLE_NUMBER, false },	{ "1", TABLE_NUMBER, false },
	{ "2", TABLE_NUMBER, false },	{ "3", TABLE_NUMBER, false },
	{ "4", TABLE_NUMBER, false },	{ "5", TABLE_NUMBER, false },
	{ "6", TABLE_NUMBER, false },	{ "7", TABLE_NUMBER, false },
	{ "8", TABLE_NUMBER, false },	{ "9", TABLE_NUMBER, false },
	{ "10", TABLE_NUMBER, false },	{ "11", TABLE_NUMBER, false },
	{ "12", TABLE_NUMBER, false },
};

/* Whole percents: thirteen columns share a line. */
static void
put_share(struct table *table, uint32_t active, uint32_t agents)
{
	char text[24];

	if (agents == 0) {
		table_text(table, "-");
		return;
	}
	(void)snprintf(text, sizeof text, "%" PRIu64 "%%",
		       (uint64_t)active * 100 / agents);
	table_text(table, text);
}

static void
put_age(struct table *table, const Daybook__V1__Cohort *cohort,
	const Daybook__V1__CohortAge *age, enum show show)
{
	switch (show) {
	case SHOW_ACTIVE:
		table_u64(table, age->active);
		return;
	case SHOW_SHARE:
		put_share(table, age->active, cohort->agents);
		return;
	case SHOW_BOUGHT:
		table_i64(table, age->bought);
		return;
	case SHOW_SOLD:
		table_i64(table, age->sold);
		return;
	}
}

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__Cohort *cohort = (const Daybook__V1__Cohort *)row;
	const enum show *show = context;

	(void)reply;
	table_text(table, cohort->month);
	table_u64(table, cohort->agents);
	for (size_t i = 0; i < AGES; i++) {
		if (i < cohort->n_ages)
			put_age(table, cohort, cohort->ages[i], *show);
		else
			table_text(table, NULL);
	}
}

/* ------------------------------------------------------- as CSV: a row a cohort and
 * age
 */

static const struct table_column long_columns[] = {
	{ "month", TABLE_TEXT, false },	   { "agents", TABLE_NUMBER, false },
	{ "age", TABLE_NUMBER, false },	   { "active", TABLE_NUMBER, false },
	{ "bought", TABLE_NUMBER, false }, { "sold", TABLE_NUMBER, false },
};

static int
print_long(const struct options *o, const Daybook__V1__ListCohortsRequest *request)
{
	const Daybook__V1__ListCohortsReply *list;
	ProtobufCMessage *reply;
	struct table *table;
	int code =
	    session_call_alone(&o->listing.common, "ListCohorts", &request->base,
			       &daybook__v1__list_cohorts_reply__descriptor, &reply);

	if (code != EXIT_OK)
		return code;
	list = (const Daybook__V1__ListCohortsReply *)reply;
	table = table_open(stdout, listing_style(&o->listing), long_columns,
			   sizeof long_columns / sizeof long_columns[0]);
	for (size_t i = 0; i < list->n_cohorts; i++) {
		const Daybook__V1__Cohort *cohort = list->cohorts[i];

		for (size_t k = 0; k < cohort->n_ages; k++) {
			table_text(table, cohort->month);
			table_u64(table, cohort->agents);
			table_u64(table, cohort->ages[k]->age);
			table_u64(table, cohort->ages[k]->active);
			table_i64(table, cohort->ages[k]->bought);
			table_i64(table, cohort->ages[k]->sold);
			table_end_row(table);
		}
	}
	table_close(table);
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__ListCohortsRequest request =
	    DAYBOOK__V1__LIST_COHORTS_REQUEST__INIT;
	enum show show;
	struct listing listing = {
		.method = "ListCohorts",
		.request = &request.base,
		.reply = &daybook__v1__list_cohorts_reply__descriptor,
		.rows = "cohorts",
		.columns = columns,
		.column_count = COLUMNS,
		.row = print_row,
		.context = &show,
	};
	int code = take_show(o->show, &show);

	if (code != EXIT_OK)
		return code;
	request.at_least_size = o->listing.at_least;
	return o->listing.format == CLI_CSV ? print_long(o, &request)
					    : listing_run_alone(&listing, &o->listing);
}

const struct cli_verb verb_report_cohorts = {
	.name = "report cohorts",
	.group = CLI_READ,
	.operands = "",
	.summary = "what became of the agents who enrolled in a month",
	.about = "One line for every month of enrolment, one column for every month "
		 "since, 0 to\n"
		 "12: how many of its agents bought or sold something then, or with "
		 "--show share\n"
		 "the percentage of them, with --show bought or sold the units. As "
		 "CSV: a row\n"
		 "for every month and age, with all three.",
	.examples = "  daybook report cohorts\n"
		    "  daybook report cohorts --show share\n"
		    "  daybook report cohorts --format csv >cohorts.csv",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
