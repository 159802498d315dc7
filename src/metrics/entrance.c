#include "metrics/entrance.h"

#include "base/money.h"
#include "metrics/sample.h"

#define ACCOUNTS_MAX (UINT32_C(1) << 27)
#define PAYMENTS_MAX (UINT32_C(1) << 28)

struct account {
	uint64_t after; /* one more than the position of JOINED, 0: unknown */
	int32_t day;
	uint32_t latest; /* payment, 0: none */
};

struct payment {
	int64_t amount;
	uint32_t next; /* an earlier one of the account */
	uint16_t day;  /* since it joined */
	bool is_fee;
};

_Static_assert(sizeof(struct account) == 16, "no byte is lost");
_Static_assert(sizeof(struct payment) == 16, "no byte is lost");

void
dbk_entrance_init(struct dbk_entrance *entrance)
{
	dbk_column_init(&entrance->accounts, sizeof(struct account), ACCOUNTS_MAX);
	dbk_column_init(&entrance->payments, sizeof(struct payment), PAYMENTS_MAX);
}

void
dbk_entrance_fini(struct dbk_entrance *entrance)
{
	dbk_column_fini(&entrance->accounts);
	dbk_column_fini(&entrance->payments);
}

static struct payment *
payment_at(const struct dbk_entrance *entrance, uint32_t number)
{
	return dbk_column_row(&entrance->payments, number);
}

enum dbk_err
dbk_entrance_joined(struct dbk_entrance *entrance, uint32_t agent, int32_t day,
		    uint64_t position)
{
	enum dbk_err err = dbk_column_reach(&entrance->accounts, agent);
	struct account *account;

	if (err != DBK_OK)
		return err;
	account = dbk_column_row(&entrance->accounts, agent);
	account->after = position + 1;
	account->day = day;
	return DBK_OK;
}

static enum dbk_err
append(struct dbk_entrance *entrance, struct account *account,
       const struct payment *payment)
{
	uint32_t number = entrance->payments.count == 0 ? 1 : entrance->payments.count;
	enum dbk_err err = dbk_column_reach(&entrance->payments, number);

	if (err != DBK_OK)
		return err;
	*payment_at(entrance, number) = *payment;
	account->latest = number;
	return DBK_OK;
}

enum dbk_err
dbk_entrance_paid(struct dbk_entrance *entrance, uint32_t agent, int32_t day,
		  int64_t amount, bool is_fee)
{
	struct account *account;
	struct payment *latest = NULL, payment;
	int64_t since;

	if (agent >= entrance->accounts.count)
		return DBK_OK;
	account = dbk_column_row(&entrance->accounts, agent);
	since = (int64_t)day - account->day;
	if (account->after == 0 || since >= DBK_ENTRANCE_DAYS)
		return DBK_OK;
	payment = (struct payment){ .amount = amount,
				    .next = account->latest,
				    .day = (uint16_t)(since < 0 ? 0 : since),
				    .is_fee = is_fee };
	if (account->latest != 0)
		latest = payment_at(entrance, account->latest);
	if (latest == NULL || latest->day != payment.day || latest->is_fee != is_fee)
		return append(entrance, account, &payment);
	latest->amount = dbk_money_sum(latest->amount, amount);
	return DBK_OK;
}

void
dbk_entrance_foresee(const struct dbk_entrance *entrance, uint32_t agent, unsigned step)
{
	const struct account *account;

	if (step == 0)
		dbk_column_foresee(&entrance->accounts, agent);
	if (step != 1 || agent >= entrance->accounts.count)
		return;
	account = dbk_column_row(&entrance->accounts, agent);
	if (account->latest != 0)
		dbk_column_foresee(&entrance->payments, account->latest);
}

static int64_t
paid_by(const struct dbk_entrance *entrance, const struct account *account,
	int64_t days, int64_t *fees)
{
	const struct payment *payment;
	int64_t all = 0;

	*fees = 0;
	for (uint32_t i = account->latest; i != 0; i = payment->next) {
		payment = payment_at(entrance, i);
		if (payment->day >= days)
			continue;
		all = dbk_money_sum(all, payment->amount);
		if (payment->is_fee)
			*fees = dbk_money_sum(*fees, payment->amount);
	}
	return all;
}

struct dbk_entrance_count
dbk_entrance_count(const struct dbk_entrance *entrance, int32_t from, int32_t to,
		   int64_t days, int64_t amount, struct dbk_evidence_list *above)
{
	struct dbk_entrance_count count = { 0 };
	const struct account *account;
	int64_t all, fees;

	for (uint32_t i = 1; i < entrance->accounts.count; i++) {
		account = dbk_column_row(&entrance->accounts, i);
		if (account->after == 0 || account->day < from || account->day >= to)
			continue;
		count.joined++;
		all = paid_by(entrance, account, days, &fees);
		count.above_by_fees += fees > amount;
		if (all <= amount)
			continue;
		count.above++;
		dbk_sample_add(above, account->after - 1);
	}
	return count;
}
