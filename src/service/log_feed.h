#ifndef DBK_SERVICE_LOG_FEED_H
#define DBK_SERVICE_LOG_FEED_H

/*
 * log_feed.h -- ReadLog under way: the log as it lies, group by group, as LogChunk
 * messages, and the checkpoint over it at the end.
 *
 *   dbk_log_feed_open()
 *   dbk_service_read_log()   again and again (service.h); each chunk is sent
 *   dbk_log_feed_close()
 *
 * The first step settles up to which checkpoint the log is read: one that covers what
 * the log had when the feed was opened, or, if that is not there by the deadline of
 * that step, the newest one. A group larger than a chunk is sent in parts.
 *
 * Thread: belongs to one thread at a time; may go from one to another between calls.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "service/answer.h"

struct dbk_log_feed;
struct dbk_call;

/*
 * Make a feed from the bytes of a ReadLogRequest; *OUT_FEED is set on OK.  LOG_SIZE and
 * LOG_GROUPS are those of the log now.  INVALID_ARGUMENT (MALFORMED_REQUEST),
 * RESOURCE_EXHAUSTED (LIMIT, MEMORY).
 */
enum dbk_grpc_code dbk_log_feed_open(struct dbk_str request, uint64_t log_size,
				     uint64_t log_groups,
				     struct dbk_log_feed **out_feed,
				     struct dbk_service_answer *answer);

/* NULL is nothing. */
void dbk_log_feed_close(struct dbk_log_feed *feed);

/*
 * Append the next LogChunk to CALL's reply: groups of about BYTES_MAX, at least one or
 * a part of it.  *OUT_DONE: that was the last one, which has the checkpoint.  False:
 * CALL's answer says why: FAILED_PRECONDITION (LOG_DIFFERS: no group begins where the
 * asker says it does), UNAVAILABLE (NO_CHECKPOINT), DATA_LOSS, INTERNAL.  For
 * service.c.
 */
bool dbk_log_feed_next(struct dbk_call *call, struct dbk_log_feed *feed,
		       size_t bytes_max, bool *out_done);

#endif
