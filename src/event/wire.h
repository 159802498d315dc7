#ifndef DBK_EVENT_WIRE_H
#define DBK_EVENT_WIRE_H

/*
 * wire.h -- varints, as the wire format of Protocol Buffers has them.
 *
 * Each function reads at P, never at END or behind it, and gives the place behind what
 * it has read; NULL if that is cut off or too wide.
 *
 * Pure functions; any thread.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Byte by byte, BYTES_MAX of them at most. */
static inline const unsigned char *
dbk_wire_slow(const unsigned char *p, const unsigned char *end, unsigned bytes_max,
	      uint64_t *out)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes_max && p < end; i++) {
		uint64_t byte = *p++;

		if (i == 9 && byte > 1)
			return NULL;
		value |= (byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*out = value;
			return p;
		}
	}
	return NULL;
}

/* The lower seven bits of each byte of WORD side by side. */
static inline uint64_t
dbk_wire_sevens(uint64_t word)
{
	word = (word & UINT64_C(0x7f007f007f007f00)) >> 1 |
	       (word & UINT64_C(0x007f007f007f007f));
	word = (word & UINT64_C(0x3fff00003fff0000)) >> 2 |
	       (word & UINT64_C(0x00003fff00003fff));
	return (word & UINT64_C(0x0fffffff00000000)) >> 4 |
	       (word & UINT64_C(0x000000000fffffff));
}

/* One of several bytes, as a rule: all of them at once, where that many can be read. */
static inline const unsigned char *
dbk_wire_long(const unsigned char *p, const unsigned char *end, unsigned bytes_max,
	      uint64_t *out)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t word, last;

	if ((size_t)(end - p) >= sizeof word) {
		unsigned bytes;

		memcpy(&word, p, sizeof word);
		last = ~word & UINT64_C(0x8080808080808080);
		bytes = last == 0 ? 9 : (unsigned)__builtin_ctzll(last) / 8 + 1;
		if (bytes <= 8 && bytes <= bytes_max) {
			*out = dbk_wire_sevens(word & (last ^ (last - 1)));
			return p + bytes;
		}
	}
#endif
	return dbk_wire_slow(p, end, bytes_max, out);
}

/* The number at P, of up to 64 bits. */
static inline const unsigned char *
dbk_wire_number(const unsigned char *p, const unsigned char *end, uint64_t *out)
{
	if (__builtin_expect(p < end && *p < 0x80, 1)) {
		*out = *p;
		return p + 1;
	}
	return dbk_wire_long(p, end, 10, out);
}

/* The same for tags and lengths, which are 32 bits wide: other parsers do not read on
 * after five bytes, whatever their value, and an event must be one to all of them. */
static inline const unsigned char *
dbk_wire_short(const unsigned char *p, const unsigned char *end, uint64_t *out)
{
	if (__builtin_expect(p < end && *p < 0x80, 1)) {
		*out = *p;
		return p + 1;
	}
	return dbk_wire_long(p, end, 5, out);
}

/* The place of the content whose length stands at P; it ends before END. */
static inline const unsigned char *
dbk_wire_length(const unsigned char *p, const unsigned char *end, uint32_t *out_size)
{
	uint64_t size;

	p = dbk_wire_short(p, end, &size);
	if (p == NULL || size > (uint64_t)(end - p))
		return NULL;
	*out_size = (uint32_t)size;
	return p;
}

#endif
