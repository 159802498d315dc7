#ifndef DBK_BASE_CRC32C_H
#define DBK_BASE_CRC32C_H

/*
 * crc32c.h -- the checksum of what is stored: CRC-32C (Castagnoli; RFC 3720, appendix
 * B.4).
 *
 * It is there to find damage (a bad sector, a torn copy, a stray write), not malice;
 * the Merkle tree over the records does that.  CRC-32C finds every burst of up to 32
 * bits and all but one in four thousand million of the rest, and processors have an
 * instruction for it: about 8 GB/s here, against 0.8 GB/s for BLAKE2b, so a replay may
 * check everything it reads for some 15 ns a record.  Without the instruction a table
 * is used.
 */

#include <stddef.h>
#include <stdint.h>

/* The checksum of SIZE bytes. */
uint32_t dbk_crc32c_sum(const void *bytes, size_t size);

/* The same without the instruction; for tests that compare the two. */
uint32_t dbk_crc32c_sum_by_table(const void *bytes, size_t size);

#endif
