#ifndef DAYBOOKD_JOB_H
#define DAYBOOKD_JOB_H

/*
 * job.h -- what the loop gives to other threads, and what comes back.
 *
 * A job is made by the loop for one message of one call, worked on by exactly one other
 * thread, and comes back to the loop with its answer.  In between it belongs to whoever
 * has it in a queue or in hand; nothing in it points into another thread's memory.
 */

#include <stdbool.h>
#include <stdint.h>

#include "asker.h"
#include "base/buf.h"
#include "base/str.h"
#include "service/answer.h"
#include "service/feed.h"
#include "service/findings_feed.h"
#include "service/journal_feed.h"
#include "service/log_feed.h"

struct conn;

enum job_kind {
	JOB_APPEND,  /* to the writer */
	JOB_CLOSE,   /* to the writer: ClosePeriod */
	JOB_DIGEST,  /* to the writer: RecordDigest */
	JOB_READ,    /* to a reader */
	JOB_FEED,    /* to a reader: the next part of a subscription */
	JOB_JOURNAL, /* to a reader: the next chunk of a journal */
	JOB_FINDINGS, /* to a reader: the next step of a watch over findings */
	JOB_LOG,     /* to a reader: the next chunk of the log */
	JOB_REBUILD  /* to the rebuilder; comes back several times */
};

struct job {
	struct job *next;
	enum job_kind kind;

	/* Whose answer it is.  Loop only. */
	struct conn *conn;
	int32_t stream;
	bool unary;	     /* finish the call with the answer */
	bool urgent;	     /* somebody waits for this one: it goes first in a mailbox */
	size_t held_bytes;   /* to be given back to flow control */

	int64_t deadline_ns; /* of the monotonic clock; INT64_MAX: none */
	struct asker *asker; /* who asks, held; NULL: the daemon itself */
	struct dbk_buf request; /* the message as it came */

	struct dbk_buf reply;
	bool has_reply; /* the call goes on or ends well; else ANSWER says how it ends */
	struct dbk_service_answer answer; /* when there is no reply */

	char path[96]; /* which method */

	/* JOB_FEED, JOB_JOURNAL, JOB_FINDINGS, JOB_LOG. */
	struct dbk_feed *feed;
	struct dbk_journal_feed *journal;
	struct dbk_findings_feed *findings;
	struct dbk_log_feed *log;
	bool at_head, done;
};

struct job *job_make(enum job_kind kind);

/* NULL is nothing; feeds are not the job's. */
void job_free(struct job *job);

/* Who asks: NULL is the daemon itself, who may do everything. */
static inline const struct dbk_caller *
job_caller(const struct job *job)
{
	return job->asker == NULL ? NULL : &job->asker->caller;
}

/* Nanoseconds of the monotonic clock. */
int64_t job_clock_ns(void);

/* Microseconds since 1970. */
int64_t job_wall_clock_us(void);

/* Give memory that is free back to the system: a large transaction leaves as much behind
 * as it wrote.  For threads that nobody waits for. */
void job_trim(void);

/* A queue between threads: any number put, one or more take.  Bounded by bytes. */
struct mailbox;

struct mailbox *mailbox_make(size_t bytes_max);
void mailbox_free(struct mailbox *box);

/* False if the bound is reached or the box is closed; JOB stays the caller's then. */
bool mailbox_put(struct mailbox *box, struct job *job);

/* Everything in the box, what is urgent first, then oldest first; waits up to TIMEOUT_NS
 * for something (negative: for ever).  NULL on timeout, and when the box is closed and empty. */
struct job *mailbox_take_all(struct mailbox *box, int64_t timeout_ns);

/* The oldest one. */
struct job *mailbox_take(struct mailbox *box);

/* The oldest urgent one, NULL at once if there is none. */
struct job *mailbox_take_urgent(struct mailbox *box);

/* Wake whoever waits, without a job. */
void mailbox_nudge(struct mailbox *box);

/* No more jobs; what is in it can still be taken. */
void mailbox_close(struct mailbox *box);
bool mailbox_is_closed(struct mailbox *box);

#endif
