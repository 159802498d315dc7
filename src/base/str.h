#ifndef DBK_BASE_STR_H
#define DBK_BASE_STR_H

/*
 * str.h -- a borrowed run of bytes with a length.
 *
 * Ids, texts and encoded messages are passed this way: no terminator, no copy.  The
 * owner of the bytes is whoever made them; a dbk_str never frees.  { NULL, 0 } is the
 * empty string.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct dbk_str {
	const char *bytes;
	uint32_t size;
};

/* The string of a NUL-terminated text, which stays the owner. */
static inline struct dbk_str
dbk_str_of(const char *text)
{
	struct dbk_str s = { text, (uint32_t)strlen(text) };

	return s;
}

static inline struct dbk_str
dbk_str_make(const void *bytes, size_t size)
{
	struct dbk_str s = { (const char *)bytes, (uint32_t)size };

	return s;
}

static inline bool
dbk_words_equal(const char *a, const char *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x == y;
}

/* Most strings that are compared are short names: word by word, the last word may
 * overlap the one before. */
static inline bool
dbk_str_equal(struct dbk_str a, struct dbk_str b)
{
	uint32_t i = 0;

	if (a.size != b.size)
		return false;
	if (a.size < sizeof(uint64_t)) {
		for (; i < a.size; i++)
			if (a.bytes[i] != b.bytes[i])
				return false;
		return true;
	}
	for (; i < a.size - sizeof(uint64_t); i += (uint32_t)sizeof(uint64_t))
		if (!dbk_words_equal(a.bytes + i, b.bytes + i))
			return false;
	return dbk_words_equal(a.bytes + (a.size - sizeof(uint64_t)),
			       b.bytes + (a.size - sizeof(uint64_t)));
}

/* Order of bytes, shorter first on a tie; -1, 0, 1. */
int dbk_str_compare(struct dbk_str a, struct dbk_str b);

/* True if S is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool dbk_str_is_utf8(struct dbk_str s);

/* True if S holds a byte below 0x20 or 0x7f. */
bool dbk_str_has_control(struct dbk_str s);

#endif
