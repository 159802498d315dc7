#include "service/stock_walk.h"

#include <string.h>

#include <daybook/limits.h>

#define ITEMS_FIRST 4096u

void
dbk_stock_walk_begin(struct dbk_stock_walk *walk, struct dbk_call *call, uint32_t first,
		     uint32_t last)
{
	walk->call = call;
	walk->agent = first <= last ? first : 0;
	walk->last = last;
	walk->inside = false;
	walk->n = 0;
}

/* --------------------------------------------------------- on the thread of the books
 */

static void
leave_agent(struct dbk_stock_walk *walk)
{
	walk->inside = false;
	walk->agent = walk->agent < walk->last ? walk->agent + 1 : 0;
}

static struct dbk_stock_item *
add_item(struct dbk_stock_walk *walk)
{
	struct dbk_stock_item *item = &walk->items[walk->n++];

	memset(item, 0, sizeof *item);
	item->agent = walk->agent;
	return item;
}

static void
enter_agent(const struct dbk_books *books, struct dbk_stock_walk *walk)
{
	uint32_t id = dbk_look_agent(books, walk->agent)->holder;
	struct dbk_row_holder holder;

	walk->budget--;
	if (id == 0) {
		leave_agent(walk);
		return;
	}
	holder = dbk_look_holder(books, id);
	if (walk->units_only && holder.first_position != 0)
		add_item(walk)->stock.on_hand = holder.units;
	walk->inside = true;
	walk->position = walk->units_only ? 0 : holder.first_position;
	walk->request = walk->stock_only ? 0 : holder.requests;
}

static void
copy_position(const struct dbk_books *books, struct dbk_stock_walk *walk)
{
	struct dbk_row_position row = dbk_look_position(books, walk->position);
	uint32_t id = walk->position;
	uint32_t sku = dbk_look_good(books, row.good)->sku;
	struct dbk_stock_item *item;

	walk->budget--;
	walk->position = row.next;
	if (walk->sku != 0 && sku != walk->sku)
		return;
	item = add_item(walk);
	if (walk->stock_only) {
		item->stock.sku = sku;
		item->stock.good = row.good;
		item->stock.on_hand = row.on_hand;
		return;
	}
	walk->budget -= dbk_look_stock(books, id, walk->days, &item->stock);
	item->list_price = dbk_look_sku(books, sku).list_price;
}

static void
copy_request(const struct dbk_books *books, struct dbk_stock_walk *walk)
{
	struct dbk_row_request row = dbk_look_request(books, walk->request);
	struct dbk_stock_item *item;

	walk->budget--;
	walk->request = row.next;
	if (dbk_look_today(books) - row.asked >= walk->request_days) {
		walk->request = 0;
		return;
	}
	if (walk->sku != 0 && row.sku != walk->sku)
		return;
	item = add_item(walk);
	item->stock.sku = row.sku;
	item->incoming = row.qty - row.arrived;
}

static void
look_agents(const struct dbk_books *books, void *answer)
{
	struct dbk_stock_walk *walk = answer;

	walk->size = dbk_books_size(books);
	walk->budget = DBK_SERVICE_ASK_ROWS_MAX;
	walk->request_days = dbk_look_guard_number(books, DBK_GUARD_REQUEST_DAYS);
	while (walk->agent != 0 && walk->budget > 0 && walk->n < walk->max) {
		if (!walk->inside)
			enter_agent(books, walk);
		else if (walk->position != 0)
			copy_position(books, walk);
		else if (walk->request != 0)
			copy_request(books, walk);
		else
			leave_agent(walk);
	}
	walk->rows += (uint64_t)(DBK_SERVICE_ASK_ROWS_MAX - walk->budget);
}

/* ---------------------------------------------------------------------- on the reader
 */

static bool
grow(struct dbk_stock_walk *walk)
{
	uint32_t max = walk->max == 0 ? ITEMS_FIRST : 2 * walk->max;
	struct dbk_stock_item *items =
	    dbk_arena_alloc(walk->call->arena, (size_t)max * sizeof *items);

	if (items == NULL) {
		(void)dbk_answer_set(walk->call->answer, DBK_GRPC_RESOURCE_EXHAUSTED,
				     "MEMORY", "no memory for what one agent holds");
		return false;
	}
	if (walk->n > 0)
		memcpy(items, walk->items, walk->n * sizeof *items);
	walk->items = items;
	walk->max = max;
	return true;
}

bool
dbk_stock_walk_step(struct dbk_stock_walk *walk)
{
	if (walk->n == walk->max && !grow(walk))
		return false;
	return dbk_call_ask(walk->call, look_agents, walk);
}

uint32_t
dbk_stock_walk_ready(const struct dbk_stock_walk *walk, uint32_t first)
{
	uint32_t end = first;

	while (end < walk->n && walk->items[end].agent == walk->items[first].agent)
		end++;
	if (end == walk->n && end > first && walk->items[first].agent == walk->agent)
		return 0;
	return end - first;
}

void
dbk_stock_walk_drop(struct dbk_stock_walk *walk, uint32_t first)
{
	walk->n -= first;
	if (first > 0 && walk->n > 0)
		memmove(walk->items, walk->items + first,
			walk->n * sizeof *walk->items);
}
