#ifndef DBK_BOOKS_LOOK_GOODS_H
#define DBK_BOOKS_LOOK_GOODS_H

/*
 * look_goods.h -- reading goods out of the books: what agents hold and what moved of
 * it, lots, restocks, buy-backs, shipments.  As look.h.
 */

#include "books/look.h"
#include "guard/guard.h"

/* Rows as they stand, copied. */
struct dbk_row_holder dbk_look_holder(const struct dbk_books *books, uint32_t id);
struct dbk_row_position dbk_look_position(const struct dbk_books *books, uint32_t id);
struct dbk_row_sku dbk_look_sku(const struct dbk_books *books, uint32_t id);
struct dbk_row_lot dbk_look_lot(const struct dbk_books *books, uint32_t id);
struct dbk_row_request dbk_look_request(const struct dbk_books *books, uint32_t id);
struct dbk_row_buyback dbk_look_buyback(const struct dbk_books *books, uint32_t id);
struct dbk_row_shipment dbk_look_shipment(const struct dbk_books *books, uint32_t id);

/* The good that is SKU of LOT, 0: none of it ever moved. */
uint32_t dbk_look_good_of(const struct dbk_books *books, uint32_t sku, uint32_t lot);

/* Day of the book's clock. */
uint32_t dbk_look_today(const struct dbk_books *books);

/* NUMBER of the guard set in force at the clock, whatever its terms say of single skus;
 * the default if there is none.  Goes through all sets. */
int64_t dbk_look_guard_number(const struct dbk_books *books,
			      enum dbk_guard_number number);

/* Ages that stock is told by, in days. */
#define DBK_LOOK_AGES 4
extern const uint32_t dbk_look_ages[DBK_LOOK_AGES];

/* A position of an agent, and what moved of it in a window: what measures.c adds up. */
struct dbk_look_stock {
	uint32_t sku, good;
	uint32_t tier; /* 0: unknown */
	int64_t on_hand, in_transit;
	int64_t received, change, sold, passed; /* of the window */
	int64_t received_lately[DBK_LOOK_AGES]; /* of so many last days */
};

/* POSITION over the DAYS days that end today, at least 1.  Gives how many rows it
 * looked at. */
uint32_t dbk_look_stock(const struct dbk_books *books, uint32_t position, uint32_t days,
			struct dbk_look_stock *out);

/* Red findings on AGENT that are not resolved. */
uint32_t dbk_look_red(const struct dbk_books *books, uint32_t agent);

#endif
