/*
 * Every root and proof is a fold over ranges [BEGIN, END) of the leaves that tile each
 * other from left to right, as section 2.1 of RFC 6962 splits them: at the largest
 * power of two below their number.  A range that is a complete subtree is one hash, or
 * a fold of at most 128 hashes of one tile; any other is split, on one way down the
 * tree.
 */

#include "tlog/tree.h"

#include "base/assert.h"

#define LEVEL_BITS 8
#define TILE ((uint64_t)256)

struct dbk_tree_hash
dbk_tree_leaf(struct dbk_str leaf)
{
	struct dbk_tree_hash out;
	struct dbk_sha256 hash;

	dbk_sha256_init(&hash);
	dbk_sha256_update(&hash, "\0", 1);
	dbk_sha256_update(&hash, leaf.bytes, leaf.size);
	dbk_sha256_final(&hash, out.bytes);
	return out;
}

struct dbk_tree_hash
dbk_tree_node(const struct dbk_tree_hash *left, const struct dbk_tree_hash *right)
{
	unsigned char bytes[1 + 2 * DBK_TREE_HASH_BYTES] = { 1 };
	struct dbk_tree_hash out;

	memcpy(bytes + 1, left->bytes, sizeof left->bytes);
	memcpy(bytes + 1 + sizeof left->bytes, right->bytes, sizeof right->bytes);
	dbk_sha256(bytes, sizeof bytes, out.bytes);
	return out;
}

struct dbk_tree_hash
dbk_tree_empty(void)
{
	struct dbk_tree_hash out;

	dbk_sha256("", 0, out.bytes);
	return out;
}

/* Pair by pair, level by level: a last one without a partner goes up as it is, which is
 * where the split at the largest power of two puts it, too. */
struct dbk_tree_hash
dbk_tree_fold(const struct dbk_tree_hash *hashes, unsigned count)
{
	struct dbk_tree_hash row[TILE];

	dbk_assert(count >= 1 && count <= TILE);
	memcpy(row, hashes, count * sizeof row[0]);
	for (; count > 1; count = (count + 1) / 2) {
		for (unsigned i = 0; i + 1 < count; i += 2)
			row[i / 2] = dbk_tree_node(&row[i], &row[i + 1]);
		if (count % 2 == 1)
			row[count / 2] = row[count - 1];
	}
	return row[0];
}

uint64_t
dbk_tree_level_size(uint64_t size, unsigned level)
{
	return level < DBK_TREE_LEVELS_MAX ? size >> (LEVEL_BITS * level) : 0;
}

/* The largest power of two below N, which is at least 2. */
static uint64_t
split_of(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* The hash of the complete subtree of COUNT leaves, a power of two, from BEGIN on. */
static enum dbk_err
read_subtree(const struct dbk_tree_reader *reader, uint64_t begin, uint64_t count,
	     struct dbk_tree_hash *out, struct dbk_error *error)
{
	unsigned height = (unsigned)__builtin_ctzll(count);
	unsigned level = height / LEVEL_BITS, run = 1u << (height % LEVEL_BITS);
	struct dbk_tree_hash hashes[TILE / 2];
	enum dbk_err err = reader->read(
	    reader->context, level, begin >> (LEVEL_BITS * level), run, hashes, error);

	if (err == DBK_OK)
		*out = dbk_tree_fold(hashes, run);
	return err;
}

/* MTH(D[BEGIN : END]) for a range that begins at a multiple of its split: complete
 * subtrees from left to right, each smaller than the one before, joined from the right.
 */
static enum dbk_err
read_range(const struct dbk_tree_reader *reader, uint64_t begin, uint64_t end,
	   struct dbk_tree_hash *out, struct dbk_error *error)
{
	struct dbk_tree_hash parts[64];
	unsigned n = 0;

	while (begin < end) {
		uint64_t count = UINT64_C(1) << (63 - __builtin_clzll(end - begin));
		enum dbk_err err = read_subtree(reader, begin, count, &parts[n], error);

		if (err != DBK_OK)
			return err;
		begin += count;
		n++;
	}
	for (; n > 1; n--)
		parts[n - 2] = dbk_tree_node(&parts[n - 2], &parts[n - 1]);
	*out = parts[0];
	return DBK_OK;
}

enum dbk_err
dbk_tree_root(const struct dbk_tree_reader *reader, uint64_t size,
	      struct dbk_tree_hash *out, struct dbk_error *error)
{
	if (size == 0) {
		*out = dbk_tree_empty();
		return DBK_OK;
	}
	return read_range(reader, 0, size, out, error);
}

/* Proofs are made from the root down and go from the leaf up. */
static void
turn_round(struct dbk_tree_proof *proof)
{
	for (unsigned i = 0; i < proof->count / 2; i++) {
		struct dbk_tree_hash other = proof->hashes[proof->count - 1 - i];

		proof->hashes[proof->count - 1 - i] = proof->hashes[i];
		proof->hashes[i] = other;
	}
}

/* The root of [BEGIN, END) as the next hash of a proof. */
static enum dbk_err
add_range(const struct dbk_tree_reader *reader, uint64_t begin, uint64_t end,
	  struct dbk_tree_proof *proof, struct dbk_error *error)
{
	dbk_assert(proof->count < DBK_TREE_PROOF_MAX);
	return read_range(reader, begin, end, &proof->hashes[proof->count++], error);
}

enum dbk_err
dbk_tree_prove_inclusion(const struct dbk_tree_reader *reader, uint64_t position,
			 uint64_t size, struct dbk_tree_proof *out,
			 struct dbk_error *error)
{
	uint64_t begin = 0, end = size;
	enum dbk_err err = DBK_OK;

	dbk_assert(position < size);
	out->count = 0;
	while (err == DBK_OK && end - begin > 1) {
		uint64_t middle = begin + split_of(end - begin);

		if (position < middle) {
			err = add_range(reader, middle, end, out, error);
			end = middle;
		} else {
			err = add_range(reader, begin, middle, out, error);
			begin = middle;
		}
	}
	turn_round(out);
	return err;
}

/* SUBPROOF of section 2.1.2.  The old tree's own root is left out as long as it is one
 * subtree from the first leaf on, which the verifier has already. */
enum dbk_err
dbk_tree_prove_consistency(const struct dbk_tree_reader *reader, uint64_t from,
			   uint64_t to, struct dbk_tree_proof *out,
			   struct dbk_error *error)
{
	uint64_t begin = 0, end = to;
	enum dbk_err err = DBK_OK;

	dbk_assert(from <= to);
	out->count = 0;
	if (from == 0 || from == to)
		return DBK_OK;
	while (err == DBK_OK && end != from) {
		uint64_t middle = begin + split_of(end - begin);

		if (from <= middle) {
			err = add_range(reader, middle, end, out, error);
			end = middle;
		} else {
			err = add_range(reader, begin, middle, out, error);
			begin = middle;
		}
	}
	if (err == DBK_OK && begin > 0)
		err = add_range(reader, begin, end, out, error);
	turn_round(out);
	return err;
}

bool
dbk_tree_check_inclusion(const struct dbk_tree_hash *leaf, uint64_t position,
			 uint64_t size, const struct dbk_tree_hash *root,
			 const struct dbk_tree_proof *proof)
{
	struct dbk_tree_hash hash = *leaf;
	uint64_t at = position, last = size - 1;

	if (position >= size || proof->count > DBK_TREE_PROOF_MAX)
		return false;
	for (unsigned i = 0; i < proof->count; i++) {
		if (last == 0)
			return false;
		if ((at & 1) != 0 || at == last) {
			hash = dbk_tree_node(&proof->hashes[i], &hash);
			while ((at & 1) == 0 && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			hash = dbk_tree_node(&hash, &proof->hashes[i]);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && dbk_tree_hash_equal(&hash, root);
}

/* Both roots out of one walk up from the old tree's last complete subtree. */
static bool
walk_both(uint64_t from, uint64_t to, const struct dbk_tree_hash *from_root,
	  const struct dbk_tree_hash *to_root, const struct dbk_tree_proof *proof)
{
	unsigned rise = (unsigned)__builtin_ctzll(from);
	uint64_t at = (from - 1) >> rise, last = (to - 1) >> rise;
	/* A power of two: the old root itself is where the walk begins. */
	bool whole = at == 0;
	struct dbk_tree_hash old = whole ? *from_root : proof->hashes[0], new = old;

	for (unsigned i = whole ? 0 : 1; i < proof->count; i++) {
		const struct dbk_tree_hash *next = &proof->hashes[i];

		if (last == 0)
			return false;
		if ((at & 1) != 0 || at == last) {
			old = dbk_tree_node(next, &old);
			new = dbk_tree_node(next, &new);
			while ((at & 1) == 0 && at != 0) {
				at >>= 1;
				last >>= 1;
			}
		} else {
			new = dbk_tree_node(&new, next);
		}
		at >>= 1;
		last >>= 1;
	}
	return last == 0 && dbk_tree_hash_equal(&old, from_root) &&
	       dbk_tree_hash_equal(&new, to_root);
}

bool
dbk_tree_check_consistency(uint64_t from, const struct dbk_tree_hash *from_root,
			   uint64_t to, const struct dbk_tree_hash *to_root,
			   const struct dbk_tree_proof *proof)
{
	struct dbk_tree_hash empty = dbk_tree_empty();

	if (from > to || proof->count > DBK_TREE_PROOF_MAX)
		return false;
	if (from == to)
		return proof->count == 0 && dbk_tree_hash_equal(from_root, to_root) &&
		       (from > 0 || dbk_tree_hash_equal(from_root, &empty));
	if (from == 0)
		return proof->count == 0 && dbk_tree_hash_equal(from_root, &empty);
	return proof->count > 0 && walk_both(from, to, from_root, to_root, proof);
}

void
dbk_tree_front_init(struct dbk_tree_front *front)
{
	memset(front, 0, sizeof *front);
}

void
dbk_tree_front_add(struct dbk_tree_front *front, const struct dbk_tree_hash *leaf,
		   dbk_tree_added_fn *added, void *context)
{
	struct dbk_tree_hash hash = *leaf;
	uint64_t index = front->size++;

	for (unsigned level = 0;; level++) {
		dbk_assert(level < DBK_TREE_LEVELS_MAX);
		if (added != NULL)
			added(context, level, index, &hash);
		front->hashes[level][front->counts[level]++] = hash;
		if (front->counts[level] < TILE)
			return;
		hash = dbk_tree_fold(front->hashes[level], (unsigned)TILE);
		front->counts[level] = 0;
		index >>= LEVEL_BITS;
	}
}

/* What is not whole at a level is to the right of what the levels above have. */
struct dbk_tree_hash
dbk_tree_front_root(const struct dbk_tree_front *front)
{
	struct dbk_tree_hash row[TILE], root;
	bool has = false;

	for (unsigned level = 0; level < DBK_TREE_LEVELS_MAX; level++) {
		unsigned count = front->counts[level];

		if (count == 0)
			continue;
		memcpy(row, front->hashes[level], count * sizeof row[0]);
		if (has)
			row[count++] = root;
		root = dbk_tree_fold(row, count);
		has = true;
	}
	return has ? root : dbk_tree_empty();
}

enum dbk_err
dbk_tree_front_load(struct dbk_tree_front *front, const struct dbk_tree_reader *reader,
		    uint64_t size, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;

	dbk_tree_front_init(front);
	front->size = size;
	for (unsigned level = 0; err == DBK_OK && level < DBK_TREE_LEVELS_MAX;
	     level++) {
		uint64_t hashes = dbk_tree_level_size(size, level);

		front->counts[level] = (unsigned)(hashes % TILE);
		if (front->counts[level] > 0)
			err = reader->read(reader->context, level,
					   hashes - hashes % TILE, front->counts[level],
					   front->hashes[level], error);
	}
	return err;
}
