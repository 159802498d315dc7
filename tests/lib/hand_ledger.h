#ifndef DAYBOOK_TESTS_HAND_LEDGER_H
#define DAYBOOK_TESTS_HAND_LEDGER_H

/*
 * hand_ledger.h -- a ledger view whose events are written down one by one.
 */

#include <stdint.h>

#include "base/arena.h"
#include "books/effects.h"
#include "views/view.h"

#include "../tests/lib/tmpdir.h"

#define HAND_ACCOUNTS_MAX 64
#define HAND_DAY 86400000000LL

struct hand_ledger {
	char dir[TMPDIR_BYTES];
	char view_dir[TMPDIR_BYTES + 8];
	struct dbk_view *view;
	struct dbk_arena arena; /* for answers */
	struct dbk_error error;
	struct dbk_effects group; /* not yet applied */
	int64_t clock;
	uint32_t n_accounts;
	int64_t balances[HAND_ACCOUNTS_MAX];
	uint8_t codes[HAND_ACCOUNTS_MAX];
};

void hand_open(struct hand_ledger *hand);
void hand_close(struct hand_ledger *hand);

/* A new account; its id. */
uint32_t hand_account(struct hand_ledger *hand, enum dbk_account_code code,
		      const char *owner);

/* The next event; late if EFFECTIVE_AT lies before the clock. */
struct dbk_effect *hand_event(struct hand_ledger *hand, enum dbk_event_type type,
			      int64_t effective_at);

/* A posting of it. */
void hand_post(struct hand_ledger *hand, uint32_t account, enum dbk_cause cause,
	       uint32_t ref, int64_t amount);

/* What was written goes to the view. */
void hand_apply(struct hand_ledger *hand);

#endif
