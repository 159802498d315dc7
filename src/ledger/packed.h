#ifndef DBK_LEDGER_PACKED_H
#define DBK_LEDGER_PACKED_H

/*
 * packed.h -- rows made small for the disk, with LZ4 (liblz4, frameless blocks).
 *
 * A packed value is the size of the rows (u32 little-endian), then their LZ4 block, or
 * the rows themselves where packing would not make them smaller; then CRC-32C of all
 * that (u32 little-endian).  Rows are wide and mostly zeros, and the disk is what ingest
 * waits for: packed they take about half of it.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* The largest value that SIZE bytes of rows may become. */
size_t dbk_packed_bound(size_t size);

/* Pack ROWS of SIZE bytes into OUT, which has dbk_packed_bound(SIZE); the value's size. */
size_t dbk_packed_make(const void *rows, size_t size, unsigned char *out);

/*
 * The rows of VALUE.  False: not what was written.  *OUT_ROWS is borrowed: from VALUE,
 * or from SCRATCH, which grows to hold them and is to be freed by the caller.
 */
bool dbk_packed_open(struct dbk_str value, struct dbk_buf *scratch,
		     struct dbk_str *out_rows);

#endif
