#include "report/draw.h"

void
dbk_draw_months(struct dbk_html *html, Daybook__Report__V1__MonthRow *const *rows,
		size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}

void
dbk_draw_payout_months(struct dbk_html *html,
		       Daybook__Report__V1__PayoutMonthRow *const *rows, size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}

void
dbk_draw_earnings(struct dbk_html *html,
		  Daybook__Report__V1__CauseMonthRow *const *rows, size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}
