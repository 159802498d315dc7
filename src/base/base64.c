#include "base/base64.h"

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void
put(struct dbk_buf *out, const unsigned char *bytes, size_t size, const char *letters,
    bool padded)
{
	unsigned char *at;

	if (size == 0 || !dbk_buf_reserve(out, DBK_BASE64_LETTERS(size)))
		return;
	at = out->bytes + out->size;
	for (size_t i = 0; i < size; i += 3) {
		size_t left = size - i;
		unsigned group = (unsigned)bytes[i] << 16 |
				 (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
				 (left > 2 ? (unsigned)bytes[i + 2] : 0);

		*at++ = (unsigned char)letters[group >> 18];
		*at++ = (unsigned char)letters[group >> 12 & 63];
		if (left > 1)
			*at++ = (unsigned char)letters[group >> 6 & 63];
		if (left > 2)
			*at++ = (unsigned char)letters[group & 63];
		for (size_t k = left; padded && k < 3; k++)
			*at++ = '=';
	}
	out->size = (size_t)(at - out->bytes);
}

/* 0 to 63, or -1. */
static int
value_of(char c, const char *letters)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == letters[62] ? 62 : c == letters[63] ? 63 : -1;
}

/* Letters without their padding. */
static bool
decode(struct dbk_str text, const char *letters, unsigned char *out, size_t room,
       size_t *out_size)
{
	size_t size = (size_t)text.size * 3 / 4, made = 0;
	unsigned bits = 0, n_bits = 0;

	if (text.size % 4 == 1 || size > room)
		return false;
	for (uint32_t i = 0; i < text.size; i++) {
		int value = value_of(text.bytes[i], letters);

		if (value < 0)
			return false;
		bits = (bits << 6 | (unsigned)value) & 0xfff;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			out[made++] = (unsigned char)(bits >> n_bits);
		}
	}
	if ((bits & ((1u << n_bits) - 1)) != 0)
		return false;
	*out_size = made;
	return true;
}

void
dbk_base64_put(struct dbk_buf *out, const void *bytes, size_t size)
{
	put(out, bytes, size, standard, true);
}

bool
dbk_base64_decode(struct dbk_str text, unsigned char *out, size_t room,
		  size_t *out_size)
{
	if (text.size % 4 != 0)
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (text.size > 0 && text.bytes[text.size - 1] == '=')
			text.size--;
	return decode(text, standard, out, room, out_size);
}

void
dbk_base64url_put(struct dbk_buf *out, const void *bytes, size_t size)
{
	put(out, bytes, size, url, false);
}

bool
dbk_base64url_decode(struct dbk_str text, unsigned char *out, size_t room,
		     size_t *out_size)
{
	return decode(text, url, out, room, out_size);
}

void
dbk_hex_put(struct dbk_buf *out, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = bytes;

	if (size > SIZE_MAX / 2 || !dbk_buf_reserve(out, 2 * size))
		return;
	for (size_t i = 0; i < size; i++) {
		out->bytes[out->size++] = (unsigned char)digits[p[i] >> 4];
		out->bytes[out->size++] = (unsigned char)digits[p[i] & 15];
	}
}

int
dbk_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
dbk_hex_decode(struct dbk_str text, unsigned char *out, size_t size)
{
	if (text.size != 2 * size)
		return false;
	for (size_t i = 0; i < size; i++) {
		int high = dbk_hex_digit(text.bytes[2 * i]);
		int low = dbk_hex_digit(text.bytes[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		out[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}
