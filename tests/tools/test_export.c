/* test_export.c -- names that plain text accounting can take, and postings put
 * together. */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"

#include "export/account_name.h"
#include "export/combined.h"
#include "export/declared.h"

/* ---------------------------------------------------------------------------- names */

static bool
is_written(struct dbk_str name, const char *want)
{
	struct dbk_buf out;
	bool same;

	dbk_buf_init(&out);
	account_name_put(&out, name);
	same = out.size == strlen(want) && memcmp(out.bytes, want, out.size) == 0;
	if (!same)
		(void)printf("got \"%.*s\", want \"%s\"\n", (int)out.size,
			     (char *)out.bytes, want);
	dbk_buf_fini(&out);
	return same;
}

#define WRITTEN(name, want) CHECK(is_written(dbk_str_of(name), want))

static void
test_marks(void)
{
	WRITTEN("a:b;c,d", "a%3Ab%3Bc%2Cd");
	WRITTEN("(a)[b]{c}<d>", "%28a%29%5Bb%5D%7Bc%7D%3Cd%3E");
	WRITTEN("\"'`=*!|#@~^&\\$", "%22%27%60%3D%2A%21%7C%23%40%7E%5E%26%5C%24");
	WRITTEN("50%", "50%25");
	WRITTEN("%25", "%2525");
	WRITTEN("\t\n\x7f", "%09%0A%7F");
}

static void
test_blanks(void)
{
	WRITTEN(" a", "%20a");
	WRITTEN("a ", "a%20");
	WRITTEN(" ", "%20");
	WRITTEN("a  b", "a%20%20b");
	WRITTEN("a   b c", "a%20%20%20b c");
	WRITTEN("a b c", "a b c");
}

static void
test_plain(void)
{
	WRITTEN("AST-00450dfef28dc9e0", "AST-00450dfef28dc9e0");
	WRITTEN("a.b_c/d+e?", "a.b_c/d+e?");
	WRITTEN("支付宝 é \xf0\x9f\x9b\x92", "支付宝 é \xf0\x9f\x9b\x92");
}

static void
test_empty(void)
{
	WRITTEN("", "%");
	WRITTEN("%", "%25");
}

static void
test_invisible(void)
{
	WRITTEN("a\xc2\xa0", "a%C2%A0");	 /* no-break space */
	WRITTEN("\xc2\x85", "%C2%85");		 /* next line */
	WRITTEN("\xc2\xa1", "\xc2\xa1");	 /* a mark that one sees */
	WRITTEN("\xe1\x9a\x80", "%E1%9A%80");	 /* ogham space */
	WRITTEN("\xe2\x80\x80", "%E2%80%80");	 /* en quad */
	WRITTEN("\xe2\x80\x8b", "%E2%80%8B");	 /* of no width */
	WRITTEN("\xe2\x80\x90", "\xe2\x80\x90"); /* a hyphen */
	WRITTEN("\xe2\x80\xa8", "%E2%80%A8");	 /* line separator */
	WRITTEN("\xe2\x80\xaf", "%E2%80%AF");
	WRITTEN("\xe2\x80\xb0", "\xe2\x80\xb0"); /* per mille */
	WRITTEN("\xe2\x81\x9f", "%E2%81%9F");
	WRITTEN("\xe3\x80\x80", "%E3%80%80");	 /* ideographic space */
	WRITTEN("\xe3\x80\x81", "\xe3\x80\x81"); /* ideographic comma */
	WRITTEN("\xef\xbb\xbf", "%EF%BB%BF");	 /* byte order mark */
}

static void
test_broken(void)
{
	CHECK(is_written(dbk_str_make("a\x80", 2), "a%80"));
	CHECK(is_written(dbk_str_make("\xe3\x80", 2), "%E3%80"));
	CHECK(is_written(dbk_str_make("a\0b", 3), "a%00b"));
}

static bool
is_account(const char *kind, const char *owner, const char *want)
{
	struct dbk_buf out;
	bool same;

	dbk_buf_init(&out);
	account_name_make(&out, kind, "x.y", dbk_str_of(owner));
	same = dbk_str_equal(dbk_str_make(out.bytes, out.size), dbk_str_of(want));
	dbk_buf_fini(&out);
	return same;
}

static void
test_accounts(void)
{
	CHECK(is_account("asset", "a", "assets:x.y:a"));
	CHECK(is_account("liability", "", "liabilities:x.y:%"));
	CHECK(is_account("income", "a:b", "income:x.y:a%3Ab"));
	CHECK(is_account("expense", "a", "expenses:x.y:a"));
	CHECK(is_account("a kind to come", "a", "a kind to come:x.y:a"));
}

/* ----------------------------------------------------------------------------- sets */

static void
test_declared(void)
{
	struct declared set;
	char name[16];
	int wrong = 0;

	declared_init(&set);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5000; i++) {
			(void)snprintf(name, sizeof name, "n%d", i);
			wrong += declared_add(&set, dbk_str_of(name)) != (round == 0);
		}
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(set.count, 5000);
	CHECK(declared_add(&set, dbk_str_of("")));
	CHECK(!declared_add(&set, dbk_str_of("")));
	declared_fini(&set);
}

static void
add(struct combined *set, const char *account, const char *tags, int64_t amount)
{
	combined_add(set, dbk_str_of(account), dbk_str_of(tags), amount);
}

static void
test_combined(void)
{
	struct combined set;

	combined_init(&set);
	add(&set, "a", "t", -1);
	add(&set, "b", "t", 4);
	add(&set, "a", "t", -2);
	CHECK_INT(set.count, 2);
	CHECK_INT(set.postings[0].amount, -3);
	add(&set, "a", "t", 5);	 /* the other side */
	add(&set, "a", "u", -1); /* other tags */
	add(&set, "at", "", -1); /* the same bytes, cut elsewhere */
	CHECK_INT(set.count, 5);
	CHECK(
	    dbk_str_equal(combined_account(&set, &set.postings[4]), dbk_str_of("at")));
	CHECK(dbk_str_equal(combined_tags(&set, &set.postings[3]), dbk_str_of("u")));
	combined_reset(&set);
	CHECK_INT(set.count, 0);
	add(&set, "a", "t", -1);
	CHECK_INT(set.count, 1);
	CHECK_INT(set.postings[0].amount, -1);
	combined_fini(&set);
}

static void
test_many_combined(void)
{
	struct combined set;
	char name[16];
	int wrong = 0;

	combined_init(&set);
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof name, "n%d", i % 4000);
		add(&set, name, "", 1 + i % 4000);
	}
	CHECK_INT(set.count, 4000);
	for (int i = 0; i < 4000; i++)
		wrong += set.postings[i].amount != 5 * (1 + i);
	CHECK_INT(wrong, 0);
	combined_fini(&set);
}

int
main(void)
{
	check_run("marks of plain text accounting are escaped", test_marks);
	check_run("blanks at an end or together are escaped, others stay", test_blanks);
	check_run("what nobody mistakes stays as it is", test_plain);
	check_run("the empty name is not the name %", test_empty);
	check_run("spaces and controls beyond ASCII are escaped", test_invisible);
	check_run("what is no UTF-8 is escaped byte by byte", test_broken);
	check_run("an account is kind, name and owner", test_accounts);
	check_run("a name is declared once", test_declared);
	check_run("postings that differ in nothing but the amount are one",
		  test_combined);
	check_run("thousands of postings of one record are put together",
		  test_many_combined);
	return check_end();
}
