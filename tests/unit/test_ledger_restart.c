/*
 * test_ledger_restart.c -- a ledger opened again: from the log alone, from saved books
 * and the tail behind them, and from files that are not what was written.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/lib/bookkeeper.h"
#include "../tests/lib/check.h"
#include "../tests/lib/sales.h"
#include "base/crc32c.h"
#include "ledger/saved.h"
#include "store/scan.h"
#include "store/txn.h"

#define OPENING 245u /* 1 book, 4 skus, 120 agents, 120 stocks */
#define GROUPS 12u
#define GROUP_EVENTS 40u

static struct sales sales;
static struct bookkeeper keeper;

static void
setup(void)
{
	sales = sales_default();
	sales.agents = 120;
	sales.skus = 4;
	sales.customers = 50;
	bookkeeper_init(&keeper, sales_time_us(&sales, 100000));
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
}

static void
teardown(void)
{
	bookkeeper_fini(&keeper);
}

static void
send(uint64_t seq, uint64_t first, uint32_t n)
{
	struct dbk_buf events;

	dbk_buf_init(&events);
	sales_put_many(&sales, first, n, &events);
	CHECK_INT(bookkeeper_send(&keeper, "shop", seq, &events, 0), DBK_ADMITTED);
	dbk_buf_fini(&events);
}

/* The opening and GROUPS groups of sales behind those that are there. */
static void
fill(void)
{
	uint64_t seq = bookkeeper_groups(&keeper) + 1;

	if (bookkeeper_size(&keeper) == 0)
		send(seq++, 0, OPENING);
	for (unsigned i = 0; i < GROUPS; i++)
		send(seq++, bookkeeper_size(&keeper), GROUP_EVENTS);
}

/* Start again; the books are the same, LOADED records of them from what was saved. */
static void
check_restart(uint64_t loaded)
{
	struct bookkeeper_digest before = bookkeeper_digest(&keeper);
	uint64_t size = bookkeeper_size(&keeper);

	bookkeeper_close(&keeper);
	if (!CHECK_INT(bookkeeper_open(&keeper), DBK_OK)) {
		fprintf(stderr, "%s\n", keeper.error.text);
		abort();
	}
	CHECK_INT(keeper.start.loaded_size, loaded);
	CHECK_INT(keeper.start.replayed_size, size - loaded);
	CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&keeper)));
	CHECK(bookkeeper_is_replayed(&keeper));
}

static void
test_replay_alone(void)
{
	setup();
	check_restart(0);
	fill();
	check_restart(0);
	fill();
	check_restart(0);
	CHECK_INT(keeper.start.not_loaded.code, DBK_OK);
	teardown();
}

static void
test_saved(void)
{
	uint64_t at;

	setup();
	bookkeeper_save(&keeper);
	check_restart(0);
	fill();
	bookkeeper_save(&keeper);
	at = bookkeeper_size(&keeper);
	check_restart(at);
	fill();
	check_restart(at);
	/* Only what changed is saved on top. */
	bookkeeper_save(&keeper);
	at = bookkeeper_size(&keeper);
	fill();
	bookkeeper_save(&keeper);
	check_restart(at + GROUPS * GROUP_EVENTS);
	fill();
	check_restart(at + GROUPS * GROUP_EVENTS);
	teardown();
}

/* Groups that hold no record are behind the point, too: numbers are not forgotten. */
static void
test_saved_without_records(void)
{
	struct dbk_buf bad;
	uint64_t seq;

	setup();
	fill();
	bookkeeper_save(&keeper);
	dbk_buf_init(&bad);
	dbk_buf_put(&bad, "\x0a\x00", 2);
	seq = bookkeeper_groups(&keeper) + 1;
	for (unsigned i = 0; i < 3; i++)
		CHECK_INT(bookkeeper_send(&keeper, "shop", seq + i, &bad, 0),
			  DBK_ADMITTED);
	check_restart(bookkeeper_size(&keeper));
	CHECK_INT(bookkeeper_send(&keeper, "shop", seq + 4, &bad, 0), DBK_BATCH_GAP);
	CHECK_INT(bookkeeper_send(&keeper, "shop", seq + 2, &bad, 0),
		  DBK_ADMITTED_REPEAT);
	CHECK_INT(bookkeeper_send(&keeper, "shop", seq + 3, &bad, 0), DBK_ADMITTED);
	dbk_buf_fini(&bad);
	teardown();
}

/* ---------------------------------------------------------- saving beside changes */

static void
path_of(const char *name, char out[PATH_MAX])
{
	(void)snprintf(out, PATH_MAX, "%s/%s", keeper.dir, name);
}

static void
spill(void *context, const struct dbk_books_page *page)
{
	dbk_saved_put(context, page);
}

/* A save goes on while groups are committed and undone; what it holds is the books as
 * they were when it began. */
static void
test_save_beside_groups(void)
{
	struct dbk_saved_point point;
	struct dbk_error error = { 0 };
	struct dbk_saved *saved;
	struct dbk_buf meta, events;
	struct dbk_books_page page;
	char path[PATH_MAX];

	setup();
	fill();
	path_of("books", path);
	dbk_buf_init(&meta);
	dbk_buf_init(&events);
	CHECK_INT(dbk_saved_open(path, &saved, &error), DBK_OK);
	CHECK_INT(dbk_saved_begin(saved, true, &error), DBK_OK);
	point.size = bookkeeper_size(&keeper);
	point.groups = bookkeeper_groups(&keeper);
	dbk_books_save_begin(dbk_ledger_books(keeper.ledger), spill, saved, &meta);
	for (unsigned i = 0;; i++) {
		if (!dbk_books_save_next(dbk_ledger_books(keeper.ledger), &page))
			break;
		dbk_saved_put(saved, &page);
		send(point.groups + 1 + i, bookkeeper_size(&keeper), 3);
		dbk_buf_reset(&events);
		sales_put_many(&sales, bookkeeper_size(&keeper), 30, &events);
		(void)bookkeeper_send(&keeper, "dry", 0, &events, BOOKKEEPER_DRY_RUN);
	}
	CHECK_INT(
	    dbk_saved_commit(saved, point, dbk_str_make(meta.bytes, meta.size), &error),
	    DBK_OK);
	CHECK(bookkeeper_size(&keeper) > point.size + 20);
	dbk_saved_close(saved);
	check_restart(point.size);
	dbk_buf_fini(&meta);
	dbk_buf_fini(&events);
	teardown();
}

/* A save that was begun and not committed is as if it had not been. */
static void
test_save_aborted(void)
{
	struct dbk_error error = { 0 };
	struct dbk_books_page page;
	struct dbk_saved *saved;
	char path[PATH_MAX];
	struct dbk_buf meta;
	uint64_t at;

	setup();
	fill();
	bookkeeper_save(&keeper);
	at = bookkeeper_size(&keeper);
	fill();
	path_of("books", path);
	dbk_buf_init(&meta);
	CHECK_INT(dbk_saved_open(path, &saved, &error), DBK_OK);
	CHECK_INT(dbk_saved_begin(saved, false, &error), DBK_OK);
	dbk_books_save_begin(dbk_ledger_books(keeper.ledger), NULL, NULL, &meta);
	while (dbk_books_save_next(dbk_ledger_books(keeper.ledger), &page))
		dbk_saved_put(saved, &page);
	dbk_saved_close(saved);
	dbk_buf_fini(&meta);
	/* Everything is dirty again and may be saved on top of the old save. */
	dbk_books_save_abandon(dbk_ledger_books(keeper.ledger));
	bookkeeper_save(&keeper);
	CHECK(bookkeeper_size(&keeper) > at);
	check_restart(bookkeeper_size(&keeper));
	teardown();
}

/* ------------------------------------------------------ saved books that are not used
 */

static void
test_ahead_of_views(void)
{
	uint64_t at;

	setup();
	fill();
	bookkeeper_save(&keeper);
	at = bookkeeper_size(&keeper);
	keeper.options.views_size = at - 1;
	check_restart(0);
	CHECK_INT(keeper.start.not_loaded.code, DBK_OK);
	keeper.options.views_size = at;
	check_restart(at);
	teardown();
}

/* Let CHANGE work on the value under KEY of TABLE in the closed store NAME. */
static void
change_value(const char *name, const char *format, uint32_t version, const char *table,
	     uint64_t number, bool (*change)(struct dbk_buf *value))
{
	struct dbk_store_options options = { .format = format,
					     .format_version = version };
	struct dbk_buf copy = { 0 }, key_copy = { 0 };
	struct dbk_error error = { 0 };
	struct dbk_str key, value;
	struct dbk_store *store;
	struct dbk_table of;
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	char path[PATH_MAX];

	path_of(name, path);
	CHECK_INT(dbk_store_open(path, &options, &store, &error), DBK_OK);
	CHECK_INT(dbk_store_table(store, table, &of, &error), DBK_OK);
	CHECK_INT(dbk_txn_begin_write(store, 0, &txn, &error), DBK_OK);
	CHECK_INT(dbk_scan_open(txn, of, &scan), DBK_OK);
	CHECK_INT(dbk_scan_first(scan, &key, &value), DBK_OK);
	while (number-- > 0)
		CHECK_INT(dbk_scan_next(scan, &key, &value), DBK_OK);
	dbk_buf_put(&copy, value.bytes, value.size);
	dbk_buf_put(&key_copy, key.bytes, key.size);
	dbk_scan_close(scan);
	key = dbk_str_make(key_copy.bytes, key_copy.size);
	if (change(&copy))
		dbk_txn_put(txn, of, key, dbk_str_make(copy.bytes, copy.size));
	else
		dbk_txn_delete(txn, of, key);
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	dbk_store_close(store);
	dbk_buf_fini(&copy);
	dbk_buf_fini(&key_copy);
}

static void
put_sum(unsigned char *out, uint32_t sum)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (unsigned char)(sum >> (8 * i));
}

static bool
flip_a_bit(struct dbk_buf *value)
{
	value->bytes[value->size / 2] ^= 0x10;
	return true;
}

static bool
delete_it(struct dbk_buf *value)
{
	(void)value;
	return false;
}

static bool
cut_it(struct dbk_buf *value)
{
	value->size = 3;
	return true;
}

/* Another layout, honestly written. */
static bool
raise_layout(struct dbk_buf *value)
{
	value->bytes[0]++;
	put_sum(value->bytes + value->size - 4,
		dbk_crc32c_sum(value->bytes, value->size - 4));
	return true;
}

static void
test_damaged_saves(void)
{
	static const struct {
		const char *table;
		uint64_t number;
		bool (*change)(struct dbk_buf *value);
		enum dbk_err code; /* in not_loaded */
		const char *word;  /* of its text */
	} cases[] = {
		{ "pages", 0, flip_a_bit, DBK_FAILED_DAMAGED, "page 0 of table 0" },
		{ "pages", 20, flip_a_bit, DBK_FAILED_DAMAGED, "checksum" },
		{ "pages", 7, cut_it, DBK_FAILED_DAMAGED, "checksum" },
		{ "pages", 3, delete_it, DBK_FAILED_DAMAGED, "missing" },
		{ "state", 0, flip_a_bit, DBK_FAILED_DAMAGED, "meta" },
		{ "state", 1, flip_a_bit, DBK_FAILED_DAMAGED, "point" },
		{ "state", 1, cut_it, DBK_FAILED_DAMAGED, "point" },
		{ "state", 0, raise_layout, DBK_FAILED_NOT_FOUND, "layout" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bookkeeper_digest before;

		setup();
		fill();
		bookkeeper_save(&keeper);
		before = bookkeeper_digest(&keeper);
		bookkeeper_close(&keeper);
		change_value("books", "books", 3, cases[i].table, cases[i].number,
			     cases[i].change);
		CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
		CHECK_INT(keeper.start.loaded_size, 0);
		CHECK_INT(keeper.start.not_loaded.code, cases[i].code);
		if (!CHECK(strstr(keeper.start.not_loaded.text, cases[i].word) != NULL))
			fprintf(stderr, "%s\n", keeper.start.not_loaded.text);
		CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&keeper)));
		/* The next save is good again. */
		fill();
		bookkeeper_save(&keeper);
		check_restart(bookkeeper_size(&keeper));
		teardown();
	}
}

static void
overwrite(const char *path, long at, const char *bytes, size_t size, long cut_to)
{
	FILE *f = fopen(path, "r+b");

	if (!CHECK(f != NULL))
		return;
	CHECK(fseek(f, at, SEEK_SET) == 0 && fwrite(bytes, 1, size, f) == size);
	(void)fclose(f);
	if (cut_to >= 0)
		CHECK(truncate(path, cut_to) == 0);
}

/* A file that is no store, or half of one. */
static void
test_ruined_saves(void)
{
	static const long cuts[] = { -1, 5, 9000 };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		struct bookkeeper_digest before;

		setup();
		fill();
		bookkeeper_save(&keeper);
		before = bookkeeper_digest(&keeper);
		bookkeeper_close(&keeper);
		path_of("books/data.mdb", path);
		overwrite(path, 0, "this was a store, once upon a time", 34, cuts[i]);
		CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
		CHECK_INT(keeper.start.loaded_size, 0);
		CHECK_INT(keeper.start.not_loaded.code, DBK_FAILED_DAMAGED);
		CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&keeper)));
		bookkeeper_save(&keeper);
		check_restart(bookkeeper_size(&keeper));
		teardown();
	}
}

/* ------------------------------------------------------------------ a damaged log */

static void
check_log_damage(bool (*change)(struct dbk_buf *value), uint64_t group,
		 const char *words)
{
	setup();
	fill();
	bookkeeper_close(&keeper);
	change_value("log", "log", 1, "groups", group, change);
	CHECK_INT(bookkeeper_open(&keeper), DBK_FAILED_DAMAGED);
	CHECK(keeper.ledger == NULL);
	if (!CHECK(strstr(keeper.error.text, words) != NULL))
		fprintf(stderr, "%s\n", keeper.error.text);
	teardown();
}

/* Two sales that become one, with a checksum that is right: only the books notice. */
static bool
forge_an_order(struct dbk_buf *value)
{
	for (size_t i = 0; i + 11 < value->size; i++)
		if (memcmp(value->bytes + i, "S0000000083", 11) == 0)
			value->bytes[i + 10] = '2';
	put_sum(value->bytes, dbk_crc32c_sum(value->bytes + 4, value->size - 4));
	return true;
}

static bool
forge_a_reply(struct dbk_buf *value)
{
	value->bytes[48] ^= 1; /* batch_seq of the group's one batch */
	put_sum(value->bytes, dbk_crc32c_sum(value->bytes + 4, value->size - 4));
	return true;
}

static void
test_damaged_log(void)
{
	check_log_damage(flip_a_bit, 0, "group 0");
	check_log_damage(flip_a_bit, 5, "group 5");
	check_log_damage(flip_a_bit, GROUPS, "group 12");
	check_log_damage(cut_it, 5, "group 5");
	check_log_damage(delete_it, 5, "group");
	/* Sale 83 is the third of the third group behind the opening. */
	check_log_damage(forge_an_order, 3, "record 328");
	check_log_damage(forge_a_reply, 7, "group 7");
}

/* Damage before the saved point is no concern of a start, but of a check of the log. */
static void
test_damage_before_the_point(void)
{
	struct dbk_error error = { 0 };

	setup();
	fill();
	bookkeeper_save(&keeper);
	bookkeeper_close(&keeper);
	change_value("log", "log", 1, "groups", 4, flip_a_bit);
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
	CHECK_INT(dbk_log_check(dbk_ledger_log(keeper.ledger), NULL, NULL, &error),
		  DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "group 4") != NULL);
	teardown();
}

/* ----------------------------------------------------------------- what is told of it
 */

static struct {
	uint64_t size, calls, stop_at;
} told;

static enum dbk_err
replayed(void *context, const struct dbk_effects *effects, struct dbk_error *error)
{
	CHECK(context == &told);
	CHECK_INT(effects->size_before, told.size);
	CHECK_INT(effects->n_effects, effects->size_after - effects->size_before);
	for (uint32_t i = 0; i < effects->n_effects; i++)
		CHECK_INT(effects->effects[i].position, told.size + i);
	told.size = effects->size_after;
	told.calls++;
	if (told.calls == told.stop_at)
		return dbk_error_set(error, DBK_FAILED_IO, "the view is full");
	return DBK_OK;
}

static bool
progress(void *context, uint64_t done)
{
	CHECK(context == &told);
	CHECK_INT(done, told.size);
	return told.calls != 5;
}

static void
test_told(void)
{
	uint64_t at;

	setup();
	fill();
	keeper.options.replayed = replayed;
	keeper.options.replayed_context = &told;
	memset(&told, 0, sizeof told);
	check_restart(0);
	CHECK_INT(told.size, bookkeeper_size(&keeper));
	CHECK_INT(told.calls, bookkeeper_groups(&keeper));
	bookkeeper_save(&keeper);
	at = told.size;
	keeper.options.replayed = NULL;
	fill();
	keeper.options.replayed = replayed;
	told.size = at;
	check_restart(at);
	CHECK_INT(told.size, bookkeeper_size(&keeper));
	/* The listener fails; then the operator stops it. */
	bookkeeper_close(&keeper);
	memset(&told, 0, sizeof told);
	told.size = at;
	told.stop_at = 3;
	CHECK_INT(bookkeeper_open(&keeper), DBK_FAILED_IO);
	CHECK(strcmp(keeper.error.text, "the view is full") == 0);
	CHECK_INT(told.calls, 3);
	memset(&told, 0, sizeof told);
	told.size = at;
	keeper.options.progress = progress;
	keeper.options.progress_context = &told;
	CHECK_INT(bookkeeper_open(&keeper), DBK_FAILED_STATE);
	CHECK_INT(told.calls, 5);
	teardown();
}

static void
test_options(void)
{
	char longest[PATH_MAX + 10];
	const char *dir;

	setup();
	fill();
	/* The secret of the tables has no influence on anything. */
	memset(keeper.options.key, 0x77, sizeof keeper.options.key);
	check_restart(0);
	bookkeeper_save(&keeper);
	memset(keeper.options.key, 0x11, sizeof keeper.options.key);
	check_restart(bookkeeper_size(&keeper));
	bookkeeper_close(&keeper);
	dir = keeper.options.dir;
	memset(longest, 'd', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	keeper.options.dir = longest;
	CHECK_INT(bookkeeper_open(&keeper), DBK_FAILED_LIMIT);
	keeper.options.dir = "/nowhere/at/all";
	CHECK(bookkeeper_open(&keeper) != DBK_OK);
	CHECK(strstr(keeper.error.text, "/nowhere/at/all") != NULL);
	keeper.options.dir = dir;
	CHECK_INT(bookkeeper_open(&keeper), DBK_OK);
	teardown();
}

int
main(void)
{
	check_run("a damaged log stops the start and is named", test_damaged_log);
	check_run("damage before the saved point is found by a check",
		  test_damage_before_the_point);
	check_run("damaged or foreign saves stop nothing", test_damaged_saves);
	check_run("a ruined store of saves is begun anew", test_ruined_saves);
	check_run("saves ahead of the views are not used", test_ahead_of_views);
	check_run("the log alone brings the books back", test_replay_alone);
	check_run("saved books and the tail bring them back", test_saved);
	check_run("groups without records count behind a save",
		  test_saved_without_records);
	check_run("a save beside groups is the books of its begin",
		  test_save_beside_groups);
	check_run("a save that is not committed leaves the one before",
		  test_save_aborted);
	check_run("listeners are told of every replayed group", test_told);
	check_run("key and directory are what the options say", test_options);
	return check_end();
}
