#include "report/draw.h"

#include <stdio.h>

#include "base/money.h"
#include "report/number.h"
#include "report/svg.h"

#define PX DBK_SVG_PX

/* Tiers that are drawn; deeper ones are drawn as the last of them. */
#define TIERS_MAX 5
#define NODE (12 * PX)	/* width of a bar */
#define TREE (300 * PX) /* height of all goods of the brand */
#define TOP (52 * PX)
#define END (640 * PX) /* the consumers' bar */
#define LINE (15 * PX) /* from label to label */
#define STUB (34 * PX)
#define GAP (6 * PX) /* between what parts */
#define LABEL_BYTES 256

/* What became of goods at a tier other than going on. */
#define FATES 4

struct tier {
	uint32_t first, last; /* tiers of the message; 0: unknown */
	int64_t holders, brand, above, down, consumers, fates[FATES];
	int64_t all;  /* the larger of what came and what went or stayed */
	int64_t x, y; /* of its bar */
};

struct flow {
	struct dbk_html *html;
	struct tier tiers[TIERS_MAX + 1];
	uint32_t count;
	int64_t direct;	    /* from the brand to consumers */
	int64_t from_brand; /* to tiers */
	int64_t consumers;  /* all that they got */
	int64_t largest;    /* bar, in units */
	int64_t height;
};

static const char *const fate_classes[FATES] = { "d-stayed", "d-used", "d-back",
						 "d-lost" };
static const struct dbk_words fate_words[FATES] = {
	{ "stayed", "库存" },
	{ "used", "自用" },
	{ "given back", "退回" },
	{ "lost", "损耗" },
};

/* Flows that were more than undone are none. */
static int64_t
flow_of(int64_t units)
{
	return units > 0 ? units : 0;
}

static void
add(int64_t *to, int64_t units)
{
	*to = dbk_money_sum(*to, flow_of(units));
}

static int64_t
size_of(const struct flow *f, int64_t units)
{
	return dbk_svg_part(units, f->largest, TREE);
}

static bool
is_empty(const Daybook__Report__V1__TierFlow *row)
{
	return row->from_brand <= 0 && row->from_above <= 0 && row->passed_down <= 0 &&
	       row->to_consumers <= 0 && row->used <= 0 && row->given_back <= 0 &&
	       row->lost <= 0 && row->stayed <= 0;
}

static void
take(struct flow *f, const Daybook__Report__V1__TierFlow *row)
{
	struct tier *tier;

	if (is_empty(row))
		return;
	/* Goods of unknown ways stand last, whatever their place in the message. */
	if (row->tier == 0)
		tier = &f->tiers[TIERS_MAX];
	else if (row->tier <= TIERS_MAX)
		tier = &f->tiers[row->tier - 1];
	else
		tier = &f->tiers[TIERS_MAX - 1];
	if (tier->last == 0)
		tier->first = row->tier;
	tier->last = row->tier > tier->last ? row->tier : tier->last;
	tier->holders = dbk_money_bound((dbk_wide)tier->holders + row->holders);
	add(&tier->brand, row->from_brand);
	add(&tier->above, row->from_above);
	add(&tier->down, row->passed_down);
	add(&tier->consumers, row->to_consumers);
	add(&tier->fates[0], row->stayed);
	add(&tier->fates[1], row->used);
	add(&tier->fates[2], row->given_back);
	add(&tier->fates[3], row->lost);
}

/* Tiers without anything go; sizes are known then. */
static void
close_up(struct flow *f)
{
	int64_t brand;

	for (uint32_t i = 0; i <= TIERS_MAX; i++) {
		struct tier tier = f->tiers[i];
		int64_t in = dbk_money_sum(tier.brand, tier.above);
		int64_t out = dbk_money_sum(tier.down, tier.consumers);

		for (int k = 0; k < FATES; k++)
			out = dbk_money_sum(out, tier.fates[k]);
		tier.all = in > out ? in : out;
		if (tier.all == 0)
			continue;
		add(&f->from_brand, tier.brand);
		add(&f->consumers, tier.consumers);
		f->largest = tier.all > f->largest ? tier.all : f->largest;
		f->tiers[f->count++] = tier;
	}
	add(&f->consumers, f->direct);
	brand = dbk_money_sum(f->direct, f->from_brand);
	f->largest = brand > f->largest ? brand : f->largest;
	f->largest = f->consumers > f->largest ? f->consumers : f->largest;
}

/* Each tier stands below what went to consumers before it. */
static void
place_tiers(struct flow *f)
{
	int64_t y = TOP + size_of(f, f->direct) + (f->direct > 0 ? GAP : 0);
	int64_t first = 110 * PX, bottom, labels;

	f->height = TOP + size_of(f, dbk_money_sum(f->direct, f->from_brand));
	for (uint32_t i = 0; i < f->count; i++) {
		struct tier *tier = &f->tiers[i];

		tier->x = first + (END - 130 * PX - first) * i /
				      (f->count > 1 ? f->count - 1 : 1);
		tier->y = y;
		bottom = y + size_of(f, tier->all);
		labels = bottom + (FATES + 4) * LINE;
		f->height = labels > f->height ? labels : f->height;
		y += size_of(f, tier->consumers) + GAP;
	}
}

static void
put_part(int64_t units, int64_t of, char out[DBK_NUMBER_BYTES])
{
	char *end = out;

	dbk_number_whole(dbk_svg_part(units, of, 1000) / 10, out);
	while (*end != '\0')
		end++;
	/* One digit behind the point tells small parts from none. */
	if (dbk_svg_part(units, of, 1000) < 100 && end - out < DBK_NUMBER_BYTES - 3) {
		*end++ = '.';
		*end++ = (char)('0' + dbk_svg_part(units, of, 1000) % 10);
		*end = '\0';
	}
}

/* "stayed 4,280 · 10%". */
static void
put_words(struct dbk_html *html, const char *class, int64_t x, int64_t y,
	  const struct dbk_words *words, int64_t units, int64_t of)
{
	char en[LABEL_BYTES], zh[LABEL_BYTES];
	char number[DBK_NUMBER_BYTES], part[DBK_NUMBER_BYTES];

	dbk_number_whole(units, number);
	put_part(units, of, part);
	snprintf(en, sizeof en, "%s %s · %s%%", words->en, number, part);
	snprintf(zh, sizeof zh, "%s %s · %s%%", words->zh, number, part);
	dbk_svg_words(html, class, x, y, &(struct dbk_words){ en, zh });
}

/* "tier 2", and what else a row of the message may be. */
static void
name_tier(const struct tier *tier, char en[LABEL_BYTES], char zh[LABEL_BYTES])
{
	if (tier->last == 0) {
		snprintf(en, LABEL_BYTES, "way unknown");
		snprintf(zh, LABEL_BYTES, "来路不明");
	} else if (tier->first == tier->last) {
		snprintf(en, LABEL_BYTES, "tier %u", tier->first);
		snprintf(zh, LABEL_BYTES, "第 %u 层", tier->first);
	} else {
		snprintf(en, LABEL_BYTES, "tiers %u–%u", tier->first, tier->last);
		snprintf(zh, LABEL_BYTES, "第 %u–%u 层", tier->first, tier->last);
	}
}

static void
put_tier_name(const struct flow *f, const struct tier *tier, int64_t y)
{
	char holders[DBK_NUMBER_BYTES], units[DBK_NUMBER_BYTES];
	char en[LABEL_BYTES], zh[LABEL_BYTES];
	int64_t x = tier->x;

	dbk_number_whole(tier->holders, holders);
	dbk_number_whole(tier->all, units);
	name_tier(tier, en, zh);
	dbk_svg_words(f->html, "d-strong", x, y, &(struct dbk_words){ en, zh });
	dbk_svg_label(f->html, "d-small", x, y + LINE, "%s units", "%s 件", units);
	dbk_svg_label(f->html, "d-small d-muted", x, y + 2 * LINE, "%s agents",
		      "%s 名代理", holders);
}

/* What stayed, was used, given back and lost: parts that end here, named below. */
static void
put_fates(const struct flow *f, const struct tier *tier, int64_t y)
{
	int64_t line = tier->y + size_of(f, tier->all) + LINE;

	put_tier_name(f, tier, line);
	line += 3 * LINE;
	for (int i = 0; i < FATES; i++) {
		int64_t height = size_of(f, tier->fates[i]);

		if (tier->fates[i] == 0)
			continue;
		dbk_svg_rect(f->html, fate_classes[i], tier->x + NODE, y, STUB,
			     height > 5 ? height : 5);
		y += height;
		dbk_svg_rect(f->html, fate_classes[i], tier->x, line - 8 * PX, 8 * PX,
			     8 * PX);
		put_words(f->html, "d-small", tier->x + 12 * PX, line, &fate_words[i],
			  tier->fates[i], tier->all);
		line += LINE;
	}
}

/* From one bar to another, thin flows as lines. */
static void
put_flow(const struct flow *f, const char *class, int64_t x1, int64_t y1, int64_t x2,
	 int64_t y2, int64_t units, int64_t arriving)
{
	int64_t from = size_of(f, units), to = size_of(f, arriving);

	if (units > 0)
		dbk_svg_band(f->html, class, x1, y1, from > 5 ? from : 5, x2, y2,
			     to > 5 ? to : 5);
}

static void
put_tier(const struct flow *f, uint32_t at, int64_t consumers_y)
{
	const struct tier *tier = &f->tiers[at], *next = tier + 1;
	int64_t right = tier->x + NODE, y = tier->y;

	put_flow(f, "d-to-consumers", right, y, END, consumers_y, tier->consumers,
		 tier->consumers);
	y += size_of(f, tier->consumers);
	if (at + 1 < f->count && next->last > 0)
		put_flow(f, "d-passed", right, y, next->x, next->y, tier->down,
			 next->above > 0 ? next->above : tier->down);
	else
		put_flow(f, "d-passed", right, y, right + STUB, y, tier->down,
			 tier->down);
	y += size_of(f, tier->down);
	if (at > 0)
		put_flow(f, "d-from-brand", tier->x - STUB,
			 tier->y + size_of(f, tier->above), tier->x,
			 tier->y + size_of(f, tier->above), tier->brand, tier->brand);
	dbk_svg_rect(f->html, "d-node", tier->x, tier->y, NODE,
		     size_of(f, tier->all) > 5 ? size_of(f, tier->all) : 5);
	put_fates(f, tier, y);
}

static void
put_brand(const struct flow *f)
{
	static const struct dbk_words brand = { "Brand", "品牌方" };
	int64_t sent = dbk_money_sum(f->direct, f->from_brand);
	int64_t y = TOP + size_of(f, f->direct);
	char units[DBK_NUMBER_BYTES];

	dbk_number_whole(sent, units);
	dbk_svg_words(f->html, "d-strong", 0, TOP - 26 * PX, &brand);
	dbk_svg_label(f->html, "d-small", 0, TOP - 10 * PX, "%s units", "%s 件", units);
	put_flow(f, "d-to-consumers", NODE, TOP, END, TOP, f->direct, f->direct);
	if (f->count > 0)
		put_flow(f, "d-from-brand", NODE, y, f->tiers[0].x, f->tiers[0].y,
			 f->tiers[0].brand, f->tiers[0].brand);
	dbk_svg_rect(f->html, "d-node", 0, TOP, NODE, size_of(f, sent));
}

/* A label beside its part of the consumers' bar, moved down if there is no room. */
static int64_t
put_share(const struct flow *f, const struct dbk_words *words, int64_t y, int64_t taken,
	  int64_t units)
{
	int64_t line = y + size_of(f, units) / 2 + 4 * PX;

	if (line < taken + LINE)
		line = taken + LINE;
	put_words(f->html, "d-small", END + NODE + 8 * PX, line, words, units,
		  f->consumers);
	return line;
}

static void
put_consumers(const struct flow *f)
{
	static const struct dbk_words consumers = { "Consumers", "消费者" };
	static const struct dbk_words direct = { "brand", "品牌直销" };
	int64_t y = TOP, taken = TOP - 10 * PX;
	char units[DBK_NUMBER_BYTES], en[LABEL_BYTES], zh[LABEL_BYTES];

	dbk_number_whole(f->consumers, units);
	dbk_svg_words(f->html, "d-strong", END, TOP - 26 * PX, &consumers);
	dbk_svg_label(f->html, "d-small", END, TOP - 10 * PX, "%s units", "%s 件",
		      units);
	if (f->direct > 0)
		taken = put_share(f, &direct, y, taken, f->direct);
	y += size_of(f, f->direct);
	for (uint32_t i = 0; i < f->count; i++) {
		const struct tier *tier = &f->tiers[i];

		put_tier(f, i, y);
		name_tier(tier, en, zh);
		if (tier->consumers > 0)
			taken = put_share(f, &(struct dbk_words){ en, zh }, y, taken,
					  tier->consumers);
		y += size_of(f, tier->consumers);
	}
	dbk_svg_rect(f->html, "d-node", END, TOP, NODE, y - TOP);
}

static void
draw_flow(const struct flow *f)
{
	static const struct dbk_words heading = { "Goods from the brand to consumers",
						  "商品由品牌方至消费者的流向" };
	static const struct dbk_words description = {
		"A flow of units from the brand over the hands of agents to consumers, "
		"with what stayed, was used, given back and lost at each tier.",
		"商品件数由品牌方经各层代理流向消费者，"
		"并示各层的库存、自用、退回与损耗。"
	};
	static const struct dbk_words caption = {
		"Tiers are the hands that goods went through; tier 1 bought from the "
		"brand. Shares at a tier are of all units that it had, those at "
		"consumers of all that consumers got. A tier may have had goods from "
		"before the window.",
		"层为商品经手次数，第 1 "
		"层直接购自品牌方。各层比例以该层全部件数为分母；消费者"
		"处比例以消费者所得总数为分母。各层可能另有区间之前的存货。"
	};

	dbk_html_picture(f->html, "picture-goods", &heading);
	dbk_svg_begin(f->html, "goods", f->height, &heading, &description);
	put_brand(f);
	put_consumers(f);
	dbk_svg_end(f->html);
	dbk_html_picture_end(f->html, &caption);
}

void
dbk_draw_goods(struct dbk_html *html, const Daybook__Report__V1__GoodsFlow *goods)
{
	static const struct dbk_words nothing = { "No goods moved.", "无商品流动。" };
	struct flow f = { .html = html };

	if (goods) {
		f.direct = flow_of(goods->brand_to_consumers);
		for (size_t i = 0; i < goods->n_tiers; i++)
			take(&f, goods->tiers[i]);
		close_up(&f);
	}
	if (f.largest == 0) {
		dbk_html_nothing(html, &nothing);
		return;
	}
	place_tiers(&f);
	draw_flow(&f);
}
