#include "books_ledger.h"

#include <string.h>

#include "event/event.h"

static bool
keep_name(struct ledger_name *name, const unsigned char *bytes, uint32_t size)
{
	if (size > sizeof name->text)
		return false;
	memcpy(name->text, bytes, size);
	name->size = size;
	return true;
}

/* The row of the id that comes next in a table of COUNT rows, or 0. */
static uint32_t
next_row(uint32_t *count, uint32_t id)
{
	if (id != *count + 1 || id >= LEDGER_ROWS_MAX)
		return 0;
	*count = id;
	return id;
}

static const char *
take_position(struct ledger *ledger, const struct dbk_named *named)
{
	uint32_t row = next_row(&ledger->n_positions, named->id);
	struct ledger_position position = { named->holder, named->sku, named->lot,
					    named->place, 0 };

	if (row == 0)
		return "positions are not named in order";
	if (named->holder == 0 || named->holder > ledger->n_holders)
		return "a position's holder has no name";
	if (named->sku == 0 || named->sku > ledger->n_skus)
		return "a position's sku has no name";
	if (named->lot > ledger->n_lots)
		return "a position's lot has no name";
	ledger->positions[row] = position;
	return NULL;
}

static const char *
take_holder(struct ledger *ledger, const struct dbk_named *named,
	    const unsigned char *name)
{
	uint32_t row = next_row(&ledger->n_holders, named->id);

	if (row == 0)
		return "holders are not named in order";
	ledger->holders[row].kind = named->holder_kind;
	return keep_name(&ledger->holders[row].name, name, named->name_size)
		   ? NULL
		   : "a holder's name is too long";
}

static const char *
take_account(struct ledger *ledger, const struct dbk_named *named,
	     const unsigned char *name)
{
	uint32_t row = next_row(&ledger->n_accounts, named->id);

	if (row == 0)
		return "accounts are not named in order";
	ledger->accounts[row].code = named->code;
	ledger->accounts[row].balance = 0;
	return keep_name(&ledger->accounts[row].owner, name, named->name_size)
		   ? NULL
		   : "an account's name is too long";
}

static const char *
take_good_name(struct ledger_name *names, uint32_t *count,
	       const struct dbk_named *named, const unsigned char *name)
{
	uint32_t row = next_row(count, named->id);

	return row != 0 && keep_name(&names[row], name, named->name_size)
		   ? NULL
		   : "skus or lots are not named in order";
}

static const char *
take_named(struct ledger *ledger, const struct dbk_effects *effects,
	   const struct dbk_named *named)
{
	const unsigned char *name = effects->names.bytes + named->name_at;

	switch ((enum dbk_named_kind)named->kind) {
	case DBK_NAMED_ACCOUNT:
		return take_account(ledger, named, name);
	case DBK_NAMED_HOLDER:
		return take_holder(ledger, named, name);
	case DBK_NAMED_SKU:
		return take_good_name(ledger->skus, &ledger->n_skus, named, name);
	case DBK_NAMED_LOT:
		return take_good_name(ledger->lots, &ledger->n_lots, named, name);
	case DBK_NAMED_POSITION:
		return take_position(ledger, named);
	}
	return "a name of an unknown kind";
}

/* Orders are not named by effects: their ids say themselves when one is new. */
static const char *
take_order(struct ledger *ledger, uint32_t id, struct dbk_str name)
{
	struct ledger_name *known;

	if (id == 0)
		return NULL;
	known = &ledger->orders[id < LEDGER_ROWS_MAX ? id : 0].name;
	if (id > ledger->n_orders) {
		if (next_row(&ledger->n_orders, id) == 0)
			return "orders do not appear in order";
		memset(&ledger->orders[id], 0, sizeof ledger->orders[id]);
		keep_name(known, (const unsigned char *)name.bytes, name.size);
	}
	if (name.size > 0 &&
	    (name.size != known->size || memcmp(name.bytes, known->text, name.size)))
		return "the effect names another order than the event";
	return NULL;
}

static int64_t *
find_balance(struct ledger *ledger, uint32_t order, const struct dbk_posting *posting)
{
	if (posting->code == DBK_ACCOUNT_NONE || posting->code >= DBK_ACCOUNT_CODES)
		return NULL;
	if (posting->account == 0)
		return order == 0 ? NULL
				  : &ledger->orders[order].balances[posting->code];
	if (posting->account > ledger->n_accounts ||
	    ledger->accounts[posting->account].code != posting->code)
		return NULL;
	return &ledger->accounts[posting->account].balance;
}

static const char *
take_postings(struct ledger *ledger, const struct dbk_effects *effects,
	      const struct dbk_effect *effect)
{
	int64_t sum = 0, *balance;

	for (uint32_t i = 0; i < effect->n_postings; i++) {
		const struct dbk_posting *posting =
		    &effects->postings[effect->first_posting + i];

		balance = find_balance(ledger, effect->order, posting);
		if (balance == NULL)
			return "a posting to an account without a name";
		sum += posting->amount;
		*balance += posting->amount;
		if (*balance != posting->balance)
			return "a posting's balance is not the sum of postings";
	}
	return sum == 0 ? NULL : "the postings of an event do not sum to 0";
}

static const char *
take_moves(struct ledger *ledger, const struct dbk_effects *effects,
	   const struct dbk_effect *effect)
{
	struct ledger_position *position;

	for (uint32_t i = 0; i < effect->n_moves; i++) {
		const struct dbk_position_move *move =
		    &effects->moves[effect->first_move + i];

		if (move->position == 0 || move->position > ledger->n_positions)
			return "a move of a position without a name";
		position = &ledger->positions[move->position];
		position->on_hand += move->amount;
		if (position->on_hand != move->on_hand)
			return "a move's on_hand is not the sum of moves";
		if (position->on_hand < 0)
			return "a position is negative";
	}
	return NULL;
}

const char *
ledger_take(struct ledger *ledger, const struct dbk_effects *effects,
	    struct dbk_str order)
{
	const struct dbk_effect *effect = effects->effects;
	const char *wrong = NULL;

	if (effects->n_effects != 1 || effects->n_postings != effect->n_postings ||
	    effects->n_moves != effect->n_moves)
		return "one event is not one effect with all that was added";
	for (uint32_t i = 0; wrong == NULL && i < effects->n_named; i++)
		wrong = take_named(ledger, effects, &effects->named[i]);
	if (wrong == NULL && effect->rule == DBK_RULE_NONE)
		wrong = take_order(ledger, effect->order, order);
	if (wrong == NULL)
		wrong = take_postings(ledger, effects, effect);
	return wrong != NULL ? wrong : take_moves(ledger, effects, effect);
}

/* ----------------------------------------------------------------------- writing */

void
ledger_write_text(struct dbk_str text, struct dbk_buf *out)
{
	dbk_buf_put_u8(out, '"');
	for (uint32_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.bytes[i];

		if (c >= 0x20 && c != 0x7f && c != '"' && c != '\\')
			dbk_buf_put_u8(out, c);
		else
			dbk_buf_printf(out, "\\u%04x", c);
	}
	dbk_buf_put_u8(out, '"');
}

static void
write_name(const struct ledger_name *name, struct dbk_buf *out)
{
	ledger_write_text(dbk_str_make(name->text, name->size), out);
}

static void
write_posting(const struct ledger *ledger, const struct dbk_posting *posting,
	      uint32_t order, struct dbk_buf *out)
{
	const struct ledger_name *owner =
	    posting->account == 0 ? &ledger->orders[order].name
				  : &ledger->accounts[posting->account].owner;

	dbk_buf_printf(out, "[%u,", dbk_account_kind(posting->code)->number);
	write_name(owner, out);
	dbk_buf_printf(out, ",%lld,%u,%u]", (long long)posting->amount, posting->cause,
		       posting->ref);
}

static void
write_account(uint8_t code, const struct ledger_name *owner, int64_t amount,
	      struct dbk_buf *out)
{
	dbk_buf_printf(out, "[%u,", dbk_account_kind(code)->number);
	write_name(owner, out);
	dbk_buf_printf(out, ",%lld]", (long long)amount);
}

static void
write_position(const struct ledger *ledger, const struct ledger_position *position,
	       struct dbk_buf *out)
{
	static const struct ledger_name none;
	const struct ledger_holder *holder = &ledger->holders[position->holder];

	dbk_buf_printf(out, "%u,", holder->kind);
	write_name(&holder->name, out);
	dbk_buf_put_u8(out, ',');
	write_name(&ledger->skus[position->sku], out);
	dbk_buf_put_u8(out, ',');
	write_name(position->lot == 0 ? &none : &ledger->lots[position->lot], out);
	dbk_buf_printf(out, ",%u", position->place);
}

static void
write_comma(bool wanted, struct dbk_buf *out)
{
	if (wanted)
		dbk_buf_put_u8(out, ',');
}

/* What gates said of a restock, what would have passed, and numbers of findings. */
static void
write_checks(const struct dbk_effects *effects, struct dbk_buf *out)
{
	dbk_buf_printf(out, ",\"checks\":[");
	for (uint32_t i = 0; i < effects->n_checks; i++) {
		const struct dbk_check *check = &effects->checks[i];

		write_comma(i > 0, out);
		dbk_buf_printf(out, "[%u,%u,%s,%lld,%lld]", check->guard, check->mode,
			       check->passed ? "true" : "false",
			       (long long)check->measured, (long long)check->limit);
	}
	dbk_buf_printf(out, "],\"would_pass\":%lld,\"findings\":[",
		       (long long)effects->effects[0].would_pass);
	for (uint32_t i = 0; i < effects->n_findings; i++) {
		write_comma(i > 0, out);
		dbk_buf_printf(out, "%u", effects->findings[i]);
	}
	dbk_buf_put_u8(out, ']');
}

void
ledger_write_effects(const struct ledger *ledger, const struct dbk_effects *effects,
		     struct dbk_buf *out)
{
	uint32_t order = effects->effects[0].order;

	dbk_buf_printf(out, ",\"late\":%s,\"prior\":%s,\"postings\":[",
		       effects->effects[0].late ? "true" : "false",
		       effects->effects[0].prior_period ? "true" : "false");
	for (uint32_t i = 0; i < effects->n_postings; i++) {
		write_comma(i > 0, out);
		write_posting(ledger, &effects->postings[i], order, out);
	}
	dbk_buf_printf(out, "],\"moves\":[");
	for (uint32_t i = 0; i < effects->n_moves; i++) {
		const struct dbk_position_move *move = &effects->moves[i];

		write_comma(i > 0, out);
		dbk_buf_printf(out, "[%u,", move->kind);
		write_position(ledger, &ledger->positions[move->position], out);
		dbk_buf_printf(out, ",%lld,%lld,%lld,%lld]", (long long)move->amount,
			       (long long)move->units, (long long)move->on_hand,
			       (long long)move->value);
	}
	dbk_buf_put_u8(out, ']');
	write_checks(effects, out);
}

static void
write_accounts(const struct ledger *ledger, struct dbk_buf *out)
{
	bool comma = false;

	for (uint32_t i = 1; i <= ledger->n_accounts; i++) {
		write_comma(comma, out);
		write_account(ledger->accounts[i].code, &ledger->accounts[i].owner,
			      ledger->accounts[i].balance, out);
		comma = true;
	}
	for (uint32_t i = 1; i <= ledger->n_orders; i++) {
		for (uint8_t code = 1; code < DBK_ACCOUNT_CODES; code++) {
			if (ledger->orders[i].balances[code] == 0)
				continue;
			write_comma(comma, out);
			write_account(code, &ledger->orders[i].name,
				      ledger->orders[i].balances[code], out);
			comma = true;
		}
	}
}

void
ledger_write(const struct ledger *ledger, struct dbk_buf *out)
{
	dbk_buf_printf(out, "{\"accounts\":[");
	write_accounts(ledger, out);
	dbk_buf_printf(out, "],\"positions\":[");
	for (uint32_t i = 1; i <= ledger->n_positions; i++) {
		write_comma(i > 1, out);
		dbk_buf_put_u8(out, '[');
		write_position(ledger, &ledger->positions[i], out);
		dbk_buf_printf(out, ",%lld]", (long long)ledger->positions[i].on_hand);
	}
	dbk_buf_printf(out, "]}");
}
