#ifndef DBK_ACCESS_CHECKED_H
#define DBK_ACCESS_CHECKED_H

/*
 * checked.h -- stored values that tell when a byte of them has changed.
 *
 * A checked value is a body and the first 8 bytes of the BLAKE2b-256 of the body and
 * its key, so a value under another's key is found as well.  It is against decay, not
 * against people: who may write here may write anything.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/* Keys are numbers, big-endian, so that they stand in order. */
#define DBK_CHECKED_KEY_BYTES 8

/* Body and check. */
#define DBK_CHECKED_VALUE_BYTES_MAX 2048

void dbk_checked_key(uint64_t number, unsigned char out[DBK_CHECKED_KEY_BYTES]);
bool dbk_checked_number(struct dbk_str key, uint64_t *out_number);

/* BODY holds a body; the check is appended. */
void dbk_checked_close(uint64_t number, struct dbk_buf *body);

/* The body of VALUE, borrowed; false: it is not what was stored under NUMBER. */
bool dbk_checked_open(uint64_t number, struct dbk_str value, struct dbk_str *out_body);

#endif
