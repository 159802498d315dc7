#ifndef DBK_BASE_BASE64_H
#define DBK_BASE_BASE64_H

/*
 * base64.h -- base64 (RFC 4648 section 4, padded), base64url (section 5, without
 * padding) and hex, both ways.  Decoding is strict: one text for each sequence of bytes,
 * so no blanks, no other padding, no bits behind the end.
 *
 * Not for secrets while they are compared; libsodium's functions take the same time for
 * any bytes.  Any thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Letters of the base64 of SIZE bytes. */
#define DBK_BASE64_LETTERS(size) (((size_t)(size) + 2) / 3 * 4)

/* Append the base64 of SIZE bytes. */
void dbk_base64_put(struct dbk_buf *out, const void *bytes, size_t size);

/* Open TEXT into OUT of ROOM bytes; false if it is not the base64 of at most so many, and
 * then OUT may have been written to. */
bool dbk_base64_decode(struct dbk_str text, unsigned char *out, size_t room,
		       size_t *out_size);

/* base64url without padding, the same way. */
void dbk_base64url_put(struct dbk_buf *out, const void *bytes, size_t size);
bool dbk_base64url_decode(struct dbk_str text, unsigned char *out, size_t room,
			  size_t *out_size);

/* The value of a hex digit in either case, or -1. */
int dbk_hex_digit(char c);

/* Lower case; TEXT may have either case. */
void dbk_hex_put(struct dbk_buf *out, const void *bytes, size_t size);
bool dbk_hex_decode(struct dbk_str text, unsigned char *out, size_t size);

#endif
