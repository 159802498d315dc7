/*
 * test_ledger_batches.c -- numbers of batches, repeats, and what is undone on purpose.
 */

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_book.h"
#include "books/sources.h"

static struct small_book book;

/* Batch SEQ of the tests of repeats: some are refused, some are invalid. */
static const struct dbk_buf *
take_batch(uint64_t seq)
{
	return seq == 2 ? small_book_take(&book, &book.strange,
					  small_book_strange_sale(&book) + 20, 7)
	       : seq == 4
		   ? small_book_take(&book, &book.future, SMALL_BOOK_OPENING + 40, 3)
		   : small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 10 * seq,
				     10);
}

static void
test_repeat(void)
{
	struct dbk_buf first[6];

	small_book_open(&book);
	small_book_fill(&book);
	for (uint64_t seq = 1; seq <= 5; seq++) {
		CHECK_INT(bookkeeper_send(&book.keeper, "shop", seq, take_batch(seq),
					  seq == 2 ? BOOKKEEPER_ATOMIC : 0),
			  DBK_ADMITTED);
		small_book_keep_reply(&book, &first[seq]);
	}
	for (unsigned round = 0; round < 3; round++) {
		uint64_t size = bookkeeper_size(&book.keeper);

		for (uint64_t seq = 1; seq <= 5; seq++) {
			CHECK_INT(bookkeeper_send(&book.keeper, "shop", seq,
						  take_batch(seq),
						  seq == 2 ? BOOKKEEPER_ATOMIC : 0),
				  DBK_ADMITTED_REPEAT);
			small_book_check_repeat(&first[seq], &book.keeper.reply);
		}
		CHECK_INT(bookkeeper_size(&book.keeper), size);
		if (round == 1)
			bookkeeper_save(&book.keeper);
		bookkeeper_restart(&book.keeper);
	}
	for (uint64_t seq = 1; seq <= 5; seq++)
		dbk_buf_fini(&first[seq]);
	small_book_close(&book);
}

/* A used number with other events: more, fewer, others, another order. */
static void
test_number_used_twice(void)
{
	struct dbk_buf turned;

	small_book_open(&book);
	small_book_fill(&book);
	(void)bookkeeper_send(
	    &book.keeper, "shop", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 10), 0);
	dbk_buf_init(&turned);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING + 1, 9, &turned);
	sales_put(&book.sales, SMALL_BOOK_OPENING, &turned);
	for (unsigned round = 0; round < 2; round++) {
		small_book_check_not_admitted(
		    &book, "shop", 1,
		    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 11),
		    DBK_BATCH_CONFLICT);
		small_book_check_not_admitted(
		    &book, "shop", 1,
		    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 9),
		    DBK_BATCH_CONFLICT);
		small_book_check_not_admitted(
		    &book, "shop", 1,
		    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 10, 10),
		    DBK_BATCH_CONFLICT);
		small_book_check_not_admitted(
		    &book, "shop", 1,
		    small_book_take(&book, &book.other, SMALL_BOOK_OPENING, 10),
		    DBK_BATCH_CONFLICT);
		small_book_check_not_admitted(&book, "shop", 1, &turned,
					      DBK_BATCH_CONFLICT);
		bookkeeper_restart(&book.keeper);
	}
	bookkeeper_begin(&book.keeper);
	(void)bookkeeper_admit(
	    &book.keeper, "shop", 2,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 10, 2), 0);
	CHECK_INT(bookkeeper_admit(
		      &book.keeper, "shop", 2,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 11, 2),
		      0),
		  DBK_BATCH_CONFLICT);
	CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 12);
	dbk_buf_fini(&turned);
	small_book_close(&book);
}

static void
test_repeat_in_group(void)
{
	struct dbk_buf first;

	small_book_open(&book);
	small_book_fill(&book);
	bookkeeper_begin(&book.keeper);
	(void)bookkeeper_admit(
	    &book.keeper, "else", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 2), 0);
	(void)bookkeeper_admit(
	    &book.keeper, "shop", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 5, 3), 0);
	small_book_keep_reply(&book, &first);
	(void)bookkeeper_admit(
	    &book.keeper, "shop", 2,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 8, 1), 0);
	CHECK_INT(bookkeeper_admit(
		      &book.keeper, "shop", 1,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 5, 3),
		      0),
		  DBK_ADMITTED_REPEAT);
	small_book_check_repeat(&first, &book.keeper.reply);
	CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 1,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 5, 3),
		      0),
		  DBK_ADMITTED_REPEAT);
	small_book_check_repeat(&first, &book.keeper.reply);
	dbk_buf_fini(&first);
	small_book_close(&book);
}

static void
test_gap(void)
{
	small_book_open(&book);
	small_book_fill(&book);
	small_book_check_not_admitted(
	    &book, "shop", 2,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1), DBK_BATCH_GAP);
	CHECK_INT(book.keeper.expected, 1);
	small_book_check_not_admitted(
	    &book, "shop", UINT64_MAX,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1), DBK_BATCH_GAP);
	(void)bookkeeper_send(
	    &book.keeper, "shop", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1), 0);
	small_book_check_not_admitted(
	    &book, "shop", 3,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 1, 1),
	    DBK_BATCH_GAP);
	CHECK_INT(book.keeper.expected, 2);
	/* Batches without a number stand beside the numbered ones. */
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 0,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 1, 1),
		      0),
		  DBK_ADMITTED);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 2,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 2, 1),
		      0),
		  DBK_ADMITTED);
	small_book_close(&book);
}

static void
test_forgotten(void)
{
	uint64_t last = DBK_SOURCE_REPLIES_KEPT + 7;

	small_book_open(&book);
	small_book_fill(&book);
	for (uint64_t seq = 1; seq <= last; seq++)
		CHECK_INT(bookkeeper_send(&book.keeper, "shop", seq,
					  small_book_take(&book, &book.sales,
							  SMALL_BOOK_OPENING + seq, 1),
					  0),
			  DBK_ADMITTED);
	for (unsigned round = 0; round < 2; round++) {
		small_book_check_not_admitted(
		    &book, "shop", 1,
		    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1),
		    DBK_BATCH_FORGOTTEN);
		small_book_check_not_admitted(
		    &book, "shop", 7,
		    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1),
		    DBK_BATCH_FORGOTTEN);
		CHECK_INT(bookkeeper_send(&book.keeper, "shop", 8,
					  small_book_take(&book, &book.sales,
							  SMALL_BOOK_OPENING + 8, 1),
					  0),
			  DBK_ADMITTED_REPEAT);
		bookkeeper_restart(&book.keeper);
	}
	small_book_close(&book);
}

/* -------------------------------------------------------------- undone on purpose */

static void
test_dry_run(void)
{
	struct dbk_buf answer;
	append_reply *reply;

	small_book_open(&book);
	small_book_fill(&book);
	(void)bookkeeper_send(
	    &book.keeper, "shop", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 1), 0);
	for (uint64_t seq = 0; seq < 4; seq++) {
		struct bookkeeper_digest before = bookkeeper_digest(&book.keeper);

		/* New agents, customers, accounts: all of it goes. */
		bookkeeper_begin(&book.keeper);
		CHECK_INT(bookkeeper_admit(&book.keeper, "dry", seq,
					   small_book_take(&book, &book.sales,
							   SMALL_BOOK_OPENING, 900),
					   BOOKKEEPER_DRY_RUN),
			  DBK_ADMITTED_DRY);
		CHECK(dbk_ledger_is_empty(book.keeper.ledger));
		reply = small_book_reply(&book.keeper.reply);
		CHECK(reply->dry_run && !reply->repeated_batch);
		CHECK_INT(reply->n_results, 900);
		CHECK_INT(reply->results[0]->outcome, DBK_DUPLICATE);
		CHECK_INT(reply->results[899]->outcome, DBK_ACCEPTED);
		CHECK_INT(reply->size, SMALL_BOOK_OPENING + 1);
		small_book_forget(reply);
		CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&book.keeper)));
	}
	CHECK_INT(
	    dbk_source_find(dbk_ledger_books(book.keeper.ledger), dbk_str_of("dry")),
	    0);
	/* What a dry run says is what happens. */
	small_book_keep_reply(&book, &answer);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 2,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 900), 0),
		  DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK_INT(reply->results[899]->position, SMALL_BOOK_OPENING + 899);
	small_book_forget(reply);
	dbk_buf_fini(&answer);
	CHECK(bookkeeper_is_replayed(&book.keeper));
	small_book_close(&book);
}

static void
test_atomic(void)
{
	struct bookkeeper_digest before;
	struct dbk_buf mixed;
	append_reply *reply;

	small_book_open(&book);
	small_book_fill(&book);
	dbk_buf_init(&mixed);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING, 20, &mixed);
	sales_put(&book.strange, small_book_strange_sale(&book) + 100, &mixed);
	sales_put_many(&book.sales, SMALL_BOOK_OPENING + 20, 20, &mixed);
	before = bookkeeper_digest(&book.keeper);
	CHECK_INT(bookkeeper_send(&book.keeper, "shop", 1, &mixed, BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK(reply->rolled_back);
	CHECK_INT(reply->n_results, 41);
	CHECK_INT(reply->results[20]->outcome, DBK_REFUSED);
	CHECK_INT(reply->size, SMALL_BOOK_OPENING);
	small_book_forget(reply);
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING);
	CHECK(bookkeeper_same_digest(before, bookkeeper_digest(&book.keeper)));
	/* The number is taken all the same, and duplicates are no failure. */
	CHECK_INT(
	    bookkeeper_send(&book.keeper, "shop", 2,
			    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING, 20),
			    BOOKKEEPER_ATOMIC),
	    DBK_ADMITTED);
	small_book_check_all(&book, 20, DBK_ACCEPTED);
	CHECK_INT(bookkeeper_send(
		      &book.keeper, "shop", 3,
		      small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 10, 20),
		      BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	reply = small_book_reply(&book.keeper.reply);
	CHECK(!reply->rolled_back);
	small_book_forget(reply);
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 30);
	/* A rolled back batch between others of a group takes only itself away. */
	bookkeeper_begin(&book.keeper);
	(void)bookkeeper_admit(
	    &book.keeper, "a", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 50, 5), 0);
	(void)bookkeeper_admit(&book.keeper, "b", 1, &mixed, BOOKKEEPER_ATOMIC);
	(void)bookkeeper_admit(
	    &book.keeper, "c", 1,
	    small_book_take(&book, &book.sales, SMALL_BOOK_OPENING + 55, 5), 0);
	small_book_check_all(&book, 5, DBK_ACCEPTED);
	CHECK_INT(dbk_ledger_commit(book.keeper.ledger, &book.keeper.error), DBK_OK);
	CHECK_INT(bookkeeper_size(&book.keeper), SMALL_BOOK_OPENING + 40);
	CHECK(bookkeeper_is_replayed(&book.keeper));
	dbk_buf_fini(&mixed);
	small_book_close(&book);
}

int
main(void)
{
	check_run("a repeated batch gets the bytes of its first reply", test_repeat);
	check_run("a batch is repeated within its group", test_repeat_in_group);
	check_run("a used number with other events is a conflict",
		  test_number_used_twice);
	check_run("a gap in the numbers is not admitted", test_gap);
	check_run("replies older than the last 256 are forgotten", test_forgotten);
	check_run("a dry run tells the truth and leaves no trace", test_dry_run);
	check_run("an atomic batch is taken whole or not at all", test_atomic);
	return check_end();
}
