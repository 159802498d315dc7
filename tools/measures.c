#include "measures.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct {
	Daybook__V1__Rule rule;
	enum measure measure;
} measures[] = {
	{ DAYBOOK__V1__RULE__RESTOCK_RECEIVABLE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__RESTOCK_STARTER, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__RESTOCK_SELL_THROUGH, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__RESTOCK_COVER, MEASURE_DAYS },
	{ DAYBOOK__V1__RULE__RESTOCK_AGED, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__RESTOCK_PRICE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__RESTOCK_RANK_BUY, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__JOINING_PURCHASE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__ENTRY_FEE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__PRICE_BAND, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__CLOUD_COVERAGE, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__PAID_NOT_SHIPPED, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__SHIPPED_NOT_PAID, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__RECEIVED_UNSHIPPED, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__REFUNDED_NOT_RETURNED, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__EXPOSURE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__NETWORK_SELL_THROUGH, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__MULTI_COUNT, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__PUSHED_DOWN, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__PROFITEERING, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__FRIEND_PRICE, MEASURE_AMOUNT },
	{ DAYBOOK__V1__RULE__COUNT_DIFFERENCE, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__BUYBACK_INELIGIBLE, MEASURE_UNITS },
	{ DAYBOOK__V1__RULE__BUYBACK_PRICE, MEASURE_PPM },
	{ DAYBOOK__V1__RULE__BUYBACK_OVERDUE, MEASURE_UNITS },
};

enum measure
measure_of(Daybook__V1__Rule rule)
{
	for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
		if (measures[i].rule == rule)
			return measures[i].measure;
	}
	return MEASURE_PLAIN;
}

const char *
measure_word(enum measure measure)
{
	switch (measure) {
	case MEASURE_PPM:
		return "ppm";
	case MEASURE_DAYS:
		return "days";
	case MEASURE_UNITS:
		return "units";
	case MEASURE_PLAIN:
	case MEASURE_AMOUNT:
		break;
	}
	return "";
}

static void
group(int64_t value, char out[MEASURE_TEXT_BYTES])
{
	char digits[24];
	size_t count, at = 0;

	(void)snprintf(digits, sizeof digits, "%" PRId64, value);
	count = strlen(digits);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0 && digits[i - 1] != '-')
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

void
measure_text(int64_t value, enum measure measure, unsigned exponent,
	     char out[MEASURE_TEXT_BYTES])
{
	unsigned digits = exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : exponent;

	if (value == INT64_MAX)
		(void)snprintf(out, MEASURE_TEXT_BYTES, "without end");
	else if (measure == MEASURE_AMOUNT)
		(void)dbk_money_format(value, digits, out);
	else
		group(value, out);
}

void
measure_cell(struct table *table, int64_t value, enum measure measure,
	     unsigned exponent)
{
	if (value == INT64_MAX && !table_is_csv(table))
		table_text(table, "without end");
	else if (measure == MEASURE_AMOUNT)
		table_money(table, value, exponent);
	else if (measure == MEASURE_PPM && value >= 0)
		table_ppm(table, value, 0);
	else
		table_i64(table, value);
}

void
measure_unit_cell(struct table *table, enum measure measure)
{
	bool percent = measure == MEASURE_PPM && !table_is_csv(table);

	table_text(table, percent ? NULL : measure_word(measure));
}
