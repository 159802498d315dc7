#include "views/holding.h"

#include <string.h>

#define LOC_MAX ((UINT64_C(1) << DBK_HOLDING_LOC_BITS) - 1)
#define N_MAX 1023u
#define VALUE_MAX ((UINT64_C(1) << 49) - 1)

_Static_assert(sizeof(struct dbk_slim_holding) == 36, "no byte is lost");

/* So a slim row need not say which row of long chains is its own. */
_Static_assert(N_MAX < 1u << 2 * DBK_CHUNK_MARK_SHIFT, "slim chains are short");

static bool
chain_fits(const struct dbk_chain *chain)
{
	return chain->n <= N_MAX &&
	       (chain->last | chain->mark | chain->late) <= LOC_MAX;
}

/* A negative figure has high bits. */
static bool
figures_fit(const struct dbk_stock_figures *f)
{
	return (f->passed_down | f->self_used | f->sampled | f->lost | f->returned |
		f->taken_back | f->count_difference) == 0 &&
	       ((uint64_t)f->on_hand | (uint64_t)f->in_transit |
		(uint64_t)f->received) <= UINT32_MAX &&
	       f->sold == f->received - f->on_hand - f->in_transit &&
	       (uint64_t)f->received_value <= VALUE_MAX;
}

bool
dbk_holding_slim(const struct dbk_holding *holding, struct dbk_slim_holding *out)
{
	const struct dbk_chain *c = &holding->chain;
	const struct dbk_stock_figures *f = &holding->figures;
	uint64_t words[3];

	if (!chain_fits(c) || !figures_fit(f))
		return false;
	words[0] = c->last | c->mark << 44;
	words[1] = c->mark >> 20 | c->late << 24;
	words[2] =
	    c->late >> 40 | (uint64_t)c->n << 4 | (uint64_t)f->received_value << 15;
	memcpy(out->words, words, sizeof words);
	out->on_hand = (uint32_t)f->on_hand;
	out->in_transit = (uint32_t)f->in_transit;
	out->received = (uint32_t)f->received;
	return true;
}

static void
widen_chain(const uint64_t words[3], struct dbk_chain *out)
{
	out->last = words[0] & LOC_MAX;
	out->mark = (words[0] >> 44 | words[1] << 20) & LOC_MAX;
	out->late = (words[1] >> 24 | words[2] << 40) & LOC_MAX;
	out->n = (uint32_t)(words[2] >> 4) & N_MAX;
	out->long_row = 0;
}

/* Field by field: clearing all of it first takes longer than the rest. */
void
dbk_holding_whole(const struct dbk_slim_holding *slim, struct dbk_chain *chain,
		  struct dbk_stock_figures *figures)
{
	struct dbk_stock_figures *f = figures;
	uint64_t words[3];

	memcpy(words, slim->words, sizeof words);
	widen_chain(words, chain);
	f->on_hand = slim->on_hand;
	f->in_transit = slim->in_transit;
	f->received = slim->received;
	f->sold = f->received - f->on_hand - f->in_transit;
	f->passed_down = 0;
	f->self_used = 0;
	f->sampled = 0;
	f->lost = 0;
	f->returned = 0;
	f->taken_back = 0;
	f->count_difference = 0;
	f->received_value = (int64_t)(words[2] >> 15);
}
