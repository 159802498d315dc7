/*
 * bench_positions.c -- what a stock position costs the ledger view: resident bytes, and
 * the time of a movement that finds its position cold.
 *
 *	bench_positions [HOLDERS [SKUS [MOVES]]]
 *
 * Every holder has a position of every sku, which receives goods once, at a price, and
 * sells a unit in each of the MOVES - 1 rounds that follow, in another order.
 *
 * The view lies below $TMPDIR, without syncs.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "views/view_private.h"

#include "../tests/lib/tmpdir.h"

#define GROUP 1000u
#define GROUPS_PER_FLUSH 100u
#define FIRST_CLOCK 1735689600000000LL
#define RECEIVED_UNITS 100000
#define UNIT_PRICE 1250

/* A prime, so that steps of it visit every position in an order of no use to caches. */
#define STRIDE UINT64_C(2147483647)

struct bench {
	struct dbk_view *view;
	struct dbk_effects group;
	uint32_t holders, skus, positions;
};

static double
cpu_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void
must(enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "bench_positions: %s: %s\n", dbk_err_text(err), error->text);
	exit(1);
}

/* A line of /proc/self/status, in MB. */
static double
process_mb(const char *what)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[128];
	double mb = 0;

	while (status != NULL && fgets(line, sizeof line, status) != NULL)
		if (strncmp(line, what, strlen(what)) == 0)
			mb = strtod(line + strlen(what) + 1, NULL) * 1024 / 1e6;
	if (status != NULL)
		(void)fclose(status);
	return mb;
}

static void
name_skus(struct bench *b)
{
	for (uint32_t i = 1; i <= b->skus; i++) {
		struct dbk_named named = { .kind = DBK_NAMED_SKU, .id = i };
		char text[24];

		(void)snprintf(text, sizeof text, "sku-%05u", i);
		dbk_effects_name(&b->group, named, dbk_str_of(text));
	}
}

/* Position ID, and with its first position the holder. */
static void
name_position(struct bench *b, uint32_t id)
{
	struct dbk_named named = { .kind = DBK_NAMED_POSITION,
				   .id = id,
				   .holder = 1 + (id - 1) / b->skus,
				   .sku = 1 + (id - 1) % b->skus,
				   .place = DBK_PLACE_PHYSICAL };

	if (named.sku == 1) {
		struct dbk_named holder = { .kind = DBK_NAMED_HOLDER,
					    .id = named.holder,
					    .holder_kind = DBK_HOLDER_AGENT };
		char text[24];

		(void)snprintf(text, sizeof text, "agent-%08u", holder.id);
		dbk_effects_name(&b->group, holder, dbk_str_of(text));
	}
	dbk_effects_name(&b->group, named, dbk_str_make("", 0));
}

static void
put_move(struct bench *b, uint64_t record)
{
	uint32_t round = (uint32_t)(record / b->positions);
	uint64_t nth = record % b->positions;
	struct dbk_effect *effect = dbk_effects_begin(&b->group, record);
	struct dbk_position_move move = { .kind = DBK_MOVE_RECEIVED,
					  .amount = RECEIVED_UNITS,
					  .units = RECEIVED_UNITS,
					  .value = RECEIVED_UNITS * UNIT_PRICE };

	if (effect == NULL)
		abort();
	effect->clock = effect->effective_at = FIRST_CLOCK + (int64_t)record * 1000;
	effect->type = DBK_EVENT_STOCK_ISSUED;
	if (round == 0) {
		name_position(b, (uint32_t)nth + 1);
	} else {
		nth = nth * STRIDE % b->positions;
		move = (struct dbk_position_move){ .kind = DBK_MOVE_SOLD,
						   .amount = -1,
						   .units = 1 };
	}
	move.position = (uint32_t)nth + 1;
	move.on_hand = RECEIVED_UNITS - (int64_t)round;
	dbk_effects_move(&b->group, move);
}

static void
apply_group(struct bench *b, uint64_t first, uint64_t end)
{
	dbk_effects_reset(&b->group, first);
	if (first == 0)
		name_skus(b);
	for (uint64_t record = first; record < end; record++)
		put_move(b, record);
	if (b->group.failed)
		abort();
}

/* All movements of ROUND; the time it took to apply them. */
static double
run_round(struct bench *b, uint32_t round)
{
	uint64_t at = (uint64_t)round * b->positions, end = at + b->positions;
	struct dbk_error error = { 0 };
	uint32_t groups = 0;
	double us = 0;

	while (at < end) {
		uint64_t next = end - at < GROUP ? end : at + GROUP;
		double start;

		apply_group(b, at, next);
		start = cpu_us();
		must(dbk_view_apply(b->view, &b->group, &error), &error);
		us += cpu_us() - start;
		at = next;
		if (++groups % GROUPS_PER_FLUSH == 0 || at == end)
			must(dbk_view_flush(b->view, false, &error), &error);
	}
	return us;
}

static void
print_bytes(const struct bench *b)
{
	uint64_t heads = dbk_heads_bytes(&b->view->heads);
	uint64_t roster = dbk_roster_bytes(&b->view->roster);

	printf("a position: %.1f bytes of heads, %.1f of roster, %.1f together\n",
	       (double)heads / b->positions, (double)roster / b->positions,
	       (double)(heads + roster) / b->positions);
	printf("process: VmRSS %.0f MB, of it anonymous %.0f MB; VmHWM %.0f MB\n",
	       process_mb("VmRSS:"), process_mb("RssAnon:"), process_mb("VmHWM:"));
}

int
main(int argc, char **argv)
{
	static const struct dbk_view_options options = { .no_sync = true };
	uint32_t moves = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1;
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_error error = { 0 };
	struct bench b = { .holders = 100000, .skus = 100 };

	b.holders = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : b.holders;
	b.skus = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : b.skus;
	b.positions = b.holders * b.skus;
	if (b.positions == 0 || moves > RECEIVED_UNITS)
		return 2;
	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	dbk_effects_init(&b.group);
	must(dbk_view_open(view_dir, &options, &b.view, &error), &error);
	for (uint32_t round = 0; round < moves; round++)
		printf("round %u: %.0f ns of CPU a movement\n", round + 1,
		       run_round(&b, round) * 1e3 / b.positions);
	print_bytes(&b);
	must(dbk_view_flush(b.view, true, &error), &error);
	printf("after a full flush:\n");
	print_bytes(&b);
	dbk_view_close(b.view);
	dbk_effects_fini(&b.group);
	tmpdir_remove(dir);
	return 0;
}
