/*
 * test_view_damage.c -- a view whose bytes changed, or that cannot write: it says so,
 * and neither crashes nor loops nor loses what it had.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/ageing.h"
#include "query/agent_statement.h"
#include "query/balances.h"
#include "query/journal.h"
#include "query/movements.h"
#include "query/order_history.h"
#include "query/statement.h"
#include "query/stock.h"
#include "query/trial_balance.h"
#include "store/scan.h"
#include "store/store.h"
#include "store/txn.h"
#include "views/chunk.h"
#include "views/shelf.h"
#include "views/view.h"

#include "../tests/lib/check.h"
#include "../tests/lib/ledger_model.h"
#include "../tests/lib/tmpdir.h"
#include "../tests/lib/view_compare.h"

#define EVENTS 300u
#define ROUNDS 120u

static const struct dbk_view_options fast = { .no_sync = true };

static const struct model_shape shape = { .accounts = 12,
					  .holders = 6,
					  .skus = 4,
					  .lots = 3,
					  .orders = 10,
					  .late_percent = 25,
					  .refused_percent = 10,
					  .big_percent = 4,
					  .late_us = 60000000 };

static void
must(enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "%s: %s\n", dbk_err_text(err), error->text);
	abort();
}

static void
feed(struct dbk_view *view, struct model *model, struct dbk_error *error)
{
	struct dbk_effects group;

	dbk_effects_init(&group);
	model_group(model, (uint32_t)dbk_view_size(view), model->all.n_effects, &group);
	must(dbk_view_apply(view, &group, error), error);
	dbk_effects_fini(&group);
}

/* ------------------------------------------------------------------- lone chunks */

/* Read everything that can be read; the result does not matter. */
static unsigned
read_all(const unsigned char *bytes, uint32_t size)
{
	struct dbk_chunk_event event;
	struct dbk_chunk_entry entry;
	struct dbk_chunk chunk;
	unsigned good = 0;

	if (!dbk_chunk_open(&chunk, 1, bytes, size))
		return 0;
	for (uint32_t code = 0; code < DBK_ACCOUNT_CODES; code++)
		(void)dbk_chunk_totals(&chunk, code);
	for (uint32_t at = 0; at <= size + 1; at++) {
		good += dbk_chunk_get_event(&chunk, at, &event);
		good += dbk_chunk_get_posting(&chunk, at, &entry);
		good += dbk_chunk_get_move(&chunk, at, &entry);
	}
	return good;
}

static uint32_t
make_chunk(unsigned char bytes[DBK_CHUNK_BYTES])
{
	struct dbk_chunk_writer writer = { .bytes = bytes };
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];
	struct dbk_chunk_event event = { .position = 7,
					 .clock = 1000,
					 .effective_at = 900,
					 .type = 301,
					 .order = 5,
					 .n_postings = 2,
					 .n_moves = 2,
					 .prior_period = true };
	struct dbk_chunk_entry entry = { .kind = DBK_BANK,
					 .cause = DBK_CAUSE_MATURED,
					 .ref = 300,
					 .id = 3,
					 .amount = -5,
					 .balance = 10,
					 .is_mark = true,
					 .is_behind = true,
					 .n_levels = 2,
					 .prev = 66000,
					 .late = 66000,
					 .levels = { 66000, 65900 } };

	memset(totals, 0, sizeof totals);
	dbk_chunk_begin(&writer, 2, 7, 1000, totals);
	dbk_chunk_put_event(&writer, &event);
	dbk_chunk_put_posting(&writer, &entry);
	entry.id = 0;
	dbk_chunk_put_posting(&writer, &entry);
	entry.id = 4;
	entry.kind = DBK_MOVE_RECEIVED;
	entry.units = 77;
	dbk_chunk_put_move(&writer, &entry);
	entry.is_mark = entry.is_behind = false;
	dbk_chunk_put_move(&writer, &entry);
	dbk_chunk_end_event(&writer);
	return writer.size;
}

static void
test_chunk_bytes(void)
{
	static unsigned char bytes[DBK_CHUNK_BYTES];
	uint32_t size = make_chunk(bytes);

	CHECK(read_all(bytes, size) > 4);
	for (uint32_t n = 0; n < size; n++) {
		/* A copy of the exact size, so that reading past it is seen. */
		unsigned char *cut = malloc(n == 0 ? 1 : n);

		memcpy(cut, bytes, n);
		(void)read_all(cut, n);
		free(cut);
	}
	for (uint32_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
		(void)read_all(bytes, size);
		bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	CHECK(!dbk_chunk_open(&(struct dbk_chunk){ 0 }, 1, bytes, DBK_CHUNK_BYTES + 1));
}

/* ------------------------------------------------------------------ whole views */

static void
ask_money(struct dbk_view *view, const struct dbk_as_of *as_of, struct dbk_arena *arena)
{
	struct dbk_agent_statement_query s = { .agent = { "agent-1", 7 },
					       .as_of = *as_of,
					       .from = as_of->effective_at - 10000000,
					       .to = DBK_TIME_ABSENT };
	struct dbk_ageing_query a = { .with_total = true, .as_of = *as_of };
	struct dbk_journal_query j = { .from = { as_of->size / 2, 1 },
				       .postings_max = 100 };
	struct dbk_agent_statement statement;
	struct dbk_journal_page page;
	struct dbk_error error;
	struct dbk_ageing ageing;

	(void)!dbk_agent_statement_get(view, &s, arena, &statement, &error);
	(void)!dbk_ageing_list(view, &a, arena, &ageing, &error);
	while (dbk_journal_read(view, &j, arena, &page, &error) == DBK_OK &&
	       !page.at_end) {
		j.from = page.next;
		dbk_arena_reset(arena);
	}
}

/* Ask everything; only the coming back matters. */
static void
ask_all(struct dbk_view *view, struct random_source *source)
{
	struct dbk_as_of as_of = { .kind =
				       (enum dbk_as_of_kind)random_below(source, 3) };
	struct dbk_balances_query b = { .nonzero = false };
	struct dbk_statement_query s = { .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_movements_query m = { .holder = { "agent-0", 7 },
					 .from = DBK_TIME_ABSENT,
					 .to = DBK_TIME_ABSENT };
	struct dbk_stock_query k = { .agents_only = false };
	struct dbk_trial_balance trial;
	struct dbk_order_history history;
	struct dbk_statement statement;
	struct dbk_movements movements;
	struct dbk_balances balances;
	struct dbk_error error;
	struct dbk_stock stock;
	struct dbk_arena arena;

	dbk_arena_init(&arena, (size_t)64 << 20);
	as_of.size = random_below(source, EVENTS);
	as_of.effective_at =
	    1700000000000000LL + (int64_t)random_below(source, 300000000);
	b.as_of = s.as_of = m.as_of = k.as_of = as_of;
	(void)!dbk_trial_balance_get(view, &as_of, &trial, &error);
	(void)!dbk_balances_list(view, &b, &arena, &balances, &error);
	(void)!dbk_stock_list(view, &k, &arena, &stock, &error);
	(void)!dbk_movements_list(view, &m, &arena, &movements, &error);
	ask_money(view, &as_of, &arena);
	for (uint32_t order = 1; order <= 10; order++)
		(void)!dbk_order_history_get(view, order, &arena, &history, &error);
	for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++) {
		s.code = (enum dbk_account_code)code;
		s.owner.size = 0;
		(void)!dbk_statement_get(view, &s, &arena, &statement, &error);
		s.owner = dbk_str_of("agent-1");
		(void)!dbk_statement_get(view, &s, &arena, &statement, &error);
		dbk_arena_reset(&arena);
	}
	dbk_arena_fini(&arena);
}

/* Change one bit of one value of TABLE; false if the table is empty. */
static bool
change(const char *dir, const char *table_name, struct random_source *source)
{
	struct dbk_store_options options = { .format = "daybook ledger view",
					     .format_version = 4,
					     .no_sync = true };
	struct dbk_str key, value;
	unsigned char key_bytes[8];
	struct dbk_error error = { 0 };
	struct dbk_store *store;
	struct dbk_table table;
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	unsigned char *bytes;
	uint64_t bit;

	must(dbk_store_open(dir, &options, &store, &error), &error);
	must(dbk_store_table(store, table_name, &table, &error), &error);
	must(dbk_txn_begin_write(store, 1 << 20, &txn, &error), &error);
	bit = dbk_txn_count(txn, table);
	if (bit == 0) {
		dbk_txn_abort(txn);
		dbk_store_close(store);
		return false;
	}
	must(dbk_scan_open(txn, table, &scan), &error);
	must(dbk_scan_first(scan, &key, &value), &error);
	for (uint64_t skip = random_below(source, bit); skip > 0; skip--)
		must(dbk_scan_next(scan, &key, &value), &error);
	bytes = malloc(value.size);
	memcpy(bytes, value.bytes, value.size);
	memcpy(key_bytes, key.bytes, key.size);
	bit = random_below(source, (uint64_t)value.size * 8);
	bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
	dbk_scan_close(scan);
	dbk_txn_put(txn, table, dbk_str_make(key_bytes, key.size),
		    dbk_str_make(bytes, value.size));
	must(dbk_txn_commit(txn, &error), &error);
	free(bytes);
	dbk_store_close(store);
	return true;
}

/* One bit of one value changes while the view is closed. */
static void
damage(struct random_source *source, const char *table, bool full, unsigned *found)
{
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_error error = { 0 };
	struct dbk_view *view = NULL;
	struct model model;
	uint64_t values;
	enum dbk_err err;

	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	model_init(&model, &shape, random_next(source));
	must(dbk_view_open(view_dir, &fast, &view, &error), &error);
	model_grow(&model, EVENTS);
	feed(view, &model, &error);
	must(dbk_view_flush(view, full, &error), &error);
	dbk_view_close(view);
	if (change(view_dir, table, source)) {
		CHECK_INT(dbk_shelf_check(view_dir, &values, &error),
			  DBK_FAILED_DAMAGED);
		error = (struct dbk_error){ 0 };
		view = NULL;
		err = dbk_view_open(view_dir, &fast, &view, &error);
		if (err == DBK_OK) {
			ask_all(view, source);
			dbk_view_close(view);
		} else {
			CHECK_INT(err, DBK_FAILED_DAMAGED);
			CHECK(error.text[0] != '\0');
			++*found;
		}
	}
	model_fini(&model);
	tmpdir_remove(dir);
}

static void
test_sealed_values(void)
{
	struct random_source source;
	unsigned found = 0;

	random_start(&source, "sealed values");
	for (unsigned i = 0; i < ROUNDS / 4; i++) {
		damage(&source, "notes", i % 2 == 0, &found);
		damage(&source, "names", i % 2 == 0, &found);
		damage(&source, "heads", true, &found);
	}
	CHECK_INT(found, ROUNDS / 4 * 3);
}

static void
test_history(void)
{
	struct random_source source;
	unsigned found = 0;

	random_start(&source, "history");
	for (unsigned i = 0; i < ROUNDS; i++)
		damage(&source, "history", i % 2 == 0, &found);
	/* Read again from the start, most changes do not follow. */
	CHECK(found > ROUNDS / 8);
}

/* What was made before history or heads had their format is built anew, not read. */
static void
check_older(uint32_t version)
{
	struct dbk_store_options options = { .format = "daybook ledger view",
					     .format_version = version,
					     .no_sync = true };
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8], said[24];
	struct dbk_error error = { 0 };
	struct dbk_view *view = NULL;
	struct dbk_store *store;

	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	(void)snprintf(said, sizeof said, "has version %u", version);
	must(dbk_store_open(view_dir, &options, &store, &error), &error);
	dbk_store_close(store);
	CHECK(dbk_view_open(view_dir, &fast, &view, &error) == DBK_FAILED_VERSION);
	CHECK(strstr(error.text, said) != NULL);
	must(dbk_view_remove(view_dir, &error), &error);
	must(dbk_view_open(view_dir, &fast, &view, &error), &error);
	dbk_view_close(view);
	tmpdir_remove(dir);
}

static void
test_older_versions(void)
{
	check_older(1);
	check_older(2);
	check_older(3);
}

/* ------------------------------------------------------------------ a full disk */

static void
test_full_disk(void)
{
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_as_of now = { .kind = DBK_AS_OF_NOW };
	struct dbk_error error = { 0 };
	struct compare compare;
	struct dbk_view *view;
	struct model model;
	enum dbk_err err = DBK_OK;

	memset(&compare, 0, sizeof compare);
	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	if (!tmpdir_mount(dir, 1ull << 20)) {
		tmpdir_remove(dir);
		return;
	}
	model_init(&model, &shape, 1);
	must(dbk_view_open(view_dir, NULL, &view, &error), &error);
	for (unsigned i = 0; i < 60 && err == DBK_OK; i++) {
		model_grow(&model, EVENTS / 2);
		feed(view, &model, &error);
		err = dbk_view_flush(view, i % 2 == 0, &error);
	}
	CHECK_INT(err, DBK_FAILED_DISK_FULL);
	CHECK(dbk_view_durable_size(view) < dbk_view_size(view));
	compare.model = &model;
	compare.view = view;
	compare_all(&compare, &now, 2);
	CHECK(tmpdir_resize(dir, 64ull << 20));
	must(dbk_view_flush(view, true, &error), &error);
	dbk_view_close(view);
	must(dbk_view_open(view_dir, NULL, &view, &error), &error);
	CHECK_INT(dbk_view_size(view), model.all.n_effects);
	compare.view = view;
	compare_all(&compare, &now, 2);
	dbk_view_close(view);
	model_fini(&model);
	tmpdir_remove(dir);
}

static void
test_map_full(void)
{
	struct dbk_view_options small = { .no_sync = true, .max_bytes = 300000 };
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_error error = { 0 };
	struct dbk_view *view;
	struct model model;
	enum dbk_err err = DBK_OK;
	uint64_t durable = 0;

	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	model_init(&model, &shape, 1);
	must(dbk_view_open(view_dir, &small, &view, &error), &error);
	for (unsigned i = 0; i < 30 && err == DBK_OK; i++) {
		durable = dbk_view_durable_size(view);
		model_grow(&model, EVENTS);
		feed(view, &model, &error);
		err = dbk_view_flush(view, false, &error);
	}
	CHECK_INT(err, DBK_FAILED_MAP_FULL);
	CHECK_INT(dbk_view_durable_size(view), durable);
	dbk_view_close(view);
	must(dbk_view_open(view_dir, &fast, &view, &error), &error);
	CHECK_INT(dbk_view_size(view), durable);
	dbk_view_close(view);
	model_fini(&model);
	tmpdir_remove(dir);
}

static void
test_locked(void)
{
	char dir[TMPDIR_BYTES], view_dir[TMPDIR_BYTES + 8];
	struct dbk_error error = { 0 };
	struct dbk_view *view, *other;

	tmpdir_make(dir);
	(void)snprintf(view_dir, sizeof view_dir, "%s/view", dir);
	must(dbk_view_open(view_dir, &fast, &view, &error), &error);
	CHECK_INT(dbk_view_open(view_dir, &fast, &other, &error), DBK_FAILED_LOCKED);
	CHECK_INT(dbk_view_remove(view_dir, &error), DBK_FAILED_LOCKED);
	dbk_view_close(view);
	must(dbk_view_remove(view_dir, &error), &error);
	must(dbk_view_remove(view_dir, &error), &error);
	tmpdir_remove(dir);
}

int
main(void)
{
	check_run("a chunk cut or changed anywhere is read safely", test_chunk_bytes);
	check_run("a changed bit in names, heads or notes is found",
		  test_sealed_values);
	check_run("a changed bit in the history does no harm beyond it", test_history);
	check_run("a view of an older version is not read", test_older_versions);
	check_run("a full disk is survived and overcome", test_full_disk);
	check_run("a full map fails the flush alone", test_map_full);
	check_run("a view in use is locked", test_locked);
	return check_end();
}
