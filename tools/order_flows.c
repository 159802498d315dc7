#include "order_flows.h"

#include <inttypes.h>
#include <string.h>

#include "base/money.h"
#include "names.h"

static const struct table_column flow_columns[] = {
	{ "information", TABLE_TEXT, false }, { "", TABLE_TEXT, false },
	{ "|", TABLE_TEXT, false },	      { "money", TABLE_TEXT, false },
	{ "", TABLE_NUMBER, false },	      { "|", TABLE_TEXT, false },
	{ "goods", TABLE_TEXT, false },	      { "", TABLE_NUMBER, false },
};

/* "4294967295, flagged" */
#define HOLDS_BYTES 24

struct units {
	int64_t ordered, on_the_way, received, returned;
};

static struct units
count_units(const Daybook__V1__Order *order)
{
	struct units units = { 0, 0, 0, 0 };

	for (size_t i = 0; i < order->n_lines; i++) {
		const Daybook__V1__OrderLineState *line = order->lines[i];
		int64_t received = line->received ? line->qty : 0;

		/* A sum that does not fit stays what it was: the lines show the parts.
		 */
		(void)dbk_money_add(units.ordered, line->qty, &units.ordered);
		(void)dbk_money_add(units.on_the_way, line->shipped, &units.on_the_way);
		(void)dbk_money_add(units.received, received, &units.received);
		(void)dbk_money_add(units.returned, line->returned, &units.returned);
	}
	return units;
}

static const char *
payment_state(const Daybook__V1__Order *order)
{
	if (order->cancelled)
		return "cancelled";
	if (order->direct)
		return "paid outside the platform";
	if (order->paid == 0)
		return "unpaid";
	return order->paid < order->total ? "paid in part" : "paid";
}

static const char *
goods_state(const Daybook__V1__Order *order, const struct units *units)
{
	if (order->cancelled)
		return "not shipped";
	if (units->received > 0)
		return units->received < units->ordered ? "received in part"
							: "received";
	if (units->on_the_way == 0)
		return "not shipped";
	return units->on_the_way < units->ordered ? "shipped in part" : "on the way";
}

/* ----------------------------------------------------------------------------- ages */

/* When the flows last moved, in seconds since 1970. */
struct flow_times {
	bool placed, paid, shipped, received; /* is it known? */
	int64_t placed_s, paid_s, shipped_s, received_s;
};

static void
note_time(const Google__Protobuf__Timestamp *time, bool *known, int64_t *seconds)
{
	if (time == NULL || (*known && *seconds > time->seconds))
		return;
	*known = true;
	*seconds = time->seconds;
}

static void
note_event(const Daybook__V1__Event *event, struct flow_times *times)
{
	const Google__Protobuf__Timestamp *at = event->effective_at;

	/* The order's other events move no flow. */
	if (event->body_case == DAYBOOK__V1__EVENT__BODY_SALE_RECORDED) {
		note_time(at, &times->placed, &times->placed_s);
		note_time(at, &times->paid, &times->paid_s);
		note_time(event->sale_recorded->delivered_at, &times->received,
			  &times->received_s);
	} else if (event->body_case == DAYBOOK__V1__EVENT__BODY_ORDER_PLACED) {
		note_time(at, &times->placed, &times->placed_s);
	} else if (event->body_case == DAYBOOK__V1__EVENT__BODY_ORDER_PAID) {
		note_time(at, &times->paid, &times->paid_s);
	} else if (event->body_case == DAYBOOK__V1__EVENT__BODY_GOODS_SHIPPED) {
		note_time(at, &times->shipped, &times->shipped_s);
	} else if (event->body_case == DAYBOOK__V1__EVENT__BODY_RECEIPT_CONFIRMED) {
		note_time(at, &times->received, &times->received_s);
	}
}

static struct flow_times
find_times(const Daybook__V1__Order *order)
{
	struct flow_times times = { .placed = false };

	for (size_t i = 0; i < order->n_events; i++) {
		if (order->events[i]->event != NULL)
			note_event(order->events[i]->event, &times);
	}
	return times;
}

/* "for 18446744073709551615 days" */
#define AGE_BYTES 40
#define SECONDS_PER_DAY 86400

struct ages {
	const char *money, *goods; /* what the money and the goods do */
	char placed_age[AGE_BYTES], money_age[AGE_BYTES], goods_age[AGE_BYTES];
};

/* "12 days ago", "for 12 days"; nothing if it is not known since when. */
static void
set_age(bool known, int64_t since, const Google__Protobuf__Timestamp *clock, bool waits,
	char out[AGE_BYTES])
{
	int64_t days = 0;

	out[0] = '\0';
	if (!known || clock == NULL)
		return;
	if (clock->seconds > since)
		days = (clock->seconds - since) / SECONDS_PER_DAY;
	if (days == 0)
		(void)snprintf(out, AGE_BYTES, "%s", waits ? "since today" : "today");
	else
		(void)snprintf(out, AGE_BYTES, "%s%" PRId64 " day%s%s",
			       waits ? "for " : "", days, days == 1 ? "" : "s",
			       waits ? "" : " ago");
}

static void
set_money_age(const Daybook__V1__Order *order, const struct flow_times *times,
	      const Google__Protobuf__Timestamp *clock, struct ages *ages)
{
	bool waits = !order->direct && order->paid < order->total;

	ages->money = !waits ? "paid" : order->paid == 0 ? "unpaid" : "paid in part";
	if (waits)
		set_age(times->placed, times->placed_s, clock, true, ages->money_age);
	else
		set_age(order->direct ? times->placed : times->paid,
			order->direct ? times->placed_s : times->paid_s, clock, false,
			ages->money_age);
}

/* Goods wait from the day they were paid for, or else ordered. */
static void
set_goods_age(const struct units *units, const struct flow_times *times,
	      const Google__Protobuf__Timestamp *clock, struct ages *ages)
{
	if (units->on_the_way > 0) {
		ages->goods = "on the way";
		set_age(times->shipped, times->shipped_s, clock, true, ages->goods_age);
	} else if (units->received > 0) {
		ages->goods =
		    units->received < units->ordered ? "received in part" : "received";
		set_age(times->received, times->received_s, clock, false,
			ages->goods_age);
	} else {
		ages->goods = "not shipped";
		set_age(times->paid || times->placed,
			times->paid ? times->paid_s : times->placed_s, clock, true,
			ages->goods_age);
	}
}

static void
set_ages(const Daybook__V1__Order *order, const struct units *units,
	 const struct flow_times *times, const Google__Protobuf__Timestamp *clock,
	 struct ages *ages)
{
	memset(ages, 0, sizeof *ages);
	set_age(times->placed, times->placed_s, clock, false, ages->placed_age);
	ages->money = ages->goods = "";
	/* Of what is cancelled nothing waits any more. */
	if (order->cancelled)
		return;
	set_money_age(order, times, clock, ages);
	set_goods_age(units, times, clock, ages);
}

static void
print_ages(struct table *table, const struct ages *ages)
{
	table_text(table, "placed");
	table_text(table, ages->placed_age);
	table_text(table, "|");
	table_text(table, ages->money);
	table_text(table, ages->money_age);
	table_text(table, "|");
	table_text(table, ages->goods);
	table_text(table, ages->goods_age);
	table_end_row(table);
}

/* -------------------------------------------------------------------- the three flows
 */

struct flow_row {
	const char *name;
	const char *value;
	const char *money_name;
	int64_t money;
	const char *goods_name;
	int64_t goods;
};

static void
print_flow_row(struct table *table, const struct flow_row *row, unsigned exponent)
{
	table_text(table, row->name);
	table_text(table, row->value);
	table_text(table, "|");
	table_text(table, row->money_name);
	if (row->money_name[0] == '\0')
		table_text(table, NULL);
	else
		table_money(table, row->money, exponent);
	table_text(table, "|");
	table_text(table, row->goods_name);
	if (row->goods_name[0] == '\0')
		table_text(table, NULL);
	else
		table_i64(table, row->goods);
	table_end_row(table);
}

void
order_flows_print(const Daybook__V1__Order *order,
		  const Google__Protobuf__Timestamp *clock, struct table_style style)
{
	struct flow_times times = find_times(order);
	struct ages ages;
	struct units units = count_units(order);
	char kind[NAMES_BYTES], fulfilment[NAMES_BYTES], holds[HOLDS_BYTES];
	const struct flow_row rows[] = {
		{ "kind", names_order_kind(order->kind, kind), "total", order->total,
		  "units ordered", units.ordered },
		{ "seller", order->seller, "of it shipping", order->shipping,
		  "units on the way", units.on_the_way },
		{ "buyer", order->buyer, "paid", order->paid, "units received",
		  units.received },
		{ "channel", order->channel, "in escrow", order->escrow,
		  "units returned", units.returned },
		{ "fulfilment", names_fulfilment(order->fulfilment, fulfilment),
		  "refund payable", order->refund_payable, "lines",
		  (int64_t)order->n_lines },
		{ "holds", holds, "refunded", order->refunded, "", 0 },
		{ "", "", "commission deferred", order->deferred, "", 0 },
	};
	struct table *table;

	(void)snprintf(holds, sizeof holds, "%" PRIu32 "%s", order->holds,
		       order->flagged ? ", flagged" : "");
	(void)printf("order %s: %s, goods %s (%s)\n\n", order->order,
		     payment_state(order), goods_state(order, &units), order->currency);
	table = table_open(stdout, style, flow_columns,
			   sizeof flow_columns / sizeof flow_columns[0]);
	set_ages(order, &units, &times, clock, &ages);
	print_ages(table, &ages);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		print_flow_row(table, &rows[i], order->exponent);
	table_close(table);
}
