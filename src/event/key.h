#ifndef DBK_EVENT_KEY_H
#define DBK_EVENT_KEY_H

/*
 * key.h -- the natural keys of an event (proto/daybook/v1/event.proto names them).
 *
 * A key is a byte string that starts with its key space, so that "order A" and "refund
 * A" never meet; members are length-prefixed.  Two events with one key are the same
 * business fact told twice, or a conflict.
 */

#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* Space byte, and three members of an id or a number with their length bytes. */
#define DBK_KEY_BYTES_MAX 224

struct dbk_key {
	uint32_t size; /* 0: no such key */
	unsigned char bytes[DBK_KEY_BYTES_MAX];
};

/* The key that makes a repeat a duplicate.  Every event has one. */
void dbk_event_key(const struct dbk_event *event, struct dbk_key *out);

/* The payment key (psp, psp_txn) that SaleRecorded, StockIssued and FeeCharged hold
 * besides; it is the same key space as OrderPaid's own key.  Size 0 without a psp, and
 * for every other event. */
void dbk_event_payment_key(const struct dbk_event *event, struct dbk_key *out);

#endif
