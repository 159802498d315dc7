/* reconcile.c -- a provider's statement against the book, both ways. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "event_out.h"
#include "json_rows.h"
#include "match.h"
#include "names.h"
#include "register.h"
#include "statement_file.h"
#include "table.h"
#include "verbs.h"

struct options {
	struct event_out_options out;
	enum cli_format format;
	const char *provider;
	bool events;
};

static const struct options defaults = { .format = CLI_TABLE };

static const struct cli_option options[] = {
	{ "provider", "NAME", "whose statement it is", CLI_TEXT,
	  offsetof(struct options, provider), 0, 0 },
	{ "events", NULL,
	  "print the events of what agrees; the differences then go to stderr",
	  CLI_FLAG, offsetof(struct options, events), 0, 0 },
	EVENT_OUT_OPTION_AT,
	EVENT_OUT_OPTION_ACTOR,
	{ "format", "FORMAT", "the differences as table (default), csv, json or jsonl",
	  CLI_FORMATS, offsetof(struct options, format), 0, 0 },
	CLI_OPTION_END
};

/* ----------------------------------------------------------------------- differences
 */

static const struct table_column columns[] = {
	{ "difference", TABLE_TEXT, false }, { "line", TABLE_NUMBER, false },
	{ "request_no", TABLE_TEXT, false }, { "status", TABLE_TEXT, false },
	{ "amount", TABLE_NUMBER, false },   { "fee", TABLE_NUMBER, false },
	{ "payout", TABLE_TEXT, false },     { "state", TABLE_TEXT, false },
	{ "net", TABLE_NUMBER, false },
};

static bool
is_difference(const struct match *match)
{
	return match->kind != MATCH_STEP && match->kind != MATCH_BOOKED;
}

static void
put_match(struct table *table, const struct match *match, unsigned exponent)
{
	const Daybook__V1__Payout *payout = match->payout;
	char state[NAMES_BYTES];

	table_text(table, match_kind_name(match->kind));
	if (match->row == NULL) {
		table_text(table, NULL);
		table_text(table, payout->request_no);
		for (int i = 0; i < 3; i++)
			table_text(table, NULL);
	} else {
		table_u64(table, match->row->line);
		table_text(table, match->row->request_no);
		table_text(table, match_status_name(match->row->status));
		table_money(table, match->row->amount, exponent);
		table_money(table, match->row->fee, exponent);
	}
	if (payout != NULL) {
		table_text(table, payout->payout);
		table_text(table, names_payout_state(payout->state, state));
		table_money(table, payout->net, exponent);
	}
	table_end_row(table);
}

static void
print_table(FILE *out, const struct options *o, const struct match *matches,
	    size_t count, unsigned exponent)
{
	struct table_style style = { .csv = o->format == CLI_CSV };
	struct table *table;

	style.colour = !style.csv && table_wants_colour(fileno(out));
	table = table_open(out, style, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < count; i++) {
		if (is_difference(&matches[i]))
			put_match(table, &matches[i], exponent);
	}
	table_close(table);
}

static void
put_member(FILE *out, const char *name, const char *text)
{
	(void)fprintf(out, ",\"%s\":", name);
	json_rows_string(out, dbk_str_of(text));
}

static void
put_json(FILE *out, const struct match *match)
{
	char state[NAMES_BYTES];

	(void)fputs("{\"difference\":", out);
	json_rows_string(out, dbk_str_of(match_kind_name(match->kind)));
	if (match->row != NULL) {
		(void)fprintf(out, ",\"line\":\"%" PRIu64 "\"", match->row->line);
		put_member(out, "requestNo", match->row->request_no);
		put_member(out, "providerRef", match->row->provider_ref);
		put_member(out, "status", match_status_name(match->row->status));
		(void)fprintf(out,
			      ",\"amount\":\"%" PRId64 "\",\"fee\":\"%" PRId64 "\"",
			      match->row->amount, match->row->fee);
	}
	if (match->payout != NULL) {
		if (match->row == NULL)
			put_member(out, "requestNo", match->payout->request_no);
		put_member(out, "payout", match->payout->payout);
		put_member(out, "agent", match->payout->agent);
		put_member(out, "state",
			   names_payout_state(match->payout->state, state));
		(void)fprintf(out, ",\"net\":\"%" PRId64 "\"", match->payout->net);
	}
	(void)fputs("}", out);
}

static void
print_json(FILE *out, const struct options *o, const struct match *matches,
	   size_t count)
{
	bool lines = o->format == CLI_JSONL, first = true;

	if (!lines)
		(void)fputs("{\"differences\":[", out);
	for (size_t i = 0; i < count; i++) {
		if (!is_difference(&matches[i]))
			continue;
		(void)fputs(lines ? "" : first ? "\n" : ",\n", out);
		put_json(out, &matches[i]);
		(void)fputs(lines ? "\n" : "", out);
		first = false;
	}
	if (!lines)
		(void)fputs(first ? "]}\n" : "\n]}\n", out);
}

/* ---------------------------------------------------------------------------- events
 */

static void
print_failed(struct event_out *out, const struct match *match)
{
	Daybook__V1__PayoutFailed body = DAYBOOK__V1__PAYOUT_FAILED__INIT;
	Daybook__V1__Event event = event_out_make(out);
	const char *ref = match->row->provider_ref;

	body.payout = match->payout->payout;
	body.action = (char *)(ref[0] == '\0' ? "failed" : ref);
	body.code = (char *)match->row->code;
	body.final = true;
	event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_FAILED;
	event.payout_failed = &body;
	event_out_print(out, &event);
}

static void
print_event(const struct options *o, struct event_out *out, const struct match *match)
{
	Daybook__V1__PayoutSettled settled = DAYBOOK__V1__PAYOUT_SETTLED__INIT;
	Daybook__V1__PayoutReturned returned = DAYBOOK__V1__PAYOUT_RETURNED__INIT;
	Daybook__V1__Event event = event_out_make(out);

	switch (match->row->status) {
	case MATCH_SETTLED:
		settled.payout = match->payout->payout;
		settled.provider = (char *)o->provider;
		settled.provider_ref = (char *)match->row->provider_ref;
		settled.fee = match->row->fee;
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_SETTLED;
		event.payout_settled = &settled;
		break;
	case MATCH_FAILED:
		print_failed(out, match);
		return;
	case MATCH_RETURNED:
		returned.payout = match->payout->payout;
		returned.provider = (char *)o->provider;
		returned.provider_ref = (char *)match->row->provider_ref;
		returned.amount = match->row->amount;
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_RETURNED;
		event.payout_returned = &returned;
		break;
	}
	event_out_print(out, &event);
}

/* -------------------------------------------------------------------------- the verb
 */

static void
print_sums(FILE *out, const struct match *matches, size_t count, unsigned exponent)
{
	size_t kinds[MATCH_TWICE + 1] = { 0 }, differences = 0;
	int64_t sums[MATCH_RETURNED + 1] = { 0 };
	size_t steps[MATCH_RETURNED + 1] = { 0 };

	for (size_t i = 0; i < count; i++) {
		kinds[matches[i].kind]++;
		differences += is_difference(&matches[i]) ? 1 : 0;
		if (matches[i].kind != MATCH_STEP)
			continue;
		steps[matches[i].row->status]++;
		sums[matches[i].row->status] += matches[i].row->amount;
	}
	(void)fprintf(out, "%zu agree", kinds[MATCH_STEP] + kinds[MATCH_BOOKED]);
	for (int i = 0; i <= MATCH_RETURNED; i++) {
		char text[DBK_MONEY_TEXT_BYTES];

		(void)dbk_money_format(sums[i], exponent, text);
		(void)fprintf(out, "%s %zu %s (%s)", i == 0 ? ":" : ",", steps[i],
			      match_status_name((enum match_status)i), text);
	}
	(void)fprintf(out, ", %zu booked before; %zu differ\n", kinds[MATCH_BOOKED],
		      differences);
}

static int
print_all(const struct options *o, const struct payout_register *payouts,
	  const struct match *matches, size_t count)
{
	FILE *list = o->events ? stderr : stdout;
	unsigned exponent = payouts->exponent;
	struct event_out out;
	bool differ = false;

	event_out_init(&out, &o->out);
	for (size_t i = 0; i < count; i++) {
		differ = differ || is_difference(&matches[i]);
		if (o->events && matches[i].kind == MATCH_STEP)
			print_event(o, &out, &matches[i]);
	}
	(void)fflush(stdout);
	if (o->format == CLI_JSON || o->format == CLI_JSONL) {
		print_json(list, o, matches, count);
	} else if (o->format == CLI_CSV || differ) {
		print_table(list, o, matches, count, exponent);
	}
	if (o->format == CLI_TABLE) {
		(void)fputs(differ ? "\n" : "", list);
		print_sums(list, matches, count, exponent);
	}
	return differ ? EXIT_REFUSED : EXIT_OK;
}

static int
reconcile(struct session *session, const struct options *o, const char *path)
{
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	struct payout_register payouts = { 0 };
	struct statement_file file = { 0 };
	struct dbk_error error = { DBK_OK, "" };
	struct match *matches;
	size_t count;
	int code;

	request.provider = (char *)o->provider;
	code = register_fetch(session, &request, &payouts);
	if (payouts.exponent > DBK_EXPONENT_MAX)
		payouts.exponent = DBK_EXPONENT_MAX;
	if (code == EXIT_OK &&
	    statement_file_read(path, payouts.exponent, &file, &error) != DBK_OK) {
		(void)diag_failure(&error);
		code = error.code == DBK_FAILED_INPUT ? EXIT_INVALID : EXIT_FAILED;
	}
	if (code == EXIT_OK) {
		count = match_statement(file.rows, file.count, payouts.payouts,
					payouts.count, &matches);
		code = print_all(o, &payouts, matches, count);
		free(matches);
	}
	statement_file_free(&file);
	register_free(&payouts);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct session *session;
	int code;

	if (o->provider == NULL) {
		diag_error("--provider NAME is missing");
		return EXIT_USAGE;
	}
	code = session_open(&o->out.common, &session);
	if (code != EXIT_OK)
		return code;
	code = reconcile(session, o, call->operands[0]);
	session_close(session);
	return code;
}

const struct cli_verb verb_payout_reconcile = {
	.name = "payout reconcile",
	.group = CLI_WRITE,
	.operands = "STATEMENT.csv|-",
	.summary = "a provider's statement against the book, both ways",
	.about =
	    "Compares a statement (CSV with request_no, provider_ref, status settled, "
	    "failed\n"
	    "or returned, amount and fee in major units, and code) with the payouts "
	    "that were\n"
	    "sent to the provider, by request number and amount. Prints what does not "
	    "agree:\n"
	    "rows that the book does not know, payouts on their way that the statement "
	    "does\n"
	    "not name, amounts that differ, steps that cannot be. With --events it "
	    "prints\n"
	    "PayoutSettled, PayoutFailed and PayoutReturned for what agrees and is not "
	    "booked.\n\n"
	    "Ends with 3 if anything differs, 4 if a row cannot be read.",
	.examples = "  daybook payout reconcile --provider bank-1 june.csv\n"
		    "  daybook payout reconcile --provider bank-1 june.csv --events |\n"
		    "    daybook append --source bank-clerk -",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
