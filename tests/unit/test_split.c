#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "plan/split.h"

__extension__ typedef unsigned __int128 wide;

#define SMALL 6

static uint64_t seed = 20050823;

/* xorshift: the same numbers in every run. */
static uint64_t
draw(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static int64_t
sum_of(const int64_t *amounts, uint32_t n)
{
	int64_t sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += amounts[i];
	return sum;
}

/* ----------------------------------------------------------------- the other witness
 */

/* Largest remainder as one would write it down: products and their divisor. */
static void
split_plainly(const wide *products, wide divisor, uint32_t n, int64_t *amounts)
{
	bool given[DBK_SPLIT_MAX] = { false };
	wide rest = 0;

	for (uint32_t i = 0; i < n; i++) {
		amounts[i] = (int64_t)(products[i] / divisor);
		rest += products[i] % divisor;
	}
	for (wide unit = 0; unit < rest / divisor; unit++) {
		uint32_t best = n;

		for (uint32_t i = 0; i < n; i++)
			if (!given[i] && (best == n || products[i] % divisor >
							   products[best] % divisor))
				best = i;
		given[best] = true;
		amounts[best]++;
	}
}

static void
compare_claims(const struct dbk_claim *claims, uint32_t n)
{
	static wide products[DBK_SPLIT_MAX];
	static int64_t want[DBK_SPLIT_MAX], got[DBK_SPLIT_MAX];
	wide sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		products[i] = (wide)(uint64_t)claims[i].base * claims[i].rate_ppm;
		sum += products[i];
	}
	split_plainly(products, DBK_PPM_MAX, n, want);
	CHECK_INT(dbk_split_claims(claims, n, got), (int64_t)(sum / DBK_PPM_MAX));
	CHECK(memcmp(got, want, n * sizeof got[0]) == 0);
	CHECK_INT(sum_of(got, n), (int64_t)(sum / DBK_PPM_MAX));
}

static void
compare_weights(int64_t total, const int64_t *weights, uint32_t n)
{
	static wide products[DBK_SPLIT_MAX];
	static int64_t want[DBK_SPLIT_MAX], got[DBK_SPLIT_MAX];
	wide sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		products[i] = (wide)(uint64_t)total * (uint64_t)weights[i];
		sum += (uint64_t)weights[i];
	}
	split_plainly(products, sum, n, want);
	dbk_split_weights(total, weights, n, got);
	CHECK(memcmp(got, want, n * sizeof got[0]) == 0);
	CHECK_INT(sum_of(got, n), total);
}

/* ------------------------------------------------------------------------ bugs */

enum bug {
	NO_WEIGHT,
	NO_PARTS,
	WEIGHT_BELOW_ZERO,
	TOTAL_BELOW_ZERO,
	TOO_MANY,
	RATE_ABOVE_WHOLE,
	POOL_TOO_LARGE,
	REFUND_ABOVE_BASE,
	BASE_ZERO,
	NO_BUG
};

static void
commit_bug(enum bug bug)
{
	static struct dbk_claim claims[DBK_SPLIT_MAX + 1];
	static int64_t amounts[DBK_SPLIT_MAX + 1];
	int64_t weights[2] = { 0, 0 };

	claims[0].base = claims[1].base = INT64_MAX;
	claims[0].rate_ppm = DBK_PPM_MAX;
	switch (bug) {
	case NO_WEIGHT:
		dbk_split_weights(1, weights, 2, amounts);
		break;
	case NO_PARTS:
		dbk_split_weights(0, weights, 0, amounts);
		break;
	case WEIGHT_BELOW_ZERO:
		weights[0] = 5;
		weights[1] = -1;
		dbk_split_weights(1, weights, 2, amounts);
		break;
	case TOTAL_BELOW_ZERO:
		weights[0] = 1;
		dbk_split_weights(-1, weights, 2, amounts);
		break;
	case TOO_MANY:
		(void)dbk_split_claims(claims, DBK_SPLIT_MAX + 1, amounts);
		break;
	case RATE_ABOVE_WHOLE:
		claims[0].rate_ppm++;
		(void)dbk_split_claims(claims, 1, amounts);
		break;
	case POOL_TOO_LARGE:
		claims[1].rate_ppm = 1;
		(void)dbk_split_claims(claims, 2, amounts);
		break;
	case REFUND_ABOVE_BASE:
		(void)dbk_split_retained(1, 5, 6);
		break;
	case BASE_ZERO:
		(void)dbk_split_retained(1, 0, 0);
		break;
	case NO_BUG:
		(void)dbk_split_claims(claims, DBK_SPLIT_MAX, amounts);
		break;
	}
}

static bool
stops(enum bug bug)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		(void)close(STDERR_FILENO);
		(void)signal(SIGABRT, SIG_DFL);
		commit_bug(bug);
		_exit(0);
	}
	(void)waitpid(child, &status, 0);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
test_bugs(void)
{
	for (int bug = 0; bug < NO_BUG; bug++)
		CHECK(stops((enum bug)bug));
	CHECK(!stops(NO_BUG));
}

/* --------------------------------------------------------------------- claims */

static void
test_golden_claims(void)
{
	struct dbk_claim two[] = { { 19900, 125000 }, { 19900, 25000 } };
	struct dbk_claim three[] = { { 125, 100000 }, { 125, 50000 }, { 125, 20000 } };
	int64_t amounts[3];

	CHECK_INT(dbk_split_claims(two, 2, amounts), 2985);
	CHECK_INT(amounts[0], 2488);
	CHECK_INT(amounts[1], 497);

	CHECK_INT(dbk_split_claims(three, 3, amounts), 21);
	CHECK_INT(amounts[0], 13);
	CHECK_INT(amounts[1], 6);
	CHECK_INT(amounts[2], 2);

	for (int i = 0; i < 3; i++)
		three[i].base = 124;
	CHECK_INT(dbk_split_claims(three, 3, amounts), 21);
	CHECK_INT(amounts[0], 12);
	CHECK_INT(amounts[1], 6);
	CHECK_INT(amounts[2], 3);
}

static void
test_ties(void)
{
	struct dbk_claim claims[] = { { 1, 500000 },
				      { 1, 500000 },
				      { 1, 500000 },
				      { 1, 500000 },
				      { 1, 500000 } };
	int64_t weights[] = { 1, 1, 0, 1, 1 };
	int64_t amounts[5];

	CHECK_INT(dbk_split_claims(claims, 5, amounts), 2);
	CHECK(amounts[0] == 1 && amounts[1] == 1);
	CHECK(amounts[2] == 0 && amounts[3] == 0 && amounts[4] == 0);

	dbk_split_weights(7, weights, 5, amounts);
	CHECK(amounts[0] == 2 && amounts[1] == 2 && amounts[2] == 0);
	CHECK(amounts[3] == 2 && amounts[4] == 1);
}

static void
test_claim_edges(void)
{
	struct dbk_claim claims[] = { { INT64_MAX, 999999 }, { INT64_MAX, 1 } };
	struct dbk_claim zero[] = { { 0, 1000000 }, { 5, 0 } };
	int64_t amounts[2] = { 7, 7 };

	CHECK_INT(dbk_split_claims(NULL, 0, NULL), 0);
	CHECK_INT(dbk_split_claims(zero, 2, amounts), 0);
	CHECK(amounts[0] == 0 && amounts[1] == 0);
	CHECK_INT(dbk_split_claims(claims, 2, amounts), INT64_MAX);
	CHECK_INT(amounts[0], 9223362813482738952);
	CHECK_INT(amounts[1], INT64_MAX - 9223362813482738952);
	compare_claims(claims, 2);
	claims[0].rate_ppm = 1000000;
	CHECK_INT(dbk_split_claims(claims, 1, amounts), INT64_MAX);
	CHECK_INT(amounts[0], INT64_MAX);
}

/* All bases below SMALL * 3 and all triples of a few rates that are apt to tie. */
static void
test_claims_by_force(void)
{
	static const uint32_t rates[] = { 0,	  1,	  166667, 250000,
					  333333, 500000, 999999, 1000000 };
	const size_t n = sizeof rates / sizeof rates[0];

	for (int64_t base = 0; base < 3L * SMALL; base++)
		for (size_t a = 0; a < n; a++)
			for (size_t b = 0; b < n; b++)
				for (size_t c = 0; c < n; c++) {
					struct dbk_claim claims[] = {
						{ base, rates[a] },
						{ base, rates[b] },
						{ base + 1, rates[c] }
					};

					compare_claims(claims, 3);
				}
}

static void
test_random_claims(void)
{
	static struct dbk_claim claims[DBK_SPLIT_MAX];

	for (int round = 0; round < 300; round++) {
		uint32_t n = (uint32_t)(draw() % 40) + 1;
		uint32_t rates = 1 + (uint32_t)(draw() % DBK_PPM_MAX);

		for (uint32_t i = 0; i < n; i++) {
			claims[i].base = (int64_t)(draw() >> (7 + draw() % 57));
			claims[i].rate_ppm = (uint32_t)(draw() % rates);
		}
		compare_claims(claims, n);
	}
}

static void
test_most_claims(void)
{
	static struct dbk_claim claims[DBK_SPLIT_MAX];

	for (uint32_t i = 0; i < DBK_SPLIT_MAX; i++)
		claims[i] = (struct dbk_claim){ (int64_t)(draw() >> 24),
						(uint32_t)(draw() % DBK_PPM_MAX) };
	compare_claims(claims, DBK_SPLIT_MAX);
}

/* -------------------------------------------------------------------- weights */

static void
test_weight_edges(void)
{
	int64_t most[] = { INT64_MAX, INT64_MAX, INT64_MAX };
	int64_t one[] = { 0, INT64_MAX, 0 };
	int64_t amounts[3];

	compare_weights(INT64_MAX, most, 3);
	compare_weights(INT64_MAX - 1, most, 3);
	compare_weights(1, most, 3);
	dbk_split_weights(INT64_MAX, one, 3, amounts);
	CHECK(amounts[0] == 0 && amounts[1] == INT64_MAX && amounts[2] == 0);
	dbk_split_weights(0, most, 3, amounts);
	CHECK(amounts[0] == 0 && amounts[1] == 0 && amounts[2] == 0);
	most[0] = 1;
	dbk_split_weights(INT64_MAX, most, 1, amounts);
	CHECK_INT(amounts[0], INT64_MAX);
}

static void
test_weights_by_force(void)
{
	int64_t weights[4];

	for (int64_t total = 0; total < 2L * SMALL; total++)
		for (int code = 1; code < SMALL * SMALL * SMALL * SMALL; code++) {
			weights[0] = code % SMALL;
			weights[1] = code / SMALL % SMALL;
			weights[2] = code / (SMALL * SMALL) % SMALL;
			weights[3] = code / (SMALL * SMALL * SMALL);
			compare_weights(total, weights, 4);
		}
}

static void
test_random_weights(void)
{
	static int64_t weights[DBK_SPLIT_MAX];

	for (int round = 0; round < 300; round++) {
		uint32_t n = (uint32_t)(draw() % 60) + 1;

		for (uint32_t i = 0; i < n; i++)
			weights[i] = (int64_t)(draw() >> (1 + draw() % 63));
		weights[n - 1]++;
		compare_weights((int64_t)(draw() >> (1 + draw() % 63)), weights, n);
	}
	for (uint32_t i = 0; i < DBK_SPLIT_MAX; i++)
		weights[i] = (int64_t)(draw() % 1000000);
	compare_weights(1000000007, weights, DBK_SPLIT_MAX);
}

static void
test_many_weights(void)
{
	uint32_t n = 1000000;
	int64_t *weights = malloc(n * sizeof *weights);
	int64_t *amounts = malloc(n * sizeof *amounts);
	int64_t total = 2 * (int64_t)n + n / 2, given = 0;

	for (uint32_t i = 0; i < n; i++)
		weights[i] = 3;
	dbk_split_weights(total, weights, n, amounts);
	for (uint32_t i = 0; i < n; i++)
		given += amounts[i] == (i < n / 2 ? 3 : 2);
	CHECK_INT(given, n);
	free(weights);
	free(amounts);
}

/* ------------------------------------------------------------------- retained */

static void
test_golden_retained(void)
{
	CHECK_INT(dbk_split_retained(2488, 19900, 9950), 1244);
	CHECK_INT(dbk_split_retained(497, 19900, 9950), 248);
	CHECK_INT(dbk_split_retained(2488, 19900, 4975), 1866);
	CHECK_INT(dbk_split_retained(2488, 19900, 19900), 0);
	CHECK_INT(dbk_split_retained(0, 19900, 1), 0);
	CHECK_INT(dbk_split_retained(INT64_MAX, INT64_MAX, 0), INT64_MAX);
	CHECK_INT(dbk_split_retained(INT64_MAX, INT64_MAX, 1), INT64_MAX - 1);
	CHECK_INT(dbk_split_retained(INT64_MAX, INT64_MAX, INT64_MAX), 0);
	CHECK_INT(dbk_split_retained(INT64_MAX, 1, 0), INT64_MAX);
	CHECK_INT(dbk_split_retained(1, INT64_MAX, 1), 0);
}

static void
test_retained_by_force(void)
{
	for (int64_t accrued = 0; accrued < 40; accrued++)
		for (int64_t base = 1; base < 40; base++) {
			int64_t before = accrued;

			CHECK_INT(dbk_split_retained(accrued, base, 0), accrued);
			CHECK_INT(dbk_split_retained(accrued, base, base), 0);
			for (int64_t refunded = 0; refunded <= base; refunded++) {
				int64_t left =
				    dbk_split_retained(accrued, base, refunded);

				CHECK(left <= before && left >= 0);
				CHECK_INT(left, accrued * (base - refunded) / base);
				before = left;
			}
		}
}

int
main(void)
{
	check_run("a split that cannot be stops the program", test_bugs);
	check_run("the golden claims split as written down", test_golden_claims);
	check_run("ties go to the earlier one", test_ties);
	check_run("claims split at both edges of an amount", test_claim_edges);
	check_run("small claims agree with a plain split", test_claims_by_force);
	check_run("random claims agree with a plain split", test_random_claims);
	check_run("as many claims as the limit says split", test_most_claims);
	check_run("weights split at both edges of an amount", test_weight_edges);
	check_run("small weights agree with a plain split", test_weights_by_force);
	check_run("random weights agree with a plain split", test_random_weights);
	check_run("a million weights split without memory", test_many_weights);
	check_run("the golden refunds keep what is written down", test_golden_retained);
	check_run("what is kept never rises with a refund", test_retained_by_force);
	return check_end();
}
