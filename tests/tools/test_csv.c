#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "amount.h"
#include "csv.h"
#include "payout/statement_file.h"

static char path[] = "/tmp/test_csv.XXXXXX";
static struct csv *csv;
static struct csv_column columns[] = { { "one", true, 0 },
				       { "two", true, 0 },
				       { "three", false, 0 } };
static struct dbk_error error;

static void
put(const void *bytes, size_t size)
{
	FILE *file = fopen(path, "w");

	CHECK(file != NULL && fwrite(bytes, 1, size, file) == size &&
	      fclose(file) == 0);
	error = (struct dbk_error){ DBK_OK, "" };
}

static enum dbk_err
open_text(const char *text)
{
	put(text, strlen(text));
	return csv_open(path, columns, 3, &csv, &error);
}

static bool
cell_is(size_t column, const char *text)
{
	const char *cell = csv_cell(csv, &columns[column]);

	if (strcmp(cell, text) == 0)
		return true;
	printf("got \"%s\", want \"%s\"\n", cell, text);
	return false;
}

/* The words of the error behind the file's name. */
static bool
error_is(const char *words)
{
	const char *at = strstr(error.text, path);

	if (at != NULL && strcmp(at + strlen(path), words) == 0)
		return true;
	printf("got \"%s\"\n", error.text);
	return false;
}

static void
test_no_file(void)
{
	CHECK_INT(csv_open("/nonexistent/x", columns, 3, &csv, &error), DBK_FAILED_IO);
	CHECK(strcmp(error.text,
		     "cannot open /nonexistent/x: No such file or directory") == 0);
	CHECK_INT(open_text(""), DBK_FAILED_INPUT);
	CHECK(error_is(" is empty: its first row names the columns"));
}

static void
test_missing_column(void)
{
	CHECK_INT(open_text("one,three\n1,3\n"), DBK_FAILED_INPUT);
	CHECK(error_is(" has no column \"two\""));
}

static void
test_plain_rows(void)
{
	CHECK_INT(open_text("\xef\xbb\xbf"
			    "Two,other,ONE\r\n2,x,1\r\n\r\n\n,,\n22"),
		  DBK_OK);
	CHECK_INT(csv_next(csv, &error), CSV_ROW);
	CHECK_INT(csv_line(csv), 2);
	CHECK(cell_is(0, "1") && cell_is(1, "2") && cell_is(2, ""));
	CHECK_INT(csv_next(csv, &error), CSV_ROW);
	CHECK_INT(csv_line(csv), 5);
	CHECK(cell_is(0, "") && cell_is(1, ""));
	CHECK_INT(csv_next(csv, &error), CSV_ROW);
	CHECK(cell_is(1, "22") && cell_is(0, ""));
	CHECK_INT(csv_next(csv, &error), CSV_END);
	CHECK_INT(csv_next(csv, &error), CSV_END);
	csv_close(csv);
}

static void
test_quoted_cells(void)
{
	CHECK_INT(open_text("\"one\",two,three\n"
			    "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n"
			    "\"\",plain,\"end\""),
		  DBK_OK);
	CHECK_INT(csv_next(csv, &error), CSV_ROW);
	CHECK(cell_is(0, "a,b") && cell_is(1, "say \"no\"") &&
	      cell_is(2, "two\nlines"));
	CHECK_INT(csv_next(csv, &error), CSV_ROW);
	CHECK_INT(csv_line(csv), 4);
	CHECK(cell_is(0, "") && cell_is(2, "end"));
	CHECK_INT(csv_next(csv, &error), CSV_END);
	csv_close(csv);
}

static void
fails(const char *rows, const char *words)
{
	char text[256];

	(void)snprintf(text, sizeof text, "one,two\n%s", rows);
	CHECK_INT(open_text(text), DBK_OK);
	CHECK_INT(csv_next(csv, &error), CSV_FAILED);
	CHECK_INT(error.code, DBK_FAILED_INPUT);
	CHECK(error_is(words));
	csv_close(csv);
}

static void
test_no_csv(void)
{
	fails("\"a\n,2\n", " line 4: a quote has no end");
	fails("a\"b,2\n",
	      " line 2: a quote within a cell that does not begin with one");
	fails("\"a\"b,2\n", " line 2: something stands behind a closing quote");
	put("one,two\na\0b,2\n", 14);
	CHECK_INT(csv_open(path, columns, 3, &csv, &error), DBK_OK);
	CHECK_INT(csv_next(csv, &error), CSV_FAILED);
	CHECK(error_is(" line 2: a byte 0"));
	csv_close(csv);
}

/* A header and a row of COUNT cells of SIZE bytes each. */
static enum csv_got
wide_row(size_t count, size_t size)
{
	size_t at = strlen("one,two\n");
	char *text = malloc(at + count * (size + 1));

	memcpy(text, "one,two\n", at);
	for (size_t i = 0; i < count; i++) {
		memset(text + at, 'x', size);
		at += size;
		text[at++] = i + 1 == count ? '\n' : ',';
	}
	put(text, at);
	free(text);
	CHECK_INT(csv_open(path, columns, 3, &csv, &error), DBK_OK);
	return csv_next(csv, &error);
}

static void
test_limits(void)
{
	CHECK_INT(wide_row(CSV_CELLS_MAX, 1), CSV_ROW);
	csv_close(csv);
	CHECK_INT(wide_row(CSV_CELLS_MAX + 1, 1), CSV_FAILED);
	CHECK(error_is(" line 2: the row has more than 64 cells"));
	csv_close(csv);
	CHECK_INT(wide_row(1, CSV_ROW_BYTES_MAX - 1), CSV_ROW);
	csv_close(csv);
	CHECK_INT(wide_row(1, CSV_ROW_BYTES_MAX), CSV_FAILED);
	CHECK(error_is(" line 2: the row is above 65536 bytes"));
	csv_close(csv);
}

/* ------------------------------------------------------------------------- amounts */

static bool
reads(const char *text, unsigned exponent, int64_t want)
{
	int64_t got = 12345;

	return amount_parse(text, exponent, &got) && got == want;
}

static void
test_amounts(void)
{
	static const char *const bad[] = { "",	    "-",   ".5",    "5.",  "+1",
					   " 1",    "1 ",  "1,5",   "1e3", "0x1",
					   "1.2.3", "--1", "1.001", "1.5x" };
	int64_t out = 7;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK(!amount_parse(bad[i], 2, &out));
	CHECK_INT(out, 7);
	CHECK(reads("0", 2, 0) && reads("-0.00", 2, 0) && reads("199", 2, 19900));
	CHECK(reads("199.5", 2, 19950) && reads("199.50000", 2, 19950));
	CHECK(reads("-0.01", 2, -1) && reads("007.10", 2, 710));
	CHECK(reads("5", 0, 5) && reads("5.000", 0, 5));
	CHECK(!amount_parse("5.5", 0, &out));
	CHECK(reads("92233720368547758.07", 2, INT64_MAX));
	CHECK(!amount_parse("92233720368547758.08", 2, &out));
	CHECK(reads("-92233720368547758.08", 2, INT64_MIN));
	CHECK(!amount_parse("-92233720368547758.09", 2, &out));
	CHECK(!amount_parse("9223372036854775807", 1, &out));
}

/* ----------------------------------------------------------------------- statements */

#define HEAD "request_no,provider_ref,status,amount,fee,code\n"

static bool
statement_fails(const char *rows, const char *words)
{
	struct statement_file file;
	char text[512];
	bool good;

	(void)snprintf(text, sizeof text, HEAD "r0,p0,settled,1.00,,\n%s", rows);
	put(text, strlen(text));
	good = statement_file_read(path, 2, &file, &error) == DBK_FAILED_INPUT &&
	       error_is(words);
	statement_file_free(&file);
	return good;
}

static void
test_bad_statements(void)
{
	CHECK(statement_fails("r1,p1,paid,1.00,,\n",
			      " line 3: status \"paid\" is not settled, failed or "
			      "returned"));
	CHECK(
	    statement_fails(",p1,settled,1.00,,\n",
			    " line 3: request_no \"\" is not an id of 1 to 64 bytes"));
	CHECK(statement_fails("r1,,settled,1.00,,\n",
			      " line 3: provider_ref \"\" is not an id of 1 to 64 "
			      "bytes"));
	CHECK(statement_fails("r1,,returned,1.00,,\n",
			      " line 3: provider_ref \"\" is not an id of 1 to 64 "
			      "bytes"));
	CHECK(statement_fails("r1,p1,settled,\"1,000.00\",,\n",
			      " line 3: amount \"1,000.00\" is not an amount in major "
			      "units such as 12.50"));
	CHECK(statement_fails("r1,p1,settled,-1.00,,\n",
			      " line 3: amount \"-1.00\" is not an amount in major "
			      "units such as 12.50"));
	CHECK(statement_fails("r1,p1,settled,1.00,0.005,\n",
			      " line 3: fee \"0.005\" is not an amount in major units "
			      "such as 0.50"));
	CHECK(statement_fails("r1,p1,failed,1.00,,\x01\n",
			      " line 3: code \"\x01\" is not an id of 1 to 64 bytes"));
	CHECK(statement_fails("r1,p1,\"failed", " line 3: a quote has no end"));
}

static void
test_statement(void)
{
	struct statement_file file;

	put(HEAD "r1,p1,SETTLED,12.50,0.5,\nr2,,Failed,7,,NO_ACCOUNT\n",
	    strlen(HEAD) + 49);
	CHECK_INT(statement_file_read(path, 2, &file, &error), DBK_OK);
	CHECK_INT(file.count, 2);
	CHECK_INT(file.rows[0].status, MATCH_SETTLED);
	CHECK_INT(file.rows[0].amount, 1250);
	CHECK_INT(file.rows[0].fee, 50);
	CHECK_INT(file.rows[1].line, 3);
	CHECK_INT(file.rows[1].status, MATCH_FAILED);
	CHECK_INT(file.rows[1].amount, 700);
	CHECK(strcmp(file.rows[1].code, "NO_ACCOUNT") == 0);
	CHECK(strcmp(file.rows[1].provider_ref, "") == 0);
	statement_file_free(&file);
	put("status,amount,request_no,provider_ref\n", 38);
	CHECK_INT(statement_file_read(path, 0, &file, &error), DBK_OK);
	CHECK_INT(file.count, 0);
	statement_file_free(&file);
}

int
main(void)
{
	int file = mkstemp(path);

	if (file < 0)
		return 1;
	(void)close(file);
	check_run("a file that is missing or empty is named", test_no_file);
	check_run("a column that is missing is named", test_missing_column);
	check_run("rows come with their lines, columns in any order", test_plain_rows);
	check_run("quotes hold commas, quotes and line ends", test_quoted_cells);
	check_run("what is no CSV is told with its line", test_no_csv);
	check_run("a row has limits", test_limits);
	check_run("amounts are exact or none", test_amounts);
	check_run("a row of a statement that is wrong is told", test_bad_statements);
	check_run("a statement is read", test_statement);
	(void)unlink(path);
	return check_end();
}
