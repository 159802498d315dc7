#ifndef DBK_PROOF_SEAT_H
#define DBK_PROOF_SEAT_H

/*
 * seat.h -- the signing key and what it remembers; TRUST.md sections 1 and 2.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/vault.h"
#include "base/buf.h"
#include "proof/seat_memory.h"
#include "tlog/note.h"
#include "tlog/tree.h"

struct dbk_seat;

struct dbk_seat_options {
	struct dbk_vault *vault; /* the folder of keys and the master key */
	const char *data;	 /* the data directory, which the seat is bound to */
	const char *origin;	 /* for a key that is made now; NULL: the default */
	bool adopt;
};

enum dbk_seat_state {
	DBK_SEAT_READY,
	DBK_SEAT_STALE, /* the log is shorter than what was signed */
	DBK_SEAT_FORK,	/* another root at that size */
	DBK_SEAT_COPY,	/* another place, and not adopted */
	DBK_SEAT_BROKEN /* key without seat, or seat without key, and not adopted */
};

/* Open the key and the seat; in a folder that has neither both are made when it is
 * taken. The failures of vault.h; INPUT also for an origin that cannot be, or is not
 * that of the key; LOCKED while another daemon has the seat.  What the seat says of the
 * log is asked for below. */
DBK_MUST_CHECK enum dbk_err dbk_seat_open(const struct dbk_seat_options *options,
					  struct dbk_seat **out,
					  struct dbk_error *error);
void dbk_seat_close(struct dbk_seat *seat);

const struct dbk_note_key *dbk_seat_key(const struct dbk_seat *seat);

/* The largest tree that is known to be signed, by the seat or by a note in DIR/tree; 0
 * and the empty root if there is none. */
uint64_t dbk_seat_size(const struct dbk_seat *seat);
const struct dbk_tree_hash *dbk_seat_root(const struct dbk_seat *seat);

/*
 * May this seat sign for a log of LOG_SIZE records?  ROOT_AT_SEAT is its root at
 * dbk_seat_size(), not read if the log is shorter or the seat's size is 0.  Anything
 * but READY has words for the operator in ERROR, and *OUT tells which; nothing was
 * written then.  READY takes the seat: what was missing is made, an adopted one is
 * bound to its new place, both slots are written.
 */
DBK_MUST_CHECK enum dbk_err dbk_seat_take(struct dbk_seat *seat, uint64_t log_size,
					  const struct dbk_tree_hash *root_at_seat,
					  enum dbk_seat_state *out,
					  struct dbk_error *error);

/* Remember SIZE and ROOT on disk, then append the signed checkpoint to NOTE.  Not
 * taken, below the seat's size, or another root at the same: a bug (asserted).  IO,
 * DISK_FULL, MEMORY: nothing was signed. */
DBK_MUST_CHECK enum dbk_err dbk_seat_sign(struct dbk_seat *seat, uint64_t size,
					  const struct dbk_tree_hash *root,
					  struct dbk_buf *note,
					  struct dbk_error *error);

#endif
