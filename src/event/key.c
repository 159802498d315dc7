#include "event/key.h"

#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

/*
 * Key spaces.  Their numbers are kept with the books, so they are never reused.  Events
 * with one space compete for a key: an order is placed or sold, not both.
 */
enum {
	SPACE_NONE = 0,
	SPACE_BOOK = 1,
	SPACE_SKU = 2,
	SPACE_LOT = 3,
	SPACE_PLAN = 4,
	SPACE_PRICE_BAND = 5,
	SPACE_GUARD_SET = 6,
	SPACE_TERRITORY = 7,
	SPACE_TERRITORY_REVOKED = 8,
	SPACE_AGENT = 10,
	SPACE_AGENT_REVISION = 11,
	SPACE_SPONSOR_CHANGE = 12,
	SPACE_RANK = 13,
	SPACE_AGENT_ACTION = 14,
	SPACE_BINDING = 15,
	SPACE_BINDING_END = 16,
	SPACE_REFERRAL = 17,
	SPACE_TEAM = 18,
	SPACE_TEAM_CHANGE = 19,
	SPACE_DEPOSIT_RECEIVED = 20,
	SPACE_DEPOSIT_RETURNED = 21,
	SPACE_FEE = 22,
	SPACE_ORDER = 30,
	SPACE_ORDER_CANCELLED = 31,
	SPACE_PAYMENT = 32,
	SPACE_SETTLEMENT = 33,
	SPACE_SHIPMENT = 34,
	SPACE_RECEIPT = 35,
	SPACE_REFUND_REQUESTED = 36,
	SPACE_REFUND_REJECTED = 37,
	SPACE_REFUND_APPROVED = 38,
	SPACE_REFUND_PAID = 39,
	SPACE_CHARGEBACK_OPENED = 40,
	SPACE_CHARGEBACK_WON = 41,
	SPACE_CHARGEBACK_LOST = 42,
	SPACE_ORDER_FLAGGED = 43,
	SPACE_ORDER_CLEARED = 44,
	SPACE_TRANSFER = 60,
	SPACE_STOCK_DOCUMENT = 61,
	SPACE_COUNT = 62,
	SPACE_RESTOCK_REQUEST = 63,
	SPACE_BUYBACK_REQUEST = 64,
	SPACE_SCAN = 65,
	SPACE_PRICE_OBSERVATION = 66,
	SPACE_CLOCK = 70,
	SPACE_PERIOD = 71,
	SPACE_OVERRIDE = 72,
	SPACE_CONTEST = 73,
	SPACE_CONTEST_CLOSED = 74,
	SPACE_OBSERVATION = 75,
	SPACE_FINDING_ACTION = 76,
	SPACE_SOURCE_KEY = 77,
	SPACE_SOURCE_KEY_REVOKED = 78,
	SPACE_SUBJECT_ERASED = 79,
	SPACE_COMMISSION = 80,
	SPACE_HOLD = 81,
	SPACE_HOLD_RELEASED = 82,
	SPACE_CLAWBACK_REPAID = 83,
	SPACE_CLAWBACK_WRITTEN_OFF = 84,
	SPACE_BONUS = 85,
	SPACE_ADJUSTMENT = 86,
	SPACE_PAYOUT = 100,
	SPACE_PAYOUT_ACTION = 101,
	SPACE_PAYOUT_BATCH = 102,
	SPACE_PAYOUT_SENT = 103,
	SPACE_PAYOUT_SETTLED = 104,
	SPACE_PAYOUT_RETURNED = 105,
	SPACE_TAX_REMITTED = 106,
	SPACE_DIGEST = 120
};

enum member_kind { MEMBER_END = 0, MEMBER_ID, MEMBER_U32, MEMBER_U64, MEMBER_TIME };

struct member {
	enum member_kind kind;
	uint32_t offset; /* in struct dbk_event */
};

#define MEMBERS_MAX 3

/* The members of a key are fields of the event, in the order of event.proto's "Key:".
 */
struct recipe {
	unsigned char space;
	struct member members[MEMBERS_MAX];
};

_Static_assert(1 + MEMBERS_MAX * (1 + DBK_ID_BYTES_MAX) <= DBK_KEY_BYTES_MAX,
	       "the longest ids fit a key");
_Static_assert(DBK_ID_BYTES_MAX <= UINT8_MAX, "an id's length fits a byte");

#define ID(member_)                                                                    \
	{                                                                              \
		MEMBER_ID, offsetof(struct dbk_event, u.member_)                       \
	}
#define NUMBER(member_)                                                                \
	{                                                                              \
		MEMBER_U32, offsetof(struct dbk_event, u.member_)                      \
	}

static const struct recipe recipes[] = {
	[DBK_EVENT_BOOK_OPENED] = { SPACE_BOOK, { ID(book_opened.book) } },
	[DBK_EVENT_SKU_DEFINED] = { SPACE_SKU,
				    { ID(sku_defined.sku),
				      NUMBER(sku_defined.revision) } },
	[DBK_EVENT_PRICE_BAND_SET] = { SPACE_PRICE_BAND,
				       { ID(price_band_set.band),
					 NUMBER(price_band_set.revision) } },
	[DBK_EVENT_GUARD_SET_PUBLISHED] = { SPACE_GUARD_SET,
					    { ID(guard_set_published.guard_set),
					      NUMBER(guard_set_published.version) } },
	[DBK_EVENT_TERRITORY_ASSIGNED] = { SPACE_TERRITORY,
					   { ID(territory_assigned.assignment) } },
	[DBK_EVENT_TERRITORY_REVOKED] = { SPACE_TERRITORY_REVOKED,
					  { ID(territory_revoked.assignment) } },
	[DBK_EVENT_PLAN_PUBLISHED] = { SPACE_PLAN,
				       { ID(plan_published.plan),
					 NUMBER(plan_published.version) } },
	[DBK_EVENT_LOT_REGISTERED] = { SPACE_LOT, { ID(lot_registered.lot) } },
	[DBK_EVENT_AGENT_ENROLLED] = { SPACE_AGENT, { ID(agent_enrolled.agent) } },
	[DBK_EVENT_AGENT_VERIFIED] = { SPACE_AGENT_REVISION,
				       { ID(agent_verified.agent),
					 NUMBER(agent_verified.revision) } },
	[DBK_EVENT_SPONSOR_CHANGED] = { SPACE_SPONSOR_CHANGE,
					{ ID(sponsor_changed.change) } },
	[DBK_EVENT_RANK_CHANGED] = { SPACE_RANK,
				     { ID(rank_changed.agent),
				       ID(rank_changed.period) } },
	[DBK_EVENT_AGENT_SUSPENDED] = { SPACE_AGENT_ACTION,
					{ ID(agent_step.agent),
					  ID(agent_step.action) } },
	[DBK_EVENT_AGENT_REINSTATED] = { SPACE_AGENT_ACTION,
					 { ID(agent_step.agent),
					   ID(agent_step.action) } },
	[DBK_EVENT_AGENT_TERMINATED] = { SPACE_AGENT_ACTION,
					 { ID(agent_step.agent),
					   ID(agent_step.action) } },
	[DBK_EVENT_CUSTOMER_BOUND] = { SPACE_BINDING, { ID(customer_bound.binding) } },
	[DBK_EVENT_CUSTOMER_UNBOUND] = { SPACE_BINDING_END,
					 { ID(customer_unbound.binding) } },
	[DBK_EVENT_REFERRAL_RECORDED] = { SPACE_REFERRAL,
					  { ID(referral_recorded.referral) } },
	[DBK_EVENT_TEAM_FORMED] = { SPACE_TEAM, { ID(team_formed.team) } },
	[DBK_EVENT_TEAM_MEMBER_CHANGED] = { SPACE_TEAM_CHANGE,
					    { ID(team_member_changed.team),
					      ID(team_member_changed.change) } },
	[DBK_EVENT_DEPOSIT_RECEIVED] = { SPACE_DEPOSIT_RECEIVED,
					 { ID(agent_money.ref) } },
	[DBK_EVENT_DEPOSIT_RETURNED] = { SPACE_DEPOSIT_RETURNED,
					 { ID(agent_money.ref) } },
	[DBK_EVENT_FEE_CHARGED] = { SPACE_FEE, { ID(fee_charged.fee) } },
	[DBK_EVENT_SALE_RECORDED] = { SPACE_ORDER, { ID(sale.order) } },
	[DBK_EVENT_ORDER_PLACED] = { SPACE_ORDER, { ID(sale.order) } },
	[DBK_EVENT_ORDER_CANCELLED] = { SPACE_ORDER_CANCELLED,
					{ ID(order_cancelled.order) } },
	[DBK_EVENT_ORDER_PAID] = { SPACE_PAYMENT,
				   { ID(order_paid.psp), ID(order_paid.psp_txn) } },
	[DBK_EVENT_PSP_SETTLED] = { SPACE_SETTLEMENT,
				    { ID(psp_settled.psp), ID(psp_settled.batch) } },
	[DBK_EVENT_GOODS_SHIPPED] = { SPACE_SHIPMENT,
				      { ID(goods_shipped.order),
					ID(goods_shipped.shipment),
					NUMBER(goods_shipped.line) } },
	[DBK_EVENT_RECEIPT_CONFIRMED] = { SPACE_RECEIPT,
					  { ID(receipt_confirmed.order),
					    NUMBER(receipt_confirmed.line) } },
	[DBK_EVENT_REFUND_REQUESTED] = { SPACE_REFUND_REQUESTED,
					 { ID(refund_step.refund) } },
	[DBK_EVENT_REFUND_REJECTED] = { SPACE_REFUND_REJECTED,
					{ ID(refund_step.refund) } },
	[DBK_EVENT_REFUND_APPROVED] = { SPACE_REFUND_APPROVED,
					{ ID(refund_step.refund) } },
	[DBK_EVENT_REFUND_PAID] = { SPACE_REFUND_PAID,
				    { ID(refund_paid.psp), ID(refund_paid.psp_ref) } },
	[DBK_EVENT_CHARGEBACK_OPENED] = { SPACE_CHARGEBACK_OPENED,
					  { ID(chargeback_step.chargeback) } },
	[DBK_EVENT_CHARGEBACK_WON] = { SPACE_CHARGEBACK_WON,
				       { ID(chargeback_step.chargeback) } },
	[DBK_EVENT_CHARGEBACK_LOST] = { SPACE_CHARGEBACK_LOST,
					{ ID(chargeback_step.chargeback) } },
	[DBK_EVENT_ORDER_FLAGGED] = { SPACE_ORDER_FLAGGED,
				      { ID(order_flag.order), ID(order_flag.rule),
					NUMBER(order_flag.revision) } },
	[DBK_EVENT_ORDER_CLEARED] = { SPACE_ORDER_CLEARED,
				      { ID(order_flag.order), ID(order_flag.rule),
					NUMBER(order_flag.revision) } },
	[DBK_EVENT_COMMISSION_REPORTED] = { SPACE_COMMISSION,
					    { ID(commission_reported.commission) } },
	[DBK_EVENT_COMMISSION_HELD] = { SPACE_HOLD, { ID(commission_held.hold) } },
	[DBK_EVENT_HOLD_RELEASED] = { SPACE_HOLD_RELEASED, { ID(hold_released.hold) } },
	[DBK_EVENT_CLAWBACK_REPAID] = { SPACE_CLAWBACK_REPAID,
					{ ID(agent_money.ref) } },
	[DBK_EVENT_CLAWBACK_WRITTEN_OFF] = { SPACE_CLAWBACK_WRITTEN_OFF,
					     { ID(clawback_written_off.ref) } },
	[DBK_EVENT_BONUS_AWARDED] = { SPACE_BONUS,
				      { ID(bonus_awarded.bonus),
					ID(bonus_awarded.period) } },
	[DBK_EVENT_MANUAL_ADJUSTMENT] = { SPACE_ADJUSTMENT,
					  { ID(manual_adjustment.adjustment) } },
	[DBK_EVENT_PAYOUT_REQUESTED] = { SPACE_PAYOUT,
					 { ID(payout_requested.payout) } },
	[DBK_EVENT_PAYOUT_APPROVED] = { SPACE_PAYOUT_ACTION,
					{ ID(payout_step.payout),
					  ID(payout_step.action) } },
	[DBK_EVENT_PAYOUT_REJECTED] = { SPACE_PAYOUT_ACTION,
					{ ID(payout_step.payout),
					  ID(payout_step.action) } },
	[DBK_EVENT_PAYOUT_CANCELLED] = { SPACE_PAYOUT_ACTION,
					 { ID(payout_step.payout),
					   ID(payout_step.action) } },
	[DBK_EVENT_PAYOUT_BATCHED] = { SPACE_PAYOUT_BATCH,
				       { ID(payout_batched.batch) } },
	[DBK_EVENT_PAYOUT_SENT] = { SPACE_PAYOUT_SENT,
				    { ID(payout_sent.provider),
				      ID(payout_sent.request_no) } },
	[DBK_EVENT_PAYOUT_SETTLED] = { SPACE_PAYOUT_SETTLED,
				       { ID(payout_answer.provider),
					 ID(payout_answer.provider_ref) } },
	[DBK_EVENT_PAYOUT_UNKNOWN] = { SPACE_PAYOUT_ACTION,
				       { ID(payout_step.payout),
					 ID(payout_step.action) } },
	[DBK_EVENT_PAYOUT_FAILED] = { SPACE_PAYOUT_ACTION,
				      { ID(payout_step.payout),
					ID(payout_step.action) } },
	[DBK_EVENT_PAYOUT_RETURNED] = { SPACE_PAYOUT_RETURNED,
					{ ID(payout_answer.provider),
					  ID(payout_answer.provider_ref) } },
	[DBK_EVENT_TAX_REMITTED] = { SPACE_TAX_REMITTED,
				     { ID(tax_remitted.period),
				       ID(tax_remitted.ref) } },
	[DBK_EVENT_RESTOCK_REQUESTED] = { SPACE_RESTOCK_REQUEST,
					  { ID(restock_requested.request) } },
	[DBK_EVENT_STOCK_ISSUED] = { SPACE_TRANSFER, { ID(stock_issued.transfer) } },
	[DBK_EVENT_STOCK_TRANSFERRED] = { SPACE_TRANSFER,
					  { ID(stock_transferred.transfer) } },
	[DBK_EVENT_STOCK_CONSUMED] = { SPACE_STOCK_DOCUMENT,
				       { ID(stock_consumed.document) } },
	[DBK_EVENT_STOCK_RETURNED] = { SPACE_STOCK_DOCUMENT,
				       { ID(stock_returned.document) } },
	[DBK_EVENT_STOCK_COUNTED] = { SPACE_COUNT,
				      { ID(stock_counted.count),
					NUMBER(stock_counted.line) } },
	[DBK_EVENT_BUYBACK_REQUESTED] = { SPACE_BUYBACK_REQUEST,
					  { ID(buyback_requested.request) } },
	[DBK_EVENT_BUYBACK_SETTLED] = { SPACE_STOCK_DOCUMENT,
					{ ID(buyback_settled.document) } },
	[DBK_EVENT_CUSTODY_SCANNED] = { SPACE_SCAN, { ID(custody_scanned.scan) } },
	[DBK_EVENT_PRICE_OBSERVED] = { SPACE_PRICE_OBSERVATION,
				       { ID(price_observed.observation) } },
	[DBK_EVENT_CLOCK_ADVANCED] = { SPACE_CLOCK,
				       { { MEMBER_TIME, offsetof(struct dbk_event,
								 effective_at) } } },
	[DBK_EVENT_PERIOD_CLOSED] = { SPACE_PERIOD, { ID(period_closed.period) } },
	[DBK_EVENT_OVERRIDE_GRANTED] = { SPACE_OVERRIDE,
					 { ID(override_granted.override) } },
	[DBK_EVENT_CONTEST_OPENED] = { SPACE_CONTEST, { ID(contest_opened.contest) } },
	[DBK_EVENT_CONTEST_CLOSED] = { SPACE_CONTEST_CLOSED,
				       { ID(contest_closed.contest) } },
	[DBK_EVENT_OBSERVATION_RECORDED] = { SPACE_OBSERVATION,
					     { ID(observation_recorded.observation) } },
	[DBK_EVENT_SOURCE_REGISTERED] = { SPACE_SOURCE_KEY,
					  { ID(source_registered.source),
					    NUMBER(source_registered.revision) } },
	[DBK_EVENT_SOURCE_KEY_REVOKED] = { SPACE_SOURCE_KEY_REVOKED,
					   { ID(source_key_revoked.source),
					     NUMBER(source_key_revoked.revision) } },
	[DBK_EVENT_SUBJECT_ERASED] = { SPACE_SUBJECT_ERASED,
				       { ID(subject_erased.subject) } },
	[DBK_EVENT_DIGEST_RECORDED] = { SPACE_DIGEST,
					{ { MEMBER_U64,
					    offsetof(struct dbk_event,
						     u.digest_recorded.size) } } },
	[DBK_EVENT_FINDING_ACKNOWLEDGED] = { SPACE_FINDING_ACTION,
					     { ID(finding_acknowledged.finding),
					       ID(finding_acknowledged.action) } },
	[DBK_EVENT_FINDING_RESOLVED] = { SPACE_FINDING_ACTION,
					 { ID(finding_resolved.finding),
					   ID(finding_resolved.action) } },
};

static void
put_id(struct dbk_key *key, struct dbk_str id)
{
	dbk_assert(id.size <= DBK_ID_BYTES_MAX);
	key->bytes[key->size++] = (unsigned char)id.size;
	if (id.size > 0)
		memcpy(key->bytes + key->size, id.bytes, id.size);
	key->size += id.size;
}

/* Big-endian, so that keys of one business thing lie in the order of their numbers. */
static void
put_number(struct dbk_key *key, uint64_t number, uint32_t size)
{
	key->bytes[key->size++] = (unsigned char)size;
	for (uint32_t i = size; i > 0; i--)
		key->bytes[key->size++] = (unsigned char)(number >> (8 * (i - 1)));
}

static void
put_member(struct dbk_key *key, struct member member, const struct dbk_event *event)
{
	const void *at = (const unsigned char *)event + member.offset;

	switch (member.kind) {
	case MEMBER_ID:
		put_id(key, *(const struct dbk_str *)at);
		break;
	case MEMBER_U32:
		put_number(key, *(const uint32_t *)at, sizeof(uint32_t));
		break;
	case MEMBER_U64:
		put_number(key, *(const uint64_t *)at, sizeof(uint64_t));
		break;
	case MEMBER_TIME:
		put_number(key, (uint64_t) * (const int64_t *)at, sizeof(int64_t));
		break;
	case MEMBER_END:
		break;
	}
}

void
dbk_event_key(const struct dbk_event *event, struct dbk_key *out)
{
	size_t type = (size_t)event->type;
	const struct recipe *recipe;

	dbk_assert(type < sizeof recipes / sizeof recipes[0]);
	recipe = &recipes[type];
	dbk_assert(recipe->space != SPACE_NONE);
	out->size = 1;
	out->bytes[0] = recipe->space;
	for (size_t i = 0; i < MEMBERS_MAX; i++)
		put_member(out, recipe->members[i], event);
}

static void
put_payment(struct dbk_key *key, struct dbk_str psp, struct dbk_str psp_txn)
{
	if (psp.size == 0)
		return;
	key->size = 1;
	key->bytes[0] = SPACE_PAYMENT;
	put_id(key, psp);
	put_id(key, psp_txn);
}

void
dbk_event_payment_key(const struct dbk_event *event, struct dbk_key *out)
{
	out->size = 0;
	if (event->type == DBK_EVENT_SALE_RECORDED)
		put_payment(out, event->u.sale.psp, event->u.sale.psp_txn);
	else if (event->type == DBK_EVENT_STOCK_ISSUED)
		put_payment(out, event->u.stock_issued.psp,
			    event->u.stock_issued.psp_txn);
	else if (event->type == DBK_EVENT_FEE_CHARGED)
		put_payment(out, event->u.fee_charged.psp,
			    event->u.fee_charged.psp_txn);
}
