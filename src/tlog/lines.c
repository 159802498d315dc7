#include "tlog/lines.h"

#include "base/base64.h"

struct dbk_lines
dbk_lines_of(struct dbk_str text)
{
	struct dbk_lines lines = { text, 0 };

	return lines;
}

bool
dbk_lines_next(struct dbk_lines *lines, struct dbk_str *out_line)
{
	const char *bytes = lines->rest.bytes;
	const char *end =
	    lines->rest.size == 0 ? NULL : memchr(bytes, '\n', lines->rest.size);

	if (end == NULL)
		return false;
	*out_line = dbk_str_make(bytes, (size_t)(end - bytes));
	lines->rest = dbk_str_make(end + 1, lines->rest.size - out_line->size - 1);
	lines->number++;
	return true;
}

bool
dbk_lines_skip(struct dbk_str *text, const char *prefix)
{
	struct dbk_str want = dbk_str_of(prefix);

	if (text->size < want.size || memcmp(text->bytes, prefix, want.size) != 0)
		return false;
	*text = dbk_str_make(text->bytes + want.size, text->size - want.size);
	return true;
}

bool
dbk_lines_number(struct dbk_str text, uint64_t *out)
{
	uint64_t value = 0;

	if (text.size == 0 || (text.size > 1 && text.bytes[0] == '0'))
		return false;
	for (uint32_t i = 0; i < text.size; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.bytes[i] - '0'),
					   &value))
			return false;
	}
	*out = value;
	return true;
}

bool
dbk_lines_hash(struct dbk_str text, struct dbk_tree_hash *out)
{
	struct dbk_tree_hash hash;
	size_t size;

	if (!dbk_base64_decode(text, hash.bytes, sizeof hash.bytes, &size) ||
	    size != sizeof hash.bytes)
		return false;
	*out = hash;
	return true;
}

void
dbk_lines_put_hash(struct dbk_buf *out, const struct dbk_tree_hash *hash)
{
	dbk_base64_put(out, hash->bytes, sizeof hash->bytes);
	dbk_buf_put_u8(out, '\n');
}

bool
dbk_lines_are_plain(struct dbk_str text)
{
	for (uint32_t i = 0; i < text.size; i++)
		if ((unsigned char)text.bytes[i] < 0x20 && text.bytes[i] != '\n')
			return false;
	return dbk_str_is_utf8(text);
}
