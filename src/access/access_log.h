#ifndef DBK_ACCESS_ACCESS_LOG_H
#define DBK_ACCESS_ACCESS_LOG_H

/*
 * access_log.h -- the access record: who read what of persons and payouts;
 * src/proof/TRUST.md section 9.
 *
 * An entry is made when a call begins, so that what was answered is there whatever
 * happens then, and gets its status when the call ends.
 *
 * Thread: any (it locks by itself).
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/caller.h"
#include "store/store.h"

struct dbk_access_log;

#define DBK_ACCESS_ABOUT_BYTES 256

struct dbk_access_entry {
	uint64_t number; /* set by the log, from 1 */
	int64_t at_us;
	char caller[DBK_ID_BYTES_MAX + 1];
	char token_id[DBK_TOKEN_ID_BYTES + 1];
	char peer[64];
	char method[48];
	char about[DBK_ACCESS_ABOUT_BYTES]; /* "agent=A17 page_token=..." */
	uint32_t status;		    /* the gRPC code; 0 while it goes on */
};

DBK_MUST_CHECK enum dbk_err dbk_access_log_open(struct dbk_store *store,
						struct dbk_access_log **out,
						struct dbk_error *error);
void dbk_access_log_close(struct dbk_access_log *log);

/* In memory.  Gives the entry's number; 0 if DBK_ACCESS_WAITING_MAX wait already, or
 * without memory, and then the call must not be answered. */
uint64_t dbk_access_log_add(struct dbk_access_log *log,
			    const struct dbk_access_entry *entry);

/* The call of entry NUMBER has ended with STATUS. */
void dbk_access_log_end(struct dbk_access_log *log, uint64_t number, uint32_t status);

/* What waits goes to the disk, in one transaction; after a failure it waits still. */
DBK_MUST_CHECK enum dbk_err dbk_access_log_flush(struct dbk_access_log *log,
						 struct dbk_error *error);

/* Forget entries on disk that are older than BEFORE_US, oldest first and at most
 * DBK_ACCESS_PRUNE_MAX of them; *OUT_N is how many.  The newest one stays, whose number
 * tells the next one's. */
DBK_MUST_CHECK enum dbk_err dbk_access_log_prune(struct dbk_access_log *log,
						 int64_t before_us, unsigned *out_n,
						 struct dbk_error *error);

/* Told of entries, newest first; false stops. */
typedef bool dbk_access_entry_fn(void *context, const struct dbk_access_entry *entry);

/* Entries on disk below number BEFORE (UINT64_MAX: all), newest first. */
DBK_MUST_CHECK enum dbk_err dbk_access_log_read(struct dbk_access_log *log,
						uint64_t before,
						dbk_access_entry_fn *told,
						void *context, struct dbk_error *error);

#endif
