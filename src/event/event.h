#ifndef DBK_EVENT_EVENT_H
#define DBK_EVENT_EVENT_H

/*
 * event.h -- an event opened: the structs that the core works on.
 *
 * Field for field what proto/daybook/v1/event.proto says, for the events that the
 * books take today; strings are borrowed from the encoded bytes, repeated members
 * live in the arena of the batch.  A struct is only ever made by dbk_event_decode(),
 * and only one that passed dbk_event_check() reaches the books, so that every limit
 * and every single-event rule holds there.
 *
 * Times are microseconds; a time that is absent is DBK_TIME_ABSENT.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "event/goods.h"
#include "event/money.h"
#include "event/trust.h"

#define DBK_TIME_ABSENT INT64_MIN

/* The field numbers of Event.body: the type of an event for ever. */
enum dbk_event_type {
	DBK_EVENT_NONE = 0,
	DBK_EVENT_BOOK_OPENED = 101,
	DBK_EVENT_SKU_DEFINED = 102,
	DBK_EVENT_PRICE_BAND_SET = 103,
	DBK_EVENT_PLAN_PUBLISHED = 104,
	DBK_EVENT_GUARD_SET_PUBLISHED = 105,
	DBK_EVENT_TERRITORY_ASSIGNED = 106,
	DBK_EVENT_TERRITORY_REVOKED = 107,
	DBK_EVENT_LOT_REGISTERED = 108,
	DBK_EVENT_AGENT_ENROLLED = 201,
	DBK_EVENT_AGENT_VERIFIED = 202,
	DBK_EVENT_SPONSOR_CHANGED = 203,
	DBK_EVENT_RANK_CHANGED = 204,
	DBK_EVENT_AGENT_SUSPENDED = 205,
	DBK_EVENT_AGENT_REINSTATED = 206,
	DBK_EVENT_AGENT_TERMINATED = 207,
	DBK_EVENT_CUSTOMER_BOUND = 208,
	DBK_EVENT_CUSTOMER_UNBOUND = 209,
	DBK_EVENT_REFERRAL_RECORDED = 210,
	DBK_EVENT_TEAM_FORMED = 211,
	DBK_EVENT_TEAM_MEMBER_CHANGED = 212,
	DBK_EVENT_DEPOSIT_RECEIVED = 213,
	DBK_EVENT_DEPOSIT_RETURNED = 214,
	DBK_EVENT_FEE_CHARGED = 215,
	DBK_EVENT_SALE_RECORDED = 301,
	DBK_EVENT_ORDER_PLACED = 302,
	DBK_EVENT_ORDER_CANCELLED = 303,
	DBK_EVENT_ORDER_PAID = 304,
	DBK_EVENT_PSP_SETTLED = 305,
	DBK_EVENT_GOODS_SHIPPED = 306,
	DBK_EVENT_RECEIPT_CONFIRMED = 307,
	DBK_EVENT_REFUND_REQUESTED = 308,
	DBK_EVENT_REFUND_REJECTED = 309,
	DBK_EVENT_REFUND_APPROVED = 310,
	DBK_EVENT_REFUND_PAID = 311,
	DBK_EVENT_CHARGEBACK_OPENED = 312,
	DBK_EVENT_CHARGEBACK_WON = 313,
	DBK_EVENT_CHARGEBACK_LOST = 314,
	DBK_EVENT_ORDER_FLAGGED = 315,
	DBK_EVENT_ORDER_CLEARED = 316,
	DBK_EVENT_COMMISSION_REPORTED = 401,
	DBK_EVENT_COMMISSION_HELD = 402,
	DBK_EVENT_HOLD_RELEASED = 403,
	DBK_EVENT_CLAWBACK_REPAID = 404,
	DBK_EVENT_CLAWBACK_WRITTEN_OFF = 405,
	DBK_EVENT_BONUS_AWARDED = 406,
	DBK_EVENT_MANUAL_ADJUSTMENT = 407,
	DBK_EVENT_PAYOUT_REQUESTED = 501,
	DBK_EVENT_PAYOUT_APPROVED = 502,
	DBK_EVENT_PAYOUT_REJECTED = 503,
	DBK_EVENT_PAYOUT_CANCELLED = 504,
	DBK_EVENT_PAYOUT_BATCHED = 505,
	DBK_EVENT_PAYOUT_SENT = 506,
	DBK_EVENT_PAYOUT_SETTLED = 507,
	DBK_EVENT_PAYOUT_UNKNOWN = 508,
	DBK_EVENT_PAYOUT_FAILED = 509,
	DBK_EVENT_PAYOUT_RETURNED = 510,
	DBK_EVENT_TAX_REMITTED = 511,
	DBK_EVENT_RESTOCK_REQUESTED = 601,
	DBK_EVENT_STOCK_ISSUED = 602,
	DBK_EVENT_STOCK_TRANSFERRED = 603,
	DBK_EVENT_STOCK_CONSUMED = 604,
	DBK_EVENT_STOCK_RETURNED = 605,
	DBK_EVENT_STOCK_COUNTED = 606,
	DBK_EVENT_BUYBACK_REQUESTED = 607,
	DBK_EVENT_BUYBACK_SETTLED = 608,
	DBK_EVENT_CUSTODY_SCANNED = 609,
	DBK_EVENT_PRICE_OBSERVED = 610,
	DBK_EVENT_CLOCK_ADVANCED = 701,
	DBK_EVENT_PERIOD_CLOSED = 702,
	DBK_EVENT_OVERRIDE_GRANTED = 703,
	DBK_EVENT_CONTEST_OPENED = 704,
	DBK_EVENT_CONTEST_CLOSED = 705,
	DBK_EVENT_OBSERVATION_RECORDED = 706,
	DBK_EVENT_SOURCE_REGISTERED = 707,
	DBK_EVENT_SOURCE_KEY_REVOKED = 708,
	DBK_EVENT_SUBJECT_ERASED = 709,
	DBK_EVENT_FINDING_ACKNOWLEDGED = 711,
	DBK_EVENT_FINDING_RESOLVED = 712,
	DBK_EVENT_DIGEST_RECORDED = 713
};

/* Values as in event.proto. */
enum dbk_fulfilment { DBK_BRAND_SHIP = 1, DBK_HOLDER_SHIP = 2, DBK_STORE_PICKUP = 3 };

enum dbk_order_kind {
	DBK_ORDER_RETAIL = 1,
	DBK_ORDER_SELF = 2,
	DBK_ORDER_RESTOCK = 3,
	DBK_ORDER_SAMPLE = 4
};

enum dbk_consume_kind {
	DBK_CONSUMED_RETAIL = 1,
	DBK_CONSUMED_SELF_USE = 2,
	DBK_CONSUMED_SAMPLE = 3,
	DBK_CONSUMED_LOSS = 4
};

enum dbk_fee_kind {
	DBK_FEE_JOINING = 1,
	DBK_FEE_KIT = 2,
	DBK_FEE_TRAINING = 3,
	DBK_FEE_RENEWAL = 4,
	DBK_FEE_UPGRADE = 5
};

enum dbk_basis {
	DBK_BASIS_RETAIL = 1,
	DBK_BASIS_SELL_IN = 2,
	DBK_BASIS_RECRUITING = 3,
	DBK_BASIS_OTHER = 4
};

/* The 0 of these enums is read as the value that event.proto names; decode puts the
 * named value in, so that the books never see 0 (consume kinds, fee kinds and bases:
 * check refuses 0). */

struct dbk_order_line {
	uint32_t line;
	struct dbk_str sku;
	int64_t qty;
	int64_t unit_price;
	int64_t discount;
	int64_t tax;
	struct dbk_str lot;
};

struct dbk_stock_line {
	uint32_t line;
	struct dbk_str sku;
	struct dbk_str lot;
	int64_t qty;
	int64_t unit_price;
};

/* One agent's part of a sale that several brought about. */
struct dbk_attribution {
	struct dbk_str agent;
	uint32_t weight_ppm;
};

struct dbk_book_opened {
	struct dbk_str book;
	struct dbk_str currency;
	uint32_t exponent;
	int32_t utc_offset_minutes;
	uint32_t semantics;
};

struct dbk_sku_defined {
	struct dbk_str sku;
	uint32_t revision;
	int64_t list_price;
	uint32_t tax_ppm;
	int64_t factory_price;
	struct dbk_str *documents;
	uint32_t n_documents;
	uint32_t return_window_days;
	bool not_commissionable;
	struct dbk_str superseded_by;
	struct dbk_str category;
	struct dbk_str producer;
};

struct dbk_lot_registered {
	struct dbk_str lot;
	struct dbk_str sku;
	int64_t qty;
	int64_t made_on;
	int64_t expires_on;
	struct dbk_str serial_from;
	struct dbk_str serial_to;
	struct dbk_str intended_region;
	struct dbk_holder custodian;
};

struct dbk_agent_enrolled {
	struct dbk_str agent;
	struct dbk_str sponsor;
	struct dbk_str rank;
	uint32_t agreement_version;
	int64_t cooling_off_until;
	bool employee;
	struct dbk_str customer;
};

struct dbk_agent_verified {
	struct dbk_str agent;
	uint32_t revision;
	struct dbk_str id_hash;
	struct dbk_str payee_hash;
	struct dbk_str device_hash;
	struct dbk_str address_hash;
};

struct dbk_sponsor_changed {
	struct dbk_str change;
	struct dbk_str agent;
	struct dbk_str old_sponsor;
	struct dbk_str new_sponsor;
	struct dbk_str reason;
	struct dbk_str approver1;
	struct dbk_str approver2;
};

struct dbk_rank_changed {
	struct dbk_str agent;
	struct dbk_str period;
	struct dbk_str old_rank;
	struct dbk_str new_rank;
	struct dbk_str metric;
	int64_t value;
};

/* AgentSuspended, AgentReinstated and AgentTerminated share one shape. */
struct dbk_agent_step {
	struct dbk_str agent;
	struct dbk_str action;
	struct dbk_str reason;
	int64_t buyback_due; /* AgentTerminated only */
};

struct dbk_customer_bound {
	struct dbk_str binding;
	struct dbk_str customer;
	struct dbk_str agent;
	struct dbk_str method;
	int64_t expires_at;
	struct dbk_str referrer_customer;
};

struct dbk_customer_unbound {
	struct dbk_str binding;
	struct dbk_str customer;
	struct dbk_str reason;
};

struct dbk_referral_recorded {
	struct dbk_str referral;
	/* Of each pair exactly one is non-empty (check). */
	struct dbk_str referrer_agent;
	struct dbk_str referrer_customer;
	struct dbk_str referred_agent;
	struct dbk_str referred_customer;
	struct dbk_str campaign;
};

/* SaleRecorded and OrderPlaced; the latter leaves paid, psp and delivered_at out. */
struct dbk_sale {
	struct dbk_str order;
	uint32_t kind; /* enum dbk_order_kind */
	struct dbk_str seller;
	struct dbk_str buyer;
	struct dbk_str channel;
	struct dbk_str region;
	uint32_t fulfilment; /* enum dbk_fulfilment */
	struct dbk_order_line *lines;
	uint32_t n_lines;
	int64_t shipping;
	int64_t paid;
	int64_t paid_by_balance;
	struct dbk_str psp;
	struct dbk_str psp_txn;
	int64_t delivered_at;
	struct dbk_holder ship_from;
	struct dbk_str campaign;
	struct dbk_str buyer_device_hash;
	struct dbk_str buyer_address_hash;
	struct dbk_str buyer_payee_hash;
	struct dbk_attribution *attributions;
	uint32_t n_attributions;
	struct dbk_str request; /* RESTOCK: the allowed one it answers */
};

struct dbk_order_cancelled {
	struct dbk_str order;
	struct dbk_str reason;
};

struct dbk_order_paid {
	struct dbk_str order;
	struct dbk_str psp;
	struct dbk_str psp_txn;
	int64_t amount;
	int64_t paid_by_balance;
	struct dbk_str payer_hash;
};

struct dbk_psp_settled {
	struct dbk_str psp;
	struct dbk_str batch;
	int64_t gross;
	int64_t fee;
};

struct dbk_goods_shipped {
	struct dbk_str order;
	struct dbk_str shipment;
	uint32_t line;
	struct dbk_holder holder;
	struct dbk_str lot;
	int64_t qty;
	struct dbk_str carrier;
	struct dbk_str tracking;
};

struct dbk_receipt_confirmed {
	struct dbk_str order;
	uint32_t line;
	uint32_t method;
};

/* RefundRequested, RefundRejected and RefundApproved share one shape. */
struct dbk_refund_step {
	struct dbk_str refund;
	struct dbk_str order; /* not in RefundRejected */
	uint32_t line;
	int64_t amount;
	int64_t qty;
	struct dbk_holder restock_to; /* RefundApproved only */
	struct dbk_str reason;
};

struct dbk_refund_paid {
	struct dbk_str refund;
	struct dbk_str psp;
	struct dbk_str psp_ref;
};

struct dbk_stock_issued {
	struct dbk_str transfer;
	struct dbk_holder from;
	struct dbk_holder to;
	uint32_t place;
	struct dbk_stock_line *lines;
	uint32_t n_lines;
	int64_t paid;
	struct dbk_str psp;
	struct dbk_str psp_txn;
	struct dbk_str channel;
	struct dbk_str order;
};

struct dbk_stock_transferred {
	struct dbk_str transfer;
	struct dbk_holder from;
	struct dbk_holder to;
	uint32_t from_place;
	uint32_t to_place;
	struct dbk_stock_line *lines;
	uint32_t n_lines;
};

struct dbk_stock_consumed {
	struct dbk_str document;
	struct dbk_holder holder;
	uint32_t place;
	uint32_t kind; /* enum dbk_consume_kind */
	struct dbk_stock_line *lines;
	uint32_t n_lines;
	struct dbk_str order;
	struct dbk_str reason;
};

struct dbk_stock_returned {
	struct dbk_str document;
	struct dbk_str agent;
	uint32_t place;
	struct dbk_holder to;
	struct dbk_stock_line *lines;
	uint32_t n_lines;
	struct dbk_str reason;
};

struct dbk_stock_counted {
	struct dbk_str count;
	uint32_t line;
	struct dbk_holder holder;
	uint32_t place;
	struct dbk_str sku;
	struct dbk_str lot;
	int64_t counted;
};

struct dbk_event {
	enum dbk_event_type type;
	int64_t effective_at;
	struct dbk_str actor;
	struct dbk_sealed *sealed;
	uint32_t n_sealed;
	struct dbk_str bytes; /* the event as sent */
	/* Who delivered it: the source of its batch.  Not part of the event's bytes;
	 * the ledger sets it, decoding leaves it empty. */
	struct dbk_str source;
	/* True: decoding has seen that no field by itself breaks a rule; false: it may,
	 * dbk_event_check() has to look. */
	bool is_sound;
	union {
		struct dbk_book_opened book_opened;
		struct dbk_sku_defined sku_defined;
		struct dbk_lot_registered lot_registered;
		struct dbk_agent_enrolled agent_enrolled;
		struct dbk_agent_verified agent_verified;
		struct dbk_sponsor_changed sponsor_changed;
		struct dbk_rank_changed rank_changed;
		struct dbk_agent_step agent_step;
		struct dbk_customer_bound customer_bound;
		struct dbk_customer_unbound customer_unbound;
		struct dbk_referral_recorded referral_recorded;
		struct dbk_sale sale;
		struct dbk_order_cancelled order_cancelled;
		struct dbk_order_paid order_paid;
		struct dbk_psp_settled psp_settled;
		struct dbk_goods_shipped goods_shipped;
		struct dbk_receipt_confirmed receipt_confirmed;
		struct dbk_refund_step refund_step;
		struct dbk_refund_paid refund_paid;
		struct dbk_stock_issued stock_issued;
		struct dbk_stock_transferred stock_transferred;
		struct dbk_stock_consumed stock_consumed;
		struct dbk_stock_returned stock_returned;
		struct dbk_stock_counted stock_counted;
		struct dbk_plan_published plan_published;
		struct dbk_team_formed team_formed;
		struct dbk_team_member_changed team_member_changed;
		struct dbk_agent_money agent_money;
		struct dbk_fee_charged fee_charged;
		struct dbk_chargeback_step chargeback_step;
		struct dbk_order_flag order_flag;
		struct dbk_commission_reported commission_reported;
		struct dbk_commission_held commission_held;
		struct dbk_hold_released hold_released;
		struct dbk_clawback_written_off clawback_written_off;
		struct dbk_bonus_awarded bonus_awarded;
		struct dbk_manual_adjustment manual_adjustment;
		struct dbk_payout_requested payout_requested;
		struct dbk_payout_step payout_step;
		struct dbk_payout_batched payout_batched;
		struct dbk_payout_sent payout_sent;
		struct dbk_payout_answer payout_answer;
		struct dbk_tax_remitted tax_remitted;
		struct dbk_period_closed period_closed;
		struct dbk_override_granted override_granted;
		struct dbk_contest_opened contest_opened;
		struct dbk_contest_closed contest_closed;
		struct dbk_price_band_set price_band_set;
		struct dbk_guard_set_published guard_set_published;
		struct dbk_territory_assigned territory_assigned;
		struct dbk_territory_revoked territory_revoked;
		struct dbk_restock_requested restock_requested;
		struct dbk_buyback_requested buyback_requested;
		struct dbk_buyback_settled buyback_settled;
		struct dbk_custody_scanned custody_scanned;
		struct dbk_price_observed price_observed;
		struct dbk_observation_recorded observation_recorded;
		struct dbk_finding_acknowledged finding_acknowledged;
		struct dbk_finding_resolved finding_resolved;
		struct dbk_source_registered source_registered;
		struct dbk_source_key_revoked source_key_revoked;
		struct dbk_subject_erased subject_erased;
		struct dbk_digest_recorded digest_recorded;
	} u;
};

/* Outcomes, rules and faults have the numbers of record.proto. */
enum dbk_outcome {
	DBK_ACCEPTED = 1,
	DBK_DUPLICATE = 2,
	DBK_REFUSED = 3,
	DBK_INVALID = 4
};

#endif
