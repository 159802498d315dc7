#include "books/accounts.h"

#include "books/goods_core.h"

static const struct dbk_account_kind kinds[DBK_ACCOUNT_CODES] = {
	[DBK_ACCOUNT_NONE] = { 0, "", "", 0, 0 },
	[DBK_BANK] = { 1010, "bank", "asset", DBK_OWNER_TAG, 0 },
	[DBK_PSP_CLEARING] = { 1020, "psp.clearing", "asset", DBK_OWNER_TAG, 0 },
	[DBK_CLAWBACK_RECEIVABLE] = { 1110, "clawback.receivable", "asset",
				      DBK_OWNER_AGENT, 1 },
	[DBK_COMMISSION_DEFERRED] = { 1140, "comm.deferred", "asset", DBK_OWNER_ORDER,
				      1 },
	[DBK_ESCROW] = { 2010, "escrow", "liability", DBK_OWNER_ORDER, -1 },
	[DBK_REFUND_PAYABLE] = { 2015, "refund.payable", "liability", DBK_OWNER_ORDER,
				 -1 },
	[DBK_COMMISSION_PENDING] = { 2110, "comm.pending", "liability", DBK_OWNER_AGENT,
				     -1, true },
	[DBK_COMMISSION_AVAILABLE] = { 2120, "comm.available", "liability",
				       DBK_OWNER_AGENT, -1, true },
	[DBK_COMMISSION_HELD] = { 2130, "comm.held", "liability", DBK_OWNER_AGENT, -1,
				  true },
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
	[DBK_SELL_IN_RETURNS] = { 4095, "sell_in.returns", "income", DBK_OWNER_AGENT,
				  0 },
	[DBK_COMMISSION_EXPENSE] = { 5010, "comm.expense", "expense", DBK_OWNER_TAG,
				     0 },
	[DBK_BONUS_EXPENSE] = { 5015, "bonus.expense", "expense", DBK_OWNER_TAG, 0 },
	[DBK_CLAWBACK_WRITEOFF] = { 5020, "clawback.writeoff", "expense",
				    DBK_OWNER_AGENT, 0 },
	[DBK_PSP_FEE] = { 5030, "psp.fee", "expense", DBK_OWNER_TAG, 0 },
	[DBK_BUYBACK_LOSS] = { 5040, "buyback.loss", "expense", DBK_OWNER_AGENT, 0 },
	[DBK_ROUNDING] = { 5900, "rounding", "expense", DBK_OWNER_TAG, 0 },
	[DBK_PLATFORM_FEE] = { 4050, "platform.fee", "income", DBK_OWNER_TAG, 0 },
	[DBK_FEE_INCOME] = { 4040, "fees", "income", DBK_OWNER_AGENT, 0 },
	[DBK_ADJUSTMENT] = { 5016, "adjustments", "expense", DBK_OWNER_AGENT, 0 },
	[DBK_CHARGEBACK_LOSS] = { 5050, "chargeback.loss", "expense", DBK_OWNER_TAG,
				  0 },
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

uint64_t
dbk_composite_hash(const struct dbk_books *books, const uint32_t *key, size_t n)
{
	return dbk_hash_short(key, n * sizeof *key, books->names.key);
}

static uint64_t
account_hash(const struct dbk_books *books, uint32_t code, uint32_t owner)
{
	uint32_t key[3] = { DBK_SPACE_ACCOUNT, code, owner };

	return dbk_composite_hash(books, key, 3);
}

static struct dbk_str
owner_name(const struct dbk_books *books, uint32_t code, uint32_t owner)
{
	uint32_t space =
	    kinds[code].owner == DBK_OWNER_AGENT ? DBK_SPACE_AGENT : DBK_SPACE_TAG;

	return dbk_names_get(&books->names, space, owner);
}

static bool
account_open(struct dbk_decision *d, uint32_t code, uint32_t owner, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_named named = { .kind = DBK_NAMED_ACCOUNT, .code = (uint8_t)code };
	struct dbk_row_account *row;

	if (!dbk_rows_has_room(&books->accounts, 1))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED,
					   dbk_field("account"), books->accounts.count,
					   books->accounts.max);
	*out = dbk_rows_append(&books->accounts, 1);
	row = DBK_TOUCH(books, accounts, account, *out);
	row->owner = owner;
	row->code = code;
	named.id = *out;
	dbk_effects_name(d->effects, named, owner_name(books, code, owner));
	return true;
}

/* True for the two codes whose accounts the agent's row knows; they stand side by side
 * and are in no index, for nearly every sale posts to them. */
static inline bool
is_paired(enum dbk_account_code code)
{
	return code == DBK_COMMISSION_PENDING || code == DBK_COMMISSION_AVAILABLE;
}

static inline uint32_t
paired_account(const struct dbk_books *books, enum dbk_account_code code,
	       uint32_t agent)
{
	uint32_t pending = DBK_ROW(books, agents, agent, agent)->pending_account;

	return pending == 0 || code == DBK_COMMISSION_PENDING ? pending : pending + 1;
}

static bool
pair_open(struct dbk_decision *d, uint32_t agent)
{
	uint32_t pending, available;

	if (!account_open(d, DBK_COMMISSION_PENDING, agent, &pending) ||
	    !account_open(d, DBK_COMMISSION_AVAILABLE, agent, &available))
		return false;
	dbk_assert(available == pending + 1);
	DBK_TOUCH(d->books, agents, agent, agent)->pending_account = pending;
	return true;
}

static inline bool
is_account_of(const struct dbk_books *books, uint32_t id, uint32_t code, uint32_t owner)
{
	const struct dbk_row_account *row;

	if (id >= books->accounts.count)
		return false;
	row = DBK_ROW(books, accounts, account, id);
	return row->code == code && row->owner == owner;
}

/* The account of OWNER where it needs no search; 0: it may be there or not. */
static inline uint32_t
account_near(const struct dbk_books *books, enum dbk_account_code code, uint32_t owner)
{
	uint32_t near;

	if (is_paired(code))
		return paired_account(books, code, owner);
	near = books->near_accounts[code];
	return is_account_of(books, near, code, owner) ? near : 0;
}

/* The account of OWNER, 0 if nothing was ever posted to it. */
static uint32_t
account_find(const struct dbk_books *books, enum dbk_account_code code, uint32_t owner)
{
	uint32_t id = account_near(books, code, owner);
	struct dbk_index_walk walk;

	if (id != 0 || is_paired(code))
		return id;
	walk = dbk_index_seek(&books->names.index, account_hash(books, code, owner));
	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_account_of(books, id, code, owner))
			break;
	return id;
}

/* The account of OWNER that is not near, made if need be. */
static __attribute__((noinline)) bool
account_need(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	     uint32_t *out)
{
	struct dbk_index *index = &d->books->names.index;

	*out = account_find(d->books, code, owner);
	if (*out != 0) {
		d->books->near_accounts[code] = *out;
		return true;
	}
	if (is_paired(code)) {
		if (!pair_open(d, owner))
			return false;
		*out = paired_account(d->books, code, owner);
		return true;
	}
	if (!dbk_index_has_room(index))
		return dbk_refuse_measured(
		    d, DBK_RULE_LIMIT_REACHED, dbk_field("account"),
		    d->books->accounts.count, d->books->accounts.max);
	if (!account_open(d, code, owner, out))
		return false;
	dbk_index_add(index, account_hash(d->books, code, owner), *out);
	return true;
}

static __attribute__((cold, noinline)) bool
refuse_overflow(struct dbk_decision *d, int64_t amount, int64_t limit)
{
	return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW, dbk_field("amount"),
				   amount, limit);
}

/* The sums of a code bound those of its accounts: where they have room, an account has.
 */
static inline bool
post_control(struct dbk_decision *d, enum dbk_account_code code, int64_t amount)
{
	struct dbk_row_control *control;
	int64_t *side, limit = kinds[code].half && !d->due ? DBK_SIDE_HALF : INT64_MAX;
	int64_t more = amount > 0 ? amount : -amount;

	if (d->controls == NULL)
		d->controls = DBK_TOUCH(d->books, controls, controls, 1);
	control = &d->controls->of[code];
	side = amount > 0 ? &control->debits : &control->credits;
	if (more > limit - *side)
		return refuse_overflow(d, amount, limit);
	*side += more;
	return true;
}

bool
dbk_post_for(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	     int64_t amount, enum dbk_cause cause, uint32_t ref)
{
	const struct dbk_account_kind *kind = dbk_account_kind(code);
	uint32_t account = account_near(d->books, code, owner);
	struct dbk_row_account *row;
	struct dbk_posting *posting;

	dbk_assert(amount != 0 && kind->owner != DBK_OWNER_ORDER);
	if ((account == 0 && !account_need(d, code, owner, &account)) ||
	    !post_control(d, code, amount))
		return false;
	row = DBK_TOUCH(d->books, accounts, account, account);
	*(amount > 0 ? &row->debits : &row->credits) += amount > 0 ? amount : -amount;
	/* Never beyond 0 on the wrong side, where there is one. */
	dbk_assert((row->debits - row->credits) * kind->never_beyond >= 0);
	posting = dbk_effects_next_posting(d->effects);
	if (posting == NULL)
		return true;
	*posting = (struct dbk_posting){ .code = (uint8_t)code,
					 .cause = (uint8_t)cause,
					 .account = account,
					 .ref = ref,
					 .amount = amount,
					 .balance = row->debits - row->credits };
	return true;
}

bool
dbk_post(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	 int64_t amount)
{
	return dbk_post_for(d, code, owner, amount, DBK_CAUSE_EVENT, 0);
}

/* What the row of an order keeps of CODE. */
static inline int64_t *
order_sum(struct dbk_row_order *row, enum dbk_account_code code)
{
	if (code == DBK_ESCROW)
		return &row->escrow;
	if (code == DBK_REFUND_PAYABLE)
		return &row->refund_payable;
	dbk_assert(code == DBK_COMMISSION_DEFERRED);
	return &row->deferred;
}

bool
dbk_post_order(struct dbk_decision *d, enum dbk_account_code code, uint32_t order,
	       int64_t amount)
{
	struct dbk_row_order *row = DBK_TOUCH(d->books, orders, order, order);
	int64_t *sum = order_sum(row, code);
	int64_t sign = kinds[code].never_beyond; /* that the row keeps it with */
	struct dbk_posting *posting;

	dbk_assert(amount != 0);
	if (!post_control(d, code, amount))
		return false;
	*sum += sign * amount;
	dbk_assert(*sum >= 0);
	if (code == DBK_ESCROW && row->fulfilment == DBK_HOLDER_SHIP)
		dbk_exposure_escrow(d, order, sign * amount);
	posting = dbk_effects_next_posting(d->effects);
	if (posting != NULL)
		*posting = (struct dbk_posting){ .code = (uint8_t)code,
						 .amount = amount,
						 .balance = sign * *sum };
	return true;
}

int64_t
dbk_account_balance(const struct dbk_books *books, enum dbk_account_code code,
		    uint32_t owner)
{
	const struct dbk_row_account *row;

	if (dbk_account_kind(code)->owner == DBK_OWNER_ORDER) {
		struct dbk_row_order order = *DBK_ROW(books, orders, order, owner);

		return kinds[code].never_beyond * *order_sum(&order, code);
	}
	row = DBK_ROW(books, accounts, account, account_find(books, code, owner));
	return row->debits - row->credits;
}
