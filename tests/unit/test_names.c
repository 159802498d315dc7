#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "base/names.h"

#define SPACES 12

struct row {
	uint32_t name;
	uint32_t more;
};

static const unsigned char key[DBK_HASH_KEY_BYTES] = "0123456789abcde";

static struct {
	struct dbk_journal journal;
	struct dbk_names names;
	struct dbk_rows tables[SPACES];
} t;

static void
setup(uint32_t max)
{
	memset(&t, 0, sizeof t);
	dbk_journal_init(&t.journal);
	CHECK(dbk_names_init(&t.names, &t.journal, key) == DBK_OK);
	for (uint32_t s = 0; s < SPACES; s++) {
		CHECK(dbk_rows_init(&t.tables[s], &t.journal, sizeof(struct row),
				    max) == DBK_OK);
		dbk_names_space(&t.names, s, &t.tables[s]);
	}
}

static void
teardown(void)
{
	for (uint32_t s = 0; s < SPACES; s++)
		dbk_rows_fini(&t.tables[s]);
	dbk_names_fini(&t.names);
	dbk_journal_fini(&t.journal);
}

static struct dbk_str
name_of(uint32_t n, char text[32])
{
	return dbk_str_make(text,
			    (size_t)snprintf(text, 32, "name-%x", n * 2654435761u));
}

static void
test_missing(void)
{
	char longest[300];

	memset(longest, 'n', sizeof longest);
	setup(100);
	CHECK_INT(dbk_names_find(&t.names, 0, dbk_str_of("nobody")), 0);
	CHECK_INT(dbk_names_find(&t.names, 0, dbk_str_make(NULL, 0)), 0);
	CHECK_INT(dbk_names_find(&t.names, 0, dbk_str_make(longest, 256)), 0);
	CHECK_INT(dbk_names_find(&t.names, 0, dbk_str_make(longest, 255)), 0);
	CHECK_INT(dbk_names_get(&t.names, 0, 0).size, 0);
	teardown();
}

/* Names of every length, of any bytes, and each one cut by a byte. */
static void
test_lengths(void)
{
	unsigned char bytes[255];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 7);
	setup(300);
	for (uint32_t size = 1; size <= 255; size++) {
		struct dbk_str name = dbk_str_make(bytes, size);

		CHECK_INT(dbk_names_find(&t.names, 3, name), 0);
		CHECK_INT(dbk_names_add(&t.names, 3, name), size);
	}
	for (uint32_t size = 1; size <= 255; size++) {
		struct dbk_str name = dbk_str_make(bytes, size);

		CHECK_INT(dbk_names_find(&t.names, 3, name), size);
		CHECK(dbk_str_equal(dbk_names_get(&t.names, 3, size), name));
	}
	teardown();
}

static void
test_spaces(void)
{
	enum { N = 4000 };
	unsigned wrong = 0;
	char text[32];

	setup(N + 2);
	for (uint32_t n = 1; n <= N; n++)
		for (uint32_t s = 0; s < SPACES; s++) {
			/* In some spaces in another order, so that ids differ. */
			uint32_t which = s % 2 == 0 ? n : N + 1 - n;

			wrong += dbk_names_add(&t.names, s, name_of(which, text)) != n;
		}
	for (uint32_t n = 1; n <= N; n++)
		for (uint32_t s = 0; s < SPACES; s++) {
			uint32_t id = dbk_names_find(&t.names, s, name_of(n, text));

			wrong += id != (s % 2 == 0 ? n : N + 1 - n);
			wrong += !dbk_str_equal(dbk_names_get(&t.names, s, id),
						name_of(n, text));
		}
	for (uint32_t n = N + 1; n <= 2 * N; n++)
		for (uint32_t s = 0; s < SPACES; s++)
			wrong += dbk_names_find(&t.names, s, name_of(n, text)) != 0;
	CHECK_INT(wrong, 0);
	teardown();
}

/* A name that is in one space alone is in no other, whatever its id. */
static void
test_one_space(void)
{
	char text[32];

	setup(1000);
	for (uint32_t n = 1; n < 900; n++)
		(void)dbk_names_add(&t.names, n % SPACES, name_of(n, text));
	for (uint32_t n = 1; n < 900; n++)
		for (uint32_t s = 0; s < SPACES; s++)
			CHECK((dbk_names_find(&t.names, s, name_of(n, text)) != 0) ==
			      (n % SPACES == s));
	teardown();
}

static void
test_undo(void)
{
	enum { N = 3000 };
	struct dbk_mark outer, inner;
	unsigned wrong = 0;
	char text[32];

	setup(4 * N);
	for (unsigned round = 0; round < 4; round++) {
		uint32_t from = round * N;

		/* Half of the last round stays. */
		dbk_journal_mark(&t.journal, &outer);
		for (uint32_t n = from; n < from + N; n++)
			(void)dbk_names_add(&t.names, n % 3, name_of(n, text));
		dbk_journal_rewind(&t.journal, &outer);
		for (uint32_t n = from; n < from + N; n++)
			wrong += dbk_names_find(&t.names, n % 3, name_of(n, text)) != 0;
		for (uint32_t n = from; n < from + N / 2; n++)
			(void)dbk_names_add(&t.names, n % 3, name_of(n, text));
		dbk_journal_mark(&t.journal, &inner);
		for (uint32_t n = from + N / 2; n < from + N; n++)
			(void)dbk_names_add(&t.names, n % 3, name_of(n, text));
		dbk_journal_rewind(&t.journal, &inner);
		dbk_journal_forget(&t.journal);
		for (uint32_t n = 0; n < from + N; n++) {
			uint32_t id = dbk_names_find(&t.names, n % 3, name_of(n, text));

			wrong += (id != 0) != (n % N < N / 2);
			wrong += id != 0 &&
				 !dbk_str_equal(dbk_names_get(&t.names, n % 3, id),
						name_of(n, text));
		}
	}
	CHECK_INT(wrong, 0);
	teardown();
}

static void
test_room(void)
{
	char text[32];
	uint32_t n = 0;

	setup(100);
	while (dbk_names_has_room(&t.names, 5)) {
		CHECK_INT(dbk_names_add(&t.names, 5, name_of(n, text)), n + 1);
		n++;
	}
	CHECK_INT(n, 99);
	CHECK(dbk_names_has_room(&t.names, 6));
	teardown();
}

int
main(void)
{
	check_run("a name that is not there is not found", test_missing);
	check_run("names have 1 to 255 bytes of any kind", test_lengths);
	check_run("the same names have ids of their own in every space", test_spaces);
	check_run("a name of one space is in no other", test_one_space);
	check_run("undone names are gone and may come again", test_undo);
	check_run("a space has as much room as its table", test_room);
	return check_end();
}
