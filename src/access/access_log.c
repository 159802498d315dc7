/*
 * access_log.c -- entries wait in memory as entries, and lie on disk as rows.
 *
 *	waiting   entries of the last moments, numbers from first_waiting on
 *	leaving   entries that a flush is writing, the numbers before; they stay here
 *		  when the disk refuses them, and go first the next time
 *	ended     statuses of entries that are leaving or have left
 */

#include "access/access_log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "access/access_row.h"
#include "access/checked.h"
#include "base/buf.h"
#include "store/scan.h"
#include "store/txn.h"

struct entries {
	struct dbk_access_entry *at;
	size_t n, room;
};

struct ended {
	uint64_t number;
	uint32_t status;
};

struct endings {
	struct ended *at;
	size_t n, room;
};

struct dbk_access_log {
	struct dbk_store *store;
	struct dbk_table table;
	pthread_mutex_t flushing; /* held while the disk works */
	pthread_mutex_t lock;	  /* of what follows, held for moments */
	struct entries waiting;
	struct entries leaving; /* changed by whoever holds FLUSHING, too */
	struct endings ended;
	uint64_t last_number;
};

static enum dbk_err
read_last_number(struct dbk_access_log *log, struct dbk_error *error)
{
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	struct dbk_str key;
	enum dbk_err err = dbk_txn_begin_read(log->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_scan_open(txn, log->table, &scan);
	if (err == DBK_OK) {
		err = dbk_scan_last(scan, &key, NULL);
		if (err == DBK_OK && !dbk_checked_number(key, &log->last_number))
			err = DBK_FAILED_DAMAGED;
		dbk_scan_close(scan);
	}
	dbk_txn_abort(txn);
	if (err == DBK_OK || err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	return dbk_error_set(error, err, "access record: %s", dbk_err_text(err));
}

enum dbk_err
dbk_access_log_open(struct dbk_store *store, struct dbk_access_log **out,
		    struct dbk_error *error)
{
	struct dbk_access_log *log = calloc(1, sizeof *log);
	enum dbk_err err;

	if (log == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "access record");
	log->store = store;
	(void)pthread_mutex_init(&log->flushing, NULL);
	(void)pthread_mutex_init(&log->lock, NULL);
	err = dbk_store_table(store, "access", &log->table, error);
	if (err == DBK_OK)
		err = read_last_number(log, error);
	if (err != DBK_OK) {
		dbk_access_log_close(log);
		return err;
	}
	*out = log;
	return DBK_OK;
}

void
dbk_access_log_close(struct dbk_access_log *log)
{
	if (log == NULL)
		return;
	free(log->waiting.at);
	free(log->leaving.at);
	free(log->ended.at);
	(void)pthread_mutex_destroy(&log->flushing);
	(void)pthread_mutex_destroy(&log->lock);
	free(log);
}

/* -------------------------------------------------------------------------- adding */

/* One more of SIZE fits into *LIST, which has N of *ROOM. */
static bool
one_fits(void **list, size_t n, size_t *room, size_t size)
{
	size_t more = *room == 0 ? 64 : 2 * *room;
	void *larger;

	if (n < *room)
		return true;
	larger = realloc(*list, more * size);
	if (larger == NULL)
		return false;
	*list = larger;
	*room = more;
	return true;
}

static bool
entry_fits(struct dbk_access_log *log)
{
	struct entries *waiting = &log->waiting;
	void *list = waiting->at;
	bool fits;

	if (waiting->n + log->leaving.n >= DBK_ACCESS_WAITING_MAX)
		return false;
	fits = one_fits(&list, waiting->n, &waiting->room, sizeof *waiting->at);
	waiting->at = list;
	return fits;
}

uint64_t
dbk_access_log_add(struct dbk_access_log *log, const struct dbk_access_entry *entry)
{
	uint64_t number = 0;

	(void)pthread_mutex_lock(&log->lock);
	if (entry_fits(log)) {
		number = ++log->last_number;
		log->waiting.at[log->waiting.n] = *entry;
		log->waiting.at[log->waiting.n].number = number;
		log->waiting.n++;
	}
	(void)pthread_mutex_unlock(&log->lock);
	return number;
}

/* A status that finds no memory stays 0: the entry itself is what counts. */
static void
end_later(struct dbk_access_log *log, uint64_t number, uint32_t status)
{
	struct endings *ended = &log->ended;
	void *list = ended->at;

	if (one_fits(&list, ended->n, &ended->room, sizeof *ended->at))
		((struct ended *)list)[ended->n++] = (struct ended){ number, status };
	ended->at = list;
}

void
dbk_access_log_end(struct dbk_access_log *log, uint64_t number, uint32_t status)
{
	uint64_t first;

	if (status == 0)
		return;
	(void)pthread_mutex_lock(&log->lock);
	first = log->last_number - log->waiting.n + 1;
	if (number >= first && number <= log->last_number)
		log->waiting.at[number - first].status = status;
	else
		end_later(log, number, status);
	(void)pthread_mutex_unlock(&log->lock);
}

/* ------------------------------------------------------------------------ flushing */

/* What waits joins what a flush could not write before. */
static bool
gather(struct dbk_access_log *log, struct endings *out_ended)
{
	struct entries *waiting = &log->waiting, *leaving = &log->leaving;
	bool gathered = true;

	(void)pthread_mutex_lock(&log->lock);
	if (leaving->n == 0) {
		struct entries empty = *leaving;

		*leaving = *waiting;
		*waiting = empty;
	} else if (waiting->n > 0) {
		size_t n = leaving->n + waiting->n;
		struct dbk_access_entry *at = realloc(leaving->at, n * sizeof *at);

		gathered = at != NULL;
		if (gathered) {
			memcpy(at + leaving->n, waiting->at, waiting->n * sizeof *at);
			*leaving = (struct entries){ at, n, n };
			waiting->n = 0;
		}
	}
	*out_ended = log->ended;
	log->ended = (struct endings){ NULL, 0, 0 };
	(void)pthread_mutex_unlock(&log->lock);
	return gathered;
}

static void
put_entry(struct dbk_access_log *log, struct dbk_txn *txn,
	  const struct dbk_access_entry *entry, struct dbk_buf *row)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];

	dbk_buf_reset(row);
	dbk_access_row_put(entry, row);
	dbk_checked_close(entry->number, row);
	dbk_checked_key(entry->number, key);
	if (!dbk_buf_failed(row))
		dbk_txn_put(txn, log->table, dbk_str_make(key, sizeof key),
			    dbk_str_make(row->bytes, row->size));
}

static bool
get_entry(uint64_t number, struct dbk_str value, struct dbk_access_entry *out)
{
	struct dbk_str body;

	if (!dbk_checked_open(number, value, &body) || !dbk_access_row_get(body, out))
		return false;
	out->number = number;
	return true;
}

static void
put_ended(struct dbk_access_log *log, struct dbk_txn *txn, const struct ended *ended,
	  struct dbk_buf *row)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];
	struct dbk_access_entry entry;
	struct dbk_str value;

	dbk_checked_key(ended->number, key);
	if (dbk_txn_get(txn, log->table, dbk_str_make(key, sizeof key), &value) !=
		DBK_OK ||
	    !get_entry(ended->number, value, &entry))
		return;
	entry.status = ended->status;
	put_entry(log, txn, &entry, row);
}

static enum dbk_err
write_all(struct dbk_access_log *log, const struct endings *ended,
	  struct dbk_error *error)
{
	uint64_t bytes = (uint64_t)log->leaving.n * sizeof(struct dbk_access_entry);
	struct dbk_buf row;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(log->store, bytes, &txn, error);

	if (err != DBK_OK)
		return err;
	dbk_buf_init(&row);
	for (size_t i = 0; i < log->leaving.n; i++)
		put_entry(log, txn, &log->leaving.at[i], &row);
	for (size_t i = 0; i < ended->n; i++)
		put_ended(log, txn, &ended->at[i], &row);
	if (dbk_buf_failed(&row)) {
		dbk_txn_abort(txn);
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "access record");
	} else {
		err = dbk_txn_commit(txn, error);
	}
	dbk_buf_fini(&row);
	return err;
}

/* After a failure the statuses wait again as well. */
static void
settle(struct dbk_access_log *log, struct endings *ended, bool written)
{
	(void)pthread_mutex_lock(&log->lock);
	if (written) {
		log->leaving.n = 0;
	} else {
		for (size_t i = 0; i < ended->n; i++)
			end_later(log, ended->at[i].number, ended->at[i].status);
	}
	(void)pthread_mutex_unlock(&log->lock);
	free(ended->at);
}

enum dbk_err
dbk_access_log_flush(struct dbk_access_log *log, struct dbk_error *error)
{
	struct endings ended = { NULL, 0, 0 };
	enum dbk_err err = DBK_OK;

	(void)pthread_mutex_lock(&log->flushing);
	if (!gather(log, &ended))
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "access record");
	else if (log->leaving.n > 0 || ended.n > 0)
		err = write_all(log, &ended, error);
	settle(log, &ended, err == DBK_OK);
	(void)pthread_mutex_unlock(&log->flushing);
	return err;
}

/* ------------------------------------------------------------------------- walking */

static enum dbk_err
damaged(struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "an entry of the access record is not as it was written");
}

typedef enum dbk_err walk_fn(struct dbk_scan *scan, void *context,
			     struct dbk_error *error);

/* Let WALKED see the entries as they stand now. */
static enum dbk_err
walk(struct dbk_access_log *log, walk_fn *walked, void *context,
     struct dbk_error *error)
{
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(log->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_scan_open(txn, log->table, &scan);
	if (err == DBK_OK) {
		err = walked(scan, context, error);
		dbk_scan_close(scan);
	} else {
		(void)dbk_error_set(error, err, "access record: %s", dbk_err_text(err));
	}
	dbk_txn_abort(txn);
	return err;
}

/* ------------------------------------------------------------------------- pruning */

struct old {
	int64_t before_us;
	uint64_t *numbers;
	unsigned *n;
};

/* The numbers of entries that are old; the newest entry is none of them. */
static enum dbk_err
list_old(struct dbk_scan *scan, void *context, struct dbk_error *error)
{
	const struct old *old = context;
	struct dbk_access_entry entry;
	uint64_t number, newest;
	struct dbk_str key, value;
	enum dbk_err err = dbk_scan_last(scan, &key, NULL);

	if (err == DBK_OK && !dbk_checked_number(key, &newest))
		return damaged(error);
	if (err == DBK_OK)
		err = dbk_scan_first(scan, &key, &value);
	for (; err == DBK_OK && *old->n < DBK_ACCESS_PRUNE_MAX;
	     err = dbk_scan_next(scan, &key, &value)) {
		if (!dbk_checked_number(key, &number) ||
		    !get_entry(number, value, &entry))
			return damaged(error);
		if (number == newest || entry.at_us >= old->before_us)
			return DBK_OK;
		old->numbers[(*old->n)++] = number;
	}
	if (err == DBK_OK || err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	return dbk_error_set(error, err, "access record: %s", dbk_err_text(err));
}

static enum dbk_err
delete_all(struct dbk_access_log *log, const uint64_t *numbers, unsigned n,
	   struct dbk_error *error)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(log->store, 0, &txn, error);

	if (err != DBK_OK)
		return err;
	for (unsigned i = 0; i < n; i++) {
		dbk_checked_key(numbers[i], key);
		dbk_txn_delete(txn, log->table, dbk_str_make(key, sizeof key));
	}
	return dbk_txn_commit(txn, error);
}

enum dbk_err
dbk_access_log_prune(struct dbk_access_log *log, int64_t before_us, unsigned *out_n,
		     struct dbk_error *error)
{
	uint64_t numbers[DBK_ACCESS_PRUNE_MAX];
	struct old old = { before_us, numbers, out_n };
	enum dbk_err err;

	*out_n = 0;
	(void)pthread_mutex_lock(&log->flushing);
	err = walk(log, list_old, &old, error);
	if (err == DBK_OK && *out_n > 0)
		err = delete_all(log, numbers, *out_n, error);
	(void)pthread_mutex_unlock(&log->flushing);
	return err;
}

/* ------------------------------------------------------------------------- reading */

struct reading {
	uint64_t before;
	dbk_access_entry_fn *told;
	void *context;
};

static enum dbk_err
read_down(struct dbk_scan *scan, void *context, struct dbk_error *error)
{
	const struct reading *reading = context;
	unsigned char below[DBK_CHECKED_KEY_BYTES];
	struct dbk_access_entry entry;
	struct dbk_str key, value;
	uint64_t number;
	enum dbk_err err;

	dbk_checked_key(reading->before, below);
	for (err = dbk_scan_seek_below(scan, dbk_str_make(below, sizeof below), &key,
				       &value);
	     err == DBK_OK; err = dbk_scan_prev(scan, &key, &value)) {
		if (!dbk_checked_number(key, &number) ||
		    !get_entry(number, value, &entry))
			return damaged(error);
		if (!reading->told(reading->context, &entry))
			return DBK_OK;
	}
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	return dbk_error_set(error, err, "access record: %s", dbk_err_text(err));
}

enum dbk_err
dbk_access_log_read(struct dbk_access_log *log, uint64_t before,
		    dbk_access_entry_fn *told, void *context, struct dbk_error *error)
{
	struct reading reading = { before, told, context };

	return walk(log, read_down, &reading, error);
}
