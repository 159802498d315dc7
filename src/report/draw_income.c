#include "report/draw.h"

#include <string.h>

#include "base/money.h"
#include "report/bars.h"
#include "report/number.h"

#define PX DBK_SVG_PX

/* Distances from here on are one row. */
#define DISTANCES 11
/* Keys that have room on one line in either language. */
#define KEYS_PER_LINE 5
#define BASES (DAYBOOK__REPORT__V1__REWARD_BASIS__OTHER_BASIS + 1)

/* What a row is made of: classes of sales, pools, and all that is no retail. */
enum part {
	VERIFIED,
	ANONYMOUS,
	DIRECT,
	FORMER,
	DOUBTED,
	POOL,
	PURCHASES,
	RECRUITING,
	OTHER,
	PARTS
};

static const char *const classes[PARTS] = { "d-verified", "d-anonymous", "d-direct",
					    "d-former",	  "d-doubted",	 "d-pool",
					    "d-purchase", "d-recruit",	 "d-other" };

struct income {
	int64_t amounts[BASES][DISTANCES][PARTS];
	bool is_there[BASES][DISTANCES];
	bool is_used[PARTS];
	int64_t sum;
};

static enum part
part_of(const Daybook__Report__V1__IncomeRow *row)
{
	switch (row->basis) {
	case DAYBOOK__REPORT__V1__REWARD_BASIS__OWN_RETAIL:
	case DAYBOOK__REPORT__V1__REWARD_BASIS__DOWN_RETAIL:
		if (row->pool)
			return POOL;
		return row->sale_class <= DAYBOOK__REPORT__V1__SALE_CLASS__DOUBTED
			   ? (enum part)row->sale_class
			   : DOUBTED;
	case DAYBOOK__REPORT__V1__REWARD_BASIS__OWN_PURCHASE:
	case DAYBOOK__REPORT__V1__REWARD_BASIS__DOWN_PURCHASE:
		return PURCHASES;
	case DAYBOOK__REPORT__V1__REWARD_BASIS__JOIN_FEE:
	case DAYBOOK__REPORT__V1__REWARD_BASIS__HEADCOUNT:
		return RECRUITING;
	case DAYBOOK__REPORT__V1__REWARD_BASIS__REWARD_BASIS_UNSPECIFIED:
	case DAYBOOK__REPORT__V1__REWARD_BASIS__OTHER_BASIS:
	case _DAYBOOK__REPORT__V1__REWARD_BASIS_IS_INT_SIZE:
		break;
	}
	return OTHER;
}

static void
take(struct income *income, const Daybook__Report__V1__IncomeRow *row)
{
	uint32_t basis = row->basis < BASES ? row->basis : 0;
	uint32_t distance = row->distance < DISTANCES ? row->distance : DISTANCES - 1;
	enum part part = part_of(row);
	int64_t *amount = &income->amounts[basis][distance][part];

	if (row->amount == 0)
		return;
	*amount = dbk_money_sum(*amount, row->amount);
	income->sum = dbk_money_sum(income->sum, row->amount);
	income->is_there[basis][distance] = true;
	income->is_used[part] = true;
}

/* What is laid to the right and to the left of 0, and both together. */
static int64_t
measure(const int64_t parts[PARTS], int64_t *above, int64_t *below)
{
	*above = *below = 0;
	for (int i = 0; i < PARTS; i++)
		*(parts[i] < 0 ? below : above) =
		    dbk_money_sum(parts[i] < 0 ? *below : *above, parts[i]);
	return dbk_money_sum(*above, *below);
}

static void
put_row(struct dbk_bars *bars, const struct income *income, uint32_t basis,
	uint32_t distance)
{
	const int64_t *parts = income->amounts[basis][distance];
	int64_t y = dbk_bars_text_y(bars), left = bars->scale.at_low - 10 * PX;
	char amount[DBK_NUMBER_BYTES], share[DBK_NUMBER_BYTES];
	int64_t above, below, sum = measure(parts, &above, &below);

	if (distance == 0)
		dbk_svg_label(bars->html, "r d-muted", left, y, "own", "本人");
	else
		dbk_svg_label(bars->html, "r d-muted", left, y, "distance %u%s",
			      "第 %u 层%s", distance,
			      distance == DISTANCES - 1 ? "+" : "");
	for (int i = 0; i < PARTS; i++)
		if (parts[i] != 0)
			dbk_bars_part(bars, classes[i], parts[i]);
	dbk_number_amount(sum, bars->html->exponent, amount);
	dbk_svg_label(bars->html, "r", DBK_SVG_WIDTH - 62 * PX, y, "%s%s", "%s%s",
		      sum < 0 ? "−" : "", sum < 0 ? amount + 1 : amount);
	dbk_number_share(sum, income->sum, share);
	dbk_svg_label(bars->html, "r d-muted", DBK_SVG_WIDTH, y, "%s", "%s", share);
}

static void
put_rows(struct dbk_bars *bars, const struct income *income)
{
	uint32_t number = 0;

	for (uint32_t basis = 0; basis < BASES; basis++) {
		bool first = true;

		for (uint32_t distance = 0; distance < DISTANCES; distance++) {
			if (!income->is_there[basis][distance])
				continue;
			dbk_bars_row(bars, number++);
			if (first)
				dbk_svg_words(
				    bars->html, "d-strong", 0, dbk_bars_text_y(bars),
				    dbk_words_basis(
					(Daybook__Report__V1__RewardBasis)basis));
			if (first && number > 1)
				dbk_svg_line(bars->html, "d-grid", 0, bars->y,
					     DBK_SVG_WIDTH, bars->y);
			first = false;
			put_row(bars, income, basis, distance);
		}
	}
}

static void
put_keys(struct dbk_html *html, const struct income *income)
{
	static const struct dbk_words others[PARTS] = {
		[POOL] = { "Shared pools on retail", "零售分红池" },
		[PURCHASES] = { "Purchases", "进货" },
		[RECRUITING] = { "Recruiting", "发展人员" },
		[OTHER] = { "Other", "其他" },
	};
	struct dbk_svg_key keys[PARTS];
	size_t count = 0;

	for (int i = 0; i < PARTS; i++)
		if (income->is_used[i])
			keys[count++] = (struct dbk_svg_key){
				.class = classes[i],
				.words = others[i].en
					     ? others[i]
					     : *dbk_words_class(
						   (Daybook__Report__V1__SaleClass)i),
			};
	dbk_svg_keys(html, 0, 14 * PX, NULL, keys, count);
}

static void
draw_income(struct dbk_bars *bars, const struct income *income)
{
	static const struct dbk_words heading = { "Income by what it was paid for",
						  "各类事由的收入" };
	static const struct dbk_words description = {
		"Stacked bars of what agents were paid, by cause and by distance to "
		"the person whose deed it was; retail by class of sale.",
		"代理收入按事由及与行为人的距离堆叠；零售再按销售类别区分。"
	};
	static const struct dbk_words caption = {
		"Distance 1 is a direct recruit. What was taken back later is "
		"subtracted. Hatched parts are of sales whose buyer had been an agent "
		"or whose truth is doubted.",
		"第 1 "
		"层为直接推荐的人员。已扣除其后冲回的金额。"
		"斜线部分来自买方曾为代理或真"
		"实性"
		"存疑的销售。"
	};

	dbk_html_picture(bars->html, "picture-income", &heading);
	dbk_svg_begin(bars->html, "income", dbk_bars_height(bars), &heading,
		      &description);
	dbk_svg_pattern(bars->html, "income-former", "d-p-former", true);
	dbk_svg_pattern(bars->html, "income-doubted", "d-p-doubted", false);
	put_keys(bars->html, income);
	dbk_bars_axis(bars);
	put_rows(bars, income);
	dbk_svg_end(bars->html);
	dbk_html_picture_end(bars->html, &caption);
}

void
dbk_draw_income(struct dbk_html *html, Daybook__Report__V1__IncomeRow *const *rows,
		size_t count)
{
	static const struct dbk_words nothing = { "Nothing was paid to agents.",
						  "未向代理支付任何报酬。" };
	struct dbk_bars bars = { .html = html, .top = 62 * PX, .pitch = 22 * PX };
	struct income income = { .sum = 0 };
	int64_t above, below, most = 0, least = 0;
	int keys = 0;

	for (size_t i = 0; i < count; i++)
		take(&income, rows[i]);
	for (uint32_t basis = 0; basis < BASES; basis++)
		for (uint32_t d = 0; d < DISTANCES; d++) {
			measure(income.amounts[basis][d], &above, &below);
			most = above > most ? above : most;
			least = below < least ? below : least;
			bars.rows += income.is_there[basis][d];
		}
	if (bars.rows == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	for (int i = 0; i < PARTS; i++)
		keys += income.is_used[i];
	if (keys <= KEYS_PER_LINE)
		bars.top -= 20 * PX;
	bars.scale =
	    dbk_scale_amount(least, most, 210 * PX, DBK_SVG_WIDTH - 190 * PX, 5, html);
	draw_income(&bars, &income);
}
