/*
 * test_rows.c -- journaled rows against copies.
 *
 * A naive model keeps every table as an array and copies all of it at a mark and at the
 * begin of a save.  Random changes with nested marks, groups that are kept or undone
 * and saves that run beside them must agree with it at every step.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "base/rows.h"

#define TABLES 3
#define ROWS_MAX 9000u
#define DEPTH 4

static const uint32_t row_bytes[TABLES] = { 4, 24, 100 };

struct model {
	unsigned char *rows[TABLES];
	uint32_t counts[TABLES];
};

/* What a reader of saves keeps: the newest bytes of every page. */
struct disk {
	unsigned char *pages[TABLES][ROWS_MAX];
	size_t sizes[TABLES][ROWS_MAX];
	unsigned n_spilled, n_handed_out;
};

static struct {
	struct dbk_journal journal;
	struct dbk_rows tables[TABLES];
	struct model now, at_begin, marks[DEPTH];
	struct dbk_mark journal_marks[DEPTH];
	unsigned depth;
	struct disk disk;
	bool saving;
	struct random_source random;
	unsigned wrong;
} t;

static void
model_init(struct model *model)
{
	for (unsigned i = 0; i < TABLES; i++) {
		model->rows[i] = calloc(ROWS_MAX, row_bytes[i]);
		model->counts[i] = 1;
	}
}

static void
model_fini(struct model *model)
{
	for (unsigned i = 0; i < TABLES; i++)
		free(model->rows[i]);
}

static void
model_copy(struct model *to, const struct model *from)
{
	for (unsigned i = 0; i < TABLES; i++) {
		to->counts[i] = from->counts[i];
		memcpy(to->rows[i], from->rows[i],
		       (size_t)from->counts[i] * row_bytes[i]);
	}
}

static bool
is_same(const struct dbk_rows *tables, const struct model *model)
{
	bool same = true;

	for (unsigned i = 0; i < TABLES; i++)
		same = same && tables[i].count == model->counts[i] &&
		       memcmp(tables[i].rows, model->rows[i],
			      (size_t)model->counts[i] * row_bytes[i]) == 0;
	return same;
}

static void
disk_put(unsigned table, uint32_t page, const void *rows, size_t size)
{
	unsigned char **at = &t.disk.pages[table][page];

	free(*at);
	*at = malloc(size);
	memcpy(*at, rows, size);
	t.disk.sizes[table][page] = size;
}

static void
spill(void *context, const struct dbk_rows *table, uint32_t page, const void *rows,
      size_t size)
{
	CHECK(context == &t && t.saving);
	t.disk.n_spilled++;
	disk_put(table->number, page, rows, size);
}

static void
setup(const char *what)
{
	random_start(&t.random, what);
	dbk_journal_init(&t.journal);
	t.journal.spill = spill;
	t.journal.spill_context = &t;
	for (unsigned i = 0; i < TABLES; i++)
		CHECK(dbk_rows_init(&t.tables[i], &t.journal, row_bytes[i], ROWS_MAX) ==
		      DBK_OK);
	model_init(&t.now);
	model_init(&t.at_begin);
	for (unsigned i = 0; i < DEPTH; i++)
		model_init(&t.marks[i]);
	t.depth = 0;
	t.saving = false;
	t.wrong = 0;
}

static void
teardown(void)
{
	for (unsigned i = 0; i < TABLES; i++) {
		dbk_rows_fini(&t.tables[i]);
		for (uint32_t p = 0; p < ROWS_MAX; p++) {
			free(t.disk.pages[i][p]);
			t.disk.pages[i][p] = NULL;
		}
	}
	dbk_journal_fini(&t.journal);
	model_fini(&t.now);
	model_fini(&t.at_begin);
	for (unsigned i = 0; i < DEPTH; i++)
		model_fini(&t.marks[i]);
	memset(&t.disk, 0, sizeof t.disk);
}

static void
mark(void)
{
	dbk_journal_mark(&t.journal, &t.journal_marks[t.depth]);
	model_copy(&t.marks[t.depth], &t.now);
	t.depth++;
}

static void
rewind_to(unsigned depth)
{
	dbk_journal_rewind(&t.journal, &t.journal_marks[depth]);
	model_copy(&t.now, &t.marks[depth]);
	t.depth = depth + 1;
}

static void
change_row(void)
{
	unsigned i = (unsigned)random_below(&t.random, TABLES);
	uint32_t id, at;
	unsigned char *row;

	if (t.now.counts[i] == 1)
		return;
	id = 1 + (uint32_t)random_below(&t.random, t.now.counts[i] - 1);
	at = (uint32_t)random_below(&t.random, row_bytes[i]);
	row = dbk_rows_touch(&t.tables[i], id);
	row[at] = (unsigned char)random_next(&t.random);
	t.now.rows[i][(size_t)id * row_bytes[i] + at] = row[at];
}

static void
append_rows(void)
{
	unsigned i = (unsigned)random_below(&t.random, TABLES);
	uint32_t n = 1 + (uint32_t)random_below(&t.random, 20);

	if (!dbk_rows_has_room(&t.tables[i], n))
		return;
	t.wrong += dbk_rows_append(&t.tables[i], n) != t.now.counts[i];
	memset(t.now.rows[i] + (size_t)t.now.counts[i] * row_bytes[i], 0,
	       (size_t)n * row_bytes[i]);
	t.now.counts[i] += n;
	if (random_below(&t.random, 2) == 0)
		return;
	*(unsigned char *)dbk_rows_touch(&t.tables[i], t.now.counts[i] - 1) = 0xee;
	t.now.rows[i][(size_t)(t.now.counts[i] - 1) * row_bytes[i]] = 0xee;
}

static void
change_some(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (random_below(&t.random, 8) == 0)
			append_rows();
		else
			change_row();
}

/* A group as the books make one: marks within marks, some undone. */
static void
run_group(void)
{
	unsigned steps = (unsigned)random_below(&t.random, 12);

	t.depth = 0;
	mark();
	for (unsigned s = 0; s < steps; s++) {
		change_some((unsigned)random_below(&t.random, 40));
		switch (random_below(&t.random, 4)) {
		case 0:
			if (t.depth < DEPTH)
				mark();
			break;
		case 1:
			rewind_to((unsigned)random_below(&t.random, t.depth));
			break;
		default:
			break;
		}
	}
	if (random_below(&t.random, 4) == 0)
		rewind_to(0);
	dbk_journal_forget(&t.journal);
}

static void
test_marks(void)
{
	setup("rows and marks");
	for (unsigned i = 0; i < 3000; i++) {
		run_group();
		t.wrong += !is_same(t.tables, &t.now);
	}
	CHECK_INT(t.wrong, 0);
	CHECK(t.now.counts[0] > 4000);
	teardown();
}

static void
begin_save(void)
{
	for (unsigned i = 0; i < TABLES; i++)
		dbk_rows_save_begin(&t.tables[i]);
	model_copy(&t.at_begin, &t.now);
	t.saving = true;
}

/* Hand out up to N pages; false when there are no more. */
static bool
take_pages(unsigned n)
{
	for (unsigned i = 0; i < TABLES; i++) {
		const void *rows;
		uint32_t page;
		size_t size;

		while (n > 0 && dbk_rows_save_next(&t.tables[i], &page, &rows, &size)) {
			disk_put(i, page, rows, size);
			t.disk.n_handed_out++;
			n--;
		}
	}
	return n == 0;
}

/* Load the disk into fresh tables and compare with the books at the save's begin. */
static void
check_saved(void)
{
	struct dbk_journal journal;
	struct dbk_rows tables[TABLES];

	dbk_journal_init(&journal);
	for (unsigned i = 0; i < TABLES; i++) {
		CHECK(dbk_rows_init(&tables[i], &journal, row_bytes[i], ROWS_MAX) ==
		      DBK_OK);
		t.wrong += !dbk_rows_load_begin(&tables[i], t.at_begin.counts[i]);
		for (uint32_t p = 0;
		     p <= (t.at_begin.counts[i] - 1) >> tables[i].page_shift; p++)
			t.wrong +=
			    t.disk.pages[i][p] == NULL ||
			    !dbk_rows_load_page(&tables[i], p, t.disk.pages[i][p],
						t.disk.sizes[i][p]);
	}
	t.wrong += !is_same(tables, &t.at_begin);
	for (unsigned i = 0; i < TABLES; i++)
		dbk_rows_fini(&tables[i]);
	dbk_journal_fini(&journal);
}

static void
abandon_save(void)
{
	for (unsigned i = 0; i < TABLES; i++)
		dbk_rows_save_abandon(&t.tables[i]);
	t.saving = false;
}

static void
test_saves(void)
{
	unsigned finished = 0, abandoned = 0;

	setup("rows and saves");
	for (unsigned i = 0; i < 4000; i++) {
		run_group();
		t.wrong += !is_same(t.tables, &t.now);
		if (!t.saving) {
			begin_save();
		} else if (random_below(&t.random, 60) == 0) {
			abandon_save();
			abandoned++;
		} else if (!take_pages(1 + (unsigned)random_below(&t.random, 12))) {
			check_saved();
			t.saving = false;
			finished++;
		}
	}
	CHECK_INT(t.wrong, 0);
	CHECK(finished > 20 && abandoned > 5);
	CHECK(t.disk.n_spilled > 100 && t.disk.n_handed_out > 100);
	teardown();
}

/* After a save only what changed since is handed out. */
static void
test_clean_pages(void)
{
	unsigned all;

	setup("clean pages");
	for (unsigned i = 0; i < 200; i++)
		append_rows();
	begin_save();
	while (take_pages(1))
		;
	all = t.disk.n_handed_out;
	CHECK(all >= TABLES);
	begin_save();
	CHECK(!take_pages(1));
	CHECK_INT(t.disk.n_handed_out, all);
	dbk_journal_forget(&t.journal);
	change_row();
	begin_save();
	CHECK(!take_pages(2));
	CHECK_INT(t.disk.n_handed_out, all + 1);
	abandon_save();
	begin_save();
	while (take_pages(1))
		;
	CHECK_INT(t.disk.n_handed_out, 2 * all + 1);
	teardown();
}

static void
test_bounds(void)
{
	struct dbk_journal journal;
	struct dbk_rows table;
	static unsigned char page[DBK_ROWS_PAGE_BYTES];

	dbk_journal_init(&journal);
	CHECK(dbk_rows_init(&table, &journal, 16, 1500) == DBK_OK);
	CHECK_INT(table.count, 1);
	CHECK(dbk_rows_has_room(&table, 1499) && !dbk_rows_has_room(&table, 1500));
	CHECK(!dbk_rows_load_begin(&table, 0));
	CHECK(!dbk_rows_load_begin(&table, 1501));
	CHECK(dbk_rows_load_begin(&table, 1030));
	/* Pages of 1,024 rows; the last has the 476 that are left. */
	CHECK(dbk_rows_load_page(&table, 0, page, 16384));
	CHECK(!dbk_rows_load_page(&table, 0, page, 16383));
	CHECK(!dbk_rows_load_page(&table, 1, page, 16384));
	CHECK(dbk_rows_load_page(&table, 1, page, 476 * 16));
	CHECK(!dbk_rows_load_page(&table, 2, page, 16384));
	CHECK(!dbk_rows_load_page(&table, UINT32_MAX, page, 16384));
	CHECK_INT(dbk_rows_append(&table, 470), 1030);
	CHECK(!dbk_rows_has_room(&table, 1));
	CHECK_INT(dbk_rows_bytes(&table), 1500 * 16);
	dbk_rows_fini(&table);
	dbk_rows_fini(&table);
	dbk_journal_fini(&journal);
}

/* Wide rows, a page each; rewound and appended rows are zero again. */
static void
test_zeroed_again(void)
{
	static const unsigned char zero[40000];
	struct dbk_journal journal;
	struct dbk_rows table;
	struct dbk_mark mark;

	dbk_journal_init(&journal);
	CHECK(dbk_rows_init(&table, &journal, sizeof zero, 10) == DBK_OK);
	dbk_journal_mark(&journal, &mark);
	CHECK_INT(dbk_rows_append(&table, 2), 1);
	memset(dbk_rows_touch(&table, 2), 0xff, sizeof zero);
	dbk_journal_rewind(&journal, &mark);
	CHECK_INT(table.count, 1);
	CHECK_INT(dbk_rows_append(&table, 2), 1);
	CHECK(memcmp(dbk_rows_row(&table, 2), zero, sizeof zero) == 0);
	CHECK(memcmp(dbk_rows_row(&table, 0), zero, sizeof zero) == 0);
	dbk_rows_fini(&table);
	dbk_journal_fini(&journal);
}

/* More is journaled than is kept in memory afterwards. */
static void
test_large_group(void)
{
	enum { N = 100000 };
	struct dbk_journal journal;
	struct dbk_rows table;
	struct dbk_mark outer, inner;
	unsigned wrong = 0;

	dbk_journal_init(&journal);
	CHECK(dbk_rows_init(&table, &journal, 1000, N + 1) == DBK_OK);
	(void)dbk_rows_append(&table, N);
	for (int round = 0; round < 3; round++) {
		dbk_journal_mark(&journal, &outer);
		for (uint32_t id = 1; id <= N; id++)
			*(uint32_t *)dbk_rows_touch(&table, id) = id;
		dbk_journal_mark(&journal, &inner);
		for (uint32_t id = 1; id <= N; id += 3)
			*(uint32_t *)dbk_rows_touch(&table, id) = 7;
		dbk_journal_rewind(&journal, &inner);
		for (uint32_t id = 1; id <= N; id++)
			wrong += *(const uint32_t *)dbk_rows_row(&table, id) != id;
		if (round == 0) {
			dbk_journal_rewind(&journal, &outer);
			for (uint32_t id = 1; id <= N; id++)
				wrong +=
				    *(const uint32_t *)dbk_rows_row(&table, id) != 0;
		}
		dbk_journal_forget(&journal);
	}
	CHECK_INT(wrong, 0);
	dbk_rows_fini(&table);
	dbk_journal_fini(&journal);
}

/* A run over a page's end, then a row of it and one of the same lowest bits. */
static void
test_run(void)
{
	enum { N = 9000, FIRST = 4000, RUN = 512 };
	static struct dbk_journal journal;
	static struct dbk_rows table;
	struct dbk_mark outer, inner;
	uint32_t *rows;
	unsigned wrong = 0;

	dbk_journal_init(&journal);
	CHECK(dbk_rows_init(&table, &journal, 4, N + 1) == DBK_OK);
	(void)dbk_rows_append(&table, N);
	for (uint32_t id = 1; id <= N; id++)
		*(uint32_t *)dbk_rows_touch(&table, id) = id;
	dbk_journal_mark(&journal, &outer);
	*(uint32_t *)dbk_rows_touch(&table, FIRST + 1) = 1;
	dbk_journal_mark(&journal, &inner);
	*(uint32_t *)dbk_rows_touch(&table, FIRST + 1) = 2;
	rows = dbk_rows_touch_run(&table, FIRST, RUN);
	memset(rows, 0, RUN * sizeof *rows);
	*(uint32_t *)dbk_rows_touch(&table, FIRST + 1 + DBK_ROWS_RECENT) = 3;
	*(uint32_t *)dbk_rows_touch(&table, FIRST + 1) = 3;
	dbk_journal_rewind(&journal, &inner);
	CHECK_INT(*(const uint32_t *)dbk_rows_row(&table, FIRST + 1), 1);
	*(uint32_t *)dbk_rows_touch(&table, FIRST + 1) = 4;
	dbk_journal_rewind(&journal, &outer);
	for (uint32_t id = 1; id <= N; id++)
		wrong += *(const uint32_t *)dbk_rows_row(&table, id) != id;
	CHECK_INT(wrong, 0);
	dbk_rows_fini(&table);
	dbk_journal_fini(&journal);
}

int
main(void)
{
	check_run("a run of rows is undone as its rows would be", test_run);
	check_run("rows have bounds, and so do pages that are loaded", test_bounds);
	check_run("rows are zero whenever they come", test_zeroed_again);
	check_run("marks nest, and every rewind is exact", test_marks);
	check_run("a save is the tables as they were when it began", test_saves);
	check_run("a save hands out only what changed", test_clean_pages);
	check_run("a group may be larger than what a journal keeps", test_large_group);
	return check_end();
}
