#ifndef DAYBOOK_TESTS_SMALL_STORE_H
#define DAYBOOK_TESTS_SMALL_STORE_H

/*
 * small_store.h -- a store of the format "test", and keys and values that are texts.
 *
 * What returns a pointer ends the program, saying why, where it cannot be had.
 */

#include "store/store.h"
#include "store/txn.h"

/* Format "test" of version 3, without syncing. */
struct dbk_store_options small_store_options(void);

/* The store in DIR, with those options or OPTIONS. */
struct dbk_store *small_store_open(const char *dir);
struct dbk_store *small_store_open_with(const char *dir,
					struct dbk_store_options options);

/* The table NAME, made where there is none. */
struct dbk_table small_store_table(struct dbk_store *store, const char *name);

struct dbk_txn *small_store_write(struct dbk_store *store);
struct dbk_txn *small_store_read(struct dbk_store *store);

void small_store_put(struct dbk_txn *txn, struct dbk_table table, const char *key,
		     const char *value);

/* True if KEY has exactly VALUE. */
bool small_store_has(struct dbk_txn *txn, struct dbk_table table, const char *key,
		     const char *value);

/* The same in a transaction of their own; putting gives the store's answer. */
enum dbk_err small_store_put_alone(struct dbk_store *store, struct dbk_table table,
				   const char *key, const char *value,
				   struct dbk_error *error);
bool small_store_has_alone(struct dbk_store *store, struct dbk_table table,
			   const char *key, const char *value);

#endif
