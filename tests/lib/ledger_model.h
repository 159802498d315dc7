#ifndef DAYBOOK_TESTS_LEDGER_MODEL_H
#define DAYBOOK_TESTS_LEDGER_MODEL_H

/*
 * ledger_model.h -- a ledger in plain arrays: effects made up by chance, and every
 * figure that follows from them by going through all.
 *
 * Accounts, positions, holders, skus, lots and orders come into being as events need
 * them.  Some events are late, some refused, some have more entries than fit one part
 * of the view's history.  Postings are made up one by one and need not sum to 0.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/effects.h"
#include "views/figures.h"

#include "../tests/lib/random_message.h"

#define MODEL_ORDERS_MAX 4096
#define MODEL_OWNED_CODES 3
extern const uint8_t model_owned_codes[MODEL_OWNED_CODES];

struct model_shape {
	uint32_t accounts, holders, skus, lots, orders; /* at most */
	uint32_t late_percent, refused_percent, big_percent;
	int64_t late_us; /* at most this late */
};

struct model_account {
	uint8_t code;
	char owner[24];
	int64_t balance;
};

struct model_position {
	uint32_t holder, sku, lot;
	uint8_t place;
	int64_t on_hand, in_transit;
};

struct model_holder {
	uint8_t kind;
	char name[24];
};

struct model {
	struct random_source source;
	struct model_shape shape;
	struct dbk_effects all; /* every event so far */
	uint32_t *named_until;	/* named of events 0 to I: below named_until[I] */
	uint32_t cap_named_until;
	struct model_account *accounts; /* from 1, as all dense ids */
	struct model_position *positions;
	struct model_holder *holders;
	uint32_t n_accounts, n_positions, n_holders, n_skus, n_lots, n_orders;
	int64_t owned[MODEL_ORDERS_MAX][MODEL_OWNED_CODES];
	int64_t clock;
};

void model_init(struct model *model, const struct model_shape *shape, uint64_t seed);
void model_fini(struct model *model);

/* N more events. */
void model_grow(struct model *model, uint32_t n);

/* Events [FIRST, LAST) as the group that a writer hands over, with their names. */
void model_group(const struct model *model, uint32_t first, uint32_t last,
		 struct dbk_effects *out);

/* What counts as of the first SIZE events and the time TIME (INT64_MAX: any). */
struct model_cut {
	uint64_t size;
	int64_t time;
};

bool model_has(const struct model *model, uint32_t event, struct model_cut cut);

struct model_sums {
	struct dbk_money_figures money;
	struct dbk_stock_figures stock;
	uint64_t n;
};

/* Of an account (0: all accounts of CODE), of an order's CODE, of a position. */
struct model_sums model_account_sums(const struct model *model, uint32_t account,
				     uint8_t code, struct model_cut cut);
struct model_sums model_order_sums(const struct model *model, uint32_t order,
				   uint8_t code, struct model_cut cut);
struct model_sums model_position_sums(const struct model *model, uint32_t position,
				      struct model_cut cut);

/* "sku-3", "lot-2": the names of dense ids; static memory for the next call but three.
 */
const char *model_sku_name(uint32_t sku);
const char *model_lot_name(uint32_t lot);

#endif
