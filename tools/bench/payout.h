#ifndef TOOLS_BENCH_PAYOUT_H
#define TOOLS_BENCH_PAYOUT_H

/*
 * payout.h -- requests for payouts, one at a time, of agents who have something.
 */

#include "bench/ask.h"

/* Agents whose payouts are asked for: the first ones of the book. */
#define PAYOUT_AGENTS 64u

/* Verify the agents' payees and give each enough to ask for. */
void payout_prepare(struct ask *ask, const struct sales *sales);

/* Ask for payout number TURN and wait until it is decided and on disk. */
void payout_request(struct ask *ask, const struct sales *sales, uint64_t turn);

#endif
