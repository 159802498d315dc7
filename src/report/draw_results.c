#include "report/draw.h"

void
dbk_draw_cohorts(struct dbk_html *html, Daybook__Report__V1__CohortRow *const *rows,
		 size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}

void
dbk_draw_results(struct dbk_html *html, const Daybook__Report__V1__Results *results)
{
	(void)html;
	(void)results;
}
