#ifndef DBK_REPORT_TABLES_H
#define DBK_REPORT_TABLES_H

/*
 * tables.h -- what a study knows by rows, as messages.
 *
 * Thread: one.
 */

#include "metrics/study.h"
#include "report/message.h"

Daybook__Report__V1__GoodsFlow *dbk_tables_goods(struct dbk_maker *maker,
						 const struct dbk_study *study);
Daybook__Report__V1__Results *dbk_tables_results(struct dbk_maker *maker,
						 const struct dbk_study *study);

/* Lists: the array of pointers, and *OUT_N of them. */
Daybook__Report__V1__IncomeRow **dbk_tables_income(struct dbk_maker *maker,
						   const struct dbk_study *study,
						   size_t *out_n);
Daybook__Report__V1__MonthRow **dbk_tables_months(struct dbk_maker *maker,
						  const struct dbk_study *study,
						  size_t *out_n);

/* Every metric that is listed, all parameters absent. */
Daybook__Report__V1__Figure **dbk_tables_figures(struct dbk_maker *maker,
						 const struct dbk_study *study,
						 size_t *out_n);

#endif
