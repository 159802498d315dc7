#ifndef TOOLS_PAYOUT_BANK_FILE_H
#define TOOLS_PAYOUT_BANK_FILE_H

/*
 * bank_file.h -- the file that a bank or provider pays from.
 *
 * CSV (RFC 4180, LF): payout, agent, payee_hash (hexadecimal), gross, tax, net; amounts
 * in major units.  It is written beside its place and moved there when it is whole and
 * on disk, so that nobody pays from half a file; its BLAKE2b-256 goes into the book.
 *
 * Thread: belongs to one thread.
 */

#include <stdint.h>

#include <daybook/error.h>
#include <daybook/v1/service.pb-c.h>

#include "base/hash.h"

struct bank_row {
	const Daybook__V1__Payout *payout;
	const ProtobufCBinaryData *payee_hash;
	int64_t tax;
};

/* Write COUNT rows to PATH; *OUT_HASH is the file's.  DBK_FAILED_IO: ERROR has the
 * words, and what was at PATH before is still there. */
enum dbk_err bank_file_write(const char *path, const struct bank_row *rows,
			     size_t count, unsigned exponent,
			     unsigned char out_hash[DBK_DIGEST_BYTES],
			     struct dbk_error *error) DBK_MUST_CHECK;

#endif
