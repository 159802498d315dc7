#include "../tests/lib/sale_effects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CLOCK 1735689600000000LL
#define HOUR_US 3600000000LL
#define STOCK_UNITS 1000000000LL

/* Sales from one to its maturity. */
#define CLAIMS 65536u

/* Dense ids: three accounts of the brand, then for each agent two claims, pending and
 * available. */
enum { CLEARING = 1, REVENUE = 2, COST = 3, FIRST_CLAIM = 4 };

static uint32_t
pending_of(uint32_t agent)
{
	return FIRST_CLAIM + 2 * agent;
}

static uint32_t
available_of(uint32_t agent)
{
	return pending_of(agent) + 1;
}

static uint64_t
next(struct sale_effects *s)
{
	uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void
sale_effects_init(struct sale_effects *sales, const struct sale_shape *shape)
{
	memset(sales, 0, sizeof *sales);
	sales->shape = *shape;
	sales->state = 1;
	sales->pending = calloc(shape->agents, sizeof *sales->pending);
	sales->available = calloc(shape->agents, sizeof *sales->available);
	sales->stock = calloc(shape->agents, sizeof *sales->stock);
	sales->claims = calloc(CLAIMS, sizeof *sales->claims);
	if (sales->pending == NULL || sales->available == NULL ||
	    sales->stock == NULL || sales->claims == NULL)
		abort();
	sales->clock = FIRST_CLOCK;
}

void
sale_effects_fini(struct sale_effects *sales)
{
	free(sales->pending);
	free(sales->available);
	free(sales->stock);
	free(sales->claims);
}

static void
name(struct dbk_effects *out, struct dbk_named named, const char *text)
{
	dbk_effects_name(out, named, dbk_str_of(text));
}

static void
name_all(const struct sale_effects *s, struct dbk_effects *out)
{
	struct dbk_named account = { .kind = DBK_NAMED_ACCOUNT };
	struct dbk_named position = { .kind = DBK_NAMED_POSITION,
				      .sku = 1,
				      .place = DBK_PLACE_PHYSICAL };
	struct dbk_named sku = { .kind = DBK_NAMED_SKU, .id = 1 };
	static const uint8_t codes[] = { 0, DBK_PSP_CLEARING, DBK_SALES_RETAIL,
					 DBK_COMMISSION_EXPENSE };

	name(out, sku, "sku-1");
	for (account.id = CLEARING; account.id < FIRST_CLAIM; account.id++) {
		account.code = codes[account.id];
		name(out, account, "brand");
	}
	for (uint32_t i = 0; i < s->shape.agents; i++) {
		struct dbk_named holder = { .kind = DBK_NAMED_HOLDER,
					    .holder_kind = DBK_HOLDER_AGENT,
					    .id = i + 1 };
		char text[24];

		(void)snprintf(text, sizeof text, "agent-%08u", i);
		account.code = DBK_COMMISSION_PENDING;
		account.id = pending_of(i);
		name(out, account, text);
		account.code = DBK_COMMISSION_AVAILABLE;
		account.id = available_of(i);
		name(out, account, text);
		name(out, holder, text);
		position.id = position.holder = i + 1;
		name(out, position, "");
	}
}

static struct dbk_effect *
begin(struct sale_effects *s, struct dbk_effects *out, uint64_t position)
{
	struct dbk_effect *effect = dbk_effects_begin(out, position);

	if (effect == NULL)
		abort();
	s->clock += 1000;
	effect->effective_at = effect->clock = s->clock;
	return effect;
}

void
sale_effects_open(struct sale_effects *s, struct dbk_effects *out)
{
	dbk_effects_reset(out, 0);
	name_all(s, out);
	for (uint32_t i = 0; i < s->shape.agents; i++) {
		begin(s, out, i)->type = DBK_EVENT_STOCK_ISSUED;
		s->stock[i] = STOCK_UNITS;
		dbk_effects_move(
		    out, (struct dbk_position_move){ .kind = DBK_MOVE_RECEIVED,
						     .position = i + 1,
						     .amount = STOCK_UNITS,
						     .units = STOCK_UNITS,
						     .on_hand = STOCK_UNITS,
						     .value = STOCK_UNITS * 100 });
	}
	if (out->failed)
		abort();
}

static void
post(struct dbk_effects *out, uint8_t code, uint32_t account, enum dbk_cause cause,
     uint32_t ref, int64_t amount, int64_t *balance)
{
	*balance += amount;
	dbk_effects_post(out, (struct dbk_posting){ .code = code,
						    .cause = (uint8_t)cause,
						    .account = account,
						    .ref = ref,
						    .amount = amount,
						    .balance = *balance });
}

/* A sale of long ago has matured. */
static void
mature(struct sale_effects *s, struct dbk_effects *out, const struct sale_claim *claim)
{
	const uint32_t agents[] = { claim->seller, claim->sponsor };
	const int64_t amounts[] = { claim->own, claim->up };

	for (unsigned i = 0; i < 2; i++) {
		uint32_t agent = agents[i];

		post(out, DBK_COMMISSION_PENDING, pending_of(agent), DBK_CAUSE_MATURED,
		     claim->order, amounts[i], &s->pending[agent]);
		post(out, DBK_COMMISSION_AVAILABLE, available_of(agent),
		     DBK_CAUSE_MATURED, claim->order, -amounts[i],
		     &s->available[agent]);
	}
}

static void
post_sale(struct sale_effects *s, struct dbk_effects *out, int64_t paid,
	  const struct sale_claim *claim)
{
	int64_t escrow = 0, deferred = 0, cost = claim->own + claim->up;

	post(out, DBK_PSP_CLEARING, CLEARING, DBK_CAUSE_EVENT, 0, paid, &s->clearing);
	post(out, DBK_ESCROW, 0, DBK_CAUSE_EVENT, 0, -paid, &escrow);
	if (s->shape.commissions) {
		post(out, DBK_COMMISSION_DEFERRED, 0, DBK_CAUSE_ACCRUED, 0, cost,
		     &deferred);
		post(out, DBK_COMMISSION_PENDING, pending_of(claim->seller),
		     DBK_CAUSE_ACCRUED, 0, -claim->own, &s->pending[claim->seller]);
		post(out, DBK_COMMISSION_PENDING, pending_of(claim->sponsor),
		     DBK_CAUSE_ACCRUED, 0, -claim->up, &s->pending[claim->sponsor]);
	}
	post(out, DBK_ESCROW, 0, DBK_CAUSE_EVENT, 0, paid, &escrow);
	post(out, DBK_SALES_RETAIL, REVENUE, DBK_CAUSE_EVENT, 0, -paid, &s->revenue);
	if (s->shape.commissions) {
		post(out, DBK_COMMISSION_EXPENSE, COST, DBK_CAUSE_RECOGNISED, 0, cost,
		     &s->cost);
		post(out, DBK_COMMISSION_DEFERRED, 0, DBK_CAUSE_RECOGNISED, 0, -cost,
		     &deferred);
	}
}

static void
one_sale(struct sale_effects *s, struct dbk_effects *out, uint64_t position)
{
	struct dbk_effect *effect = begin(s, out, position);
	int64_t paid = 100 + (int64_t)(next(s) % 50000);
	struct sale_claim *old = &s->claims[++s->orders % CLAIMS];
	struct sale_claim claim = { .order = s->orders,
				    .seller = (uint32_t)(next(s) % s->shape.agents),
				    .own = paid / 10,
				    .up = paid / 20 };
	int64_t units = 1 + (int64_t)(next(s) % 5);

	claim.sponsor = claim.seller / 10;
	effect->type = DBK_EVENT_SALE_RECORDED;
	effect->order = s->orders;
	if (next(s) % 1000 < s->shape.late_per_mille) {
		effect->late = true;
		effect->effective_at -= HOUR_US;
	}
	if (s->shape.maturing && old->order != 0)
		mature(s, out, old);
	*old = claim;
	post_sale(s, out, paid, &claim);
	s->stock[claim.seller] -= units;
	dbk_effects_move(
	    out, (struct dbk_position_move){ .kind = DBK_MOVE_SOLD,
					     .position = claim.seller + 1,
					     .amount = -units,
					     .units = units,
					     .on_hand = s->stock[claim.seller] });
}

void
sale_effects_group(struct sale_effects *s, uint64_t size, uint32_t n,
		   struct dbk_effects *out)
{
	dbk_effects_reset(out, size);
	for (uint32_t i = 0; i < n; i++)
		one_sale(s, out, size + i);
	if (out->failed)
		abort();
}
