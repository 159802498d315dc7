#include "export/account_name.h"

#include <string.h>

#define MARKS "%:;,()[]{}<>\"'`=*!|#@~^&\\$"

static void
put_escaped(struct dbk_buf *out, struct dbk_str bytes)
{
	static const char digits[] = "0123456789ABCDEF";

	for (uint32_t i = 0; i < bytes.size; i++) {
		unsigned char byte = (unsigned char)bytes.bytes[i];
		char text[3] = { '%', digits[byte >> 4], digits[byte & 15] };

		dbk_buf_put(out, text, sizeof text);
	}
}

/* Bytes of the character that begins with LEAD; what is no UTF-8 goes byte by byte. */
static uint32_t
character_size(unsigned char lead)
{
	if (lead >= 0xf0)
		return 4;
	if (lead >= 0xe0)
		return 3;
	return lead >= 0xc2 ? 2 : 1;
}

/* U+0080 to U+00A0, U+1680, U+2000 to U+200F, U+2028 to U+202F, U+205F, U+3000, U+FEFF:
 * controls, spaces and marks that nobody sees. */
static bool
is_invisible(struct dbk_str character)
{
	const unsigned char *b = (const unsigned char *)character.bytes;

	if (character.size == 2)
		return b[0] == 0xc2 && b[1] <= 0xa0;
	if (character.size != 3)
		return character.size == 1;
	switch (b[0]) {
	case 0xe1:
		return b[1] == 0x9a && b[2] == 0x80;
	case 0xe2:
		return (b[1] == 0x80 && (b[2] <= 0x8f || b[2] >= 0xa8) &&
			b[2] <= 0xaf) ||
		       (b[1] == 0x81 && b[2] == 0x9f);
	case 0xe3:
		return b[1] == 0x80 && b[2] == 0x80;
	case 0xef:
		return b[1] == 0xbb && b[2] == 0xbf;
	}
	return false;
}

/* The ASCII byte AT of NAME would not stand for itself. */
static bool
is_special(struct dbk_str name, uint32_t at)
{
	char byte = name.bytes[at];

	if (byte == ' ')
		return at == 0 || at + 1 == name.size || name.bytes[at - 1] == ' ' ||
		       name.bytes[at + 1] == ' ';
	return (unsigned char)byte < 0x20 || byte == 0x7f ||
	       strchr(MARKS, byte) != NULL;
}

void
account_name_put(struct dbk_buf *out, struct dbk_str name)
{
	uint32_t size;

	if (name.size == 0)
		dbk_buf_put(out, "%", 1);
	for (uint32_t at = 0; at < name.size; at += size) {
		struct dbk_str character;
		unsigned char lead = (unsigned char)name.bytes[at];
		bool escape;

		size = character_size(lead);
		if (size > name.size - at)
			size = 1;
		character = dbk_str_make(name.bytes + at, size);
		escape = lead < 0x80 ? is_special(name, at) : is_invisible(character);
		if (escape)
			put_escaped(out, character);
		else
			dbk_buf_put(out, character.bytes, character.size);
	}
}

/* The five roots that both programs know; a kind of a newer daemon stays itself. */
static const char *
root_of(const char *kind)
{
	static const char *const roots[][2] = { { "asset", "assets" },
						{ "liability", "liabilities" },
						{ "income", "income" },
						{ "expense", "expenses" } };

	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		if (strcmp(roots[i][0], kind) == 0)
			return roots[i][1];
	}
	return kind;
}

void
account_name_make(struct dbk_buf *out, const char *kind, const char *name,
		  struct dbk_str owner)
{
	dbk_buf_printf(out, "%s:%s:", root_of(kind), name);
	account_name_put(out, owner);
}
