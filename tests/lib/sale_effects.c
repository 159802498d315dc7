#include "../tests/lib/sale_effects.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CLOCK 1735689600000000LL
#define HOUR_US 3600000000LL
#define STOCK_UNITS 1000000000LL

/* Dense ids: three accounts of the brand, then a claim for each agent. */
enum { CLEARING = 1, REVENUE = 2, COST = 3, FIRST_CLAIM = 4 };

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
	sales->claims = calloc(shape->agents, sizeof *sales->claims);
	sales->stock = calloc(shape->agents, sizeof *sales->stock);
	if (sales->claims == NULL || sales->stock == NULL)
		abort();
	sales->clock = FIRST_CLOCK;
}

void
sale_effects_fini(struct sale_effects *sales)
{
	free(sales->claims);
	free(sales->stock);
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
	account.code = DBK_COMMISSION_PENDING;
	for (uint32_t i = 0; i < s->shape.agents; i++) {
		struct dbk_named holder = { .kind = DBK_NAMED_HOLDER,
					    .holder_kind = DBK_HOLDER_AGENT,
					    .id = i + 1 };
		char text[24];

		(void)snprintf(text, sizeof text, "agent-%08u", i);
		account.id = FIRST_CLAIM + i;
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
post(struct dbk_effects *out, uint8_t code, uint32_t account, int64_t amount,
     int64_t *balance)
{
	*balance += amount;
	dbk_effects_post(out, (struct dbk_posting){ code, account, amount, *balance });
}

static void
one_sale(struct sale_effects *s, struct dbk_effects *out, uint64_t position)
{
	struct dbk_effect *effect = begin(s, out, position);
	uint32_t seller = (uint32_t)(next(s) % s->shape.agents);
	uint32_t sponsor = seller / 10;
	int64_t paid = 100 + (int64_t)(next(s) % 50000), escrow = 0;
	int64_t units = 1 + (int64_t)(next(s) % 5);

	effect->type = DBK_EVENT_SALE_RECORDED;
	effect->order = ++s->orders;
	if (next(s) % 1000 < s->shape.late_per_mille) {
		effect->late = true;
		effect->effective_at -= HOUR_US;
	}
	post(out, DBK_PSP_CLEARING, CLEARING, paid, &s->clearing);
	post(out, DBK_ESCROW, 0, -paid, &escrow);
	post(out, DBK_ESCROW, 0, paid, &escrow);
	post(out, DBK_SALES_RETAIL, REVENUE, -paid, &s->revenue);
	if (s->shape.commissions > 0) {
		post(out, DBK_COMMISSION_PENDING, FIRST_CLAIM + seller, -(paid / 10),
		     &s->claims[seller]);
		post(out, DBK_COMMISSION_PENDING, FIRST_CLAIM + sponsor, -(paid / 20),
		     &s->claims[sponsor]);
		post(out, DBK_COMMISSION_EXPENSE, COST, paid / 10 + paid / 20,
		     &s->cost);
	}
	s->stock[seller] -= units;
	dbk_effects_move(out,
			 (struct dbk_position_move){ .kind = DBK_MOVE_SOLD,
						     .position = seller + 1,
						     .amount = -units,
						     .units = units,
						     .on_hand = s->stock[seller] });
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
