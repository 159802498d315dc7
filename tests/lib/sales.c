#include "../tests/lib/sales.h"

#include <string.h>

#include "event/event.h"
#include "guard/guard.h"

#define SPONSORED 8u
#define EVENT_BYTES_MAX 4096
#define QTY_ISSUED 1000000000
#define US_PER_SECOND 1000000
#define US_PER_EVENT 1000
#define US_PER_DAY (INT64_C(86400) * US_PER_SECOND)

/* An encoding under way. */
struct writer {
	unsigned char bytes[EVENT_BYTES_MAX];
	unsigned char *at;
};

/* The sequence of splitmix64: unlike neighbours, no state. */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static void
put_varint(struct writer *w, uint64_t value)
{
	while (value >= 0x80) {
		*w->at++ = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	*w->at++ = (unsigned char)value;
}

static void
put_number(struct writer *w, unsigned field, uint64_t value)
{
	put_varint(w, (uint64_t)field << 3);
	put_varint(w, value);
}

static void
put_text(struct writer *w, unsigned field, const char *text)
{
	size_t size = strlen(text);

	put_varint(w, (uint64_t)field << 3 | 2);
	put_varint(w, size);
	memcpy(w->at, text, size);
	w->at += size;
}

/* LETTER and NUMBER in decimal with WIDTH digits. */
static void
put_id(struct writer *w, unsigned field, char letter, uint64_t number, unsigned width)
{
	put_varint(w, (uint64_t)field << 3 | 2);
	*w->at++ = (unsigned char)(width + 1);
	*w->at = (unsigned char)letter;
	for (unsigned i = width; i > 0; i--) {
		w->at[i] = (unsigned char)('0' + number % 10);
		number /= 10;
	}
	w->at += width + 1;
}

/* Open a message of less than 16,384 bytes; its length gets two bytes. */
static unsigned char *
open_message(struct writer *w, unsigned field)
{
	put_varint(w, (uint64_t)field << 3 | 2);
	w->at += 2;
	return w->at;
}

/* Close it; a length below 128 takes one byte, as everybody else writes it. */
static void
close_message(struct writer *w, unsigned char *start)
{
	size_t size = (size_t)(w->at - start);

	if (size < 0x80) {
		memmove(start - 1, start, size);
		start[-2] = (unsigned char)size;
		w->at--;
		return;
	}
	start[-2] = (unsigned char)(size | 0x80);
	start[-1] = (unsigned char)(size >> 7);
}

static void
put_time(struct writer *w, unsigned field, int64_t us)
{
	unsigned char *message = open_message(w, field);

	put_number(w, 1, (uint64_t)(us / US_PER_SECOND));
	if (us % US_PER_SECOND != 0)
		put_number(w, 2, (uint64_t)(us % US_PER_SECOND) * 1000);
	close_message(w, message);
}

static void
put_agent(struct writer *w, unsigned field, uint64_t agent)
{
	put_id(w, field, 'A', agent, 8);
}

static void
put_sku(struct writer *w, unsigned field, uint64_t sku)
{
	put_id(w, field, 'K', sku, 4);
}

/* The skus of an agent stand side by side, begun at a place of the agent's own. */
static uint64_t
sku_of_agent(const struct sales *sales, uint64_t agent, uint64_t i)
{
	return (mix(agent) % sales->skus + i) % sales->skus;
}

static int64_t
price_of_sku(uint64_t sku)
{
	return 9900 + 100 * (int64_t)(sku % 200);
}

struct sales
sales_default(void)
{
	struct sales sales = { .agents = 100000,
			       .skus = 100,
			       .customers = 1000000,
			       .holder_ship_percent = 50,
			       .first_us = INT64_C(1735689600) * US_PER_SECOND,
			       .us_per_event = US_PER_EVENT,
			       .skus_held = 4 };

	return sales;
}

struct sales
sales_with_commission(void)
{
	struct sales sales = sales_default();

	sales.us_per_event = US_PER_SECOND / 4;
	sales.levels = 2;
	sales.window_days = 1;
	return sales;
}

static uint64_t
plans(const struct sales *sales)
{
	return sales->levels > 0 ? 1 : 0;
}

static uint64_t
guard_sets(const struct sales *sales)
{
	return sales->guards ? 1 : 0;
}

uint64_t
sales_window_size(const struct sales *sales)
{
	return plans(sales) * sales->window_days * (uint64_t)US_PER_DAY /
	       sales->us_per_event;
}

uint64_t
sales_opening_size(const struct sales *sales)
{
	return 1 + plans(sales) + guard_sets(sales) + (uint64_t)sales->skus +
	       2 * (uint64_t)sales->agents;
}

int64_t
sales_time_us(const struct sales *sales, uint64_t number)
{
	return sales->first_us + (int64_t)number * sales->us_per_event;
}

static void
put_book(struct writer *w)
{
	unsigned char *body = open_message(w, DBK_EVENT_BOOK_OPENED);

	put_text(w, 1, "sales");
	put_text(w, 2, "CNY");
	put_number(w, 3, 2);
	put_number(w, 4, 480);
	close_message(w, body);
}

static void
put_parameter(struct writer *w, const char *name, uint64_t value, uint64_t level)
{
	unsigned char *message = open_message(w, 5);

	put_text(w, 1, name);
	put_number(w, 2, value);
	if (level > 0)
		put_number(w, 8, level);
	close_message(w, message);
}

/* 12.5 % for who sold, then 2.5 % a level, also where the seller had bought the goods. */
static void
put_plan(struct writer *w, const struct sales *sales)
{
	unsigned char *body = open_message(w, DBK_EVENT_PLAN_PUBLISHED);

	put_text(w, 1, "levels");
	put_number(w, 2, 1);
	put_parameter(w, "pay_max_depth", sales->levels, 0);
	put_parameter(w, "window_days", sales->window_days, 0);
	put_parameter(w, "holder_ship_commission", 1, 0);
	put_parameter(w, "rate_ppm", 125000, 1);
	for (uint64_t level = 2; level <= sales->levels; level++)
		put_parameter(w, "rate_ppm", 25000, level);
	close_message(w, body);
}

static void
put_guards(struct writer *w)
{
	unsigned char *body = open_message(w, DBK_EVENT_GUARD_SET_PUBLISHED), *inner;

	put_text(w, 1, "all");
	put_number(w, 2, 1);
	for (unsigned guard = 0; guard < DBK_GUARDS; guard++) {
		inner = open_message(w, 4);
		put_text(w, 1, dbk_guard_kind((enum dbk_guard)guard)->name);
		put_text(w, 9, "FLAG");
		close_message(w, inner);
	}
	close_message(w, body);
}

static void
put_sku_defined(struct writer *w, uint64_t sku)
{
	unsigned char *body = open_message(w, DBK_EVENT_SKU_DEFINED);

	put_sku(w, 1, sku);
	put_number(w, 2, 1);
	put_number(w, 3, (uint64_t)price_of_sku(sku));
	close_message(w, body);
}

static void
put_enrolled(struct writer *w, uint64_t agent)
{
	unsigned char *body = open_message(w, DBK_EVENT_AGENT_ENROLLED);

	put_agent(w, 1, agent);
	if (agent > 0)
		put_agent(w, 2, (agent - 1) / SPONSORED);
	put_text(w, 3, agent < 1 + SPONSORED ? "gold" : "silver");
	close_message(w, body);
}

static void
put_issued(struct writer *w, const struct sales *sales, uint64_t agent)
{
	unsigned char *body = open_message(w, DBK_EVENT_STOCK_ISSUED), *inner;
	uint64_t paid = 0;

	put_id(w, 1, 'I', agent, 8);
	inner = open_message(w, 3);
	put_agent(w, 1, agent);
	close_message(w, inner);
	for (uint64_t i = 0; i < sales->skus_held; i++) {
		uint64_t sku = sku_of_agent(sales, agent, i);

		inner = open_message(w, 5);
		put_number(w, 1, i + 1);
		put_sku(w, 2, sku);
		put_number(w, 4, QTY_ISSUED);
		put_number(w, 5, 1);
		close_message(w, inner);
		paid += QTY_ISSUED;
	}
	put_number(w, 6, paid);
	put_text(w, 7, "bankpay");
	put_id(w, 8, 'J', agent, 8);
	close_message(w, body);
}

static void
put_sale(struct writer *w, const struct sales *sales, uint64_t sale, int64_t us)
{
	uint64_t chance = mix(sale), agent = (chance >> 16) % sales->agents;
	bool holder_ships = chance % 100 < sales->holder_ship_percent;
	uint64_t qty = 1 + (chance >> 8) % 3;
	uint64_t sku = holder_ships
			   ? sku_of_agent(sales, agent, (chance >> 12) % sales->skus_held)
			   : (chance >> 40) % sales->skus;
	unsigned char *body = open_message(w, DBK_EVENT_SALE_RECORDED), *line;

	put_id(w, 1, 'S', sale, 10);
	put_agent(w, 3, agent);
	if (sales->customers > 0)
		put_id(w, 4, 'C', mix(chance) % sales->customers, 9);
	put_text(w, 5, "app");
	put_number(w, 7, holder_ships ? DBK_HOLDER_SHIP : DBK_BRAND_SHIP);
	line = open_message(w, 8);
	put_number(w, 1, 1);
	put_sku(w, 2, sku);
	put_number(w, 3, qty);
	put_number(w, 4, (uint64_t)price_of_sku(sku));
	close_message(w, line);
	put_number(w, 10, qty * (uint64_t)price_of_sku(sku));
	put_text(w, 12, "bankpay");
	put_id(w, 13, 'T', sale, 10);
	put_time(w, 14, us);
	close_message(w, body);
}

static void
put_body(struct writer *w, const struct sales *sales, uint64_t number, int64_t us)
{
	uint64_t agents = sales->agents, skus = sales->skus;

	if (number == 0) {
		put_book(w);
		return;
	}
	if (number == 1 && sales->levels > 0) {
		put_plan(w, sales);
		return;
	}
	number -= plans(sales);
	if (number == 1 && sales->guards) {
		put_guards(w);
		return;
	}
	number -= guard_sets(sales);
	if (number <= skus)
		put_sku_defined(w, number - 1);
	else if (number <= skus + agents)
		put_enrolled(w, number - 1 - skus);
	else if (number <= skus + 2 * agents)
		put_issued(w, sales, number - 1 - skus - agents);
	else
		put_sale(w, sales, number - 1 - skus - 2 * agents, us);
}

void
sales_put(const struct sales *sales, uint64_t number, struct dbk_buf *out)
{
	int64_t us = sales_time_us(sales, number);
	unsigned char *event;
	struct writer w;

	w.at = w.bytes;
	event = open_message(&w, 1);
	put_time(&w, 1, us);
	put_body(&w, sales, number, us);
	close_message(&w, event);
	dbk_buf_put(out, w.bytes, (size_t)(w.at - w.bytes));
}

void
sales_put_many(const struct sales *sales, uint64_t first, uint32_t n,
	       struct dbk_buf *out)
{
	for (uint32_t i = 0; i < n; i++)
		sales_put(sales, first + i, out);
}
