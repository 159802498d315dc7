#include "metrics/layers.h"

#include <stdbool.h>

#include "base/assert.h"
#include "base/money.h"

#define FIRST_SLOTS 64u
#define AGENTS_MAX (UINT32_C(1) << 30)
#define STOCKS_MAX (UINT32_C(1) << 28)
#define LAYERS_MAX (UINT32_C(1) << 29)

void
dbk_layers_init(struct dbk_layers *layers)
{
	dbk_column_init(&layers->stocks, sizeof(struct dbk_layers_stock), STOCKS_MAX);
	dbk_column_init(&layers->layers, sizeof(struct dbk_layer), LAYERS_MAX);
	dbk_column_init(&layers->slots, sizeof(uint32_t), 0);
	dbk_column_init(&layers->agents, sizeof(uint32_t), AGENTS_MAX);
	layers->n_slots = layers->spare = 0;
}

void
dbk_layers_fini(struct dbk_layers *layers)
{
	dbk_column_fini(&layers->stocks);
	dbk_column_fini(&layers->layers);
	dbk_column_fini(&layers->slots);
	dbk_column_fini(&layers->agents);
}

static struct dbk_layers_stock *
stock_at(const struct dbk_layers *layers, uint32_t number)
{
	return dbk_column_row(&layers->stocks, number);
}

static struct dbk_layer *
layer_at(const struct dbk_layers *layers, uint32_t number)
{
	return dbk_column_row(&layers->layers, number);
}

/* The first stock of AGENT, 0: none. */
static uint32_t
first_of(const struct dbk_layers *layers, uint32_t agent)
{
	if (agent >= layers->agents.count)
		return 0;
	return *(const uint32_t *)dbk_column_row(&layers->agents, agent);
}

/* The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit counts. */
static uint64_t
mix(uint32_t agent, uint64_t sku)
{
	uint64_t x = sku + agent * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* The slot of the stock, or the free one where it would stand. */
static uint32_t *
slot_of(const struct dbk_layers *layers, uint32_t agent, uint64_t sku)
{
	uint32_t at = (uint32_t)mix(agent, sku) & (layers->n_slots - 1);

	for (;; at = (at + 1) & (layers->n_slots - 1)) {
		uint32_t *slot = dbk_column_row(&layers->slots, at);
		const struct dbk_layers_stock *stock;

		if (*slot == 0)
			return slot;
		stock = stock_at(layers, *slot);
		if (stock->agent == agent && stock->sku == sku)
			return slot;
	}
}

static enum dbk_err
grow_slots(struct dbk_layers *layers)
{
	uint32_t n = layers->n_slots == 0 ? FIRST_SLOTS : layers->n_slots * 2;
	struct dbk_column slots;
	enum dbk_err err;

	dbk_column_init(&slots, sizeof(uint32_t), n);
	err = dbk_column_reach(&slots, n - 1);
	if (err != DBK_OK)
		return err;
	dbk_column_fini(&layers->slots);
	layers->slots = slots;
	layers->n_slots = n;
	for (uint32_t i = 1; i < layers->stocks.count; i++)
		*slot_of(layers, stock_at(layers, i)->agent, stock_at(layers, i)->sku) =
		    i;
	return DBK_OK;
}

static enum dbk_err
make_stock(struct dbk_layers *layers, uint32_t agent, uint64_t sku, uint32_t *out)
{
	uint32_t number = layers->stocks.count == 0 ? 1 : layers->stocks.count;
	enum dbk_err err = dbk_column_reach(&layers->agents, agent);

	if (err == DBK_OK && number >= layers->n_slots / 2)
		err = grow_slots(layers);
	if (err == DBK_OK)
		err = dbk_column_reach(&layers->stocks, number);
	if (err != DBK_OK)
		return err;
	*stock_at(layers, number) = (struct dbk_layers_stock){
		.sku = sku, .agent = agent, .next = first_of(layers, agent)
	};
	*(uint32_t *)dbk_column_row(&layers->agents, agent) = number;
	*slot_of(layers, agent, sku) = number;
	*out = number;
	return DBK_OK;
}

static enum dbk_err
make_layer(struct dbk_layers *layers, uint32_t *out)
{
	uint32_t number = layers->layers.count == 0 ? 1 : layers->layers.count;
	enum dbk_err err;

	if (layers->spare != 0) {
		*out = layers->spare;
		layers->spare = layer_at(layers, *out)->next;
		return DBK_OK;
	}
	err = dbk_column_reach(&layers->layers, number);
	if (err == DBK_OK)
		*out = number;
	return err;
}

static uint32_t
find(const struct dbk_layers *layers, uint32_t agent, uint64_t sku)
{
	return layers->n_slots == 0 ? 0 : *slot_of(layers, agent, sku);
}

/* Nothing tells units of one day apart if nothing was paid for them. */
static bool
joins_last(const struct dbk_layers *layers, const struct dbk_layers_stock *stock,
	   int32_t day, int64_t units, int64_t amount)
{
	const struct dbk_layer *last;

	if (stock->last == 0)
		return false;
	last = layer_at(layers, stock->last);
	return last->day == day && last->amount == 0 && amount == 0 &&
	       last->units <= INT64_MAX - units;
}

enum dbk_err
dbk_layers_in(struct dbk_layers *layers, uint32_t agent, uint64_t sku, int32_t day,
	      int64_t units, int64_t amount)
{
	uint32_t id = find(layers, agent, sku), layer;
	struct dbk_layers_stock *stock;
	enum dbk_err err = DBK_OK;

	dbk_assert(units > 0);
	if (id == 0)
		err = make_stock(layers, agent, sku, &id);
	if (err != DBK_OK)
		return err;
	stock = stock_at(layers, id);
	stock->on_hand = dbk_money_sum(stock->on_hand, units);
	if (joins_last(layers, stock, day, units, amount)) {
		layer_at(layers, stock->last)->units += units;
		return DBK_OK;
	}
	if (make_layer(layers, &layer) != DBK_OK)
		return DBK_FAILED_MEMORY;
	*layer_at(layers, layer) =
	    (struct dbk_layer){ .units = units, .amount = amount, .day = day };
	if (stock->first == 0)
		stock->first = layer;
	else
		layer_at(layers, stock->last)->next = layer;
	stock->last = layer;
	return DBK_OK;
}

static void
drop_first(struct dbk_layers *layers, struct dbk_layers_stock *stock)
{
	uint32_t gone = stock->first;

	stock->first = layer_at(layers, gone)->next;
	if (stock->first == 0)
		stock->last = 0;
	layer_at(layers, gone)->next = layers->spare;
	layers->spare = gone;
}

int64_t
dbk_layers_out(struct dbk_layers *layers, uint32_t agent, uint64_t sku, int64_t units)
{
	uint32_t id = find(layers, agent, sku);
	struct dbk_layers_stock *stock;
	int64_t amount = 0;

	if (id == 0)
		return 0;
	stock = stock_at(layers, id);
	while (units > 0 && stock->first != 0) {
		struct dbk_layer *layer = layer_at(layers, stock->first);
		int64_t taken = units < layer->units ? units : layer->units;
		int64_t part = dbk_money_ratio(layer->amount, taken, layer->units);

		amount = dbk_money_sum(amount, part);
		layer->amount -= part;
		layer->units -= taken;
		units -= taken;
		stock->on_hand -= taken;
		if (layer->units == 0)
			drop_first(layers, stock);
	}
	return amount;
}

void
dbk_layers_foresee(const struct dbk_layers *layers, uint32_t agent, uint64_t sku,
		   unsigned step)
{
	uint32_t at = (uint32_t)mix(agent, sku) & (layers->n_slots - 1);
	const struct dbk_layers_stock *stock;
	uint32_t number;

	if (step == 0)
		dbk_column_foresee(&layers->slots, at);
	if (step == 0 || layers->n_slots == 0)
		return;
	number = *(const uint32_t *)dbk_column_row(&layers->slots, at);
	if (step == 1)
		dbk_column_foresee(&layers->stocks, number);
	if (step == 1 || number == 0)
		return;
	stock = stock_at(layers, number);
	dbk_column_foresee(&layers->layers, stock->first);
	dbk_column_foresee(&layers->layers, stock->last);
}

int64_t
dbk_layers_on_hand(const struct dbk_layers *layers, uint32_t agent)
{
	int64_t units = 0;

	for (uint32_t i = first_of(layers, agent); i != 0;
	     i = stock_at(layers, i)->next)
		units = dbk_money_sum(units, stock_at(layers, i)->on_hand);
	return units;
}

int64_t
dbk_layers_before(const struct dbk_layers *layers, uint32_t agent, int32_t day)
{
	int64_t units = 0;

	for (uint32_t i = first_of(layers, agent); i != 0;
	     i = stock_at(layers, i)->next)
		for (uint32_t l = stock_at(layers, i)->first; l != 0;
		     l = layer_at(layers, l)->next)
			if (layer_at(layers, l)->day < day)
				units =
				    dbk_money_sum(units, layer_at(layers, l)->units);
	return units;
}
