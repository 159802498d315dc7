#include "metrics/fingerprints.h"

#include <string.h>

#define FIRST_CAPACITY 1024u
#define CAPACITY_MAX (UINT32_C(1) << 31)

void
dbk_fingerprints_fini(struct dbk_fingerprints *set)
{
	dbk_column_fini(&set->slots);
	memset(set, 0, sizeof *set);
}

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

uint64_t
dbk_fingerprint(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t pair = (uint64_t)a << 32 | b;

	return mix(mix(pair + UINT64_C(0x9e3779b97f4a7c15)) + c);
}

/* The slot of FINGERPRINT, or the free one where it would go. */
static uint64_t *
slot_of(const struct dbk_fingerprints *set, uint64_t fingerprint)
{
	uint32_t at = (uint32_t)fingerprint & (set->capacity - 1);

	for (;; at = (at + 1) & (set->capacity - 1)) {
		uint64_t *slot = dbk_column_row(&set->slots, at);

		if (*slot == 0 || *slot == fingerprint)
			return slot;
	}
}

static enum dbk_err
grow(struct dbk_fingerprints *set)
{
	struct dbk_fingerprints grown = { .n = set->n };
	enum dbk_err err;

	if (set->capacity == CAPACITY_MAX)
		return DBK_FAILED_MEMORY;
	grown.capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
	dbk_column_init(&grown.slots, sizeof(uint64_t), grown.capacity);
	err = dbk_column_reach(&grown.slots, grown.capacity - 1);
	if (err != DBK_OK)
		return err;
	for (uint32_t i = 0; i < set->capacity; i++) {
		uint64_t one = *(const uint64_t *)dbk_column_row(&set->slots, i);

		if (one != 0)
			*slot_of(&grown, one) = one;
	}
	dbk_column_fini(&set->slots);
	*set = grown;
	return DBK_OK;
}

enum dbk_err
dbk_fingerprints_add(struct dbk_fingerprints *set, uint64_t fingerprint, bool *out_new)
{
	uint64_t *slot, key = fingerprint == 0 ? 1 : fingerprint;
	enum dbk_err err;

	if (set->n >= set->capacity / 4 * 3) {
		err = grow(set);
		if (err != DBK_OK)
			return err;
	}
	slot = slot_of(set, key);
	*out_new = *slot == 0;
	if (*slot == 0) {
		*slot = key;
		set->n++;
	}
	return DBK_OK;
}

void
dbk_fingerprints_foresee(const struct dbk_fingerprints *set, uint64_t fingerprint)
{
	dbk_column_foresee(&set->slots, (uint32_t)fingerprint & (set->capacity - 1));
}
