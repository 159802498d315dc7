#ifndef DBK_PROOF_HASHES_H
#define DBK_PROOF_HASHES_H

/*
 * hashes.h -- the levels of the tree as files; TRUST.md section 3.
 *
 * They can all be made again from the log, so nothing here is synchronized for its own
 * sake; the root is compared with a signed checkpoint whenever they are opened.
 *
 * Thread: one adds; any number read what dbk_hashes_size() has told them is there.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "tlog/tree.h"

struct dbk_hashes;

/* Open DIR/tree, made if missing; what lies behind SIZE leaves is cut off.  NOT_FOUND:
 * fewer are there.  READ_ONLY cuts and makes nothing.  IO, MEMORY.  The hashes
 * themselves are believed. */
DBK_MUST_CHECK enum dbk_err dbk_hashes_open(const char *dir, uint64_t size,
					    bool read_only, struct dbk_hashes **out,
					    struct dbk_error *error);
void dbk_hashes_close(struct dbk_hashes *hashes);

/* Leaves that every reader may ask for. */
uint64_t dbk_hashes_size(const struct dbk_hashes *hashes);

/* Add leaves; they can be read after dbk_hashes_flush().  MEMORY: none was added.  A
 * flush that fails (DISK_FULL, IO) loses nothing and may be tried again. */
DBK_MUST_CHECK enum dbk_err dbk_hashes_add(struct dbk_hashes *hashes,
					   const struct dbk_tree_hash *leaves,
					   uint32_t count, struct dbk_error *error);
DBK_MUST_CHECK enum dbk_err dbk_hashes_flush(struct dbk_hashes *hashes,
					     struct dbk_error *error);

/* What is flushed goes to the disk, so that a lost machine costs little recomputing. */
DBK_MUST_CHECK enum dbk_err dbk_hashes_sync(struct dbk_hashes *hashes,
					    struct dbk_error *error);

/* Of all leaves that were added. */
struct dbk_tree_hash dbk_hashes_root(const struct dbk_hashes *hashes);

/* For proofs.  Any thread, within dbk_hashes_size(). */
struct dbk_tree_reader dbk_hashes_reader(struct dbk_hashes *hashes);

#endif
