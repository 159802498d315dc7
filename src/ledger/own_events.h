#ifndef DBK_LEDGER_OWN_EVENTS_H
#define DBK_LEDGER_OWN_EVENTS_H

/*
 * own_events.h -- events that the daemon appends itself: the clock goes on, a period is
 * closed, a digest is recorded.
 *
 * They take the way of all others, under a source of their own that no client may use,
 * unnumbered: ClockAdvanced is its time, PeriodClosed its period and DigestRecorded its
 * place, so none can be posted twice.
 *
 * Thread: the writer.
 */

#include <stdbool.h>
#include <stdint.h>

#include "ledger/ledger.h"

#define DBK_OWN_SOURCE DBK_SOURCE_OF_DAEMON

/* True if NAME is the daemon's own source. */
bool dbk_own_is_source(struct dbk_str name);

/* When something falls due next, in microseconds; INT64_MAX if nothing will. */
int64_t dbk_own_due_at(const struct dbk_books *books);

/* Admit ClockAdvanced to NOW_US into the group; it makes what is due by then happen. */
enum dbk_admission dbk_own_advance_clock(struct dbk_ledger *ledger, int64_t now_us,
					 struct dbk_buf *reply,
					 struct dbk_error *error);

/*
 * Admit PeriodClosed with the hash of the balances as they are when all that is due by
 * the end of PERIOD has been done.  Where the book's clock is not there yet and NOW_US
 * is, the clock is advanced first, to the end of the period and no further.
 *
 * A period that is closed already with the same bounds is a DUPLICATE.  The hash in
 * PERIOD is not read.  REPLY gets the AppendReply, as dbk_ledger_admit() says.
 */
enum dbk_admission dbk_own_close_period(struct dbk_ledger *ledger,
					const struct dbk_period_closed *period,
					int64_t now_us, struct dbk_buf *reply,
					struct dbk_error *error);

/*
 * Admit DigestRecorded with the digest of the books as they stand, the group's earlier
 * batches among them, at the book's clock; at NOW_US, to be refused, where no book is
 * open.  Walks the books twice: what it says is compared like anybody's.
 */
enum dbk_admission dbk_own_record_digest(struct dbk_ledger *ledger, int64_t now_us,
					 struct dbk_buf *reply,
					 struct dbk_error *error);

#endif
