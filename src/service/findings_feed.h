#ifndef DBK_SERVICE_FINDINGS_FEED_H
#define DBK_SERVICE_FINDINGS_FEED_H

/*
 * findings_feed.h -- WatchFindings under way: findings that change, as FindingsChunk
 * messages.
 *
 *   dbk_findings_feed_open()
 *   dbk_service_watch_findings()   again and again (service.h); each chunk is sent.
 *                                  AT_HEAD: wait until the log grows, with
 *                                  dbk_findings_feed_heartbeat() meanwhile.  DONE: end
 *                                  the call with OK
 *   dbk_findings_feed_close()
 *
 * A finding changes by every record that raises it, adds to it, acknowledges or
 * resolves it.  The feed goes through the findings in passes: a pass tells those whose
 * last change is not told yet, as they stand when it comes to them, by steps of at most
 * DBK_SERVICE_ASK_ROWS_MAX rows; when it is through, everything before the size at its
 * beginning has been told.  What is resolved never changes again, so a pass begins
 * behind the findings that were resolved and told before.
 *
 * A finding that changes during a pass of several steps may be told twice; none is
 * missed.
 *
 * A feed keeps five numbers and no row.
 *
 * Thread: belongs to one thread at a time; may go from one to another between calls.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "service/answer.h"

struct dbk_findings_feed;
struct dbk_call;

/*
 * Make a feed from the bytes of a WatchFindingsRequest; *OUT_FEED is set on OK.
 * INVALID_ARGUMENT (MALFORMED_REQUEST), OUT_OF_RANGE (POSITION: the log, which has
 * LOG_SIZE records, has fewer), RESOURCE_EXHAUSTED (LIMIT, MEMORY).
 */
enum dbk_grpc_code dbk_findings_feed_open(struct dbk_str request, uint64_t log_size,
					  struct dbk_findings_feed **out_feed,
					  struct dbk_service_answer *answer);

/* NULL is nothing. */
void dbk_findings_feed_close(struct dbk_findings_feed *feed);

/* Everything before this position has been told. */
uint64_t dbk_findings_feed_position(const struct dbk_findings_feed *feed);

/*
 * Take one step.  Appends a FindingsChunk to CALL's reply if there is something to
 *tell: findings, or for the first time that there are none.
 *
 *	*OUT_AT_HEAD   a pass is through: the next step begins another one
 *	*OUT_DONE      the head that was asked for is reached: this was the last one
 *
 * False: CALL's answer says why, and the feed is as it was.  For service.c.
 */
bool dbk_findings_feed_next(struct dbk_call *call, struct dbk_findings_feed *feed,
			    bool *out_at_head, bool *out_done);

/* Append a FindingsChunk without findings: where to resume. */
void dbk_findings_feed_heartbeat(const struct dbk_findings_feed *feed,
				 struct dbk_buf *reply);

#endif
