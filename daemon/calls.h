#ifndef DAYBOOKD_CALLS_H
#define DAYBOOKD_CALLS_H

/*
 * calls.h -- what a call is about: the handlers of every HTTP/2 session, and the answers
 * that come back for its calls.
 *
 *	Append, AppendStream   messages to the writer, replies in their order
 *	ClosePeriod	       to the writer as well
 *	Subscribe, ReadJournal, WatchFindings
 *			       parts of the feed by the readers, one at a time
 *	RebuildView	       a thread of its own, progress as it goes
 *	other questions	       to the readers
 *	health, reflection     answered here
 *
 * Thread: loop.
 */

#include "conn.h"
#include "rpc/h2server.h"

/* The context of a session is its struct conn. */
extern const struct dbk_h2server_handlers calls_handlers;

/* JOB has come back; it is used up. */
void calls_answer(struct server *server, struct job *job);

/* The log has grown: subscriptions that wait at its head go on. */
void calls_grown(struct conn *conn);

/* About a second has passed: deadlines, heartbeats, floods. */
void calls_tick(struct conn *conn, bool heartbeat);

/* The daemon stops: calls that would never end by themselves end now. */
void calls_end_streams(struct conn *conn);

/* The health of the server has changed. */
void calls_health(struct conn *conn);

#endif
