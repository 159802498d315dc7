#ifndef DBK_PROOF_NOTARY_H
#define DBK_PROOF_NOTARY_H

/*
 * notary.h -- from the log to a signed checkpoint: hashes what is new, signs,
 *publishes. The worker's whole work, without its thread and its clock.
 *
 *	dbk_notary_open()      seat and tree compared with the log, hashes brought
 *forward dbk_notary_follow()    hash some groups of the log dbk_notary_sign()      a
 *signed note over what is hashed dbk_notary_publish()   the note, with cosignatures,
 *becomes DIR/tree/checkpoint
 *
 * Thread: one, but for those that say otherwise.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "log/log.h"
#include "proof/hashes.h"
#include "proof/seat.h"

struct dbk_notary;

/* Told of each record that is followed, in order; for whoever must see them all. */
typedef void dbk_notary_record_fn(void *context, uint64_t position,
				  struct dbk_str record);

struct dbk_notary_options {
	const char *dir; /* the data directory */
	struct dbk_log *log;
	struct dbk_seat *seat;		/* taken */
	uint64_t trusted;		/* inspection.h */
	bool witnessed;			/* a signed note may have to wait: keep it */
	dbk_notary_record_fn *followed; /* may be NULL */
	void *context;
	dbk_log_progress *progress; /* may be NULL */
	void *progress_context;
};

/* The hashes are brought to the seat's size, what is behind them is followed later. The
 * checkpoint in DIR/tree is published, if it is one of this log.  STATE with words
 * where the log is not that of the seat; what log and hashes fail with. */
DBK_MUST_CHECK enum dbk_err dbk_notary_open(const struct dbk_notary_options *options,
					    struct dbk_notary **out,
					    struct dbk_error *error);
void dbk_notary_close(struct dbk_notary *notary);

/* Hash up to MAX groups; *OUT_AT_HEAD: there was nothing more.  After a failure the
 * next call goes on where this one stopped, and a record may be told twice. */
DBK_MUST_CHECK enum dbk_err dbk_notary_follow(struct dbk_notary *notary, unsigned max,
					      bool *out_at_head,
					      struct dbk_error *error);

/* Records hashed so far, and in the note that was signed last. */
uint64_t dbk_notary_size(const struct dbk_notary *notary);
uint64_t dbk_notary_signed_size(const struct dbk_notary *notary);

/* Is there anything to sign: more than was signed last, or nothing was yet? */
bool dbk_notary_is_due(const struct dbk_notary *notary);

/* NOTE is reset and gets the signed checkpoint over all that is hashed.  What is hashed
 * must have been followed without a failure. */
DBK_MUST_CHECK enum dbk_err dbk_notary_sign(struct dbk_notary *notary,
					    struct dbk_buf *note,
					    struct dbk_error *error);

/* NOTE (signed, perhaps cosigned) is the published checkpoint from now on. */
DBK_MUST_CHECK enum dbk_err dbk_notary_publish(struct dbk_notary *notary,
					       struct dbk_str note, int64_t now_us,
					       struct dbk_error *error);

/* A copy of what is published: any thread.  False if nothing is.  NOTE may be NULL. */
struct dbk_published {
	uint64_t size;
	struct dbk_tree_hash root;
	int64_t signed_at_us;
};
bool dbk_notary_published(struct dbk_notary *notary, struct dbk_published *out,
			  struct dbk_buf *note);

/* The tree, for proofs up to the published size: any thread. */
struct dbk_hashes *dbk_notary_hashes(struct dbk_notary *notary);

#endif
