/*
 * Trees whose roots and proofs are known without a model: the published vectors, and
 * trees of like leaves that no disk holds.
 */

#include <string.h>

#include "../lib/check.h"
#include "base/assert.h"
#include "base/base64.h"
#include "tlog/tree.h"

/* ------------------------------------------------------------------------ vectors */

/* The eight leaves that implementations of Certificate Transparency share. */
static const char *const ct_leaves[] = { "",
					 "00",
					 "10",
					 "2021",
					 "3031",
					 "40414243",
					 "5051525354555657",
					 "606162636465666768696a6b6c6d6e6f" };

static const char *const ct_roots[] = {
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
};

struct ct_proof {
	uint64_t first, second; /* leaf and size, or two sizes */
	unsigned count;
	const char *hashes[3];
};

#define H_96A2 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define H_5F08 "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define H_6B47 "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define H_BC1A "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define H_CA85 "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define H_0EBC "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"

static const struct ct_proof ct_paths[] = {
	{ 0, 1, 0, { NULL } },
	{ 0, 8, 3, { H_96A2, H_5F08, H_6B47 } },
	{ 5, 8, 3, { H_BC1A, H_CA85, ct_roots[3] } },
	{ 2, 3, 1, { ct_roots[1] } },
	{ 1, 5, 3, { ct_roots[0], H_5F08, H_BC1A } },
};

static const struct ct_proof ct_consistencies[] = {
	{ 1, 1, 0, { NULL } },
	{ 1, 8, 3, { H_96A2, H_5F08, H_6B47 } },
	{ 6, 8, 3, { H_0EBC, H_CA85, ct_roots[3] } },
	{ 2, 5, 2, { H_5F08, H_BC1A } },
};

static struct dbk_tree_hash
hash_of_hex(const char *text)
{
	struct dbk_tree_hash hash = { { 0 } };

	CHECK(dbk_hex_decode(dbk_str_of(text), hash.bytes, sizeof hash.bytes));
	return hash;
}

static bool
proof_is(const struct dbk_tree_proof *proof, const struct ct_proof *want)
{
	for (unsigned i = 0; i < want->count && i < proof->count; i++) {
		struct dbk_tree_hash hash = hash_of_hex(want->hashes[i]);

		if (!dbk_tree_hash_equal(&hash, &proof->hashes[i]))
			return false;
	}
	return proof->count == want->count;
}

static enum dbk_err
read_leaves(void *context, unsigned level, uint64_t index, unsigned count,
	    struct dbk_tree_hash *out, struct dbk_error *error)
{
	(void)error;
	dbk_assert(level == 0 && index + count <= 8);
	memcpy(out, (const struct dbk_tree_hash *)context + index, count * sizeof *out);
	return DBK_OK;
}

static void
test_vectors(void)
{
	struct dbk_tree_hash leaves[8];
	struct dbk_tree_reader ct_reader = { read_leaves, leaves };
	struct dbk_tree_proof proof;
	struct dbk_error error;

	for (unsigned i = 0; i < 8; i++) {
		struct dbk_tree_hash want = hash_of_hex(ct_roots[i]), got;
		size_t size = strlen(ct_leaves[i]) / 2;
		unsigned char bytes[16];

		CHECK(dbk_hex_decode(dbk_str_of(ct_leaves[i]), bytes, size));
		leaves[i] = dbk_tree_leaf(dbk_str_make(bytes, size));
		CHECK_INT(dbk_tree_root(&ct_reader, i + 1, &got, &error), DBK_OK);
		CHECK(dbk_tree_hash_equal(&got, &want));
	}
	for (unsigned i = 0; i < sizeof ct_paths / sizeof ct_paths[0]; i++) {
		CHECK_INT(dbk_tree_prove_inclusion(&ct_reader, ct_paths[i].first,
						   ct_paths[i].second, &proof, &error),
			  DBK_OK);
		CHECK(proof_is(&proof, &ct_paths[i]));
	}
	for (unsigned i = 0; i < sizeof ct_consistencies / sizeof ct_consistencies[0];
	     i++) {
		CHECK_INT(dbk_tree_prove_consistency(
			      &ct_reader, ct_consistencies[i].first,
			      ct_consistencies[i].second, &proof, &error),
			  DBK_OK);
		CHECK(proof_is(&proof, &ct_consistencies[i]));
	}
}

/* --------------------------------------------------------- trees beyond any disk */

/* All leaves are alike, so the hash of a complete subtree depends on its height alone.
 */
static struct dbk_tree_hash heights[63];

static void
make_heights(void)
{
	heights[0] = dbk_tree_leaf(dbk_str_of("leaf"));
	for (unsigned i = 1; i < 63; i++)
		heights[i] = dbk_tree_node(&heights[i - 1], &heights[i - 1]);
}

static enum dbk_err
read_alike(void *context, unsigned level, uint64_t index, unsigned count,
	   struct dbk_tree_hash *out, struct dbk_error *error)
{
	uint64_t size = *(const uint64_t *)context;

	(void)error;
	dbk_assert(index + count <= dbk_tree_level_size(size, level));
	dbk_assert(index / 256 == (index + count - 1) / 256);
	for (unsigned i = 0; i < count; i++)
		out[i] = heights[8 * level];
	return DBK_OK;
}

static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (2 * k < n)
		k *= 2;
	return k;
}

static struct dbk_tree_hash
alike_root(uint64_t size)
{
	struct dbk_tree_hash left, right;
	uint64_t k;

	if (size == 1)
		return heights[0];
	k = split(size);
	left = heights[__builtin_ctzll(k)];
	right = alike_root(size - k);
	return dbk_tree_node(&left, &right);
}

static void
check_vast(uint64_t size, uint64_t inner)
{
	struct dbk_tree_reader vast = { read_alike, &size };
	struct dbk_tree_hash root, want = alike_root(size), old = alike_root(inner);
	uint64_t positions[] = { 0, 1, inner - 1, inner % size, size / 3, size - 1 };
	struct dbk_tree_proof proof;
	struct dbk_error error;

	CHECK_INT(dbk_tree_root(&vast, size, &root, &error), DBK_OK);
	CHECK(dbk_tree_hash_equal(&root, &want));
	for (unsigned i = 0; i < sizeof positions / sizeof positions[0]; i++) {
		uint64_t at = positions[i];

		CHECK_INT(dbk_tree_prove_inclusion(&vast, at, size, &proof, &error),
			  DBK_OK);
		CHECK(dbk_tree_check_inclusion(&heights[0], at, size, &root, &proof));
		proof.hashes[proof.count / 2].bytes[7] ^= 1;
		CHECK(!dbk_tree_check_inclusion(&heights[0], at, size, &root, &proof));
	}
	CHECK_INT(dbk_tree_prove_consistency(&vast, inner, size, &proof, &error),
		  DBK_OK);
	CHECK(proof.count <= 63);
	CHECK(dbk_tree_check_consistency(inner, &old, size, &root, &proof));
	if (proof.count > 0) {
		proof.hashes[proof.count - 1].bytes[31] ^= 128;
		CHECK(!dbk_tree_check_consistency(inner, &old, size, &root, &proof));
	}
}

static void
test_vast(void)
{
	uint64_t t40 = UINT64_C(1) << 40, t62 = UINT64_C(1) << 62;

	make_heights();
	check_vast(t40, 1);
	check_vast(t40, t40);
	check_vast(t40 + 1, t40);
	check_vast(t40 + 12345, t40 - 1);
	check_vast(t40 * 1000 + 999999, t40 * 999 + 77);
	check_vast(t62 - 1, t62 - 2);
	check_vast(t62 - 1, 3);
	check_vast(t62, t62 - 1);
}

static void
test_vast_front(void)
{
	uint64_t size = (UINT64_C(1) << 62) - 300;
	struct dbk_tree_reader vast = { read_alike, &size };
	static struct dbk_tree_front front;
	struct dbk_tree_hash want, got;
	struct dbk_error error;

	make_heights();
	CHECK_INT(dbk_tree_front_load(&front, &vast, size, &error), DBK_OK);
	for (unsigned i = 0; i <= 300; i++) {
		got = dbk_tree_front_root(&front);
		want = alike_root(size + i);
		CHECK(dbk_tree_hash_equal(&got, &want));
		dbk_tree_front_add(&front, &heights[0], NULL, NULL);
	}
}

int
main(void)
{
	check_run("the shared vectors of eight leaves hold", test_vectors);
	check_run("trees of up to 2^62 leaves are proved", test_vast);
	check_run("a front goes on at 2^62 leaves", test_vast_front);
	return check_end();
}
