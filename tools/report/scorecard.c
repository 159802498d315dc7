/* scorecard.c -- what a programme promises not to do, each with its numbers. */

#include <string.h>

#include "listing.h"
#include "measures.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = 0 };

static const struct cli_option options[] = { CLI_OPTION_AT_LEAST, CLI_OPTION_FORMAT,
					     CLI_OPTION_WIDE, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "abstention", TABLE_TEXT, false }, { "name", TABLE_TEXT, false },
	{ "number", TABLE_TEXT, false },     { "value", TABLE_NUMBER, false },
	{ "unit", TABLE_TEXT, false },	     { "help", TABLE_TEXT, true },
};

static enum measure
measure_of_unit(const char *unit)
{
	if (strcmp(unit, "ppm") == 0)
		return MEASURE_PPM;
	return strcmp(unit, "amount") == 0 ? MEASURE_AMOUNT : MEASURE_PLAIN;
}

/* People read ppm as percent, which stands behind the number. */
static void
put_number(struct table *table, const Daybook__V1__ScorecardNumber *number,
	   unsigned exponent)
{
	enum measure measure = measure_of_unit(number->unit);
	bool shown = table_is_csv(table) || measure != MEASURE_PPM;

	table_text(table, number->name);
	if (number->value < 0)
		table_count(table, number->value);
	else
		measure_cell(table, number->value, measure, exponent);
	table_text(table, shown ? number->unit : NULL);
	table_text(table, number->help);
	table_end_row(table);
}

/* Each abstention is named once for people, in every row for programs. */
static void
put_row(struct table *table, const Daybook__V1__ScorecardRow *row, unsigned exponent)
{
	for (size_t i = 0; i < row->n_numbers; i++) {
		bool named = i == 0 || table_is_csv(table);

		table_text(table, named ? row->abstention : NULL);
		table_text(table, named ? row->name : NULL);
		put_number(table, row->numbers[i], exponent);
	}
}

static void
print_card(const Daybook__V1__Scorecard *card, const struct cli_listing *o)
{
	struct table *table;

	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		json_rows_message(stdout, &card->base);
		return;
	}
	table = table_open(stdout, listing_style(o), columns,
			   sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < card->n_rows; i++)
		put_row(table, card->rows[i], card->exponent);
	table_close(table);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__GetScorecardRequest request =
	    DAYBOOK__V1__GET_SCORECARD_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code;

	request.at_least_size = o->at_least;
	code = session_call_alone(&o->common, "GetScorecard", &request.base,
				  &daybook__v1__scorecard__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	print_card((const Daybook__V1__Scorecard *)reply, o);
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

const struct cli_verb verb_report_scorecard = {
	.name = "report scorecard",
	.group = CLI_READ,
	.operands = "",
	.summary = "the eight abstentions, each with its numbers",
	.about = "Shows what a sound programme abstains from -- breaking rules, fakes, "
		 "pyramids,\n"
		 "disorder, hoarding, profiteering, flooding, living off friends -- "
		 "each with\n"
		 "the numbers of this book that tell of it. \"-\" stands where there "
		 "is nothing to\n"
		 "measure. --wide says what each number is.",
	.examples = "  daybook report scorecard --wide\n"
		    "  daybook report scorecard --format json",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.run = run,
};
