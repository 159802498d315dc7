#include "base/figure.h"

#include <string.h>

#include "../tests/lib/check.h"

static void
grouped(int64_t value, unsigned exponent, const char *want)
{
	char text[DBK_FIGURE_BYTES];

	CHECK_INT((int64_t)dbk_figure_grouped(value, exponent, text),
		  (int64_t)strlen(want));
	CHECK(strcmp(text, want) == 0);
}

static void
counted(uint64_t value, const char *want)
{
	char text[DBK_FIGURE_BYTES];

	CHECK_INT((int64_t)dbk_figure_count(value, text), (int64_t)strlen(want));
	CHECK(strcmp(text, want) == 0);
}

static void
test_groups(void)
{
	grouped(0, 0, "0");
	grouped(999, 0, "999");
	grouped(1000, 0, "1,000");
	grouped(123456, 0, "123,456");
	grouped(1234567, 0, "1,234,567");
	grouped(-1, 0, "-1");
	grouped(-999, 0, "-999");
	grouped(-1000, 0, "-1,000");
	grouped(-123456, 0, "-123,456");
	grouped(INT64_MAX, 0, "9,223,372,036,854,775,807");
	grouped(INT64_MIN, 0, "-9,223,372,036,854,775,808");
}

static void
test_points(void)
{
	grouped(0, 2, "0.00");
	grouped(5, 2, "0.05");
	grouped(-5, 2, "-0.05");
	grouped(99999, 2, "999.99");
	grouped(100000, 2, "1,000.00");
	grouped(123456789, 2, "1,234,567.89");
	grouped(1000000000, 6, "1,000.000000");
	grouped(INT64_MIN, 6, "-9,223,372,036,854.775808");
}

static void
test_counts(void)
{
	counted(0, "0");
	counted(1000, "1,000");
	counted(UINT64_MAX, "18,446,744,073,709,551,615");
}

int
main(void)
{
	check_run("thousands stand in groups, whatever the sign", test_groups);
	check_run("what is behind the point has no groups", test_points);
	check_run("counts go up to what has no sign", test_counts);
	return check_end();
}
