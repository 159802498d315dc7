#ifndef DBK_PLAN_TAX_H
#define DBK_PLAN_TAX_H

/*
 * tax.h -- withholding tax by an integer table.
 *
 * The table is data of a plan; the shipped example is China's withholding on service
 * remuneration (Individual Income Tax Law, announcement 2018 no. 61 of the State
 * Administration of Taxation): of a month's gross up to 4,000.00 a flat 800.00 is free,
 * above that a fifth; the rest is taxed at 20 % to 20,000.00, 30 % less 2,000.00 to
 * 50,000.00, 40 % less 7,000.00 beyond.
 */

#include <stdint.h>

#include <daybook/limits.h>

struct dbk_tax_bracket {
	int64_t up_to; /* of the taxable amount; the last one INT64_MAX */
	int64_t deduction;
	uint32_t rate_ppm;
	uint32_t padding;
};

struct dbk_tax_table {
	int64_t flat_allowance; /* free of a gross up to flat_allowance_up_to */
	int64_t flat_allowance_up_to;
	uint32_t share_allowance_ppm; /* free of a gross above it */
	uint32_t n_brackets;	      /* 0: no tax */
	struct dbk_tax_bracket brackets[DBK_TAX_BRACKETS_MAX];
};

/* Tax on GROSS (>= 0), all that a payee gets in one month; never negative, never above
 * GROSS, rounded down once: nothing on the way to it is rounded.  It rises with GROSS
 * only if the table does so at its edges; who withholds by difference takes no less
 * than 0. */
int64_t dbk_tax_due(const struct dbk_tax_table *table, int64_t gross);

#endif
