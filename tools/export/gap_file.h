#ifndef TOOLS_EXPORT_GAP_FILE_H
#define TOOLS_EXPORT_GAP_FILE_H

/*
 * gap_file.h -- daybook/gaps of an export: which events of signed batches were not
 * logged; src/proof/TRUST.md section 6.
 *
 * Thread: belongs to one thread.
 */

#include <stdint.h>
#include <stdio.h>

#include <daybook/error.h>

#include "base/sha256.h"
#include "base/str.h"
#include "export/folder.h"

#define GAP_FILE_NAME "daybook/gaps"

/* Position and number of hashes; then so often index and hash.  Numbers are big-endian. */
#define GAP_FILE_HEAD_BYTES 12
#define GAP_FILE_GAP_BYTES (4 + DBK_SHA256_BYTES)

/* The number of so many bytes at AT. */
uint64_t gap_file_number(const unsigned char *at, unsigned bytes);

struct gap_file {
	const struct folder *folder;
	FILE *file;
};

/* Open it, made if missing, to add to: what it has from position SIZE on is of a run
 * that did not come to its end, and is cut off.  DAMAGED: it is no such file. */
enum dbk_err gap_file_open(struct gap_file *gaps, const struct folder *folder,
			   uint64_t size, struct dbk_error *error) DBK_MUST_CHECK;

/* Add the gaps of the batch with the STORED reply, if it has any and its first record
 * is at FROM or behind it, and before TO.  DAMAGED: no such reply. */
enum dbk_err gap_file_add(struct gap_file *gaps, struct dbk_str stored, uint64_t from,
			  uint64_t to, struct dbk_error *error) DBK_MUST_CHECK;

/* Write what is left, and close.  Again: nothing. */
enum dbk_err gap_file_close(struct gap_file *gaps,
			    struct dbk_error *error) DBK_MUST_CHECK;

#endif
