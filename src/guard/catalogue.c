#include "guard/catalogue.h"

#include <stddef.h>

#include <daybook/limits.h>

#include "base/assert.h"

/* Name, first rule, can it refuse, help. */
static const struct dbk_guard_kind guards[DBK_GUARDS] = {
	/* clang-format off */
	[DBK_GUARD_STANDING] = {
		"standing", DBK_RULE_RESTOCK_STANDING, true,
		"Who restocks is verified, on a new enough agreement and without "
		"red findings."
	},
	[DBK_GUARD_RECEIVABLE] = {
		"receivable", DBK_RULE_RESTOCK_RECEIVABLE, true,
		"Who restocks does not owe more than receivable_limit."
	},
	[DBK_GUARD_STARTER] = {
		"starter", DBK_RULE_RESTOCK_STARTER, true,
		"In the first starter_days an agent holds at most starter_units, of "
		"all skus."
	},
	[DBK_GUARD_SELL_THROUGH] = {
		"sell_through", DBK_RULE_RESTOCK_SELL_THROUGH, true,
		"Who restocks has sold min_sell_through_ppm of what there was to sell."
	},
	[DBK_GUARD_COVER] = {
		"cover", DBK_RULE_RESTOCK_COVER, true,
		"A restock lasts at most max_cover_days at the speed of sales."
	},
	[DBK_GUARD_HOLDING] = {
		"holding", DBK_RULE_RESTOCK_HOLDING, true,
		"An agent holds at most max_units of a sku and goods worth max_value."
	},
	[DBK_GUARD_FREQUENCY] = {
		"frequency", DBK_RULE_RESTOCK_FREQUENCY, true,
		"At most max_restocks of a sku in restock_period_days, "
		"restock_interval_days apart."
	},
	[DBK_GUARD_GOODS_STATE] = {
		"goods_state", DBK_RULE_RESTOCK_GOODS_STATE, true,
		"No restock of a sku that another one has superseded."
	},
	[DBK_GUARD_AGED] = {
		"aged", DBK_RULE_RESTOCK_AGED, true,
		"No restock of a sku of which units have been held for more than "
		"aged_days."
	},
	[DBK_GUARD_RESTOCK_PRICE] = {
		"restock_price", DBK_RULE_RESTOCK_PRICE, true,
		"The price of a restock stands within the band of its sku and rank."
	},
	[DBK_GUARD_RANK_BUY] = {
		"rank_buy", DBK_RULE_RESTOCK_RANK_BUY, true,
		"A restock is at most rank_buy_factor_ppm of what the agent usually "
		"asks for."
	},
	[DBK_GUARD_NEEDS_REQUEST] = {
		"needs_request", DBK_RULE_RESTOCK_NOT_ASKED, true,
		"What an agent buys as stock answers a request that was allowed."
	},
	[DBK_GUARD_JOINING] = {
		"joining", DBK_RULE_JOINING_PURCHASE, true,
		"In the first joining_days an agent buys for at most joining_value."
	},
	[DBK_GUARD_ENTRY_FEE] = {
		"entry_fee", DBK_RULE_ENTRY_FEE, true,
		"A fee that is a condition of joining is at most entry_fee_limit."
	},
	[DBK_GUARD_TERRITORY] = {
		"territory", DBK_RULE_TERRITORY, true,
		"Nobody sells where another agent alone may."
	},
	[DBK_GUARD_SIGHTINGS] = {
		"sightings", DBK_RULE_PRICE_SIGHTED, false,
		"Prices outside their band were seen min_sightings times, by "
		"sighting_sources."
	},
	[DBK_GUARD_CLOUD] = {
		"cloud", DBK_RULE_CLOUD_COVERAGE, true,
		"Goods at the brand cover min_coverage_ppm of what agents hold in "
		"the cloud."
	},
	[DBK_GUARD_MATCH] = {
		"match", DBK_RULE_PAID_NOT_SHIPPED, false,
		"Information, money and goods of an order tell the same."
	},
	[DBK_GUARD_FAKE_ORDER] = {
		"fake_order", DBK_RULE_FAKE_ORDER, true,
		"What speaks for a forged order weighs less than fake_limit."
	},
	[DBK_GUARD_EXPOSURE] = {
		"exposure", DBK_RULE_EXPOSURE, true,
		"What an agent would owe if it vanished is at most max_exposure."
	},
	[DBK_GUARD_CYCLE] = {
		"cycle", DBK_RULE_GOODS_CYCLE, true,
		"Goods do not go round among at most cycle_length agents."
	},
	[DBK_GUARD_BINDINGS] = {
		"bindings", DBK_RULE_BINDINGS_PER_DAY, true,
		"At most max_bindings customers are bound to an agent in a day."
	},
	[DBK_GUARD_FLOODING] = {
		"flooding", DBK_RULE_FLOODING, false,
		"An agent shares at most max_shares times a day."
	},
	[DBK_GUARD_NETWORK] = {
		"network", DBK_RULE_NETWORK_SELL_THROUGH, true,
		"The network sells network_alarm_ppm of what is issued to it."
	},
	[DBK_GUARD_MULTI_COUNT] = {
		"multi_count", DBK_RULE_MULTI_COUNT, false,
		"Goods are handed on at most max_multi_count_ppm of what consumers buy."
	},
	[DBK_GUARD_PUSH_DOWN] = {
		"push_down", DBK_RULE_PUSHED_DOWN, true,
		"An agent gets at most max_purchase_to_sales_ppm of what it sells "
		"from another."
	},
	[DBK_GUARD_CUSTODY] = {
		"custody", DBK_RULE_SERIAL_TWICE, false,
		"A scan agrees with what is known of the lot and the serial."
	},
	[DBK_GUARD_GOODS_OUT] = {
		"goods_out", DBK_RULE_GOODS_STATE, true,
		"No goods go out that are superseded or expired."
	},
	[DBK_GUARD_PROFITEERING] = {
		"profiteering", DBK_RULE_PROFITEERING, true,
		"The list price is at most max_markup_ppm of the factory price."
	},
	[DBK_GUARD_FRIEND_PRICE] = {
		"friend_price", DBK_RULE_FRIEND_PRICE, false,
		"Bound customers pay no more than strangers do, by "
		"friend_tolerance_ppm."
	},
	[DBK_GUARD_COUNT] = {
		"count", DBK_RULE_COUNT_DIFFERENCE, false,
		"A count differs by at most count_tolerance."
	},
	[DBK_GUARD_BUYBACK] = {
		"buyback", DBK_RULE_BUYBACK_INELIGIBLE, true,
		"What is bought back was received in buyback_days, for at least "
		"buyback_ppm."
	},
	[DBK_GUARD_BUYBACK_EXIT] = {
		"buyback_exit", DBK_RULE_BUYBACK_OVERDUE, false,
		"Nothing is left with an agent when buying back is due."
	},
	/* clang-format on */
};

#define RANK DBK_GUARD_SCOPE_RANK
#define GOODS_RANK (DBK_GUARD_SCOPE_GOODS | DBK_GUARD_SCOPE_RANK)
#define SCORE_MAX 1000

/* Name, unit, help; default, least, most; scopes. */
static const struct dbk_guard_number_kind numbers[DBK_GUARD_NUMBERS] = {
	/* clang-format off */
	[DBK_GUARD_WINDOW_DAYS] = {
		"window_days", "days",
		"The window that received and sold goods are summed over.",
		30, 1, 366, 0
	},
	[DBK_GUARD_AGREEMENT_VERSION] = {
		"agreement_version", "count",
		"The oldest agreement that an agent may restock on; 0 is any.",
		0, 0, UINT32_MAX, 0
	},
	[DBK_GUARD_RECEIVABLE_LIMIT] = {
		"receivable_limit", "amount",
		"The most that an agent may owe and still restock.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_GUARD_STARTER_DAYS] = {
		"starter_days", "days",
		"Days from enrolment in which starter_units is the limit.",
		30, 0, 366, 0
	},
	[DBK_GUARD_STARTER_UNITS] = {
		"starter_units", "count",
		"The most that a new agent may hold and have on the way, of all skus.",
		100, 0, DBK_QTY_MAX, RANK
	},
	[DBK_GUARD_MIN_SELL_THROUGH_PPM] = {
		"min_sell_through_ppm", "ppm",
		"The least part of what there was to sell that must have been sold.",
		600000, 0, DBK_PPM_MAX, GOODS_RANK
	},
	[DBK_GUARD_MIN_UNITS] = {
		"min_units", "count",
		"Sell-through is not looked at where there was less to sell.",
		1, 0, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_FREE_UNITS] = {
		"free_units", "count",
		"Up to so many units of a sku nobody asks how fast they sell.",
		10, 0, DBK_QTY_MAX, GOODS_RANK
	},
	[DBK_GUARD_MAX_COVER_DAYS] = {
		"max_cover_days", "days",
		"The longest time that goods may last at the speed of sales.",
		45, 0, 36500, GOODS_RANK
	},
	[DBK_GUARD_MAX_UNITS] = {
		"max_units", "count",
		"The most of a sku that an agent may hold and have on the way.",
		-1, 0, DBK_QTY_MAX, GOODS_RANK
	},
	[DBK_GUARD_MAX_VALUE] = {
		"max_value", "amount",
		"The most that an agent's goods may be worth at list price.",
		-1, 0, DBK_AMOUNT_MAX, RANK
	},
	[DBK_GUARD_MAX_RESTOCKS] = {
		"max_restocks", "count",
		"The most restocks of a sku that are allowed in restock_period_days.",
		4, 1, 1000, 0
	},
	[DBK_GUARD_RESTOCK_PERIOD_DAYS] = {
		"restock_period_days", "days",
		"Days over which restocks are counted.",
		30, 1, 366, 0
	},
	[DBK_GUARD_RESTOCK_INTERVAL_DAYS] = {
		"restock_interval_days", "days",
		"The least number of days between two restocks of a sku.",
		0, 0, 366, 0
	},
	[DBK_GUARD_AGED_DAYS] = {
		"aged_days", "days",
		"Goods that were received longer ago are aged.",
		90, 1, 366, 0
	},
	[DBK_GUARD_RANK_BUY_FACTOR_PPM] = {
		"rank_buy_factor_ppm", "ppm",
		"The most that a restock may be, of the median of those before it.",
		3000000, 1000000, 1000000000, 0
	},
	[DBK_GUARD_REQUEST_DAYS] = {
		"request_days", "days",
		"Days in which an allowed restock may be claimed.",
		30, 1, 366, 0
	},
	[DBK_GUARD_JOINING_DAYS] = {
		"joining_days", "days",
		"Days from enrolment in which joining_value is the limit.",
		30, 0, 366, 0
	},
	[DBK_GUARD_JOINING_VALUE] = {
		"joining_value", "amount",
		"The most that a new agent may buy for.",
		0, 0, DBK_AMOUNT_MAX, RANK
	},
	[DBK_GUARD_ENTRY_FEE_LIMIT] = {
		"entry_fee_limit", "amount",
		"The most that a fee may be which is a condition of joining.",
		0, 0, DBK_AMOUNT_MAX, 0
	},
	[DBK_GUARD_TERRITORY_DAYS] = {
		"territory_days", "days",
		"Days of a period that breaches of territories are counted in.",
		30, 1, 366, 0
	},
	[DBK_GUARD_TERRITORY_BREACHES] = {
		"territory_breaches", "count",
		"Breaches of one period that make a finding.",
		1, 1, 1000000, 0
	},
	[DBK_GUARD_SIGHTING_DAYS] = {
		"sighting_days", "days",
		"Days over which sightings are counted.",
		30, 1, 366, 0
	},
	[DBK_GUARD_SIGHTINGS_MIN] = {
		"min_sightings", "count",
		"Sightings of one agent and sku that make a finding.",
		3, 1, 1000, 0
	},
	[DBK_GUARD_SIGHTING_SOURCES] = {
		"sighting_sources", "count",
		"Sources that these must come from, at least.",
		2, 1, 100, 0
	},
	[DBK_GUARD_MIN_COVERAGE_PPM] = {
		"min_coverage_ppm", "ppm",
		"The least of a sku at the brand, of what agents hold in the cloud.",
		1000000, 0, 10000000, 0
	},
	[DBK_GUARD_SHIP_DAYS] = {
		"ship_days", "days",
		"Days from payment in which goods must be on their way.",
		7, 0, 366, 0
	},
	[DBK_GUARD_PAY_DAYS] = {
		"pay_days", "days",
		"Days from shipment in which an order must be paid.",
		7, 0, 366, 0
	},
	[DBK_GUARD_FAKE_LIMIT] = {
		"fake_limit", "count",
		"The score from which an order is taken for forged.",
		100, 1, 10000, 0
	},
	[DBK_GUARD_FAKE_RELATED] = {
		"fake_related", "count",
		"Score: the buyer stands above or below the seller in the network.",
		60, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_SHARED_HASH] = {
		"fake_shared_hash", "count",
		"Score: buyer and seller share a payee, a device or an address.",
		100, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_REPEAT] = {
		"fake_repeat", "count",
		"Score: one buyer orders again and again from one seller.",
		30, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_CYCLE] = {
		"fake_cycle", "count",
		"Score: the money has come round from the seller to the buyer.",
		100, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_CONTEST] = {
		"fake_contest", "count",
		"Score: a contest is about to end.",
		10, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_UNSCANNED] = {
		"fake_unscanned", "count",
		"Score: goods were received that nobody shipped.",
		20, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_QUICK_REFUND] = {
		"fake_quick_refund", "count",
		"Score: the money went back soon after it came.",
		40, 0, SCORE_MAX, 0
	},
	[DBK_GUARD_FAKE_REPEAT_ORDERS] = {
		"fake_repeat_orders", "count",
		"Orders in a row that fake_repeat asks for.",
		5, 2, 1000000, 0
	},
	[DBK_GUARD_FAKE_REPEAT_DAYS] = {
		"fake_repeat_days", "days",
		"Days in which a row of orders must have begun.",
		7, 1, 366, 0
	},
	[DBK_GUARD_FAKE_REFUND_HOURS] = {
		"fake_refund_hours", "hours",
		"Hours after payment in which a refund is quick.",
		24, 0, 8784, 0
	},
	[DBK_GUARD_FAKE_CONTEST_DAYS] = {
		"fake_contest_days", "days",
		"Days before its end in which a contest is about to end.",
		3, 0, 366, 0
	},
	[DBK_GUARD_MAX_EXPOSURE] = {
		"max_exposure", "amount",
		"The most of other people's money that may stand with an agent.",
		0, 0, DBK_AMOUNT_MAX, RANK
	},
	[DBK_GUARD_CYCLE_LENGTH] = {
		"cycle_length", "count",
		"Agents of the longest cycle that is looked for.",
		4, 2, 8, 0
	},
	[DBK_GUARD_CYCLE_DAYS] = {
		"cycle_days", "days",
		"Days in which a cycle must have come about.",
		90, 1, 366, 0
	},
	[DBK_GUARD_MAX_BINDINGS] = {
		"max_bindings", "count",
		"The most customers that are bound to an agent in a day.",
		50, 1, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_MAX_SHARES] = {
		"max_shares", "count",
		"The most times that an agent shares in a day.",
		50, 1, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_NETWORK_ALARM_PPM] = {
		"network_alarm_ppm", "ppm",
		"The least part of what is issued that the network must sell.",
		200000, 0, DBK_PPM_MAX, 0
	},
	[DBK_GUARD_NETWORK_MIN_UNITS] = {
		"network_min_units", "count",
		"The network is not looked at where fewer units were issued or sold.",
		100, 1, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_MAX_MULTI_COUNT_PPM] = {
		"max_multi_count_ppm", "ppm",
		"The most that may be handed on, of what consumers buy.",
		3000000, 0, 1000000000, 0
	},
	[DBK_GUARD_MAX_PURCHASE_TO_SALES_PPM] = {
		"max_purchase_to_sales_ppm", "ppm",
		"The most that an agent may get from another, of what it sells.",
		3000000, 0, 1000000000, 0
	},
	[DBK_GUARD_MAX_MARKUP_PPM] = {
		"max_markup_ppm", "ppm",
		"The highest list price, of the factory price.",
		10000000, 0, 1000000000000, 0
	},
	[DBK_GUARD_FRIEND_MIN_UNITS] = {
		"friend_min_units", "count",
		"Units that strangers must have bought for a comparison.",
		10, 1, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_FRIEND_TOLERANCE_PPM] = {
		"friend_tolerance_ppm", "ppm",
		"How much more than strangers bound customers may pay.",
		50000, 0, 1000000000, 0
	},
	[DBK_GUARD_COUNT_TOLERANCE] = {
		"count_tolerance", "count",
		"The largest difference of a count that is no finding.",
		0, 0, DBK_QTY_MAX, 0
	},
	[DBK_GUARD_BUYBACK_DAYS] = {
		"buyback_days", "days",
		"Days from receipt in which goods are bought back.",
		365, 1, 366, 0
	},
	[DBK_GUARD_BUYBACK_PPM] = {
		"buyback_ppm", "ppm",
		"The least part of the price paid that is given back.",
		900000, 0, DBK_PPM_MAX, 0
	},
	[DBK_GUARD_BUYBACK_LOT] = {
		"buyback_lot", "flag",
		"Only goods of a lot are bought back.",
		0, 0, 1, 0
	},
	/* clang-format on */
};

static const enum dbk_rule red[] = {
	DBK_RULE_ENTRY_FEE,	 DBK_RULE_CLOUD_COVERAGE, DBK_RULE_FAKE_ORDER,
	DBK_RULE_EXPOSURE,	 DBK_RULE_GOODS_CYCLE,	  DBK_RULE_NETWORK_SELL_THROUGH,
	DBK_RULE_SERIAL_TWICE,	 DBK_RULE_DIVERSION,	  DBK_RULE_CUSTODY_CHAIN,
	DBK_RULE_BUYBACK_OVERDUE
};

const struct dbk_guard_kind *
dbk_guard_kind(enum dbk_guard guard)
{
	dbk_assert(guard < DBK_GUARDS);
	return &guards[guard];
}

enum dbk_guard
dbk_guard_of(enum dbk_rule rule)
{
	/* Of guards with several rules those that are not the first. */
	static const struct {
		enum dbk_rule rule;
		enum dbk_guard guard;
	} others[] = {
		{ DBK_RULE_SHIPPED_NOT_PAID, DBK_GUARD_MATCH },
		{ DBK_RULE_RECEIVED_UNSHIPPED, DBK_GUARD_MATCH },
		{ DBK_RULE_REFUNDED_NOT_RETURNED, DBK_GUARD_MATCH },
		{ DBK_RULE_DIVERSION, DBK_GUARD_CUSTODY },
		{ DBK_RULE_CUSTODY_CHAIN, DBK_GUARD_CUSTODY },
		{ DBK_RULE_SEAL_BROKEN, DBK_GUARD_CUSTODY },
		{ DBK_RULE_BUYBACK_PRICE, DBK_GUARD_BUYBACK },
	};

	for (unsigned guard = 0; guard < DBK_GUARDS; guard++)
		if (guards[guard].rule == rule)
			return (enum dbk_guard)guard;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (others[i].rule == rule)
			return others[i].guard;
	return DBK_GUARDS;
}

const struct dbk_guard_number_kind *
dbk_guard_number_kind(enum dbk_guard_number number)
{
	dbk_assert(number < DBK_GUARD_NUMBERS);
	return &numbers[number];
}

bool
dbk_guard_is_red(enum dbk_rule rule)
{
	for (size_t i = 0; i < sizeof red / sizeof red[0]; i++)
		if (red[i] == rule)
			return true;
	return false;
}

bool
dbk_guard_name_find(struct dbk_str name, struct dbk_guard_name *out)
{
	for (uint8_t i = 0; i < DBK_GUARD_NUMBERS; i++)
		if (dbk_str_equal(name, dbk_str_of(numbers[i].name))) {
			*out = (struct dbk_guard_name){ .is_number = true, .id = i };
			return true;
		}
	for (uint8_t i = 0; i < DBK_GUARDS; i++)
		if (dbk_str_equal(name, dbk_str_of(guards[i].name))) {
			*out = (struct dbk_guard_name){ .is_number = false, .id = i };
			return true;
		}
	return false;
}
