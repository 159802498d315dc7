/*
 * test_books_custody.c -- scans of lots and serials.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

static struct dbk_event
lot(const char *name)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_LOT_REGISTERED);

	event.u.lot_registered.lot = dbk_str_of(name);
	event.u.lot_registered.sku = dbk_str_of("soap");
	event.u.lot_registered.expires_on = DBK_TIME_ABSENT;
	return event;
}

/* Lot "l1": serials 100 to 199, meant for the north; "l2" of which nothing is said. */
static void
begin(const char *mode)
{
	struct dbk_event event;

	money_book_open(&book);
	money_book_choose(&book, "custody", mode);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	event = lot("l1");
	event.u.lot_registered.serial_from = dbk_str_of("100");
	event.u.lot_registered.serial_to = dbk_str_of("199");
	event.u.lot_registered.intended_region = dbk_str_of("north");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = lot("l2");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", ""), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static enum dbk_rule
scan(struct dbk_custody_scanned said)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CUSTODY_SCANNED);
	char name[16];

	(void)snprintf(name, sizeof name, "s%u", ++book.serial);
	event.u.custody_scanned = said;
	event.u.custody_scanned.scan = dbk_str_of(name);
	return money_book_send(&book, &event);
}

static enum dbk_rule
scan_by(const char *actor, const char *of_lot, const char *serial)
{
	return scan((struct dbk_custody_scanned){ .lot = dbk_str_of(of_lot),
						  .serial = dbk_str_of(serial),
						  .actor_class = dbk_str_of(actor) });
}

static struct dbk_row_serial
serial_row(const char *serial)
{
	return *DBK_ROW(
	    book.books, serials, serial,
	    dbk_names_find(&book.books->names, DBK_SPACE_SERIAL, dbk_str_of(serial)));
}

static bool
found(enum dbk_rule rule, const char *of_lot, uint32_t count, int64_t measured,
      int64_t limit)
{
	return goods_book_found(&book, rule,
				*of_lot == '\0' ? DBK_SUBJECT_BOOK : DBK_SUBJECT_LOT,
				of_lot, count, measured, limit);
}

static void
test_lot_unknown(void)
{
	begin("FLAG");
	CHECK_INT(scan_by("CONSUMER", "l3", "100"), DBK_RULE_LOT_UNKNOWN);
	CHECK_INT(book.books->serials.count, 1);
	end();
}

static void
test_serials(void)
{
	begin("OFF");
	CHECK_INT(scan_by("COURIER", "", "100"), DBK_RULE_NONE);
	CHECK_INT(serial_row("100").lot, 0);
	CHECK_INT(scan_by("CONSUMER", "l1", "100"), DBK_RULE_NONE);
	CHECK_INT(serial_row("100").lot, 1);
	CHECK_INT(scan_by("CONSUMER", "l2", "100"), DBK_RULE_NONE);
	CHECK_INT(serial_row("100").lot, 1);
	CHECK_INT(serial_row("100").consumer_scans, 2);
	CHECK_INT(scan_by("CONSUMER", "l2", ""), DBK_RULE_NONE);
	CHECK_INT(book.books->serials.count, 2);
	CHECK_INT(book.books->findings.count, 1);
	end();
}

static void
test_serial_twice(void)
{
	begin("FLAG");
	CHECK_INT(scan_by("CONSUMER", "l1", "100"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "100"), DBK_RULE_NONE);
	CHECK_INT(scan_by("CONSUMER", "l1", "101"), DBK_RULE_NONE);
	CHECK_INT(scan_by("CONSUMER", "l1", ""), DBK_RULE_NONE);
	CHECK_INT(scan_by("CONSUMER", "l1", ""), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SERIAL_TWICE, "l1", 0, 0, 0));
	CHECK_INT(scan_by("CONSUMER", "l1", "100"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SERIAL_TWICE, "l1", 1, 2, 1));
	CHECK_INT(scan_by("CONSUMER", "", "100"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SERIAL_TWICE, "l1", 2, 3, 1));
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_SERIAL_TWICE, DBK_SUBJECT_LOT, "l1").red,
	    1);
	end();
}

static void
test_serial_twice_without_lot(void)
{
	begin("FLAG");
	CHECK_INT(scan_by("CONSUMER", "", "x"), DBK_RULE_NONE);
	CHECK_INT(scan_by("CONSUMER", "", "x"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SERIAL_TWICE, "", 1, 2, 1));
	end();
}

static enum dbk_rule
scan_in(const char *region, const char *of_lot)
{
	return scan((struct dbk_custody_scanned){ .lot = dbk_str_of(of_lot),
						  .serial = dbk_str_of("100"),
						  .region = dbk_str_of(region) });
}

static void
test_region(void)
{
	begin("FLAG");
	CHECK_INT(scan_in("", "l1"), DBK_RULE_NONE);
	CHECK_INT(scan_in("north", "l1"), DBK_RULE_NONE);
	CHECK_INT(scan_in("south", "l2"), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	CHECK_INT(scan_in("south", "l1"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_DIVERSION, "l1", 1, 1, 0));
	CHECK_INT(scan_in("south", ""), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_DIVERSION, "l1", 2, 1, 0));
	end();
}

static enum dbk_rule
claim(const char *seller, const char *of_lot)
{
	return scan((struct dbk_custody_scanned){
	    .lot = dbk_str_of(of_lot), .claimed_seller = dbk_str_of(seller) });
}

/* Who had it once, had it. */
static void
test_seller(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin("FLAG");
	event = goods_book_issued(&book, &line, "soap", 5);
	line.lot = dbk_str_of("l1");
	event.u.stock_issued.to = goods_book_agent("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a1", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(goods_book_issue(&book, "a2", "soap", 5), DBK_RULE_NONE);
	CHECK_INT(claim("a1", "l1"), DBK_RULE_NONE);
	CHECK_INT(claim("", "l1"), DBK_RULE_NONE);
	event = goods_book_transferred(&book, &line, "soap", 5);
	line.lot = dbk_str_of("l1");
	event.u.stock_transferred.from = goods_book_agent("a1");
	event.u.stock_transferred.to = goods_book_location("depot");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(claim("a1", "l1"), DBK_RULE_NONE);
	CHECK_INT(book.books->findings.count, 1);
	CHECK_INT(claim("a2", "l1"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l1", 1, 1, 0));
	CHECK_INT(claim("a1", "l2"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l2", 1, 1, 0));
	CHECK_INT(claim("depot", "l1"), DBK_RULE_NONE);
	CHECK_INT(claim("nobody", "l1"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l1", 3, 1, 0));
	end();
}

static void
test_range(void)
{
	begin("FLAG");
	CHECK_INT(scan_by("COURIER", "l1", "100"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "150"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "199"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "19:"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", ""), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l2", "200"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l1", 1, 2, 0));
	CHECK_INT(scan_by("COURIER", "l1", "099"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "20"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "1500"), DBK_RULE_NONE);
	CHECK_INT(scan_by("COURIER", "l1", "15"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l1", 5, 2, 0));
	CHECK(found(DBK_RULE_CUSTODY_CHAIN, "l2", 0, 0, 0));
	end();
}

static enum dbk_rule
scan_broken(const char *of_lot, const char *serial)
{
	return scan((struct dbk_custody_scanned){ .lot = dbk_str_of(of_lot),
						  .serial = dbk_str_of(serial),
						  .seal_broken = true });
}

static void
test_seal(void)
{
	begin("FLAG");
	CHECK_INT(scan_broken("l1", ""), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SEAL_BROKEN, "l1", 1, 1, 0));
	CHECK_INT(scan_broken("", "x"), DBK_RULE_NONE);
	CHECK(found(DBK_RULE_SEAL_BROKEN, "", 1, 1, 0));
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_SEAL_BROKEN, DBK_SUBJECT_BOOK, "").red,
	    0);
	end();
}

/* Everything at once, in its order; a scan is a fact and stands. */
static void
test_all(const char *mode)
{
	struct dbk_custody_scanned said = { .lot = dbk_str_of("l1"),
					    .serial = dbk_str_of("200"),
					    .region = dbk_str_of("south"),
					    .actor_class = dbk_str_of("CONSUMER"),
					    .claimed_seller = dbk_str_of("a1"),
					    .seal_broken = true };

	begin(mode);
	CHECK_INT(scan_by("CONSUMER", "", "200"), DBK_RULE_NONE);
	CHECK_INT(scan(said), DBK_RULE_NONE);
	CHECK_INT(book.effects.n_findings, 4);
	CHECK_INT(DBK_ROW(book.books, findings, finding, 1)->rule,
		  DBK_RULE_SERIAL_TWICE);
	CHECK_INT(DBK_ROW(book.books, findings, finding, 2)->rule, DBK_RULE_DIVERSION);
	CHECK_INT(DBK_ROW(book.books, findings, finding, 3)->rule,
		  DBK_RULE_CUSTODY_CHAIN);
	CHECK_INT(DBK_ROW(book.books, findings, finding, 3)->measured, 2);
	CHECK_INT(DBK_ROW(book.books, findings, finding, 4)->rule,
		  DBK_RULE_SEAL_BROKEN);
	end();
}

static void
test_flagged(void)
{
	test_all("FLAG");
}

static void
test_not_refused(void)
{
	test_all("REFUSE");
}

int
main(void)
{
	check_run("a lot must be known", test_lot_unknown);
	check_run("serials are kept without a guard", test_serials);
	check_run("two consumers cannot scan one serial", test_serial_twice);
	check_run("nor one without a lot", test_serial_twice_without_lot);
	check_run("a lot belongs in its region", test_region);
	check_run("who sells a lot had it", test_seller);
	check_run("a serial of a lot is one of its own", test_range);
	check_run("a broken seal is noted", test_seal);
	check_run("all of it is looked at, in order", test_flagged);
	check_run("a scan is never refused", test_not_refused);
	return check_end();
}
