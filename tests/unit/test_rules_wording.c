#include "rules/wording.h"

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"

/* What "{value}|{threshold}|{numerator}" says of METRIC. */
static void
says(const char *metric, struct dbk_ratio value, struct dbk_ratio threshold,
     enum dbk_tongue tongue, const char *want)
{
	struct dbk_value both = { .strict = value, .lenient = value };
	struct dbk_wording_figure figure = { dbk_metric_find(dbk_str_of(metric)), &both,
					     threshold };
	struct dbk_wording wording = { &figure, 1, dbk_str_of("CNY"), 2 };
	struct dbk_buf out;

	dbk_buf_init(&out);
	dbk_wording_fill(&wording, dbk_str_of("{value}|{threshold}|{numerator}"),
			 tongue, &out);
	if (!CHECK(out.size == strlen(want) && memcmp(out.bytes, want, out.size) == 0))
		printf("  %.*s, not %s\n", (int)out.size, (const char *)out.bytes,
		       want);
	dbk_buf_fini(&out);
}

static void
test_units(void)
{
	says("gini", (struct dbk_ratio){ 412, 1000 }, (struct dbk_ratio){ 1, 3 },
	     DBK_TONGUE_EN, "41.20%|33.33%|412");
	says("fees", (struct dbk_ratio){ 123456789, 1 }, (struct dbk_ratio){ 1, 1 },
	     DBK_TONGUE_EN, "CNY 1,234,567.89|CNY 0.01|CNY 1,234,567.89");
	says("fees", (struct dbk_ratio){ -123456789, 1 }, (struct dbk_ratio){ 0, 1 },
	     DBK_TONGUE_ZH, "-1,234,567.89元|0.00元|-1,234,567.89元");
	says("persons", (struct dbk_ratio){ 1234, 1 }, (struct dbk_ratio){ 30, 1 },
	     DBK_TONGUE_ZH, "1,234|30|1,234");
}

static void
test_ratios(void)
{
	static const char *const names[] = { "bass_ratio", "stuffing", "bunching",
					     "retail_split", "resale_ratio" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		says(names[i], (struct dbk_ratio){ 10359999, 1000000 },
		     (struct dbk_ratio){ 10, 1 }, DBK_TONGUE_EN,
		     "10.35|10.00|10,359,999");
		says(names[i], (struct dbk_ratio){ -1, 1000 },
		     (struct dbk_ratio){ 5, 4 }, DBK_TONGUE_ZH, "-0.01|1.25|-1");
	}
	says("stuffing", (struct dbk_ratio){ INT64_MAX, 1 }, (struct dbk_ratio){ 0, 1 },
	     DBK_TONGUE_EN, "92,233,720,368,547,758.07|0.00|9,223,372,036,854,775,807");
}

int
main(void)
{
	check_run("figures are printed in their units", test_units);
	check_run("what has no whole is no percentage", test_ratios);
	return check_end();
}
