#ifndef DBK_BOOKS_ACCOUNTS_H
#define DBK_BOOKS_ACCOUNTS_H

/*
 * accounts.h -- the chart of accounts, and postings.
 *
 * Double entry in minor units, debit positive and credit negative; the postings of one
 * event sum to 0.  An account is a code and an owner, the name of its sub-ledger: a
 * psp, a channel, an agent, or an order.  The balance of a code is the sum of its
 * owners' balances at every position.
 *
 * Order-owned accounts (escrow and its kin) live in the order's own row, because each
 * is opened and emptied by one order; all others have a row of their own here.
 */

#include <stdbool.h>
#include <stdint.h>

/* Dense, so that totals of all codes are a small array.  Numbers are kept in views:
 * only append. */
enum dbk_account_code {
	DBK_ACCOUNT_NONE = 0,
	DBK_BANK,		 /* 1010 owner: psp */
	DBK_PSP_CLEARING,	 /* 1020 owner: psp */
	DBK_CLAWBACK_RECEIVABLE, /* 1110 owner: agent */
	DBK_COMMISSION_DEFERRED, /* 1140 owner: order */
	DBK_ESCROW,		 /* 2010 owner: order */
	DBK_REFUND_PAYABLE,	 /* 2015 owner: order */
	DBK_COMMISSION_PENDING,	 /* 2110 owner: agent */
	DBK_COMMISSION_AVAILABLE, /* 2120 owner: agent */
	DBK_COMMISSION_HELD,	 /* 2130 owner: agent */
	DBK_PAYOUT_RESERVED,	 /* 2140 owner: agent */
	DBK_PAYOUT_IN_TRANSIT,	 /* 2150 owner: agent */
	DBK_TAX_WITHHELD,	 /* 2160 owner: month, as 2026-11 */
	DBK_DEPOSIT,		 /* 2180 owner: agent */
	DBK_BUYBACK_PAYABLE,	 /* 2190 owner: agent */
	DBK_SALES_RETAIL,	 /* 4010 owner: channel */
	DBK_SALES_SELL_IN,	 /* 4020 owner: agent */
	DBK_BUYBACK_DISCOUNT,	 /* 4030 owner: agent */
	DBK_SALES_RETURNS,	 /* 4090 owner: channel */
	DBK_SELL_IN_RETURNS,	 /* 4095 owner: agent */
	DBK_COMMISSION_EXPENSE,	 /* 5010 owner: plan */
	DBK_BONUS_EXPENSE,	 /* 5015 owner: bonus */
	DBK_CLAWBACK_WRITEOFF,	 /* 5020 owner: agent */
	DBK_PSP_FEE,		 /* 5030 owner: psp */
	DBK_BUYBACK_LOSS,	 /* 5040 owner: agent */
	DBK_ROUNDING,		 /* 5900 stays 0 */
	DBK_PLATFORM_FEE,	 /* 4050 owner: plan; its part of proceeds */
	DBK_FEE_INCOME,		 /* 4040 owner: agent; joining, kits, training */
	DBK_ADJUSTMENT,		 /* 5016 owner: agent; corrections by hand */
	DBK_CHARGEBACK_LOSS,	 /* 5050 owner: psp; more than the order still had */
	DBK_PAYOUT_FEE,		 /* 5035 owner: provider */
	DBK_ACCOUNT_CODES
};

enum dbk_account_owner {
	DBK_OWNER_TAG = 1, /* psp, channel, plan, month: names of the tag table */
	DBK_OWNER_AGENT = 2,
	DBK_OWNER_ORDER = 3
};

/* What the books and reports know of a code; static memory. */
struct dbk_account_kind {
	uint16_t number;      /* 1010 */
	const char *name;     /* "psp.clearing" */
	const char *kind;     /* "asset", "liability", "income", "expense" */
	uint8_t owner;	      /* enum dbk_account_owner */
	int8_t never_beyond;  /* +1: never a credit balance, -1: never a debit one, 0 */
	/* Things that fall due post here and cannot be refused: other postings use but
	 * half of what a side can hold, DBK_SIDE_HALF. */
	bool half;
};

#define DBK_SIDE_HALF (INT64_MAX / 2)

const struct dbk_account_kind *dbk_account_kind(enum dbk_account_code code);

/* The code with this number, DBK_ACCOUNT_NONE if there is none. */
enum dbk_account_code dbk_account_of_number(uint32_t number);

#endif
