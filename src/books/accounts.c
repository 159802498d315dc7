#include "books/accounts.h"

#include "base/money.h"
#include "books/core.h"

static const struct dbk_account_kind kinds[DBK_ACCOUNT_CODES] = {
	[DBK_ACCOUNT_NONE] = { 0, "", "", 0, 0 },
	[DBK_BANK] = { 1010, "bank", "asset", DBK_OWNER_TAG, 0 },
	[DBK_PSP_CLEARING] = { 1020, "psp.clearing", "asset", DBK_OWNER_TAG, 0 },
	[DBK_CLAWBACK_RECEIVABLE] = { 1110, "clawback.receivable", "asset",
				      DBK_OWNER_AGENT, 1 },
	[DBK_COMMISSION_DEFERRED] = { 1140, "comm.deferred", "asset", DBK_OWNER_ORDER, 1 },
	[DBK_ESCROW] = { 2010, "escrow", "liability", DBK_OWNER_ORDER, -1 },
	[DBK_REFUND_PAYABLE] = { 2015, "refund.payable", "liability", DBK_OWNER_ORDER,
				 -1 },
	[DBK_COMMISSION_PENDING] = { 2110, "comm.pending", "liability", DBK_OWNER_AGENT,
				     -1 },
	[DBK_COMMISSION_AVAILABLE] = { 2120, "comm.available", "liability",
				       DBK_OWNER_AGENT, -1 },
	[DBK_COMMISSION_HELD] = { 2130, "comm.held", "liability", DBK_OWNER_AGENT, -1 },
	[DBK_PAYOUT_RESERVED] = { 2140, "payout.reserved", "liability", DBK_OWNER_AGENT,
				  -1 },
	[DBK_PAYOUT_IN_TRANSIT] = { 2150, "payout.in_transit", "liability",
				    DBK_OWNER_AGENT, -1 },
	[DBK_TAX_WITHHELD] = { 2160, "tax.withheld", "liability", DBK_OWNER_TAG, -1 },
	[DBK_DEPOSIT] = { 2180, "deposit", "liability", DBK_OWNER_AGENT, -1 },
	[DBK_BUYBACK_PAYABLE] = { 2190, "buyback.payable", "liability", DBK_OWNER_AGENT,
				  -1 },
	[DBK_SALES_RETAIL] = { 4010, "sales.retail", "income", DBK_OWNER_TAG, 0 },
	[DBK_SALES_SELL_IN] = { 4020, "sales.sell_in", "income", DBK_OWNER_AGENT, 0 },
	[DBK_BUYBACK_DISCOUNT] = { 4030, "buyback.discount", "income", DBK_OWNER_AGENT,
				   0 },
	[DBK_SALES_RETURNS] = { 4090, "sales.returns", "income", DBK_OWNER_TAG, 0 },
	[DBK_SELL_IN_RETURNS] = { 4095, "sell_in.returns", "income", DBK_OWNER_AGENT, 0 },
	[DBK_COMMISSION_EXPENSE] = { 5010, "comm.expense", "expense", DBK_OWNER_TAG, 0 },
	[DBK_BONUS_EXPENSE] = { 5015, "bonus.expense", "expense", DBK_OWNER_TAG, 0 },
	[DBK_CLAWBACK_WRITEOFF] = { 5020, "clawback.writeoff", "expense",
				    DBK_OWNER_AGENT, 0 },
	[DBK_PSP_FEE] = { 5030, "psp.fee", "expense", DBK_OWNER_TAG, 0 },
	[DBK_BUYBACK_LOSS] = { 5040, "buyback.loss", "expense", DBK_OWNER_AGENT, 0 },
	[DBK_ROUNDING] = { 5900, "rounding", "expense", DBK_OWNER_TAG, 0 },
	[DBK_PLATFORM_FEE] = { 4050, "platform.fee", "income", DBK_OWNER_TAG, 0 },
	[DBK_FEE_INCOME] = { 4040, "fees", "income", DBK_OWNER_AGENT, 0 },
	[DBK_ADJUSTMENT] = { 5016, "adjustments", "expense", DBK_OWNER_AGENT, 0 },
	[DBK_CHARGEBACK_LOSS] = { 5050, "chargeback.loss", "expense", DBK_OWNER_TAG, 0 },
	[DBK_PAYOUT_FEE] = { 5035, "payout.fee", "expense", DBK_OWNER_TAG, 0 },
};

const struct dbk_account_kind *
dbk_account_kind(enum dbk_account_code code)
{
	dbk_assert(code > DBK_ACCOUNT_NONE && code < DBK_ACCOUNT_CODES);
	return &kinds[code];
}

enum dbk_account_code
dbk_account_of_number(uint32_t number)
{
	for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++)
		if (kinds[code].number == number)
			return (enum dbk_account_code)code;
	return DBK_ACCOUNT_NONE;
}

static uint64_t
account_hash(const struct dbk_books *books, uint32_t code, uint32_t owner)
{
	uint32_t key[3] = { DBK_SPACE_ACCOUNT, code, owner };

	return dbk_hash_short(key, sizeof key, books->names.key);
}

static struct dbk_str
owner_name(const struct dbk_books *books, uint32_t code, uint32_t owner)
{
	uint32_t space = kinds[code].owner == DBK_OWNER_AGENT ? DBK_SPACE_AGENT
							      : DBK_SPACE_TAG;

	return dbk_names_get(&books->names, space, owner);
}

static bool
account_open(struct dbk_decision *d, uint32_t code, uint32_t owner, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_named named = { .kind = DBK_NAMED_ACCOUNT, .code = (uint8_t)code };
	struct dbk_row_account *row;

	if (!dbk_rows_has_room(&books->accounts, 1) ||
	    !dbk_index_has_room(&books->names.index))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED,
					   dbk_field("account"), books->accounts.count,
					   books->accounts.max);
	*out = dbk_rows_append(&books->accounts, 1);
	row = DBK_TOUCH(books, accounts, account, *out);
	row->owner = owner;
	row->code = code;
	dbk_index_add(&books->names.index, account_hash(books, code, owner), *out);
	named.id = *out;
	dbk_effects_name(d->effects, named, owner_name(books, code, owner));
	return true;
}

static bool
account_find(struct dbk_decision *d, uint32_t code, uint32_t owner, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_index_walk walk = dbk_index_seek(
		&books->names.index, account_hash(books, code, owner));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_account *row;

		if (id >= books->accounts.count)
			continue;
		row = DBK_ROW(books, accounts, account, id);
		if (row->code == code && row->owner == owner) {
			*out = id;
			return true;
		}
	}
	return account_open(d, code, owner, out);
}

/* Nearly every sale of an agent's own goods posts to one account: the agent's row knows
 * which. */
static bool
pending_find(struct dbk_decision *d, uint32_t agent, uint32_t *out)
{
	*out = DBK_ROW(d->books, agents, agent, agent)->pending_account;
	if (*out != 0)
		return true;
	if (!account_find(d, DBK_COMMISSION_PENDING, agent, out))
		return false;
	DBK_TOUCH(d->books, agents, agent, agent)->pending_account = *out;
	return true;
}

static bool
owner_account(struct dbk_decision *d, uint32_t code, uint32_t owner, uint32_t *out)
{
	return code == DBK_COMMISSION_PENDING ? pending_find(d, owner, out)
					      : account_find(d, code, owner, out);
}

/* Add AMOUNT to the side it belongs to; false at the edge of int64. */
static bool
add_side(int64_t *debits, int64_t *credits, int64_t amount)
{
	return amount > 0 ? dbk_money_add(*debits, amount, debits)
			  : dbk_money_add(*credits, -amount, credits);
}

static bool
post_control(struct dbk_decision *d, enum dbk_account_code code, int64_t amount)
{
	struct dbk_row_control *control = DBK_TOUCH(d->books, controls, control, code);

	if (!add_side(&control->debits, &control->credits, amount))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
					   dbk_field("amount"), amount, INT64_MAX);
	return true;
}

bool
dbk_post(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	 int64_t amount)
{
	const struct dbk_account_kind *kind = dbk_account_kind(code);
	struct dbk_row_account *row;
	int64_t balance;
	uint32_t id = 0;

	dbk_assert(amount != 0 && kind->owner != DBK_OWNER_ORDER);
	if (!owner_account(d, code, owner, &id) || !post_control(d, code, amount))
		return false;
	row = DBK_TOUCH(d->books, accounts, account, id);
	if (!add_side(&row->debits, &row->credits, amount))
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
					   dbk_field("amount"), amount, INT64_MAX);
	balance = row->debits - row->credits;
	dbk_assert(balance * kind->never_beyond >= 0);
	dbk_effects_post(d->effects,
			 (struct dbk_posting){ (uint8_t)code, id, amount, balance });
	return true;
}

bool
dbk_post_order(struct dbk_decision *d, enum dbk_account_code code, uint32_t order,
	       int64_t amount)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	int64_t *credit = code == DBK_ESCROW ? &row->escrow : &row->refund_payable;

	dbk_assert(amount != 0 && (code == DBK_ESCROW || code == DBK_REFUND_PAYABLE));
	if (!post_control(d, code, amount))
		return false;
	*credit -= amount;
	dbk_assert(*credit >= 0);
	dbk_effects_post(d->effects,
			 (struct dbk_posting){ (uint8_t)code, 0, amount, -*credit });
	return true;
}
