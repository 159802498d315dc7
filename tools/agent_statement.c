#include "agent_statement.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/limits.h>

#include "names.h"

/* ------------------------------------------------------------------------- the figures
 */

/* States of money in the order of AgentMoney; the total stands behind them. */
enum { PENDING, AVAILABLE, HELD, RESERVED, IN_TRANSIT, RECEIVABLE, TOTAL, STATES };

struct figures {
	int64_t in[STATES];
};

static struct figures
figures_of(const Daybook__V1__AgentMoney *money)
{
	struct figures figures = { { 0 } };

	if (money == NULL)
		return figures;
	figures.in[PENDING] = money->pending;
	figures.in[AVAILABLE] = money->available;
	figures.in[HELD] = money->held;
	figures.in[RESERVED] = money->reserved;
	figures.in[IN_TRANSIT] = money->in_transit;
	figures.in[RECEIVABLE] = money->receivable;
	figures.in[TOTAL] = money->total;
	return figures;
}

static bool
is_total(const struct figures *figures)
{
	/* Sums of int64 that may leave it on the way. */
	__extension__ typedef __int128 wide;
	wide total = 0;

	for (int i = PENDING; i < RECEIVABLE; i++)
		total += figures->in[i];
	return total - figures->in[RECEIVABLE] == (wide)figures->in[TOTAL];
}

bool
agent_statement_foots(const Daybook__V1__AgentStatement *statement)
{
	struct figures sum = figures_of(statement->opening);
	struct figures closing = figures_of(statement->closing);
	bool foots = is_total(&sum) && is_total(&closing);

	for (size_t i = 0; i < statement->n_sums; i++) {
		struct figures change = figures_of(statement->sums[i]->change);

		foots = foots && is_total(&change);
		for (int j = 0; j < STATES; j++)
			foots = !__builtin_add_overflow(sum.in[j], change.in[j],
							&sum.in[j]) &&
				foots;
	}
	return foots && memcmp(&sum, &closing, sizeof sum) == 0;
}

static const struct table_column figure_columns[] = {
	{ "what", TABLE_TEXT, false },	       { "pending", TABLE_NUMBER, false },
	{ "available", TABLE_NUMBER, false },  { "held", TABLE_NUMBER, false },
	{ "reserved", TABLE_NUMBER, false },   { "in_transit", TABLE_NUMBER, false },
	{ "receivable", TABLE_NUMBER, false }, { "total", TABLE_NUMBER, false },
	{ "lines", TABLE_NUMBER, true },
};

#define FIGURE_COLUMNS (sizeof figure_columns / sizeof figure_columns[0])

static void
put_figures(struct table *table, const char *what, const Daybook__V1__AgentMoney *money,
	    unsigned exponent)
{
	struct figures figures = figures_of(money);

	table_text(table, what);
	for (int i = 0; i < STATES; i++)
		table_money(table, figures.in[i], exponent);
}

/* A terminal has room for the states that this agent has ever had; pending, available
 * and the total always stand there. */
static void
hide_empty(const Daybook__V1__AgentStatement *statement, struct table_column *columns)
{
	struct figures used = figures_of(statement->opening);
	struct figures closing = figures_of(statement->closing);

	for (int i = HELD; i <= RECEIVABLE; i++)
		used.in[i] |= closing.in[i];
	for (size_t i = 0; i < statement->n_sums; i++) {
		struct figures change = figures_of(statement->sums[i]->change);

		for (int j = HELD; j <= RECEIVABLE; j++)
			used.in[j] |= change.in[j];
	}
	for (int i = HELD; i <= RECEIVABLE; i++)
		columns[1 + i].wide = used.in[i] == 0;
}

static void
print_figures(const Daybook__V1__AgentStatement *statement, struct table_style style)
{
	struct table_column columns[FIGURE_COLUMNS];
	unsigned exponent = statement->exponent;
	struct table *table;
	char cause[NAMES_BYTES];

	memcpy(columns, figure_columns, sizeof columns);
	hide_empty(statement, columns);
	table = table_open(stdout, style, columns, FIGURE_COLUMNS);
	put_figures(table, "opening", statement->opening, exponent);
	table_end_row(table);
	for (size_t i = 0; i < statement->n_sums; i++) {
		const Daybook__V1__AgentStatementSum *sum = statement->sums[i];

		put_figures(table, names_cause(sum->cause, cause), sum->change,
			    exponent);
		table_u64(table, sum->lines);
		table_end_row(table);
	}
	put_figures(table, "closing", statement->closing, exponent);
	table_end_row(table);
	table_close(table);
}

static void
print_range(const struct agent_statement_options *options)
{
	Google__Protobuf__Timestamp memory;
	char text[TABLE_TIME_BYTES];

	if (options->from.given) {
		table_format_time(listing_time(&options->from, &memory), text);
		(void)printf(", from %s", text);
	}
	if (options->to.given) {
		table_format_time(listing_time(&options->to, &memory), text);
		(void)printf("%s to %s", options->from.given ? "" : ",", text);
	}
}

static void
print_head(const Daybook__V1__AgentStatement *statement,
	   const struct agent_statement_options *options)
{
	(void)printf("agent %s, %s", statement->agent, statement->currency);
	print_range(options);
	(void)printf(", after %" PRIu64 " records\n\n", statement->size);
	print_figures(statement, listing_style(options->listing));
	if (agent_statement_foots(statement))
		(void)printf("foots: opening and %zu changes make closing\n",
			     statement->n_sums);
}

/* --------------------------------------------------------------------------- the lines
 */

static const struct table_column line_columns[] = {
	{ "position", TABLE_NUMBER, false }, { "date", TABLE_TEXT, false },
	{ "what", TABLE_TEXT, false },	     { "for", TABLE_TEXT, false },
	{ "account", TABLE_TEXT, false },    { "amount", TABLE_NUMBER, false },
	{ "balance", TABLE_NUMBER, true },   { "marks", TABLE_TEXT, false },
	{ "type", TABLE_TEXT, true },	     { "order", TABLE_TEXT, true },
	{ "payout", TABLE_TEXT, true },	     { "code", TABLE_NUMBER, true },
};

static const char *
account_name(uint32_t code)
{
	switch (code) {
	case 2110:
		return "pending";
	case 2120:
		return "available";
	case 2130:
		return "held";
	case 2140:
		return "reserved";
	case 2150:
		return "in transit";
	case 1110:
		return "receivable";
	default:
		return "";
	}
}

static const char *
marks_of(const Daybook__V1__AgentStatementLine *line)
{
	if (line->prior_period)
		return line->late ? "late, prior period" : "prior period";
	return line->late ? "late" : "";
}

static void
print_line(struct table *table, const ProtobufCMessage *reply,
	   const ProtobufCMessage *row, const void *context)
{
	unsigned exponent = ((const Daybook__V1__AgentStatement *)reply)->exponent;
	const Daybook__V1__AgentStatementLine *line =
	    (const Daybook__V1__AgentStatementLine *)row;
	char cause[NAMES_BYTES];

	(void)context;
	table_u64(table, line->position);
	table_day(table, line->effective_at);
	table_text(table, line->cause == DAYBOOK__V1__CAUSE__CAUSE_EVENT
			      ? line->type_name
			      : names_cause(line->cause, cause));
	table_text(table, line->payout[0] != '\0' ? line->payout : line->order);
	table_text(table, account_name(line->code));
	table_money(table, line->amount, exponent);
	table_money(table, line->balance, exponent);
	table_text(table, marks_of(line));
	table_text(table, line->type_name);
	table_text(table, line->order);
	table_text(table, line->payout);
	table_u64(table, line->code);
}

/* -------------------------------------------------------------------------------
 * asking
 */

static void
take_head(const ProtobufCMessage *reply, const void *context)
{
	print_head((const Daybook__V1__AgentStatement *)reply, context);
	(void)fputc('\n', stdout);
}

static void
fill_request(Daybook__V1__GetAgentStatementRequest *request, char *agent,
	     const struct agent_statement_options *options,
	     Google__Protobuf__Timestamp times[2], struct listing_as_of *as_of)
{
	daybook__v1__get_agent_statement_request__init(request);
	request->agent = agent;
	request->from = listing_time(&options->from, &times[0]);
	request->to = listing_time(&options->to, &times[1]);
	request->as_of = listing_as_of(&options->listing->as_of, as_of);
	request->at_least_size = options->listing->at_least;
}

static int
print_only_figures(const Daybook__V1__AgentStatement *statement,
		   const struct agent_statement_options *options)
{
	switch (options->listing->format) {
	case CLI_TABLE:
		print_head(statement, options);
		break;
	case CLI_CSV:
		print_figures(statement, listing_style(options->listing));
		break;
	case CLI_JSON:
	case CLI_JSONL:
		json_rows_message(stdout, &statement->base);
		break;
	}
	return EXIT_OK;
}

static int
print_lines(struct session *session, Daybook__V1__GetAgentStatementRequest *request,
	    const struct agent_statement_options *options)
{
	struct listing listing = {
		.method = "GetAgentStatement",
		.request = &request->base,
		.reply = &daybook__v1__agent_statement__descriptor,
		.rows = "lines",
		.columns = line_columns,
		.column_count = sizeof line_columns / sizeof line_columns[0],
		.row = print_line,
		.head = take_head,
		.context = options,
	};

	request->figures_only = false;
	return listing_run(session, &listing, options->listing);
}

/*
 * The figures come first, by a question of their own: they say whether there is such an
 * agent, and the size that they are of is the one that the lines are asked for.
 */
int
agent_statement_run(struct session *session, char *agent,
		    const struct agent_statement_options *options, bool *out_unknown)
{
	Daybook__V1__GetAgentStatementRequest request;
	const Daybook__V1__AgentStatement *statement;
	Google__Protobuf__Timestamp times[2];
	struct listing_as_of as_of;
	ProtobufCMessage *reply;
	bool foots;
	int code;

	fill_request(&request, agent, options, times, &as_of);
	request.figures_only = true;
	code =
	    session_ask(session, "GetAgentStatement", &request.base,
			&daybook__v1__agent_statement__descriptor, &reply, out_unknown);
	if (code != EXIT_OK)
		return code;
	statement = (const Daybook__V1__AgentStatement *)reply;
	foots = agent_statement_foots(statement);
	if (options->figures) {
		code = print_only_figures(statement, options);
	} else {
		if (request.as_of == NULL) {
			struct cli_as_of now = { CLI_SIZE, statement->size, 0 };

			request.as_of = listing_as_of(&now, &as_of);
		}
		code = print_lines(session, &request, options);
	}
	protobuf_c_message_free_unpacked(reply, NULL);
	if (foots || code != EXIT_OK)
		return code;
	diag_error("the statement of %s does not foot", agent);
	return EXIT_FAILED;
}
