#ifndef DAYBOOKD_CALL_H
#define DAYBOOKD_CALL_H

/*
 * call.h -- the state of one call, beside what the session keeps of it.
 *
 * Thread: loop.
 */

#include "conn.h"
#include "rpc/h2server.h"
#include "rpc/health.h"
#include "service/feed.h"

enum call_kind {
	CALL_APPEND,
	CALL_APPEND_STREAM,
	CALL_CLOSE,
	CALL_READ,
	CALL_SUBSCRIBE,
	CALL_JOURNAL,
	CALL_FINDINGS,
	CALL_DIGEST,
	CALL_LOG,
	CALL_REBUILD,
	CALL_HEALTH_CHECK,
	CALL_HEALTH_WATCH,
	CALL_REFLECTION
};

struct rebuild_task;

struct call {
	struct call *next, *previous; /* of its connection */
	struct conn *conn;
	struct dbk_h2server_call *h2;
	enum call_kind kind;
	char path[96];
	struct asker *asker; /* held; NULL: nobody has to say who asks */
	uint64_t entry;	     /* of the access record, 0: none */
	int64_t deadline_ns;
	bool asked;	  /* its one message has come */
	bool half_closed;
	unsigned in_flight; /* jobs out for it */

	/* CALL_SUBSCRIBE, CALL_JOURNAL, CALL_FINDINGS, CALL_LOG; the feed is a reader's
	 * while FEEDING. */
	struct dbk_feed *feed;
	struct dbk_journal_feed *journal;
	struct dbk_findings_feed *findings;
	struct dbk_log_feed *log;
	bool feeding, at_head;
	int64_t looked_ns; /* CALL_FINDINGS: when the last pass began */
	bool grown;	   /* CALL_FINDINGS: the log has grown since */

	struct dbk_health_watch watch;	/* CALL_HEALTH_WATCH */
	struct rebuild_task *rebuild;	/* CALL_REBUILD */
};

/* End CALL with a code, a stable reason and a sentence. */
void call_fail(struct call *call, enum dbk_grpc_code code, const char *reason,
	       const char *text);

/* Make a job of a message for CALL; NULL after ending the call for want of memory. */
struct job *call_job(struct call *call, enum job_kind kind, const void *bytes,
		     size_t size);

/* Put JOB to a queue by PUT; "busy" ends the call. */
void call_put(struct call *call, struct job *job, bool taken, const char *whose);

/* Is the feed of CALL away, or its queue full?  Then no more is asked for. */
bool call_is_busy(const struct call *call);

/* JOB brings the feed back, and what is to be sent of it.  False: the call has ended;
 * OVERFULL says so of a client that does not read. */
bool call_take_part(struct call *call, struct job *job, const char *overfull);

/* A job for CALL is in another thread's hands from now on. */
void call_job_out(struct call *call);

/* ---- subscription.c */
void subscription_start(struct call *call, const void *bytes, size_t size);
void subscription_answer(struct call *call, struct job *job);
void subscription_go_on(struct call *call);
void subscription_heartbeat(struct call *call);

/* ---- journal_call.c */
void journal_call_start(struct call *call, const void *bytes, size_t size);
void journal_call_answer(struct call *call, struct job *job);
void journal_call_go_on(struct call *call);

/* ---- log_call.c */
void log_call_start(struct call *call, const void *bytes, size_t size);
void log_call_answer(struct call *call, struct job *job);
void log_call_go_on(struct call *call);

/* ---- findings_call.c */
void findings_call_start(struct call *call, const void *bytes, size_t size);
void findings_call_answer(struct call *call, struct job *job);
void findings_call_go_on(struct call *call);
void findings_call_grown(struct call *call);
void findings_call_tick(struct call *call, bool heartbeat);

/* ---- rebuild_call.c */
void rebuild_call_start(struct call *call, const void *bytes, size_t size);
void rebuild_call_cancel(struct call *call);

#endif
