/* test_service_source_keys.c -- the list of keys, short, long and too long. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/served_book.h"
#include "../tests/lib/signed_book.h"

#define AT_US INT64_C(1704067200000000) /* as in OPENED */
#define OPENED                                                                         \
	"{'effectiveAt':'2024-01-01T00:00:00Z','bookOpened':"                          \
	"{'book':'b','currency':'CNY','exponent':2}}"

static struct served_book book;

/* Revisions FIRST to LAST of SOURCE, in batches of any number. */
static void
register_many(const char *source, unsigned first, unsigned last, const char *may_send)
{
	struct dbk_buf events;

	dbk_buf_init(&events);
	for (unsigned revision = first; revision <= last; revision++) {
		signed_book_put_key_at(AT_US, source, revision, 'k', may_send, &events);
		if (revision % 5000 != 0 && revision != last)
			continue;
		served_book_append_bytes(&book, "office",
					 dbk_str_make(events.bytes, events.size));
		dbk_buf_reset(&events);
	}
	dbk_buf_fini(&events);
}

static unsigned
count(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

static void
test_few(void)
{
	const char *text;

	served_book_open(&book);
	CHECK(strstr(served_book_call(&book, "ListSourceKeys", "{}"), "keys") == NULL);
	served_book_append(&book, "office", OPENED);
	register_many("s", 1, 2, "301");
	register_many("t", 1, 1, "");
	text = served_book_call(&book, "ListSourceKeys", "{}");
	CHECK_INT(count(text, "'ed25519PublicKey'"), 3);
	CHECK_INT(count(text, "'maySend':[301]"), 2);
	CHECK_INT(count(text, "'endedPositionPlusOne':'3'"), 1);
	CHECK_INT(count(text, "'size':'4'"), 1);
	text = served_book_call(&book, "ListSourceKeys", "{'source':'t'}");
	CHECK_INT(count(text, "'ed25519PublicKey'"), 1);
	text = served_book_call(&book, "ListSourceKeys", "{'source':'office'}");
	CHECK(strcmp(text, "NOT_FOUND SOURCE_UNKNOWN source=office") == 0);
	served_book_close(&book);
}

/* With the longest names and all rights; the largest answer is one that clients take.
 */
static void
test_limit(void)
{
	char rights[4 * DBK_RIGHTS_MAX + 1] = "301", name[DBK_ID_BYTES_MAX + 1];
	char request[128], want[64];

	served_book_open(&book);
	served_book_append(&book, "office", OPENED);
	for (unsigned i = 1; i < DBK_RIGHTS_MAX; i++)
		(void)snprintf(rights + strlen(rights), 5, ",30%u", 1 + i % 9);
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	register_many(name, 1, DBK_SERVICE_SOURCE_KEYS_MAX, rights);
	CHECK_INT(count(served_book_call(&book, "ListSourceKeys", "{}"),
			"'ed25519PublicKey'"),
		  DBK_SERVICE_SOURCE_KEYS_MAX);
	CHECK(book.reply.size < (size_t)4 * 1024 * 1024);
	register_many("one-more", 1, 1, "");
	(void)snprintf(want, sizeof want, "RESOURCE_EXHAUSTED TOO_MANY_KEYS limit=%d",
		       DBK_SERVICE_SOURCE_KEYS_MAX);
	CHECK(strcmp(served_book_call(&book, "ListSourceKeys", "{}"), want) == 0);
	(void)snprintf(request, sizeof request, "{'source':'%s'}", name);
	CHECK_INT(count(served_book_call(&book, "ListSourceKeys", request),
			"'ed25519PublicKey'"),
		  DBK_SERVICE_SOURCE_KEYS_MAX);
	CHECK_INT(
	    count(served_book_call(&book, "ListSourceKeys", "{'source':'one-more'}"),
		  "'ed25519PublicKey'"),
	    1);
	served_book_close(&book);
}

int
main(void)
{
	check_run("keys are listed, of all sources or of one", test_few);
	check_run("more keys than an answer holds are said to be too many", test_limit);
	return check_end();
}
