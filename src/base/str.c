#include "base/str.h"

int
dbk_str_compare(struct dbk_str a, struct dbk_str b)
{
	uint32_t common = a.size < b.size ? a.size : b.size;
	int order = common == 0 ? 0 : memcmp(a.bytes, b.bytes, common);

	if (order != 0)
		return order < 0 ? -1 : 1;
	return a.size < b.size ? -1 : a.size > b.size;
}

/* Bytes of the sequence that starts at P, 0 if it is ill-formed or cut off. */
static size_t
utf8_sequence(const unsigned char *p, size_t left)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t more;

	if (p[0] < 0x80)
		return 1;
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		more = 1;
	else if (p[0] >= 0xe0 && p[0] <= 0xef)
		more = 2;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		more = 3;
	else
		return 0;
	if (left <= more)
		return 0;
	/* RFC 3629 section 4: the second byte excludes overlong and surrogates. */
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i <= more; i++)
		if (p[i] < 0x80 || p[i] > 0xbf)
			return 0;
	return more + 1;
}

bool
dbk_str_is_utf8(struct dbk_str s)
{
	const unsigned char *p = (const unsigned char *)s.bytes;
	size_t at = 0;

	while (at < s.size) {
		size_t step = utf8_sequence(p + at, s.size - at);

		if (step == 0)
			return false;
		at += step;
	}
	return true;
}

bool
dbk_str_has_control(struct dbk_str s)
{
	for (uint32_t i = 0; i < s.size; i++) {
		unsigned char c = (unsigned char)s.bytes[i];

		if (c < 0x20 || c == 0x7f)
			return true;
	}
	return false;
}
