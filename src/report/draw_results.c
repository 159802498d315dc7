#include "report/draw.h"

#include <stdio.h>

#include "base/money.h"
#include "report/number.h"
#include "report/scale.h"

#define PX DBK_SVG_PX
#define LEFT (70 * PX)
#define RIGHT (DBK_SVG_WIDTH - 6 * PX)
#define BINS_MAX 42
#define PANEL (150 * PX)
#define TITLE (52 * PX) /* above a panel */

static const struct dbk_words persons_unit = { "persons", "人" };

typedef Daybook__Report__V1__ResultBin result_bin;

struct histogram {
	struct dbk_html *html;
	size_t count; /* bins */
	int64_t most; /* persons in one */
};

static int64_t
persons_of(const result_bin *bin)
{
	return bin->persons < INT64_MAX ? (int64_t)bin->persons : INT64_MAX;
}

/* A bin of losses, of nothing, or of gains. */
static int
sign_of(const result_bin *bin)
{
	if (bin->to <= 0)
		return -1;
	return bin->from > 0 || bin->to > 1;
}

static int64_t
bin_at(const struct histogram *h, size_t bin)
{
	return LEFT + (RIGHT - LEFT) * (int64_t)bin / (int64_t)h->count;
}

static void
put_bound(const struct histogram *h, int64_t amount, char out[DBK_SCALE_LABEL_BYTES])
{
	struct dbk_scale scale = { .digits = h->html->exponent };

	dbk_scale_label(&scale, amount, out);
}

static void
put_bin(const struct histogram *h, const result_bin *bin, size_t at,
	const struct dbk_scale *scale)
{
	static const char *const classes[] = { "d-loss", "d-even", "d-gain" };
	int64_t x = bin_at(h, at) + PX, width = bin_at(h, at + 1) - x - PX;
	int64_t y = dbk_scale_at(scale, persons_of(bin));
	char from[DBK_SCALE_LABEL_BYTES], to[DBK_SCALE_LABEL_BYTES];
	char persons[DBK_NUMBER_BYTES];

	put_bound(h, bin->from, from);
	put_bound(h, bin->to, to);
	dbk_number_count(bin->persons, persons);
	dbk_svg_group(h->html, "");
	if (bin->from == INT64_MIN)
		dbk_svg_tip(h->html, "below %s: %s persons", "低于 %s：%s 人", to,
			    persons);
	else if (bin->to == INT64_MAX)
		dbk_svg_tip(h->html, "%s and more: %s persons", "%s 及以上：%s 人",
			    from, persons);
	else
		dbk_svg_tip(h->html, "%s to %s: %s persons", "%s 至 %s：%s 人", from,
			    to, persons);
	if (bin->persons > 0 && scale->at_low - y < PX)
		y = scale->at_low - PX;
	dbk_svg_rect(h->html, classes[sign_of(bin) + 1], x, y, width,
		     scale->at_low - y);
	if (bin->persons > 0 && dbk_svg_room(persons) <= width + 4 * PX)
		dbk_svg_label(h->html, "d-small m", x + width / 2, y - 4 * PX, "%s",
			      "%s", persons);
	dbk_svg_group_end(h->html);
}

static void
put_counts(const struct histogram *h, result_bin *const *bins, int64_t y)
{
	char losses[DBK_NUMBER_BYTES], gains[DBK_NUMBER_BYTES], all[DBK_NUMBER_BYTES];
	char part[DBK_NUMBER_BYTES];
	int64_t sums[3] = { 0 }, sum = 0;

	for (size_t i = 0; i < h->count; i++) {
		int64_t *to = &sums[sign_of(bins[i]) + 1];

		*to = dbk_money_sum(*to, persons_of(bins[i]));
		sum = dbk_money_sum(sum, persons_of(bins[i]));
	}
	dbk_number_whole(sums[0], losses);
	dbk_number_whole(sums[2], gains);
	dbk_number_whole(sum, all);
	dbk_number_share(sums[0], sum, part);
	dbk_svg_label(h->html, "r", RIGHT, y, "%s of %s lost (%s), %s gained",
		      "亏损 %s 人 / 共 %s 人（%s），盈利 %s 人", losses, all, part,
		      gains);
}

static void
put_panel(const struct histogram *h, result_bin *const *bins,
	  const struct dbk_words *title, int64_t y)
{
	struct dbk_scale scale =
	    dbk_scale_count(0, h->most, y + TITLE + PANEL, y + TITLE, 5, &persons_unit);

	dbk_svg_words(h->html, "d-strong", LEFT, y + 28 * PX, title);
	put_counts(h, bins, y + 28 * PX);
	dbk_scale_draw_unit(h->html, &scale, "d-tick r", LEFT - 6 * PX, y + 28 * PX);
	dbk_scale_draw_up(h->html, &scale, LEFT, RIGHT);
	for (size_t i = 0; i < h->count; i++)
		put_bin(h, bins[i], i, &scale);
}

/* Where two bins meet, as often as there is room; 0 always. */
static void
put_bounds(const struct histogram *h, result_bin *const *bins, int64_t y)
{
	int64_t taken = LEFT - 60 * PX, room, x;
	char label[DBK_SCALE_LABEL_BYTES];

	for (size_t i = 1; i < h->count; i++) {
		/* The bin of nothing at all is labelled as one. */
		bool even = sign_of(bins[i]) == 0;
		bool behind = sign_of(bins[i - 1]) == 0;

		put_bound(h, bins[i]->from, label);
		room = dbk_svg_room(label) + 8 * PX;
		x = even ? (bin_at(h, i) + bin_at(h, i + 1)) / 2 : bin_at(h, i);
		if (behind || x - room / 2 < taken)
			continue;
		dbk_svg_line(h->html, "d-edge", x, y - 18 * PX, x, y - 14 * PX);
		dbk_svg_label(h->html, "d-tick m", x, y, "%s", "%s", label);
		taken = x + room / 2;
	}
}

static void
put_keys(struct dbk_html *html, int64_t y)
{
	static const struct dbk_svg_key keys[] = {
		{ "d-loss", { "loss", "亏损" }, false },
		{ "d-even", { "nothing", "持平" }, false },
		{ "d-gain", { "gain", "盈利" }, false },
	};

	dbk_svg_keys(html, LEFT, y, NULL, keys, sizeof keys / sizeof *keys);
}

static void
draw_histograms(const struct histogram *h, const Daybook__Report__V1__Results *results)
{
	static const struct dbk_words heading = { "Net results of participants",
						  "参加者净损益分布" };
	static const struct dbk_words description = {
		"Two histograms of net results about nothing, in the strict and the "
		"lenient reading.",
		"以零为中心的净损益直方图，分严格与宽松两种口径。"
	};
	static const struct dbk_words caption = {
		"Results are of the window, after fees and purchases. The lenient "
		"reading also counts sales that were paid outside or are doubted, and "
		"goods for own use at their price. The outermost bars have no outer "
		"bound.",
		"损益为区间内扣除费用与进货后的结果。"
		"宽松口径另计入场外收款或存疑的销售"
		"，并按"
		"价格计入自用商品。最外两条无外侧边界。"
	};
	static const struct dbk_words strict = { "Strict", "严格口径" };
	static const struct dbk_words lenient = { "Lenient", "宽松口径" };
	int64_t second = 18 * PX + TITLE + PANEL, foot = 18 * PX + 2 * (TITLE + PANEL);

	dbk_html_picture(h->html, "picture-results", &heading);
	dbk_svg_begin(h->html, "results", foot + 26 * PX, &heading, &description);
	dbk_svg_pattern(h->html, "results-loss", "d-p-loss", true);
	put_keys(h->html, 14 * PX);
	put_panel(h, results->strict_bins, &strict, 18 * PX);
	put_panel(h, results->lenient_bins, &lenient, second);
	put_bounds(h, results->lenient_bins, foot + 18 * PX);
	dbk_svg_label(h->html, "d-tick r", LEFT - 6 * PX, foot + 18 * PX, "%s", "%s",
		      h->html->currency);
	dbk_svg_end(h->html);
	dbk_html_picture_end(h->html, &caption);
}

void
dbk_draw_results(struct dbk_html *html, const Daybook__Report__V1__Results *results)
{
	static const struct dbk_words nothing = { "There are no results to show.",
						  "无可显示的损益。" };
	struct histogram h = { .html = html };

	if (results && results->n_strict_bins == results->n_lenient_bins)
		h.count = results->n_strict_bins < BINS_MAX ? results->n_strict_bins
							    : BINS_MAX;
	for (size_t i = 0; i < h.count; i++) {
		int64_t strict = persons_of(results->strict_bins[i]);
		int64_t lenient = persons_of(results->lenient_bins[i]);

		h.most = strict > h.most ? strict : h.most;
		h.most = lenient > h.most ? lenient : h.most;
	}
	if (h.most == 0)
		dbk_html_nothing(html, &nothing);
	else
		draw_histograms(&h, results);
}
