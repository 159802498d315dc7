#include "report/bars.h"

#include "base/money.h"

#define PX DBK_SVG_PX

int64_t
dbk_bars_height(const struct dbk_bars *bars)
{
	return bars->top + bars->rows * bars->pitch + 26 * PX;
}

void
dbk_bars_axis(struct dbk_bars *bars)
{
	dbk_scale_draw_right(bars->html, &bars->scale, bars->top - 4 * PX,
			     bars->top + bars->rows * bars->pitch + 2 * PX);
}

void
dbk_bars_row(struct dbk_bars *bars, uint32_t number)
{
	bars->y = bars->top + number * bars->pitch;
	bars->above = bars->below = 0;
}

static void
put_bar(struct dbk_bars *bars, const char *class, int64_t from, int64_t to,
	int64_t inset)
{
	int64_t a = dbk_scale_at(&bars->scale, from);
	int64_t b = dbk_scale_at(&bars->scale, to);
	int64_t left = a < b ? a : b, width = a < b ? b - a : a - b;

	if (from != to && width < PX)
		width = PX;
	dbk_svg_rect(bars->html, class, left, bars->y + inset, width,
		     bars->pitch - 2 * inset);
}

void
dbk_bars_part(struct dbk_bars *bars, const char *class, int64_t value)
{
	int64_t *laid = value < 0 ? &bars->below : &bars->above;
	int64_t to = dbk_money_sum(*laid, value);

	put_bar(bars, class, *laid, to, bars->pitch / 7);
	*laid = to;
}

void
dbk_bars_bar(struct dbk_bars *bars, const char *class, int64_t value, bool thin)
{
	put_bar(bars, class, 0, value, bars->pitch / (thin ? 3 : 7));
}

int64_t
dbk_bars_text_y(const struct dbk_bars *bars)
{
	return bars->y + bars->pitch / 2 + 45;
}
