#include "report/ledger_months.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "books/look.h"
#include "metrics/series.h"

#define FIRST_ROOM 16u

struct dbk_ledger_months {
	const struct dbk_books *books;
	struct dbk_ledger_month *months; /* without a gap */
	struct dbk_ledger_debt *debts;
	uint32_t *debtors;	 /* place in DEBTS plus one, by account */
	struct dbk_layers waits; /* by agent or order, and enum dbk_ledger_wait */
	uint32_t n_months, n_debts, debts_max, n_debtors;
};

enum dbk_err
dbk_ledger_months_open(const struct dbk_books *books, struct dbk_ledger_months **out)
{
	struct dbk_ledger_months *months = calloc(1, sizeof *months);

	if (months == NULL)
		return DBK_FAILED_MEMORY;
	months->books = books;
	dbk_layers_init(&months->waits);
	*out = months;
	return DBK_OK;
}

void
dbk_ledger_months_close(struct dbk_ledger_months *months)
{
	if (months == NULL)
		return;
	dbk_layers_fini(&months->waits);
	free(months->debtors);
	free(months->months);
	free(months->debts);
	free(months);
}

static void
add(int64_t *sum, int64_t amount)
{
	*sum = dbk_money_sum(*sum, amount);
}

static int64_t
negative(int64_t amount)
{
	return dbk_money_bound(-(dbk_wide)amount);
}

/* Room for the months [first, first + n), which those that are there lie in. */
static enum dbk_err
widen(struct dbk_ledger_months *months, int32_t first, uint32_t n)
{
	struct dbk_ledger_month *rows = calloc(n, sizeof *rows);

	if (rows == NULL)
		return DBK_FAILED_MEMORY;
	for (uint32_t i = 0; i < n; i++)
		rows[i].month = first + (int32_t)i;
	if (months->n_months > 0)
		memcpy(rows + (months->months[0].month - first), months->months,
		       months->n_months * sizeof *rows);
	free(months->months);
	months->months = rows;
	months->n_months = n;
	return DBK_OK;
}

static enum dbk_err
month_of(struct dbk_ledger_months *months, int32_t month, struct dbk_ledger_month **out)
{
	int32_t first = month, last = month;
	enum dbk_err err = DBK_OK;

	if (months->n_months > 0) {
		first = months->months[0].month;
		last = months->months[months->n_months - 1].month;
	}
	if (months->n_months == 0 || month < first || month > last) {
		first = month < first ? month : first;
		last = month > last ? month : last;
		err = widen(months, first, (uint32_t)(last - first) + 1);
	}
	if (err == DBK_OK)
		*out = &months->months[month - first];
	return err;
}

static enum dbk_err
grow_debtors(struct dbk_ledger_months *months, uint32_t account)
{
	uint32_t n = months->n_debtors == 0 ? FIRST_ROOM : months->n_debtors;
	uint32_t *debtors;

	while (n <= account)
		n = n > UINT32_MAX / 2 ? UINT32_MAX : n * 2;
	debtors = realloc(months->debtors, n * sizeof *debtors);
	if (debtors == NULL)
		return DBK_FAILED_MEMORY;
	memset(debtors + months->n_debtors, 0,
	       (n - months->n_debtors) * sizeof *debtors);
	months->debtors = debtors;
	months->n_debtors = n;
	return DBK_OK;
}

static enum dbk_err
make_debt(struct dbk_ledger_months *months, uint32_t account)
{
	uint32_t max = months->debts_max == 0 ? FIRST_ROOM : months->debts_max * 2;
	struct dbk_ledger_debt *debts = months->debts;

	if (months->n_debts == months->debts_max) {
		debts = realloc(debts, max * sizeof *debts);
		if (debts == NULL)
			return DBK_FAILED_MEMORY;
		months->debts = debts;
		months->debts_max = max;
	}
	debts[months->n_debts++] = (struct dbk_ledger_debt){
		.agent = dbk_look_account(months->books, account).owner
	};
	months->debtors[account] = months->n_debts;
	return DBK_OK;
}

static enum dbk_err
add_debt(struct dbk_ledger_months *months, const struct dbk_posting *posting,
	 int64_t effective_at)
{
	struct dbk_ledger_debt *debt;
	enum dbk_err err = DBK_OK;

	if (posting->account >= months->n_debtors)
		err = grow_debtors(months, posting->account);
	if (err == DBK_OK && months->debtors[posting->account] == 0)
		err = make_debt(months, posting->account);
	if (err != DBK_OK)
		return err;
	debt = &months->debts[months->debtors[posting->account] - 1];
	if (debt->owed == 0)
		debt->since = effective_at;
	add(&debt->owed, posting->amount);
	if (posting->amount > 0)
		add(&debt->reversed, posting->amount);
	else if (posting->cause == DBK_CAUSE_WRITTEN_OFF)
		add(&debt->written_off, negative(posting->amount));
	else
		add(&debt->repaid, negative(posting->amount));
	return DBK_OK;
}

/* What waits in the account of POSTING; DBK_WAITS: nothing that is told by age. */
static enum dbk_ledger_wait
wait_of(const struct dbk_posting *posting)
{
	switch (posting->code) {
	case DBK_COMMISSION_PENDING:
		return DBK_WAIT_PENDING;
	case DBK_COMMISSION_HELD:
		return DBK_WAIT_HELD;
	case DBK_COMMISSION_AVAILABLE:
		return DBK_WAIT_AVAILABLE;
	case DBK_CLAWBACK_RECEIVABLE:
		return DBK_WAIT_CLAWBACK;
	case DBK_ESCROW:
		return DBK_WAIT_ESCROW;
	case DBK_PAYOUT_RESERVED:
	case DBK_PAYOUT_IN_TRANSIT:
		/* On its way, money does not become younger. */
		return posting->cause == DBK_CAUSE_SENT ? DBK_WAITS : DBK_WAIT_PAYOUT;
	default:
		return DBK_WAITS;
	}
}

static enum dbk_err
add_wait(struct dbk_ledger_months *months, const struct dbk_posting *posting,
	 uint32_t order, int32_t day)
{
	enum dbk_ledger_wait what = wait_of(posting);
	int64_t more =
	    what == DBK_WAIT_CLAWBACK ? posting->amount : negative(posting->amount);
	uint32_t owner = posting->account == 0
			     ? order
			     : dbk_look_account(months->books, posting->account).owner;

	if (what == DBK_WAITS || more == 0)
		return DBK_OK;
	if (more > 0)
		return dbk_layers_in(&months->waits, owner, what, day, more, 0);
	(void)dbk_layers_out(&months->waits, owner, what, negative(more));
	return DBK_OK;
}

static bool
is_commission(uint32_t code)
{
	return code == DBK_COMMISSION_PENDING || code == DBK_COMMISSION_HELD ||
	       code == DBK_COMMISSION_AVAILABLE;
}

/* A deduction by hand takes back as a refund does, from what there is or as a debt. */
static void
add_cause(struct dbk_ledger_month *month, const struct dbk_posting *posting)
{
	bool is_debt = posting->code == DBK_CLAWBACK_RECEIVABLE;
	bool is_claim = is_commission(posting->code) || is_debt;
	int64_t amount = posting->amount;

	if (is_debt && amount > 0)
		add(&month->clawed_back, amount);
	switch ((enum dbk_cause)posting->cause) {
	case DBK_CAUSE_ACCRUED:
	case DBK_CAUSE_PROCEEDS:
	case DBK_CAUSE_BONUS:
	case DBK_CAUSE_RECRUITED:
	case DBK_CAUSE_ADJUSTED:
		if (is_claim && amount < 0)
			add(&month->accrued, negative(amount));
		else if (is_claim)
			add(&month->reversed, amount);
		break;
	case DBK_CAUSE_REVERSED:
		if (is_claim)
			add(&month->reversed, amount);
		break;
	case DBK_CAUSE_MATURED:
		if (posting->code == DBK_COMMISSION_PENDING)
			add(&month->matured, amount);
		break;
	case DBK_CAUSE_PAID:
		if (posting->code == DBK_PAYOUT_IN_TRANSIT)
			add(&month->paid, amount);
		break;
	case DBK_CAUSE_RETURNED:
		if (is_claim) {
			add(&month->returned, negative(amount));
			add(&month->paid, amount);
		}
		break;
	case DBK_CAUSE_EVENT:
	case DBK_CAUSE_RECOGNISED:
	case DBK_CAUSE_HELD:
	case DBK_CAUSE_RELEASED:
	case DBK_CAUSE_NETTED:
	case DBK_CAUSE_REPAID:
	case DBK_CAUSE_WRITTEN_OFF:
	case DBK_CAUSE_DRAWN:
	case DBK_CAUSE_GIVEN_BACK:
	case DBK_CAUSE_TAX:
	case DBK_CAUSE_TAX_BACK:
	case DBK_CAUSE_SENT:
	case DBK_CAUSES:
		break;
	}
}

static void
add_settled(struct dbk_ledger_month *month, const struct dbk_row_payout *row)
{
	int64_t net = row->gross - row->tax - (row->agent_bore_fee != 0 ? row->fee : 0);

	month->settled++;
	add(&month->gross, row->gross);
	add(&month->tax, row->tax);
	add(&month->fees, row->fee);
	add(&month->net, net);
}

static void
add_payout(const struct dbk_books *books, const struct dbk_event *event,
	   struct dbk_ledger_month *month)
{
	struct dbk_row_payout row;

	if (event->type == DBK_EVENT_PAYOUT_REQUESTED) {
		month->requested++;
	} else if (event->type == DBK_EVENT_PAYOUT_REJECTED) {
		month->denied++;
	} else if (event->type == DBK_EVENT_PAYOUT_FAILED) {
		row =
		    dbk_look_payout(books, dbk_look_find(books, DBK_SPACE_PAYOUT,
							 event->u.payout_step.payout));
		month->failed += row.state == DBK_PAYOUT_FAILED;
	} else if (event->type == DBK_EVENT_PAYOUT_SETTLED) {
		row = dbk_look_payout(books,
				      dbk_look_find(books, DBK_SPACE_PAYOUT,
						    event->u.payout_answer.payout));
		add_settled(month, &row);
	}
}

static bool
is_payout(enum dbk_event_type type)
{
	return type == DBK_EVENT_PAYOUT_REQUESTED ||
	       type == DBK_EVENT_PAYOUT_REJECTED || type == DBK_EVENT_PAYOUT_FAILED ||
	       type == DBK_EVENT_PAYOUT_SETTLED;
}

enum dbk_err
dbk_ledger_months_add(struct dbk_ledger_months *months, const struct dbk_event *event,
		      const struct dbk_verdict *verdict,
		      const struct dbk_effects *effects)
{
	const struct dbk_effect *effect = &effects->effects[effects->n_effects - 1];
	const struct dbk_posting *posting = effects->postings + effect->first_posting;
	bool asks = verdict->outcome == DBK_ACCEPTED && is_payout(event->type);
	struct dbk_ledger_month *month = NULL;
	enum dbk_err err;
	int32_t day;

	if (effect->n_postings == 0 && !asks)
		return DBK_OK;
	day = dbk_day_of_time(effect->effective_at,
			      dbk_look_book(months->books)->utc_offset_minutes);
	err = month_of(months, dbk_month_of_day(day), &month);
	if (err == DBK_OK && asks)
		add_payout(months->books, event, month);
	for (uint32_t i = 0; err == DBK_OK && i < effect->n_postings; i++, posting++) {
		add_cause(month, posting);
		if (posting->code == DBK_CLAWBACK_RECEIVABLE)
			err = add_debt(months, posting, effect->effective_at);
		if (err == DBK_OK)
			err = add_wait(months, posting, effect->order, day);
	}
	return err;
}

uint32_t
dbk_ledger_months_rows(const struct dbk_ledger_months *months,
		       const struct dbk_ledger_month **out)
{
	*out = months->months;
	return months->n_months;
}

uint32_t
dbk_ledger_months_debts(const struct dbk_ledger_months *months,
			const struct dbk_ledger_debt **out)
{
	*out = months->debts;
	return months->n_debts;
}

static uint32_t
age_of(int32_t days)
{
	static const int32_t last_days[] = { 30, 60, 90, 180 };
	uint32_t age = 0;

	while (age < sizeof last_days / sizeof last_days[0] && days > last_days[age])
		age++;
	return age;
}

void
dbk_ledger_months_age(const struct dbk_ledger_months *months, enum dbk_ledger_wait what,
		      int32_t today, struct dbk_ledger_age *out)
{
	const struct dbk_layers *waits = &months->waits;

	memset(out, 0, sizeof *out);
	for (uint32_t i = 1; i < waits->stocks.count; i++) {
		const struct dbk_layers_stock *stock =
		    dbk_column_row(&waits->stocks, i);
		const struct dbk_layer *layer;

		if (stock->sku != what || stock->on_hand == 0)
			continue;
		out->owners++;
		add(&out->total, stock->on_hand);
		for (uint32_t l = stock->first; l != 0; l = layer->next) {
			layer = dbk_column_row(&waits->layers, l);
			add(&out->amounts[age_of(today - layer->day)], layer->units);
		}
	}
}
