#include "access/checked.h"

#include <string.h>

#include "base/secret.h"

#define CHECK_BYTES 8

void
dbk_checked_key(uint64_t number, unsigned char out[DBK_CHECKED_KEY_BYTES])
{
	for (unsigned i = 0; i < DBK_CHECKED_KEY_BYTES; i++)
		out[i] = (unsigned char)(number >> (56 - 8 * i));
}

bool
dbk_checked_number(struct dbk_str key, uint64_t *out_number)
{
	uint64_t number = 0;

	if (key.size != DBK_CHECKED_KEY_BYTES)
		return false;
	for (unsigned i = 0; i < DBK_CHECKED_KEY_BYTES; i++)
		number = number << 8 | (unsigned char)key.bytes[i];
	*out_number = number;
	return true;
}

static void
check_of(uint64_t number, struct dbk_str body, unsigned char out[32])
{
	unsigned char text[DBK_CHECKED_KEY_BYTES + DBK_CHECKED_VALUE_BYTES_MAX];

	dbk_checked_key(number, text);
	if (body.size > 0)
		memcpy(text + DBK_CHECKED_KEY_BYTES, body.bytes, body.size);
	dbk_secret_hash(NULL, text, DBK_CHECKED_KEY_BYTES + (size_t)body.size, out);
}

void
dbk_checked_close(uint64_t number, struct dbk_buf *body)
{
	unsigned char check[32];

	if (dbk_buf_failed(body))
		return;
	check_of(number, dbk_str_make(body->bytes, body->size), check);
	dbk_buf_put(body, check, CHECK_BYTES);
}

bool
dbk_checked_open(uint64_t number, struct dbk_str value, struct dbk_str *out_body)
{
	unsigned char check[32];

	if (value.size < CHECK_BYTES || value.size > DBK_CHECKED_VALUE_BYTES_MAX)
		return false;
	*out_body = dbk_str_make(value.bytes, value.size - CHECK_BYTES);
	check_of(number, *out_body, check);
	return memcmp(check, value.bytes + out_body->size, CHECK_BYTES) == 0;
}
