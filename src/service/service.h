#ifndef DBK_SERVICE_SERVICE_H
#define DBK_SERVICE_SERVICE_H

/*
 * service.h -- the questions of service Daybook (proto/daybook/v1/service.proto), as
 * request bytes to reply bytes.
 *
 * Served here: every unary one that reads.  Append, AppendStream, ClosePeriod and
 * RecordDigest are the writer's, Subscribe is feed.h, ReadJournal journal_feed.h, ReadLog
 * log_feed.h, WatchFindings findings_feed.h, RebuildView the daemon's.
 *
 * Unknown fields of a request are ignored: unlike events, questions may grow.
 *
 * How a call may end, with its reasons:
 *
 *   INVALID_ARGUMENT     MALFORMED_REQUEST, FIELD_MISSING, CODE, DAYS, KIND,
 *                        PAGE_SIZE, PAGE_TOKEN, PERIOD, PLACE, RULE, STATE,
 *                        SUBJECT, SUBJECT_KIND, TIME, LIMIT, BOX, REASON
 *   NOT_FOUND            ACCOUNT_UNKNOWN, AGENT_UNKNOWN, BATCH_UNKNOWN,
 *                        CONTEST_UNKNOWN, GUARD_SET_UNKNOWN, HOLDER_UNKNOWN,
 *                        LOT_UNKNOWN, ORDER_UNKNOWN, PAYOUT_UNKNOWN, PLAN_UNKNOWN,
 *                        SKU_UNKNOWN, SUBJECT_UNKNOWN
 *   DEADLINE_EXCEEDED    VIEW_BEHIND (at_least_size, as_of.size),
 *                        CHECKPOINT_BEHIND
 *   FAILED_PRECONDITION  VIEW_BEHIND (the page token is of more records),
 *                        SUBJECT_ERASED
 *   OUT_OF_RANGE         AS_OF, POSITION, SIZE (more records than there are)
 *   ABORTED              NETWORK_CHANGED (while recruits were listed: ask again)
 *   UNAVAILABLE          VIEW_REBUILDING, STOPPING, NO_CHECKPOINT
 *   RESOURCE_EXHAUSTED   LIMIT, MEMORY
 *   DATA_LOSS            DAMAGED
 *   INTERNAL             IO
 *   UNIMPLEMENTED        METHOD
 *
 * The fields of the answer name the field of the request and its value.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/access_log.h"
#include "access/caller.h"
#include "access/subjects.h"
#include "access/tokens.h"
#include "base/buf.h"
#include "base/str.h"
#include "books/books.h"
#include "log/log.h"
#include "log/log_reader.h"
#include "proof/hashes.h"
#include "proof/notary.h"
#include "rpc/grpc_status.h"
#include "service/answer.h"
#include "service/findings_feed.h"
#include "service/journal_feed.h"
#include "service/log_feed.h"
#include "views/view.h"

#define DBK_SERVICE_VIEWS_MAX 4
#define DBK_SERVICE_REASON_BYTES 256

/* What only the daemon knows of GetStatus. */
struct dbk_service_view_status {
	const char *view; /* static */
	uint64_t size;
	bool rebuilding;
	uint64_t rebuilt_size; /* of the view under way */
};

struct dbk_service_status {
	struct dbk_service_view_status views[DBK_SERVICE_VIEWS_MAX];
	uint32_t n_views;
	uint64_t log_bytes, views_bytes, books_bytes; /* on disk */
	uint64_t saved_books_size; /* records in the newest saved books */
	bool read_only;
	char read_only_reason[DBK_SERVICE_REASON_BYTES];
	const char *version;	      /* static */
	uint64_t duplicates, invalid; /* events since this start */
	uint64_t checkpoint_size;     /* of the newest published one */
	int64_t checkpoint_at_us;     /* 0: there is none */
	char checkpoint_trouble[DBK_SERVICE_REASON_BYTES]; /* empty: none */
};

/*
 * What the service asks of the daemon.  Every function may be called by any number of
 * reader threads at once.
 */
struct dbk_service_port {
	void *context;

	/*
	 * Run QUESTION on the thread that owns the books, between groups, so that it
	 * sees committed state only, and wait for it.  A question is short: at most
	 * DBK_SERVICE_ASK_ROWS_MAX rows, except for the digest.  False: the daemon is
	 * stopping and QUESTION has not run.
	 */
	bool (*ask_books)(void *context,
			  void (*question)(const struct dbk_books *books, void *answer),
			  void *answer);

	/* The view that answers now, held until released: a rebuild may swap it
	 * meanwhile.  NULL: there is none yet. */
	struct dbk_view *(*hold_view)(void *context);
	void (*release_view)(void *context, struct dbk_view *view);

	/* Wait until the view holds SIZE records; false when DEADLINE_NS of the port's
	 * monotonic clock passes first, or the daemon stops.  DEADLINE_NS is what
	 * dbk_service_call() was given. */
	bool (*wait_for_size)(void *context, uint64_t size, int64_t deadline_ns);

	/* Microseconds since 1970 by the clock on the wall. */
	int64_t (*now_us)(void *context);

	/* Set the members of *OUT, which comes zeroed. */
	void (*fill_status)(void *context, struct dbk_service_status *out);

	/* The newest published checkpoint; NOTE, which may be NULL, is reset and gets
	 * the signed note.  False if there is none. */
	bool (*published)(void *context, struct dbk_published *out,
			  struct dbk_buf *note);

	/* Wait until a checkpoint of at least SIZE records is published; false when
	 * DEADLINE_NS passes first, or the daemon stops. */
	bool (*wait_published)(void *context, uint64_t size, int64_t deadline_ns);

	/* The tree, for proofs up to the published size. */
	struct dbk_hashes *(*hashes)(void *context);

	/* As signed notes write it; NULL: nothing is signed here, and the three
	 * functions above are not called. */
	const char *verifier_key;

	/* Whoever serves without persons or tokens leaves these NULL: their methods are
	 * UNIMPLEMENTED then. */
	struct dbk_tokens *tokens;
	struct dbk_access_log *access_log;
	struct dbk_subjects *subjects;

	struct dbk_log *log;
};

/* One per reader thread: memory of a request and a reader of the log. */
struct dbk_service;

/* PORT is borrowed and outlives the service.  LIMIT when all slots for readers of the
 * log are taken; MEMORY, IO, STATE. */
DBK_MUST_CHECK enum dbk_err dbk_service_open(const struct dbk_service_port *port,
					     struct dbk_service **out_service,
					     struct dbk_error *error);

/* NULL is nothing. */
void dbk_service_close(struct dbk_service *service);

/* The reader of the log that SERVICE uses, for a feed on the same thread; it rests
 * between calls. */
struct dbk_log_reader *dbk_service_log_reader(struct dbk_service *service);

/* True for "/daybook.v1.Daybook/GetStatus" and the other methods named above. */
bool dbk_service_serves(struct dbk_str method_path);

/*
 * Answer REQUEST.  OK: the reply is appended to REPLY.  Else REPLY is as it was, and
 * ANSWER has the words; it need not be cleared before.  Gives ANSWER's code.
 *
 * CALLER is who asks, and may ask this: whoever calls has seen to that.  NULL: somebody
 * with role admin.
 *
 * May wait: for the books' thread, and until DEADLINE_NS for the view.
 * Thread: one at a time.
 */
enum dbk_grpc_code dbk_service_call(struct dbk_service *service,
				    const struct dbk_caller *caller,
				    struct dbk_str method_path, struct dbk_str request,
				    int64_t deadline_ns, struct dbk_buf *reply,
				    struct dbk_service_answer *answer);

/*
 * Append the next JournalChunk of FEED to REPLY, of about BYTES_MAX; *OUT_DONE: it was
 * the last.  Otherwise as dbk_service_call().
 */
enum dbk_grpc_code dbk_service_read_journal(struct dbk_service *service,
					    struct dbk_journal_feed *feed,
					    int64_t deadline_ns, size_t bytes_max,
					    struct dbk_buf *reply, bool *out_done,
					    struct dbk_service_answer *answer);

/* Append the next LogChunk of FEED to REPLY, of about BYTES_MAX; *OUT_DONE: it was the
 * last.  Otherwise as dbk_service_call(). */
enum dbk_grpc_code dbk_service_read_log(struct dbk_service *service,
					struct dbk_log_feed *feed, int64_t deadline_ns,
					size_t bytes_max, struct dbk_buf *reply,
					bool *out_done,
					struct dbk_service_answer *answer);

/* Let FEED take a step: dbk_findings_feed_next().  Otherwise as dbk_service_call(). */
enum dbk_grpc_code dbk_service_watch_findings(struct dbk_service *service,
					      struct dbk_findings_feed *feed,
					      struct dbk_buf *reply, bool *out_at_head,
					      bool *out_done,
					      struct dbk_service_answer *answer);

#endif
