#include "report/draw.h"

void
dbk_draw_income(struct dbk_html *html, Daybook__Report__V1__IncomeRow *const *rows,
		size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}

void
dbk_draw_ageing(struct dbk_html *html, Daybook__Report__V1__AgeingRow *const *rows,
		size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}

void
dbk_draw_bands(struct dbk_html *html, Daybook__Report__V1__DisclosureBand *const *rows,
	       size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}
