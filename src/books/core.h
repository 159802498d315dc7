#ifndef DBK_BOOKS_CORE_H
#define DBK_BOOKS_CORE_H

/*
 * core.h -- what the files of src/books share: the tables, and the decision under way.
 * Not for use outside this folder.
 */

#include "base/names.h"
#include "base/rows.h"
#include "books/accounts.h"
#include "books/books.h"
#include "books/rows.h"
#include "books/save.h"

#include <daybook/limits.h>

struct dbk_books {
	struct dbk_journal journal;
	struct dbk_names names; /* and the index of all composite keys */
	struct dbk_rows book;	/* one row */
	struct dbk_rows tags, agents, customers, bindings, skus, lots, locations;
	struct dbk_rows holders, goods, positions, accounts, controls;
	struct dbk_rows orders, lines, shipments, refunds, sources, replies;
	dbk_books_history_fn *history;
	void *history_context;

	/* The save that runs. */
	dbk_books_spill_fn *save_spill;
	void *save_context;
	uint32_t save_table;
};

/* One event being decided. */
struct dbk_decision {
	struct dbk_books *books;
	const struct dbk_event *event;
	struct dbk_effects *effects;
	struct dbk_refusal *refusal;
	uint32_t position;
	uint32_t order; /* concerned, 0: none */
};

/* A step of a decision: true to go on; false: refused, *d->refusal says why.  A step may
 * change the books before it refuses, the caller undoes that. */
typedef bool dbk_decide_fn(struct dbk_decision *d);

/* Fill in the refusal; gives false, so that `return dbk_refuse(...)` reads well. */
bool dbk_refuse(struct dbk_decision *d, enum dbk_rule rule, struct dbk_field field,
		struct dbk_str value);
bool dbk_refuse_measured(struct dbk_decision *d, enum dbk_rule rule,
			 struct dbk_field field, int64_t measured, int64_t limit);

static inline struct dbk_field
dbk_field(const char *name)
{
	struct dbk_field field = { name, DBK_NO_INDEX, NULL };

	return field;
}

static inline struct dbk_field
dbk_field_of(const char *name, uint32_t index, const char *member)
{
	struct dbk_field field = { name, index, member };

	return field;
}

/* The row of a table, typed. */
#define DBK_ROW(books, table, type, id)                                                  \
	((const struct dbk_row_##type *)dbk_rows_row(&(books)->table, (id)))
#define DBK_TOUCH(books, table, type, id)                                                \
	((struct dbk_row_##type *)dbk_rows_touch(&(books)->table, (id)))

/* The id of NAME in SPACE, made if need be; 0 with *d->refusal set at the limit.  An
 * empty name is id 0 and is not made. */
bool dbk_intern(struct dbk_decision *d, uint32_t space, struct dbk_str name,
		uint32_t *out_id);

/* ---- catalogue.c, network.c, customers.c: reference data and people */
dbk_decide_fn dbk_decide_book_opened, dbk_decide_sku_defined, dbk_decide_lot_registered;
dbk_decide_fn dbk_decide_agent_enrolled, dbk_decide_agent_verified;
dbk_decide_fn dbk_decide_sponsor_changed, dbk_decide_rank_changed, dbk_decide_agent_step;
dbk_decide_fn dbk_decide_customer_bound, dbk_decide_customer_unbound;
dbk_decide_fn dbk_decide_referral_recorded;

/* An agent by name who must be enrolled, and active if ACTIVE. */
bool dbk_agent_find(struct dbk_decision *d, struct dbk_field field, struct dbk_str name,
		    bool active, uint32_t *out_agent);
bool dbk_customer_intern(struct dbk_decision *d, struct dbk_str name, uint32_t *out);

/* The good of a sku and, if not empty, a lot, by name. */
bool dbk_good_find(struct dbk_decision *d, struct dbk_field sku_field,
		   struct dbk_field lot_field, struct dbk_str sku, struct dbk_str lot,
		   uint32_t *out_good);

/* ---- accounts.c: postings */
bool dbk_post(struct dbk_decision *d, enum dbk_account_code code, uint32_t owner,
	      int64_t amount);
bool dbk_post_order(struct dbk_decision *d, enum dbk_account_code code, uint32_t order,
		    int64_t amount);

/* ---- positions.c: movements; all quantities above 0 unless said */

/* A holder by what an event says; supply is 0.  Locations are made, agents must exist
 * and be active if ACTIVE. */
bool dbk_holder_find(struct dbk_decision *d, struct dbk_field field,
		     const struct dbk_holder *holder, bool active, uint32_t *out_holder);
bool dbk_agent_holder(struct dbk_decision *d, uint32_t agent, uint32_t *out_holder);

/* The position, made if need be.  HOLDER 0 gives position 0: the supply. */
bool dbk_position_find(struct dbk_decision *d, uint32_t holder, uint32_t good,
		       uint32_t place, uint32_t *out_position);

/* Add UNITS to SUM, the supply or the difference of a good: the sides that goods come
 * from.  Refuses AMOUNT_OVERFLOW on FIELD. */
bool dbk_good_bring(struct dbk_decision *d, struct dbk_field field, int64_t *sum,
		    int64_t units);

/* Change on_hand of POSITION by AMOUNT for reason KIND; position 0 changes the good's
 * supply instead.  Refuses STOCK_INSUFFICIENT on FIELD below 0. */
bool dbk_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
	      uint32_t position, uint32_t good, int64_t amount, int64_t units,
	      int64_t value);

/* ---- trade */
dbk_decide_fn dbk_decide_sale_recorded, dbk_decide_order_placed;
dbk_decide_fn dbk_decide_order_cancelled, dbk_decide_order_paid, dbk_decide_psp_settled;
dbk_decide_fn dbk_decide_goods_shipped, dbk_decide_receipt_confirmed;
dbk_decide_fn dbk_decide_refund_requested, dbk_decide_refund_rejected;
dbk_decide_fn dbk_decide_refund_approved, dbk_decide_refund_paid;

/* Enter a new order with its lines. */
bool dbk_order_place(struct dbk_decision *d, const struct dbk_sale *sale,
		     uint32_t *out_order);

/* Move to revenue what is received and paid; nothing before the order is paid whole. */
bool dbk_order_recognise(struct dbk_decision *d, uint32_t order);

/* An order by name; refuses unknown and cancelled ones.  Ties the event to it. */
bool dbk_order_refer(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order);

/* The same for a step of its trade; refuses ORDER_ISSUED as well. */
bool dbk_order_find(struct dbk_decision *d, struct dbk_str name, uint32_t *out_order);

/* The row of line number LINE of ORDER, 0 if there is none. */
uint32_t dbk_order_line(const struct dbk_books *books, uint32_t order, uint32_t line);

/* Money for ORDER has come in by psp.  The key of the payment is free (checked). */
bool dbk_order_pay(struct dbk_decision *d, uint32_t order, struct dbk_str psp,
		   int64_t amount);

/* Receive every line that is open (LINE_ROW 0) or one. */
bool dbk_order_receive(struct dbk_decision *d, uint32_t order, uint32_t line_row);

/* Put UNITS of a line that are in transit back where they came from. */
bool dbk_line_unship(struct dbk_decision *d, uint32_t line_row, int64_t units);

/* The account that a line's revenue goes to, and that a return is taken from. */
void dbk_order_revenue(const struct dbk_books *books, uint32_t order, bool returns,
		       enum dbk_account_code *out_code, uint32_t *out_owner);

/* ---- under which things that have no name stand in the index */
uint64_t dbk_good_hash(const struct dbk_books *books, uint32_t sku, uint32_t lot);
uint64_t dbk_position_hash(const struct dbk_books *books, uint32_t holder, uint32_t good,
			   uint32_t place);

/* ---- documents.c: stock */
dbk_decide_fn dbk_decide_stock_issued, dbk_decide_stock_transferred;
dbk_decide_fn dbk_decide_stock_consumed, dbk_decide_stock_returned;
dbk_decide_fn dbk_decide_stock_counted;

/* ---- keys.c */

enum dbk_key_state { DBK_KEY_FREE, DBK_KEY_HELD, DBK_KEY_UNREADABLE };

struct dbk_key;

/* True for the events whose key is the name of the order that they place. */
bool dbk_key_is_order(const struct dbk_event *event);

/* Who holds the own KEY of EVENT; as dbk_key_find(). */
enum dbk_key_state dbk_key_find_own(struct dbk_books *books,
				    const struct dbk_event *event,
				    const struct dbk_key *key, struct dbk_arena *arena,
				    uint64_t *out_position,
				    struct dbk_event *out_original);

/* Who holds KEY; *OUT_ORIGINAL is that event, opened in ARENA. */
enum dbk_key_state dbk_key_find(struct dbk_books *books, const struct dbk_key *key,
				struct dbk_arena *arena,
				uint64_t *out_position,
				struct dbk_event *out_original);
uint64_t dbk_key_hash(const struct dbk_books *books, const struct dbk_key *key);
void dbk_key_add(struct dbk_books *books, const struct dbk_key *key, uint64_t position);

#endif
