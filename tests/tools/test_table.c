#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "table.h"

/* What a table prints goes through a stream in memory. */
static char *printed;
static size_t printed_size;

static const struct table_column two[] = { { "name", TABLE_TEXT, false },
					   { "qty", TABLE_NUMBER, false } };
static const struct table_column three[] = { { "a", TABLE_TEXT, false },
					     { "b", TABLE_TEXT, true },
					     { "c", TABLE_TEXT, false } };

static struct table *
open_table(FILE **out, struct table_style style, const struct table_column *columns,
	   size_t count)
{
	free(printed);
	printed = NULL;
	*out = open_memstream(&printed, &printed_size);
	return table_open(*out, style, columns, count);
}

static bool
came_out(struct table *table, FILE *out, const char *want)
{
	table_close(table);
	(void)fclose(out);
	if (strcmp(printed, want) == 0)
		return true;
	printf("got:\n%s\nwant:\n%s\n", printed, want);
	return false;
}

static void
put(struct table *table, const char *name, int64_t qty)
{
	table_text(table, name);
	table_i64(table, qty);
	table_end_row(table);
}

/* ----------------------------------------------------------------------------- text */

static void
test_empty(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	CHECK(came_out(table, out, "name  qty\n"));
}

static void
test_alignment(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	put(table, "a", 7);
	put(table, "longer", -12345);
	put(table, "", INT64_MIN);
	CHECK(came_out(table, out,
		       "name                     qty\n"
		       "a                          7\n"
		       "longer                -12345\n"
		       "        -9223372036854775808\n"));
}

static void
test_wide_characters(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	put(table, "\xe4\xbb\xa3\xe7\x90\x86\xe4\xba\xba",
	    1);				     /* three of two columns */
	put(table, "e\xcc\x81t\xc3\xa9", 2); /* an accent of none */
	put(table, "abcdef", 3);
	CHECK(came_out(table, out,
		       "name    qty\n"
		       "\xe4\xbb\xa3\xe7\x90\x86\xe4\xba\xba    1\n"
		       "e\xcc\x81t\xc3\xa9       2\n"
		       "abcdef    3\n"));
}

static void
test_columns_of_text(void)
{
	CHECK_INT(table_text_columns("", 0), 0);
	CHECK_INT(table_text_columns("abc", 3), 3);
	CHECK_INT(table_text_columns("\xe4\xba\x91\xe4\xbb\x93", 6), 4);
	CHECK_INT(table_text_columns("\xf0\x9f\x98\x80", 4), 2);
	CHECK_INT(table_text_columns("\xff\xfe", 2), 2);
}

static void
test_control_characters(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	put(table, "a\033[31m\nb\x7f", 1);
	put(table,
	    "\xc2\x9b"
	    "31m",
	    2); /* CSI of ECMA-48 as one character */
	put(table, "\xff!", 3);
	CHECK(came_out(table, out,
		       "name       qty\n"
		       "a?[31m?b?    1\n"
		       "?31m         2\n"
		       "?!           3\n"));
}

static void
test_hidden_columns(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, three, 3);

	table_text(table, "1");
	table_text(table, "hidden");
	table_text(table, "3");
	table_end_row(table);
	CHECK(came_out(table, out, "a  c\n1  3\n"));
	style.wide = true;
	table = open_table(&out, style, three, 3);
	table_text(table, "1");
	table_end_row(table);
	CHECK(came_out(table, out, "a  b  c\n1\n"));
}

static void
test_pages(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	put(table, "ab", 1);
	table_flush(table);
	put(table, "abcdef", 20000);
	CHECK(came_out(table, out, "name  qty\nab      1\nabcdef  20000\n"));
}

static void
test_many_rows(void)
{
	struct table_style style = { .csv = true };
	size_t lines = 0;
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	for (int i = 0; i < 2500; i++)
		put(table, "x", i);
	table_close(table);
	(void)fclose(out);
	for (size_t i = 0; i < printed_size; i++)
		lines += printed[i] == '\n' ? 1 : 0;
	CHECK_INT(lines, 2501);
	CHECK(strstr(printed, "\nx,2499\n") != NULL);
}

static void
test_colour(void)
{
	struct table_style style = { .colour = true };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	put(table, "a", -1);
	put(table, "b", 1);
	CHECK(came_out(table, out,
		       "\033[1mname\033[0m  \033[1mqty\033[0m\n"
		       "a      \033[31m-1\033[0m\n"
		       "b       1\n"));
}

/* ---------------------------------------------------------------------------- cells */

static void
test_money_and_shares(void)
{
	struct table_style style = { .csv = false };
	FILE *out;
	struct table *table = open_table(&out, style, two, 2);

	table_text(table, NULL);
	table_money(table, 19900, 2);
	table_end_row(table);
	table_text(table, "yen");
	table_money(table, -5, 0);
	table_end_row(table);
	table_text(table, "part");
	table_ppm(table, 123456, 0);
	table_end_row(table);
	table_text(table, "none");
	table_ppm(table, -1, 0);
	table_end_row(table);
	CHECK(came_out(table, out,
		       "name     qty\n"
		       "      199.00\n"
		       "yen       -5\n"
		       "part   12.3%\n"
		       "none       -\n"));
}

static void
test_times(void)
{
	Google__Protobuf__Timestamp time = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	char text[TABLE_TIME_BYTES];

	table_format_time(NULL, text);
	CHECK(text[0] == '\0');
	time.seconds = 1293840000;
	time.nanos = 500000000;
	table_format_time(&time, text);
	CHECK(strcmp(text, "2011-01-01T00:00:00.500Z") == 0);
	time.seconds = -1;
	table_format_time(&time, text);
	CHECK(text[0] == '\0');
	time.seconds = 253402300800;
	table_format_time(&time, text);
	CHECK(text[0] == '\0');
}

/* ------------------------------------------------------------------------------ CSV */

static void
test_csv_quotes(void)
{
	struct table_style style = { .csv = true };
	FILE *out;
	struct table *table = open_table(&out, style, three, 3);

	table_text(table, "plain");
	table_text(table, "a,b");
	table_text(table, "say \"no\"");
	table_end_row(table);
	table_text(table, "two\nlines");
	table_text(table, "cr\rhere");
	table_text(table, " blank ");
	table_end_row(table);
	table_text(table, "only");
	table_end_row(table);
	CHECK(came_out(table, out,
		       "a,b,c\n"
		       "plain,\"a,b\",\"say \"\"no\"\"\"\n"
		       "\"two\nlines\",\"cr\rhere\", blank \n"
		       "only,,\n"));
}

static void
test_csv_figures(void)
{
	struct table_style style = { .csv = true, .colour = true };
	FILE *out;
	struct table *table = open_table(&out, style, three, 3);

	table_money(table, -19901, 3);
	table_ppm(table, 199999, 200000);
	table_flag(table, true, "late");
	table_end_row(table);
	table_u64(table, UINT64_MAX);
	table_ppm(table, -1, 200000);
	table_flag(table, false, "late");
	table_end_row(table);
	CHECK(came_out(table, out,
		       "a,b,c\n"
		       "-19.901,199999,true\n"
		       "18446744073709551615,,false\n"));
}

int
main(void)
{
	check_run("a table without rows has its titles", test_empty);
	check_run("numbers are right-aligned, lines have no blanks at the end",
		  test_alignment);
	check_run("Chinese takes two columns, an accent none", test_wide_characters);
	check_run("text knows its columns", test_columns_of_text);
	check_run("no control character reaches the terminal", test_control_characters);
	check_run("wide columns are shown only when asked for", test_hidden_columns);
	check_run("columns grow from page to page", test_pages);
	check_run("rows beyond those kept come out too", test_many_rows);
	check_run("negative numbers are red", test_colour);
	check_run("money is in major units, shares are percent", test_money_and_shares);
	check_run("what is no time is empty", test_times);
	check_run("CSV quotes as RFC 4180 says", test_csv_quotes);
	check_run("CSV has figures for programs", test_csv_figures);
	free(printed);
	return check_end();
}
