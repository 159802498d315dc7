#ifndef DBK_PROOF_SCRUTINY_H
#define DBK_PROOF_SCRUTINY_H

/*
 * scrutiny.h -- the records of a log, gone through from the first one on: that each is
 * a record of its place, that times never fall, and that every batch of a source with a
 * key is signed by the key in force, down to the last event; TRUST.md sections 4
 * and 10.
 *
 *	dbk_scrutiny_gap()	hashes of events without a record, ahead of the batch
 *	dbk_scrutiny_record()	record after record
 *	dbk_scrutiny_end()	the last batch
 *
 * It knows no books: keys come from the records themselves, and what a record says was
 * accepted is taken to be so.  The tree is the caller's.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/str.h"

struct dbk_scrutiny;

/* Told of everything that is wrong, with the record that shows it. */
typedef void dbk_scrutiny_fn(void *context, uint64_t position, const char *words);

/* NULL without memory. */
struct dbk_scrutiny *dbk_scrutiny_new(dbk_scrutiny_fn *found, void *context);

/* NULL is nothing. */
void dbk_scrutiny_free(struct dbk_scrutiny *scrutiny);

/* Event INDEX of the signed batch whose first record is at POSITION has no record.
 * Positions and, within one, indexes rise; before the record. */
void dbk_scrutiny_gap(struct dbk_scrutiny *scrutiny, uint64_t position, uint32_t index,
		      const unsigned char hash[DBK_SHA256_BYTES]);

/* The next record. */
void dbk_scrutiny_record(struct dbk_scrutiny *scrutiny, struct dbk_str bytes);

/* COUNT records could not be read: from here on a key that nobody has seen being
 * registered is not held against a batch. */
void dbk_scrutiny_skip(struct dbk_scrutiny *scrutiny, uint64_t count);

struct dbk_scrutiny_sum {
	uint64_t records;
	uint64_t seals; /* that verified */
	uint32_t keys;	/* of sources, newest revisions */
	uint32_t cut;	/* events of the last batch whose records are not there yet */
	bool no_memory; /* nothing of all this may be believed */
};

/* No more comes. */
void dbk_scrutiny_end(struct dbk_scrutiny *scrutiny, struct dbk_scrutiny_sum *out);

#endif
