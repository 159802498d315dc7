/*
 * shares.c -- what the levels of an order get of one line.
 *
 * Rates of all levels take part in one split, whoever stands there, so that what one
 * level gets does not depend on who is missing at another.
 */

#include "base/money.h"
#include "books/accrual.h"
#include "plan/split.h"

static bool
refuse_overflow(const struct dbk_accrual *a, int64_t measured)
{
	return dbk_refuse_measured(a->d, DBK_RULE_AMOUNT_OVERFLOW, dbk_field("amount"),
				   measured, INT64_MAX);
}

/* ------------------------------------------------------------------ rates of levels */

/* Larger where a term is narrowed further; 0: no term. */
static unsigned
narrowness(const struct dbk_row_plan_term *term)
{
	if (term == NULL)
		return 0;
	return (term->sku != 0	      ? 4u
		: term->category != 0 ? 2u
				      : 0u) +
	       (term->rank != 0 ? 1u : 0u);
}

/* What SHARE's level gets once the customer is not new any more; false: as before. */
static bool
later_rate(const struct dbk_accrual *a, uint32_t sku, uint32_t rank,
	   struct dbk_level_share *share)
{
	const struct dbk_row_plan_term *term = dbk_plan_term(
	    a->d->books, a->row->plan, DBK_TERM_LATER_RATE, share->level, sku, rank);
	uint32_t plain = a->plan->later_rate_ppm[share->level - 1];

	if (term == NULL && plain == UINT32_MAX)
		return false;
	share->rate_ppm = term != NULL ? (uint32_t)term->value : plain;
	return true;
}

/* Most plans have no terms of most kinds. */
static inline const struct dbk_row_plan_term *
term_of(const struct dbk_accrual *a, enum dbk_term_kind kind, uint32_t level,
	uint32_t sku, uint32_t rank)
{
	return !a->plan->has_terms[kind]
		   ? NULL
		   : dbk_plan_term(a->d->books, a->row->plan, kind, level, sku, rank);
}

/* The most specific rate or fixed amount of SHARE's level. */
static void
level_rate(const struct dbk_accrual *a, uint32_t sku, uint32_t rank,
	   struct dbk_level_share *share)
{
	const struct dbk_row_plan_term *rate, *fixed;
	uint32_t at = share->level - 1;

	if (a->is_later && later_rate(a, sku, rank, share))
		return;
	rate = term_of(a, DBK_TERM_RATE, share->level, sku, rank);
	fixed = term_of(a, DBK_TERM_FIXED, share->level, sku, rank);
	if (narrowness(fixed) > narrowness(rate))
		share->fixed = fixed->value;
	else if (rate != NULL)
		share->rate_ppm = (uint32_t)rate->value;
	else if (a->plan->fixed[at] >= 0)
		share->fixed = a->plan->fixed[at];
	else
		share->rate_ppm = a->plan->rate_ppm[at];
}

/* On an agent's own goods level 1 has the proceeds. */
static bool
has_share(const struct dbk_accrual *a, const struct dbk_level_share *share)
{
	return (share->rate_ppm > 0 || share->fixed > 0) &&
	       (share->level > 1 || a->row->fulfilment != DBK_HOLDER_SHIP);
}

static uint32_t
rates_by_level(const struct dbk_accrual *a, uint32_t sku,
	       struct dbk_level_share *shares)
{
	uint32_t n = 0;

	for (uint32_t level = 1; level <= a->n_levels; level++) {
		shares[n] = (struct dbk_level_share){ .level = level };
		level_rate(a, sku, a->people[level - 1].rank, &shares[n]);
		if (has_share(a, &shares[n]))
			n++;
	}
	return n;
}

static uint32_t
rate_of_rank(const struct dbk_accrual *a, uint32_t rank)
{
	const struct dbk_row_plan_term *term =
	    dbk_plan_term(a->d->books, a->row->plan, DBK_TERM_DIFFERENTIAL, 0, 0, rank);

	return term == NULL ? 0 : (uint32_t)term->value;
}

static uint32_t
rates_by_rank(const struct dbk_accrual *a, struct dbk_level_share *shares)
{
	uint32_t best = 0, peers = 0, n = 0;

	for (uint32_t level = 1; level <= a->n_levels; level++) {
		const struct dbk_person *person = &a->people[level - 1];
		uint32_t rate;

		if (person->agent == 0)
			break;
		rate = rate_of_rank(a, person->rank);
		shares[n] = (struct dbk_level_share){ .level = level };
		if (rate > best) {
			shares[n].rate_ppm = rate - best;
		} else if (rate == best && best > 0 &&
			   peers < a->plan->peer_generations) {
			shares[n].rate_ppm = a->plan->peer_rate_ppm;
			peers++;
		}
		if (person->active && rate > best)
			best = rate;
		if (has_share(a, &shares[n]))
			n++;
	}
	return n;
}

/* --------------------------------------------------------------- what they are of */

/* What the rate of level 1 and those of all others are taken of. */
struct bases {
	int64_t first, others;
};

static bool
base_of_kind(const struct dbk_accrual *a, const struct dbk_row_line *line,
	     const struct dbk_row_sku *sku, const struct dbk_row_line_extra *extra,
	     int64_t *out)
{
	int64_t whole = 0;

	*out = line->amount;
	switch ((enum dbk_base_kind)a->plan->base_kind) {
	case DBK_BASE_PAID:
		return true;
	case DBK_BASE_LIST:
		return dbk_money_multiply(sku->list_price, line->qty, out) ||
		       refuse_overflow(a, sku->list_price);
	case DBK_BASE_PAID_EX_TAX:
		*out -= extra == NULL ? 0 : extra->tax;
		return true;
	case DBK_BASE_MARGIN:
		if (!dbk_money_multiply(sku->factory_price, line->qty, &whole))
			return refuse_overflow(a, sku->factory_price);
		*out -= whole;
		return true;
	}
	dbk_assert(!"a compiled plan has a base");
	return false;
}

/* Never below 0, and without what came from a balance. */
static int64_t
base_that_counts(const struct dbk_accrual *a, int64_t base)
{
	int64_t by_balance = a->extra == NULL || a->plan->include_paid_by_balance
				 ? 0
				 : a->extra->paid_by_balance;

	if (base <= 0)
		return 0;
	if (by_balance == 0)
		return base;
	return dbk_money_muldiv(base, a->row->total - by_balance, a->row->total);
}

static bool
find_bases(const struct dbk_accrual *a, uint32_t line_row,
	   const struct dbk_row_sku *sku, struct bases *out)
{
	const struct dbk_row_line *line = DBK_ROW(a->d->books, lines, line, line_row);
	const struct dbk_row_line_extra *extra = NULL;
	bool is_list = a->plan->base_kind == DBK_BASE_LIST;
	bool has_bearer = !is_list && a->plan->discount_bearer != DBK_BEARER_PRORATA;
	int64_t base, discount;

	if (has_bearer || a->plan->base_kind == DBK_BASE_PAID_EX_TAX)
		extra = dbk_line_extra(a->d->books, line_row);
	if (!base_of_kind(a, line, sku, extra, &base))
		return false;
	discount = has_bearer && extra != NULL ? extra->discount : 0;
	out->others = base_that_counts(a, base + discount);
	out->first = a->plan->discount_bearer == DBK_BEARER_SELLER
			 ? base_that_counts(a, base)
			 : out->others;
	return true;
}

/* ------------------------------------------------------------------------- amounts */

/* Does the pool of CLAIMS fit?  Rates of ranks may add up to more than the whole where
 * agents on the way are not active. */
static bool
pool_fits(const struct dbk_claim *claims, uint32_t n)
{
	int64_t sum = 0, rests = 0, rates = 0;

	for (uint32_t i = 0; i < n; i++)
		rates += claims[i].rate_ppm;
	/* Then it is no more than the largest base. */
	if (rates <= DBK_PPM_MAX)
		return true;
	for (uint32_t i = 0; i < n; i++) {
		int64_t low = claims[i].base % DBK_PPM_MAX * claims[i].rate_ppm;

		if (!dbk_money_add(sum,
				   claims[i].base / DBK_PPM_MAX * claims[i].rate_ppm +
				       low / DBK_PPM_MAX,
				   &sum))
			return false;
		rests += low % DBK_PPM_MAX;
	}
	return dbk_money_add(sum, rests / DBK_PPM_MAX, &sum);
}

/* Split what is rated; what is fixed stands beside it. */
static bool
work_out_amounts(const struct dbk_accrual *a, int64_t qty,
		 struct dbk_level_share *shares, uint32_t n)
{
	struct dbk_claim claims[DBK_LEVELS_MAX];
	int64_t amounts[DBK_LEVELS_MAX];
	uint32_t n_claims = 0, at = 0;

	for (uint32_t i = 0; i < n; i++)
		if (shares[i].rate_ppm > 0)
			claims[n_claims++] =
			    (struct dbk_claim){ shares[i].base, shares[i].rate_ppm };
	if (n_claims > 0 && !pool_fits(claims, n_claims))
		return refuse_overflow(a, INT64_MAX);
	if (n_claims > 0)
		(void)dbk_split_claims(claims, n_claims, amounts);
	for (uint32_t i = 0; i < n; i++) {
		if (shares[i].rate_ppm > 0)
			shares[i].amount = amounts[at++];
		else if (!dbk_money_multiply(shares[i].fixed, qty, &shares[i].amount))
			return refuse_overflow(a, shares[i].fixed);
	}
	return true;
}

/* All shares together get at most MOST. */
static void
cut_to_pool(int64_t most, struct dbk_level_share *shares, uint32_t n)
{
	int64_t weights[DBK_LEVELS_MAX], amounts[DBK_LEVELS_MAX], sum = 0;
	bool fits = true;

	dbk_assert(n > 0);
	for (uint32_t i = 0; i < n; i++) {
		weights[i] = shares[i].amount;
		fits = fits && dbk_money_add(sum, weights[i], &sum);
	}
	if (fits && sum <= most)
		return;
	dbk_split_weights(most, weights, n, amounts);
	for (uint32_t i = 0; i < n; i++)
		shares[i].amount = amounts[i];
}

bool
dbk_shares_find(const struct dbk_accrual *a, uint32_t line_row,
		struct dbk_level_share *shares, uint32_t *out_n)
{
	const struct dbk_books *books = a->d->books;
	const struct dbk_row_line *line = DBK_ROW(books, lines, line, line_row);
	uint32_t sku = DBK_ROW(books, goods, good, line->good)->sku;
	struct bases bases = { 0, 0 };
	bool is_rated = false;
	uint32_t n = a->plan->mode == DBK_MODE_DIFFERENTIAL
			 ? rates_by_rank(a, shares)
			 : rates_by_level(a, sku, shares);

	*out_n = n;
	for (uint32_t i = 0; i < n; i++)
		is_rated = is_rated || shares[i].rate_ppm > 0;
	if (is_rated &&
	    !find_bases(a, line_row, DBK_ROW(books, skus, sku, sku), &bases))
		return false;
	for (uint32_t i = 0; i < n; i++)
		shares[i].base = shares[i].rate_ppm == 0 ? line->qty
				 : shares[i].level == 1	 ? bases.first
							 : bases.others;
	if (!work_out_amounts(a, line->qty, shares, n))
		return false;
	if (n > 0 && a->plan->order_pool_cap_ppm > 0)
		cut_to_pool(dbk_money_muldiv(line->amount, a->plan->order_pool_cap_ppm,
					     DBK_PPM_MAX),
			    shares, n);
	return true;
}
