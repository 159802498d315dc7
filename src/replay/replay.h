#ifndef DBK_REPLAY_REPLAY_H
#define DBK_REPLAY_REPLAY_H

/*
 * replay.h -- records of a log decided again on a machine without the daemon: every
 * outcome, reason, figure and digest must come out as it was written.
 *
 * Where the records come from is the caller's; so is who watches.  Reading, signatures
 * and the tree are not part of it (proof/scrutiny.h, tlog/tree.h).
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "books/books.h"
#include "books/effects.h"
#include "replay/again.h"

struct dbk_record_replay;

/* A record again, by position; borrowed until the next call.  False: cannot be read. */
typedef bool dbk_record_again_fn(void *context, uint64_t position, struct dbk_str *out);

/* Empty books of its own, whose tables have the secret KEY; AGAIN looks back at records
 * that were fed.  WATCHER may be NULL. */
DBK_MUST_CHECK enum dbk_err
dbk_record_replay_open(const unsigned char key[DBK_HASH_KEY_BYTES],
		       dbk_record_again_fn *again, void *context,
		       const struct dbk_replay_watcher *watcher,
		       struct dbk_record_replay **out, struct dbk_error *error);
void dbk_record_replay_close(struct dbk_record_replay *replay);

/*
 * The next N records, in order of position.  DAMAGED: one does not come out as it was
 * written; ERROR names the first, what was written and what came out.  What is behind
 * it is not to be fed.
 */
DBK_MUST_CHECK enum dbk_err dbk_record_replay_feed(struct dbk_record_replay *replay,
						   const struct dbk_str *records,
						   uint32_t n, struct dbk_error *error);

const struct dbk_books *dbk_record_replay_books(const struct dbk_record_replay *replay);

/* Digests and closes that were compared on the way. */
struct dbk_replay_sum {
	uint64_t records, accepted, refused, digests, closes;
	int64_t first_recorded_at, last_recorded_at;
};

struct dbk_replay_sum dbk_record_replay_sum(const struct dbk_record_replay *replay);

#endif
