#ifndef DBK_EVENT_RECORD_H
#define DBK_EVENT_RECORD_H

/*
 * record.h -- a leaf of the log: bytes of daybook.v1.Record, by hand.
 *
 * Written once for every event and hashed, so there is exactly one encoding of a
 * record: fields in ascending order, defaults omitted (recorded_at always present),
 * numbers in their shortest form.  Decoding accepts that encoding and no other; what
 * decodes, encodes to the same bytes again.
 *
 * Pure functions of their arguments; no thread, no clock, no memory but OUT's.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "base/sign.h"
#include "base/str.h"
#include "event/event.h"
#include "event/verdict.h"

/* What a source signed of its batch: daybook.v1.BatchSeal. */
struct dbk_record_seal {
	uint32_t events;   /* sent in the batch, at least 1 */
	uint32_t revision; /* whose key signed, at least 1 */
	bool atomic;
	unsigned char digest[DBK_SHA256_BYTES];
	unsigned char signature[DBK_SIGNATURE_BYTES];
};

/* A record with its strings borrowed: from the caller to encode, from BYTES after
 * decoding. */
struct dbk_record {
	uint64_t position;
	int64_t recorded_at_us;	  /* DBK_TIME_US_MIN to DBK_TIME_US_MAX */
	struct dbk_str source;	  /* at most DBK_ID_BYTES_MAX */
	uint64_t batch_seq;	  /* 0: the source does not number its batches */
	uint32_t index;		  /* place in the batch */
	enum dbk_outcome outcome; /* DBK_ACCEPTED or DBK_REFUSED: others are not kept */

	/* The refusal; all zero if the outcome is DBK_ACCEPTED. */
	enum dbk_rule rule;	      /* not DBK_RULE_NONE if refused */
	struct dbk_str refusal_field; /* as text: "lines[2].sku" */
	struct dbk_str refusal_value;
	int64_t measured;
	int64_t limit;
	uint64_t other_position_plus_one;
	int64_t would_pass_plus_one;

	struct dbk_str event; /* as sent, at most DBK_EVENT_BYTES_MAX */

	bool has_seal; /* the first record of a signed batch has one */
	struct dbk_record_seal seal;
};

/*
 * Make RECORD a refused one for the reasons of REFUSAL.  TEXT receives the field's path
 * and must live as long as RECORD is used; the value stays borrowed from the event.
 */
void dbk_record_refuse(struct dbk_record *record, const struct dbk_refusal *refusal,
		       char text[DBK_FIELD_TEXT_BYTES]);

/*
 * Append the encoding of RECORD to OUT; at most DBK_RECORD_BYTES_MAX bytes.  The limits
 * named above are the caller's duty (asserted).  Of the refusal's value it writes what
 * dbk_verdict_value() shows.  Without memory OUT has failed, see dbk_buf_failed().
 */
void dbk_record_encode(const struct dbk_record *record, struct dbk_buf *out);

/* Open BYTES.  False if they are not what dbk_record_encode() writes; OUT is then
 * undefined.  The event's own bytes are not looked into. */
bool dbk_record_decode(struct dbk_str bytes, struct dbk_record *out);

#endif
