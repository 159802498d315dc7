#ifndef DBK_STORE_STORE_H
#define DBK_STORE_STORE_H

/*
 * store.h -- one LMDB environment: a directory that holds ordered tables of bytes.
 *
 * This folder is the only one that includes lmdb.h; no MDB_* value and no errno leaves
 * it.  Transactions are in txn.h, walks in key order in scan.h, the lock that keeps a
 * second writing process out in lock.h.
 *
 * Size.  LMDB must know the size of its map before any transaction lives and may change
 * it only while none does, which a daemon with readers never reaches.  So the address
 * space is reserved once, generously: the map of an unwritten page costs nothing, the
 * file grows only with what is written.  What the operator limits is max_bytes,
 * compared with the pages in use when a write transaction begins; raising it needs no
 * pause. Where the address space is not granted (ulimit -v, sanitizers), a quarter is
 * tried until it is; dbk_store_stats() tells what was had.
 *
 * Thread: a store may be used by all threads of one process.  One write transaction
 * lives at a time, begun and ended by the same thread; others wait in begin.  A process
 * opens a directory once (LMDB's rule), and not across fork().
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

struct dbk_store;

/* Where a test may let a write transaction fail. */
enum dbk_store_step {
	DBK_STORE_STEP_BEGIN,
	DBK_STORE_STEP_PUT, /* put, append and reserve */
	DBK_STORE_STEP_DELETE,
	DBK_STORE_STEP_COMMIT
};

/* For tests only: asked before every step; anything but DBK_OK makes the step fail. */
struct dbk_store_fault {
	enum dbk_err (*ask)(void *context, enum dbk_store_step step);
	void *context;
};

/* Zeroed members mean the default in brackets. */
struct dbk_store_options {
	const char *format; /* what the store holds: "log"; compared when opened */
	uint32_t
	    format_version;	/* of that; a newer one on disk is DBK_FAILED_VERSION */
	uint32_t format_oldest; /* so is one older than this [any is fine] */
	uint64_t max_bytes;	/* DBK_FAILED_MAP_FULL above it [what was reserved] */
	uint64_t reserve_bytes; /* address space to ask for [DBK_STORE_RESERVE_BYTES] */
	unsigned tables_max;	/* [DBK_STORE_TABLES_DEFAULT] */
	unsigned readers_max;	/* read transactions [DBK_STORE_READERS_DEFAULT] */
	bool read_only;		/* takes no lock: may stand beside a writing process */
	bool no_sync; /* commits survive a killed process, not a lost machine */
	struct dbk_store_fault fault;
};

struct dbk_store_stats {
	uint64_t used_bytes; /* up to the highest page ever used */
	uint64_t free_bytes; /* of these, given back and waiting for use */
	uint64_t file_bytes; /* size of the file; a failed commit can leave it longer */
	uint64_t max_bytes;  /* the limit in force */
	uint64_t reserved_bytes; /* of address space */
	uint64_t last_txn;	 /* number of the newest commit */
	uint64_t reader_lag; /* commits made since the oldest living read transaction
			      * began: its age, and the pages it pins; 0: none */
	unsigned readers;    /* read transactions alive, of all processes */
};

/* A table of the store; copied freely, valid as long as the store. */
struct dbk_table {
	unsigned handle;
};

/*
 * Open the store in DIR, which is made if it is missing (its parent is not), and clear
 * the reader slots of processes that died.  Unless read-only, DIR is locked against a
 * second opening.
 *
 * Fails with LOCKED (naming the process), VERSION, DAMAGED (no LMDB file, or shorter
 * than its own count of pages), NOT_FOUND (read-only and nothing there), DISK_FULL,
 * IO, MEMORY; STATE if the store holds another format.
 */
DBK_MUST_CHECK enum dbk_err dbk_store_open(const char *dir,
					   const struct dbk_store_options *options,
					   struct dbk_store **out_store,
					   struct dbk_error *error);

/* All transactions and scans have ended.  NULL is nothing. */
void dbk_store_close(struct dbk_store *store);

/*
 * The table NAME, made if it is missing (read-only: NOT_FOUND).  Runs a transaction of
 * its own, so the calling thread has no write transaction open; no other thread opens a
 * table meanwhile.
 */
DBK_MUST_CHECK enum dbk_err dbk_store_table(struct dbk_store *store, const char *name,
					    struct dbk_table *out_table,
					    struct dbk_error *error);

/* Bring everything committed to the disk; of use with no_sync only. */
DBK_MUST_CHECK enum dbk_err dbk_store_sync(struct dbk_store *store,
					   struct dbk_error *error);

/* Change the limit from the next write transaction on; 0 means all that is reserved. */
void dbk_store_set_max_bytes(struct dbk_store *store, uint64_t max_bytes);

/* Counting free pages reads the list of them: milliseconds when it is long. */
DBK_MUST_CHECK enum dbk_err dbk_store_stats(struct dbk_store *store,
					    struct dbk_store_stats *out_stats,
					    struct dbk_error *error);

/* The directory, as given to open; borrowed from STORE. */
const char *dbk_store_dir(const struct dbk_store *store);

/*
 * Delete the files of the store in DIR and DIR itself, if nothing else is in it.  The
 * store is closed in all processes.  LOCKED if it is not; a DIR that does not exist is
 * fine.
 */
DBK_MUST_CHECK enum dbk_err dbk_store_remove(const char *dir, struct dbk_error *error);

#endif
