#ifndef DBK_STORE_TXN_H
#define DBK_STORE_TXN_H

/*
 * txn.h -- transactions of a store, with an error that sticks.
 *
 * In a write transaction the first failure stays: later writes do nothing, and
 * dbk_txn_commit() returns it.  So a run of writes has no branches, and there is one
 * place where a failure is dealt with.  After a failed commit nothing of the
 * transaction remains, readers go on, and a later transaction may succeed once there is
 * room. The one exception: if the page that names the newest commit could not be
 * written, it is unknown what a restart will find, and LMDB refuses all further
 * transactions; they fail with STATE until the store is closed and opened again.
 *
 * Bytes that come out (get, scans) lie in the store's map: they are borrowed until the
 * transaction ends, and in a write transaction until its next write.  They are not to
 * be written to and not aligned.  Keys are 1 to DBK_STORE_KEY_BYTES_MAX bytes
 * (asserted) and ordered as bytes.
 *
 * Thread: a write transaction belongs to the thread that began it.  A read transaction
 * belongs to one thread at a time and may be handed on.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "store/store.h"

struct dbk_txn;

/*
 * Begin the write transaction, waiting for the one that lives.  BYTES_EXPECTED is what
 * the caller is going to write, keys and values; if it does not fit under the limit of
 * the store, free pages included, the result is MAP_FULL and nothing has happened.
 * Otherwise MEMORY, STATE (read-only, or see above).
 */
DBK_MUST_CHECK enum dbk_err dbk_txn_begin_write(struct dbk_store *store,
						uint64_t bytes_expected,
						struct dbk_txn **out_txn,
						struct dbk_error *error);

/*
 * Begin a read transaction: the store as of now, whatever is written meanwhile.  While
 * it lives no page freed since can be used again, so it is to end or rest soon.
 * Fails with LIMIT when all reader slots are taken, MEMORY, IO, STATE.
 */
DBK_MUST_CHECK enum dbk_err dbk_txn_begin_read(struct dbk_store *store,
					       struct dbk_txn **out_txn,
					       struct dbk_error *error);

/* Let go of the snapshot but keep the transaction object and its slot. */
void dbk_txn_rest(struct dbk_txn *txn);

/* Take a new snapshot for a resting read transaction.  Costs well below 1 us. */
DBK_MUST_CHECK enum dbk_err dbk_txn_renew(struct dbk_txn *txn, struct dbk_error *error);

/*
 * End the write transaction and make it durable, or return its first failure; TXN is
 * dead either way.  DISK_FULL, IO, MAP_FULL, MEMORY, DAMAGED, and what the writes met.
 */
DBK_MUST_CHECK enum dbk_err dbk_txn_commit(struct dbk_txn *txn,
					   struct dbk_error *error);

/* End TXN of either kind and forget its writes.  NULL is nothing. */
void dbk_txn_abort(struct dbk_txn *txn);

/* The first failure of TXN so far; DBK_OK if there is none. */
enum dbk_err dbk_txn_failed(const struct dbk_txn *txn);

/* Number of the commit that is read, or that is being made. */
uint64_t dbk_txn_number(const struct dbk_txn *txn);

/*
 * The value under KEY, borrowed.  NOT_FOUND, which does not stick; DAMAGED or IO, which
 * do.
 */
DBK_MUST_CHECK enum dbk_err dbk_txn_get(struct dbk_txn *txn, struct dbk_table table,
					struct dbk_str key, struct dbk_str *out_value);

/* Number of keys in TABLE; 0 after a failure. */
uint64_t dbk_txn_count(struct dbk_txn *txn, struct dbk_table table);

/* Write VALUE under KEY, replacing what is there. */
void dbk_txn_put(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
		 struct dbk_str value);

/*
 * Write VALUE under KEY, which is above all keys of TABLE; if it is not, the failure is
 * STATE.  Pages fill up completely this way, and no search is made.
 */
void dbk_txn_append(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
		    struct dbk_str value);

/*
 * The same without the value: SIZE bytes which the caller fills before the next call on
 * TXN.  NULL after a failure.
 */
void *dbk_txn_reserve(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key,
		      size_t size);
void *dbk_txn_append_reserve(struct dbk_txn *txn, struct dbk_table table,
			     struct dbk_str key, size_t size);

/* Delete KEY; fine if it is not there. */
void dbk_txn_delete(struct dbk_txn *txn, struct dbk_table table, struct dbk_str key);

/* Delete all keys of TABLE. */
void dbk_txn_clear(struct dbk_txn *txn, struct dbk_table table);

#endif
