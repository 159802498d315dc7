#ifndef DBK_TLOG_TREE_H
#define DBK_TLOG_TREE_H

/*
 * tree.h -- the SHA-256 Merkle tree of RFC 6962 section 2.1.
 *
 * Hashes of complete subtrees are named by their tile: level L (of 256-fold), index N
 * is MTH(D[N * 256^L : (N + 1) * 256^L]), which is what C2SP tlog-tiles keeps.
 * Everything else is computed from these.
 *
 * Roots and proofs are made of at most 2^62 leaves, so that no proof is longer than 63
 * hashes; they are checked of any number.
 *
 * Pure functions of their arguments and of what READ gives; any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/sha256.h"
#include "base/str.h"

#define DBK_TREE_HASH_BYTES DBK_SHA256_BYTES

/* Levels of tiles that 2^64 leaves have, and hashes that a proof has room for. */
#define DBK_TREE_LEVELS_MAX 8
#define DBK_TREE_PROOF_MAX 64

struct dbk_tree_hash {
	unsigned char bytes[DBK_TREE_HASH_BYTES];
};

static inline bool
dbk_tree_hash_equal(const struct dbk_tree_hash *a, const struct dbk_tree_hash *b)
{
	for (unsigned i = 0; i < DBK_TREE_HASH_BYTES; i++)
		if (a->bytes[i] != b->bytes[i])
			return false;
	return true;
}

/* SHA-256(0x00 || leaf), SHA-256(0x01 || left || right), and the root of no leaves. */
struct dbk_tree_hash dbk_tree_leaf(struct dbk_str leaf);
struct dbk_tree_hash dbk_tree_node(const struct dbk_tree_hash *left,
				   const struct dbk_tree_hash *right);
struct dbk_tree_hash dbk_tree_empty(void);

/* The root of COUNT (1 to 256) hashes as leaves of a subtree; 256 are a whole tile. */
struct dbk_tree_hash dbk_tree_fold(const struct dbk_tree_hash *hashes, unsigned count);

/* Read COUNT hashes of LEVEL from INDEX on, all within one tile, into OUT. */
typedef enum dbk_err dbk_tree_read_fn(void *context, unsigned level, uint64_t index,
				      unsigned count, struct dbk_tree_hash *out,
				      struct dbk_error *error);

struct dbk_tree_reader {
	dbk_tree_read_fn *read;
	void *context;
};

/* Hashes that LEVEL has in a tree of SIZE leaves. */
uint64_t dbk_tree_level_size(uint64_t size, unsigned level);

/* The root of the first SIZE leaves. */
DBK_MUST_CHECK enum dbk_err dbk_tree_root(const struct dbk_tree_reader *reader,
					  uint64_t size, struct dbk_tree_hash *out,
					  struct dbk_error *error);

struct dbk_tree_proof {
	unsigned count;
	struct dbk_tree_hash hashes[DBK_TREE_PROOF_MAX];
};

/* That leaf POSITION (below SIZE, asserted) is in the tree of SIZE leaves; section
 * 2.1.1. */
DBK_MUST_CHECK enum dbk_err
dbk_tree_prove_inclusion(const struct dbk_tree_reader *reader, uint64_t position,
			 uint64_t size, struct dbk_tree_proof *out,
			 struct dbk_error *error);

/* That the tree of FROM leaves begins that of TO (FROM <= TO, asserted); section 2.1.2.
 * Empty for FROM 0 and FROM = TO. */
DBK_MUST_CHECK enum dbk_err
dbk_tree_prove_consistency(const struct dbk_tree_reader *reader, uint64_t from,
			   uint64_t to, struct dbk_tree_proof *out,
			   struct dbk_error *error);

/* RFC 9162 sections 2.1.3.2 and 2.1.4.2. */
bool dbk_tree_check_inclusion(const struct dbk_tree_hash *leaf, uint64_t position,
			      uint64_t size, const struct dbk_tree_hash *root,
			      const struct dbk_tree_proof *proof);
bool dbk_tree_check_consistency(uint64_t from, const struct dbk_tree_hash *from_root,
				uint64_t to, const struct dbk_tree_hash *to_root,
				const struct dbk_tree_proof *proof);

/*
 * A tree that grows, in constant memory: feed leaves in order; whole tiles come out as
 * they become whole, each level's in order.  What is not yet whole is in HASHES.
 */
struct dbk_tree_front {
	uint64_t size;
	unsigned counts[DBK_TREE_LEVELS_MAX];
	struct dbk_tree_hash hashes[DBK_TREE_LEVELS_MAX][256];
};

void dbk_tree_front_init(struct dbk_tree_front *front);

/* Told of each hash that is added to a level. */
typedef void dbk_tree_added_fn(void *context, unsigned level, uint64_t index,
			       const struct dbk_tree_hash *hash);

void dbk_tree_front_add(struct dbk_tree_front *front, const struct dbk_tree_hash *leaf,
			dbk_tree_added_fn *added, void *context);

struct dbk_tree_hash dbk_tree_front_root(const struct dbk_tree_front *front);

/* FRONT as it is after SIZE leaves. */
DBK_MUST_CHECK enum dbk_err dbk_tree_front_load(struct dbk_tree_front *front,
						const struct dbk_tree_reader *reader,
						uint64_t size, struct dbk_error *error);

#endif
