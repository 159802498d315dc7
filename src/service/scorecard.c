/*
 * scorecard.c -- the eight abstentions of the trade, as numbers that the books have.
 *
 * Facts only: what a number ought to be is for people to say.  Each table that a number
 * comes from is gone through once, step by step, while the book goes on; so the numbers
 * are of about the same moment, not of exactly one.
 */

#include <daybook/limits.h>

#include "base/assert.h"
#include "base/money.h"
#include "books/look_goods.h"
#include "books/look_guards.h"
#include "event/event.h"
#include "service/call.h"
#include "service/network.h"

#define PPM 1000000
#define PER_ORDERS 1000
#define AGED_DAYS 90

/* Numbers of findings' rules are below this. */
#define RULES 256

/* Positions are looked up by the other place and have days behind them. */
#define POSITION_STEPS 4
#define STOCK_STEPS 20

/* What a unit of a sku cost the first tier, and consumers. */
struct sku_prices {
	int64_t first_units, first_value, sold_units, sold_value;
};

struct scorecard_question {
	struct dbk_call *call;
	uint32_t next;
	bool done;
	uint64_t size;

	int64_t orders;
	uint32_t window_from, today, window_days;

	int64_t findings, open, red_open;
	int64_t of_rule[RULES];
	int64_t fake_orders;

	int64_t commission, recruiting, sell_in;
	int64_t deepest_level;

	struct dbk_network_total whole, window;
	int64_t friends_paid, strangers_would; /* for the same units */

	int64_t with_agents, aged;
	int64_t worst_coverage_ppm, highest_markup_ppm; /* -1: none */

	uint32_t n_skus;
	struct sku_prices *prices; /* by id of the sku */
};

static void
add(int64_t *sum, int64_t more)
{
	*sum = dbk_money_sum(*sum, more);
}

/* ------------------------------------------------------------------------ the walks */

static void
look_book(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;

	q->size = dbk_books_size(books);
	q->orders = (int64_t)dbk_look_count(books, DBK_SPACE_ORDER);
	q->n_skus = (uint32_t)dbk_look_count(books, DBK_SPACE_SKU);
	q->today = dbk_look_today(books);
	q->window_days = (uint32_t)dbk_look_guard_number(books, DBK_GUARD_WINDOW_DAYS);
	q->window_from = q->today >= q->window_days ? q->today - q->window_days + 1 : 0;
}

/* An order may be found forged, cleared, and found forged again: it is one order, whose
 * first finding has no older one. */
static void
add_finding(struct scorecard_question *q, const struct dbk_row_finding *row)
{
	bool open = row->state != DBK_FINDING_RESOLVED;

	q->findings++;
	q->open += open;
	q->red_open += open && row->red != 0;
	q->of_rule[row->rule % RULES]++;
	q->fake_orders += row->rule == DBK_RULE_FAKE_ORDER && row->older == 0;
}

static void
look_findings(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_FINDINGS);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++)
		add_finding(q, dbk_look_finding(books, q->next++));
	q->done = q->next > newest;
}

static void
add_earning(struct scorecard_question *q, const struct dbk_row_earning *row)
{
	int64_t kept = row->accrued - row->reversed;

	if ((row->kind != DBK_EARNING_COMMISSION &&
	     row->kind != DBK_EARNING_RECRUITING) ||
	    row->state == DBK_EARNING_UNASSIGNED)
		return;
	add(&q->commission, kept);
	if (row->kind == DBK_EARNING_RECRUITING)
		add(&q->recruiting, kept);
	else if (row->basis == DBK_BASIS_SELL_IN)
		add(&q->sell_in, kept);
	if (row->accrued > 0 && row->level > q->deepest_level)
		q->deepest_level = row->level;
}

static void
look_earnings(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint32_t newest = dbk_look_newest(books, DBK_LOOK_EARNINGS);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		struct dbk_row_earning row = dbk_look_earning(books, q->next++);

		add_earning(q, &row);
	}
	q->done = q->next > newest;
}

/* Of the same sku and day: otherwise dear goods that friends like would look like dear
 * friends. */
static void
add_friends(struct scorecard_question *q, const struct dbk_row_sku_day *row)
{
	if (row->friend_units <= 0 || row->stranger_units <= 0)
		return;
	add(&q->friends_paid, row->friend_amount);
	add(&q->strangers_would,
	    dbk_network_ratio(row->stranger_amount, row->friend_units,
			      row->stranger_units));
}

static void
look_days(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_SKU_DAYS);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		const struct dbk_row_sku_day *row = dbk_look_sku_day(books, q->next++);

		dbk_network_add(&q->whole, row);
		if (row->day >= q->window_from && row->day <= q->today)
			dbk_network_add(&q->window, row);
		add_friends(q, row);
	}
	q->done = q->next > newest;
}

static void
look_positions(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint64_t newest = dbk_look_count(books, DBK_SPACE_POSITION);
	struct dbk_look_holding at;

	for (uint32_t steps = 0; steps < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest;
	     steps += at.on_hand != 0 ? STOCK_STEPS : POSITION_STEPS) {
		uint32_t id = q->next++;

		if (!dbk_look_holding_at(books, id, &at))
			continue;
		add(&q->with_agents, at.on_hand);
		add(&q->aged, dbk_look_holding_aged(books, id, AGED_DAYS));
	}
	q->done = q->next > newest;
}

static void
add_sku(struct scorecard_question *q, const struct dbk_row_sku *row)
{
	int64_t coverage =
	    dbk_network_ratio(row->brand > 0 ? row->brand : 0, PPM, row->cloud);
	int64_t markup = dbk_network_ratio(row->list_price, PPM, row->factory_price);

	if (coverage >= 0 &&
	    (q->worst_coverage_ppm < 0 || coverage < q->worst_coverage_ppm))
		q->worst_coverage_ppm = coverage;
	if (markup > q->highest_markup_ppm)
		q->highest_markup_ppm = markup;
}

static void
look_skus(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint64_t newest = dbk_look_count(books, DBK_SPACE_SKU);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		struct dbk_row_sku row = dbk_look_sku(books, q->next++);

		add_sku(q, &row);
	}
	q->done = q->next > newest;
}

/* Skus that came since the walk began are left for the next card. */
static void
look_tiers(const struct dbk_books *books, void *answer)
{
	struct scorecard_question *q = answer;
	uint32_t newest = dbk_look_guards_newest(books, DBK_LOOK_TIERS);

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= newest; i++) {
		const struct dbk_row_tier *row = dbk_look_tier(books, q->next++);
		struct sku_prices *prices;

		if (row->sku > q->n_skus)
			continue;
		prices = &q->prices[row->sku];
		add(&prices->sold_units, row->sold_units);
		add(&prices->sold_value, row->sold_value);
		if (row->tier != 1)
			continue;
		prices->first_units = row->bought_units;
		prices->first_value = row->bought_value;
	}
	q->done = q->next > newest;
}

static bool
walk_all(struct scorecard_question *q)
{
	static void (*const looks[])(const struct dbk_books *books, void *answer) = {
		look_findings,	look_earnings, look_days,
		look_positions, look_skus,     look_tiers,
	};
	uint64_t looked = 0;

	for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++) {
		q->next = 1;
		for (q->done = false; !q->done; looked += DBK_SERVICE_ASK_ROWS_MAX) {
			if (looked >= DBK_SERVICE_SCORECARD_ROWS_MAX) {
				(void)dbk_answer_set(
				    q->call->answer, DBK_GRPC_RESOURCE_EXHAUSTED,
				    "LIMIT", "more than %d rows to add up",
				    DBK_SERVICE_SCORECARD_ROWS_MAX);
				return false;
			}
			if (!dbk_call_ask(q->call, looks[i], q))
				return false;
		}
	}
	return true;
}

/* ------------------------------------------------------------------------- the card */

/* As `daybook` lists the average prices of tiers, so that people can check it. */
static int64_t
highest_resale_ppm(const struct scorecard_question *q)
{
	int64_t highest = -1;

	for (uint32_t sku = 1; sku <= q->n_skus; sku++) {
		const struct sku_prices *at = &q->prices[sku];
		int64_t sold = dbk_network_ratio(at->sold_value, 1, at->sold_units);
		int64_t first = dbk_network_ratio(at->first_value, 1, at->first_units);
		int64_t ratio = sold < 0 ? -1 : dbk_network_ratio(sold, PPM, first);

		if (ratio > highest)
			highest = ratio;
	}
	return highest;
}

/* A number in the making: its row is the last one begun. */
struct card {
	const struct scorecard_question *q;
	Daybook__V1__Scorecard *reply;
};

#define ABSTENTIONS 8
#define NUMBERS_MAX 8

static void
begin_row(struct card *card, const char *abstention, const char *name)
{
	struct dbk_call *call = card->q->call;
	Daybook__V1__ScorecardRow *row = card->reply->rows[card->reply->n_rows++];

	row->abstention = dbk_call_text(call, dbk_str_of(abstention));
	row->name = dbk_call_text(call, dbk_str_of(name));
	row->numbers = dbk_call_messages(call, NUMBERS_MAX,
					 &daybook__v1__scorecard_number__descriptor);
}

static void
put(struct card *card, const char *name, const char *unit, int64_t value,
    const char *help)
{
	struct dbk_call *call = card->q->call;
	Daybook__V1__ScorecardRow *row = card->reply->rows[card->reply->n_rows - 1];
	Daybook__V1__ScorecardNumber *number;

	if (row->numbers == NULL)
		return;
	dbk_assert(row->n_numbers < NUMBERS_MAX);
	number = row->numbers[row->n_numbers++];
	number->name = dbk_call_text(call, dbk_str_of(name));
	number->unit = dbk_call_text(call, dbk_str_of(unit));
	number->value = value;
	number->help = dbk_call_text(call, dbk_str_of(help));
}

static int64_t
per_orders(const struct scorecard_question *q, int64_t n)
{
	return dbk_network_ratio(n, PER_ORDERS, q->orders);
}

static void
put_rules(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "rules", "戒违规");
	put(card, "orders", "count", q->orders, "Orders ever placed.");
	put(card, "findings_open", "count", q->open, "Findings that are not resolved.");
	put(card, "red_findings_open", "count", q->red_open,
	    "Red findings that are not resolved.");
	put(card, "findings_per_1000_orders", "count", per_orders(q, q->findings),
	    "Findings ever raised, for each 1,000 orders.");
}

static void
put_fakes(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "fakes", "戒伪劣");
	put(card, "custody_findings", "count",
	    q->of_rule[DBK_RULE_SERIAL_TWICE] + q->of_rule[DBK_RULE_CUSTODY_CHAIN] +
		q->of_rule[DBK_RULE_SEAL_BROKEN],
	    "Scans that do not fit: serials seen twice, broken chains, broken seals.");
	put(card, "count_findings", "count", q->of_rule[DBK_RULE_COUNT_DIFFERENCE],
	    "Holders at whom a count found other stock than the book.");
	put(card, "fake_orders", "count", q->fake_orders,
	    "Orders that were found forged.");
	put(card, "fake_orders_per_1000_orders", "count", per_orders(q, q->fake_orders),
	    "Orders that were found forged, of each 1,000.");
}

static void
put_pyramid(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "pyramid", "戒传销");
	put(card, "deepest_paid_level", "count", q->deepest_level,
	    "The deepest level that commission was ever earned on.");
	put(card, "recruiting_commission", "ppm",
	    dbk_network_ratio(q->recruiting, PPM, q->commission),
	    "Of all commission, what was earned by recruiting.");
	put(card, "sell_in_commission", "ppm",
	    dbk_network_ratio(q->sell_in, PPM, q->commission),
	    "Of all commission, what was earned on goods that agents bought.");
	put(card, "entry_fee_findings", "count", q->of_rule[DBK_RULE_ENTRY_FEE],
	    "Agents who had to pay too much to join.");
}

static void
put_disorder(struct card *card)
{
	const struct scorecard_question *q = card->q;
	int64_t prices = q->of_rule[DBK_RULE_PRICE_BAND];
	int64_t territories = q->of_rule[DBK_RULE_TERRITORY];
	int64_t diversions = q->of_rule[DBK_RULE_DIVERSION];

	begin_row(card, "disorder", "不乱市");
	put(card, "price_band_findings", "count", prices,
	    "Findings of orders with prices outside their band.");
	put(card, "price_band_per_1000_orders", "count", per_orders(q, prices),
	    "The same for each 1,000 orders.");
	put(card, "territory_findings", "count", territories,
	    "Findings of sales where another agent alone may sell.");
	put(card, "territory_per_1000_orders", "count", per_orders(q, territories),
	    "The same for each 1,000 orders.");
	put(card, "diversion_findings", "count", diversions,
	    "Findings of lots that turned up in another region than intended.");
	put(card, "diversion_per_1000_orders", "count", per_orders(q, diversions),
	    "The same for each 1,000 orders.");
}

static void
put_hoarding(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "hoarding", "不囤货");
	put(card, "sell_through", "ppm", dbk_network_sell_through_ppm(&q->whole),
	    "Of what was ever issued to agents and not returned, what consumers got.");
	put(card, "sell_through_window", "ppm",
	    dbk_network_sell_through_ppm(&q->window),
	    "The same of the days of the window.");
	put(card, "window", "days", q->window_days,
	    "Days of the window, by the guard set in force.");
	put(card, "units_with_agents", "units", q->with_agents,
	    "Units that agents have in stock, of all skus.");
	put(card, "units_aged_over_90_days", "units", q->aged,
	    "Units of these that have been there for more than 90 days.");
	put(card, "worst_cloud_coverage", "ppm", q->worst_coverage_ppm,
	    "Of what agents hold in the cloud, what the brand has; of the sku that is "
	    "covered least.");
}

static void
put_prices(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "profiteering", "不暴利");
	put(card, "highest_list_to_factory_price", "ppm", q->highest_markup_ppm,
	    "List price by factory price, of the sku where it is highest.");
	put(card, "highest_consumer_to_first_tier_price", "ppm", highest_resale_ppm(q),
	    "What consumers paid for a unit by what the first tier did, of the sku "
	    "where it is highest.");
}

static void
put_people(struct card *card)
{
	const struct scorecard_question *q = card->q;

	begin_row(card, "flooding", "不刷屏");
	put(card, "flooding_findings", "count", q->of_rule[DBK_RULE_FLOODING],
	    "Findings of agents who shared too often in a day.");
	put(card, "bindings_findings", "count", q->of_rule[DBK_RULE_BINDINGS_PER_DAY],
	    "Findings of agents who bound too many customers in a day.");
	begin_row(card, "friends", "不杀熟");
	put(card, "friend_to_stranger_price", "ppm",
	    dbk_network_ratio(q->friends_paid, PPM, q->strangers_would),
	    "What bound customers paid by what others paid for the same skus on the "
	    "same days.");
}

static bool
make_card(struct dbk_call *call, struct scorecard_question *q,
	  Daybook__V1__Scorecard *reply)
{
	struct card card = { q, reply };

	if (!dbk_call_ask(call, look_book, q))
		return false;
	q->prices = dbk_call_take(call, (size_t)q->n_skus + 1, sizeof *q->prices);
	reply->rows = dbk_call_messages(call, ABSTENTIONS,
					&daybook__v1__scorecard_row__descriptor);
	if (q->prices == NULL || reply->rows == NULL)
		return true;
	if (!walk_all(q))
		return false;
	put_rules(&card);
	put_fakes(&card);
	put_pyramid(&card);
	put_disorder(&card);
	put_hoarding(&card);
	put_prices(&card);
	put_people(&card);
	return true;
}

bool
dbk_call_get_scorecard(struct dbk_call *call)
{
	const Daybook__V1__GetScorecardRequest *request =
	    dbk_call_request(call, &daybook__v1__get_scorecard_request__descriptor);
	Daybook__V1__Scorecard reply = DAYBOOK__V1__SCORECARD__INIT;
	struct scorecard_question q = { .call = call,
					.worst_coverage_ppm = -1,
					.highest_markup_ppm = -1 };

	if (request == NULL || !dbk_call_know_currency(call) ||
	    !dbk_call_wait_books(call, request->at_least_size) ||
	    !make_card(call, &q, &reply))
		return false;
	reply.size = q.size;
	reply.currency = call->currency->letters;
	reply.exponent = call->currency->exponent;
	return dbk_call_reply(call, &reply.base);
}
