/*
 * test_books_findings.c -- the life of a finding, from the first failure to the reason
 * why it was closed.
 */

#include <stdio.h>

#include "../tests/lib/check.h"
#include "../tests/lib/goods_book.h"

static struct money_book book;

static void
begin(void)
{
	money_book_open(&book);
	money_book_choose(&book, "custody", "FLAG");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
}

static void
end(void)
{
	money_book_close(&book);
}

static struct dbk_event
scanned(const char *serial)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CUSTODY_SCANNED);
	static char name[16];

	(void)snprintf(name, sizeof name, "s%u", ++book.serial);
	event.u.custody_scanned.scan = dbk_str_of(name);
	event.u.custody_scanned.serial = dbk_str_of(serial);
	return event;
}

/* SEAL_BROKEN on the book. */
static void
break_seal(void)
{
	struct dbk_event event = scanned("x");

	event.u.custody_scanned.seal_broken = true;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
}

static struct dbk_row_finding
seal(void)
{
	return goods_book_finding(&book, DBK_RULE_SEAL_BROKEN, DBK_SUBJECT_BOOK, "");
}

static enum dbk_rule
acknowledge(const char *finding)
{
	struct dbk_event event =
	    money_book_event(&book, DBK_EVENT_FINDING_ACKNOWLEDGED);
	char action[16];

	(void)snprintf(action, sizeof action, "a%u", ++book.serial);
	event.u.finding_acknowledged.finding = dbk_str_of(finding);
	event.u.finding_acknowledged.action = dbk_str_of(action);
	return money_book_send(&book, &event);
}

static enum dbk_rule
resolve(const char *finding, const char *reason)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FINDING_RESOLVED);
	char action[16];

	(void)snprintf(action, sizeof action, "a%u", ++book.serial);
	event.u.finding_resolved.finding = dbk_str_of(finding);
	event.u.finding_resolved.action = dbk_str_of(action);
	event.u.finding_resolved.reason = dbk_str_of(reason);
	return money_book_send(&book, &event);
}

static uint32_t
n_open(void)
{
	return dbk_look_book(book.books)->n_open_findings;
}

static void
test_nothing_found(void)
{
	struct dbk_event event;

	begin();
	event = scanned("x");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(seal().count, 0);
	CHECK_INT(book.effects.n_findings, 0);
	CHECK_INT(n_open(), 0);
	end();
}

static void
test_raised(void)
{
	uint32_t position;

	begin();
	position = (uint32_t)dbk_books_size(book.books);
	break_seal();
	CHECK_INT(seal().state, DBK_FINDING_OPEN);
	CHECK_INT(seal().red, 0);
	CHECK_INT(seal().position, position);
	CHECK_INT(seal().last_position, position);
	CHECK_INT(seal().guard_set, 1);
	CHECK_INT(seal().window, 0);
	CHECK(goods_book_found(&book, DBK_RULE_SEAL_BROKEN, DBK_SUBJECT_BOOK, "", 1, 1,
			       0));
	CHECK_INT(book.effects.n_findings, 1);
	CHECK_INT(book.effects.findings[0], 1);
	CHECK_INT(book.effects.effects[0].n_findings, 1);
	CHECK_INT(n_open(), 1);
	end();
}

static void
test_added_to(void)
{
	struct dbk_row_finding row;
	uint32_t at, n = 0, position;

	begin();
	position = (uint32_t)dbk_books_size(book.books);
	for (unsigned i = 0; i < 20; i++)
		break_seal();
	row = seal();
	CHECK_INT(row.count, 20);
	CHECK_INT(row.position, position);
	CHECK_INT(row.last_position, position + 19);
	CHECK_INT(row.n_evidence, 16);
	for (at = row.first_evidence; at != 0;
	     at = DBK_ROW(book.books, evidence, evidence, at)->next)
		CHECK_INT(DBK_ROW(book.books, evidence, evidence, at)->position,
			  position + n++);
	CHECK_INT(n, 16);
	CHECK_INT(book.effects.findings[0], 1);
	CHECK_INT(n_open(), 1);
	end();
}

static void
test_guard_set_of_the_first(void)
{
	begin();
	break_seal();
	money_book_choose(&book, "custody", "FLAG");
	money_book_choose(&book, "count", "FLAG");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	break_seal();
	CHECK_INT(seal().count, 2);
	CHECK_INT(seal().guard_set, 1);
	CHECK_INT(resolve("1", "seen"), DBK_RULE_NONE);
	break_seal();
	CHECK_INT(seal().guard_set, 2);
	end();
}

static void
test_unknown(void)
{
	static const char *const names[] = {
		"0",  "01", "+1",	  "2",		"1 ",
		"x",  "-1", "4294967296", "4294967297", "18446744073709551617",
		"1.0"
	};

	begin();
	CHECK_INT(acknowledge("1"), DBK_RULE_FINDING_UNKNOWN);
	break_seal();
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		CHECK_INT(acknowledge(names[i]), DBK_RULE_FINDING_UNKNOWN);
		CHECK_INT(resolve(names[i], ""), DBK_RULE_FINDING_UNKNOWN);
	}
	CHECK_INT(acknowledge("1"), DBK_RULE_NONE);
	end();
}

static void
test_states(void)
{
	begin();
	break_seal();
	CHECK_INT(acknowledge("1"), DBK_RULE_NONE);
	CHECK_INT(seal().state, DBK_FINDING_ACKNOWLEDGED);
	CHECK_INT(seal().acknowledged_position, dbk_books_size(book.books));
	CHECK_INT(acknowledge("1"), DBK_RULE_FINDING_STATE);
	break_seal();
	CHECK_INT(seal().state, DBK_FINDING_ACKNOWLEDGED);
	CHECK_INT(seal().count, 2);
	CHECK_INT(n_open(), 1);
	CHECK_INT(resolve("1", ""), DBK_RULE_REASON_MISSING);
	CHECK_INT(resolve("1", "the parcel was wet"), DBK_RULE_NONE);
	CHECK_INT(seal().state, DBK_FINDING_RESOLVED);
	CHECK_INT(seal().resolved_position, dbk_books_size(book.books));
	CHECK_INT(n_open(), 0);
	CHECK_INT(acknowledge("1"), DBK_RULE_FINDING_STATE);
	CHECK_INT(resolve("1", ""), DBK_RULE_FINDING_STATE);
	end();
}

static void
test_again(void)
{
	begin();
	break_seal();
	CHECK_INT(resolve("1", "seen"), DBK_RULE_NONE);
	break_seal();
	CHECK_INT(seal().state, DBK_FINDING_OPEN);
	CHECK_INT(seal().count, 1);
	CHECK_INT(seal().older, 1);
	CHECK_INT(seal().n_evidence, 1);
	CHECK_INT(book.effects.findings[0], 2);
	CHECK_INT(acknowledge("1"), DBK_RULE_FINDING_STATE);
	CHECK_INT(resolve("2", "seen"), DBK_RULE_NONE);
	end();
}

/* The index keeps one entry however often it is raised. */
static void
test_again_and_again(void)
{
	char name[16];

	begin();
	for (unsigned i = 1; i <= 500; i++) {
		break_seal();
		(void)snprintf(name, sizeof name, "%u", i);
		CHECK_INT(resolve(name, "seen"), DBK_RULE_NONE);
	}
	CHECK_INT(seal().older, 499);
	CHECK_INT(n_open(), 0);
	end();
}

/* Two things are wrong with the chain of one scan. */
static void
test_once_a_record(void)
{
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_LOT_REGISTERED);
	event.u.lot_registered.lot = dbk_str_of("l1");
	event.u.lot_registered.sku = dbk_str_of("soap");
	event.u.lot_registered.expires_on = DBK_TIME_ABSENT;
	event.u.lot_registered.serial_from = dbk_str_of("100");
	event.u.lot_registered.serial_to = dbk_str_of("199");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	event = scanned("200");
	event.u.custody_scanned.lot = dbk_str_of("l1");
	event.u.custody_scanned.claimed_seller = dbk_str_of("nobody");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_CUSTODY_CHAIN, DBK_SUBJECT_LOT, "l1", 1,
			       2, 0));
	CHECK_INT(book.effects.n_findings, 1);
	end();
}

static struct dbk_event
fee(const char *agent, int64_t amount)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_FEE_CHARGED);
	static char name[16];

	(void)snprintf(name, sizeof name, "f%u", ++book.serial);
	event.u.fee_charged = (struct dbk_fee_charged){ .fee = dbk_str_of(name),
							.agent = dbk_str_of(agent),
							.kind = DBK_FEE_JOINING,
							.amount = amount,
							.is_condition = true };
	return event;
}

static uint32_t
red_of(const char *agent)
{
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of(agent));

	return DBK_ROW(book.books, watches, watch, dbk_watch_find(book.books, id))->red;
}

static void
test_red(void)
{
	struct dbk_event event;

	begin();
	money_book_choose(&book, "entry_fee", "FLAG");
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(red_of("a1"), 0);
	event = fee("a1", 100);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK_INT(
	    goods_book_finding(&book, DBK_RULE_ENTRY_FEE, DBK_SUBJECT_AGENT, "a1").red,
	    1);
	CHECK_INT(red_of("a1"), 1);
	event = fee("a1", 200);
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	CHECK(goods_book_found(&book, DBK_RULE_ENTRY_FEE, DBK_SUBJECT_AGENT, "a1", 2,
			       200, 0));
	CHECK_INT(red_of("a1"), 1);
	CHECK_INT(acknowledge("1"), DBK_RULE_NONE);
	CHECK_INT(red_of("a1"), 1);
	CHECK_INT(resolve("1", "paid back"), DBK_RULE_NONE);
	CHECK_INT(red_of("a1"), 0);
	end();
}

/* One guard flags, the next one refuses: nothing is left of the first. */
static void
test_refused(void)
{
	struct dbk_stock_line line;
	struct dbk_event event;

	begin();
	event = money_book_event(&book, DBK_EVENT_LOT_REGISTERED);
	event.u.lot_registered.lot = dbk_str_of("old");
	event.u.lot_registered.sku = dbk_str_of("soap");
	event.u.lot_registered.expires_on = book.now_us;
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NONE);
	money_book_choose(&book, "goods_out", "FLAG");
	money_book_choose(&book, "network", "REFUSE");
	money_book_set(&book, "network_min_units", 1);
	CHECK_INT(goods_book_guard(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	event = goods_book_issued(&book, &line, "soap", 1);
	line.lot = dbk_str_of("old");
	event.u.stock_issued.to = goods_book_agent("a1");
	CHECK_INT(money_book_send(&book, &event), DBK_RULE_NETWORK_SELL_THROUGH);
	CHECK(goods_book_found(&book, DBK_RULE_GOODS_STATE, DBK_SUBJECT_AGENT, "a1", 0,
			       0, 0));
	CHECK_INT(book.effects.n_findings, 0);
	CHECK_INT(n_open(), 0);
	end();
}

int
main(void)
{
	check_run("what fits raises nothing", test_nothing_found);
	check_run("a finding says what, since when and by which guards", test_raised);
	check_run("what fails again adds to it, the first 16 are kept", test_added_to);
	check_run("it keeps the guard set it was raised by",
		  test_guard_set_of_the_first);
	check_run("a number that none has is unknown", test_unknown);
	check_run("it is open, acknowledged, resolved", test_states);
	check_run("what fails after it was resolved is a new one", test_again);
	check_run("it may be raised any number of times", test_again_and_again);
	check_run("of one record it counts once, the last stays", test_once_a_record);
	check_run("red ones of an agent are counted until they are resolved", test_red);
	check_run("a refused event leaves no finding", test_refused);
	return check_end();
}
