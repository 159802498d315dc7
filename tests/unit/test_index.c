#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "base/index.h"

#define TABLES 3

static struct dbk_journal journal;
static struct dbk_index index_;

static void
setup(uint32_t max_segments)
{
	dbk_journal_init(&journal);
	CHECK(dbk_index_init(&index_, &journal, max_segments) == DBK_OK);
}

static void
teardown(void)
{
	dbk_index_fini(&index_);
	dbk_journal_fini(&journal);
}

static bool
has(uint64_t hash, uint32_t value)
{
	struct dbk_index_walk walk = dbk_index_seek(&index_, hash);
	uint32_t seen;

	while ((seen = dbk_index_next(&index_, &walk)) != 0)
		if (seen == value)
			return true;
	return false;
}

static unsigned
count_candidates(uint64_t hash)
{
	struct dbk_index_walk walk = dbk_index_seek(&index_, hash);
	unsigned n = 0;

	while (dbk_index_next(&index_, &walk) != 0)
		n++;
	return n;
}

/* The bytes of all three tables. */
struct picture {
	unsigned char *bytes[TABLES];
	size_t sizes[TABLES];
};

static struct picture
take_picture(void)
{
	struct picture picture;

	for (unsigned i = 0; i < TABLES; i++) {
		const struct dbk_rows *table = journal.tables[i];

		picture.sizes[i] = (size_t)dbk_rows_bytes(table);
		picture.bytes[i] = malloc(picture.sizes[i]);
		memcpy(picture.bytes[i], table->rows, picture.sizes[i]);
	}
	return picture;
}

static bool
looks_like(const struct picture *picture)
{
	bool same = true;

	for (unsigned i = 0; i < TABLES; i++)
		same = same && picture->sizes[i] == dbk_rows_bytes(journal.tables[i]) &&
		       memcmp(picture->bytes[i], journal.tables[i]->rows,
			      picture->sizes[i]) == 0;
	return same;
}

static void
picture_fini(struct picture *picture)
{
	for (unsigned i = 0; i < TABLES; i++)
		free(picture->bytes[i]);
}

static void
test_empty(void)
{
	setup(64);
	CHECK_INT(count_candidates(0), 0);
	CHECK_INT(count_candidates(UINT64_MAX), 0);
	CHECK(dbk_index_has_room(&index_));
	teardown();
}

static void
test_same_hash(void)
{
	enum { N = 300 };
	static const uint64_t hashes[] = { 0, UINT64_MAX,
					   UINT64_C(0x123456789abcdef0) };

	setup(1000);
	for (uint32_t v = 1; v <= N; v++)
		for (unsigned h = 0; h < 3; h++)
			dbk_index_add(&index_, hashes[h], v);
	for (unsigned h = 0; h < 3; h++) {
		CHECK_INT(count_candidates(hashes[h]), N);
		for (uint32_t v = 1; v <= N; v++)
			CHECK(has(hashes[h], v));
	}
	CHECK_INT(count_candidates(1), 0);
	teardown();
}

/* Hashes that share their lowest bits, and their lowest half, go down many splits. */
static void
test_shared_bits(void)
{
	static const unsigned shared[] = { 8, 16, 24, 25, 32, 40, 56 };
	unsigned wrong = 0;

	setup(20000);
	for (unsigned s = 0; s < sizeof shared / sizeof shared[0]; s++) {
		uint64_t low = UINT64_C(0x5a5a5a5a5a5a5a5a) + s;
		uint64_t mask = (UINT64_C(1) << shared[s]) - 1;

		for (uint32_t v = 1; v <= 200; v++)
			dbk_index_add(&index_, (low & mask) | (uint64_t)v << shared[s],
				      v);
		for (uint32_t v = 1; v <= 200; v++)
			wrong += !has((low & mask) | (uint64_t)v << shared[s], v);
	}
	CHECK_INT(wrong, 0);
	/* Two hundred of a kind and two of them fill a segment: the deepest splits. */
	for (uint32_t v = 1; v <= 400; v++)
		dbk_index_add(&index_, (uint64_t)v << 25 | 0x1abcdef, v);
	for (uint32_t v = 1; v <= 400; v++)
		wrong += !has((uint64_t)v << 25 | 0x1abcdef, v);
	CHECK_INT(wrong, 0);
	teardown();
}

static void
test_random(void)
{
	enum { N = 60000 };
	struct random_source random;
	uint64_t *hashes = calloc(N + 1, sizeof *hashes);
	unsigned wrong = 0;
	uint32_t n = 0;

	random_start(&random, "index");
	setup(20000);
	while (n < N) {
		/* One in four meets an earlier one in some of its bits. */
		uint64_t hash = random_next(&random);

		if (n > 0 && random_below(&random, 4) == 0) {
			uint64_t other = hashes[1 + random_below(&random, n)];
			unsigned bits = (unsigned)random_below(&random, 65);
			uint64_t mask =
			    bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;

			hash = (hash & ~mask) | (other & mask);
		}
		hashes[++n] = hash;
		CHECK(dbk_index_has_room(&index_));
		dbk_index_add(&index_, hash, n);
	}
	for (uint32_t v = 1; v <= N; v++)
		wrong += !has(hashes[v], v);
	CHECK_INT(wrong, 0);
	free(hashes);
	teardown();
}

/* Groups of adds with marks within marks: what is undone was never there. */
static void
test_undo(void)
{
	enum { ROUNDS = 120 };
	struct random_source random;
	uint32_t next = 1, kept_splits = 0;

	random_start(&random, "index and undo");
	setup(20000);
	for (unsigned r = 0; r < ROUNDS; r++) {
		/* Some groups are large enough to double the directory. */
		uint32_t n = (uint32_t)random_below(&random, r % 10 == 9 ? 30000 : 800);
		struct picture before = take_picture(), between;
		struct dbk_mark outer, inner;
		uint32_t segments = index_.segments.count;

		dbk_journal_mark(&journal, &outer);
		for (uint32_t i = 0; i < n; i++)
			dbk_index_add(&index_, random_next(&random), next + i);
		between = take_picture();
		dbk_journal_mark(&journal, &inner);
		for (uint32_t i = 0; i < n; i++)
			dbk_index_add(&index_, random_next(&random), next + n + i);
		dbk_journal_rewind(&journal, &inner);
		CHECK(looks_like(&between));
		if (random_below(&random, 3) != 0) {
			dbk_journal_rewind(&journal, &outer);
			CHECK(looks_like(&before));
		} else {
			next += n;
			kept_splits += index_.segments.count - segments;
		}
		dbk_journal_forget(&journal);
		picture_fini(&before);
		picture_fini(&between);
	}
	CHECK(kept_splits > 0 && next > 10000);
	teardown();
}

static void
test_million(void)
{
	enum { N = 1000000 };
	struct random_source random = { 12345 };
	unsigned wrong = 0, false_candidates = 0;

	setup(20000);
	for (uint32_t v = 1; v <= N; v++)
		dbk_index_add(&index_, random_next(&random), v);
	random.state = 12345;
	for (uint32_t v = 1; v <= N; v++)
		wrong += !has(random_next(&random), v);
	CHECK_INT(wrong, 0);
	/* Other hashes find next to nothing: some two in a million. */
	for (uint32_t v = 1; v <= N; v++)
		false_candidates += count_candidates(random_next(&random));
	if (!CHECK(false_candidates < 20))
		fprintf(stderr, "%u\n", false_candidates);
	/* Segments of 512 slots split when they hold 352. */
	CHECK(index_.segments.count - 1 < N / 200);
	teardown();
}

static void
test_room(void)
{
	struct random_source random = { 99 };
	uint32_t n = 0;
	unsigned wrong = 0;

	setup(200);
	while (dbk_index_has_room(&index_))
		dbk_index_add(&index_, random_next(&random), ++n);
	CHECK(n > 200 * 150 && n < 200 * 512);
	random.state = 99;
	for (uint32_t v = 1; v <= n; v++)
		wrong += !has(random_next(&random), v);
	CHECK_INT(wrong, 0);
	teardown();
}

int
main(void)
{
	check_run("an empty index has nothing", test_empty);
	check_run("many values stand under one hash", test_same_hash);
	check_run("hashes that share bits are told apart", test_shared_bits);
	check_run("values with colliding hashes are all found", test_random);
	check_run("undo takes back splits and doublings exactly", test_undo);
	check_run("a million values, and hardly one that is not meant", test_million);
	check_run("an index that is full says so", test_room);
	return check_end();
}
