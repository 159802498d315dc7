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

#include "metrics/column.h"

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

struct dbk_layers {
	struct dbk_column stocks; /* struct dbk_layers_stock, from 1 */
	struct dbk_column layers; /* struct dbk_layer, from 1 */
	struct dbk_column slots;  /* uint32_t: stocks by agent and SKU, 0: free */
	struct dbk_column agents; /* uint32_t: the first stock of one */
	uint32_t n_slots;	  /* a power of two, at least twice the stocks */
	uint32_t spare;		  /* layers that are used up */
};

void dbk_layers_init(struct dbk_layers *layers);
void dbk_layers_fini(struct dbk_layers *layers);

/* UNITS of SKU, above 0, came to AGENT. */
DBK_MUST_CHECK enum dbk_err dbk_layers_in(struct dbk_layers *layers, uint32_t agent,
					  uint64_t sku, int32_t day, int64_t units,
					  int64_t amount);

/* UNITS left; what was paid for them.  More than there are empty the stock. */
int64_t dbk_layers_out(struct dbk_layers *layers, uint32_t agent, uint64_t sku,
		       int64_t units);

/* Ask memory for what these two will need: the slot in step 0, the stock in step 1, its
 * layers in step 2. */
void dbk_layers_foresee(const struct dbk_layers *layers, uint32_t agent, uint64_t sku,
			unsigned step);

/* On hand of AGENT, all SKUs; of those the ones that came in before DAY. */
int64_t dbk_layers_on_hand(const struct dbk_layers *layers, uint32_t agent);
int64_t dbk_layers_before(const struct dbk_layers *layers, uint32_t agent, int32_t day);

#endif
