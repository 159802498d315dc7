#ifndef DAYBOOK_TESTS_SMALL_BOOK_H
#define DAYBOOK_TESTS_SMALL_BOOK_H

/*
 * small_book.h -- a ledger with twenty agents and four skus, the events that may be
 * sent to it, and what a test says about an answer.
 */

#include <stdint.h>

#include "daybook/v1/service.pb-c.h"

#include "base/buf.h"
#include "event/event.h"

#include "bookkeeper.h"
#include "sales.h"

#define SMALL_BOOK_OPENING 45u /* 1 book, 4 skus, 20 agents, 20 stocks */

/* OTHER tells of the same sales with other buyers, STRANGE of agents who are not there,
 * FUTURE of tomorrow. */
struct small_book {
	struct sales sales, other, strange, future;
	struct bookkeeper keeper;
	struct dbk_buf events;
};

typedef Daybook__V1__AppendReply append_reply;

/* Open an empty ledger; the keeper's options may be changed between these two. */
void small_book_init(struct small_book *book);
void small_book_open(struct small_book *book);
void small_book_close(struct small_book *book);

/* Send the opening. */
void small_book_fill(struct small_book *book);

/* The number of the first sale of STRANGE. */
uint64_t small_book_strange_sale(const struct small_book *book);

/* Events [FIRST, FIRST + N) of FROM as a batch; valid until the next call. */
const struct dbk_buf *small_book_take(struct small_book *book, const struct sales *from,
				      uint64_t first, uint32_t n);

append_reply *small_book_reply(const struct dbk_buf *bytes);
void small_book_forget(append_reply *reply);

/* Copy the last reply to OUT. */
void small_book_keep_reply(const struct small_book *book, struct dbk_buf *out);

/* The last reply has N results, all OUTCOME. */
void small_book_check_all(const struct small_book *book, uint32_t n,
			  enum dbk_outcome outcome);

/* BATCH gets ADMISSION and leaves no trace: nothing to commit, digest and size as
 * before. */
void small_book_check_not_admitted(struct small_book *book, const char *source,
				   uint64_t seq, const struct dbk_buf *batch,
				   enum dbk_admission admission);

/* The bytes of REPEATED are those of FIRST with repeated_batch set. */
void small_book_check_repeat(const struct dbk_buf *first,
			     const struct dbk_buf *repeated);

#endif
