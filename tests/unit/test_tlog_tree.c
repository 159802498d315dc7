/*
 * The tree against section 2.1 of RFC 6962 written down as it stands there: every size
 * and leaf of small trees, and the edges of tiles.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/check.h"
#include "base/assert.h"
#include "tlog/tree.h"

#define SMALL 300
#define STORE_LEAVES ((uint64_t)256 * 256 + 600)

/* --------------------------------------------------- a tree as its tiles have it */

struct store {
	struct dbk_tree_hash *levels[3];
	uint64_t sizes[3];
	uint64_t reads;
	bool in_order, broken;
};

static void
added(void *context, unsigned level, uint64_t index, const struct dbk_tree_hash *hash)
{
	struct store *store = context;

	dbk_assert(level < 3);
	store->in_order = store->in_order && index == store->sizes[level];
	store->levels[level][index] = *hash;
	store->sizes[level] = index + 1;
}

static enum dbk_err
read_store(void *context, unsigned level, uint64_t index, unsigned count,
	   struct dbk_tree_hash *out, struct dbk_error *error)
{
	struct store *store = context;

	store->reads++;
	if (store->broken)
		return dbk_error_set(error, DBK_FAILED_IO, "no tile");
	dbk_assert(level < 3 && count >= 1 && count <= 256);
	dbk_assert(index / 256 == (index + count - 1) / 256);
	dbk_assert(index + count <= store->sizes[level]);
	memcpy(out, store->levels[level] + index, count * sizeof *out);
	return DBK_OK;
}

static struct dbk_tree_hash
leaf_at(uint64_t i)
{
	char text[32];

	return dbk_tree_leaf(
	    dbk_str_make(text, (size_t)snprintf(text, sizeof text, "leaf %llu",
						(unsigned long long)i)));
}

static struct store store;
static struct dbk_tree_front front;

static void
make_store(void)
{
	for (unsigned level = 0; level < 3; level++) {
		size_t room = (size_t)(STORE_LEAVES >> (8 * level)) + 1;

		store.levels[level] = calloc(room, sizeof *store.levels[level]);
		dbk_assert(store.levels[level] != NULL);
	}
	store.in_order = true;
	dbk_tree_front_init(&front);
	for (uint64_t i = 0; i < STORE_LEAVES; i++) {
		struct dbk_tree_hash leaf = leaf_at(i);

		dbk_tree_front_add(&front, &leaf, added, &store);
	}
}

static const struct dbk_tree_reader reader = { read_store, &store };

/* ------------------------------------------------------------ RFC 6962 as it stands */

static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static struct dbk_tree_hash
model_root(uint64_t begin, uint64_t end)
{
	struct dbk_tree_hash left, right;

	if (begin == end)
		return dbk_tree_empty();
	if (end - begin == 1)
		return store.levels[0][begin];
	left = model_root(begin, begin + split(end - begin));
	right = model_root(begin + split(end - begin), end);
	return dbk_tree_node(&left, &right);
}

static void
model_path(uint64_t m, uint64_t begin, uint64_t end, struct dbk_tree_proof *out)
{
	uint64_t middle;

	if (end - begin == 1)
		return;
	middle = begin + split(end - begin);
	if (m < middle) {
		model_path(m, begin, middle, out);
		out->hashes[out->count++] = model_root(middle, end);
	} else {
		model_path(m, middle, end, out);
		out->hashes[out->count++] = model_root(begin, middle);
	}
}

static void
model_subproof(uint64_t m, uint64_t begin, uint64_t end, bool known,
	       struct dbk_tree_proof *out)
{
	uint64_t k = end - begin > 1 ? split(end - begin) : 1;

	if (m == end - begin) {
		if (!known)
			out->hashes[out->count++] = model_root(begin, end);
	} else if (m <= k) {
		model_subproof(m, begin, begin + k, known, out);
		out->hashes[out->count++] = model_root(begin + k, end);
	} else {
		model_subproof(m - k, begin + k, end, false, out);
		out->hashes[out->count++] = model_root(begin, begin + k);
	}
}

static bool
proofs_equal(const struct dbk_tree_proof *a, const struct dbk_tree_proof *b)
{
	return a->count == b->count &&
	       memcmp(a->hashes, b->hashes, a->count * sizeof a->hashes[0]) == 0;
}

/* ----------------------------------------------------------------- one of each */

static struct dbk_tree_hash
root_of(uint64_t size)
{
	struct dbk_tree_hash root = { { 0 } };
	struct dbk_error error;

	CHECK_INT(dbk_tree_root(&reader, size, &root, &error), DBK_OK);
	return root;
}

static void
inclusion_of(uint64_t position, uint64_t size, struct dbk_tree_proof *out)
{
	struct dbk_error error;

	CHECK_INT(dbk_tree_prove_inclusion(&reader, position, size, out, &error),
		  DBK_OK);
}

static void
consistency_of(uint64_t from, uint64_t to, struct dbk_tree_proof *out)
{
	struct dbk_error error;

	CHECK_INT(dbk_tree_prove_consistency(&reader, from, to, out, &error), DBK_OK);
}

static bool
is_included(uint64_t position, uint64_t size, const struct dbk_tree_hash *root)
{
	struct dbk_tree_proof got, want = { .count = 0 };

	inclusion_of(position, size, &got);
	model_path(position, 0, size, &want);
	return proofs_equal(&got, &want) &&
	       dbk_tree_check_inclusion(&store.levels[0][position], position, size,
					root, &got);
}

static bool
is_consistent(uint64_t from, uint64_t to)
{
	struct dbk_tree_hash old = root_of(from), new = root_of(to);
	struct dbk_tree_proof got, want = { .count = 0 };

	consistency_of(from, to, &got);
	if (from > 0)
		model_subproof(from, 0, to, true, &want);
	return proofs_equal(&got, &want) &&
	       dbk_tree_check_consistency(from, &old, to, &new, &got);
}

/* ------------------------------------------------------------------ what is true */

static void
test_small_inclusion(void)
{
	bool all = true;

	for (uint64_t size = 1; size <= SMALL; size++) {
		struct dbk_tree_hash root = root_of(size), model = model_root(0, size);

		all = all && dbk_tree_hash_equal(&root, &model);
		for (uint64_t i = 0; i < size; i++)
			all = all && is_included(i, size, &root);
	}
	CHECK(all);
}

static void
test_small_consistency(void)
{
	bool all = true;

	for (uint64_t to = 0; to <= SMALL; to += to < 40 ? 1 : 7)
		for (uint64_t from = 0; from <= to; from++)
			all = all && is_consistent(from, to);
	CHECK(all);
}

/* Where the tiles of levels 0 and 1 become whole. */
static void
test_edges(void)
{
	static const uint64_t sizes[] = { 255,	 256,	511,   512,   513,
					  65279, 65280, 65535, 65536, 65537,
					  65791, 65792, 65793, 66048, 66136 };
	unsigned n = sizeof sizes / sizeof sizes[0];

	for (unsigned i = 0; i < n; i++) {
		struct dbk_tree_hash root = root_of(sizes[i]);
		struct dbk_tree_hash model = model_root(0, sizes[i]);

		CHECK(dbk_tree_hash_equal(&root, &model));
		for (unsigned k = 0; k < n; k++) {
			if (sizes[k] <= sizes[i])
				CHECK(is_consistent(sizes[k], sizes[i]));
			if (sizes[k] < sizes[i])
				CHECK(is_included(sizes[k], sizes[i], &root));
		}
		CHECK(is_included(0, sizes[i], &root));
		CHECK(is_included(sizes[i] - 1, sizes[i], &root));
	}
}

static void
test_no_leaves(void)
{
	static const unsigned char begins[4] = { 0xe3, 0xb0, 0xc4, 0x42 };
	struct dbk_tree_hash empty = dbk_tree_empty(), root = root_of(0),
			     some = root_of(3);
	struct dbk_tree_proof none = { .count = 0 };

	CHECK(memcmp(empty.bytes, begins, sizeof begins) == 0);
	CHECK(dbk_tree_hash_equal(&empty, &root));
	CHECK(dbk_tree_check_consistency(0, &empty, 0, &empty, &none));
	CHECK(dbk_tree_check_consistency(0, &empty, 3, &some, &none));
	CHECK(!dbk_tree_check_consistency(0, &some, 3, &some, &none));
	CHECK(!dbk_tree_check_consistency(0, &some, 0, &some, &none));
	CHECK(!dbk_tree_check_consistency(3, &some, 0, &empty, &none));
	CHECK(!dbk_tree_check_inclusion(&some, 0, 0, &some, &none));
}

/* ----------------------------------------------------------------- what is not */

/* Any other proof than PROOF; those that are made of it by one damage. */
static unsigned
count_wrong_inclusion(uint64_t position, uint64_t size,
		      const struct dbk_tree_hash *root, struct dbk_tree_proof *proof)
{
	const struct dbk_tree_hash *leaf = &store.levels[0][position];
	struct dbk_tree_proof other = *proof;
	unsigned taken = 0;

	for (unsigned i = 0; i < 256 * proof->count; i++) {
		unsigned char *byte = &other.hashes[i / 256].bytes[i % 256 / 8];

		*byte ^= (unsigned char)(1u << (i % 8));
		taken += dbk_tree_check_inclusion(leaf, position, size, root, &other);
		*byte ^= (unsigned char)(1u << (i % 8));
	}
	for (other.count = 0; other.count <= DBK_TREE_PROOF_MAX; other.count++)
		taken += other.count != proof->count &&
			 dbk_tree_check_inclusion(leaf, position, size, root, &other);
	for (uint64_t at = 0; at < size + 3; at++)
		taken += at != position &&
			 dbk_tree_check_inclusion(leaf, at, size, root, proof);
	taken +=
	    dbk_tree_check_inclusion(root, position, size, leaf, proof) && size > 1;
	taken += dbk_tree_check_inclusion(leaf, position, position, root, proof);
	other.count = DBK_TREE_PROOF_MAX + 1;
	taken += dbk_tree_check_inclusion(leaf, position, size, root, &other);
	return taken;
}

static void
test_wrong_inclusion(void)
{
	struct dbk_tree_proof proof;
	unsigned taken = 0;

	memset(&proof, 0, sizeof proof);
	for (uint64_t size = 1; size <= 20; size++) {
		struct dbk_tree_hash root = root_of(size);

		for (uint64_t i = 0; i < size; i++) {
			inclusion_of(i, size, &proof);
			taken += count_wrong_inclusion(i, size, &root, &proof);
		}
	}
	CHECK_INT(taken, 0);
}

static unsigned
count_wrong_consistency(uint64_t from, uint64_t to, const struct dbk_tree_proof *proof)
{
	struct dbk_tree_hash old = root_of(from), new = root_of(to);
	struct dbk_tree_proof other = *proof;
	unsigned taken = 0;

	for (unsigned i = 0; i < 256 * proof->count; i++) {
		unsigned char *byte = &other.hashes[i / 256].bytes[i % 256 / 8];

		*byte ^= (unsigned char)(1u << (i % 8));
		taken += dbk_tree_check_consistency(from, &old, to, &new, &other);
		*byte ^= (unsigned char)(1u << (i % 8));
	}
	for (unsigned i = 0; i < 256; i++) {
		old.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		taken += dbk_tree_check_consistency(from, &old, to, &new, proof);
		old.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		new.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
		taken += dbk_tree_check_consistency(from, &old, to, &new, proof);
		new.bytes[i / 8] ^= (unsigned char)(1u << (i % 8));
	}
	for (other.count = 0; other.count <= DBK_TREE_PROOF_MAX; other.count++)
		taken += other.count != proof->count &&
			 dbk_tree_check_consistency(from, &old, to, &new, &other);
	if (from != to) {
		taken += dbk_tree_check_consistency(from, &new, to, &old, proof);
		taken += dbk_tree_check_consistency(to, &new, from, &old, proof);
		taken += dbk_tree_check_consistency(to, &old, to, &new, proof);
	}
	other.count = DBK_TREE_PROOF_MAX + 1;
	taken += dbk_tree_check_consistency(from, &old, to, &new, &other);
	return taken;
}

static void
test_wrong_consistency(void)
{
	struct dbk_tree_proof proof;
	unsigned taken = 0;

	memset(&proof, 0, sizeof proof);
	for (uint64_t to = 1; to <= 20; to++) {
		for (uint64_t from = 1; from <= to; from++) {
			consistency_of(from, to, &proof);
			taken += count_wrong_consistency(from, to, &proof);
		}
	}
	CHECK_INT(taken, 0);
}

/* A log that says another thing at one place cannot be joined to the one before. */
static void
test_fork(void)
{
	struct dbk_tree_hash old = root_of(200), forked, kept = store.levels[0][150];
	struct dbk_tree_proof proof;
	bool taken = false;

	store.levels[0][150] = leaf_at(9999);
	for (uint64_t to = 200; to < 256; to++) {
		forked = model_root(0, to);
		consistency_of(200, to, &proof);
		taken =
		    taken || dbk_tree_check_consistency(200, &old, to, &forked, &proof);
	}
	store.levels[0][150] = kept;
	CHECK(!taken);
}

static void
test_broken_reader(void)
{
	struct dbk_tree_proof proof;
	struct dbk_tree_hash root;
	struct dbk_error error;

	store.broken = true;
	CHECK_INT(dbk_tree_root(&reader, 5, &root, &error), DBK_FAILED_IO);
	CHECK_INT(dbk_tree_prove_inclusion(&reader, 2, 5, &proof, &error),
		  DBK_FAILED_IO);
	CHECK_INT(dbk_tree_prove_consistency(&reader, 2, 5, &proof, &error),
		  DBK_FAILED_IO);
	CHECK_INT(dbk_tree_front_load(&front, &reader, 5, &error), DBK_FAILED_IO);
	CHECK(strcmp(error.text, "no tile") == 0);
	store.broken = false;
}

/* ------------------------------------------------------------------ one that grows */

static void
test_front(void)
{
	static const uint64_t sizes[] = { 0,   1,     2,     255,   256,   257,	 511,
					  512, 65279, 65280, 65535, 65536, 65537 };
	struct dbk_error error;

	CHECK(store.in_order);
	CHECK_INT(store.sizes[0], STORE_LEAVES);
	CHECK_INT(store.sizes[1], STORE_LEAVES / 256);
	CHECK_INT(store.sizes[2], STORE_LEAVES / 65536);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct dbk_tree_hash got, want;

		CHECK_INT(dbk_tree_front_load(&front, &reader, sizes[i], &error),
			  DBK_OK);
		for (uint64_t at = sizes[i]; at < sizes[i] + 300; at++) {
			CHECK_INT(front.size, at);
			got = dbk_tree_front_root(&front);
			want = root_of(at);
			CHECK(dbk_tree_hash_equal(&got, &want));
			dbk_tree_front_add(&front, &store.levels[0][at], NULL, NULL);
		}
	}
}

static void
test_fold(void)
{
	for (unsigned count = 1; count <= 256; count++) {
		struct dbk_tree_hash got = dbk_tree_fold(store.levels[0], count);
		struct dbk_tree_hash want = model_root(0, count);

		CHECK(dbk_tree_hash_equal(&got, &want));
	}
}

static void
test_few_reads(void)
{
	struct dbk_tree_proof proof;

	store.reads = 0;
	inclusion_of(12345, 66000, &proof);
	CHECK(store.reads <= proof.count + 20);
	CHECK_INT(dbk_tree_level_size(66000, 0), 66000);
	CHECK_INT(dbk_tree_level_size(66000, 1), 257);
	CHECK_INT(dbk_tree_level_size(66000, 2), 1);
	CHECK_INT(dbk_tree_level_size(66000, 3), 0);
	CHECK_INT(dbk_tree_level_size(66000, 9), 0);
}

int
main(void)
{
	make_store();
	check_run("no damaged proof of inclusion is taken", test_wrong_inclusion);
	check_run("no damaged proof of consistency is taken", test_wrong_consistency);
	check_run("a fork has no proof of consistency", test_fork);
	check_run("what a reader fails with comes back", test_broken_reader);
	check_run("a tree of no leaves begins every other", test_no_leaves);
	check_run("every leaf of every small tree is proved", test_small_inclusion);
	check_run("every small tree begins every larger one", test_small_consistency);
	check_run("trees around whole tiles are proved", test_edges);
	check_run("a front has the root of what it was fed", test_front);
	check_run("a tile folds as its leaves do", test_fold);
	check_run("a proof reads few runs of tiles", test_few_reads);
	for (unsigned level = 0; level < 3; level++)
		free(store.levels[level]);
	return check_end();
}
