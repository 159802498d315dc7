#include "report/downline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "metrics/people.h"
#include "metrics/study.h"
#include "../tests/lib/check.h"

#define ARENA_BYTES (64u << 20)
#define MANY 100000u
#define LINE 4096u

typedef Daybook__Report__V1__Downline message;
typedef Daybook__Report__V1__DownlineBlock message_block;

/* Whom AGENT, from 1, has above him; 0: nobody. */
typedef uint32_t sponsor_fn(uint32_t agent);

struct folded {
	struct dbk_study *study;
	struct dbk_arena arena;
	const message *downline;
	char name[16];
};

static uint32_t
sponsor_of_star(uint32_t agent)
{
	return agent > 1;
}

static uint32_t
sponsor_of_line(uint32_t agent)
{
	return agent - 1;
}

static uint32_t
sponsor_of_tree(uint32_t agent)
{
	return agent / 3;
}

static uint32_t
sponsor_of_roots(uint32_t agent)
{
	(void)agent;
	return 0;
}

/* One strong line of which all others hang, so that few branches are wide. */
static uint32_t
sponsor_of_comb(uint32_t agent)
{
	return agent % 2 == 0 || agent < 3 ? agent - 1 : agent - 2;
}

/* Each person is paid 1 for retail, and less than nothing for recruiting. */
static void
result_of(const void *context, uint32_t person, struct dbk_result *out)
{
	(void)context;
	*out = (struct dbk_result){ .retail_rewards = 1,
				    .recruit_rewards = -2,
				    .purchase_rewards = person,
				    .net_lenient = 3 };
}

static struct dbk_str
name_of(const void *context, uint32_t agent)
{
	struct folded *f = (struct folded *)(uintptr_t)context;

	snprintf(f->name, sizeof f->name, "a%u", agent);
	return dbk_str_of(f->name);
}

static void
tell(struct folded *f, uint32_t persons, sponsor_fn *sponsor_of)
{
	struct dbk_study_options options = { .from_day = INT32_MIN,
					     .to_day = INT32_MAX };
	struct dbk_fact fact = { 0 };

	check_must(dbk_study_open(&options, &f->study), NULL, "open a study");
	for (fact.agent = 1; fact.agent <= persons; fact.agent++) {
		fact.position++;
		fact.kind = DBK_FACT_JOINED;
		fact.other = sponsor_of(fact.agent);
		check_must(dbk_study_add(f->study, &fact), NULL, "add a fact");
		fact.kind = DBK_FACT_FEE;
		fact.other = 0;
		check_must(dbk_study_add(f->study, &fact), NULL, "add a fact");
	}
	check_must(dbk_study_end(f->study), NULL, "end a study");
}

static const message *
make(struct folded *f, struct dbk_arena *arena)
{
	const struct dbk_downline_source source = {
		.forest = dbk_people_forest(dbk_study_people(f->study)),
		.result = result_of,
		.name = name_of,
		.context = f,
	};
	struct dbk_maker maker;

	dbk_maker_init(&maker, arena);
	return dbk_downline_make(&maker, &source);
}

static void
open_folded(struct folded *f, uint32_t persons, sponsor_fn *sponsor_of)
{
	tell(f, persons, sponsor_of);
	dbk_arena_init(&f->arena, ARENA_BYTES);
	f->downline = make(f, &f->arena);
	if (!CHECK(f->downline != NULL))
		abort();
}

static void
close_folded(struct folded *f)
{
	dbk_arena_fini(&f->arena);
	dbk_study_close(f->study);
}

static bool
is_folded(const message_block *block)
{
	return block->agent[0] == '\0';
}

/* Persons of blocks just below each one, of roots at 0. */
static void
sum_below(const message *downline, uint64_t *below)
{
	for (size_t i = 0; i < downline->n_blocks; i++)
		below[downline->blocks[i]->parent] += downline->blocks[i]->persons;
}

static bool
is_counted(const message_block *block, uint64_t below)
{
	if (is_folded(block))
		return below == 0 && block->folded == block->persons;
	return block->persons == 1 + below + block->folded;
}

static bool
is_placed(const message *downline, size_t i)
{
	const message_block *block = downline->blocks[i];
	const message_block *parent =
	    block->parent > 0 ? downline->blocks[block->parent - 1] : NULL;

	if (block->parent > i || (parent != NULL && is_folded(parent)))
		return false;
	return block->level == (parent != NULL ? parent->level + 1 : 1);
}

/* Nobody is lost: what has no block of its own stands in that of its sponsor, and so
 * does what it was paid. */
static void
check_folding(const struct folded *f, uint32_t persons)
{
	static uint64_t below[DBK_DOWNLINE_BLOCKS_MAX + 1];
	const message *downline = f->downline;
	uint64_t least = (persons + DBK_DOWNLINE_PART - 1) / DBK_DOWNLINE_PART;
	bool counted = true, placed = true, wide = true, paid = true;

	memset(below, 0, sizeof below);
	CHECK_INT(downline->persons, persons);
	if (!CHECK(downline->n_blocks <= DBK_DOWNLINE_BLOCKS_MAX))
		return;
	sum_below(downline, below);
	for (size_t i = 0; i < downline->n_blocks; i++) {
		const message_block *block = downline->blocks[i];
		int64_t own = (int64_t)block->persons;

		counted &= is_counted(block, below[i + 1]);
		placed &= is_placed(downline, i);
		wide &= block->persons >= least;
		paid &= block->retail_rewards == own && block->net_lenient == 3 * own &&
			block->recruit_rewards == -2 * own;
	}
	CHECK(counted);
	CHECK(placed);
	CHECK(wide);
	CHECK(paid);
	CHECK(below[0] <= persons && persons - below[0] < least + (least == 0));
}

static void
check_shape(uint32_t persons, sponsor_fn *sponsor_of, size_t blocks)
{
	struct folded f;

	open_folded(&f, persons, sponsor_of);
	check_folding(&f, persons);
	if (blocks > 0)
		CHECK_INT(f.downline->n_blocks, blocks);
	close_folded(&f);
}

static void
test_nobody(void)
{
	struct folded f;

	open_folded(&f, 0, sponsor_of_line);
	CHECK_INT(f.downline->persons, 0);
	CHECK_INT(f.downline->levels, 0);
	CHECK_INT(f.downline->n_blocks, 0);
	close_folded(&f);
}

static void
test_no_memory(void)
{
	struct dbk_arena small;
	struct folded f;

	open_folded(&f, 10, sponsor_of_tree);
	for (size_t cap = 0; cap < 300000; cap += 20000) {
		dbk_arena_init(&small, cap);
		CHECK(make(&f, &small) == NULL);
		dbk_arena_fini(&small);
	}
	close_folded(&f);
}

static void
test_few(void)
{
	struct folded f;

	check_shape(1, sponsor_of_line, 1);
	open_folded(&f, 2, sponsor_of_line);
	check_folding(&f, 2);
	if (CHECK_INT(f.downline->n_blocks, 2)) {
		CHECK(strcmp(f.downline->blocks[0]->agent, "a1") == 0);
		CHECK(strcmp(f.downline->blocks[1]->agent, "a2") == 0);
		CHECK_INT(f.downline->blocks[0]->purchase_rewards, 1 + 2);
		CHECK_INT(f.downline->blocks[1]->purchase_rewards, 2);
	}
	close_folded(&f);
}

static void
test_part(void)
{
	check_shape(DBK_DOWNLINE_PART, sponsor_of_roots, DBK_DOWNLINE_PART);
	check_shape(DBK_DOWNLINE_PART + 1, sponsor_of_roots, 1);
	check_shape(DBK_DOWNLINE_PART, sponsor_of_star, DBK_DOWNLINE_PART);
	check_shape(DBK_DOWNLINE_PART + 1, sponsor_of_star, 2);
}

static void
test_many(void)
{
	check_shape(10000, sponsor_of_tree, 0);
	check_shape(MANY, sponsor_of_tree, 0);
	check_shape(10000, sponsor_of_comb, 0);
	check_shape(MANY, sponsor_of_roots, 1);
}

static void
test_star(void)
{
	struct folded f;

	open_folded(&f, MANY, sponsor_of_star);
	check_folding(&f, MANY);
	if (CHECK_INT(f.downline->n_blocks, 2)) {
		CHECK_INT(f.downline->blocks[0]->folded, 0);
		CHECK_INT(f.downline->blocks[1]->folded, MANY - 1);
	}
	close_folded(&f);
}

static void
test_line(void)
{
	struct folded f;

	open_folded(&f, LINE, sponsor_of_line);
	check_folding(&f, LINE);
	CHECK_INT(f.downline->levels, LINE);
	if (CHECK_INT(f.downline->n_blocks, DBK_DOWNLINE_LEVELS_MAX + 1))
		CHECK_INT(f.downline->blocks[DBK_DOWNLINE_LEVELS_MAX]->folded,
			  LINE - DBK_DOWNLINE_LEVELS_MAX);
	close_folded(&f);
}

static void
test_order(void)
{
	struct folded f;
	bool sorted = true;

	open_folded(&f, 10000, sponsor_of_tree);
	for (size_t i = 1; i < f.downline->n_blocks; i++) {
		const message_block *block = f.downline->blocks[i];

		for (size_t j = i; j-- > block->parent;)
			if (f.downline->blocks[j]->parent == block->parent) {
				sorted &=
				    is_folded(block) ||
				    f.downline->blocks[j]->persons >= block->persons;
				break;
			}
	}
	CHECK(sorted);
	close_folded(&f);
}

static void
test_twice(void)
{
	struct dbk_arena arena;
	struct folded f;
	const message *again;
	size_t size;
	uint8_t *bytes;

	open_folded(&f, 10000, sponsor_of_comb);
	dbk_arena_init(&arena, ARENA_BYTES);
	again = make(&f, &arena);
	size = daybook__report__v1__downline__get_packed_size(f.downline);
	bytes = malloc(2 * size);
	if (!bytes || !again)
		abort();
	if (CHECK_INT(daybook__report__v1__downline__get_packed_size(again), size)) {
		daybook__report__v1__downline__pack(f.downline, bytes);
		daybook__report__v1__downline__pack(again, bytes + size);
		CHECK(memcmp(bytes, bytes + size, size) == 0);
	}
	free(bytes);
	dbk_arena_fini(&arena);
	close_folded(&f);
}

int
main(void)
{
	check_run("nobody has no blocks", test_nobody);
	check_run("without memory there is no message", test_no_memory);
	check_run("one and two persons are blocks of their own", test_few);
	check_run("a block is at least its part of all", test_part);
	check_run("ten thousand and more lose nobody in folding", test_many);
	check_run("a star is its middle and one folded block", test_star);
	check_run("a line is drawn as deep as a picture goes", test_line);
	check_run("the largest branches come first", test_order);
	check_run("the same forest gives the same bytes", test_twice);
	return check_end();
}
