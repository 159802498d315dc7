#ifndef DBK_REPORT_LEDGER_MONTHS_H
#define DBK_REPORT_LEDGER_MONTHS_H

/*
 * ledger_months.h -- agents' money month by month, what is owed and for how long: what
 * the books no longer know when the last record is decided.
 *
 * A watcher of postings while records are decided.  Whatever lowers a claim or a debt
 * lowers its oldest part.  A month is the local one of a record's effective_at.
 *
 * Thread: the one that owns the books.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "books/books.h"
#include "metrics/layers.h"

struct dbk_ledger_month {
	int32_t month; /* years since 1970 * 12 + month - 1 */
	/* Of agents: came into being, taken back, became available, left the bank,
	 * became a debt. */
	int64_t accrued, reversed, matured, paid, clawed_back;
	uint64_t requested, settled, failed, denied; /* payouts */
	int64_t gross, tax, fees, net, returned;     /* of those that were settled */
};

/* What one agent owes and ever owed; account 1110. */
struct dbk_ledger_debt {
	uint32_t agent;
	int64_t owed, reversed, repaid, written_off;
	int64_t
	    since; /* effective_at of when it last owed nothing before, microseconds */
};

enum dbk_ledger_wait {
	DBK_WAIT_PENDING = 0, /* 2110 */
	DBK_WAIT_HELD,	      /* 2130 */
	DBK_WAIT_AVAILABLE,   /* 2120 */
	DBK_WAIT_CLAWBACK,    /* 1110, owed by agents */
	DBK_WAIT_ESCROW,      /* 2010 */
	DBK_WAIT_PAYOUT,      /* 2140 and 2150 */
	DBK_WAITS
};

/* 0 to 30 days, to 60, to 90, to 180, older. */
#define DBK_LEDGER_AGES 5

struct dbk_ledger_age {
	int64_t amounts[DBK_LEDGER_AGES];
	int64_t total;
	uint64_t owners; /* agents or orders */
};

struct dbk_ledger_months;

/* BOOKS, empty, is borrowed. */
DBK_MUST_CHECK enum dbk_err dbk_ledger_months_open(const struct dbk_books *books,
						   struct dbk_ledger_months **out);
void dbk_ledger_months_close(struct dbk_ledger_months *months);

/* EVENT was decided; its effect is the last one of EFFECTS.  MEMORY: of no use any
 * more. */
DBK_MUST_CHECK enum dbk_err dbk_ledger_months_add(struct dbk_ledger_months *months,
						  const struct dbk_event *event,
						  const struct dbk_verdict *verdict,
						  const struct dbk_effects *effects);

/* From the first month to the last, those without anything too. */
uint32_t dbk_ledger_months_rows(const struct dbk_ledger_months *months,
				const struct dbk_ledger_month **out);

/* Agents who ever owed something, in the order in which they first did. */
uint32_t dbk_ledger_months_debts(const struct dbk_ledger_months *months,
				 const struct dbk_ledger_debt **out);

/* By age on local day TODAY. */
void dbk_ledger_months_age(const struct dbk_ledger_months *months,
			   enum dbk_ledger_wait what, int32_t today,
			   struct dbk_ledger_age *out);

#endif
