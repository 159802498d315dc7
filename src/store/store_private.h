#ifndef DBK_STORE_STORE_PRIVATE_H
#define DBK_STORE_STORE_PRIVATE_H

/*
 * store_private.h -- what the files of this folder know of each other.  Not for other
 * folders: it includes lmdb.h.
 */

#include <lmdb.h>

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "store/lock.h"
#include "store/store.h"
#include "store/txn.h"

/* Stands in the directory while its file is made. */
#define DBK_STORE_MARKER "UNFINISHED"

struct dbk_txn {
	MDB_txn *mdb; /* NULL once ended */
	struct dbk_store *store;
	bool writes;
	uint64_t bytes_expected;
	struct dbk_error error; /* the first failure; it sticks */
};

struct dbk_store {
	MDB_env *env;
	struct dbk_lock *lock; /* NULL when read-only */
	bool read_only;
	bool unfinished; /* its file has not been made completely before */
	uint64_t reserved_bytes;
	uint64_t page_bytes;
	_Atomic uint64_t max_bytes;
	struct dbk_store_fault fault;
	struct dbk_txn write; /* LMDB allows one at a time, so there is one */
	char dir[PATH_MAX];
};

/*
 * The translator: what LMDB or the system call behind it said (an MDB_* value or an
 * errno) as a failure of ours.
 */
enum dbk_err dbk_store_translate(int code);

/* Set ERROR to the translation of CODE and the sentence "DIR: cannot WHAT: words". */
enum dbk_err dbk_store_fail(const struct dbk_store *store, int code, const char *what,
			    struct dbk_error *error);

/* The name of file NAME in DIR; LIMIT if it is too long. */
enum dbk_err dbk_store_path(const char *dir, const char *name, char out[PATH_MAX],
			    struct dbk_error *error);

/* The size of the data file. */
enum dbk_err dbk_store_file_bytes(const struct dbk_store *store, uint64_t *out_bytes,
				  struct dbk_error *error);

/*
 * Make the failure CODE of doing WHAT stick in TXN, unless it has one or CODE is
 * MDB_NOTFOUND.  Returns the failure that a caller is to see.
 */
enum dbk_err dbk_txn_fail(struct dbk_txn *txn, int code, const char *what);

/*
 * Bytes of pages that are in the file but free, as of the newest commit, and its
 * number. A read transaction of its own: LMDB shows its list of free pages to readers
 * only.
 */
enum dbk_err dbk_store_count_free(const struct dbk_store *store, uint64_t *out_bytes,
				  uint64_t *out_number, struct dbk_error *error);

#endif
