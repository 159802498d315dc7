#ifndef DBK_LEDGER_REPLY_ENTRY_H
#define DBK_LEDGER_REPLY_ENTRY_H

/*
 * reply_entry.h -- a stored reply (reply.h) read entry by entry.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

enum dbk_reply_kind {
	DBK_REPLY_ENTRY_ACCEPTED = 0,
	DBK_REPLY_ENTRY_DUPLICATE = 1,
	DBK_REPLY_ENTRY_OTHER = 2
};

struct dbk_reply_entry {
	enum dbk_reply_kind kind;
	uint32_t index;	       /* of its first event in the batch */
	uint32_t count;	       /* of events */
	uint64_t position;     /* of ACCEPTED, the first, and DUPLICATE */
	struct dbk_str result; /* of OTHER: an EventResult */
};

/* Borrowed from the stored bytes. */
struct dbk_reply_walk {
	uint64_t size; /* of the log with the batch */
	uint64_t flags;
	struct dbk_str hashes; /* of events without a record */
	struct dbk_cursor at;  /* failed: what is stored is not well-formed */
	uint64_t left;	       /* events that may still come */
	uint32_t index;
};

void dbk_reply_walk_begin(struct dbk_reply_walk *walk, struct dbk_str stored);

/* False at the end and, with WALK->at.failed, where no entry stands. */
bool dbk_reply_walk_next(struct dbk_reply_walk *walk, struct dbk_reply_entry *out);

/* True if the events of ENTRY have records; *OUT: the position of the first. */
bool dbk_reply_entry_is_logged(const struct dbk_reply_entry *entry, uint64_t *out);

#endif
