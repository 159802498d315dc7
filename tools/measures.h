#ifndef TOOLS_MEASURES_H
#define TOOLS_MEASURES_H

/*
 * measures.h -- in what a rule measures, and such numbers as text.
 *
 * Answers and findings carry `measured` and `limit` without a unit; the rule tells it.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdint.h>

#include <daybook/limits.h>
#include <daybook/v1/service.pb-c.h>

#include "base/money.h"
#include "table.h"

/* MEASURE_PLAIN: a number of something, or one of two things that differ. */
enum measure {
	MEASURE_PLAIN,
	MEASURE_PPM,
	MEASURE_DAYS,
	MEASURE_UNITS,
	MEASURE_AMOUNT
};

enum measure measure_of(Daybook__V1__Rule rule);

/* "ppm", "days", "units"; the empty text for the others. */
const char *measure_word(enum measure measure);

/* "375,000", "-12.50", "without end" for INT64_MAX. */
#define MEASURE_TEXT_BYTES (DBK_MONEY_TEXT_BYTES + 32)
void measure_text(int64_t value, enum measure measure, unsigned exponent,
		  char out[MEASURE_TEXT_BYTES]);

/* A cell: ppm as percent, amounts in major units; in CSV ppm as they are. */
void measure_cell(struct table *table, int64_t value, enum measure measure,
		  unsigned exponent);

/* Its unit: nothing where percent says it. */
void measure_unit_cell(struct table *table, enum measure measure);

#endif
