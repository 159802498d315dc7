#ifndef DBK_EVENT_PLAIN_H
#define DBK_EVENT_PLAIN_H

/*
 * plain.h -- texts that nothing can be wrong with but their length, told eight bytes at
 * a time.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

/*
 * Bytes of WORD outside 0x20 to 0x7e show in their top bits: below 0x20 the subtraction
 * borrows into it, 0x7f is carried into it, and from 0x80 on it is set.  A byte within
 * the range touches no neighbour.
 */
static inline uint64_t
dbk_plain_odd(uint64_t word)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (word | (word - 0x20 * ones) | (word + ones)) & (0x80 * ones);
}

static inline uint64_t
dbk_plain_word(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof word);
	return word;
}

/* SIZE bytes at P, 1 to 7, spread over a word: every byte once or twice, no other. */
static inline uint64_t
dbk_plain_short_word(const char *p, uint32_t size)
{
	const unsigned char *bytes = (const unsigned char *)p;
	uint32_t head, tail;

	if (size < sizeof head)
		return UINT64_C(0x2020202020000000) | bytes[0] |
		       (uint64_t)bytes[size / 2] << 8 | (uint64_t)bytes[size - 1] << 16;
	memcpy(&head, p, sizeof head);
	memcpy(&tail, p + size - sizeof tail, sizeof tail);
	return (uint64_t)tail << 32 | head;
}

/* True if all bytes of S, one or more, are 0x20 to 0x7e: those of nearly all ids are.
 */
static inline bool
dbk_plain(struct dbk_str s)
{
	uint64_t odd = 0;

	if (s.size < sizeof odd)
		return dbk_plain_odd(dbk_plain_short_word(s.bytes, s.size)) == 0;
	for (uint32_t at = 0; at < s.size - sizeof odd; at += sizeof odd)
		odd |= dbk_plain_odd(dbk_plain_word(s.bytes + at));
	return (odd | dbk_plain_odd(dbk_plain_word(s.bytes + s.size - sizeof odd))) ==
	       0;
}

#endif
