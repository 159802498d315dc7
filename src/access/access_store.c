#include "access/access_store.h"

#include <inttypes.h>
#include <stdio.h>

#include "access/access_row.h"
#include "access/checked.h"
#include "access/token_row.h"
#include "store/scan.h"
#include "store/txn.h"

/* The access record of the busiest shop: some 200 bytes for each question about
 * persons, and a map costs nothing where nothing is written. */
#define RESERVE_BYTES (UINT64_C(1) << 36)

enum dbk_err
dbk_access_store_open(const char *keys, bool read_only, struct dbk_store **out,
		      struct dbk_error *error)
{
	struct dbk_store_options options = { .format = "access",
					     .format_version = 1,
					     .reserve_bytes = RESERVE_BYTES,
					     .read_only = read_only };
	char dir[4200];

	if (snprintf(dir, sizeof dir, "%s/access", keys) >= (int)sizeof dir)
		return dbk_error_set(error, DBK_FAILED_LIMIT, "%s: too long", keys);
	return dbk_store_open(dir, &options, out, error);
}

static bool
is_token(struct dbk_str body)
{
	unsigned char hash[DBK_TOKEN_HASH_BYTES];
	struct dbk_token token;

	return dbk_token_row_get(body, &token, hash);
}

static bool
is_entry(struct dbk_str body)
{
	struct dbk_access_entry entry;

	return dbk_access_row_get(body, &entry);
}

static enum dbk_err
check_value(const char *name, struct dbk_str key, struct dbk_str value,
	    bool is_row(struct dbk_str body), struct dbk_error *error)
{
	struct dbk_str body;
	uint64_t number;

	if (!dbk_checked_number(key, &number))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: a key of %" PRIu32 " bytes", name, key.size);
	if (!dbk_checked_open(number, value, &body) || !is_row(body))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: number %" PRIu64 " is not as it was written",
				     name, number);
	return DBK_OK;
}

static enum dbk_err
check_table(struct dbk_store *store, const char *name, bool is_row(struct dbk_str body),
	    uint64_t *values, struct dbk_error *error)
{
	struct dbk_str key, value;
	struct dbk_table table;
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_store_table(store, name, &table, error),
		     checked = DBK_OK;

	if (err != DBK_OK)
		return err;
	err = dbk_txn_begin_read(store, &txn, error);
	if (err != DBK_OK)
		return err;
	err = dbk_scan_open(txn, table, &scan);
	if (err == DBK_OK) {
		for (err = dbk_scan_first(scan, &key, &value); err == DBK_OK;
		     err = dbk_scan_next(scan, &key, &value)) {
			checked = check_value(name, key, value, is_row, error);
			if (checked != DBK_OK)
				break;
			(*values)++;
		}
		dbk_scan_close(scan);
	}
	dbk_txn_abort(txn);
	if (checked != DBK_OK)
		return checked;
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	return dbk_error_set(error, err, "%s: %s", name, dbk_err_text(err));
}

enum dbk_err
dbk_access_check(struct dbk_store *store, uint64_t *out_values, struct dbk_error *error)
{
	enum dbk_err err;

	*out_values = 0;
	err = check_table(store, "tokens", is_token, out_values, error);
	if (err == DBK_OK)
		err = check_table(store, "access", is_entry, out_values, error);
	return err;
}
