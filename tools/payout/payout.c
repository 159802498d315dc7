/* payout.c -- one payout: its states, its tax, and back to the sales that earned it. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/money.h"
#include "facts.h"
#include "listing.h"
#include "names.h"
#include "verbs.h"

static const struct cli_listing defaults = { .limit = CLI_LIMIT_DEFAULT };

static const struct cli_option options[] = { CLI_OPTION_LIMIT, CLI_OPTION_AT_LEAST,
					     CLI_OPTION_FORMAT, CLI_OPTION_WIDE,
					     CLI_OPTION_END };

/* A payout with the items of all pages; they are borrowed from PAGES. */
struct detail {
	Daybook__V1__PayoutDetail *first;
	ProtobufCMessage **pages;
	size_t page_count;
	Daybook__V1__PayoutItem **items;
	size_t count;
};

static void
keep_page(struct detail *detail, ProtobufCMessage *reply)
{
	const Daybook__V1__PayoutDetail *page =
	    (const Daybook__V1__PayoutDetail *)reply;

	detail->pages =
	    reallocarray(detail->pages, detail->page_count + 1, sizeof *detail->pages);
	detail->items = reallocarray(detail->items, detail->count + page->n_items + 1,
				     sizeof *detail->items);
	dbk_assert(detail->pages != NULL && detail->items != NULL);
	detail->pages[detail->page_count++] = reply;
	if (page->n_items > 0)
		memcpy(detail->items + detail->count, page->items,
		       page->n_items * sizeof *page->items);
	detail->count += page->n_items;
	detail->first = (Daybook__V1__PayoutDetail *)detail->pages[0];
}

static int
fetch(struct session *session, char *payout, uint64_t at_least, struct detail *out)
{
	Daybook__V1__GetPayoutRequest request = DAYBOOK__V1__GET_PAYOUT_REQUEST__INIT;

	memset(out, 0, sizeof *out);
	request.payout = payout;
	request.at_least_size = at_least;
	do {
		ProtobufCMessage *reply;
		int code =
		    session_call(session, "GetPayout", &request.base,
				 &daybook__v1__payout_detail__descriptor, &reply);

		if (code != EXIT_OK)
			return code;
		keep_page(out, reply);
		request.page_token =
		    ((const Daybook__V1__PayoutDetail *)reply)->next_page_token;
	} while (request.page_token[0] != '\0');
	if (out->first->payout != NULL)
		return EXIT_OK;
	diag_error("the server's reply has no payout");
	return EXIT_FAILED;
}

static void
free_detail(struct detail *detail)
{
	for (size_t i = 0; i < detail->page_count; i++)
		protobuf_c_message_free_unpacked(detail->pages[i], NULL);
	free(detail->pages);
	free(detail->items);
}

/* ------------------------------------------------------------------- the register line
 */

static void
print_facts(const Daybook__V1__PayoutDetail *detail, struct table_style style)
{
	const Daybook__V1__Payout *payout = detail->payout;
	unsigned exponent = detail->exponent;
	char state[NAMES_BYTES];
	struct facts facts;

	facts_init(&facts);
	facts_text(&facts, "payout", payout->payout);
	facts_text(&facts, "agent", payout->agent);
	facts_text(&facts, "state", names_payout_state(payout->state, state));
	facts_time(&facts, "requested_at", payout->requested_at);
	facts_text(&facts, "maker", payout->maker);
	facts_text(&facts, "method", payout->method);
	facts_text(&facts, "batch", payout->batch);
	facts_text(&facts, "provider", payout->provider);
	facts_text(&facts, "request_no", payout->request_no);
	facts_text(&facts, "currency", detail->currency);
	facts_money(&facts, "gross", payout->gross, exponent);
	facts_money(&facts, "tax", payout->tax, exponent);
	facts_money(&facts, "net", payout->net, exponent);
	facts_money(&facts, "fee", payout->fee, exponent);
	facts_money(&facts, "returned", payout->returned, exponent);
	facts_print(&facts, style);
}

/* ------------------------------------------------------------------------- its states
 */

static const struct table_column step_columns[] = {
	{ "position", TABLE_NUMBER, false }, { "effective_at", TABLE_TEXT, false },
	{ "event", TABLE_TEXT, false },	     { "source", TABLE_TEXT, false },
	{ "actor", TABLE_TEXT, false },	     { "recorded_at", TABLE_TEXT, true },
};

static void
print_steps(const Daybook__V1__PayoutDetail *detail, struct table_style style)
{
	struct table *table = table_open(stdout, style, step_columns,
					 sizeof step_columns / sizeof step_columns[0]);

	for (size_t i = 0; i < detail->n_events; i++) {
		const Daybook__V1__LoggedEvent *record = detail->events[i];
		const Daybook__V1__Event *event = record->event;

		table_u64(table, record->position);
		table_time(table, event == NULL ? NULL : event->effective_at);
		table_text(table, names_event_type(event));
		table_text(table, record->source);
		table_text(table, event == NULL ? NULL : event->actor);
		table_time(table, record->recorded_at);
		table_end_row(table);
	}
	table_close(table);
}

/* -------------------------------------------------------------------------- its items
 */

static const struct table_column item_columns[] = {
	{ "order", TABLE_TEXT, false },	    { "line", TABLE_NUMBER, false },
	{ "kind", TABLE_TEXT, false },	    { "level", TABLE_NUMBER, false },
	{ "rate", TABLE_NUMBER, false },    { "computed_on", TABLE_NUMBER, false },
	{ "accrued", TABLE_NUMBER, false }, { "amount", TABLE_NUMBER, false },
	{ "basis", TABLE_TEXT, true },	    { "distance", TABLE_NUMBER, true },
	{ "plan", TABLE_TEXT, true },	    { "plan_version", TABLE_NUMBER, true },
	{ "rank", TABLE_TEXT, true },	    { "reversed", TABLE_NUMBER, true },
	{ "matures_at", TABLE_TEXT, true }, { "earning", TABLE_NUMBER, true },
	{ "position", TABLE_NUMBER, true },
};

static void
print_rate(struct table *table, const Daybook__V1__Earning *earning, unsigned exponent)
{
	/* Without a rate it is so much for each unit, or no commission at all. */
	if (earning->rate_ppm > 0) {
		table_rate(table, earning->rate_ppm);
		table_money(table, earning->computed_on, exponent);
	} else if (earning->computed_on > 0) {
		table_text(table, "each");
		table_i64(table, earning->computed_on);
	} else {
		table_text(table, NULL);
		table_text(table, NULL);
	}
}

static void
print_item(struct table *table, const Daybook__V1__PayoutItem *item, unsigned exponent)
{
	static const Daybook__V1__Earning none = DAYBOOK__V1__EARNING__INIT;
	const Daybook__V1__Earning *earning =
	    item->earning == NULL ? &none : item->earning;
	char basis[NAMES_BYTES];

	table_text(table, earning->order);
	if (earning->order[0] == '\0')
		table_text(table, NULL);
	else
		table_u64(table, earning->line);
	table_text(table, earning->kind);
	table_u64(table, earning->level);
	print_rate(table, earning, exponent);
	table_money(table, earning->accrued, exponent);
	table_money(table, item->amount, exponent);
	table_text(table, names_basis(earning->basis, basis));
	table_u64(table, earning->distance);
	table_text(table, earning->plan);
	table_u64(table, earning->plan_version);
	table_text(table, earning->rank);
	table_money(table, earning->reversed, exponent);
	table_time(table, earning->matures_at);
	table_u64(table, earning->earning);
	table_u64(table, earning->position);
	table_end_row(table);
}

static uint64_t
rows_of(const struct cli_listing *o, const struct detail *detail)
{
	uint64_t limit = o->limit;

	if (limit == CLI_LIMIT_DEFAULT)
		limit = o->format == CLI_TABLE ? LISTING_SCREENFUL : 0;
	return limit == 0 || limit > detail->count ? detail->count : limit;
}

static void
print_items(const struct detail *detail, const struct cli_listing *o)
{
	struct table *table = table_open(stdout, listing_style(o), item_columns,
					 sizeof item_columns / sizeof item_columns[0]);
	uint64_t rows = rows_of(o, detail);

	for (uint64_t i = 0; i < rows; i++)
		print_item(table, detail->items[i], detail->first->exponent);
	table_close(table);
}

/* What the items, all of them, add up to. */
static bool
is_gross(const struct detail *detail, int64_t *out_sum)
{
	bool fits = true;

	*out_sum = 0;
	for (size_t i = 0; i < detail->count; i++)
		fits =
		    fits && dbk_money_add(*out_sum, detail->items[i]->amount, out_sum);
	return fits && *out_sum == detail->first->payout->gross;
}

static int
check_sum(const struct detail *detail, const struct cli_listing *o)
{
	unsigned exponent = detail->first->exponent > DBK_EXPONENT_MAX
				? DBK_EXPONENT_MAX
				: detail->first->exponent;
	char sum_text[DBK_MONEY_TEXT_BYTES], gross_text[DBK_MONEY_TEXT_BYTES];
	int64_t sum;
	bool good = is_gross(detail, &sum);

	(void)dbk_money_format(sum, exponent, sum_text);
	(void)dbk_money_format(detail->first->payout->gross, exponent, gross_text);
	if (!good) {
		diag_error("the items add up to %s, gross is %s", sum_text, gross_text);
		return EXIT_FAILED;
	}
	if (o->format == CLI_TABLE)
		(void)printf(
		    "\n%zu items add up to %s, which is gross%s\n", detail->count,
		    sum_text,
		    rows_of(o, detail) < detail->count ? "; --limit 0 shows all" : "");
	return EXIT_OK;
}

static int
print_detail(const struct detail *detail, const struct cli_listing *o)
{
	struct table_style style = listing_style(o);

	if (!style.csv) {
		print_facts(detail->first, style);
		(void)fputs("\n", stdout);
		print_steps(detail->first, style);
		(void)fputs("\n", stdout);
	}
	print_items(detail, o);
	return check_sum(detail, o);
}

/* The reply with the items of all pages, as one object. */
static int
print_json(const struct detail *detail, const struct cli_listing *o)
{
	Daybook__V1__PayoutDetail whole = *detail->first;
	struct json_rows json;

	whole.n_items = detail->count;
	whole.items = detail->items;
	whole.next_page_token = NULL;
	json_rows_init(&json, stdout, false, o->format == CLI_JSONL);
	json_rows_begin(&json, &whole.base, "events");
	for (size_t i = 0; i < whole.n_events; i++)
		json_rows_put(&json, &whole.events[i]->base);
	json_rows_end(&json, NULL);
	return check_sum(detail, o);
}

static int
run(struct cli_call *call)
{
	const struct cli_listing *o = call->options;
	struct session *session;
	struct detail detail;
	int code;

	if (call->operand_count == 0) {
		diag_error("name a payout, or a word: see daybook help payout");
		return EXIT_USAGE;
	}
	code = session_open(&o->common, &session);
	if (code != EXIT_OK)
		return code;
	code = fetch(session, call->operands[0], o->at_least, &detail);
	if (code == EXIT_OK && (o->format == CLI_JSON || o->format == CLI_JSONL))
		code = print_json(&detail, o);
	else if (code == EXIT_OK)
		code = print_detail(&detail, o);
	free_detail(&detail);
	session_close(session);
	return code;
}

static const struct cli_verb *const below[] = {
	&verb_payout_list,   &verb_payout_propose,   &verb_payout_approve,
	&verb_payout_reject, &verb_payout_cancel,    &verb_payout_batch,
	&verb_payout_send,   &verb_payout_reconcile, NULL,
};

const struct cli_verb verb_payout = {
	.name = "payout",
	.group = CLI_READ,
	.operands = "PAYOUT",
	.summary = "a payout back to its sales; the register; proposing and paying",
	.about =
	    "Shows one payout: what it is, the records that moved it, and its items, "
	    "each\n"
	    "an earning of an order's line with level, rate and what the rate was "
	    "taken "
	    "of.\n"
	    "The items add up to gross; if they do not, that is said and the command "
	    "fails.\n"
	    "As CSV: its items.\n\n"
	    "The words below list payouts and carry them from proposal to bank. Those "
	    "that\n"
	    "change something print events and change nothing: `daybook append` is "
	    "the\n"
	    "second half, so that makers and checkers stay different sources.",
	.examples =
	    "  daybook payout P20110630-A17\n"
	    "  daybook payout propose --min 100 | daybook append --source maker -\n"
	    "  daybook payout approve | daybook append --source checker -\n"
	    "  daybook payout batch --batch 2011-06 --out bank.csv | daybook append -",
	.options = options,
	.options_bytes = sizeof(struct cli_listing),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 1,
	.run = run,
	.below = below,
};
