/*
 * custody.c -- scans of lots and serials, and what does not fit together.
 *
 * A scan is a fact and is never refused for what it says of the goods: whoever scanned
 * them has seen them.
 */

#include "books/goods_core.h"

/* A scan, found in the books. */
struct scan {
	const struct dbk_custody_scanned *event;
	uint32_t lot;	 /* that it names, else its serial's; 0: none */
	uint32_t serial; /* 0: none */
};

static bool
is_by_consumer(const struct scan *scan)
{
	return dbk_str_equal(scan->event->actor_class, dbk_str_of("CONSUMER"));
}

static bool
find_serial(struct dbk_decision *d, struct scan *scan)
{
	struct dbk_row_serial *row;

	if (!dbk_intern(d, DBK_SPACE_SERIAL, scan->event->serial, &scan->serial))
		return false;
	if (scan->serial == 0)
		return true;
	row = DBK_TOUCH(d->books, serials, serial, scan->serial);
	if (row->lot == 0)
		row->lot = scan->lot;
	else if (scan->lot == 0)
		scan->lot = row->lot;
	if (is_by_consumer(scan))
		row->consumer_scans++;
	return true;
}

static bool
find_scan(struct dbk_decision *d, struct scan *scan)
{
	struct dbk_str lot = scan->event->lot;

	scan->lot = dbk_name_find(d, DBK_SPACE_LOT, lot);
	if (scan->lot == 0 && lot.size != 0)
		return dbk_refuse(d, DBK_RULE_LOT_UNKNOWN, dbk_field("lot"), lot);
	return find_serial(d, scan);
}

static bool
note(struct dbk_decision *d, const struct scan *scan, enum dbk_rule rule,
     int64_t measured, int64_t limit)
{
	struct dbk_violation violation = {
		.guard = DBK_GUARD_CUSTODY,
		.rule = rule,
		.field = dbk_field("scan"),
		.value = scan->event->scan,
		.subject_kind = scan->lot != 0 ? DBK_SUBJECT_LOT : DBK_SUBJECT_BOOK,
		.subject = scan->lot,
		.measured = measured,
		.limit = limit,
	};

	return dbk_guard_fail(d, dbk_guard_mode(d->books, DBK_GUARD_CUSTODY),
			      &violation);
}

/* Who buys a thing scans it once. */
static bool
check_serial_once(struct dbk_decision *d, const struct scan *scan)
{
	int64_t times;

	if (scan->serial == 0 || !is_by_consumer(scan))
		return true;
	times = DBK_ROW(d->books, serials, serial, scan->serial)->consumer_scans;
	return times <= 1 || note(d, scan, DBK_RULE_SERIAL_TWICE, times, 1);
}

static bool
check_region(struct dbk_decision *d, const struct scan *scan)
{
	uint32_t intended = DBK_ROW(d->books, lots, lot, scan->lot)->intended_region;
	struct dbk_str region = scan->event->region;

	if (intended == 0 || region.size == 0 ||
	    dbk_str_equal(region,
			  dbk_names_get(&d->books->names, DBK_SPACE_TAG, intended)))
		return true;
	return note(d, scan, DBK_RULE_DIVERSION, 1, 0);
}

/* Did AGENT ever have a position of goods of LOT? */
static bool
had_lot(const struct dbk_books *books, uint32_t agent, uint32_t lot)
{
	uint32_t holder = DBK_ROW(books, agents, agent, agent)->holder;
	uint32_t at =
	    holder == 0 ? 0 : DBK_ROW(books, holders, holder, holder)->first_position;

	while (at != 0) {
		const struct dbk_row_position *row =
		    DBK_ROW(books, positions, position, at);

		if (DBK_ROW(books, goods, good, row->good)->lot == lot)
			return true;
		at = row->next;
	}
	return false;
}

static bool
check_seller(struct dbk_decision *d, const struct scan *scan)
{
	struct dbk_str seller = scan->event->claimed_seller;
	uint32_t agent = dbk_name_find(d, DBK_SPACE_AGENT, seller);

	if (seller.size == 0 || (agent != 0 && had_lot(d->books, agent, scan->lot)))
		return true;
	return note(d, scan, DBK_RULE_CUSTODY_CHAIN, 1, 0);
}

/* Serials of one length are compared byte by byte; nothing is known of others. */
static bool
is_between(struct dbk_str serial, struct dbk_str from, struct dbk_str to)
{
	return serial.size == from.size && serial.size == to.size &&
	       memcmp(from.bytes, serial.bytes, serial.size) <= 0 &&
	       memcmp(serial.bytes, to.bytes, serial.size) <= 0;
}

static bool
check_range(struct dbk_decision *d, const struct scan *scan)
{
	const struct dbk_names *names = &d->books->names;
	const struct dbk_row_lot *lot = DBK_ROW(d->books, lots, lot, scan->lot);

	if (scan->serial == 0 || lot->serial_from == 0 || lot->serial_to == 0 ||
	    is_between(scan->event->serial,
		       dbk_names_get(names, DBK_SPACE_TAG, lot->serial_from),
		       dbk_names_get(names, DBK_SPACE_TAG, lot->serial_to)))
		return true;
	return note(d, scan, DBK_RULE_CUSTODY_CHAIN, 2, 0);
}

static bool
check_lot(struct dbk_decision *d, const struct scan *scan)
{
	return scan->lot == 0 ||
	       (check_region(d, scan) && check_seller(d, scan) && check_range(d, scan));
}

bool
dbk_decide_custody_scanned(struct dbk_decision *d)
{
	struct scan scan = { .event = &d->event->u.custody_scanned };

	if (!find_scan(d, &scan))
		return false;
	if (dbk_guard_mode(d->books, DBK_GUARD_CUSTODY) == DBK_GUARD_OFF)
		return true;
	return check_serial_once(d, &scan) && check_lot(d, &scan) &&
	       (!scan.event->seal_broken || note(d, &scan, DBK_RULE_SEAL_BROKEN, 1, 0));
}
