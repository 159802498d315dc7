#ifndef DBK_METRICS_MONTHS_PRIVATE_H
#define DBK_METRICS_MONTHS_PRIVATE_H

/*
 * months_private.h -- rows to change, for months.c and month_branches.c alone.
 *
 * Thread: one.
 */

#include "metrics/column.h"
#include "metrics/months.h"
#include "metrics/people.h"

/* Months whose first day is in [from, to) are [*out_from, *out_to). */
void dbk_months_of_days(int32_t from, int32_t to, int64_t *out_from, int64_t *out_to);

/* Ask memory for a row; any NUMBER is fine. */
void dbk_months_foresee_row(const struct dbk_months *months, uint32_t number);

/* Say in each of ROWS whether the account is somebody's in the forest, and whether half
 * or less of what its branch brought in that month came from consumers. */
DBK_MUST_CHECK enum dbk_err dbk_month_branches_mark(struct dbk_column *rows,
						    const struct dbk_people *people);

#endif
