#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "rpc/framing.h"

static struct dbk_framing framing;

/* Feed BYTES in pieces of PIECE; the number of messages, their sizes summed. */
static size_t
feed(const void *bytes, size_t size, size_t piece, size_t *out_sum,
     enum dbk_framing_step *out_last)
{
	size_t count = 0;

	*out_sum = 0;
	*out_last = DBK_FRAMING_MORE;
	for (size_t at = 0; at < size && *out_last == DBK_FRAMING_MORE; at += piece) {
		size_t part = size - at < piece ? size - at : piece;
		struct dbk_cursor cursor =
		    dbk_cursor_make((const unsigned char *)bytes + at, part);
		struct dbk_str message;

		while ((*out_last = dbk_framing_next(&framing, &cursor, &message)) ==
		       DBK_FRAMING_MESSAGE) {
			count++;
			*out_sum += message.size;
			for (uint32_t i = 0; i < message.size; i++)
				CHECK(message.bytes[i] == 'x');
		}
	}
	return count;
}

static void
check_refused(const char *prefix, enum dbk_framing_step want)
{
	enum dbk_framing_step last;
	size_t sum;

	dbk_framing_reset(&framing);
	CHECK_INT(feed(prefix, 5, 5, &sum, &last), 0);
	CHECK_INT(last, want);
	dbk_framing_reset(&framing);
	CHECK_INT(feed(prefix, 5, 1, &sum, &last), 0);
	CHECK_INT(last, want);
}

static void
test_refused_prefixes(void)
{
	char prefix[5];

	check_refused("\1\0\0\0\0", DBK_FRAMING_COMPRESSED);
	check_refused("\2\0\0\0\0", DBK_FRAMING_BAD_FLAG);
	check_refused("\377\0\0\0\0", DBK_FRAMING_BAD_FLAG);
	check_refused("\0\377\377\377\377", DBK_FRAMING_TOO_LARGE);
	dbk_framing_prefix(DBK_MESSAGE_BYTES_MAX + 1, (unsigned char *)prefix);
	check_refused(prefix, DBK_FRAMING_TOO_LARGE);
	dbk_framing_prefix(DBK_MESSAGE_BYTES_MAX, (unsigned char *)prefix);
	check_refused(prefix, DBK_FRAMING_MORE);
	CHECK(!dbk_framing_is_idle(&framing));
	dbk_framing_fini(&framing);
}

static void
test_every_piece(void)
{
	static const char bytes[] = "\0\0\0\0\3xxx"
				    "\0\0\0\0\0"
				    "\0\0\0\0\1x"
				    "\0\0\0\0\7xxxxxxx";
	enum dbk_framing_step last;
	size_t sum;

	for (size_t piece = 1; piece < sizeof bytes; piece++) {
		CHECK_INT(feed(bytes, sizeof bytes - 1, piece, &sum, &last), 4);
		CHECK_INT(sum, 11);
		CHECK_INT(last, DBK_FRAMING_MORE);
		CHECK(dbk_framing_is_idle(&framing));
	}
	dbk_framing_fini(&framing);
}

static void
test_whole_message_is_borrowed(void)
{
	static const char bytes[] = "\0\0\0\0\3xxx";
	struct dbk_cursor cursor = dbk_cursor_make(bytes, sizeof bytes - 1);
	struct dbk_str message;

	CHECK_INT(dbk_framing_next(&framing, &cursor, &message), DBK_FRAMING_MESSAGE);
	CHECK(message.bytes == bytes + 5);
	CHECK_INT(dbk_framing_next(&framing, &cursor, &message), DBK_FRAMING_MORE);
	dbk_framing_fini(&framing);
}

static void
test_claims_take_no_memory(void)
{
	struct dbk_cursor cursor;
	struct dbk_str message;
	unsigned char prefix[6] = { 0 };

	dbk_framing_prefix(DBK_MESSAGE_BYTES_MAX, prefix);
	cursor = dbk_cursor_make(prefix, sizeof prefix);
	CHECK_INT(dbk_framing_next(&framing, &cursor, &message), DBK_FRAMING_MORE);
	CHECK_INT(dbk_framing_partial(&framing), 1);
	CHECK(framing.body.capacity <= 128 * 1024);
	dbk_framing_fini(&framing);
	CHECK_INT(dbk_framing_partial(&framing), 0);
}

int
main(void)
{
	check_run("bad prefixes are told apart", test_refused_prefixes);
	check_run("messages may be cut anywhere", test_every_piece);
	check_run("whole message is not copied", test_whole_message_is_borrowed);
	check_run("declared size takes no memory", test_claims_take_no_memory);
	return check_end();
}
