#ifndef DBK_LEDGER_LEDGER_H
#define DBK_LEDGER_LEDGER_H

/*
 * ledger.h -- the log and the books together: what one writer does to them.
 *
 * A group is decided batch by batch, appended to the log in one commit, and only then
 * answered.  If the commit fails, books and log are as before the group.
 *
 *	dbk_ledger_begin()             a group, recorded now
 *	dbk_ledger_admit()*            decide a batch; its stored reply is in the group
 *	dbk_ledger_commit()            on disk, or undone
 *	dbk_ledger_effects()           what the views must learn
 *
 * Thread: one, the writer.  dbk_ledger_log() may be read by others as log.h says.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "books/books.h"
#include "books/effects.h"
#include "log/log.h"

struct dbk_ledger;

/* Told while the tail of the log is replayed: the effects of one group, in order. */
typedef enum dbk_err dbk_ledger_replayed_fn(void *context,
					    const struct dbk_effects *effects,
					    struct dbk_error *error);

struct dbk_ledger_options {
	const char *dir; /* the data directory; log/ and books/ lie in it */
	struct dbk_log_options log;
	/* The secret of new books' tables; the daemon takes it from the kernel. */
	unsigned char key[DBK_HASH_KEY_BYTES];
	/* Views hold this many records: saved books that are ahead of them are not
	 * used, because the records between would never reach the views. */
	uint64_t views_size;
	dbk_ledger_replayed_fn *replayed; /* may be NULL */
	void *replayed_context;
	dbk_log_progress *progress; /* may be NULL */
	void *progress_context;
};

/* How it was opened, for the start-up line. */
struct dbk_ledger_start {
	uint64_t loaded_size;	/* records in the saved books that were used */
	uint64_t replayed_size; /* records replayed behind them */
	/* Why saved books that were there could not be used, for the operator; the code
	 * is DBK_OK if there is nothing to say. */
	struct dbk_error not_loaded;
};

/*
 * Open the log, load the newest saved books that can be used, replay the rest and check
 * every outcome against the record.  DAMAGED names the first record that does not come
 * out as it was written, or the group of the log that is not whole.  Saved books that
 * are damaged, or of another build, stop nothing: all is replayed then.
 */
DBK_MUST_CHECK enum dbk_err dbk_ledger_open(const struct dbk_ledger_options *options,
					    struct dbk_ledger **out,
					    struct dbk_ledger_start *out_start,
					    struct dbk_error *error);
void dbk_ledger_close(struct dbk_ledger *ledger);

struct dbk_log *dbk_ledger_log(struct dbk_ledger *ledger);
struct dbk_books *dbk_ledger_books(struct dbk_ledger *ledger);

/* A batch as it came in; everything is borrowed until the group is committed. */
struct dbk_ledger_batch {
	struct dbk_str source;
	uint64_t batch_seq;    /* 0: not numbered */
	struct dbk_str events; /* an EventBatch */
	bool atomic;
	bool dry_run;
	bool administers;	  /* may send events that govern: the caller is an admin */
	struct dbk_str signature; /* empty: none; src/proof/TRUST.md section 4 */
};

enum dbk_admission {
	DBK_ADMITTED,	     /* decided; wait for the commit */
	DBK_ADMITTED_DRY,    /* decided and undone; answer at once */
	DBK_ADMITTED_REPEAT, /* was here before, perhaps in this group; the first reply
			      */
	DBK_NOT_A_BATCH,     /* not an EventBatch, or empty */
	DBK_BATCH_TOO_LARGE, /* more than DBK_BATCH_EVENTS_MAX events */
	DBK_BATCH_GAP,	     /* batch_seq is not the next; expected tells which is */
	DBK_BATCH_CONFLICT,  /* its number was used by a batch with other events */
	DBK_BATCH_FORGOTTEN, /* a repeat older than DBK_SOURCE_REPLIES_KEPT */
	DBK_SOURCE_BAD,	     /* the source's name is no id */
	DBK_SOURCES_FULL,    /* DBK_SOURCES_MAX */
	/* Of sources with a key, or of batches with a signature. */
	DBK_SOURCE_REVOKED,	 /* its key is, and no other was registered since */
	DBK_SOURCE_UNREGISTERED, /* a signature, and no key to verify it with */
	DBK_SIGNATURE_MISSING,
	DBK_SIGNATURE_BAD,
	DBK_SIGNED_UNNUMBERED, /* batch_seq is 0 */
	DBK_ADMISSION_FAILED /* the environment failed: see the error */
};

/* Start a group at RECORDED_AT_US, made not to fall behind the last one's. */
void dbk_ledger_begin(struct dbk_ledger *ledger, int64_t recorded_at_us);

/*
 * Decide BATCH.  For the first three answers REPLY gets the serialized AppendReply; for
 * DBK_BATCH_GAP *OUT_EXPECTED is set.  A batch that is not admitted leaves no trace.
 */
enum dbk_admission dbk_ledger_admit(struct dbk_ledger *ledger,
				    const struct dbk_ledger_batch *batch,
				    struct dbk_buf *reply, uint64_t *out_expected,
				    struct dbk_error *error);

/* Events of the batch admitted last that the log will not remember. */
void dbk_ledger_last_counts(const struct dbk_ledger *ledger, uint32_t *out_duplicates,
			    uint32_t *out_invalid);

/* True if the group has reached the size at which it should be committed. */
bool dbk_ledger_is_full(const struct dbk_ledger *ledger);

/* True if there is nothing in the group to commit. */
bool dbk_ledger_is_empty(const struct dbk_ledger *ledger);

/* Make the group durable.  On failure everything since begin is undone; the log's
 * errors, see log.h. */
DBK_MUST_CHECK enum dbk_err dbk_ledger_commit(struct dbk_ledger *ledger,
					      struct dbk_error *error);

/* The effects of the committed group; *SLOT and the ledger's own change places, so that
 * the caller gives an empty one and takes a full one away. */
void dbk_ledger_swap_effects(struct dbk_ledger *ledger, struct dbk_effects *slot);

#endif
