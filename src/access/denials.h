#ifndef DBK_ACCESS_DENIALS_H
#define DBK_ACCESS_DENIALS_H

/*
 * denials.h -- denied calls on their way to the access record, so that nobody fills the
 * disk with them; src/proof/TRUST.md section 9.
 *
 * Of one caller's denials for one reason the first DBK_DENIALS_MAX of a minute are told
 * each; the others are counted, and when the minute is over one entry says how many.
 * A table of fixed size: where very many are denied at once, the minute that began
 * first ends early.
 *
 * Thread: one at a time.
 */

#include <stdint.h>

#include "access/access_log.h"
#include "base/str.h"

struct dbk_denials;

/* LOG is borrowed.  NULL without memory.  Needs dbk_secret_start(). */
struct dbk_denials *dbk_denials_make(struct dbk_access_log *log);
void dbk_denials_free(struct dbk_denials *denials);

/* A call of ENTRY was denied at NOW_NS.  WHO tells its caller from others: a token's
 * id, a certificate, an address. */
void dbk_denials_note(struct dbk_denials *denials, struct dbk_str who,
		      struct dbk_str reason, const struct dbk_access_entry *entry,
		      int64_t now_ns);

/* Tell of the minutes that are over; NOW_NS INT64_MAX: all are. */
void dbk_denials_settle(struct dbk_denials *denials, int64_t now_us, int64_t now_ns);

#endif
