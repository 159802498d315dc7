#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "base/money.h"

static void
test_overflow(void)
{
	int64_t out = 77;

	CHECK(!dbk_money_add(INT64_MAX, 1, &out));
	CHECK(!dbk_money_add(INT64_MIN, -1, &out));
	CHECK(!dbk_money_multiply(INT64_MAX, 2, &out));
	CHECK(!dbk_money_multiply(INT64_MIN, -1, &out));
	CHECK(!dbk_money_multiply(INT64_C(1) << 32, INT64_C(1) << 31, &out));
	CHECK_INT(out, 77);
	CHECK(dbk_money_add(INT64_MAX, INT64_MIN, &out) && out == -1);
	CHECK(dbk_money_add(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
	CHECK(dbk_money_multiply(INT64_MIN, 1, &out) && out == INT64_MIN);
	CHECK(dbk_money_multiply(-(INT64_C(1) << 32), INT64_C(1) << 31, &out) &&
	      out == INT64_MIN);
}

static void
test_muldiv(void)
{
	static const struct {
		int64_t a, b, c, want;
	} cases[] = {
		{ 7, 3, 2, 10 },
		{ -7, 3, 2, -10 },
		{ 7, -3, 2, -10 },
		{ -7, -3, -2, -10 },
		{ 1, 1, 3, 0 },
		{ -1, 1, 3, 0 },
		{ 0, INT64_MIN, INT64_MIN, 0 },
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN },
		{ INT64_MAX, 1000000, 1000000, INT64_MAX },
		{ INT64_MAX, 999999, 1000000, 9223362813482738952 },
		{ INT64_MIN, 1, 1, INT64_MIN },
		{ 9200000000000, 1000000, 1000000, 9200000000000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK_INT(dbk_money_muldiv(cases[i].a, cases[i].b, cases[i].c),
			  cases[i].want);
}

static void
test_bounds(void)
{
	CHECK_INT(dbk_money_bound((dbk_wide)INT64_MAX + 1), INT64_MAX);
	CHECK_INT(dbk_money_bound((dbk_wide)INT64_MIN - 1), INT64_MIN);
	CHECK_INT(dbk_money_bound((dbk_wide)INT64_MIN), INT64_MIN);
	CHECK_INT(dbk_money_sum(INT64_MAX, 1), INT64_MAX);
	CHECK_INT(dbk_money_sum(INT64_MIN, -1), INT64_MIN);
	CHECK_INT(dbk_money_sum(INT64_MAX, INT64_MIN), -1);
}

static void
test_ratio(void)
{
	CHECK_INT(dbk_money_ratio(INT64_MAX, 2, 1), INT64_MAX);
	CHECK_INT(dbk_money_ratio(INT64_MIN, 2, 1), INT64_MIN);
	CHECK_INT(dbk_money_ratio(-1, 1, 3), -1);
	CHECK_INT(dbk_money_ratio(-3, 1, 3), -1);
	CHECK_INT(dbk_money_ratio(1, 1, 3), 0);
	CHECK_INT(dbk_money_ratio(8000, 1000000, 9500), 842105);
	CHECK_INT(dbk_money_ratio((dbk_wide)INT64_MAX + INT64_MAX, 1000000, INT64_MAX),
		  2000000);
}

/* Does dbk_money_muldiv() stop the program on these? */
static bool
stops(int64_t a, int64_t b, int64_t c)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)close(STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		(void)dbk_money_muldiv(a, b, c);
		_exit(0);
	}
	(void)waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_muldiv_bugs(void)
{
	CHECK(stops(1, 1, 0));
	CHECK(stops(INT64_MAX, 2, 1));
	CHECK(stops(INT64_MIN, 1, -1));
	CHECK(!stops(INT64_MAX, 2, 2));
}

static void
check_text(int64_t amount, unsigned exponent, const char *want)
{
	char text[DBK_MONEY_TEXT_BYTES];
	size_t size = dbk_money_format(amount, exponent, text);

	CHECK_INT(size, strlen(want));
	if (!CHECK(strcmp(text, want) == 0))
		fprintf(stderr, "%s, not %s\n", text, want);
}

static void
test_format(void)
{
	static const char *const most[] = {
		"9223372036854775807",	"922337203685477580.7", "92233720368547758.07",
		"9223372036854775.807", "922337203685477.5807", "92233720368547.75807",
		"9223372036854.775807"
	};
	static const char *const least[] = {
		"-9223372036854775808",	 "-922337203685477580.8",
		"-92233720368547758.08", "-9223372036854775.808",
		"-922337203685477.5808", "-92233720368547.75808",
		"-9223372036854.775808"
	};
	static const char *const zero[] = { "0",      "0.0",	 "0.00",    "0.000",
					    "0.0000", "0.00000", "0.000000" };
	static const char *const one[] = { "1",	     "0.1",	"0.01",	   "0.001",
					   "0.0001", "0.00001", "0.000001" };
	static const char *const minus[] = { "-1",	 "-0.1",    "-0.01",
					     "-0.001",	 "-0.0001", "-0.00001",
					     "-0.000001" };

	for (unsigned e = 0; e <= 6; e++) {
		check_text(INT64_MAX, e, most[e]);
		check_text(INT64_MIN, e, least[e]);
		check_text(0, e, zero[e]);
		check_text(1, e, one[e]);
		check_text(-1, e, minus[e]);
	}
	check_text(19900, 2, "199.00");
	check_text(-19999, 2, "-199.99");
	check_text(100, 2, "1.00");
	check_text(99, 2, "0.99");
}

int
main(void)
{
	check_run("sums and products that do not fit are refused", test_overflow);
	check_run("what int64 cannot hold stays at its bound", test_bounds);
	check_run("a ratio is rounded down and bounded", test_ratio);
	check_run("muldiv rounds towards zero with a wide product", test_muldiv);
	check_run("muldiv stops on what cannot be", test_muldiv_bugs);
	check_run("amounts are written at every exponent and both edges", test_format);
	return check_end();
}
