#include "../tests/lib/small_book.h"

#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"

#define DAY_US INT64_C(86400000000)

void
small_book_init(struct small_book *book)
{
	struct sales sales = sales_default();

	sales.agents = 20;
	sales.skus = 4;
	sales.customers = 50;
	book->sales = book->other = book->strange = book->future = sales;
	book->other.customers = 0;
	book->strange.agents = 90000000;
	book->strange.first_us +=
	    60000000 - (int64_t)sales_opening_size(&book->strange) * 1000;
	book->future.first_us += DAY_US;
	bookkeeper_init(&book->keeper, sales_time_us(&sales, 100000));
	dbk_buf_init(&book->events);
}

void
small_book_open(struct small_book *book)
{
	small_book_init(book);
	CHECK_INT(bookkeeper_open(&book->keeper), DBK_OK);
}

void
small_book_close(struct small_book *book)
{
	dbk_buf_fini(&book->events);
	bookkeeper_fini(&book->keeper);
}

void
small_book_fill(struct small_book *book)
{
	CHECK_INT(bookkeeper_send(
		      &book->keeper, "office", 0,
		      small_book_take(book, &book->sales, 0, SMALL_BOOK_OPENING), 0),
		  DBK_ADMITTED);
	CHECK_INT(bookkeeper_size(&book->keeper), SMALL_BOOK_OPENING);
}

uint64_t
small_book_strange_sale(const struct small_book *book)
{
	return sales_opening_size(&book->strange);
}

const struct dbk_buf *
small_book_take(struct small_book *book, const struct sales *from, uint64_t first,
		uint32_t n)
{
	dbk_buf_reset(&book->events);
	sales_put_many(from, first, n, &book->events);
	return &book->events;
}

append_reply *
small_book_reply(const struct dbk_buf *bytes)
{
	append_reply *reply =
	    daybook__v1__append_reply__unpack(NULL, bytes->size, bytes->bytes);

	if (!CHECK(reply != NULL))
		abort();
	return reply;
}

void
small_book_forget(append_reply *reply)
{
	daybook__v1__append_reply__free_unpacked(reply, NULL);
}

void
small_book_keep_reply(const struct small_book *book, struct dbk_buf *out)
{
	dbk_buf_init(out);
	dbk_buf_put(out, book->keeper.reply.bytes, book->keeper.reply.size);
}

void
small_book_check_all(const struct small_book *book, uint32_t n,
		     enum dbk_outcome outcome)
{
	append_reply *reply = small_book_reply(&book->keeper.reply);

	CHECK_INT(reply->n_results, n);
	for (size_t i = 0; i < reply->n_results; i++)
		CHECK_INT(reply->results[i]->outcome, outcome);
	small_book_forget(reply);
}

void
small_book_check_not_admitted(struct small_book *book, const char *source, uint64_t seq,
			      const struct dbk_buf *batch, enum dbk_admission admission)
{
	struct bookkeeper *keeper = &book->keeper;
	struct bookkeeper_digest before = bookkeeper_digest(keeper);
	uint64_t size = bookkeeper_size(keeper), groups = bookkeeper_groups(keeper);

	bookkeeper_begin(keeper);
	CHECK_INT(bookkeeper_admit(keeper, source, seq, batch, 0), admission);
	CHECK(dbk_ledger_is_empty(keeper->ledger));
	CHECK_INT(dbk_ledger_commit(keeper->ledger, &keeper->error), DBK_OK);
	CHECK_INT(bookkeeper_size(keeper), size);
	CHECK_INT(bookkeeper_groups(keeper), groups);
	CHECK(bookkeeper_same_digest(bookkeeper_digest(keeper), before));
}

void
small_book_check_repeat(const struct dbk_buf *first, const struct dbk_buf *repeated)
{
	append_reply *reply = small_book_reply(first);
	unsigned char *want;
	size_t size;

	reply->repeated_batch = true;
	size = daybook__v1__append_reply__get_packed_size(reply);
	want = malloc(size);
	(void)daybook__v1__append_reply__pack(reply, want);
	CHECK(size == repeated->size && memcmp(want, repeated->bytes, size) == 0);
	free(want);
	small_book_forget(reply);
}
