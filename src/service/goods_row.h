#ifndef DBK_SERVICE_GOODS_ROW_H
#define DBK_SERVICE_GOODS_ROW_H

/*
 * goods_row.h -- the measures of an agent and a sku, or of all its skus, added up from
 * items of a stock walk: GOODS.md, Measures.  Not for use outside this folder.
 */

#include <stdbool.h>
#include <stdint.h>

#include "service/stock_walk.h"

#define DBK_GOODS_AGES (DBK_LOOK_AGES + 1)

struct dbk_goods_row {
	uint32_t agent, sku; /* sku 0: all */
	uint32_t tier;	     /* the lowest of its positions that is known; all: 0 */
	int64_t stock, in_transit, incoming;
	int64_t open, received, sold, passed;
	int64_t aged[DBK_GOODS_AGES];
	int64_t value;
};

/* Put the N items of one agent in the order that dbk_goods_row_next() wants. */
void dbk_goods_row_sort(struct dbk_stock_item *items, uint32_t n);

/*
 * Add up the items of the sku that *AT stands at, of N, and move *AT behind them.
 * False: none of it is or was held, it is only on its way, and OUT is left alone.
 */
bool dbk_goods_row_next(const struct dbk_stock_item *items, uint32_t n, uint32_t *at,
			struct dbk_goods_row *out);

/* Add what ROW has to OUT, of the same agent. */
void dbk_goods_row_add(struct dbk_goods_row *out, const struct dbk_goods_row *row);

/* The ratios of ROW over a window of DAYS; -1: nothing to sell, nothing sold. */
int64_t dbk_goods_row_sell_through_ppm(const struct dbk_goods_row *row);
int64_t dbk_goods_row_cover_days(const struct dbk_goods_row *row, uint32_t days);
int64_t dbk_goods_row_purchase_to_sales_ppm(const struct dbk_goods_row *row);

#endif
