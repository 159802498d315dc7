#include "ledger/own_events.h"

#include <daybook/limits.h>

#include "books/look.h"
#include "ledger/ledger_private.h"

#define US_PER_SECOND 1000000
#define NANOS_PER_US 1000

/* Fields of Event, its body, Timestamp and EventBatch, with wire types. */
enum {
	TAG_BATCH_EVENT = 1 << 3 | 2,
	TAG_EFFECTIVE_AT = 1 << 3 | 2,
	TAG_CLOCK_ADVANCED = DBK_EVENT_CLOCK_ADVANCED << 3 | 2,
	TAG_PERIOD_CLOSED = DBK_EVENT_PERIOD_CLOSED << 3 | 2,
	TAG_DIGEST_RECORDED = DBK_EVENT_DIGEST_RECORDED << 3 | 2,
	TAG_PERIOD = 1 << 3 | 2,
	TAG_FROM = 2 << 3 | 2,
	TAG_TO = 3 << 3 | 2,
	TAG_BALANCES_HASH = 4 << 3 | 2,
	TAG_SIZE = 1 << 3,
	TAG_DIGEST = 2 << 3 | 2,
	TAG_SECONDS = 1 << 3,
	TAG_NANOS = 2 << 3
};

/* Something may be left when very much is due at once, and each event does a part;
 * this many are enough for more than memory holds. */
#define ADVANCES_MAX 10000

bool
dbk_own_is_source(struct dbk_str name)
{
	return dbk_str_equal(name, dbk_str_of(DBK_OWN_SOURCE));
}

int64_t
dbk_own_due_at(const struct dbk_books *books)
{
	uint32_t second = dbk_look_due_next(books);

	return second == 0 ? INT64_MAX : (int64_t)second * US_PER_SECOND;
}

/* --------------------------------------------------------------------- as messages */

static void
put_text(struct dbk_buf *out, unsigned tag, struct dbk_str text)
{
	dbk_buf_put_varint(out, tag);
	dbk_buf_put_varint(out, text.size);
	dbk_buf_put(out, text.bytes, text.size);
}

static void
put_message(struct dbk_buf *out, unsigned tag, const struct dbk_buf *message)
{
	put_text(out, tag, dbk_str_make(message->bytes, message->size));
	if (dbk_buf_failed(message))
		out->failed = true;
}

static void
put_time(struct dbk_buf *out, unsigned tag, int64_t us)
{
	unsigned char bytes[24];
	struct dbk_buf time = { bytes, 0, sizeof bytes, false };

	if (us == DBK_TIME_ABSENT)
		return;
	dbk_buf_put_u8(&time, TAG_SECONDS);
	dbk_buf_put_varint(&time, (uint64_t)(us / US_PER_SECOND));
	dbk_buf_put_u8(&time, TAG_NANOS);
	dbk_buf_put_varint(&time, (uint64_t)(us % US_PER_SECOND * NANOS_PER_US));
	put_message(out, tag, &time);
}

/* An EventBatch with the one event of EFFECTIVE_AT and BODY. */
static void
put_batch(struct dbk_buf *out, int64_t effective_at, unsigned tag,
	  const struct dbk_buf *body)
{
	struct dbk_buf event;

	dbk_buf_init(&event);
	put_time(&event, TAG_EFFECTIVE_AT, effective_at);
	put_message(&event, tag, body);
	put_message(out, TAG_BATCH_EVENT, &event);
	dbk_buf_fini(&event);
}

static enum dbk_admission
admit(struct dbk_ledger *ledger, const struct dbk_buf *events, struct dbk_buf *reply,
      struct dbk_error *error)
{
	struct dbk_ledger_batch batch = {
		.source = dbk_str_of(DBK_OWN_SOURCE),
		.events = dbk_str_make(events->bytes, events->size),
		.administers = true,
	};
	uint64_t expected;

	if (!dbk_buf_failed(events))
		return dbk_ledger_admit(ledger, &batch, reply, &expected, error);
	(void)dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for an event");
	return DBK_ADMISSION_FAILED;
}

enum dbk_admission
dbk_own_advance_clock(struct dbk_ledger *ledger, int64_t now_us, struct dbk_buf *reply,
		      struct dbk_error *error)
{
	struct dbk_buf batch, body;
	enum dbk_admission admission;

	dbk_buf_init(&batch);
	dbk_buf_init(&body);
	put_batch(&batch, now_us, TAG_CLOCK_ADVANCED, &body);
	admission = admit(ledger, &batch, reply, error);
	dbk_buf_fini(&batch);
	return admission;
}

/* The book's clock, which no event of ours moves needlessly; NOW_US without a book. */
static int64_t
clock_or(const struct dbk_books *books, int64_t now_us)
{
	const struct dbk_row_book *book = dbk_look_book(books);

	return book->open ? book->clock : now_us;
}

/* ---------------------------------------------------------------------- the close */

static enum dbk_admission
close_now(struct dbk_ledger *ledger, const struct dbk_period_closed *period, int64_t at,
	  struct dbk_buf *reply, struct dbk_error *error)
{
	unsigned char hash[DBK_DIGEST_BYTES];
	struct dbk_buf batch, body;
	enum dbk_admission admission;

	dbk_books_balances_hash(ledger->books, period, hash);
	dbk_buf_init(&batch);
	dbk_buf_init(&body);
	put_text(&body, TAG_PERIOD, period->period);
	put_time(&body, TAG_FROM, period->from);
	put_time(&body, TAG_TO, period->to);
	put_text(&body, TAG_BALANCES_HASH, dbk_str_make(hash, sizeof hash));
	put_batch(&batch, at, TAG_PERIOD_CLOSED, &body);
	admission = admit(ledger, &batch, reply, error);
	dbk_buf_fini(&body);
	dbk_buf_fini(&batch);
	return admission;
}

/* The event that closed PERIOD, once more. */
static enum dbk_admission
close_again(struct dbk_ledger *ledger, uint32_t position, struct dbk_buf *reply,
	    struct dbk_error *error)
{
	struct dbk_buf batch;
	enum dbk_admission admission;
	struct dbk_str event;

	if (!dbk_ledger_look_back(ledger, position, &event)) {
		(void)dbk_error_set(
		    error, DBK_FAILED_IO,
		    "record %u, which closed the period, cannot be read", position);
		return DBK_ADMISSION_FAILED;
	}
	dbk_buf_init(&batch);
	put_text(&batch, TAG_BATCH_EVENT, event);
	admission = admit(ledger, &batch, reply, error);
	dbk_buf_fini(&batch);
	return admission;
}

static bool
is_sound(const struct dbk_period_closed *period)
{
	return period->period.size > 0 && period->period.size <= DBK_ID_BYTES_MAX &&
	       dbk_str_is_utf8(period->period) && !dbk_str_has_control(period->period) &&
	       period->from != DBK_TIME_ABSENT && period->from < period->to;
}

/* Else the close is refused for what the clock has no part in, or has been made, and the
 * clock stays where it is. */
static bool
may_close(const struct dbk_books *books, const struct dbk_period_closed *period)
{
	const struct dbk_row_book *book = dbk_look_book(books);
	uint32_t id = dbk_look_find(books, DBK_SPACE_PERIOD, period->period);

	return book->open != 0 && is_sound(period) &&
	       (id == 0 || !dbk_look_period(books, id).closed) &&
	       (book->last_period == 0 || book->closed_until == period->from);
}

/* Let the clock go on to the end of the period, and until nothing is due there. */
static enum dbk_admission
reach_end(struct dbk_ledger *ledger, int64_t to, int64_t now_us, struct dbk_buf *reply,
	  struct dbk_error *error)
{
	enum dbk_admission admission = DBK_ADMITTED;
	size_t before = reply->size;

	for (unsigned i = 0; admission == DBK_ADMITTED && i < ADVANCES_MAX; i++) {
		int64_t clock = dbk_look_book(ledger->books)->clock;
		int64_t next = clock < to ? to : clock + 1;

		if (next > now_us ||
		    (clock >= to && dbk_own_due_at(ledger->books) > clock))
			break;
		admission = dbk_own_advance_clock(ledger, next, reply, error);
		reply->size = before;
	}
	return admission;
}

enum dbk_admission
dbk_own_close_period(struct dbk_ledger *ledger, const struct dbk_period_closed *period,
		     int64_t now_us, struct dbk_buf *reply, struct dbk_error *error)
{
	const struct dbk_books *books = ledger->books;
	uint32_t id = dbk_look_find(books, DBK_SPACE_PERIOD, period->period);
	enum dbk_admission admission = DBK_ADMITTED;
	struct dbk_row_period row;

	if (id != 0) {
		row = dbk_look_period(books, id);
		if (row.closed && row.from == period->from && row.to == period->to)
			return close_again(ledger, row.position, reply, error);
	}
	if (may_close(books, period))
		admission = reach_end(ledger, period->to, now_us, reply, error);
	if (admission != DBK_ADMITTED)
		return admission;
	return close_now(ledger, period, clock_or(books, now_us), reply, error);
}

/* --------------------------------------------------------------------- the digest */

enum dbk_admission
dbk_own_record_digest(struct dbk_ledger *ledger, int64_t now_us, struct dbk_buf *reply,
		      struct dbk_error *error)
{
	unsigned char digest[DBK_DIGEST_BYTES];
	struct dbk_buf batch, body;
	enum dbk_admission admission;

	dbk_books_digest(ledger->books, digest);
	dbk_buf_init(&batch);
	dbk_buf_init(&body);
	dbk_buf_put_varint(&body, TAG_SIZE);
	dbk_buf_put_varint(&body, dbk_books_size(ledger->books));
	put_text(&body, TAG_DIGEST, dbk_str_make(digest, sizeof digest));
	put_batch(&batch, clock_or(ledger->books, now_us), TAG_DIGEST_RECORDED, &body);
	admission = admit(ledger, &batch, reply, error);
	dbk_buf_fini(&body);
	dbk_buf_fini(&batch);
	return admission;
}
