#ifndef DBK_FACTS_FACT_H
#define DBK_FACTS_FACT_H

/*
 * fact.h -- what happened, in the words of an examiner: who joined, who paid for what,
 * what reached a consumer, who was rewarded for whose deed.
 *
 * A record of the log gives any number of facts (facts.h); metrics are made of facts and
 * of nothing else.  src/metrics/METRICS.md has the meaning of each in words.
 */

#include <stdbool.h>
#include <stdint.h>

enum dbk_fact_kind {
	/* People.  AGENT is the one spoken of. */
	DBK_FACT_JOINED = 1, /* OTHER: sponsor, 0: none; QTY: days in which it may leave, 0:
				not said */
	DBK_FACT_MOVED,	     /* OTHER: the new sponsor, 0: none */
	DBK_FACT_LEFT,	     /* terminated */
	DBK_FACT_IDENTITY,   /* HASH: of the proof of identity; a later one replaces it */
	DBK_FACT_RANKED,     /* CODE: enum dbk_rank_ground; AMOUNT: the value it was for */
	DBK_FACT_MARKED,     /* CODE: enum dbk_mark_kind; AGENT 0: the whole book */

	/* Money that comes in. */
	DBK_FACT_FEE,	      /* AMOUNT; CODE: enum dbk_fee_kind; IS_CONDITION */
	DBK_FACT_BOUGHT,      /* by a participant: AMOUNT, QTY; CODE: enum dbk_purchase */
	DBK_FACT_BOUGHT_BACK, /* AMOUNT (money given back or credited), QTY; CODE as above */
	DBK_FACT_SOLD, /* to a consumer: AMOUNT, QTY; AGENT: seller, 0: the brand; OTHER:
			  customer, 0: not named; CODE: the agent whom the buyer was, 0:
			  none; CLASS; IS_OWN_GOODS; HASH: 1 if a flag is on it */
	DBK_FACT_SOLD_BACK, /* AMOUNT goes off, and QTY; the rest as SOLD was */
	DBK_FACT_RECLASSED, /* what stands of a sale, AMOUNT and QTY, is now CLASS and was
			       class HASH; the rest as SOLD was */

	/* Goods of agents, in base units: a movement on a position of AGENT. */
	DBK_FACT_GOODS, /* QTY > 0 (COUNTED: signed); CODE: enum dbk_movement; AMOUNT: what
			   was paid for them, 0: nothing or unknown; OTHER: the agent who
			   got or gave them, 0: none; HASH: sku */

	/* Rewards.  AGENT is paid, OTHER is the agent whose deed it is for, 0: none. */
	DBK_FACT_REWARD, /* AMOUNT; BASIS; DISTANCE; CLASS if the basis is retail; CODE: enum
			    dbk_purchase if it is a purchase; IS_POOL */
	DBK_FACT_REWARD_BACK, /* AMOUNT of such a reward was taken back */
	DBK_FACT_PAID_OUT,    /* AMOUNT left the bank for AGENT; a return is negative */

	/* What the rules of the house did. */
	DBK_FACT_REFUND_ASKED,	 /* by a consumer; QTY: days since the order was paid;
				    AGENT: seller, 0: the brand; OTHER: customer */
	DBK_FACT_REFUND_DENIED,	 /* the same request; QTY as above */
	DBK_FACT_BUYBACK_ASKED,	 /* QTY units; HASH: the request, a dense id */
	DBK_FACT_BUYBACK_SETTLED, /* QTY units; AMOUNT; CODE: ppm of the price paid; HASH */
	DBK_FACT_PAYOUT_DENIED,	 /* CODE: 1 if a reason was given */
	DBK_FACT_FINDING,	 /* CODE: enum dbk_guard of the finding that was raised;
				    QTY: enum dbk_rule; AMOUNT: 1 if it is red */
	DBK_FACT_PLAN,		 /* pay by plan: [AT, HASH) in microseconds, HASH INT64_MAX:
				    without end; CODE: risks */
	DBK_FACT_PRICE,		 /* AMOUNT: price of one unit in a consumer's order */

	/* Money that an agent leaves as a security, or as the price of entry. */
	DBK_FACT_DEPOSIT,      /* AMOUNT came from AGENT */
	DBK_FACT_DEPOSIT_BACK, /* AMOUNT went back to it */
	DBK_FACT_KINDS
};

enum dbk_rank_ground {
	DBK_RANK_OTHER = 0,
	DBK_RANK_RETAIL,
	DBK_RANK_PURCHASES, /* RankChanged.metric is PURCHASE_VOLUME */
	DBK_RANK_HEADS	    /* HEAD_COUNT */
};

enum dbk_mark_kind {
	DBK_MARK_PRIOR_SANCTION = 1, /* ObservationRecorded, code prior_sanction */
	DBK_MARK_LICENCE	     /* code direct_selling_licence, subject no agent */
};

enum dbk_purchase {
	DBK_PURCHASE_STOCK = 0,	 /* sell-in: RESTOCK orders and paid issues */
	DBK_PURCHASE_SELF,	 /* SELF orders */
	DBK_PURCHASE_AS_CUSTOMER, /* a RETAIL order whose buyer is an agent then */
	DBK_PURCHASES
};

/* What vouches for a sale to a consumer. */
enum dbk_sale_class {
	DBK_SALE_VERIFIED = 0, /* paid on the platform by a named, unlinked stranger */
	DBK_SALE_ANONYMOUS,    /* paid on the platform, nobody named */
	DBK_SALE_DIRECT,       /* paid outside the platform: the seller's word */
	DBK_SALE_FORMER,       /* the buyer was an agent before, and no longer is */
	DBK_SALE_DOUBTED,      /* linked to the seller, or flagged */
	DBK_SALE_CLASSES
};

enum dbk_reward_basis {
	DBK_REWARD_OWN_RETAIL = 1,
	DBK_REWARD_DOWN_RETAIL,
	DBK_REWARD_OWN_PURCHASE,
	DBK_REWARD_DOWN_PURCHASE,
	DBK_REWARD_JOIN_FEE,
	DBK_REWARD_HEADCOUNT,
	DBK_REWARD_OTHER,
	DBK_REWARD_BASES
};

struct dbk_fact {
	uint8_t kind;	  /* enum dbk_fact_kind */
	uint8_t basis;	  /* enum dbk_reward_basis */
	uint8_t distance; /* sponsors between the deed and the one who is paid */
	uint8_t sale_class;
	uint8_t tier; /* GOODS: hands that the goods went through to AGENT; 0: unknown */
	bool is_condition; /* nobody can join, stay, rise or be paid without it */
	bool is_own_goods; /* the seller's own, bought before */
	bool is_pool;	   /* a share of a pool, not of one sale */
	uint32_t agent, other; /* dense ids from 1, 0: none */
	uint32_t code;
	uint64_t position; /* of the record */
	int64_t at;	   /* effective, microseconds */
	int64_t amount, qty;
	uint64_t hash;
};

#endif
