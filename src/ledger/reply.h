#ifndef DBK_LEDGER_REPLY_H
#define DBK_LEDGER_REPLY_H

/*
 * reply.h -- the answer to a batch: short in the log, spelled out on the wire.
 *
 * The log keeps a reply as runs, so that a thousand accepted events cost a few bytes; a
 * repeat of the batch is answered from there, and the first answer is made from the
 * same bytes.  What a run cannot say (a refusal, a fault, what gates and guards found) is
 * kept as the EventResult it is.
 *
 *	reply   := size varint, flags varint, gaps, entry*, hash*
 *	gaps    := count varint of the hashes, if the flags say so; else nothing
 *	entry   := head varint = count << 2 | kind
 *	           kind 0 accepted: first position varint, count positions in sequence
 *	           kind 1 duplicate: position varint (count 1)
 *	           kind 2 other: length varint, EventResult (count 1)
 *	hash    := SHA-256 of an event of a signed batch that got no record, 32 bytes,
 *	           in the order of the events; gaps.h gives them back
 *
 * Thread: belongs to the writer.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/str.h"
#include <daybook/limits.h>

#include "books/sources.h"
#include "event/verdict.h"

#define DBK_REPLY_ROLLED_BACK 1u
#define DBK_REPLY_DRY_RUN 2u
#define DBK_REPLY_GAPS 4u /* dbk_reply_store() sets it */

/* EventResult.postings. */
#define DBK_REPLY_POSTINGS 5u

/* With more bytes than that results are kept without texts and details: the log bounds a
 * reply. */
#define DBK_REPLY_FULL_BYTES_MAX ((size_t)384 * 1024)

/* A stored reply while it is being written. */
struct dbk_reply {
	struct dbk_buf entries;
	struct dbk_buf gaps;
	uint64_t run_first; /* accepted run not yet written */
	uint32_t run_count;
	uint32_t n_events;
	struct dbk_batch_counts counts;
};

void dbk_reply_init(struct dbk_reply *reply);
void dbk_reply_fini(struct dbk_reply *reply);
void dbk_reply_reset(struct dbk_reply *reply);

void dbk_reply_accepted(struct dbk_reply *reply, uint64_t position);
void dbk_reply_duplicate(struct dbk_reply *reply, uint64_t position);

/* The same with DETAILS: fields of an EventResult, from its postings on. */
void dbk_reply_accepted_with(struct dbk_reply *reply, uint64_t position,
			     const struct dbk_buf *details);

/* DETAILS as above; NULL: none. */
void dbk_reply_refused(struct dbk_reply *reply, uint64_t position,
		       const struct dbk_refusal *refusal, const struct dbk_buf *details);
void dbk_reply_invalid(struct dbk_reply *reply, const struct dbk_event_fault *fault);

/* The batch is signed, and the event answered last has no record: the HASH of its bytes.
 * Kept only if another event of the batch has one. */
void dbk_reply_gap(struct dbk_reply *reply, const unsigned char hash[DBK_SHA256_BYTES]);

/* Append the stored form to OUT; SIZE is the log's size with this batch. */
void dbk_reply_store(struct dbk_reply *reply, uint64_t size, unsigned flags,
		     struct dbk_buf *out);

/*
 * Append to OUT the serialized daybook.v1.AppendReply for a STORED reply.  False if
 * STORED is not well-formed.
 */
bool dbk_reply_spell(struct dbk_str stored, struct dbk_str source, uint64_t batch_seq,
		     bool repeated, struct dbk_buf *out);

/* Told of each event that got a record of its own; false stops the walk. */
typedef bool dbk_reply_visit(void *context, uint32_t index, uint64_t position);

/* Visit the events of a STORED reply that are in the log because of it, in order; none if
 * it was rolled back.  False if VISIT stopped it or STORED is not well-formed. */
bool dbk_reply_visit_logged(struct dbk_str stored, dbk_reply_visit *visit, void *context);

/* The counts of a stored reply; false if it is not well-formed. */
bool dbk_reply_count(struct dbk_str stored, struct dbk_batch_counts *out);

#endif
