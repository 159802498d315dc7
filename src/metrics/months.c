#include "metrics/months.h"

#include <stdlib.h>

#include "base/money.h"
#include "metrics/fingerprints.h"
#include "metrics/forest.h"
#include "metrics/months_private.h"
#include "metrics/study_private.h"

#include "books/effects.h"

#define ACCOUNTS_MAX (UINT32_C(1) << 27)
#define ROWS_MAX (UINT32_C(1) << 27)
#define MONTH_MAX 2047
#define DAYS_FAR 1000000 /* beyond all months of rows, either way */

_Static_assert(sizeof(struct dbk_month_row) == 80, "fifty million are 4 GB");

/* Self-use of a person with several accounts, in one month. */
struct shared {
	int64_t self;
	uint32_t person, month;
};

struct dbk_months {
	struct dbk_study *study;
	struct dbk_column rows;	  /* struct dbk_month_row, from 1 */
	struct dbk_column latest; /* uint32_t, by account */
	struct dbk_fingerprints buyers;
	struct shared *shared; /* in rising order, each once */
	uint32_t n_shared;
};

enum dbk_err
dbk_months_open(struct dbk_study *study, struct dbk_months **out)
{
	struct dbk_months *months = calloc(1, sizeof *months);

	if (months == NULL)
		return DBK_FAILED_MEMORY;
	months->study = study;
	dbk_column_init(&months->rows, sizeof(struct dbk_month_row), ROWS_MAX);
	dbk_column_init(&months->latest, sizeof(uint32_t), ACCOUNTS_MAX);
	*out = months;
	return DBK_OK;
}

void
dbk_months_close(struct dbk_months *months)
{
	if (months == NULL)
		return;
	dbk_column_fini(&months->rows);
	dbk_column_fini(&months->latest);
	dbk_fingerprints_fini(&months->buyers);
	free(months->shared);
	free(months);
}

static struct dbk_month_row *
row_at(const struct dbk_months *months, uint32_t number)
{
	return dbk_column_row(&months->rows, number);
}

static unsigned
month_of(const struct dbk_taken *taken)
{
	if (taken->month < 0)
		return 0;
	return taken->month > MONTH_MAX ? MONTH_MAX : (unsigned)taken->month;
}

/* Put a new row at *LINK, which stays where it is. */
static enum dbk_err
insert(struct dbk_months *months, const struct dbk_taken *taken, uint32_t *link)
{
	const struct dbk_fact *fact = taken->fact;
	uint32_t number = months->rows.count == 0 ? 1 : months->rows.count;
	enum dbk_err err = dbk_column_reach(&months->rows, number);
	struct dbk_month_row *row;

	if (err != DBK_OK)
		return err;
	row = row_at(months, number);
	row->account = fact->agent;
	row->month = month_of(taken) & MONTH_MAX;
	row->position = fact->position > UINT32_MAX ? 0 : (uint32_t)fact->position;
	row->next = *link;
	*link = number;
	return DBK_OK;
}

/* The row of the fact's agent and month, made if need be.  The months of an account
 * hang together newest first, so this is mostly the first one. */
static enum dbk_err
row_of(struct dbk_months *months, const struct dbk_taken *taken,
       struct dbk_month_row **out)
{
	unsigned month = month_of(taken);
	enum dbk_err err = dbk_column_reach(&months->latest, taken->fact->agent);
	uint32_t *link;

	if (err != DBK_OK)
		return err;
	link = dbk_column_row(&months->latest, taken->fact->agent);
	while (*link != 0 && row_at(months, *link)->month > month)
		link = &row_at(months, *link)->next;
	if (*link == 0 || row_at(months, *link)->month != month) {
		err = insert(months, taken, link);
		if (err != DBK_OK)
			return err;
	}
	*out = row_at(months, *link);
	return DBK_OK;
}

static void
add(int64_t *sum, int64_t amount)
{
	*sum = dbk_money_sum(*sum, amount);
}

static int64_t
less(int64_t amount)
{
	return amount == INT64_MIN ? INT64_MAX : -amount;
}

static void
add_retail(struct dbk_month_row *row, uint64_t sale_class, int64_t amount)
{
	if (sale_class == DBK_SALE_VERIFIED)
		add(&row->verified, amount);
	if (sale_class != DBK_SALE_DOUBTED)
		add(&row->lenient, amount);
}

/* Whether FACT names a buyer of a month. */
static bool
is_named_sale(const struct dbk_fact *fact)
{
	return fact->kind == DBK_FACT_SOLD && fact->other != 0 &&
	       fact->sale_class == DBK_SALE_VERIFIED;
}

static uint64_t
buyer_of(const struct dbk_fact *fact, unsigned month)
{
	return dbk_fingerprint(fact->agent, fact->other, month);
}

static enum dbk_err
add_buyer(struct dbk_months *months, struct dbk_month_row *row,
	  const struct dbk_fact *fact)
{
	enum dbk_err err;
	bool is_new;

	if (!is_named_sale(fact))
		return DBK_OK;
	err =
	    dbk_fingerprints_add(&months->buyers, buyer_of(fact, row->month), &is_new);
	if (err == DBK_OK && is_new && row->buyers < DBK_MONTHS_BUYERS_MAX)
		row->buyers++;
	return err;
}

static void
add_purchase(struct dbk_month_row *row, const struct dbk_fact *fact, int64_t amount)
{
	add(&row->paid, amount);
	if (fact->code != DBK_PURCHASE_STOCK)
		add(&row->self, amount);
}

static void
add_goods(struct dbk_month_row *row, const struct dbk_fact *fact)
{
	switch (fact->code) {
	case DBK_MOVE_RECEIVED:
		add(&row->bought, fact->qty);
		return;
	case DBK_MOVE_RETURNED:
		add(&row->bought, less(fact->qty));
		return;
	case DBK_MOVE_SOLD:
		add(&row->resold, fact->qty);
		add(&row->consumer, fact->qty);
		return;
	case DBK_MOVE_PASSED_DOWN:
		add(&row->resold, fact->qty);
		return;
	case DBK_MOVE_TAKEN_BACK:
		add(&row->resold, less(fact->qty));
		add(&row->consumer, less(fact->qty));
		return;
	default:
		return;
	}
}

static void
add_payday(struct dbk_month_row *row, const struct dbk_taken *taken)
{
	unsigned day = (unsigned)(taken->day - dbk_month_first_day(taken->month)) + 1;

	if (row->payday == 0 || day < row->payday)
		row->payday = day & 31;
}

static bool
is_moved(const struct dbk_fact *fact)
{
	return fact->code == DBK_MOVE_RECEIVED || fact->code == DBK_MOVE_RETURNED ||
	       fact->code == DBK_MOVE_SOLD || fact->code == DBK_MOVE_PASSED_DOWN ||
	       fact->code == DBK_MOVE_TAKEN_BACK;
}

/* Whether a row says anything of such a fact. */
static bool
is_told(const struct dbk_fact *fact)
{
	switch (fact->kind) {
	case DBK_FACT_GOODS:
		return is_moved(fact);
	case DBK_FACT_PAID_OUT:
		return fact->amount > 0;
	case DBK_FACT_SOLD:
	case DBK_FACT_SOLD_BACK:
	case DBK_FACT_RECLASSED:
	case DBK_FACT_FEE:
	case DBK_FACT_BOUGHT:
	case DBK_FACT_BOUGHT_BACK:
	case DBK_FACT_REWARD:
	case DBK_FACT_REWARD_BACK:
		return true;
	default:
		return false;
	}
}

static void
add_fact(struct dbk_month_row *row, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;

	switch (fact->kind) {
	case DBK_FACT_SOLD:
		add_retail(row, fact->sale_class, fact->amount);
		return;
	case DBK_FACT_SOLD_BACK:
		add_retail(row, fact->sale_class, less(fact->amount));
		return;
	case DBK_FACT_RECLASSED:
		add_retail(row, fact->hash, less(fact->amount));
		add_retail(row, fact->sale_class, fact->amount);
		return;
	case DBK_FACT_FEE:
		add(&row->paid, fact->amount);
		return;
	case DBK_FACT_BOUGHT:
		add_purchase(row, fact, fact->amount);
		return;
	case DBK_FACT_BOUGHT_BACK:
		add_purchase(row, fact, less(fact->amount));
		return;
	case DBK_FACT_REWARD:
		add(&row->rewards, fact->amount);
		return;
	case DBK_FACT_REWARD_BACK:
		add(&row->rewards, less(fact->amount));
		return;
	case DBK_FACT_GOODS:
		add_goods(row, fact);
		return;
	case DBK_FACT_PAID_OUT:
		add_payday(row, taken);
		return;
	default:
		return;
	}
}

enum dbk_err
dbk_months_add(struct dbk_months *months, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_month_row *row;
	enum dbk_err err;

	if (!taken->counts || fact->agent == 0 || !is_told(fact))
		return DBK_OK;
	err = row_of(months, taken, &row);
	if (err != DBK_OK)
		return err;
	add_fact(row, taken);
	return add_buyer(months, row, fact);
}

void
dbk_months_foresee(const struct dbk_months *months, const struct dbk_taken *taken,
		   unsigned step)
{
	const struct dbk_fact *fact = taken->fact;

	if (!is_told(fact))
		return;
	if (step == 0) {
		dbk_column_foresee(&months->latest, fact->agent);
		if (is_named_sale(fact))
			dbk_fingerprints_foresee(&months->buyers,
						 buyer_of(fact, month_of(taken)));
	} else if (step == 1) {
		dbk_column_foresee(&months->rows,
				   dbk_months_latest(months, fact->agent));
	}
}

/* The person of ACCOUNT if it has other accounts too, else 0. */
static uint32_t
sharing_person(const struct dbk_people *people, uint32_t account)
{
	uint32_t person = dbk_people_person(people, account);

	if (person == 0 ||
	    dbk_forest_row(dbk_people_forest(people), person)->accounts < 2)
		return 0;
	return person;
}

static int
compare_shared(const void *a, const void *b)
{
	const struct shared *left = a, *right = b;

	if (left->person != right->person)
		return left->person < right->person ? -1 : 1;
	return (left->month > right->month) - (left->month < right->month);
}

static void
merge_shared(struct dbk_months *months, uint32_t n)
{
	struct shared *shared = months->shared;
	uint32_t out = 0;

	qsort(shared, n, sizeof *shared, compare_shared);
	for (uint32_t i = 0; i < n; i++) {
		if (out > 0 && compare_shared(&shared[out - 1], &shared[i]) == 0)
			add(&shared[out - 1].self, shared[i].self);
		else
			shared[out++] = shared[i];
	}
	months->n_shared = out;
}

/* A cap a person binds all accounts of it together. */
static enum dbk_err
collect_shared(struct dbk_months *months)
{
	const struct dbk_people *people = months->study->people;
	const struct dbk_month_row *row;
	uint32_t person, n = 0, max = 0;
	struct shared *shared;

	for (uint32_t i = 1; i < months->rows.count; i++) {
		row = row_at(months, i);
		person = row->self == 0 ? 0 : sharing_person(people, row->account);
		if (person == 0)
			continue;
		if (n == max) {
			max = max == 0 ? 64 : max * 2;
			shared = realloc(months->shared, max * sizeof *shared);
			if (shared == NULL)
				return DBK_FAILED_MEMORY;
			months->shared = shared;
		}
		months->shared[n++] = (struct shared){ row->self, person, row->month };
	}
	if (n > 0)
		merge_shared(months, n);
	return DBK_OK;
}

enum dbk_err
dbk_months_end(struct dbk_months *months)
{
	enum dbk_err err;

	/* No more buyers come, and what follows needs room. */
	dbk_fingerprints_fini(&months->buyers);
	err = dbk_month_branches_mark(&months->rows, months->study->people);
	return err == DBK_OK ? collect_shared(months) : err;
}

uint32_t
dbk_months_count(const struct dbk_months *months)
{
	return months->rows.count == 0 ? 0 : months->rows.count - 1;
}

const struct dbk_month_row *
dbk_months_row(const struct dbk_months *months, uint32_t number)
{
	return row_at(months, number);
}

void
dbk_months_foresee_row(const struct dbk_months *months, uint32_t number)
{
	dbk_column_foresee(&months->rows, number);
}

uint32_t
dbk_months_accounts(const struct dbk_months *months)
{
	return months->latest.count;
}

uint32_t
dbk_months_latest(const struct dbk_months *months, uint32_t account)
{
	if (account >= months->latest.count)
		return 0;
	return *(const uint32_t *)dbk_column_row(&months->latest, account);
}

/* The first month that begins on DAY or later. */
static int64_t
month_from(int32_t day)
{
	int32_t month;

	if (day < -DAYS_FAR || day > DAYS_FAR)
		return day < 0 ? INT64_MIN : INT64_MAX;
	month = dbk_month_of_day(day);
	return dbk_month_first_day(month) < day ? month + 1 : month;
}

void
dbk_months_of_days(int32_t from, int32_t to, int64_t *out_from, int64_t *out_to)
{
	*out_from = month_from(from);
	*out_to = month_from(to);
}

static int64_t
capped(int64_t amount, int64_t cap)
{
	if (amount <= 0)
		return 0;
	return amount < cap ? amount : cap;
}

int64_t
dbk_months_self_capped(const struct dbk_months *months, int64_t cap, int32_t from,
		       int32_t to)
{
	const struct dbk_month_row *row;
	const struct shared *shared;
	int64_t first, end;
	dbk_wide sum = 0;

	if (cap <= 0)
		return 0;
	dbk_months_of_days(from, to, &first, &end);
	for (uint32_t i = 1; i < months->rows.count; i++) {
		row = row_at(months, i);
		if (row->self > 0 && row->month >= first && row->month < end &&
		    sharing_person(months->study->people, row->account) == 0)
			sum += capped(row->self, cap);
	}
	for (uint32_t i = 0; i < months->n_shared; i++) {
		shared = &months->shared[i];
		if (shared->month >= first && shared->month < end)
			sum += capped(shared->self, cap);
	}
	return dbk_money_bound(sum);
}
