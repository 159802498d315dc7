/*
 * order_names.c -- the orders of a page by name.
 *
 * The view knows orders by dense ids.  Nearly every event names its order itself, and the
 * log is at hand; only what names a refund and not its order has to be asked from the
 * books, whose thread may be in the middle of a group.
 */

#include "books/look.h"
#include "event/decode.h"
#include "event/record.h"
#include "log/log_reader.h"
#include "service/call.h"

static struct dbk_str
order_of(const struct dbk_event *event)
{
	switch (event->type) {
	case DBK_EVENT_SALE_RECORDED:
	case DBK_EVENT_ORDER_PLACED:
		return event->u.sale.order;
	case DBK_EVENT_ORDER_CANCELLED:
		return event->u.order_cancelled.order;
	case DBK_EVENT_ORDER_PAID:
		return event->u.order_paid.order;
	case DBK_EVENT_GOODS_SHIPPED:
		return event->u.goods_shipped.order;
	case DBK_EVENT_RECEIPT_CONFIRMED:
		return event->u.receipt_confirmed.order;
	case DBK_EVENT_REFUND_REQUESTED:
	case DBK_EVENT_REFUND_APPROVED:
		return event->u.refund_step.order;
	case DBK_EVENT_CHARGEBACK_OPENED:
		return event->u.chargeback_step.order;
	case DBK_EVENT_ORDER_FLAGGED:
	case DBK_EVENT_ORDER_CLEARED:
		return event->u.order_flag.order;
	case DBK_EVENT_COMMISSION_REPORTED:
		return event->u.commission_reported.cause_order;
	case DBK_EVENT_COMMISSION_HELD:
		return event->u.commission_held.order;
	case DBK_EVENT_STOCK_ISSUED:
		return event->u.stock_issued.order;
	case DBK_EVENT_STOCK_CONSUMED:
		return event->u.stock_consumed.order;
	case DBK_EVENT_NONE:
	case DBK_EVENT_BOOK_OPENED:
	case DBK_EVENT_SKU_DEFINED:
	case DBK_EVENT_PLAN_PUBLISHED:
	case DBK_EVENT_LOT_REGISTERED:
	case DBK_EVENT_AGENT_ENROLLED:
	case DBK_EVENT_AGENT_VERIFIED:
	case DBK_EVENT_SPONSOR_CHANGED:
	case DBK_EVENT_RANK_CHANGED:
	case DBK_EVENT_AGENT_SUSPENDED:
	case DBK_EVENT_AGENT_REINSTATED:
	case DBK_EVENT_AGENT_TERMINATED:
	case DBK_EVENT_CUSTOMER_BOUND:
	case DBK_EVENT_CUSTOMER_UNBOUND:
	case DBK_EVENT_REFERRAL_RECORDED:
	case DBK_EVENT_TEAM_FORMED:
	case DBK_EVENT_TEAM_MEMBER_CHANGED:
	case DBK_EVENT_DEPOSIT_RECEIVED:
	case DBK_EVENT_DEPOSIT_RETURNED:
	case DBK_EVENT_FEE_CHARGED:
	case DBK_EVENT_PSP_SETTLED:
	case DBK_EVENT_REFUND_REJECTED:
	case DBK_EVENT_REFUND_PAID:
	case DBK_EVENT_CHARGEBACK_WON:
	case DBK_EVENT_CHARGEBACK_LOST:
	case DBK_EVENT_HOLD_RELEASED:
	case DBK_EVENT_CLAWBACK_REPAID:
	case DBK_EVENT_CLAWBACK_WRITTEN_OFF:
	case DBK_EVENT_BONUS_AWARDED:
	case DBK_EVENT_MANUAL_ADJUSTMENT:
	case DBK_EVENT_PAYOUT_REQUESTED:
	case DBK_EVENT_PAYOUT_APPROVED:
	case DBK_EVENT_PAYOUT_REJECTED:
	case DBK_EVENT_PAYOUT_CANCELLED:
	case DBK_EVENT_PAYOUT_BATCHED:
	case DBK_EVENT_PAYOUT_SENT:
	case DBK_EVENT_PAYOUT_SETTLED:
	case DBK_EVENT_PAYOUT_UNKNOWN:
	case DBK_EVENT_PAYOUT_FAILED:
	case DBK_EVENT_PAYOUT_RETURNED:
	case DBK_EVENT_TAX_REMITTED:
	case DBK_EVENT_STOCK_TRANSFERRED:
	case DBK_EVENT_STOCK_RETURNED:
	case DBK_EVENT_STOCK_COUNTED:
	case DBK_EVENT_CLOCK_ADVANCED:
	case DBK_EVENT_PERIOD_CLOSED:
	case DBK_EVENT_OVERRIDE_GRANTED:
	case DBK_EVENT_CONTEST_OPENED:
	case DBK_EVENT_CONTEST_CLOSED:
		break;
	}
	return dbk_str_of("");
}

/* The order that the record at POSITION names; empty if it names none or cannot be read,
 * in which case the books still know. */
static struct dbk_str
order_at(struct dbk_call *call, uint64_t position)
{
	struct dbk_event_fault fault;
	struct dbk_record record;
	struct dbk_event event;
	struct dbk_str bytes;

	if (dbk_log_reader_find(call->log_reader, position, &bytes, NULL) != DBK_OK ||
	    !dbk_record_decode(bytes, &record) ||
	    !dbk_event_decode(record.event, call->arena, &event, &fault))
		return dbk_str_of("");
	return order_of(&event);
}

struct names_question {
	struct dbk_call *call;
	const struct dbk_order_at *orders;
	uint32_t n;
	char **names;
};

static void
look_order_names(const struct dbk_books *books, void *answer)
{
	struct names_question *q = answer;

	for (uint32_t i = 0; i < q->n; i++)
		if (q->names[i] == NULL)
			q->names[i] = dbk_call_text(
				q->call, dbk_look_name(books, DBK_SPACE_ORDER,
						       q->orders[i].order));
}

bool
dbk_call_order_names(struct dbk_call *call, const struct dbk_order_at *orders, uint32_t n,
		     char **names)
{
	struct names_question q = { call, orders, n, names };
	bool ask = false;

	for (uint32_t i = 0; i < n; i++) {
		struct dbk_str name = dbk_str_of("");

		if (orders[i].order != 0)
			name = order_at(call, orders[i].position);
		names[i] = NULL;
		if (name.size != 0 || orders[i].order == 0)
			names[i] = dbk_call_text(call, name);
		ask = ask || names[i] == NULL;
	}
	dbk_log_reader_rest(call->log_reader);
	return !ask || dbk_call_ask(call, look_order_names, &q);
}
