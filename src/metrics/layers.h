#ifndef DBK_METRICS_LAYERS_H
#define DBK_METRICS_LAYERS_H

/*
 * layers.h -- units on hand by agent and SKU, in layers of what came in together; they
 * leave first in, first out.
 *
 * Thread: one.
 */

#include <stdint.h>

#include <daybook/error.h>

/* Units of one day; those that came first stand first. */
struct dbk_layer {
	int64_t units, amount; /* what was paid for these, 0: nothing or unknown */
	int32_t day;
	uint32_t next; /* 0: none */
};

/* Of an agent and a SKU. */
struct dbk_layers_stock {
	uint64_t sku;
	int64_t on_hand;
	uint32_t agent;
	uint32_t next; /* of the same agent, 0: none */
	uint32_t first, last;
};

/* Zeroed: empty. */
struct dbk_layers {
	struct dbk_layers_stock *stocks; /* from 1 */
	struct dbk_layer *layers;	 /* from 1 */
	uint32_t *slots;		 /* of stocks, by agent and SKU */
	uint32_t *agents;		 /* first stock of one */
	uint32_t n_stocks, stocks_max, n_layers, layers_max;
	uint32_t n_slots, n_agents;
	uint32_t spare; /* layers that are used up */
};

void dbk_layers_fini(struct dbk_layers *layers);

/* UNITS of SKU, above 0, came to AGENT. */
DBK_MUST_CHECK enum dbk_err dbk_layers_in(struct dbk_layers *layers, uint32_t agent,
					  uint64_t sku, int32_t day, int64_t units,
					  int64_t amount);

/* UNITS left; what was paid for them.  More than there are empty the stock. */
int64_t dbk_layers_out(struct dbk_layers *layers, uint32_t agent, uint64_t sku,
		       int64_t units);

/* On hand of AGENT, all SKUs; of those the ones that came in before DAY. */
int64_t dbk_layers_on_hand(const struct dbk_layers *layers, uint32_t agent);
int64_t dbk_layers_before(const struct dbk_layers *layers, uint32_t agent, int32_t day);

#endif
