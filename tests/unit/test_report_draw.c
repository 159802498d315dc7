#include "report/draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "report/scale.h"
#include "report/svg.h"
#include "../tests/lib/check.h"
#include "../tests/lib/markup.h"
#include "../tests/lib/report_flood.h"
#include "../tests/lib/report_sample.h"

#define ARENA_BYTES (512u << 20)
#define BLOCKS 3000u

static const char hostile[] = "</text><script>\"'&\x1b\x01\xe2\x80\xae\xff\xed\xa0\x80";

/* What pictures are drawn of: reports of the sample, or a flood. */
struct drawing {
	const Daybook__Report__V1__PyramidReport *pyramid;
	const Daybook__Report__V1__FinanceReport *finance;
	const Daybook__Report__V1__DisclosureReport *disclosure;
	struct dbk_buf out;
	struct dbk_html html;
};

static void
draw_downline(struct drawing *d)
{
	dbk_draw_downline(&d->html, d->pyramid->downline);
}

static void
draw_levels(struct drawing *d)
{
	if (d->pyramid->appraisal == NULL)
		dbk_draw_levels(&d->html, NULL, 0);
	else
		dbk_draw_levels(&d->html, d->pyramid->appraisal->level_rows,
				d->pyramid->appraisal->n_level_rows);
}

static void
draw_goods(struct drawing *d)
{
	dbk_draw_goods(&d->html, d->pyramid->goods);
}

static void
draw_income(struct drawing *d)
{
	dbk_draw_income(&d->html, d->pyramid->income, d->pyramid->n_income);
}

static void
draw_results(struct drawing *d)
{
	dbk_draw_results(&d->html, d->pyramid->results);
}

static void
draw_months(struct drawing *d)
{
	dbk_draw_months(&d->html, d->pyramid->months, d->pyramid->n_months);
}

static void
draw_cohorts(struct drawing *d)
{
	if (d->pyramid->results == NULL)
		dbk_draw_cohorts(&d->html, NULL, 0);
	else
		dbk_draw_cohorts(&d->html, d->pyramid->results->cohorts,
				 d->pyramid->results->n_cohorts);
}

static void
draw_payout_months(struct drawing *d)
{
	dbk_draw_payout_months(&d->html, d->finance->payout_months,
			       d->finance->n_payout_months);
}

static void
draw_ageing(struct drawing *d)
{
	dbk_draw_ageing(&d->html, d->finance->ageing, d->finance->n_ageing);
}

static void
draw_earnings(struct drawing *d)
{
	dbk_draw_earnings(&d->html, d->finance->earnings, d->finance->n_earnings);
}

static void
draw_bands(struct drawing *d)
{
	dbk_draw_bands(&d->html, d->disclosure->bands, d->disclosure->n_bands);
}

static const struct {
	const char *name;
	void (*draw)(struct drawing *d);
	size_t most;
} pictures[] = {
	{ "downline", draw_downline, DBK_DRAW_DOWNLINE_BYTES_MAX },
	{ "levels", draw_levels, DBK_DRAW_BYTES_MAX },
	{ "goods", draw_goods, DBK_DRAW_BYTES_MAX },
	{ "income", draw_income, DBK_DRAW_BYTES_MAX },
	{ "results", draw_results, DBK_DRAW_BYTES_MAX },
	{ "months", draw_months, DBK_DRAW_BYTES_MAX },
	{ "cohorts", draw_cohorts, DBK_DRAW_BYTES_MAX },
	{ "payout months", draw_payout_months, DBK_DRAW_BYTES_MAX },
	{ "ageing", draw_ageing, DBK_DRAW_BYTES_MAX },
	{ "earnings", draw_earnings, DBK_DRAW_BYTES_MAX },
	{ "bands", draw_bands, DBK_DRAW_BYTES_MAX },
};

#define PICTURES (sizeof pictures / sizeof *pictures)

static bool
holds(const struct dbk_buf *out, const char *text)
{
	return out->size > 0 && memmem(out->bytes, out->size, text, strlen(text));
}

/* Draws picture NUMBER and complains of what it is by name. */
static void
draw(struct drawing *d, size_t number)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	const char *complaint;

	dbk_buf_reset(&d->out);
	dbk_buf_put(&d->out, doctype, sizeof doctype - 1);
	dbk_html_init(&d->html, &d->out, DBK_ENGLISH, d->pyramid->basis);
	pictures[number].draw(d);
	CHECK(!dbk_buf_failed(&d->out));
	complaint = markup_complaint((const char *)d->out.bytes, d->out.size);
	if (complaint)
		check_that(false, complaint, pictures[number].name, 0);
	if (d->out.size > pictures[number].most)
		check_that(false, "it is too large", pictures[number].name,
			   (int)d->out.size);
	check_that(!holds(&d->out, "<script"), "a name is no markup",
		   pictures[number].name, 0);
}

static void
draw_all_of_flood(const struct flood *flood)
{
	struct drawing d = { 0 };
	struct dbk_arena arena;

	dbk_arena_init(&arena, ARENA_BYTES);
	d.pyramid = flood_message(
	    &arena, &daybook__report__v1__pyramid_report__descriptor, flood);
	d.finance = flood_message(
	    &arena, &daybook__report__v1__finance_report__descriptor, flood);
	d.disclosure = flood_message(
	    &arena, &daybook__report__v1__disclosure_report__descriptor, flood);
	for (size_t i = 0; i < PICTURES; i++)
		draw(&d, i);
	dbk_buf_fini(&d.out);
	dbk_arena_fini(&arena);
}

static void
test_empty(void)
{
	Daybook__Report__V1__PyramidReport pyramid;
	Daybook__Report__V1__FinanceReport finance;
	Daybook__Report__V1__DisclosureReport disclosure;
	struct drawing d = { .pyramid = &pyramid,
			     .finance = &finance,
			     .disclosure = &disclosure };

	daybook__report__v1__pyramid_report__init(&pyramid);
	daybook__report__v1__finance_report__init(&finance);
	daybook__report__v1__disclosure_report__init(&disclosure);
	for (size_t i = 0; i < PICTURES; i++) {
		draw(&d, i);
		check_that(!holds(&d.out, "<svg") && holds(&d.out, "class=\"zh\""),
			   "it says in words that there is nothing", pictures[i].name,
			   0);
	}
	dbk_buf_fini(&d.out);
}

static void
test_zeros(void)
{
	for (size_t rows = 0; rows < 4; rows++)
		draw_all_of_flood(
		    &(struct flood){ .outer = rows, .inner = rows, .text = "" });
}

static void
test_edges(void)
{
	static const int64_t numbers[] = {
		1,	   -1,	     INT32_MAX, INT64_C(1) << 32, -(INT64_C(1) << 31),
		INT64_MAX, INT64_MIN
	};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		for (size_t rows = 1; rows < 30; rows += 7)
			draw_all_of_flood(&(struct flood){ .outer = rows,
							   .inner = rows,
							   .text = hostile,
							   .number = numbers[i] });
}

static void
test_bounds(void)
{
	static char long_text[4001];

	memset(long_text, '"', sizeof long_text - 1);
	draw_all_of_flood(&(struct flood){
	    .outer = 3000, .inner = 12, .text = long_text, .number = INT64_MAX });
	draw_all_of_flood(&(struct flood){
	    .outer = 3000, .inner = 12, .text = hostile, .number = 1 });
}

static void
test_sample(void)
{
	struct report_sample sample;
	struct drawing d = { 0 };

	report_sample_init(&sample);
	d.pyramid = sample.pyramid;
	d.finance = sample.finance;
	d.disclosure = sample.disclosure;
	for (size_t i = 0; i < PICTURES; i++) {
		struct dbk_buf once = { 0 };

		draw(&d, i);
		check_that(holds(&d.out, "role=\"img\"") && holds(&d.out, "<title") &&
			       holds(&d.out, "<desc"),
			   "it tells what it shows", pictures[i].name, 0);
		dbk_buf_put(&once, d.out.bytes, d.out.size);
		draw(&d, i);
		check_that(once.size == d.out.size &&
			       memcmp(once.bytes, d.out.bytes, once.size) == 0,
			   "the same bytes twice", pictures[i].name, 0);
		dbk_buf_fini(&once);
	}
	dbk_buf_fini(&d.out);
	report_sample_fini(&sample);
}

/* The largest downline there is: as many blocks as a message has, each with a name. */
static Daybook__Report__V1__Downline *
large_downline(struct report_sample *sample, const char *name)
{
	Daybook__Report__V1__Downline *downline =
	    report_sample_new(sample, &daybook__report__v1__downline__descriptor);

	downline->persons = BLOCKS;
	downline->levels = 2;
	downline->n_blocks = BLOCKS;
	downline->blocks = report_sample_list(
	    sample, BLOCKS, &daybook__report__v1__downline_block__descriptor);
	for (uint32_t i = 0; i < BLOCKS; i++) {
		downline->blocks[i]->agent = report_sample_printf(sample, "%s", name);
		downline->blocks[i]->level = i > 0 ? 2 : 1;
		downline->blocks[i]->parent = i > 0;
		downline->blocks[i]->persons = i > 0 ? 1 : BLOCKS;
		downline->blocks[i]->retail_rewards = i;
	}
	return downline;
}

static void
test_large_downline(void)
{
	struct report_sample sample;
	struct drawing d = { 0 };
	size_t blocks = 0;

	report_sample_init(&sample);
	d.pyramid = sample.pyramid;
	sample.pyramid->downline = large_downline(&sample, hostile);
	draw(&d, 0);
	for (size_t i = 0; i + 5 < d.out.size; i++)
		blocks += memcmp(d.out.bytes + i, "<rect", 5) == 0;
	CHECK(blocks >= BLOCKS);
	dbk_buf_fini(&d.out);
	report_sample_fini(&sample);
}

/* ---------------------------------------------------------------------------- axes */

static uint32_t
steps_of(const struct dbk_scale *scale)
{
	return (uint32_t)(((dbk_wide)scale->high - scale->low) / scale->step);
}

static void
check_axis(int64_t low, int64_t high)
{
	static const struct dbk_words unit = { "units", "件" };
	struct dbk_scale scale = dbk_scale_count(low, high, 0, 6000, 6, &unit);
	int64_t step = scale.step;

	while (step % 10 == 0)
		step /= 10;
	CHECK(step == 1 || step == 2 || step == 5);
	CHECK(scale.low <= (low < 0 ? low : 0) && scale.high >= (high > 0 ? high : 0));
	CHECK(steps_of(&scale) <= 6 || high == INT64_MAX || low == INT64_MIN);
	CHECK_INT(dbk_scale_at(&scale, scale.low), 0);
	CHECK_INT(dbk_scale_at(&scale, scale.high), 6000);
	CHECK(dbk_scale_at(&scale, INT64_MIN) == 0);
	CHECK(dbk_scale_at(&scale, INT64_MAX) == 6000);
}

static void
test_axes(void)
{
	check_axis(0, 0);
	check_axis(0, 1);
	check_axis(0, 7);
	check_axis(-1, 0);
	check_axis(3, 5);
	check_axis(-99, 100);
	check_axis(0, 10001);
	check_axis(0, INT64_MAX);
	check_axis(INT64_MIN, 0);
	check_axis(INT64_MIN, INT64_MAX);
}

static void
test_labels(void)
{
	char label[DBK_SCALE_LABEL_BYTES];
	struct dbk_scale scale = { .step = 1 };

	dbk_scale_label(&scale, INT64_MIN, label);
	CHECK(strcmp(label, "−9,223,372,036,854,775,808") == 0);
	scale.digits = 2;
	dbk_scale_label(&scale, 150, label);
	CHECK(strcmp(label, "1.5") == 0);
	dbk_scale_label(&scale, -205, label);
	CHECK(strcmp(label, "−2.05") == 0);
	dbk_scale_label(&scale, 0, label);
	CHECK(strcmp(label, "0") == 0);
	scale.digits = 18;
	dbk_scale_label(&scale, INT64_MAX, label);
	CHECK(strcmp(label, "9.223372036854775807") == 0);
}

static void
test_parts(void)
{
	CHECK_INT(dbk_svg_part(1, 0, 100), 0);
	CHECK_INT(dbk_svg_part(1, 3, 100), 33);
	CHECK_INT(dbk_svg_part(-1, 3, 100), -33);
	CHECK_INT(dbk_svg_part(7, 3, 100), 100);
	CHECK_INT(dbk_svg_part(INT64_MIN, 1, 100), -100);
	CHECK_INT(dbk_svg_part(INT64_MAX, INT64_MAX, 8400), 8400);
}

static void
test_short_names(void)
{
	char name[DBK_SVG_SHORT_BYTES];

	dbk_svg_short("agent-1", 7, name);
	CHECK(strcmp(name, "agent-1") == 0);
	dbk_svg_short("agent-12", 7, name);
	CHECK(strcmp(name, "agent-1…") == 0);
	dbk_svg_short("代理商一号", 5, name);
	CHECK(strcmp(name, "代理…") == 0);
	dbk_svg_short("", 5, name);
	CHECK(name[0] == '\0');
	dbk_svg_short(hostile, 1000, name);
	CHECK(strlen(name) < sizeof name);
}

int
main(void)
{
	check_run("what has nothing to show says so", test_empty);
	check_run("rows of nothing are drawn or told", test_zeros);
	check_run("numbers at their edges are drawn", test_edges);
	check_run("pictures stay as small as they must", test_bounds);
	check_run("each picture tells what it shows, and twice the same", test_sample);
	check_run("the largest downline is drawn whole", test_large_downline);
	check_run("axes have ticks at 1, 2 and 5", test_axes);
	check_run("labels of ticks are short and exact", test_labels);
	check_run("parts stay within their room", test_parts);
	check_run("names are cut between letters", test_short_names);
	return check_end();
}
