#include "metrics/bass.h"

#include "base/money.h"

#define PPM 1000000

/* The squares of what is below this, four times over and in ppm, fit into 128 bits. */
#define COEFFICIENT_MAX ((dbk_wide)1 << 50)

/* Of a matrix by rows. */
static dbk_wide
determinant(const dbk_wide m[9])
{
	return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
	       m[2] * (m[3] * m[7] - m[4] * m[6]);
}

static dbk_wide
root(dbk_wide square)
{
	dbk_wide low = 0, high = (dbk_wide)1 << 55;

	while (low < high) {
		dbk_wide middle = (low + high + 1) / 2;

		if (middle * middle <= square)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

static bool
is_small(dbk_wide value)
{
	return value < COEFFICIENT_MAX && value > -COEFFICIENT_MAX;
}

/* q / p of new = a + b N + c N^2. */
static bool
solve(dbk_wide a, dbk_wide b, dbk_wide c, struct dbk_ratio *out)
{
	dbk_wide r;

	while (!is_small(a) || !is_small(b) || !is_small(c)) {
		a /= 2;
		b /= 2;
		c /= 2;
	}
	if (a <= 0 || c >= 0)
		return false;
	r = b + root(b * b - 4 * a * c);
	out->numerator = dbk_money_bound(r * r * PPM / (-4 * a * c));
	out->denominator = PPM;
	return true;
}

bool
dbk_bass_fit(const int64_t *before, const int64_t *new_ones, uint32_t n,
	     struct dbk_ratio *out)
{
	dbk_wide x[5] = { 0 }, y[3] = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		dbk_wide power = 1;

		for (int k = 0; k < 5; k++, power *= before[i]) {
			x[k] += power;
			if (k < 3)
				y[k] += power * new_ones[i];
		}
	}
	/* Cramer's rule; the determinant below all three is above 0 or there is no one
	 * curve. */
	if (determinant((dbk_wide[9]){ x[0], x[1], x[2], x[1], x[2], x[3], x[2], x[3],
				       x[4] }) <= 0)
		return false;
	return solve(determinant((dbk_wide[9]){ y[0], x[1], x[2], y[1], x[2], x[3],
						y[2], x[3], x[4] }),
		     determinant((dbk_wide[9]){ x[0], y[0], x[2], x[1], y[1], x[3],
						x[2], y[2], x[4] }),
		     determinant((dbk_wide[9]){ x[0], x[1], y[0], x[1], x[2], y[1],
						x[2], x[3], y[2] }),
		     out);
}
