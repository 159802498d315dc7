#include "report/scale.h"

#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "report/number.h"

/* Labels are counted in millions from here on. */
#define LONG_LABEL 10000000
#define DIGITS_MAX 18
#define EXPONENT_MAX 6
#define TICK_LETTER (7 * DBK_SVG_PX) /* a digit, at most */

static const struct dbk_words millions[] = {
	{ "", "" },
	{ "million", "百万" },
	{ "million million", "万亿" },
};

static int64_t
power_of_ten(uint32_t digits)
{
	int64_t power = 1;

	for (uint32_t i = 0; i < digits && i < DIGITS_MAX; i++)
		power *= 10;
	return power;
}

/* The least 1, 2 or 5 times a power of ten with which LOW to HIGH takes at most STEPS.
 */
static int64_t
fitting_step(int64_t low, int64_t high, uint32_t steps)
{
	static const int64_t factors[] = { 1, 2, 5 };
	int64_t power = 1, step = 1;

	for (uint32_t i = 0;; i++) {
		dbk_wide needed;

		step = factors[i % 3] * power;
		needed = ((dbk_wide)high + step - 1) / step +
			 (-(dbk_wide)low + step - 1) / step;
		if (needed <= steps || step == 5 * power_of_ten(DIGITS_MAX))
			return step;
		if (i % 3 == 2)
			power *= 10;
	}
}

static void
fit(struct dbk_scale *scale, int64_t low, int64_t high, uint32_t steps)
{
	int64_t step;

	if (low > 0)
		low = 0;
	if (high < 0)
		high = 0;
	if (low == 0 && high == 0)
		high = 1;
	step = fitting_step(low, high, steps > 0 ? steps : 1);
	scale->step = step;
	scale->high = dbk_money_bound(((dbk_wide)high + step - 1) / step * step);
	scale->low = dbk_money_bound(-((-(dbk_wide)low + step - 1) / step * step));
}

/* So many millions that the longest label stays short. */
static uint32_t
millions_of(const struct dbk_scale *scale)
{
	int64_t bound =
	    dbk_money_bound((dbk_wide)LONG_LABEL * power_of_ten(scale->digits));
	uint32_t count = 0;

	while (count < 2 && (scale->high >= bound || scale->low <= -bound)) {
		count++;
		bound = dbk_money_bound((dbk_wide)bound * 1000000);
	}
	return count;
}

struct dbk_scale
dbk_scale_count(int64_t low, int64_t high, int64_t at_low, int64_t at_high,
		uint32_t steps, const struct dbk_words *unit)
{
	struct dbk_scale scale = { .at_low = at_low,
				   .at_high = at_high,
				   .unit = *unit };

	fit(&scale, low, high, steps);
	return scale;
}

struct dbk_scale
dbk_scale_amount(int64_t low, int64_t high, int64_t at_low, int64_t at_high,
		 uint32_t steps, const struct dbk_html *html)
{
	struct dbk_scale scale = {
		.at_low = at_low,
		.at_high = at_high,
		.digits = html->exponent < EXPONENT_MAX ? html->exponent : EXPONENT_MAX,
		.currency = html->currency,
	};
	uint32_t count;

	fit(&scale, low, high, steps);
	count = millions_of(&scale);
	scale.unit = millions[count];
	scale.digits += 6 * count;
	return scale;
}

int64_t
dbk_scale_at(const struct dbk_scale *scale, int64_t value)
{
	dbk_wide room = scale->at_high - scale->at_low;
	dbk_wide span = (dbk_wide)scale->high - scale->low;

	if (value < scale->low)
		value = scale->low;
	if (value > scale->high)
		value = scale->high;
	return scale->at_low +
	       dbk_money_bound(((dbk_wide)value - scale->low) * room / span);
}

void
dbk_scale_label(const struct dbk_scale *scale, int64_t value,
		char out[DBK_SCALE_LABEL_BYTES])
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	size_t end = scale->digits < DIGITS_MAX ? scale->digits : DIGITS_MAX;
	uint64_t unit = (uint64_t)power_of_ten(scale->digits);
	char whole[DBK_NUMBER_BYTES], part[DIGITS_MAX + 2] = "";
	uint64_t rest = size % unit;

	dbk_number_count(size / unit, whole);
	if (rest > 0) {
		part[0] = '.';
		for (size_t i = end; i > 0; i--, rest /= 10)
			part[i] = (char)('0' + rest % 10);
		while (part[end] == '0')
			part[end--] = '\0';
	}
	snprintf(out, DBK_SCALE_LABEL_BYTES, "%s%s%s", value < 0 ? "−" : "", whole,
		 part);
}

void
dbk_scale_draw_unit(struct dbk_html *html, const struct dbk_scale *scale,
		    const char *class, int64_t x, int64_t y)
{
	const char *currency = scale->currency ? scale->currency : "";
	const char *space = *currency != '\0' && *scale->unit.en != '\0' ? " " : "";
	char en[DBK_SCALE_LABEL_BYTES], zh[DBK_SCALE_LABEL_BYTES];

	snprintf(en, sizeof en, "%s%s%s", currency, space, scale->unit.en);
	snprintf(zh, sizeof zh, "%s%s%s", scale->unit.zh, space, currency);
	dbk_svg_words(html, class, x, y, &(struct dbk_words){ en, zh });
}

/* The tick behind VALUE; false if there is none. */
static bool
next_tick(const struct dbk_scale *scale, int64_t *value)
{
	return dbk_money_add(*value, scale->step, value) && *value <= scale->high;
}

/* Bounded axes begin between two ticks. */
static int64_t
first_tick(const struct dbk_scale *scale)
{
	return scale->low / scale->step * scale->step;
}

void
dbk_scale_draw_up(struct dbk_html *html, const struct dbk_scale *scale, int64_t left,
		  int64_t right)
{
	int64_t value = first_tick(scale);
	char label[DBK_SCALE_LABEL_BYTES];

	do {
		int64_t y = dbk_scale_at(scale, value);

		dbk_svg_line(html, value == 0 ? "d-zero" : "d-grid", left, y, right, y);
		dbk_scale_label(scale, value, label);
		dbk_svg_label(html, "d-tick r", left - 6 * DBK_SVG_PX,
			      y + 4 * DBK_SVG_PX, "%s", "%s", label);
	} while (next_tick(scale, &value));
}

void
dbk_scale_draw_right(struct dbk_html *html, const struct dbk_scale *scale, int64_t top,
		     int64_t bottom)
{
	int64_t value = first_tick(scale), right;
	char label[DBK_SCALE_LABEL_BYTES];

	do {
		int64_t x = dbk_scale_at(scale, value);

		dbk_svg_line(html, value == 0 ? "d-zero" : "d-grid", x, top, x, bottom);
		dbk_scale_label(scale, value, label);
		dbk_svg_label(html, "d-tick m", x, bottom + 15 * DBK_SVG_PX, "%s", "%s",
			      label);
	} while (next_tick(scale, &value));
	/* The last label stands around its tick: half of it goes to the right. */
	right = (int64_t)strlen(label) * TICK_LETTER / 2 + 8 * DBK_SVG_PX;
	dbk_scale_draw_unit(html, scale, "d-tick", scale->at_high + right,
			    bottom + 15 * DBK_SVG_PX);
}
