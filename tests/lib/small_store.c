#include "../tests/lib/small_store.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

static void
check_done(enum dbk_err err, const struct dbk_error *error)
{
	if (CHECK_INT(err, DBK_OK))
		return;
	fprintf(stderr, "%s\n", error->text);
	exit(1);
}

struct dbk_store_options
small_store_options(void)
{
	struct dbk_store_options options = { .format = "test",
					     .format_version = 3,
					     .no_sync = true };

	return options;
}

struct dbk_store *
small_store_open_with(const char *dir, struct dbk_store_options options)
{
	struct dbk_error error = { 0 };
	struct dbk_store *store = NULL;

	check_done(dbk_store_open(dir, &options, &store, &error), &error);
	return store;
}

struct dbk_store *
small_store_open(const char *dir)
{
	return small_store_open_with(dir, small_store_options());
}

struct dbk_table
small_store_table(struct dbk_store *store, const char *name)
{
	struct dbk_error error = { 0 };
	struct dbk_table table = { 0 };

	CHECK_INT(dbk_store_table(store, name, &table, &error), DBK_OK);
	return table;
}

struct dbk_txn *
small_store_write(struct dbk_store *store)
{
	struct dbk_error error = { 0 };
	struct dbk_txn *txn = NULL;

	check_done(dbk_txn_begin_write(store, 0, &txn, &error), &error);
	return txn;
}

struct dbk_txn *
small_store_read(struct dbk_store *store)
{
	struct dbk_error error = { 0 };
	struct dbk_txn *txn = NULL;

	check_done(dbk_txn_begin_read(store, &txn, &error), &error);
	return txn;
}

void
small_store_put(struct dbk_txn *txn, struct dbk_table table, const char *key,
		const char *value)
{
	dbk_txn_put(txn, table, dbk_str_of(key), dbk_str_of(value));
}

bool
small_store_has(struct dbk_txn *txn, struct dbk_table table, const char *key,
		const char *value)
{
	struct dbk_str got;

	return dbk_txn_get(txn, table, dbk_str_of(key), &got) == DBK_OK &&
	       dbk_str_equal(got, dbk_str_of(value));
}

enum dbk_err
small_store_put_alone(struct dbk_store *store, struct dbk_table table, const char *key,
		      const char *value, struct dbk_error *error)
{
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(store, 0, &txn, error);

	if (err != DBK_OK)
		return err;
	small_store_put(txn, table, key, value);
	return dbk_txn_commit(txn, error);
}

bool
small_store_has_alone(struct dbk_store *store, struct dbk_table table, const char *key,
		      const char *value)
{
	struct dbk_txn *txn = small_store_read(store);
	bool is = small_store_has(txn, table, key, value);

	dbk_txn_abort(txn);
	return is;
}
