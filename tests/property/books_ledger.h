#ifndef DAYBOOK_TESTS_PROPERTY_BOOKS_LEDGER_H
#define DAYBOOK_TESTS_PROPERTY_BOOKS_LEDGER_H

/*
 * books_ledger.h -- what a reader of effects alone knows of the books: names,
 * balances and positions, added up from what each event brought.
 *
 * It holds the effects to their contract: ids dense and in order of appearance,
 * postings of an event sum to 0, every figure "afterwards" is what the sum says.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/limits.h>

#include "base/buf.h"
#include "base/str.h"
#include "books/effects.h"

#define LEDGER_ROWS_MAX 8192

struct ledger_name {
	char text[DBK_ID_BYTES_MAX];
	uint32_t size;
};

struct ledger_account {
	struct ledger_name owner;
	uint8_t code;
	int64_t balance;
};

struct ledger_order {
	struct ledger_name name;
	int64_t balances[DBK_ACCOUNT_CODES];
};

struct ledger_holder {
	struct ledger_name name;
	uint8_t kind;
};

struct ledger_position {
	uint32_t holder, sku, lot;
	uint8_t place;
	int64_t on_hand;
};

/* Rows start at 1, as ids do; N_ is the largest id. */
struct ledger {
	struct ledger_account accounts[LEDGER_ROWS_MAX];
	struct ledger_order orders[LEDGER_ROWS_MAX];
	struct ledger_holder holders[LEDGER_ROWS_MAX];
	struct ledger_name skus[LEDGER_ROWS_MAX];
	struct ledger_name lots[LEDGER_ROWS_MAX];
	struct ledger_position positions[LEDGER_ROWS_MAX];
	uint32_t n_accounts, n_orders, n_holders, n_skus, n_lots, n_positions;
};

/*
 * Take in the effect of one event; ORDER is the order it names, or empty.  A refused
 * one brings what fell due before it.  NULL, or a static text that says how the effects
 * break their contract.
 */
const char *ledger_take(struct ledger *ledger, const struct dbk_effects *effects,
			struct dbk_str order);

/* Append ,"postings":[...],"moves":[...] of the one event in EFFECTS. */
void ledger_write_effects(const struct ledger *ledger,
			  const struct dbk_effects *effects, struct dbk_buf *out);

/* Append {"accounts":[...],"positions":[...]}. */
void ledger_write(const struct ledger *ledger, struct dbk_buf *out);

/* Append TEXT as a JSON string; its encoding is left as it is. */
void ledger_write_text(struct dbk_str text, struct dbk_buf *out);

#endif
