#ifndef DBK_REPORT_DRAW_H
#define DBK_REPORT_DRAW_H

/*
 * draw.h -- parts of reports as pictures: each a <figure> with a heading, one or two
 * inline <svg> with <title> and <desc>, and a caption that says how to read it.
 *
 * Colours and patterns come from draw.css: they differ in lightness, so that they
 * survive grey printing, and in hue for eyes that see red and green alike.  What has
 * nothing to show says so in words instead.  A picture takes at most 150 KB, the
 * downline 400 KB, whatever the message holds; what is left out is said.
 *
 * Thread: any; the message is only read.
 */

#include <stddef.h>

#include "report/html.h"

/* Bytes that a picture may take. */
#define DBK_DRAW_BYTES_MAX (150u * 1024)
#define DBK_DRAW_DOWNLINE_BYTES_MAX (400u * 1024)

/* The branches as a partition: levels are rows, persons are widths. */
void dbk_draw_downline(struct dbk_html *html,
		       const Daybook__Report__V1__Downline *downline);

/* Persons on each level. */
void dbk_draw_levels(struct dbk_html *html, Daybook__Report__V1__LevelRow *const *rows,
		     size_t count);

/* Goods from the brand over tiers to consumers, with what stayed on the way. */
void dbk_draw_goods(struct dbk_html *html, const Daybook__Report__V1__GoodsFlow *goods);

/* Income by what it was paid for, how far away, and whose sale it was. */
void dbk_draw_income(struct dbk_html *html, Daybook__Report__V1__IncomeRow *const *rows,
		     size_t count);

/* Net results of persons about 0, in both readings. */
void dbk_draw_results(struct dbk_html *html,
		      const Daybook__Report__V1__Results *results);

/* Joins, retail, purchases, fees and rewards on one axis of time. */
void dbk_draw_months(struct dbk_html *html, Daybook__Report__V1__MonthRow *const *rows,
		     size_t count);

/* What became of those who joined in the same month. */
void dbk_draw_cohorts(struct dbk_html *html,
		      Daybook__Report__V1__CohortRow *const *rows, size_t count);

/* Payouts by month: what agents got, tax and fees, and what came back. */
void dbk_draw_payout_months(struct dbk_html *html,
			    Daybook__Report__V1__PayoutMonthRow *const *rows,
			    size_t count);

/* Money that waits, by how long it has waited. */
void dbk_draw_ageing(struct dbk_html *html, Daybook__Report__V1__AgeingRow *const *rows,
		     size_t count);

/* What was earned and taken back, matured and paid by month. */
void dbk_draw_earnings(struct dbk_html *html,
		       Daybook__Report__V1__CauseMonthRow *const *rows, size_t count);

/* What participants earned, from those who earned least to those who earned most. */
void dbk_draw_bands(struct dbk_html *html,
		    Daybook__Report__V1__DisclosureBand *const *rows, size_t count);

#endif
