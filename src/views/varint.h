#ifndef DBK_VIEWS_VARINT_H
#define DBK_VIEWS_VARINT_H

/*
 * varint.h -- base-128 numbers as in protobuf, and zigzag ones for signed values.
 *
 * A number of up to eight bytes is written and read as one word: its groups of seven
 * bits are moved apart or together all at once.  Byte by byte the processor guesses the
 * length of every number, wrongly for amounts and links.
 *
 * Writing may touch DBK_VARINT_SLACK bytes from its start on, whatever it needs.
 */

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DBK_VARINT_SLACK 10u

/* ----------------------------------------------------------------------- writing */

static inline unsigned char *
dbk_varint_put_bytes(unsigned char *at, uint64_t value)
{
	while (value >= 0x80) {
		*at++ = (unsigned char)(value | 0x80);
		value >>= 7;
	}
	*at++ = (unsigned char)value;
	return at;
}

/* Where the next byte goes. */
static inline unsigned char *
dbk_varint_put(unsigned char *at, uint64_t value)
{
	unsigned bytes;
	uint64_t more;

	if (value < 0x80) {
		*at = (unsigned char)value;
		return at + 1;
	}
	if (value >> 56 != 0)
		return dbk_varint_put_bytes(at, value);
	/* The highest bit divided by 7, for bits up to 55. */
	bytes = ((63 - (unsigned)__builtin_clzll(value)) * 37 >> 8) + 1;
	value = (value & 0x0fffffff) | (value & UINT64_C(0xfffffff0000000)) << 4;
	value = (value & UINT64_C(0x00003fff00003fff)) |
		(value & UINT64_C(0x0fffc0000fffc000)) << 2;
	value = (value & UINT64_C(0x007f007f007f007f)) |
		(value & UINT64_C(0x3f803f803f803f80)) << 1;
	more = UINT64_C(0x8080808080808080) & (((uint64_t)1 << 8 * (bytes - 1)) - 1);
	value = htole64(value | more);
	memcpy(at, &value, sizeof value);
	return at + bytes;
}

static inline unsigned char *
dbk_varint_put_signed(unsigned char *at, int64_t value)
{
	return dbk_varint_put(at,
			      ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

/* ----------------------------------------------------------------------- reading */

/* A place in borrowed bytes.  BAD: a number was cut off or too long, and what was read
 * since then means nothing. */
struct dbk_varint_place {
	const unsigned char *at;
	const unsigned char *end;
	bool bad;
};

static inline uint8_t
dbk_varint_take_byte(struct dbk_varint_place *p)
{
	if (p->at == p->end) {
		p->bad = true;
		return 0;
	}
	return *p->at++;
}

static inline uint64_t
dbk_varint_take_bytes(struct dbk_varint_place *p)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint64_t byte = dbk_varint_take_byte(p);

		value |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	p->bad = true;
	return 0;
}

static inline uint64_t
dbk_varint_take(struct dbk_varint_place *p)
{
	uint64_t value, ends;
	unsigned bits;

	if (p->end - p->at < (ptrdiff_t)sizeof value)
		return dbk_varint_take_bytes(p);
	memcpy(&value, p->at, sizeof value);
	value = le64toh(value);
	if ((value & 0x80) == 0) {
		p->at++;
		return value & 0x7f;
	}
	ends = ~value & UINT64_C(0x8080808080808080);
	if (ends == 0)
		return dbk_varint_take_bytes(p);
	bits = (unsigned)__builtin_ctzll(ends) + 1;
	p->at += bits / 8;
	value &= UINT64_MAX >> (64 - bits);
	value = (value & UINT64_C(0x007f007f007f007f)) |
		(value & UINT64_C(0x7f007f007f007f00)) >> 1;
	value = (value & UINT64_C(0x00003fff00003fff)) |
		(value & UINT64_C(0x3fff00003fff0000)) >> 2;
	return (value & 0x0fffffff) | (value & UINT64_C(0x0fffffff00000000)) >> 4;
}

static inline uint32_t
dbk_varint_take_u32(struct dbk_varint_place *p)
{
	uint64_t value = dbk_varint_take(p);

	if (value > UINT32_MAX) {
		p->bad = true;
		return 0;
	}
	return (uint32_t)value;
}

static inline int64_t
dbk_varint_take_signed(struct dbk_varint_place *p)
{
	uint64_t raw = dbk_varint_take(p);

	return (int64_t)((raw >> 1) ^ ((raw & 1) != 0 ? UINT64_MAX : 0));
}

#endif
