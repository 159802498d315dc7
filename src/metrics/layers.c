#include "metrics/layers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"

#define FIRST_ROOM 64u
#define ROWS_MAX (UINT32_MAX / 4)

void
dbk_layers_fini(struct dbk_layers *layers)
{
	free(layers->stocks);
	free(layers->layers);
	free(layers->slots);
	free(layers->agents);
	memset(layers, 0, sizeof *layers);
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

/* The slot of the stock, or the empty one where it would stand. */
static uint32_t *
slot_of(const struct dbk_layers *layers, uint32_t agent, uint64_t sku)
{
	uint32_t at = (uint32_t)mix(agent, sku) & (layers->n_slots - 1);

	for (;; at = (at + 1) & (layers->n_slots - 1)) {
		const struct dbk_layers_stock *stock;

		if (layers->slots[at] == 0)
			return &layers->slots[at];
		stock = &layers->stocks[layers->slots[at]];
		if (stock->agent == agent && stock->sku == sku)
			return &layers->slots[at];
	}
}

static enum dbk_err
grow_slots(struct dbk_layers *layers)
{
	uint32_t n = layers->n_slots == 0 ? FIRST_ROOM : layers->n_slots * 2;
	uint32_t *slots = calloc(n, sizeof *slots);

	if (slots == NULL)
		return DBK_FAILED_MEMORY;
	free(layers->slots);
	layers->slots = slots;
	layers->n_slots = n;
	for (uint32_t i = 1; i < layers->n_stocks; i++)
		*slot_of(layers, layers->stocks[i].agent, layers->stocks[i].sku) = i;
	return DBK_OK;
}

/* Room for one more of N rows of ROW_BYTES, *MAX of which have some. */
static void *
grow_rows(void *rows, uint32_t n, uint32_t *max, size_t row_bytes)
{
	uint32_t want = *max == 0 ? FIRST_ROOM : *max * 2;
	void *grown;

	if (n < *max)
		return rows;
	if (*max > ROWS_MAX)
		return NULL;
	grown = realloc(rows, want * row_bytes);
	if (grown != NULL)
		*max = want;
	return grown;
}

static enum dbk_err
grow_agents(struct dbk_layers *layers, uint32_t agent)
{
	uint32_t n = layers->n_agents == 0 ? FIRST_ROOM : layers->n_agents;
	uint32_t *agents;

	if (agent < layers->n_agents)
		return DBK_OK;
	while (n <= agent)
		n = n > UINT32_MAX / 2 ? UINT32_MAX : n * 2;
	agents = realloc(layers->agents, n * sizeof *agents);
	if (agents == NULL)
		return DBK_FAILED_MEMORY;
	memset(agents + layers->n_agents, 0, (n - layers->n_agents) * sizeof *agents);
	layers->agents = agents;
	layers->n_agents = n;
	return DBK_OK;
}

static enum dbk_err
make_stock(struct dbk_layers *layers, uint32_t agent, uint64_t sku, uint32_t *out)
{
	struct dbk_layers_stock *stocks;
	enum dbk_err err = grow_agents(layers, agent);

	if (err == DBK_OK && layers->n_stocks >= layers->n_slots / 2)
		err = grow_slots(layers);
	if (err != DBK_OK)
		return err;
	if (layers->n_stocks == 0)
		layers->n_stocks = 1;
	stocks = grow_rows(layers->stocks, layers->n_stocks, &layers->stocks_max,
			   sizeof *stocks);
	if (stocks == NULL)
		return DBK_FAILED_MEMORY;
	layers->stocks = stocks;
	*out = layers->n_stocks++;
	stocks[*out] = (struct dbk_layers_stock){ .sku = sku,
						  .agent = agent,
						  .next = layers->agents[agent] };
	layers->agents[agent] = *out;
	*slot_of(layers, agent, sku) = *out;
	return DBK_OK;
}

static enum dbk_err
make_layer(struct dbk_layers *layers, uint32_t *out)
{
	struct dbk_layer *rows;

	if (layers->spare != 0) {
		*out = layers->spare;
		layers->spare = layers->layers[*out].next;
		return DBK_OK;
	}
	if (layers->n_layers == 0)
		layers->n_layers = 1;
	rows = grow_rows(layers->layers, layers->n_layers, &layers->layers_max,
			 sizeof *rows);
	if (rows == NULL)
		return DBK_FAILED_MEMORY;
	layers->layers = rows;
	*out = layers->n_layers++;
	return DBK_OK;
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
	const struct dbk_layer *last = &layers->layers[stock->last];

	return stock->last != 0 && last->day == day && last->amount == 0 &&
	       amount == 0 && last->units <= INT64_MAX - units;
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
	stock = &layers->stocks[id];
	stock->on_hand = dbk_money_sum(stock->on_hand, units);
	if (joins_last(layers, stock, day, units, amount)) {
		layers->layers[stock->last].units += units;
		return DBK_OK;
	}
	if (make_layer(layers, &layer) != DBK_OK)
		return DBK_FAILED_MEMORY;
	layers->layers[layer] =
	    (struct dbk_layer){ .units = units, .amount = amount, .day = day };
	if (stock->first == 0)
		stock->first = layer;
	else
		layers->layers[stock->last].next = layer;
	stock->last = layer;
	return DBK_OK;
}

static void
drop_first(struct dbk_layers *layers, struct dbk_layers_stock *stock)
{
	uint32_t gone = stock->first;

	stock->first = layers->layers[gone].next;
	if (stock->first == 0)
		stock->last = 0;
	layers->layers[gone].next = layers->spare;
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
	stock = &layers->stocks[id];
	while (units > 0 && stock->first != 0) {
		struct dbk_layer *layer = &layers->layers[stock->first];
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

int64_t
dbk_layers_on_hand(const struct dbk_layers *layers, uint32_t agent)
{
	int64_t units = 0;

	if (agent >= layers->n_agents)
		return 0;
	for (uint32_t i = layers->agents[agent]; i != 0; i = layers->stocks[i].next)
		units = dbk_money_sum(units, layers->stocks[i].on_hand);
	return units;
}

int64_t
dbk_layers_before(const struct dbk_layers *layers, uint32_t agent, int32_t day)
{
	int64_t units = 0;

	if (agent >= layers->n_agents)
		return 0;
	for (uint32_t i = layers->agents[agent]; i != 0; i = layers->stocks[i].next)
		for (uint32_t l = layers->stocks[i].first; l != 0;
		     l = layers->layers[l].next)
			if (layers->layers[l].day < day)
				units = dbk_money_sum(units, layers->layers[l].units);
	return units;
}
