/*
 * test_signed_batches.c -- batches of sources with keys: what is admitted, what they
 * may send, and what the log keeps so that somebody else can verify it.
 */

#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/signed_book.h"

static struct signed_book book;
static struct small_book *const small = &book.small;

static const struct dbk_buf *
take_sales(uint64_t first, uint32_t n)
{
	return small_book_take(small, &small->sales, SMALL_BOOK_OPENING + first, n);
}

static enum dbk_admission
send(char letter, uint64_t seq, const struct dbk_buf *events)
{
	return signed_book_send(&book, letter, "shop", seq, events, 0);
}

/* EVENTS, signed by LETTER over TEXT, leave no trace. */
static void
check_not_admitted(char letter, const struct dbk_seal_text *text, const char *source,
		   uint64_t seq, const struct dbk_buf *events,
		   enum dbk_admission admission)
{
	signed_book_sign(&book, letter, text);
	small_book_check_not_admitted(small, source, seq, events, admission);
}

/* ------------------------------------------------------------------------ admission */

static void
test_without_key(void)
{
	const struct dbk_buf *sales;
	struct dbk_seal_text text;

	signed_book_open(&book);
	signed_book_register(&book, "else", 1, 'e', "");
	sales = take_sales(0, 3);
	text = signed_book_text("shop", 1, sales, false);
	check_not_admitted('a', &text, "shop", 1, sales, DBK_SOURCE_UNREGISTERED);
	check_not_admitted('e', &text, "shop", 1, sales, DBK_SOURCE_UNREGISTERED);
	check_not_admitted('a', &text, "shop", 0, sales, DBK_SOURCE_UNREGISTERED);
	small->keeper.signature = dbk_str_of("x");
	small_book_check_not_admitted(small, "office", 0, sales,
				      DBK_SOURCE_UNREGISTERED);
	CHECK_INT(send('\0', 1, sales), DBK_ADMITTED);
	CHECK_INT(signed_book_verify(&book), 0);
	signed_book_close(&book);
}

static void
test_unsigned(void)
{
	const struct dbk_buf *sales;
	struct dbk_seal_text text;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	sales = take_sales(0, 3);
	check_not_admitted('\0', NULL, "shop", 1, sales, DBK_SIGNATURE_MISSING);
	check_not_admitted('\0', NULL, "shop", 0, sales, DBK_SIGNATURE_MISSING);
	check_not_admitted('\0', NULL, "shop", 7, sales, DBK_SIGNATURE_MISSING);
	text = signed_book_text("shop", 0, sales, false);
	check_not_admitted('a', &text, "shop", 0, sales, DBK_SIGNED_UNNUMBERED);
	signed_book_close(&book);
}

/* TEXT is not what the batch says. */
static void
check_forged(const struct dbk_seal_text *text, const struct dbk_buf *sales)
{
	check_not_admitted('a', text, "shop", 1, sales, DBK_SIGNATURE_BAD);
}

static void
test_forged(void)
{
	const struct dbk_buf *sales;
	struct dbk_seal_text right, text;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	signed_book_register(&book, "else", 1, 'e', "");
	sales = take_sales(0, 3);
	right = signed_book_text("shop", 1, sales, false);
	check_not_admitted('e', &right, "shop", 1, sales, DBK_SIGNATURE_BAD);
	text = right;
	text.book = dbk_str_of("Sales");
	check_forged(&text, sales);
	text = right;
	text.source = dbk_str_of("else");
	check_forged(&text, sales);
	check_not_admitted('a', &text, "else", 1, sales, DBK_SIGNATURE_BAD);
	text = right;
	text.batch_seq = 2;
	check_forged(&text, sales);
	text = right;
	text.atomic = true;
	check_forged(&text, sales);
	text = right;
	text.events = 4;
	check_forged(&text, sales);
	text = right;
	text.digest[31] ^= 1;
	check_forged(&text, sales);
	signed_book_sign(&book, 'a', &right);
	for (unsigned bit = 0; bit < 8 * sizeof book.signature; bit += 7) {
		book.signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
		small_book_check_not_admitted(small, "shop", 1, sales,
					      DBK_SIGNATURE_BAD);
		book.signature[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	small->keeper.signature.size--;
	small_book_check_not_admitted(small, "shop", 1, sales, DBK_SIGNATURE_BAD);
	small->keeper.signature.size += 1;
	CHECK_INT(bookkeeper_send(&small->keeper, "shop", 1, sales, 0), DBK_ADMITTED);
	CHECK_INT(signed_book_verify(&book), 1);
	signed_book_close(&book);
}

/* Signed are the events as they are, in their order, all of them. */
static void
test_other_events(void)
{
	struct dbk_seal_text right;
	struct dbk_buf turned;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	right = signed_book_text("shop", 1, take_sales(0, 3), false);
	check_forged(&right, take_sales(0, 2));
	check_forged(&right, take_sales(0, 4));
	check_forged(&right, take_sales(1, 3));
	check_forged(&right,
		     small_book_take(small, &small->other, SMALL_BOOK_OPENING, 3));
	dbk_buf_init(&turned);
	sales_put(&small->sales, SMALL_BOOK_OPENING + 1, &turned);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &turned);
	sales_put(&small->sales, SMALL_BOOK_OPENING + 2, &turned);
	check_forged(&right, &turned);
	dbk_buf_reset(&turned);
	check_not_admitted('a', &right, "shop", 1, &turned, DBK_NOT_A_BATCH);
	dbk_buf_put(&turned, "\x0a\x05xx", 4);
	check_not_admitted('a', &right, "shop", 1, &turned, DBK_NOT_A_BATCH);
	dbk_buf_reset(&turned);
	for (uint32_t i = 0; i <= DBK_BATCH_EVENTS_MAX; i++)
		dbk_buf_put(&turned, "\x0a\x00", 2);
	check_not_admitted('a', &right, "shop", 1, &turned, DBK_BATCH_TOO_LARGE);
	dbk_buf_fini(&turned);
	signed_book_close(&book);
}

/* Before the number says anything the signature has to be right. */
static void
test_numbers(void)
{
	struct dbk_buf first;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	CHECK_INT(send('a', 2, take_sales(0, 3)), DBK_BATCH_GAP);
	CHECK_INT(small->keeper.expected, 1);
	CHECK_INT(send('a', 1, take_sales(0, 3)), DBK_ADMITTED);
	small_book_keep_reply(small, &first);
	CHECK_INT(send('b', 1, take_sales(0, 3)), DBK_SIGNATURE_BAD);
	CHECK_INT(send('\0', 1, take_sales(0, 3)), DBK_SIGNATURE_MISSING);
	CHECK_INT(send('b', 3, take_sales(0, 3)), DBK_SIGNATURE_BAD);
	for (unsigned round = 0; round < 2; round++) {
		CHECK_INT(send('a', 1, take_sales(0, 3)), DBK_ADMITTED_REPEAT);
		small_book_check_repeat(&first, &small->keeper.reply);
		CHECK_INT(send('a', 1, take_sales(3, 3)), DBK_BATCH_CONFLICT);
		bookkeeper_restart(&small->keeper);
	}
	CHECK_INT(signed_book_verify(&book), 1);
	dbk_buf_fini(&first);
	signed_book_close(&book);
}

/* Of a signed batch the events without a record are known by their hashes. */
static void
test_repeat_with_other_duplicates(void)
{
	struct dbk_buf mixed;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	dbk_buf_init(&mixed);
	dbk_buf_put(&mixed, "\x0a\x01?", 3);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &mixed);
	CHECK_INT(send('a', 1, &mixed), DBK_ADMITTED);
	CHECK_INT(send('a', 1, &mixed), DBK_ADMITTED_REPEAT);
	mixed.bytes[2] = '!';
	CHECK_INT(send('a', 1, &mixed), DBK_BATCH_CONFLICT);
	dbk_buf_fini(&mixed);
	signed_book_close(&book);
}

static void
test_revoked(void)
{
	const struct dbk_buf *sales;
	struct dbk_seal_text text;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	CHECK_INT(send('a', 1, take_sales(0, 3)), DBK_ADMITTED);
	signed_book_revoke(&book, "shop", 1);
	for (unsigned round = 0; round < 2; round++) {
		sales = take_sales(3, 3);
		text = signed_book_text("shop", 2, sales, false);
		check_not_admitted('a', &text, "shop", 2, sales, DBK_SOURCE_REVOKED);
		check_not_admitted('\0', NULL, "shop", 2, sales, DBK_SOURCE_REVOKED);
		check_not_admitted('\0', NULL, "shop", 0, sales, DBK_SOURCE_REVOKED);
		/* Also what was answered before. */
		sales = take_sales(0, 3);
		text = signed_book_text("shop", 1, sales, false);
		check_not_admitted('a', &text, "shop", 1, sales, DBK_SOURCE_REVOKED);
		bookkeeper_restart(&small->keeper);
	}
	signed_book_register(&book, "shop", 2, 'b', "");
	CHECK_INT(send('a', 2, take_sales(3, 3)), DBK_SIGNATURE_BAD);
	CHECK_INT(send('b', 2, take_sales(3, 3)), DBK_ADMITTED);
	CHECK_INT(signed_book_verify(&book), 2);
	CHECK(bookkeeper_is_replayed(&small->keeper));
	signed_book_close(&book);
}

/* A dry run asks for no signature, and no number; rights hold. */
static void
test_dry_run(void)
{
	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "302");
	signed_book_register(&book, "else", 1, 'e', "");
	signed_book_revoke(&book, "else", 1);
	small->keeper.signature = dbk_str_make("", 0);
	CHECK_INT(bookkeeper_send(&small->keeper, "shop", 0, take_sales(0, 3),
				  BOOKKEEPER_DRY_RUN),
		  DBK_ADMITTED_DRY);
	small_book_check_all(small, 3, DBK_INVALID);
	small->keeper.signature = dbk_str_of("nonsense");
	CHECK_INT(bookkeeper_send(&small->keeper, "shop", 0, take_sales(0, 3),
				  BOOKKEEPER_DRY_RUN),
		  DBK_ADMITTED_DRY);
	CHECK_INT(bookkeeper_send(&small->keeper, "else", 0, take_sales(0, 3),
				  BOOKKEEPER_DRY_RUN),
		  DBK_ADMITTED_DRY);
	small_book_check_all(small, 3, DBK_ACCEPTED);
	signed_book_close(&book);
}

/* --------------------------------------------------------------------------- rights */

/* Result INDEX of the last reply: NOT_PERMITTED of events TYPE, or as it is. */
static void
check_permitted(uint32_t index, const char *type)
{
	append_reply *reply = small_book_reply(&small->keeper.reply);
	const Daybook__V1__EventResult *result = reply->results[index];

	if (type == NULL) {
		CHECK_INT(result->outcome, DBK_ACCEPTED);
	} else if (CHECK_INT(result->outcome, DBK_INVALID)) {
		CHECK_INT(result->fault->fault, DBK_FAULT_NOT_PERMITTED);
		CHECK(strcmp(result->fault->field, "body") == 0);
		CHECK(strcmp(result->fault->value, type) == 0);
	}
	small_book_forget(reply);
}

static void
test_rights(void)
{
	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "302,600");
	CHECK_INT(send('a', 1, take_sales(0, 1)), DBK_ADMITTED);
	check_permitted(0, "301");
	signed_book_register(&book, "shop", 2, 'a', "302,301");
	CHECK_INT(send('a', 2, take_sales(0, 1)), DBK_ADMITTED);
	check_permitted(0, NULL);
	signed_book_register(&book, "shop", 3, 'a', "300");
	CHECK_INT(send('a', 3, take_sales(1, 1)), DBK_ADMITTED);
	check_permitted(0, NULL);
	signed_book_register(&book, "shop", 4, 'a', "401");
	CHECK_INT(send('a', 4, take_sales(1, 1)), DBK_ADMITTED);
	check_permitted(0, "301");
	signed_book_register(&book, "shop", 5, 'a', "");
	CHECK_INT(send('a', 5, take_sales(2, 1)), DBK_ADMITTED);
	check_permitted(0, NULL);
	CHECK_INT(signed_book_verify(&book), 3);
	CHECK(bookkeeper_is_replayed(&small->keeper));
	signed_book_close(&book);
}

/* Rights are those of the books before the batch, to its end. */
static void
test_rights_of_one_batch(void)
{
	struct dbk_buf events;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "707");
	dbk_buf_init(&events);
	signed_book_put_key(&book, "shop", 2, 'b', "301", &events);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &events);
	signed_book_put_key(&book, "else", 1, 'e', "", &events);
	CHECK_INT(send('a', 1, &events), DBK_ADMITTED);
	check_permitted(0, NULL);
	check_permitted(1, "301");
	check_permitted(2, NULL);
	dbk_buf_reset(&events);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &events);
	signed_book_put_key(&book, "shop", 3, 'c', "", &events);
	CHECK_INT(send('b', 2, &events), DBK_ADMITTED);
	check_permitted(0, NULL);
	check_permitted(1, "707");
	CHECK_INT(signed_book_verify(&book), 2);
	dbk_buf_fini(&events);
	signed_book_close(&book);
}

static void
test_governing(void)
{
	struct dbk_buf events;

	signed_book_open(&book);
	dbk_buf_init(&events);
	signed_book_put_key(&book, "shop", 1, 'a', "", &events);
	signed_book_put_revoked(&book, "shop", 1, &events);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &events);
	CHECK_INT(
	    bookkeeper_send(&small->keeper, "office", 0, &events, BOOKKEEPER_PLAIN),
	    DBK_ADMITTED);
	check_permitted(0, "707");
	check_permitted(1, "708");
	check_permitted(2, NULL);
	/* A right of a source does not make its caller an admin. */
	signed_book_register(&book, "shop", 1, 'a', "");
	dbk_buf_reset(&events);
	signed_book_put_key(&book, "shop", 2, 'b', "", &events);
	CHECK_INT(signed_book_send(&book, 'a', "shop", 1, &events, BOOKKEEPER_PLAIN),
		  DBK_ADMITTED);
	check_permitted(0, "707");
	CHECK_INT(signed_book_send(&book, 'a', "shop", 2, &events, 0), DBK_ADMITTED);
	check_permitted(0, NULL);
	dbk_buf_fini(&events);
	signed_book_close(&book);
}

/* ---------------------------------------------------------------------------- seals */

/* Duplicates and invalid events before, between and behind: all in one batch. */
static void
put_mixed(uint64_t first, struct dbk_buf *out)
{
	dbk_buf_put(out, "\x0a\x01?", 3);
	sales_put(&small->sales, SMALL_BOOK_OPENING, out);
	sales_put_many(&small->sales, SMALL_BOOK_OPENING + first, 5, out);
	dbk_buf_put(out, "\x0a\x00", 2);
	sales_put(&small->strange, small_book_strange_sale(small) + first, out);
	sales_put_many(&small->sales, SMALL_BOOK_OPENING + first + 5, 20, out);
	sales_put(&small->sales, SMALL_BOOK_OPENING + first, out);
}

static void
test_seals(void)
{
	struct dbk_buf events;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	signed_book_register(&book, "else", 1, 'e', "");
	dbk_buf_init(&events);
	CHECK_INT(send('a', 1, take_sales(0, 7)), DBK_ADMITTED);
	put_mixed(10, &events);
	CHECK_INT(send('a', 2, &events), DBK_ADMITTED);
	/* Nothing is logged: no seal, and the number is taken. */
	CHECK_INT(send('a', 3, take_sales(0, 7)), DBK_ADMITTED);
	small_book_check_all(small, 7, DBK_DUPLICATE);
	/* Rolled back. */
	dbk_buf_reset(&events);
	put_mixed(40, &events);
	CHECK_INT(signed_book_send(&book, 'a', "shop", 4, &events, BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	CHECK_INT(signed_book_verify(&book), 2);
	/* Taken whole, with the flag in the seal. */
	CHECK_INT(signed_book_send(&book, 'a', "shop", 5, take_sales(5, 9),
				   BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	/* Several sources in one group, one of them unsigned. */
	bookkeeper_begin(&small->keeper);
	CHECK_INT(signed_book_admit(&book, 'a', "shop", 6, take_sales(70, 9), 0),
		  DBK_ADMITTED);
	CHECK_INT(signed_book_admit(&book, 'e', "else", 1, take_sales(75, 9), 0),
		  DBK_ADMITTED);
	CHECK_INT(signed_book_admit(&book, '\0', "till", 1, take_sales(80, 9), 0),
		  DBK_ADMITTED);
	CHECK_INT(signed_book_admit(&book, 'a', "shop", 7, take_sales(85, 9), 0),
		  DBK_ADMITTED);
	CHECK_INT(dbk_ledger_commit(small->keeper.ledger, &small->keeper.error),
		  DBK_OK);
	for (unsigned round = 0; round < 3; round++) {
		CHECK_INT(signed_book_verify(&book), 6);
		CHECK(bookkeeper_is_replayed(&small->keeper));
		if (round == 1)
			bookkeeper_save(&small->keeper);
		bookkeeper_restart(&small->keeper);
	}
	dbk_buf_fini(&events);
	signed_book_close(&book);
}

/* The key of a batch is that of the books before it, whatever the group. */
static void
test_rotation_within_a_group(void)
{
	struct dbk_buf events;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	dbk_buf_init(&events);
	sales_put(&small->sales, SMALL_BOOK_OPENING, &events);
	signed_book_put_key(&book, "shop", 2, 'b', "", &events);
	sales_put(&small->sales, SMALL_BOOK_OPENING + 1, &events);
	bookkeeper_begin(&small->keeper);
	CHECK_INT(signed_book_admit(&book, 'b', "shop", 1, &events, 0),
		  DBK_SIGNATURE_BAD);
	CHECK_INT(signed_book_admit(&book, 'a', "shop", 1, &events, 0), DBK_ADMITTED);
	CHECK_INT(signed_book_admit(&book, 'a', "shop", 2, take_sales(2, 3), 0),
		  DBK_SIGNATURE_BAD);
	CHECK_INT(signed_book_admit(&book, 'b', "shop", 2, take_sales(2, 3), 0),
		  DBK_ADMITTED);
	/* A repeat is signed by the key in force, too. */
	CHECK_INT(signed_book_admit(&book, 'a', "shop", 1, &events, 0),
		  DBK_SIGNATURE_BAD);
	CHECK_INT(signed_book_admit(&book, 'b', "shop", 1, &events, 0),
		  DBK_ADMITTED_REPEAT);
	/* What is rolled back registers nothing. */
	dbk_buf_reset(&events);
	signed_book_put_key(&book, "shop", 3, 'c', "", &events);
	dbk_buf_put(&events, "\x0a\x01?", 3);
	CHECK_INT(signed_book_admit(&book, 'b', "shop", 3, &events, BOOKKEEPER_ATOMIC),
		  DBK_ADMITTED);
	CHECK_INT(signed_book_admit(&book, 'c', "shop", 4, take_sales(6, 3), 0),
		  DBK_SIGNATURE_BAD);
	CHECK_INT(signed_book_admit(&book, 'b', "shop", 4, take_sales(6, 3), 0),
		  DBK_ADMITTED);
	CHECK_INT(dbk_ledger_commit(small->keeper.ledger, &small->keeper.error),
		  DBK_OK);
	CHECK_INT(signed_book_verify(&book), 3);
	bookkeeper_restart(&small->keeper);
	CHECK_INT(signed_book_verify(&book), 3);
	CHECK(bookkeeper_is_replayed(&small->keeper));
	dbk_buf_fini(&events);
	signed_book_close(&book);
}

/* A source that has sent before gets a key: its numbers go on. */
static void
test_key_comes_later(void)
{
	signed_book_open(&book);
	CHECK_INT(send('\0', 1, take_sales(0, 2)), DBK_ADMITTED);
	signed_book_register(&book, "shop", 1, 'a', "");
	CHECK_INT(send('\0', 2, take_sales(2, 2)), DBK_SIGNATURE_MISSING);
	CHECK_INT(send('a', 2, take_sales(2, 2)), DBK_ADMITTED);
	/* The repeat of an unsigned batch. */
	CHECK_INT(send('\0', 1, take_sales(0, 2)), DBK_SIGNATURE_MISSING);
	CHECK_INT(send('a', 1, take_sales(0, 2)), DBK_ADMITTED_REPEAT);
	CHECK_INT(signed_book_verify(&book), 1);
	signed_book_close(&book);
}

/* All events of the largest batch but one are duplicates; the hashes of all are kept.
 */
static void
test_largest_batch(void)
{
	struct dbk_buf events;
	append_reply *reply;

	signed_book_open(&book);
	signed_book_register(&book, "shop", 1, 'a', "");
	CHECK_INT(send('a', 1, take_sales(0, DBK_BATCH_EVENTS_MAX - 1)), DBK_ADMITTED);
	dbk_buf_init(&events);
	sales_put_many(&small->sales, SMALL_BOOK_OPENING, DBK_BATCH_EVENTS_MAX,
		       &events);
	CHECK_INT(send('a', 2, &events), DBK_ADMITTED);
	reply = small_book_reply(&small->keeper.reply);
	CHECK_INT(reply->n_results, DBK_BATCH_EVENTS_MAX);
	CHECK_INT(reply->results[0]->outcome, DBK_DUPLICATE);
	CHECK_INT(reply->results[DBK_BATCH_EVENTS_MAX - 1]->outcome, DBK_ACCEPTED);
	small_book_forget(reply);
	CHECK_INT(send('a', 2, &events), DBK_ADMITTED_REPEAT);
	CHECK_INT(signed_book_verify(&book), 2);
	bookkeeper_restart(&small->keeper);
	CHECK_INT(send('a', 2, &events), DBK_ADMITTED_REPEAT);
	CHECK_INT(signed_book_verify(&book), 2);
	dbk_buf_fini(&events);
	signed_book_close(&book);
}

int
main(void)
{
	check_run("a signature needs a key to verify it with", test_without_key);
	check_run("a source with a key signs and numbers", test_unsigned);
	check_run("a signature is for one batch of one source of one book",
		  test_forged);
	check_run("a signature is for these events in this order", test_other_events);
	check_run("the signature comes before the number", test_numbers);
	check_run("a repeat with other duplicates is a conflict",
		  test_repeat_with_other_duplicates);
	check_run("nothing of a revoked source is taken", test_revoked);
	check_run("a dry run asks for no signature", test_dry_run);
	check_run("events that are not among the rights are invalid", test_rights);
	check_run("rights do not change within a batch", test_rights_of_one_batch);
	check_run("only an admin governs", test_governing);
	check_run("seals and gaps prove every signed batch", test_seals);
	check_run("a key may be replaced within a group", test_rotation_within_a_group);
	check_run("a source that has sent before may get a key", test_key_comes_later);
	check_run("the largest batch keeps its hashes", test_largest_batch);
	return check_end();
}
