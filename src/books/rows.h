#ifndef DBK_BOOKS_ROWS_H
#define DBK_BOOKS_ROWS_H

/*
 * rows.h -- the resident rows of the books.
 *
 * Fixed-size, without pointers: rows refer to each other by dense ids, 0 is none.  A row
 * that has a name begins with it (base/names.h).  Rows are saved as they stand in memory
 * on this machine; the digest does not depend on the layout (digest.h).
 */

#include <stdint.h>

enum dbk_space {
	DBK_SPACE_TAG = 1, /* channels, regions, psps, ranks, campaigns */
	DBK_SPACE_AGENT,
	DBK_SPACE_CUSTOMER,
	DBK_SPACE_BINDING,
	DBK_SPACE_SKU,
	DBK_SPACE_LOT,
	DBK_SPACE_LOCATION,
	DBK_SPACE_ORDER,
	DBK_SPACE_REFUND,
	DBK_SPACE_SOURCE,
	/* From here on not names but composite keys in the same index. */
	DBK_SPACE_GOOD,
	DBK_SPACE_POSITION,
	DBK_SPACE_ACCOUNT,
	DBK_SPACE_EVENT_KEY
};

/* The one row of the book as a whole. */
struct dbk_row_book {
	uint32_t name; /* of a tag */
	uint32_t open;
	char currency[4];
	uint32_t exponent;
	int32_t utc_offset_minutes;
	uint32_t semantics;
	int64_t opened_at;
	int64_t clock;
	uint64_t accepted;
	uint64_t refused;
};

struct dbk_row_tag {
	uint32_t name;
};

enum dbk_agent_state { DBK_AGENT_ACTIVE = 1, DBK_AGENT_SUSPENDED, DBK_AGENT_TERMINATED };

struct dbk_row_agent {
	uint32_t name;
	uint32_t sponsor;
	uint32_t first_recruit, next_sibling, previous_sibling;
	uint32_t n_recruits;
	uint32_t n_customers; /* bound now */
	uint32_t rank;	      /* tag */
	uint32_t holder;
	uint32_t revision; /* of the verification, 0: never */
	uint32_t state;	   /* enum dbk_agent_state */
	uint32_t enrolled_position;
	uint32_t pending_account; /* of comm.pending, 0: none yet */
	uint32_t padding;
	int64_t enrolled_at;
};

struct dbk_row_customer {
	uint32_t name;
	uint32_t agent;	  /* bound to, 0: nobody or the brand */
	uint32_t binding; /* in force or expired, 0: none */
	uint32_t referrer_customer, referrer_agent;
	uint32_t n_orders;
	int64_t expires_at; /* of the binding, DBK_TIME_ABSENT: never */
};

struct dbk_row_binding {
	uint32_t name;
	uint32_t customer;
};

struct dbk_row_sku {
	uint32_t name;
	uint32_t revision;
	uint32_t return_window_days;
	uint32_t not_commissionable;
	int64_t list_price, factory_price;
};

struct dbk_row_lot {
	uint32_t name;
	uint32_t sku;
	int64_t qty;
	int64_t expires_on;
};

struct dbk_row_location {
	uint32_t name;
	uint32_t holder;
};

/* Whoever has positions: an agent or a location. */
struct dbk_row_holder {
	uint32_t kind; /* enum dbk_holder_kind */
	uint32_t owner;
};

/* A sku and, where given, a lot: what a unit is a unit of.  The sums are the other
 * sides of all movements, so supply + transit + consumed + difference + positions = 0. */
struct dbk_row_good {
	uint32_t sku, lot;
	int64_t supply;	     /* negative: what the brand has sent out, net */
	int64_t transit;     /* on the way to buyers */
	int64_t consumed[4]; /* by enum dbk_consume_kind - 1 */
	int64_t difference;  /* negative of what counts have found */
};

struct dbk_row_position {
	uint32_t holder, good, place, padding;
	int64_t on_hand, in_transit;
};

struct dbk_row_account {
	uint32_t owner; /* tag or agent, by the kind of the code */
	uint32_t code;	/* enum dbk_account_code */
	int64_t debits, credits;
};

/* Sums of all owners of one code; row = code. */
struct dbk_row_control {
	int64_t debits, credits;
};

enum dbk_order_flags {
	DBK_ORDER_CANCELLED = 1,
	DBK_ORDER_DIRECT = 2, /* paid outside the platform: goods move, money does not */
	DBK_ORDER_ISSUED = 4  /* a restock order that stock documents have answered */
};

struct dbk_row_order {
	uint32_t name;
	uint8_t kind, fulfilment, flags, padding;
	uint32_t seller;    /* agent */
	uint32_t buyer;	    /* customer; an agent for SELF and RESTOCK */
	uint32_t channel;   /* tag */
	uint32_t ship_from; /* holder, 0: supply */
	uint32_t first_line;
	uint16_t n_lines; /* the shipping line included */
	uint16_t n_open;  /* lines of goods not yet received */
	uint32_t placed_position;
	uint32_t padding2;
	int64_t total, paid, escrow, refund_payable, refunded;
};

enum dbk_line_flags {
	DBK_LINE_RECEIVED = 1,
	DBK_LINE_RECOGNISED = 2 /* its revenue has left escrow */
};

/* Line 0, if there is one, is the shipping: an amount without goods. */
struct dbk_row_line {
	uint32_t good;
	uint16_t line;
	uint8_t flags;
	uint8_t n_shipments;
	uint32_t shipment; /* newest */
	uint32_t origin;   /* position of the units that no shipment was reported for */
	int64_t qty, amount;
	int64_t shipped;  /* in transit */
	int64_t returned; /* units refunded, before or after receipt */
	int64_t refunded;
};

struct dbk_row_shipment {
	uint32_t next;	   /* older one of the same line */
	uint32_t position; /* 0: supply */
	uint32_t good;
	uint32_t padding;
	int64_t qty;	   /* still in transit */
	int64_t delivered; /* with the buyer, not returned */
};

enum dbk_refund_state {
	DBK_REFUND_REQUESTED = 1,
	DBK_REFUND_REJECTED,
	DBK_REFUND_APPROVED,
	DBK_REFUND_PAID
};

struct dbk_row_refund {
	uint32_t name;
	uint32_t order;
	uint32_t line; /* row */
	uint32_t state;
	int64_t amount, qty; /* requested, then approved */
};

/* A producer: what has been delivered, for repeats and gaps. */
struct dbk_row_source {
	uint32_t name;
	uint32_t replies; /* first of DBK_SOURCE_REPLIES_KEPT reply rows, 0: none */
	uint64_t last_batch_seq;
	uint64_t batches, accepted, duplicates, refused, invalid;
};

/* Where the reply to a batch stands: group of the log, its first position, place in it. */
struct dbk_row_reply {
	uint64_t batch_seq;
	uint32_t group;
	uint32_t position;
	uint32_t index;
	uint32_t padding;
};

#endif
