#include "metrics/fingerprints.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 1024

void
dbk_fingerprints_fini(struct dbk_fingerprints *set)
{
	free(set->slots);
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
slot_of(uint64_t *slots, uint64_t capacity, uint64_t fingerprint)
{
	uint64_t at = fingerprint & (capacity - 1);

	while (slots[at] != 0 && slots[at] != fingerprint)
		at = (at + 1) & (capacity - 1);
	return &slots[at];
}

static enum dbk_err
grow(struct dbk_fingerprints *set)
{
	uint64_t capacity = set->capacity == 0 ? FIRST_CAPACITY : set->capacity * 2;
	uint64_t *slots = calloc(capacity, sizeof *slots);

	if (slots == NULL)
		return DBK_FAILED_MEMORY;
	for (uint64_t i = 0; i < set->capacity; i++) {
		if (set->slots[i] != 0)
			*slot_of(slots, capacity, set->slots[i]) = set->slots[i];
	}
	free(set->slots);
	set->slots = slots;
	set->capacity = capacity;
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
	slot = slot_of(set->slots, set->capacity, key);
	*out_new = *slot == 0;
	if (*slot == 0) {
		*slot = key;
		set->n++;
	}
	return DBK_OK;
}
