#ifndef DBK_ACCESS_ACCESS_STORE_H
#define DBK_ACCESS_ACCESS_STORE_H

/*
 * access_store.h -- KEYS/access: tokens and the access record in one store.
 *
 * Thread: one opens; checking by any.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "store/store.h"

/* KEYS is the folder of keys, which is there.  Fails as dbk_store_open() does. */
DBK_MUST_CHECK enum dbk_err dbk_access_store_open(const char *keys, bool read_only,
						  struct dbk_store **out,
						  struct dbk_error *error);

/* Walk all values: DAMAGED names the first that is not as it was written, by its table
 * and number.  *OUT_VALUES: how many are. */
DBK_MUST_CHECK enum dbk_err dbk_access_check(struct dbk_store *store,
					     uint64_t *out_values,
					     struct dbk_error *error);

#endif
