#include "report/draw.h"

void
dbk_draw_downline(struct dbk_html *html, const Daybook__Report__V1__Downline *downline)
{
	(void)html;
	(void)downline;
}

void
dbk_draw_levels(struct dbk_html *html, Daybook__Report__V1__LevelRow *const *rows,
		size_t count)
{
	(void)html;
	(void)rows;
	(void)count;
}
