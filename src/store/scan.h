#ifndef DBK_STORE_SCAN_H
#define DBK_STORE_SCAN_H

/*
 * scan.h -- a place in a table that moves in the order of keys.
 *
 * Every move gives the key and value it arrives at, borrowed as in txn.h (either out
 * pointer may be NULL), or NOT_FOUND when there is none that way; the place is then
 * undefined until the next first, last or seek.  DAMAGED and IO also stick in the
 * transaction.
 *
 * A scan is closed before its transaction ends.  Over a resting read transaction it
 * waits, and goes on with dbk_scan_renew() after dbk_txn_renew().
 */

#include <daybook/error.h>

#include "base/str.h"
#include "store/store.h"
#include "store/txn.h"

struct dbk_scan;

DBK_MUST_CHECK enum dbk_err dbk_scan_open(struct dbk_txn *txn, struct dbk_table table,
					  struct dbk_scan **out_scan);

/* NULL is nothing. */
void dbk_scan_close(struct dbk_scan *scan);

/* Bind SCAN, without a place, to the renewed read transaction it was opened on. */
DBK_MUST_CHECK enum dbk_err dbk_scan_renew(struct dbk_scan *scan);

DBK_MUST_CHECK enum dbk_err dbk_scan_first(struct dbk_scan *scan,
					   struct dbk_str *out_key,
					   struct dbk_str *out_value);
DBK_MUST_CHECK enum dbk_err dbk_scan_last(struct dbk_scan *scan,
					  struct dbk_str *out_key,
					  struct dbk_str *out_value);

/* The first entry whose key is KEY or above. */
DBK_MUST_CHECK enum dbk_err dbk_scan_seek(struct dbk_scan *scan, struct dbk_str key,
					  struct dbk_str *out_key,
					  struct dbk_str *out_value);

/* The last entry whose key is below KEY. */
DBK_MUST_CHECK enum dbk_err dbk_scan_seek_below(struct dbk_scan *scan,
						struct dbk_str key,
						struct dbk_str *out_key,
						struct dbk_str *out_value);

DBK_MUST_CHECK enum dbk_err dbk_scan_next(struct dbk_scan *scan,
					  struct dbk_str *out_key,
					  struct dbk_str *out_value);
DBK_MUST_CHECK enum dbk_err dbk_scan_prev(struct dbk_scan *scan,
					  struct dbk_str *out_key,
					  struct dbk_str *out_value);

#endif
