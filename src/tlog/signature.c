#include "tlog/signature.h"

#include "base/assert.h"
#include "base/base64.h"
#include "tlog/lines.h"

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define ID_BYTES 4

_Static_assert(sizeof((struct dbk_note_signature *)0)->bytes <=
		   DBK_SIGNATURE_LINE_BYTES_MAX,
	       "what is kept of a signature is a part of the longest");

/* The characters with the property White_Space (Unicode 15), of one to three bytes. */
static uint32_t
blank_at(struct dbk_str s)
{
	static const char *const blanks[] = {
		"\t",		"\n",		"\v",
		"\f",		"\r",		" ",
		"\xc2\x85",	"\xc2\xa0",	"\xe1\x9a\x80",
		"\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
		"\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85",
		"\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
		"\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
		"\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
		"\xe3\x80\x80"
	};

	for (unsigned i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
		struct dbk_str at = s;

		if (dbk_lines_skip(&at, blanks[i]))
			return s.size - at.size;
	}
	return 0;
}

bool
dbk_signature_is_name(struct dbk_str name)
{
	for (uint32_t i = 0; i < name.size; i++)
		if (name.bytes[i] == '+' ||
		    blank_at(dbk_str_make(name.bytes + i, name.size - i)) > 0)
			return false;
	return name.size > 0 && dbk_str_is_utf8(name);
}

bool
dbk_signature_parse(struct dbk_str line, struct dbk_note_signature *out)
{
	unsigned char bytes[ID_BYTES + DBK_SIGNATURE_LINE_BYTES_MAX];
	struct dbk_str rest = line, name;
	const char *space;
	size_t size, kept;

	if (!dbk_lines_skip(&rest, DASH) || rest.size == 0)
		return false;
	space = memchr(rest.bytes, ' ', rest.size);
	if (space == NULL)
		return false;
	name = dbk_str_make(rest.bytes, (size_t)(space - rest.bytes));
	rest = dbk_str_make(space + 1, rest.size - name.size - 1);
	if (!dbk_signature_is_name(name) ||
	    !dbk_base64_decode(rest, bytes, sizeof bytes, &size) || size <= ID_BYTES)
		return false;
	memset(out, 0, sizeof *out);
	out->name = name;
	out->id = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
		  (uint32_t)bytes[2] << 8 | bytes[3];
	out->line = dbk_str_make(line.bytes, (size_t)line.size + 1);
	out->size = size - ID_BYTES;
	kept = out->size < sizeof out->bytes ? out->size : sizeof out->bytes;
	memcpy(out->bytes, bytes + ID_BYTES, kept);
	return true;
}

bool
dbk_signature_is_of(const struct dbk_note_signature *signature,
		    const struct dbk_note_key *key)
{
	return signature->id == key->id &&
	       dbk_str_equal(signature->name, dbk_str_of(key->name));
}

void
dbk_note_put_signature(struct dbk_str name, uint32_t id, const void *signature,
		       size_t size, struct dbk_buf *out)
{
	unsigned char bytes[ID_BYTES + DBK_SIGNATURE_LINE_BYTES_MAX] = {
		(unsigned char)(id >> 24), (unsigned char)(id >> 16),
		(unsigned char)(id >> 8), (unsigned char)id
	};

	dbk_assert(size >= 1 && size <= DBK_SIGNATURE_LINE_BYTES_MAX);
	memcpy(bytes + ID_BYTES, signature, size);
	dbk_buf_put(out, DASH, sizeof DASH - 1);
	dbk_buf_put(out, name.bytes, name.size);
	dbk_buf_put_u8(out, ' ');
	dbk_base64_put(out, bytes, ID_BYTES + size);
	dbk_buf_put_u8(out, '\n');
}
