/* contest.c -- who leads a contest. */

#include "facts.h"
#include "listing.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = { CLI_OPTION_LIMIT, CLI_OPTION_AT_LEAST,
					     CLI_OPTION_FORMAT, CLI_OPTION_END };

static const struct table_column columns[] = {
	{ "place", TABLE_NUMBER, false },
	{ "name", TABLE_TEXT, false },
	{ "score", TABLE_NUMBER, false },
};

/* Equal scores share a place. */
struct places {
	uint64_t row, place;
	int64_t score;
};

static void
print_row(struct table *table, const ProtobufCMessage *reply,
	  const ProtobufCMessage *row, const void *context)
{
	const Daybook__V1__ContestScore *score = (const Daybook__V1__ContestScore *)row;
	struct places *places = *(struct places *const *)context;

	places->row++;
	if (places->row == 1 || score->score != places->score)
		places->place = places->row;
	places->score = score->score;
	table_u64(table, places->place);
	table_text(table, score->name);
	table_money(table, score->score,
		    ((const Daybook__V1__Contest *)reply)->exponent);
}

static void
print_head(const ProtobufCMessage *reply, const void *context)
{
	const Daybook__V1__Contest *contest = (const Daybook__V1__Contest *)reply;
	struct table_style style = { .csv = false };
	struct facts facts;

	(void)context;
	facts_init(&facts);
	facts_text(&facts, "contest", contest->contest);
	facts_text(&facts, "metric", contest->metric);
	facts_time(&facts, "from", contest->from);
	facts_time(&facts, "to", contest->to);
	facts_text(&facts, "state", contest->closed ? "closed" : "open");
	facts_text(&facts, "currency", contest->currency);
	facts_money(&facts, "pool", contest->pool, contest->exponent);
	facts_money(&facts, "awarded", contest->awarded, contest->exponent);
	facts_print(&facts, style);
	(void)fputc('\n', stdout);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	Daybook__V1__GetContestRequest request = DAYBOOK__V1__GET_CONTEST_REQUEST__INIT;
	struct places places = { 0, 0, 0 };
	struct places *context = &places;
	struct listing listing = {
		.method = "GetContest",
		.request = &request.base,
		.reply = &daybook__v1__contest__descriptor,
		.rows = "scores",
		.one_page = true,
		.columns = columns,
		.column_count = sizeof columns / sizeof columns[0],
		.row = print_row,
		.head = print_head,
		.context = &context,
	};

	request.contest = call->operands[0];
	request.at_least_size = o->at_least;
	return listing_run_alone(&listing, o);
}

const struct cli_verb verb_contest = {
	.name = "contest",
	.group = CLI_READ,
	.operands = "CONTEST",
	.summary = "a contest: its pool, and who leads",
	.about =
	    "Shows a contest and the scores of agents, or of teams, best first; at "
	    "most "
	    "1000.\n"
	    "A score is retail that reached consumers and can no longer be returned.",
	.examples = "  daybook contest spring-2011 --limit 10\n"
		    "  daybook contest spring-2011 --format csv",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
