/*
 * test_holding.c -- holdings of stock positions, slim and whole: what fits a slim row,
 * and that nobody can tell from an answer which kind a position has.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/stock.h"
#include "views/holding.h"
#include "views/view_private.h"

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "../tests/lib/tmpdir.h"

#define LOC_MAX ((UINT64_C(1) << DBK_HOLDING_LOC_BITS) - 1)
#define VALUE_MAX ((INT64_C(1) << 49) - 1)

/* ----------------------------------------------------------------------- one row */

/* Every field as large as a slim row can have it. */
static struct dbk_holding
largest(void)
{
	return (struct dbk_holding){ .chain = { .last = LOC_MAX,
						.mark = LOC_MAX,
						.late = LOC_MAX,
						.n = 1023 },
				     .figures = { .on_hand = UINT32_MAX,
						  .in_transit = UINT32_MAX,
						  .received = UINT32_MAX,
						  .sold = -(int64_t)UINT32_MAX,
						  .received_value = VALUE_MAX } };
}

static bool
comes_back(const struct dbk_holding *holding)
{
	struct dbk_slim_holding slim;
	struct dbk_holding back;

	memset(&back, 0xff, sizeof back);
	if (!dbk_holding_slim(holding, &slim) || dbk_holding_own_row(&slim) != 0)
		return false;
	dbk_holding_whole(&slim, &back.chain, &back.figures);
	return memcmp(&back, holding, sizeof back) == 0;
}

/* FIELD, set to VALUE, is too much for a slim row. */
static void
check_too_much(struct dbk_holding *holding, void *field, size_t size, uint64_t value)
{
	static const struct dbk_slim_holding untouched = { .received = 77 };
	struct dbk_slim_holding slim = untouched;
	unsigned char before[sizeof value];

	memcpy(before, field, size);
	memcpy(field, &value, size);
	CHECK(!dbk_holding_slim(holding, &slim));
	CHECK(memcmp(&slim, &untouched, sizeof slim) == 0);
	memcpy(field, before, size);
}

static void
test_too_much(void)
{
	struct dbk_holding h = largest();
	int64_t *figures[] = DBK_STOCK_FIGURES_LIST(&h.figures);

	check_too_much(&h, &h.chain.last, 8, LOC_MAX + 1);
	check_too_much(&h, &h.chain.mark, 8, LOC_MAX + 1);
	check_too_much(&h, &h.chain.late, 8, LOC_MAX + 1);
	check_too_much(&h, &h.chain.n, 4, 1024);
	check_too_much(&h, &h.figures.received_value, 8, (uint64_t)VALUE_MAX + 1);
	for (unsigned i = 0; i < DBK_STOCK_FIGURES_COUNT; i++) {
		uint64_t now = (uint64_t)*figures[i];

		/* Another sold than follows is too much, too, whichever way. */
		check_too_much(&h, figures[i], 8, now + ((uint64_t)1 << 49));
		check_too_much(&h, figures[i], 8, (uint64_t)-1);
		if (figures[i] != &h.figures.received_value)
			check_too_much(&h, figures[i], 8, now + 1);
	}
	CHECK(comes_back(&h));
}

static void
test_slim_and_back(void)
{
	struct dbk_holding h = largest(), none = { .figures = { 0 } };
	struct random_source source;

	random_start(&source, "slim and back");
	CHECK(comes_back(&h));
	CHECK(comes_back(&none));
	for (unsigned i = 0; i < 10000; i++) {
		struct dbk_stock_figures *f = &h.figures;

		h.chain.last = random_next(&source) >> 20 >> random_below(&source, 44);
		h.chain.mark = random_next(&source) >> 20 >> random_below(&source, 44);
		h.chain.late = random_next(&source) >> 20 >> random_below(&source, 44);
		h.chain.n = (uint32_t)random_below(&source, 1024);
		f->on_hand = (uint32_t)random_next(&source);
		f->in_transit = (uint32_t)random_next(&source);
		f->received = (uint32_t)random_next(&source);
		f->sold = f->received - f->on_hand - f->in_transit;
		f->received_value = (int64_t)(random_next(&source) >> 15);
		if (!CHECK(comes_back(&h)))
			break;
	}
}

static void
test_names(void)
{
	static const uint32_t rows[] = { 1, 2, 1u << 14, UINT32_MAX };
	struct dbk_slim_holding empty = { .on_hand = 0 };

	CHECK_INT(dbk_holding_own_row(&empty), 0);
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct dbk_slim_holding slim = dbk_holding_name(rows[i]);

		CHECK_INT(dbk_holding_own_row(&slim), rows[i]);
	}
}

/* ------------------------------------------------------------------------- a view */

#define POSITIONS 12u
#define HUGE_UNITS (INT64_C(1) << 40)

static const struct dbk_view_options fast = { .no_sync = true };

struct book {
	char dir[TMPDIR_BYTES];
	char view_dir[TMPDIR_BYTES + 8];
	struct dbk_view *view;
	struct dbk_effects group;
	struct dbk_stock_figures figures[POSITIONS + 1]; /* what must come out */
	uint64_t moves[POSITIONS + 1];
	int64_t clock;
};

static void
must(enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "%s: %s\n", dbk_err_text(err), error->text);
	abort();
}

static void
open_view(struct book *b)
{
	struct dbk_error error = { 0 };

	must(dbk_view_open(b->view_dir, &fast, &b->view, &error), &error);
}

static void
name(struct book *b, struct dbk_named named, const char *text)
{
	dbk_effects_name(&b->group, named, dbk_str_of(text));
}

/* One holder, and a sku for each position. */
static void
name_all(struct book *b)
{
	name(b, (struct dbk_named){ .kind = DBK_NAMED_HOLDER, .id = 1 }, "agent");
	for (uint32_t id = 1; id <= POSITIONS; id++) {
		char sku[16];

		(void)snprintf(sku, sizeof sku, "sku-%u", id);
		name(b, (struct dbk_named){ .kind = DBK_NAMED_SKU, .id = id }, sku);
		name(b,
		     (struct dbk_named){ .kind = DBK_NAMED_POSITION,
					 .id = id,
					 .holder = 1,
					 .sku = id,
					 .place = DBK_PLACE_CLOUD },
		     "");
	}
}

static void
book_start(struct book *b)
{
	memset(b, 0, sizeof *b);
	tmpdir_make(b->dir);
	(void)snprintf(b->view_dir, sizeof b->view_dir, "%s/view", b->dir);
	dbk_effects_init(&b->group);
	open_view(b);
	b->clock = 1700000000000000LL;
}

static void
book_stop(struct book *b)
{
	dbk_view_close(b->view);
	dbk_effects_fini(&b->group);
	tmpdir_remove(b->dir);
}

/* An event with one movement of POSITION, behind its clock if LATE. */
static void
move(struct book *b, uint32_t position, struct dbk_position_move move, bool late)
{
	struct dbk_stock_figures *f = &b->figures[position];
	uint64_t size = dbk_view_size(b->view);
	struct dbk_error error = { 0 };
	struct dbk_effect *effect;

	dbk_effects_reset(&b->group, size);
	if (size == 0)
		name_all(b);
	effect = dbk_effects_begin(&b->group, size);
	effect->type = DBK_EVENT_STOCK_ISSUED;
	effect->clock = b->clock += 1000;
	effect->effective_at = b->clock - (late ? 500 : 0);
	dbk_figures_move(f, (enum dbk_movement)move.kind, move.amount, move.units,
			 move.value);
	b->moves[position]++;
	move.position = position;
	move.on_hand = f->on_hand;
	dbk_effects_move(&b->group, move);
	must(dbk_view_apply(b->view, &b->group, &error), &error);
}

static void
receive(struct book *b, uint32_t position, int64_t units, int64_t value)
{
	move(b, position,
	     (struct dbk_position_move){ .kind = DBK_MOVE_RECEIVED,
					 .amount = units,
					 .units = units,
					 .value = value },
	     false);
}

static void
sell(struct book *b, uint32_t position, int64_t units, bool late)
{
	move(b, position,
	     (struct dbk_position_move){
		 .kind = DBK_MOVE_SOLD, .amount = -units, .units = units },
	     late);
}

static void
ship(struct book *b, uint32_t position, int64_t units)
{
	move(b, position,
	     (struct dbk_position_move){
		 .kind = DBK_MOVE_SHIPPED, .amount = -units, .units = units },
	     false);
}

/* Units that were shipped reach their buyer. */
static void
deliver(struct book *b, uint32_t position, int64_t units)
{
	move(b, position,
	     (struct dbk_position_move){ .kind = DBK_MOVE_SOLD, .units = units },
	     false);
}

/* What the view answers is what was added up. */
static void
check_answers(struct book *b)
{
	struct dbk_stock_query q = { .agents_only = false };
	struct dbk_error error = { 0 };
	struct dbk_arena arena;
	struct dbk_stock stock;

	dbk_arena_init(&arena, 1 << 22);
	must(dbk_stock_list(b->view, &q, &arena, &stock, &error), &error);
	for (uint32_t i = 0; i < stock.n; i++) {
		const struct dbk_stock_position *row = &stock.rows[i];

		CHECK_INT(row->place, DBK_PLACE_CLOUD);
		CHECK_INT(row->moves, b->moves[row->position]);
		CHECK(memcmp(&row->figures, &b->figures[row->position],
			     sizeof row->figures) == 0);
	}
	dbk_arena_fini(&arena);
}

static uint32_t
own_rows(const struct book *b)
{
	return b->view->heads.tables[DBK_HEADS_HOLDINGS].count - 1;
}

/* Now, read again from the history, and loaded from pages. */
static void
check_everywhere(struct book *b, uint32_t want_own_rows)
{
	struct dbk_error error = { 0 };

	for (unsigned full = 0; full < 2; full++) {
		check_answers(b);
		CHECK_INT(own_rows(b), want_own_rows);
		must(dbk_view_flush(b->view, full == 1, &error), &error);
		dbk_view_close(b->view);
		open_view(b);
	}
	check_answers(b);
	CHECK_INT(own_rows(b), want_own_rows);
}

static void
test_slim_positions(void)
{
	struct book b;

	book_start(&b);
	for (uint32_t p = 1; p <= POSITIONS; p++)
		receive(&b, p, 1000 * p, 100000 * (int64_t)p);
	for (unsigned i = 0; i < 40; i++)
		for (uint32_t p = 1; p <= POSITIONS; p++)
			sell(&b, p, 1 + i % 3, i % 7 == 0);
	ship(&b, 1, 5);
	ship(&b, 2, 6);
	deliver(&b, 2, 4);
	CHECK_INT(b.figures[2].in_transit, 2);
	check_everywhere(&b, 0);
	book_stop(&b);
}

/* One position for each reason there is. */
static void
test_outgrown_positions(void)
{
	static const uint8_t kinds[] = { DBK_MOVE_PASSED_DOWN, DBK_MOVE_SELF_USED,
					 DBK_MOVE_SAMPLED,     DBK_MOVE_LOST,
					 DBK_MOVE_RETURNED,    DBK_MOVE_RELOCATED };
	struct book b;

	book_start(&b);
	for (uint32_t p = 1; p <= POSITIONS; p++)
		receive(&b, p, 100, 1);
	for (uint32_t i = 0; i < sizeof kinds; i++)
		move(&b, 1 + i,
		     (struct dbk_position_move){
			 .kind = kinds[i], .amount = -3, .units = 3 },
		     false);
	move(&b, 7,
	     (struct dbk_position_move){
		 .kind = DBK_MOVE_TAKEN_BACK, .amount = 2, .units = 2 },
	     true);
	move(&b, 8,
	     (struct dbk_position_move){
		 .kind = DBK_MOVE_COUNTED, .amount = -7, .units = -7 },
	     false);
	check_everywhere(&b, 8);
	receive(&b, 9, HUGE_UNITS, 0);
	receive(&b, 10, 1, VALUE_MAX);
	check_everywhere(&b, 10);
	for (uint32_t p = 1; p <= POSITIONS; p++) {
		sell(&b, p, 2, p % 2 == 0);
		ship(&b, p, 3);
		deliver(&b, p, 1);
	}
	sell(&b, 9, HUGE_UNITS, false);
	check_everywhere(&b, 10);
	book_stop(&b);
}

static void
test_long_chain(void)
{
	struct book b;

	book_start(&b);
	receive(&b, 3, 1000000, 5);
	for (unsigned i = 1; i < 1023; i++)
		sell(&b, 3, 1, i % 50 == 0);
	check_everywhere(&b, 0);
	sell(&b, 3, 1, false);
	check_everywhere(&b, 1);
	for (unsigned i = 0; i < 3000; i++)
		sell(&b, 3, 1, i % 50 == 0);
	check_everywhere(&b, 1);
	book_stop(&b);
}

int
main(void)
{
	check_run("what is too much for a slim row changes nothing", test_too_much);
	check_run("what fits a slim row comes back", test_slim_and_back);
	check_run("a slim row can name another", test_names);
	check_run("receiving, selling and shipping stay slim", test_slim_positions);
	check_run("every other movement and size gets a row", test_outgrown_positions);
	check_run("a chain of a thousand gets a row", test_long_chain);
	return check_end();
}
