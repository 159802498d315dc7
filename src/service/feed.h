#ifndef DBK_SERVICE_FEED_H
#define DBK_SERVICE_FEED_H

/*
 * feed.h -- a subscription: records from a position on, filtered, as SubscribeReply
 * messages.
 *
 *   dbk_feed_open()
 *   dbk_feed_next()    again and again; each reply is sent.  AT_HEAD: wait until the
 *                      log grows, with dbk_feed_heartbeat() meanwhile.  DONE: end the
 *                      call with OK
 *   dbk_feed_close()
 *
 * Filters.  Types are numbers of Event.body; a multiple of 100 stands for its family.
 * Source is the producer.  Agent and order select the records whose event names them:
 * any id of an agent in it (holders, sponsors, referrers, and the buyer of a SELF or
 * RESTOCK order), or its order.  RefundRejected and RefundPaid name the refund alone,
 * so the filter of an order does not give them; GetOrder does.  All filters must hold.
 *
 * The event's bytes go into the reply as they lie in the log.
 *
 * Thread: belongs to one thread at a time; may go from one to another between calls.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "log/log_reader.h"
#include "service/answer.h"

struct dbk_feed;

/*
 * Open REQUEST, a SubscribeRequest, against a log of LOG_SIZE records; *OUT_FEED is set
 * on OK.  INVALID_ARGUMENT (MALFORMED_REQUEST, TYPES, AGENT, ORDER, SOURCE),
 * OUT_OF_RANGE (POSITION: from_position is behind the log's end, so the subscriber
 * knows another log than this one), RESOURCE_EXHAUSTED (LIMIT, MEMORY).
 */
enum dbk_grpc_code dbk_feed_open(struct dbk_str request, uint64_t log_size,
				 struct dbk_feed **out_feed,
				 struct dbk_service_answer *answer);

/* NULL is nothing. */
void dbk_feed_close(struct dbk_feed *feed);

/* The position that is looked at next. */
uint64_t dbk_feed_position(const struct dbk_feed *feed);

/*
 * Append one SubscribeReply to REPLY: records that pass, up to BYTES_MAX (the last one,
 * which may be the only one, may reach above it), and next_position.
 *
 * At most DBK_FEED_RECORDS_MAX records are looked at, so a reply may hold none and only
 * tell how far it got; with nothing to tell (the head already) nothing is appended,
 * except that a feed which is done at once says so in one reply.
 *
 *	*OUT_AT_HEAD   all LOG_SIZE records have been considered
 *	*OUT_DONE      the limit or the head asked for is reached: this was the last one
 *
 * READER is of the log that the feed was opened against and is free for other use
 * between calls; it rests afterwards.  LOG_SIZE is dbk_log_size() of now; the replies
 * carry it.  Fails with MEMORY, IO, DAMAGED, STATE; REPLY is then as before.
 */
DBK_MUST_CHECK enum dbk_err dbk_feed_next(struct dbk_feed *feed,
					  struct dbk_log_reader *reader,
					  uint64_t log_size, size_t bytes_max,
					  struct dbk_buf *reply, bool *out_at_head,
					  bool *out_done, struct dbk_error *error);

/* Append a SubscribeReply without events: LOG_SIZE and where to resume. */
void dbk_feed_heartbeat(const struct dbk_feed *feed, uint64_t log_size,
			struct dbk_buf *reply);

#endif
