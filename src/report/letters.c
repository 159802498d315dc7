#include "report/letters.h"

#include <stdbool.h>
#include <stdio.h>

struct range {
	uint32_t from, to;
};

/* Code points that cannot be seen or that change how others are read: controls, marks
 * and overrides of direction, joiners, line and paragraph separators, fillers, tags,
 * and what XML does not allow. */
static const struct range hidden[] = {
	{ 0x00, 0x1f },	      { 0x7f, 0x9f },	  { 0xad, 0xad },
	{ 0x34f, 0x34f },     { 0x61c, 0x61c },	  { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },
	{ 0x2028, 0x202e },   { 0x2060, 0x206f }, { 0x3164, 0x3164 },
	{ 0xd800, 0xdfff },   { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff },
	{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb }, { 0xfffe, 0xffff },
	{ 0xe0000, 0xe0fff },
};

/* Of two columns: East Asian wide and fullwidth, and pictures (Unicode UAX 11). */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
	{ 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },
	{ 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
	{ 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
	{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
};

/* Of none: accents that stand on the letter before. */
static const struct range combining[] = {
	{ 0x300, 0x36f },   { 0x483, 0x489 },	{ 0x591, 0x5bd },
	{ 0x610, 0x61a },   { 0x64b, 0x65f },	{ 0x1ab0, 0x1aff },
	{ 0x1dc0, 0x1dff }, { 0x20d0, 0x20ff }, { 0xfe20, 0xfe2f },
};

/* RANGES rise; most letters stand before all of them. */
static bool
within(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count && code >= ranges[i].from; i++)
		if (code <= ranges[i].to)
			return true;
	return false;
}

#define WITHIN(code, ranges) within(code, ranges, sizeof(ranges) / sizeof *(ranges))

/* Size of a well-formed sequence at S, 0: none (RFC 3629). */
static uint8_t
decode(const unsigned char *s, uint32_t *out)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t size = 1;
	uint32_t code = s[0];

	if (s[0] < 0x80) {
		*out = code;
		return 1;
	}
	if ((s[0] & 0xe0) == 0xc0) {
		size = 2;
		code = s[0] & 0x1fu;
	} else if ((s[0] & 0xf0) == 0xe0) {
		size = 3;
		code = s[0] & 0x0fu;
	} else if ((s[0] & 0xf8) == 0xf0) {
		size = 4;
		code = s[0] & 0x07u;
	} else {
		return 0;
	}
	for (uint8_t i = 1; i < size; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3fu);
	}
	*out = code;
	return code < least[size] || code > 0x10ffff ? 0 : size;
}

struct dbk_letter
dbk_letters_at(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	struct dbk_letter letter = { 0, 1, 1, 0 };
	char shown[DBK_LETTERS_CODE_BYTES];

	letter.size = decode(s, &letter.code);
	if (letter.size == 0) {
		letter.size = 1;
		letter.code = s[0];
		letter.hidden = 1;
	} else if (WITHIN(letter.code, hidden)) {
		letter.hidden = 1;
	}
	if (letter.hidden)
		letter.columns = (uint8_t)dbk_letters_code(letter, shown);
	else if (WITHIN(letter.code, combining))
		letter.columns = 0;
	else if (WITHIN(letter.code, wide))
		letter.columns = 2;
	return letter;
}

size_t
dbk_letters_code(struct dbk_letter letter, char out[DBK_LETTERS_CODE_BYTES])
{
	int size = snprintf(out, DBK_LETTERS_CODE_BYTES, "\\u{%X}",
			    (unsigned)(letter.code & 0x1fffff));

	return (size_t)size;
}

size_t
dbk_letters_columns(const char *text)
{
	size_t columns = 0;
	struct dbk_letter letter;

	for (; *text != '\0'; text += letter.size) {
		letter = dbk_letters_at(text);
		columns += letter.columns;
	}
	return columns;
}
