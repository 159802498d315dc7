#ifndef DAYBOOKD_WITNESSES_H
#define DAYBOOKD_WITNESSES_H

/*
 * witnesses.h -- asks the witnesses of a policy to cosign a checkpoint: C2SP
 * tlog-witness, add-checkpoint, all of them side by side, over libcurl.
 *
 * Nothing that a witness says is believed but for its cosignature, which is verified,
 * and one thing that cannot be: that it has signed a larger tree.  Whoever lies there
 * stops this log, and the operator takes it out of the policy.
 *
 * Thread: the notary's, but for witnesses_wake().
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "tlog/note.h"
#include "tlog/tree.h"

struct witnesses;

/* FILE is a C2SP tlog-policy; if it names logs, KEY is one of them.  What each witness
 * signed last is remembered in DIR/tree/witnesses.  INPUT names what is wrong. */
DBK_MUST_CHECK enum dbk_err witnesses_open(const char *file, const char *dir,
					   const struct dbk_note_key *key,
					   struct witnesses **out,
					   struct dbk_error *error);

/* Requests under way are dropped.  NULL is nothing. */
void witnesses_close(struct witnesses *witnesses);

/* From now on NOTE, the signed checkpoint of SIZE records, is what they are asked for;
 * TREE reaches that far as long as WITNESSES lives. */
DBK_MUST_CHECK enum dbk_err witnesses_offer(struct witnesses *witnesses,
					    struct dbk_str note, uint64_t size,
					    const struct dbk_tree_reader *tree,
					    struct dbk_error *error);

/* Let the requests go on, and wait for them until UNTIL_NS of job_clock_ns() at most.
 */
void witnesses_turn(struct witnesses *witnesses, int64_t until_ns);

/* End the wait.  Any thread. */
void witnesses_wake(struct witnesses *witnesses);

/* True once for each time that there is more than before and the quorum is met: NOTE is
 * reset and gets the note with all cosignatures so far. */
bool witnesses_take(struct witnesses *witnesses, struct dbk_buf *note);

/* Nobody can be asked for this note any more: all have cosigned it, or said something
 * else and have to wait. */
bool witnesses_are_through(const struct witnesses *witnesses);

/* The largest tree that one of them says it has signed, if so many say that they signed
 * more than SIZE that the quorum cannot be met without them; else SIZE. One that lies
 * alone stops nothing that goes on without it. */
uint64_t witnesses_ahead(const struct witnesses *witnesses, uint64_t size);

/* What keeps the quorum from being met, for the operator; empty if nothing does. */
void witnesses_trouble(const struct witnesses *witnesses,
		       char out[DBK_ERROR_TEXT_BYTES]);

#endif
