#include "report/draw.h"

void
dbk_draw_goods(struct dbk_html *html, const Daybook__Report__V1__GoodsFlow *goods)
{
	(void)html;
	(void)goods;
}
