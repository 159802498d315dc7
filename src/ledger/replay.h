#ifndef DBK_LEDGER_REPLAY_H
#define DBK_LEDGER_REPLAY_H

/*
 * replay.h -- the log decided again, group by group, through books of one's own.
 *
 * Every record must come out as it was written: a difference means that the log was
 * changed, or that this build's core is not the one that wrote it.  A start uses it for
 * the tail behind the saved books, a rebuild of a view for everything, beside the
 * writer.
 *
 * Thread: one at a time; the log may be appended to by another meanwhile.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "books/books.h"
#include "books/effects.h"
#include "log/log.h"

struct dbk_replay;

/* Go on behind what BOOKS hold, which is where group FROM_GROUP begins.  BOOKS and LOG
 * are borrowed; BOOKS look back into the log through the replay while it lives. */
DBK_MUST_CHECK enum dbk_err
dbk_replay_open(struct dbk_log *log, struct dbk_books *books, uint64_t from_group,
		struct dbk_replay **out, struct dbk_error *error);
void dbk_replay_close(struct dbk_replay *replay);

/*
 * The next group; *OUT_EFFECTS is borrowed until the next call.  NOT_FOUND at the end
 * of the log: ask again when it has grown.  DAMAGED names the first record that does
 * not come out as it was written.
 */
DBK_MUST_CHECK enum dbk_err dbk_replay_next(struct dbk_replay *replay,
					    const struct dbk_effects **out_effects,
					    struct dbk_error *error);

#endif
