#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/markup.h"
#include "../tests/lib/report_flood.h"
#include "../tests/lib/report_sample.h"
#include "base/arena.h"
#include "report/letters.h"
#include "report/page.h"
#include "report/text.h"

#define ARENA_BYTES (512u << 20)
#define BYTES_MAX 3000000u
#define REPORTS 3

static const char hostile[] =
    "</td><script>\"'&\x1b[31m\x01\xe2\x80\xae\xff\xed\xa0\x80";

struct reports {
	const Daybook__Report__V1__PyramidReport *pyramid;
	const Daybook__Report__V1__FinanceReport *finance;
	const Daybook__Report__V1__DisclosureReport *disclosure;
};

static void
write_text(const struct reports *reports, int which, enum dbk_language language,
	   struct dbk_buf *out)
{
	if (which == 0)
		dbk_pyramid_text(reports->pyramid, language, out);
	else if (which == 1)
		dbk_finance_text(reports->finance, language, out);
	else
		dbk_disclosure_text(reports->disclosure, language, out);
}

static void
write_page(const struct reports *reports, int which, struct dbk_buf *out)
{
	if (which == 0)
		dbk_pyramid_html(reports->pyramid, DBK_ENGLISH, out);
	else if (which == 1)
		dbk_finance_html(reports->finance, DBK_CHINESE, out);
	else
		dbk_disclosure_html(reports->disclosure, DBK_ENGLISH, out);
}

static bool
holds(const struct dbk_buf *out, const char *text)
{
	return out->size > 0 && memmem(out->bytes, out->size, text, strlen(text));
}

/* The first line of OUT that is too wide, in LINE; false: there is none. */
static bool
wide_line(const struct dbk_buf *out, char line[1000])
{
	const char *at = (const char *)out->bytes, *end = at + out->size, *next;

	for (; at < end; at = next + 1) {
		next = memchr(at, '\n', (size_t)(end - at));
		if (next == NULL)
			next = end;
		if (next - at >= 1000)
			return line[0] = '\0', true;
		memcpy(line, at, (size_t)(next - at));
		line[next - at] = '\0';
		if (dbk_letters_columns(line) > DBK_TEXT_COLUMNS)
			return true;
	}
	return false;
}

static bool
has_control(const struct dbk_buf *out)
{
	for (size_t i = 0; i < out->size; i++)
		if (out->bytes[i] < ' ' && out->bytes[i] != '\n')
			return true;
	return false;
}

static void
check_text(const struct reports *reports, int which, enum dbk_language language,
	   bool has_width)
{
	struct dbk_buf out = { 0 };
	char line[1000];

	write_text(reports, which, language, &out);
	CHECK(!dbk_buf_failed(&out));
	CHECK(out.size > 0);
	CHECK(!has_control(&out));
	CHECK(!holds(&out, "\xe2\x80\xae"));
	if (has_width && wide_line(&out, line))
		check_that(false, line, "a line is too wide in report", which);
	dbk_buf_fini(&out);
}

static void
check_page(const struct reports *reports, int which)
{
	struct dbk_buf page = { 0 };
	const char *complaint;

	write_page(reports, which, &page);
	CHECK(!dbk_buf_failed(&page));
	CHECK(page.size < BYTES_MAX);
	CHECK(!holds(&page, "<script"));
	complaint = markup_complaint((const char *)page.bytes, page.size);
	if (complaint)
		check_that(false, complaint, "page of report", which);
	dbk_buf_fini(&page);
}

static void
check_flood(const struct flood *flood)
{
	struct dbk_arena arena;
	struct reports reports;

	dbk_arena_init(&arena, ARENA_BYTES);
	reports.pyramid = flood_message(
	    &arena, &daybook__report__v1__pyramid_report__descriptor, flood);
	reports.finance = flood_message(
	    &arena, &daybook__report__v1__finance_report__descriptor, flood);
	reports.disclosure = flood_message(
	    &arena, &daybook__report__v1__disclosure_report__descriptor, flood);
	for (int which = 0; which < REPORTS; which++) {
		check_text(&reports, which, DBK_ENGLISH, false);
		check_text(&reports, which, DBK_CHINESE, false);
		check_page(&reports, which);
	}
	dbk_arena_fini(&arena);
}

static void
test_width(void)
{
	struct report_sample sample;
	struct reports reports;

	report_sample_init(&sample);
	reports = (struct reports){ sample.pyramid, sample.finance, sample.disclosure };
	for (int which = 0; which < REPORTS; which++) {
		check_text(&reports, which, DBK_ENGLISH, true);
		check_text(&reports, which, DBK_CHINESE, true);
	}
	report_sample_fini(&sample);
}

static void
test_one_language(void)
{
	struct report_sample sample;
	struct dbk_buf out = { 0 };
	struct reports reports;

	report_sample_init(&sample);
	reports = (struct reports){ sample.pyramid, sample.finance, sample.disclosure };
	write_text(&reports, 0, DBK_CHINESE, &out);
	CHECK(holds(&out, "法律渊源") || holds(&out, "层级"));
	CHECK(!holds(&out, "persons"));
	dbk_buf_reset(&out);
	write_text(&reports, 0, DBK_ENGLISH, &out);
	CHECK(!holds(&out, "层级"));
	dbk_buf_fini(&out);
	report_sample_fini(&sample);
}

static void
test_zeros(void)
{
	for (size_t rows = 0; rows < 3; rows++)
		check_flood(
		    &(struct flood){ .outer = rows, .inner = rows, .text = "" });
}

static void
test_edges(void)
{
	static const int64_t numbers[] = { 1,
					   6,
					   -1,
					   INT32_MAX,
					   -(INT64_C(1) << 31),
					   INT64_C(1) << 32,
					   INT64_MAX,
					   INT64_MIN };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		check_flood(&(struct flood){
		    .outer = 7, .inner = 3, .text = hostile, .number = numbers[i] });
}

static void
test_bounds(void)
{
	static char long_text[1501];

	memset(long_text, '"', sizeof long_text - 1);
	check_flood(&(struct flood){
	    .outer = 500, .inner = 4, .text = long_text, .number = INT64_MAX });
	check_flood(
	    &(struct flood){ .outer = 3000, .inner = 12, .text = "a1", .number = 1 });
}

/* A paragraph is as wide as it may be, and no word is lost. */
static void
test_paragraph(void)
{
	static const char words[] = "one two three four five six seven eight nine ten "
				    "eleven twelve thirteen fourteen fifteen sixteen "
				    "seventeen eighteen nineteen twenty";
	struct dbk_buf out = { 0 };
	struct dbk_text text;
	char line[1000];

	dbk_text_init(&text, &out, DBK_ENGLISH, NULL);
	dbk_text_paragraph(&text, words, 4);
	CHECK(!wide_line(&out, line));
	CHECK(holds(&out, "    one two"));
	CHECK(holds(&out, "twenty\n"));
	dbk_buf_reset(&out);
	dbk_text_paragraph(&text, "", 4);
	CHECK(out.size <= 1);
	dbk_text_fini(&text);
	dbk_buf_fini(&out);
}

int
main(void)
{
	check_run("a text is no wider than a terminal", test_width);
	check_run("a text speaks one language", test_one_language);
	check_run("reports of nothing are written", test_zeros);
	check_run("numbers at their edges and hostile names are written", test_edges);
	check_run("large reports are written, pages below three megabytes",
		  test_bounds);
	check_run("a paragraph is broken between words", test_paragraph);
	return check_end();
}
