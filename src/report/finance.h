#ifndef DBK_REPORT_FINANCE_H
#define DBK_REPORT_FINANCE_H

/*
 * finance.h -- the finance report: what the books hold after the last record, and what
 * became of agents' money month by month.
 *
 * Balances, ageing, claw-backs and periods are as of the last record, whatever the
 * window; months and payouts are those that lie in the window, in part or whole.
 *
 * Thread: the one that owns the books.
 */

#include "report/basis.h"
#include "report/ledger_months.h"

#define DBK_FINANCE_PAYOUTS_MAX 500
#define DBK_FINANCE_CLAWBACKS_MAX 500

/* All of it lives in ARENA, which is borrowed.  NULL: no memory. */
Daybook__Report__V1__FinanceReport *
dbk_finance_make(const struct dbk_report_source *source,
		 const struct dbk_ledger_months *months, struct dbk_arena *arena);

#endif
