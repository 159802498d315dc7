#include <stdint.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "base/arena.h"

static bool
is_aligned(const void *p)
{
	return ((uintptr_t)p & 15) == 0;
}

static void
test_cap(void)
{
	struct dbk_arena arena;

	dbk_arena_init(&arena, 1000);
	CHECK(dbk_arena_alloc(&arena, 1001) == NULL);
	CHECK(dbk_arena_alloc(&arena, SIZE_MAX) == NULL);
	CHECK(dbk_arena_alloc(&arena, SIZE_MAX - 8) == NULL);
	CHECK_INT(arena.used_bytes, 0);
	CHECK(dbk_arena_alloc(&arena, 1000) != NULL);
	CHECK(dbk_arena_alloc(&arena, 1) == NULL);
	dbk_arena_reset(&arena);
	CHECK(dbk_arena_alloc(&arena, 1000) != NULL);
	dbk_arena_fini(&arena);
}

static void
test_cap_adds_up(void)
{
	struct dbk_arena arena;
	unsigned n = 0;

	dbk_arena_init(&arena, 16 * 100);
	while (dbk_arena_alloc(&arena, 16) != NULL)
		n++;
	CHECK_INT(n, 100);
	dbk_arena_fini(&arena);
}

static void
test_cap_of_everything(void)
{
	struct dbk_arena arena;

	dbk_arena_init(&arena, SIZE_MAX);
	CHECK(dbk_arena_alloc(&arena, SIZE_MAX) == NULL);
	CHECK(dbk_arena_alloc(&arena, SIZE_MAX - 3) == NULL);
	CHECK(dbk_arena_alloc(&arena, 3) != NULL);
	dbk_arena_fini(&arena);
}

static void
test_alignment(void)
{
	struct dbk_arena arena;
	unsigned char *last = NULL;

	dbk_arena_init(&arena, 1 << 20);
	for (size_t size = 0; size < 200; size++) {
		unsigned char *p = dbk_arena_alloc(&arena, size);

		CHECK(p != NULL && is_aligned(p));
		CHECK(last == NULL || p >= last);
		memset(p, 0xa5, size);
		last = p + size;
	}
	dbk_arena_fini(&arena);
}

static void
test_zeroed(void)
{
	struct dbk_arena arena;
	unsigned char *p;
	unsigned sum = 0;

	dbk_arena_init(&arena, 1 << 20);
	memset(dbk_arena_alloc(&arena, 5000), 0xff, 5000);
	dbk_arena_reset(&arena);
	p = dbk_arena_zalloc(&arena, 5000);
	for (size_t i = 0; i < 5000; i++)
		sum += p[i];
	CHECK_INT(sum, 0);
	CHECK(dbk_arena_zalloc(&arena, 1 << 21) == NULL);
	dbk_arena_fini(&arena);
}

/* Small, larger than a block, small again: all bytes stay where they are. */
static void
test_contents_stay(void)
{
	static const size_t sizes[] = {
		1, 200000, 100000, 700000, 16, 262144, 262145, 3
	};
	enum { N = sizeof sizes / sizeof sizes[0] };
	struct dbk_arena arena;
	unsigned char *p[N];

	dbk_arena_init(&arena, 16 << 20);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N; i++) {
			p[i] = dbk_arena_alloc(&arena, sizes[i]);
			CHECK(p[i] != NULL && is_aligned(p[i]));
			memset(p[i], i + round, sizes[i]);
		}
		for (int i = 0; i < N; i++)
			CHECK(p[i][0] == i + round && p[i][sizes[i] - 1] == i + round);
		dbk_arena_reset(&arena);
		CHECK_INT(arena.used_bytes, 0);
	}
	dbk_arena_fini(&arena);
}

static void
test_blocks_are_kept(void)
{
	struct dbk_arena arena;
	void *first, *large;

	dbk_arena_init(&arena, 16 << 20);
	first = dbk_arena_alloc(&arena, 100);
	large = dbk_arena_alloc(&arena, 1 << 20);
	dbk_arena_reset(&arena);
	CHECK(dbk_arena_alloc(&arena, 100) == first);
	CHECK(dbk_arena_alloc(&arena, 1 << 20) == large);
	dbk_arena_fini(&arena);
}

static void
test_fini(void)
{
	struct dbk_arena zeroed = { 0 }, arena;

	dbk_arena_fini(&zeroed);
	dbk_arena_init(&arena, 100);
	dbk_arena_reset(&arena);
	dbk_arena_fini(&arena);
	CHECK(dbk_arena_alloc(&arena, 10) != NULL);
	dbk_arena_fini(&arena);
	dbk_arena_fini(&arena);
}

int
main(void)
{
	check_run("an arena gives nothing above its cap", test_cap);
	check_run("many small pieces reach the cap exactly", test_cap_adds_up);
	check_run("sizes near the largest number do not wrap", test_cap_of_everything);
	check_run("every piece is aligned and of its own", test_alignment);
	check_run("zeroed pieces are zero also in used memory", test_zeroed);
	check_run("what was handed out stays until the reset", test_contents_stay);
	check_run("blocks are used again after a reset", test_blocks_are_kept);
	check_run("an empty arena can be given back", test_fini);
	return check_end();
}
