#ifndef DBK_METRICS_MONTHS_H
#define DBK_METRICS_MONTHS_H

/*
 * months.h -- what each account bought, sold and was paid in each local month;
 * METRICS.md section 5.
 *
 * A row of 80 bytes for each account and month with anything in it; fifty million are
 * 4 GB.
 *
 * Thread: one.
 */

#include <stdint.h>

#include "metrics/study.h"

struct dbk_months;

#define DBK_MONTHS_BUYERS_MAX 8191

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
	uint32_t next;	   /* number of an earlier month of the same account, 0: none */
	uint32_t position; /* of its first record; 0: that is 2^32 or more */
	unsigned int month : 11;  /* years since 1970 * 12 + month - 1 */
	unsigned int buyers : 13; /* named, of VERIFIED sales; the greatest: or more */
	unsigned int payday : 5;  /* of the month, the first with a payout; 0: none */
	/* When the study has ended: whether, with the branch, half or less came from
	 * consumers; whether the account is somebody's in the forest. */
	unsigned int fails_strict : 1;
	unsigned int fails_lenient : 1;
	unsigned int is_in_forest : 1;
};

/* Rows by number from 1, in the order of their first records. */
uint32_t dbk_months_count(const struct dbk_months *months);
const struct dbk_month_row *dbk_months_row(const struct dbk_months *months,
					   uint32_t number);

/* Accounts with rows are below this, and the latest month of one, 0: none. */
uint32_t dbk_months_accounts(const struct dbk_months *months);
uint32_t dbk_months_latest(const struct dbk_months *months, uint32_t account);

/* Purchases for self-use up to CAP a person and month, over months whose first day is
 * in [from, to); when the study has ended. */
int64_t dbk_months_self_capped(const struct dbk_months *months, int64_t cap,
			       int32_t from, int32_t to);

#endif
