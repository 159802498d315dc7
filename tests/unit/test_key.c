#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sound_event.h"
#include "event/key.h"
#include "event/schema.h"

static struct dbk_event
event_of(enum dbk_event_type type)
{
	struct dbk_event event;

	memset(&event, 0, sizeof event);
	event.type = type;
	return event;
}

static struct dbk_key
key_of(const struct dbk_event *event)
{
	struct dbk_key key;

	dbk_event_key(event, &key);
	return key;
}

static struct dbk_key
payment_key_of(const struct dbk_event *event)
{
	struct dbk_key key;

	dbk_event_payment_key(event, &key);
	return key;
}

static bool
is_same(struct dbk_key a, struct dbk_key b)
{
	return a.size == b.size && memcmp(a.bytes, b.bytes, a.size) == 0;
}

static bool
is_bytes(struct dbk_key key, const char *want, size_t size)
{
	return key.size == size && memcmp(key.bytes, want, size) == 0;
}

#define IS_BYTES(key, want) is_bytes((key), (want), sizeof(want) - 1)

static void
test_members_do_not_run_into_each_other(void)
{
	struct dbk_event a = event_of(DBK_EVENT_ORDER_PAID);
	struct dbk_event b = event_of(DBK_EVENT_ORDER_PAID);

	a.u.order_paid.psp = dbk_str_of("ab");
	a.u.order_paid.psp_txn = dbk_str_of("c");
	b.u.order_paid.psp = dbk_str_of("a");
	b.u.order_paid.psp_txn = dbk_str_of("bc");
	CHECK(!is_same(key_of(&a), key_of(&b)));
}

/* Key of TYPE when the id that its struct begins with is ID. */
static struct dbk_key
key_with_id(enum dbk_event_type type, const char *id)
{
	struct dbk_event event = event_of(type);

	event.u.order_cancelled.order = dbk_str_of(id);
	return key_of(&event);
}

/* One event a key space; of those that share a space one stands for all. */
static void
test_spaces_do_not_meet(void)
{
	static const enum dbk_event_type types[] = {
		DBK_EVENT_PLAN_PUBLISHED,	DBK_EVENT_TEAM_FORMED,
		DBK_EVENT_TEAM_MEMBER_CHANGED,	DBK_EVENT_DEPOSIT_RECEIVED,
		DBK_EVENT_DEPOSIT_RETURNED,	DBK_EVENT_FEE_CHARGED,
		DBK_EVENT_CHARGEBACK_OPENED,	DBK_EVENT_CHARGEBACK_WON,
		DBK_EVENT_CHARGEBACK_LOST,	DBK_EVENT_ORDER_FLAGGED,
		DBK_EVENT_ORDER_CLEARED,	DBK_EVENT_COMMISSION_REPORTED,
		DBK_EVENT_COMMISSION_HELD,	DBK_EVENT_HOLD_RELEASED,
		DBK_EVENT_CLAWBACK_REPAID,	DBK_EVENT_CLAWBACK_WRITTEN_OFF,
		DBK_EVENT_BONUS_AWARDED,	DBK_EVENT_MANUAL_ADJUSTMENT,
		DBK_EVENT_PAYOUT_REQUESTED,	DBK_EVENT_PAYOUT_APPROVED,
		DBK_EVENT_PAYOUT_BATCHED,	DBK_EVENT_PAYOUT_SENT,
		DBK_EVENT_PAYOUT_SETTLED,	DBK_EVENT_PAYOUT_RETURNED,
		DBK_EVENT_TAX_REMITTED,		DBK_EVENT_PERIOD_CLOSED,
		DBK_EVENT_OVERRIDE_GRANTED,	DBK_EVENT_CONTEST_OPENED,
		DBK_EVENT_CONTEST_CLOSED,	DBK_EVENT_ORDER_PAID,
		DBK_EVENT_PSP_SETTLED,		DBK_EVENT_REFUND_PAID,
		DBK_EVENT_BOOK_OPENED,		DBK_EVENT_LOT_REGISTERED,
		DBK_EVENT_AGENT_ENROLLED,	DBK_EVENT_SPONSOR_CHANGED,
		DBK_EVENT_CUSTOMER_BOUND,	DBK_EVENT_CUSTOMER_UNBOUND,
		DBK_EVENT_REFERRAL_RECORDED,	DBK_EVENT_SALE_RECORDED,
		DBK_EVENT_ORDER_CANCELLED,	DBK_EVENT_REFUND_REQUESTED,
		DBK_EVENT_REFUND_REJECTED,	DBK_EVENT_REFUND_APPROVED,
		DBK_EVENT_STOCK_ISSUED,		DBK_EVENT_STOCK_CONSUMED,
		DBK_EVENT_SKU_DEFINED,		DBK_EVENT_AGENT_VERIFIED,
		DBK_EVENT_RANK_CHANGED,		DBK_EVENT_AGENT_SUSPENDED,
		DBK_EVENT_GOODS_SHIPPED,	DBK_EVENT_RECEIPT_CONFIRMED,
		DBK_EVENT_STOCK_COUNTED,	DBK_EVENT_CLOCK_ADVANCED,
		DBK_EVENT_PRICE_BAND_SET,	DBK_EVENT_GUARD_SET_PUBLISHED,
		DBK_EVENT_TERRITORY_ASSIGNED,	DBK_EVENT_TERRITORY_REVOKED,
		DBK_EVENT_RESTOCK_REQUESTED,	DBK_EVENT_BUYBACK_REQUESTED,
		DBK_EVENT_CUSTODY_SCANNED,	DBK_EVENT_PRICE_OBSERVED,
		DBK_EVENT_OBSERVATION_RECORDED, DBK_EVENT_FINDING_ACKNOWLEDGED,
	};
	const size_t count = sizeof types / sizeof types[0];

	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			CHECK(key_with_id(types[i], "X").bytes[0] !=
			      key_with_id(types[j], "X").bytes[0]);
}

static void
test_events_that_tell_of_one_thing_share_a_space(void)
{
	CHECK(is_same(key_with_id(DBK_EVENT_SALE_RECORDED, "X"),
		      key_with_id(DBK_EVENT_ORDER_PLACED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_STOCK_ISSUED, "X"),
		      key_with_id(DBK_EVENT_STOCK_TRANSFERRED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_STOCK_CONSUMED, "X"),
		      key_with_id(DBK_EVENT_STOCK_RETURNED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_AGENT_SUSPENDED, "X"),
		      key_with_id(DBK_EVENT_AGENT_REINSTATED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_AGENT_SUSPENDED, "X"),
		      key_with_id(DBK_EVENT_AGENT_TERMINATED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_PAYOUT_APPROVED, "X"),
		      key_with_id(DBK_EVENT_PAYOUT_REJECTED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_PAYOUT_APPROVED, "X"),
		      key_with_id(DBK_EVENT_PAYOUT_CANCELLED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_PAYOUT_APPROVED, "X"),
		      key_with_id(DBK_EVENT_PAYOUT_UNKNOWN, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_PAYOUT_APPROVED, "X"),
		      key_with_id(DBK_EVENT_PAYOUT_FAILED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_STOCK_CONSUMED, "X"),
		      key_with_id(DBK_EVENT_BUYBACK_SETTLED, "X")));
	CHECK(is_same(key_with_id(DBK_EVENT_FINDING_ACKNOWLEDGED, "X"),
		      key_with_id(DBK_EVENT_FINDING_RESOLVED, "X")));
}

/* What is in no key may differ in a repeat, and is a conflict then. */
static void
test_only_the_members_of_a_key_count(void)
{
	struct dbk_event a = event_of(DBK_EVENT_PAYOUT_FAILED), b;

	a.u.payout_step.payout = dbk_str_of("P");
	a.u.payout_step.action = dbk_str_of("A");
	b = a;
	b.u.payout_step.code = dbk_str_of("E1");
	b.u.payout_step.final = true;
	b.source = dbk_str_of("other");
	CHECK(is_same(key_of(&a), key_of(&b)));
	b.u.payout_step.action = dbk_str_of("B");
	CHECK(!is_same(key_of(&a), key_of(&b)));
}

static void
test_every_event_has_a_key(void)
{
	unsigned count = 0;

	for (uint32_t type = 0; type < 1000; type++) {
		struct sound_parts parts;
		struct dbk_event event;

		if (dbk_schema_find(type) == NULL)
			continue;
		count++;
		sound_event((enum dbk_event_type)type, &event, &parts);
		CHECK(key_of(&event).size > 2);
		CHECK(key_of(&event).bytes[0] != 0);
	}
	CHECK(count > 60);
}

/* The bytes are kept with the books: a change here breaks every data directory. */
static void
test_the_bytes_of_keys_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_SALE_RECORDED);

	e.u.sale.order = dbk_str_of("O-1");
	CHECK(IS_BYTES(key_of(&e), "\x1e\x03O-1"));
	e = event_of(DBK_EVENT_BOOK_OPENED);
	e.u.book_opened.book = dbk_str_of("b");
	CHECK(IS_BYTES(key_of(&e), "\x01\x01"
				   "b"));
	e = event_of(DBK_EVENT_SKU_DEFINED);
	e.u.sku_defined.sku = dbk_str_of("S");
	e.u.sku_defined.revision = 0x01020304;
	CHECK(IS_BYTES(key_of(&e), "\x02\x01S\x04\x01\x02\x03\x04"));
	e = event_of(DBK_EVENT_LOT_REGISTERED);
	e.u.lot_registered.lot = dbk_str_of("L");
	CHECK(IS_BYTES(key_of(&e), "\x03\x01L"));
	e = event_of(DBK_EVENT_AGENT_ENROLLED);
	e.u.agent_enrolled.agent = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x0a\x01X"));
	e = event_of(DBK_EVENT_AGENT_VERIFIED);
	e.u.agent_verified.agent = dbk_str_of("X");
	e.u.agent_verified.revision = 2;
	CHECK(IS_BYTES(key_of(&e), "\x0b\x01X\x04\0\0\0\x02"));
	e = event_of(DBK_EVENT_SPONSOR_CHANGED);
	e.u.sponsor_changed.change = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x0c\x01X"));
	e = event_of(DBK_EVENT_RANK_CHANGED);
	e.u.rank_changed.agent = dbk_str_of("X");
	e.u.rank_changed.period = dbk_str_of("P");
	CHECK(IS_BYTES(key_of(&e), "\x0d\x01X\x01P"));
	e = event_of(DBK_EVENT_AGENT_TERMINATED);
	e.u.agent_step.agent = dbk_str_of("X");
	e.u.agent_step.action = dbk_str_of("Y");
	CHECK(IS_BYTES(key_of(&e), "\x0e\x01X\x01Y"));
	e = event_of(DBK_EVENT_CUSTOMER_BOUND);
	e.u.customer_bound.binding = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x0f\x01X"));
	e = event_of(DBK_EVENT_CUSTOMER_UNBOUND);
	e.u.customer_unbound.binding = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x10\x01X"));
	e = event_of(DBK_EVENT_REFERRAL_RECORDED);
	e.u.referral_recorded.referral = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x11\x01X"));
	e = event_of(DBK_EVENT_CLOCK_ADVANCED);
	e.effective_at = 0x0102030405060708;
	CHECK(IS_BYTES(key_of(&e), "\x46\x08\x01\x02\x03\x04\x05\x06\x07\x08"));
}

static void
test_the_bytes_of_keys_of_trade_and_stock_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_ORDER_CANCELLED);

	e.u.order_cancelled.order = dbk_str_of("O");
	CHECK(IS_BYTES(key_of(&e), "\x1f\x01O"));
	e = event_of(DBK_EVENT_ORDER_PAID);
	e.u.order_paid.psp = dbk_str_of("wx");
	e.u.order_paid.psp_txn = dbk_str_of("T1");
	CHECK(IS_BYTES(key_of(&e), "\x20\x02wx\x02T1"));
	e = event_of(DBK_EVENT_PSP_SETTLED);
	e.u.psp_settled.psp = dbk_str_of("wx");
	e.u.psp_settled.batch = dbk_str_of("T1");
	CHECK(IS_BYTES(key_of(&e), "\x21\x02wx\x02T1"));
	e = event_of(DBK_EVENT_GOODS_SHIPPED);
	e.u.goods_shipped.order = dbk_str_of("O");
	e.u.goods_shipped.shipment = dbk_str_of("S");
	e.u.goods_shipped.line = 3;
	CHECK(IS_BYTES(key_of(&e), "\x22\x01O\x01S\x04\0\0\0\x03"));
	e = event_of(DBK_EVENT_RECEIPT_CONFIRMED);
	e.u.receipt_confirmed.order = dbk_str_of("O");
	CHECK(IS_BYTES(key_of(&e), "\x23\x01O\x04\0\0\0\0"));
	e = event_of(DBK_EVENT_REFUND_REQUESTED);
	e.u.refund_step.refund = dbk_str_of("R");
	CHECK(IS_BYTES(key_of(&e), "\x24\x01R"));
	e.type = DBK_EVENT_REFUND_REJECTED;
	CHECK(IS_BYTES(key_of(&e), "\x25\x01R"));
	e.type = DBK_EVENT_REFUND_APPROVED;
	CHECK(IS_BYTES(key_of(&e), "\x26\x01R"));
	e = event_of(DBK_EVENT_REFUND_PAID);
	e.u.refund_paid.psp = dbk_str_of("wx");
	e.u.refund_paid.psp_ref = dbk_str_of("T1");
	CHECK(IS_BYTES(key_of(&e), "\x27\x02wx\x02T1"));
	e = event_of(DBK_EVENT_STOCK_ISSUED);
	e.u.stock_issued.transfer = dbk_str_of("T");
	CHECK(IS_BYTES(key_of(&e), "\x3c\x01T"));
	e = event_of(DBK_EVENT_STOCK_RETURNED);
	e.u.stock_returned.document = dbk_str_of("D");
	CHECK(IS_BYTES(key_of(&e), "\x3d\x01"
				   "D"));
	e = event_of(DBK_EVENT_STOCK_COUNTED);
	e.u.stock_counted.count = dbk_str_of("N");
	e.u.stock_counted.line = 65535;
	CHECK(IS_BYTES(key_of(&e), "\x3e\x01N\x04\0\0\xff\xff"));
}

static void
test_the_bytes_of_keys_of_network_and_control_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_PLAN_PUBLISHED);

	e.u.plan_published.plan = dbk_str_of("P");
	e.u.plan_published.version = 2;
	CHECK(IS_BYTES(key_of(&e), "\x04\x01P\x04\0\0\0\x02"));
	e = event_of(DBK_EVENT_TEAM_FORMED);
	e.u.team_formed.team = dbk_str_of("T");
	CHECK(IS_BYTES(key_of(&e), "\x12\x01T"));
	e = event_of(DBK_EVENT_TEAM_MEMBER_CHANGED);
	e.u.team_member_changed.team = dbk_str_of("T");
	e.u.team_member_changed.change = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x13\x01T\x01X"));
	e = event_of(DBK_EVENT_DEPOSIT_RECEIVED);
	e.u.agent_money.agent = dbk_str_of("A");
	e.u.agent_money.ref = dbk_str_of("R");
	CHECK(IS_BYTES(key_of(&e), "\x14\x01R"));
	e.type = DBK_EVENT_DEPOSIT_RETURNED;
	CHECK(IS_BYTES(key_of(&e), "\x15\x01R"));
	e = event_of(DBK_EVENT_FEE_CHARGED);
	e.u.fee_charged.fee = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x16\x01X"));
	e = event_of(DBK_EVENT_PERIOD_CLOSED);
	e.u.period_closed.period = dbk_str_of("P");
	CHECK(IS_BYTES(key_of(&e), "\x47\x01P"));
	e = event_of(DBK_EVENT_OVERRIDE_GRANTED);
	e.u.override_granted.override = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x48\x01X"));
	e = event_of(DBK_EVENT_CONTEST_OPENED);
	e.u.contest_opened.contest = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x49\x01X"));
	e = event_of(DBK_EVENT_CONTEST_CLOSED);
	e.u.contest_closed.contest = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x4a\x01X"));
}

static void
test_the_bytes_of_keys_of_guards_and_territories_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_PRICE_BAND_SET);

	e.u.price_band_set.band = dbk_str_of("X");
	e.u.price_band_set.revision = 258;
	CHECK(IS_BYTES(key_of(&e), "\x05\x01X\x04\0\0\x01\x02"));
	e = event_of(DBK_EVENT_GUARD_SET_PUBLISHED);
	e.u.guard_set_published.guard_set = dbk_str_of("G");
	e.u.guard_set_published.version = 2;
	CHECK(IS_BYTES(key_of(&e), "\x06\x01G\x04\0\0\0\x02"));
	e = event_of(DBK_EVENT_TERRITORY_ASSIGNED);
	e.u.territory_assigned.assignment = dbk_str_of("T");
	CHECK(IS_BYTES(key_of(&e), "\x07\x01T"));
	e = event_of(DBK_EVENT_TERRITORY_REVOKED);
	e.u.territory_revoked.assignment = dbk_str_of("T");
	CHECK(IS_BYTES(key_of(&e), "\x08\x01T"));
}

static void
test_the_bytes_of_keys_of_goods_and_findings_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_RESTOCK_REQUESTED);

	e.u.restock_requested.request = dbk_str_of("Q");
	CHECK(IS_BYTES(key_of(&e), "\x3f\x01Q"));
	e = event_of(DBK_EVENT_BUYBACK_REQUESTED);
	e.u.buyback_requested.request = dbk_str_of("Q");
	CHECK(IS_BYTES(key_of(&e), "\x40\x01Q"));
	e = event_of(DBK_EVENT_BUYBACK_SETTLED);
	e.u.buyback_settled.document = dbk_str_of("X");
	e.u.buyback_settled.request = dbk_str_of("Q");
	CHECK(IS_BYTES(key_of(&e), "\x3d\x01X"));
	e = event_of(DBK_EVENT_CUSTODY_SCANNED);
	e.u.custody_scanned.scan = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x41\x01X"));
	e = event_of(DBK_EVENT_PRICE_OBSERVED);
	e.u.price_observed.observation = dbk_str_of("V");
	CHECK(IS_BYTES(key_of(&e), "\x42\x01V"));
	e = event_of(DBK_EVENT_OBSERVATION_RECORDED);
	e.u.observation_recorded.observation = dbk_str_of("V");
	CHECK(IS_BYTES(key_of(&e), "\x4b\x01V"));
	e = event_of(DBK_EVENT_FINDING_ACKNOWLEDGED);
	e.u.finding_acknowledged.finding = dbk_str_of("X");
	e.u.finding_acknowledged.action = dbk_str_of("Y");
	CHECK(IS_BYTES(key_of(&e), "\x4c\x01X\x01Y"));
	e = event_of(DBK_EVENT_FINDING_RESOLVED);
	e.u.finding_resolved.finding = dbk_str_of("X");
	e.u.finding_resolved.action = dbk_str_of("Y");
	CHECK(IS_BYTES(key_of(&e), "\x4c\x01X\x01Y"));
}

static void
test_the_bytes_of_keys_of_trust_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_SOURCE_REGISTERED);

	e.u.source_registered.source = dbk_str_of("S");
	e.u.source_registered.revision = 2;
	CHECK(IS_BYTES(key_of(&e), "\x4d\x01S\x04\0\0\0\x02"));
	e = event_of(DBK_EVENT_SOURCE_KEY_REVOKED);
	e.u.source_key_revoked.source = dbk_str_of("S");
	e.u.source_key_revoked.revision = 2;
	CHECK(IS_BYTES(key_of(&e), "\x4e\x01S\x04\0\0\0\x02"));
	e = event_of(DBK_EVENT_SUBJECT_ERASED);
	e.u.subject_erased.subject = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x4f\x01X"));
	e = event_of(DBK_EVENT_DIGEST_RECORDED);
	CHECK(IS_BYTES(key_of(&e), "\x78\x08\0\0\0\0\0\0\0\0"));
	e.u.digest_recorded.size = 0xf102030405060708;
	CHECK(IS_BYTES(key_of(&e), "\x78\x08\xf1\x02\x03\x04\x05\x06\x07\x08"));
}

static void
test_the_bytes_of_keys_of_commission_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_CHARGEBACK_OPENED);

	e.u.chargeback_step.chargeback = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x28\x01X"));
	e.type = DBK_EVENT_CHARGEBACK_WON;
	CHECK(IS_BYTES(key_of(&e), "\x29\x01X"));
	e.type = DBK_EVENT_CHARGEBACK_LOST;
	CHECK(IS_BYTES(key_of(&e), "\x2a\x01X"));
	e = event_of(DBK_EVENT_ORDER_FLAGGED);
	e.u.order_flag.order = dbk_str_of("O");
	e.u.order_flag.rule = dbk_str_of("R");
	e.u.order_flag.revision = 258;
	CHECK(IS_BYTES(key_of(&e), "\x2b\x01O\x01R\x04\0\0\x01\x02"));
	e.type = DBK_EVENT_ORDER_CLEARED;
	CHECK(IS_BYTES(key_of(&e), "\x2c\x01O\x01R\x04\0\0\x01\x02"));
	e = event_of(DBK_EVENT_COMMISSION_REPORTED);
	e.u.commission_reported.commission = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x50\x01X"));
	e = event_of(DBK_EVENT_COMMISSION_HELD);
	e.u.commission_held.hold = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x51\x01X"));
	e = event_of(DBK_EVENT_HOLD_RELEASED);
	e.u.hold_released.hold = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x52\x01X"));
	e = event_of(DBK_EVENT_CLAWBACK_REPAID);
	e.u.agent_money.ref = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x53\x01X"));
	e = event_of(DBK_EVENT_CLAWBACK_WRITTEN_OFF);
	e.u.clawback_written_off.ref = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x54\x01X"));
	e = event_of(DBK_EVENT_BONUS_AWARDED);
	e.u.bonus_awarded.bonus = dbk_str_of("X");
	e.u.bonus_awarded.period = dbk_str_of("P");
	CHECK(IS_BYTES(key_of(&e), "\x55\x01X\x01P"));
	e = event_of(DBK_EVENT_MANUAL_ADJUSTMENT);
	e.u.manual_adjustment.adjustment = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x56\x01X"));
}

static void
test_the_bytes_of_keys_of_payouts_are_fixed(void)
{
	struct dbk_event e = event_of(DBK_EVENT_PAYOUT_REQUESTED);

	e.u.payout_requested.payout = dbk_str_of("P");
	CHECK(IS_BYTES(key_of(&e), "\x64\x01P"));
	e = event_of(DBK_EVENT_PAYOUT_CANCELLED);
	e.u.payout_step.payout = dbk_str_of("P");
	e.u.payout_step.action = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x65\x01P\x01X"));
	e = event_of(DBK_EVENT_PAYOUT_BATCHED);
	e.u.payout_batched.batch = dbk_str_of("X");
	CHECK(IS_BYTES(key_of(&e), "\x66\x01X"));
	e = event_of(DBK_EVENT_PAYOUT_SENT);
	e.u.payout_sent.payout = dbk_str_of("P");
	e.u.payout_sent.provider = dbk_str_of("bk");
	e.u.payout_sent.request_no = dbk_str_of("1");
	CHECK(IS_BYTES(key_of(&e), "\x67\x02"
				   "bk\x01"
				   "1"));
	e = event_of(DBK_EVENT_PAYOUT_SETTLED);
	e.u.payout_answer.payout = dbk_str_of("P");
	e.u.payout_answer.provider = dbk_str_of("bk");
	e.u.payout_answer.provider_ref = dbk_str_of("1");
	CHECK(IS_BYTES(key_of(&e), "\x68\x02"
				   "bk\x01"
				   "1"));
	e.type = DBK_EVENT_PAYOUT_RETURNED;
	CHECK(IS_BYTES(key_of(&e), "\x69\x02"
				   "bk\x01"
				   "1"));
	e = event_of(DBK_EVENT_TAX_REMITTED);
	e.u.tax_remitted.period = dbk_str_of("P");
	e.u.tax_remitted.ref = dbk_str_of("R");
	CHECK(IS_BYTES(key_of(&e), "\x6a\x01P\x01R"));
}

static void
test_the_payment_key_is_that_of_order_paid(void)
{
	struct dbk_event paid = event_of(DBK_EVENT_ORDER_PAID);
	struct dbk_event sale = event_of(DBK_EVENT_SALE_RECORDED);
	struct dbk_event issue = event_of(DBK_EVENT_STOCK_ISSUED);
	struct dbk_event fee = event_of(DBK_EVENT_FEE_CHARGED);

	fee.u.fee_charged.psp = dbk_str_of("wx");
	fee.u.fee_charged.psp_txn = dbk_str_of("T1");
	paid.u.order_paid.psp = sale.u.sale.psp = issue.u.stock_issued.psp =
	    dbk_str_of("wx");
	paid.u.order_paid.psp_txn = sale.u.sale.psp_txn = issue.u.stock_issued.psp_txn =
	    dbk_str_of("T1");
	CHECK(is_same(payment_key_of(&sale), key_of(&paid)));
	CHECK(is_same(payment_key_of(&issue), key_of(&paid)));
	CHECK(is_same(payment_key_of(&fee), key_of(&paid)));
	CHECK_INT(payment_key_of(&paid).size, 0);
}

static void
test_without_a_payment_there_is_no_payment_key(void)
{
	struct dbk_event sale = event_of(DBK_EVENT_SALE_RECORDED);
	struct dbk_event placed = event_of(DBK_EVENT_ORDER_PLACED);
	struct dbk_event issue = event_of(DBK_EVENT_STOCK_ISSUED);
	struct dbk_event fee = event_of(DBK_EVENT_FEE_CHARGED);

	CHECK_INT(payment_key_of(&fee).size, 0);
	CHECK_INT(payment_key_of(&sale).size, 0);
	CHECK_INT(payment_key_of(&placed).size, 0);
	CHECK_INT(payment_key_of(&issue).size, 0);
}

static void
test_the_longest_ids_fit(void)
{
	struct dbk_event e = event_of(DBK_EVENT_RANK_CHANGED);
	char id[DBK_ID_BYTES_MAX];

	memset(id, 'x', sizeof id);
	e.u.rank_changed.agent = e.u.rank_changed.period = dbk_str_make(id, sizeof id);
	CHECK_INT(key_of(&e).size, 1 + 2 * (1 + DBK_ID_BYTES_MAX));
}

int
main(void)
{
	check_run("members do not run into each other",
		  test_members_do_not_run_into_each_other);
	check_run("spaces do not meet", test_spaces_do_not_meet);
	check_run("events that tell of one thing share a space",
		  test_events_that_tell_of_one_thing_share_a_space);
	check_run("only the members of a key count",
		  test_only_the_members_of_a_key_count);
	check_run("every event has a key", test_every_event_has_a_key);
	check_run("the bytes of keys are fixed", test_the_bytes_of_keys_are_fixed);
	check_run("the bytes of keys of trade and stock are fixed",
		  test_the_bytes_of_keys_of_trade_and_stock_are_fixed);
	check_run("the bytes of keys of network and control are fixed",
		  test_the_bytes_of_keys_of_network_and_control_are_fixed);
	check_run("the bytes of keys of trust are fixed",
		  test_the_bytes_of_keys_of_trust_are_fixed);
	check_run("the bytes of keys of commission are fixed",
		  test_the_bytes_of_keys_of_commission_are_fixed);
	check_run("the bytes of keys of guards and territories are fixed",
		  test_the_bytes_of_keys_of_guards_and_territories_are_fixed);
	check_run("the bytes of keys of goods and findings are fixed",
		  test_the_bytes_of_keys_of_goods_and_findings_are_fixed);
	check_run("the bytes of keys of payouts are fixed",
		  test_the_bytes_of_keys_of_payouts_are_fixed);
	check_run("the payment key is that of OrderPaid",
		  test_the_payment_key_is_that_of_order_paid);
	check_run("without a payment there is no payment key",
		  test_without_a_payment_there_is_no_payment_key);
	check_run("the longest ids fit", test_the_longest_ids_fit);
	return check_end();
}
