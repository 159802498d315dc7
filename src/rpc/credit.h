#ifndef DBK_RPC_CREDIT_H
#define DBK_RPC_CREDIT_H

/*
 * credit.h -- how much of the receive windows of HTTP/2 may be given back.
 *
 * Received bytes are *taken* from the window of their stream and of the session.  The
 * application *holds* a message from the moment it is handed over until it says that it
 * has consumed it.  The rule, the same at both levels:
 *
 *	while something is held   what belongs to held messages and to the unfinished
 *	                          one stays taken
 *	when nothing is held      everything is given back
 *
 * So a slow application slows its peer down; yet a message larger than the window can
 * be received, and unfinished messages of many streams cannot lock each other out of
 * the session's window, since then nobody holds anything.
 *
 * Pure arithmetic; what is due is handed to nghttp2 by h2core.c.
 */

#include <stdbool.h>
#include <stddef.h>

/* One call.  Zeroed at its start. */
struct dbk_credit {
	size_t held;	      /* bytes of messages that the application has */
	size_t partial;	      /* bytes of the unfinished message; set by owner */
	size_t stream_taken;  /* not given back, of the stream's window */
	size_t session_taken; /* not given back, of the session's window */
};

/* All calls of a session, and the messages that outlived their calls. */
struct dbk_credit_session {
	size_t held;
	size_t taken; /* sum of session_taken over calls */
	size_t orphan_held;
	size_t orphan_taken;
};

/* Bytes to give back now. */
struct dbk_credit_due {
	size_t stream;
	size_t session;
};

/* SIZE bytes came in on the call. */
void dbk_credit_receive(struct dbk_credit_session *session, struct dbk_credit *call,
			size_t size);

/* A message of SIZE bytes goes to the application. */
void dbk_credit_hold(struct dbk_credit_session *session, struct dbk_credit *call,
		     size_t size);

/* The application let go of SIZE bytes; at most what it holds of this call (asserted).
 */
void dbk_credit_release(struct dbk_credit_session *session, struct dbk_credit *call,
			size_t size);

/* What is due for this call by the rule; it counts as given back. */
struct dbk_credit_due dbk_credit_settle(struct dbk_credit_session *session,
					struct dbk_credit *call);

/* Nothing is held, and calls have bytes to settle. */
bool dbk_credit_must_settle_all(const struct dbk_credit_session *session);

/* The call is over: what it holds becomes an orphan.  Returns what the session is due.
 */
size_t dbk_credit_close(struct dbk_credit_session *session, struct dbk_credit *call);

/* dbk_credit_release() for a call that is over.  Returns what the session is due. */
size_t dbk_credit_release_orphan(struct dbk_credit_session *session, size_t size);

#endif
