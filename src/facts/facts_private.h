#ifndef DBK_FACTS_FACTS_PRIVATE_H
#define DBK_FACTS_FACTS_PRIVATE_H

/*
 * facts_private.h -- what the files of this folder share.
 *
 * Each tells the facts of one domain; all are asked once for a record, after it was
 * decided, and only if it was accepted.
 */

#include "books/look.h"
#include "facts/facts.h"
#include "facts/kept.h"

/* An earning of the order that a record may reverse, as it was. */
struct dbk_earning_before {
	uint32_t earning;
	int64_t reversed;
};

/* What a record may give back, as it was; ORDER 0: it gives nothing back. */
struct dbk_order_before {
	uint32_t order;
	int64_t refunded, returned; /* of goods: without the shipping */
	struct dbk_earning_before *earnings;
	uint32_t n_earnings, cap_earnings;
};

struct dbk_facts {
	const struct dbk_books *books;
	dbk_facts_fn *tell;
	void *context;
	struct dbk_kept kept;
	struct dbk_order_before before;
	uint32_t n_earnings, n_customers; /* that have been seen */
	/* Of the record that is told now. */
	const struct dbk_event *event;
	const struct dbk_effects *effects;
	const struct dbk_effect *effect;
};

/* A fact of the record that is told now. */
static inline struct dbk_fact
dbk_facts_new(const struct dbk_facts *f, enum dbk_fact_kind kind)
{
	return (struct dbk_fact){ .kind = (uint8_t)kind,
				  .position = f->effect->position,
				  .at = f->event->effective_at };
}

static inline enum dbk_err
dbk_facts_tell(const struct dbk_facts *f, const struct dbk_fact *fact)
{
	return f->tell(f->context, fact);
}

/* The agent of this name, 0: there is none. */
static inline uint32_t
dbk_facts_agent(const struct dbk_facts *f, struct dbk_str name)
{
	return name.size == 0 ? 0 : dbk_look_find(f->books, DBK_SPACE_AGENT, name);
}

/* What an event says itself. */
typedef enum dbk_err dbk_told_fn(struct dbk_facts *f);

/* People: facts_people.c. */
dbk_told_fn dbk_told_agent_enrolled, dbk_told_agent_verified, dbk_told_sponsor_changed,
    dbk_told_rank_changed, dbk_told_agent_terminated, dbk_told_observation_recorded;

/* Customers who are new with this record: is any of them an agent by its name? */
enum dbk_err dbk_facts_meet_customers(struct dbk_facts *f);

/* The agent who is CUSTOMER, whatever became of it; 0: none. */
uint32_t dbk_facts_person(const struct dbk_facts *f, uint32_t customer);

/* Trade: facts_trade.c. */
dbk_told_fn dbk_told_order, dbk_told_given_back, dbk_told_stock_issued,
    dbk_told_stock_returned;

/* A sale that a flag came to or left. */
enum dbk_err dbk_facts_reclass(struct dbk_facts *f);

/* The lines of ORDER without its shipping, as they stand. */
struct dbk_order_sums {
	int64_t amount, qty;	    /* less what was given back */
	int64_t refunded, returned; /* what was */
};

struct dbk_order_sums dbk_facts_order_sums(const struct dbk_books *books,
					   const struct dbk_row_order *order);

/* What a sale is when nobody doubts it, by what was KEPT of it. */
enum dbk_sale_class dbk_facts_class(const struct dbk_row_order *order,
				    struct dbk_kept_order kept);

/* Does ORDER count as DOUBTED now? */
static inline bool
dbk_facts_is_doubted(const struct dbk_row_order *order)
{
	return (order->flags & (DBK_ORDER_LINKED | DBK_ORDER_FLAGGED)) != 0;
}

/* What the buyer of ORDER would be if it were paid now. */
struct dbk_kept_order dbk_facts_rights(const struct dbk_facts *f,
				       const struct dbk_row_order *order);

/* Rewards: facts_rewards.c. */
dbk_told_fn dbk_told_commission_reported, dbk_told_payout_settled,
    dbk_told_payout_returned;

/* The earnings of ORDER as they are before the record that may reverse them; false: no
 * memory. */
bool dbk_facts_note_earnings(struct dbk_facts *f, const struct dbk_row_order *order);

/* Earnings that are new, and what was reversed of old ones. */
enum dbk_err dbk_facts_rewards(struct dbk_facts *f);

/* Goods: facts_goods.c. */
enum dbk_err dbk_facts_goods(struct dbk_facts *f);

/* What the rules of the house did: facts_duties.c. */
dbk_told_fn dbk_told_fee_charged, dbk_told_refund_requested, dbk_told_refund_rejected,
    dbk_told_buyback_requested, dbk_told_buyback_settled, dbk_told_payout_rejected,
    dbk_told_deposit_received, dbk_told_deposit_returned, dbk_told_plan_published;
enum dbk_err dbk_facts_findings(struct dbk_facts *f);

#endif
