#ifndef DBK_BOOKS_EFFECTS_H
#define DBK_BOOKS_EFFECTS_H

/*
 * effects.h -- what the core derives from one record: postings in money, movements in
 * goods, and the names that they introduce.
 *
 * The writer fills one struct dbk_effects per group of records and hands it, after the
 * commit, to the projection workers, who never look into the books themselves.  It is
 * plain arrays that are reused; nothing in it points into the books.
 *
 * Thread: built by the thread that owns the books, then given away whole.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "books/accounts.h"
#include "event/event.h"
#include "event/verdict.h"

/* Why goods moved, seen from the position whose chain the movement is on.  Kept in
 * views: only append. */
enum dbk_movement {
	DBK_MOVE_NONE = 0,
	DBK_MOVE_RECEIVED,	/* in: from supply, a location or an upline */
	DBK_MOVE_SHIPPED,	/* out of on_hand into transit to a buyer */
	DBK_MOVE_SOLD,		/* to a consumer: out of transit (amount 0) or on_hand */
	DBK_MOVE_PASSED_DOWN,	/* out: to another holder */
	DBK_MOVE_SELF_USED,	/* out */
	DBK_MOVE_SAMPLED,	/* out */
	DBK_MOVE_LOST,		/* out */
	DBK_MOVE_RETURNED,	/* out: back to the brand */
	DBK_MOVE_TAKEN_BACK,	/* in: a consumer gave the goods back */
	DBK_MOVE_UNSHIPPED,	/* out of transit back to on_hand, refund before receipt */
	DBK_MOVE_COUNTED,	/* the difference that a count found, either way */
	DBK_MOVE_RELOCATED,	/* between places of one holder, either way */
	DBK_MOVE_KINDS
};

/* Why money moved, for statements.  Kept in views: only append.  What a cause's REF
 * names is said behind it. */
enum dbk_cause {
	DBK_CAUSE_EVENT = 0,   /* the event says it; no ref */
	DBK_CAUSE_ACCRUED,     /* order: a commission came into being */
	DBK_CAUSE_PROCEEDS,    /* order: an agent's own goods were received */
	DBK_CAUSE_RECOGNISED,  /* order: its cost met its revenue */
	DBK_CAUSE_MATURED,     /* order: pending became available (or held) */
	DBK_CAUSE_HELD,	       /* order, 0 if none */
	DBK_CAUSE_RELEASED,    /* order, 0 if none */
	DBK_CAUSE_REVERSED,    /* order: a refund or chargeback took it back */
	DBK_CAUSE_NETTED,      /* order, 0 if none: a credit paid off a claw-back */
	DBK_CAUSE_BONUS,       /* 0 */
	DBK_CAUSE_ADJUSTED,    /* 0 */
	DBK_CAUSE_RECRUITED,   /* 0: paid for a recruit or a fee */
	DBK_CAUSE_REPAID,      /* 0: the agent paid a claw-back */
	DBK_CAUSE_WRITTEN_OFF, /* 0 */
	DBK_CAUSE_DRAWN,       /* payout: available was reserved */
	DBK_CAUSE_GIVEN_BACK,  /* payout: rejected, cancelled, failed */
	DBK_CAUSE_TAX,	       /* payout: withheld */
	DBK_CAUSE_TAX_BACK,    /* payout: given back */
	DBK_CAUSE_SENT,	       /* payout: reserved went in transit */
	DBK_CAUSE_PAID,	       /* payout: left the bank */
	DBK_CAUSE_RETURNED,    /* payout: came back to the bank */
	DBK_CAUSES
};

/* One posting.  OWNER_ACCOUNT is the dense id of the account's row, or 0 when the
 * account is owned by the event's order. */
struct dbk_posting {
	uint8_t code;	  /* enum dbk_account_code */
	uint8_t cause;	  /* enum dbk_cause */
	uint32_t account; /* 0: order-owned */
	uint32_t ref;	  /* dense id of an order or a payout; 0: none, or the event's order */
	int64_t amount;	  /* debit +, credit - */
	int64_t balance;  /* of this owner's account afterwards */
};

/* One movement on the chain of a position (holder, sku, lot, place). */
struct dbk_position_move {
	uint8_t kind;	   /* enum dbk_movement */
	uint32_t position; /* dense id of the position's row, from 1 */
	int64_t amount;	   /* change of on_hand */
	int64_t units;	   /* units concerned, > 0 (COUNTED: the difference, signed) */
	int64_t on_hand;   /* of the position afterwards */
	int64_t value;	   /* RECEIVED: units * unit price; else 0 */
};

/* One record, in order of position.  Its postings and moves stand at [first, first+n). */
struct dbk_effect {
	uint64_t position;
	int64_t effective_at;
	int64_t clock;	      /* of the book, after this record */
	enum dbk_event_type type;
	enum dbk_rule rule;   /* DBK_RULE_NONE: accepted; else refused by it */
	bool late;	      /* effective_at lay before the clock */
	bool prior_period;    /* effective_at lies in a closed period */
	uint32_t order;	      /* dense id from 1, 0: no order concerned */
	uint32_t first_posting, n_postings;
	uint32_t first_move, n_moves;
	uint32_t first_check, n_checks;	    /* of a restock that was asked for */
	uint32_t first_finding, n_findings; /* that this record raised or added to */
	int64_t would_pass; /* with checks: the largest quantity */
};

/* What one gate said of a restock. */
struct dbk_check {
	uint8_t guard; /* enum dbk_guard */
	uint8_t mode;  /* enum dbk_guard_mode, not off */
	bool passed;
	int64_t measured, limit;
};

/* A dense id that came into being with this group.  Names are in the effects' NAMES
 * buffer at [name_at, name_at + name_size). */
enum dbk_named_kind {
	DBK_NAMED_ACCOUNT = 1, /* id: account; code, name of the owner */
	DBK_NAMED_HOLDER = 2,  /* id: holder; holder_kind, name */
	DBK_NAMED_SKU = 3,     /* id: sku; name */
	DBK_NAMED_LOT = 4,     /* id: lot; name */
	DBK_NAMED_POSITION = 5 /* id: position; holder, sku, lot, place */
};

struct dbk_named {
	uint8_t kind;	     /* enum dbk_named_kind */
	uint8_t code;	     /* ACCOUNT: enum dbk_account_code */
	uint8_t holder_kind; /* HOLDER: enum dbk_holder_kind */
	uint8_t place;	     /* POSITION: enum dbk_place */
	uint32_t id;	     /* dense from 1, per kind, in order of appearance */
	uint32_t holder, sku, lot; /* POSITION: dense ids; lot 0: none */
	uint32_t name_at, name_size;
};

struct dbk_effects {
	uint64_t size_before; /* records in the log before this group */
	uint64_t size_after;
	struct dbk_effect *effects;
	struct dbk_posting *postings;
	struct dbk_position_move *moves;
	struct dbk_named *named;
	struct dbk_check *checks;
	uint32_t *findings; /* rows */
	uint32_t n_effects, n_postings, n_moves, n_named, n_checks, n_findings;
	uint32_t cap_effects, cap_postings, cap_moves, cap_named;
	uint32_t cap_checks, cap_findings;
	struct dbk_buf names;
	bool failed; /* sticky: memory was not granted; the group must not commit */
};

void dbk_effects_init(struct dbk_effects *effects);
void dbk_effects_fini(struct dbk_effects *effects);

/* Forget the content, keep the memory. */
void dbk_effects_reset(struct dbk_effects *effects, uint64_t size_before);

/* A point to come back to, when an event or batch is undone. */
struct dbk_effects_mark {
	uint32_t n_effects, n_postings, n_moves, n_named, n_checks, n_findings;
	size_t names_size;
};

struct dbk_effects_mark dbk_effects_mark(const struct dbk_effects *effects);
void dbk_effects_rewind(struct dbk_effects *effects, struct dbk_effects_mark mark);

/* The same for a record that is refused: what it checked stays with it. */
void dbk_effects_refuse(struct dbk_effects *effects, struct dbk_effects_mark mark);

/* Open the effect of the record at POSITION; postings and moves that follow are its. */
struct dbk_effect *dbk_effects_begin(struct dbk_effects *effects, uint64_t position);
void dbk_effects_move(struct dbk_effects *effects, struct dbk_position_move move);
void dbk_effects_name(struct dbk_effects *effects, struct dbk_named named,
		      struct dbk_str name);
void dbk_effects_check(struct dbk_effects *effects, struct dbk_check check);
void dbk_effects_finding(struct dbk_effects *effects, uint32_t finding);

/* What dbk_effects_post() does at times; not called by others. */
bool dbk_effects_grow_postings(struct dbk_effects *effects);

/* A posting of the last record, to be filled in; NULL: there is no memory. */
static inline struct dbk_posting *
dbk_effects_next_posting(struct dbk_effects *effects)
{
	if (effects->n_postings == effects->cap_postings &&
	    !dbk_effects_grow_postings(effects))
		return NULL;
	effects->effects[effects->n_effects - 1].n_postings++;
	return &effects->postings[effects->n_postings++];
}

static inline void
dbk_effects_post(struct dbk_effects *effects, struct dbk_posting posting)
{
	struct dbk_posting *to = dbk_effects_next_posting(effects);

	if (to != NULL)
		*to = posting;
}

#endif
