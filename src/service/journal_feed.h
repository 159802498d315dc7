#ifndef DBK_SERVICE_JOURNAL_FEED_H
#define DBK_SERVICE_JOURNAL_FEED_H

/*
 * journal_feed.h -- ReadJournal under way: all postings in the order of the log, as
 * JournalChunk messages.
 *
 *   dbk_journal_feed_open()
 *   dbk_service_read_journal()   again and again (service.h); each chunk is sent
 *   dbk_journal_feed_close()
 *
 * The view has the postings and the names of accounts; orders and payouts are named by
 * the books, one question a chunk.
 *
 * Thread: belongs to one thread at a time; may go from one to another between calls.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "service/answer.h"

struct dbk_journal_feed;
struct dbk_call;

/*
 * Make a feed from the bytes of a ReadJournalRequest; *OUT_FEED is set on OK.
 * INVALID_ARGUMENT (MALFORMED_REQUEST), OUT_OF_RANGE (POSITION: the log, which has
 * LOG_SIZE records, has fewer), RESOURCE_EXHAUSTED (LIMIT, MEMORY).
 */
enum dbk_grpc_code dbk_journal_feed_open(struct dbk_str request, uint64_t log_size,
					 struct dbk_journal_feed **out_feed,
					 struct dbk_service_answer *answer);

/* NULL is nothing. */
void dbk_journal_feed_close(struct dbk_journal_feed *feed);

/*
 * Append the next JournalChunk to CALL's reply: postings of about BYTES_MAX, the first
 * event of it whatever it has.  *OUT_DONE: that was the last one.  False: CALL's answer
 * says why.  For service.c.
 */
bool dbk_journal_feed_next(struct dbk_call *call, struct dbk_journal_feed *feed,
			   size_t bytes_max, bool *out_done);

#endif
