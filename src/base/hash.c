#include "base/hash.h"

#include <string.h>

#include <sodium.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct dbk_digest),
	       "BLAKE2b state fits");

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void
sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

static inline void
sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	s->v0 ^= word;
}

static inline uint64_t
word_at(const unsigned char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

/* LEFT bytes, less than a word, as a number. */
static inline uint64_t
part_at(const unsigned char *p, size_t left)
{
	uint32_t low, high;

	if (left >= sizeof low) {
		memcpy(&low, p, sizeof low);
		memcpy(&high, p + left - sizeof high, sizeof high);
		return low | (uint64_t)high << (8 * (left - sizeof high));
	}
	if (left == 0)
		return 0;
	return p[0] | (uint64_t)p[left / 2] << (8 * (left / 2)) |
	       (uint64_t)p[left - 1] << (8 * (left - 1));
}

static inline struct sip
sip_begin(const unsigned char key[DBK_HASH_KEY_BYTES])
{
	uint64_t k0 = word_at(key), k1 = word_at(key + 8);
	struct sip s = { k0 ^ UINT64_C(0x736f6d6570736575),
			 k1 ^ UINT64_C(0x646f72616e646f6d),
			 k0 ^ UINT64_C(0x6c7967656e657261),
			 k1 ^ UINT64_C(0x7465646279746573) };

	return s;
}

static inline uint64_t
sip_end(struct sip *s)
{
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* The last LEFT bytes of SIZE. */
static inline uint64_t
sip_rest(struct sip *s, const unsigned char *p, size_t left, size_t size)
{
	for (; left >= sizeof(uint64_t); left -= sizeof(uint64_t)) {
		sip_word(s, word_at(p));
		p += sizeof(uint64_t);
	}
	sip_word(s, (uint64_t)size << 56 | part_at(p, left));
	return sip_end(s);
}

uint64_t
dbk_hash_short(const void *bytes, size_t size,
	       const unsigned char key[DBK_HASH_KEY_BYTES])
{
	struct sip s = sip_begin(key);

	return sip_rest(&s, bytes, size, size);
}

#define FIRST_BYTES (sizeof(uint64_t) - 1)

uint64_t
dbk_hash_in_space(unsigned char space, const void *bytes, size_t size,
		  const unsigned char key[DBK_HASH_KEY_BYTES])
{
	struct sip s = sip_begin(key);
	const unsigned char *p = bytes;

	if (size < FIRST_BYTES) {
		sip_word(&s, (uint64_t)(size + 1) << 56 | part_at(p, size) << 8 | space);
		return sip_end(&s);
	}
	sip_word(&s, part_at(p, FIRST_BYTES) << 8 | space);
	return sip_rest(&s, p + FIRST_BYTES, size - FIRST_BYTES, size + 1);
}

void
dbk_digest_init(struct dbk_digest *digest)
{
	(void)crypto_generichash_init((crypto_generichash_state *)digest->opaque, NULL,
				      0, DBK_DIGEST_BYTES);
}

void
dbk_digest_update(struct dbk_digest *digest, const void *bytes, size_t size)
{
	(void)crypto_generichash_update((crypto_generichash_state *)digest->opaque,
					bytes, size);
}

void
dbk_digest_final(struct dbk_digest *digest, unsigned char out[DBK_DIGEST_BYTES])
{
	(void)crypto_generichash_final((crypto_generichash_state *)digest->opaque, out,
				       DBK_DIGEST_BYTES);
}
