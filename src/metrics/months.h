#ifndef DBK_METRICS_MONTHS_H
#define DBK_METRICS_MONTHS_H

/*
 * months.h -- what each account bought, sold and was paid in each local month;
 * METRICS.md section 5.
 *
 * A row for each account and month with anything in it; fifty million fit into 4 GB.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/study.h"

struct dbk_months;

/* Units in base units, money in minor units, net of what was given back. */
struct dbk_month_row {
	int64_t bought;	  /* units: received, less returned */
	int64_t resold;	  /* units to anybody */
	int64_t consumer; /* of those to consumers */
	int64_t verified; /* own sales to consumers, VERIFIED */
	int64_t lenient;  /* the same, all classes but DOUBTED */
	int64_t paid;	  /* own purchases and fees */
	int64_t self;	  /* of those the purchases for self-use */
	int64_t rewards;
	uint32_t account;
	uint32_t next; /* an earlier month of the same account, 0: none */
	/* Of the first record in it; 0 if that is 2^32 or more, and not shown. */
	uint32_t position;
	unsigned int month : 11;  /* years since 1970 * 12 + month - 1 */
	unsigned int buyers : 13; /* named, of VERIFIED sales; 8191 is that or more */
	unsigned int payday : 5; /* the first day of the month with a payout, 0: none */
	/* Whether, with the branch, half or less came from consumers. */
	unsigned int fails_strict : 1, fails_lenient : 1;
};

/* Rows by number from 1, in the order of their first records. */
uint32_t dbk_months_count(const struct dbk_months *months);
const struct dbk_month_row *dbk_months_row(const struct dbk_months *months,
					   uint32_t number);

/* The latest month of ACCOUNT, 0: none; earlier ones follow by next. */
uint32_t dbk_months_latest(const struct dbk_months *months, uint32_t account);

/* Purchases for self-use up to CAP a person and month, over months whose first day is
 * in [from, to). */
int64_t dbk_months_self_capped(const struct dbk_months *months, int64_t cap,
			       int32_t from, int32_t to);

#endif
