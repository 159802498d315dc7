#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "plan/tax.h"

/* Withholding on service remuneration in China, in fen. */
static const struct dbk_tax_table china = {
	.flat_allowance = 80000,
	.flat_allowance_up_to = 400000,
	.share_allowance_ppm = 200000,
	.n_brackets = 3,
	.brackets = { { .up_to = 2000000, .rate_ppm = 200000 },
		      { .up_to = 5000000, .rate_ppm = 300000, .deduction = 200000 },
		      { .up_to = INT64_MAX, .rate_ppm = 400000, .deduction = 700000 } },
};

static bool
stops(const struct dbk_tax_table *table, int64_t gross)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)close(STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		(void)dbk_tax_due(table, gross);
		_exit(0);
	}
	(void)waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_bugs(void)
{
	struct dbk_tax_table endless = china;

	endless.brackets[2].up_to = 5000001;
	CHECK(stops(&china, -1));
	CHECK(stops(&endless, INT64_MAX));
	CHECK(!stops(&endless, 6250001));
	endless.n_brackets = DBK_TAX_BRACKETS_MAX + 1;
	CHECK(stops(&endless, 1));
}

static void
test_no_table(void)
{
	struct dbk_tax_table none = { .flat_allowance = 5 };

	CHECK_INT(dbk_tax_due(&none, 0), 0);
	CHECK_INT(dbk_tax_due(&none, INT64_MAX), 0);
}

static void
test_golden(void)
{
	CHECK_INT(dbk_tax_due(&china, 100000), 4000);
	CHECK_INT(dbk_tax_due(&china, 500000), 80000);
	CHECK_INT(dbk_tax_due(&china, 500000) - dbk_tax_due(&china, 100000), 76000);
}

static void
test_boundaries(void)
{
	static const struct {
		int64_t gross, tax;
	} cases[] = {
		{ 0, 0 },
		{ 1, 0 },
		{ 79999, 0 },
		{ 80000, 0 },
		{ 80004, 0 }, /* 0.8 rounds down */
		{ 80005, 1 },
		{ 399999, 63999 },
		{ 400000, 64000 },
		{ 400001, 64000 }, /* 64,000.16 */
		{ 400007, 64001 }, /* 64,001.12 */
		{ 2500000, 400000 },
		{ 2500001, 400000 }, /* 400,000.24 in the second bracket */
		{ 2500005, 400001 },
		{ 6250000, 1300000 },
		{ 6250001, 1300000 }, /* 1,300,000.32 in the third */
		{ 6250004, 1300001 },
		{ 10000000, 2500000 },
		{ INT64_MAX, 2951479051793528258 - 700000 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK_INT(dbk_tax_due(&china, cases[i].gross), cases[i].tax);
}

static void
test_range(void)
{
	struct dbk_tax_table all = { .n_brackets = 1,
				     .brackets = { { .up_to = INT64_MAX,
						     .rate_ppm = 1000000 } } };

	CHECK_INT(dbk_tax_due(&all, 0), 0);
	CHECK_INT(dbk_tax_due(&all, INT64_MAX), INT64_MAX);
	all.brackets[0].deduction = 100;
	CHECK_INT(dbk_tax_due(&all, 99), 0);
	CHECK_INT(dbk_tax_due(&all, 100), 0);
	CHECK_INT(dbk_tax_due(&all, 101), 1);
	all.share_allowance_ppm = 1000000;
	CHECK_INT(dbk_tax_due(&all, INT64_MAX), 0);
}

static void
test_rises(void)
{
	int64_t before = 0;

	for (int64_t gross = 0; gross < 7000000; gross += 3) {
		int64_t tax = dbk_tax_due(&china, gross);

		if (!CHECK(tax >= before && tax <= gross && tax - before <= 3))
			return;
		before = tax;
	}
}

int
main(void)
{
	check_run("tax on what cannot be stops the program", test_bugs);
	check_run("without brackets there is no tax", test_no_table);
	check_run("the golden months of China's table", test_golden);
	check_run("every boundary of China's table", test_boundaries);
	check_run("tax is never below zero and never above the gross", test_range);
	check_run("China's table rises without a step", test_rises);
	return check_end();
}
