#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/markup.h"
#include "../tests/lib/report_sample.h"
#include "report/html.h"
#include "report/page.h"
#include "report/text.h"

#define PAGE_BYTES_MAX 3000000u
#define MANY 3000

#define LIST(count, name)                                                              \
	report_sample_list(&sample, (count), &daybook__report__v1__##name##__descriptor)

static struct report_sample sample;

static bool
holds(const struct dbk_buf *out, const char *text)
{
	return memmem(out->bytes, out->size, text, strlen(text)) != NULL;
}

static bool
is_sound(const struct dbk_buf *out)
{
	const char *complaint = markup_complaint((const char *)out->bytes, out->size);

	return check_that(complaint == NULL, complaint ? complaint : "", __FILE__,
			  __LINE__);
}

/* ------------------------------------------------------------------------- escapes */

static bool
is_written(const char *text, const char *want)
{
	struct dbk_buf out = { 0 };
	struct dbk_html html;
	bool same;

	dbk_html_init(&html, &out, DBK_ENGLISH, NULL);
	dbk_html_text(&html, text);
	same = out.size == strlen(want) && memcmp(out.bytes, want, out.size) == 0;
	dbk_buf_fini(&out);
	return same;
}

static void
test_escapes(void)
{
	CHECK(is_written("<script>alert('x')</script>",
			 "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
	CHECK(is_written("\"&amp;\"", "&quot;&amp;amp;&quot;"));
	CHECK(is_written("a\x01\n\x7f"
			 "b",
			 "a\\u{1}\\u{A}\\u{7F}b"));
	CHECK(is_written("x\xe2\x80\xaegpj", "x\\u{202E}gpj"));
	CHECK(is_written("\xff\xc0\xaf", "\\u{FF}\\u{C0}\\u{AF}"));
	CHECK(is_written("\xe4\xbb\xa3\xe7\x90\x86", "\xe4\xbb\xa3\xe7\x90\x86"));
}

static void
test_long_text(void)
{
	struct dbk_buf out = { 0 };
	struct dbk_html html;
	char *text = malloc(100001);

	if (!text)
		abort();
	memset(text, '<', 100000);
	text[100000] = '\0';
	dbk_html_init(&html, &out, DBK_ENGLISH, NULL);
	dbk_html_text(&html, text);
	CHECK(out.size < 10000);
	CHECK(holds(&out, "…"));
	dbk_buf_fini(&out);
	free(text);
}

static void
test_minus(void)
{
	Daybook__Report__V1__ReportBasis basis;
	struct dbk_buf out = { 0 };
	struct dbk_html html;

	daybook__report__v1__report_basis__init(&basis);
	basis.exponent = 2;
	dbk_html_init(&html, &out, DBK_ENGLISH, &basis);
	dbk_html_amount(&html, -123456);
	CHECK(holds(&out, "−1,234.56"));
	dbk_buf_reset(&out);
	dbk_html_share(&html, 1, 0);
	CHECK(out.size == 1 && out.bytes[0] == '-');
	dbk_buf_fini(&out);
}

/* --------------------------------------------------------------------- whole pages */

static void
write_page(int which, enum dbk_language first, struct dbk_buf *out)
{
	if (which == 0)
		dbk_pyramid_html(sample.pyramid, first, out);
	else if (which == 1)
		dbk_finance_html(sample.finance, first, out);
	else
		dbk_disclosure_html(sample.disclosure, first, out);
}

static void
write_text(int which, enum dbk_language language, struct dbk_buf *out)
{
	if (which == 0)
		dbk_pyramid_text(sample.pyramid, language, out);
	else if (which == 1)
		dbk_finance_text(sample.finance, language, out);
	else
		dbk_disclosure_text(sample.disclosure, language, out);
}

static void
check_alone(const struct dbk_buf *page)
{
	CHECK(holds(page, "default-src 'none'"));
	CHECK(!holds(page, "<script"));
	CHECK(!holds(page, "href=\"http"));
	CHECK(!holds(page, "src="));
	CHECK(!holds(page, "url(h"));
	CHECK(!holds(page, "@import"));
	CHECK(!holds(page, " onclick"));
}

static void
test_sound(void)
{
	report_sample_init(&sample);
	for (int which = 0; which < 3; which++)
		for (int language = 0; language < 2; language++) {
			struct dbk_buf page = { 0 };

			write_page(which, (enum dbk_language)language, &page);
			CHECK(!dbk_buf_failed(&page));
			CHECK(is_sound(&page));
			check_alone(&page);
			CHECK(holds(&page, language ? "id=\"lang-zh\" checked"
						    : "id=\"lang-en\" checked"));
			dbk_buf_fini(&page);
		}
	report_sample_fini(&sample);
}

static void
test_twice(void)
{
	report_sample_init(&sample);
	for (int which = 0; which < 3; which++) {
		struct dbk_buf once = { 0 }, again = { 0 };

		write_page(which, DBK_ENGLISH, &once);
		write_text(which, DBK_CHINESE, &once);
		write_page(which, DBK_ENGLISH, &again);
		write_text(which, DBK_CHINESE, &again);
		CHECK(once.size == again.size &&
		      memcmp(once.bytes, again.bytes, once.size) == 0);
		dbk_buf_fini(&once);
		dbk_buf_fini(&again);
	}
	report_sample_fini(&sample);
}

static void
test_behind(void)
{
	struct dbk_buf page = { 0 }, behind = { 0 };

	report_sample_init(&sample);
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &page);
	for (int i = 0; i < 3000; i++)
		dbk_buf_put(&behind, "what stood there before", 23);
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &behind);
	CHECK(behind.size == page.size + 69000);
	CHECK(memcmp(behind.bytes + 69000, page.bytes, page.size) == 0);
	dbk_buf_fini(&page);
	dbk_buf_fini(&behind);
	report_sample_fini(&sample);
}

static void
test_empty(void)
{
	Daybook__Report__V1__PyramidReport pyramid;
	Daybook__Report__V1__FinanceReport finance;
	Daybook__Report__V1__DisclosureReport disclosure;

	daybook__report__v1__pyramid_report__init(&pyramid);
	daybook__report__v1__finance_report__init(&finance);
	daybook__report__v1__disclosure_report__init(&disclosure);
	sample.pyramid = &pyramid;
	sample.finance = &finance;
	sample.disclosure = &disclosure;
	for (int which = 0; which < 3; which++) {
		struct dbk_buf page = { 0 }, text = { 0 };

		write_page(which, DBK_CHINESE, &page);
		write_text(which, DBK_ENGLISH, &text);
		CHECK(!dbk_buf_failed(&page) && !dbk_buf_failed(&text));
		CHECK(is_sound(&page));
		CHECK(text.size > 0);
		dbk_buf_fini(&page);
		dbk_buf_fini(&text);
	}
}

static void
test_hostile_names(void)
{
	static char name[] =
	    "</bdi><img src=x onerror=\"a\"> & 'b' \xe2\x80\xae\x1b[31m";

	report_sample_init(&sample);
	sample.pyramid->basis->book = name;
	sample.pyramid->basis->origin = name;
	sample.pyramid->basis->tops[0] = name;
	sample.pyramid->appraisal->organisers[0]->agent = name;
	sample.pyramid->downline->blocks[0]->agent = name;
	sample.pyramid->months[0]->month = name;
	sample.finance->payouts[0]->payout = name;
	sample.finance->trial_balance[0]->name = name;
	sample.finance->periods[0]->period = name;
	for (int which = 0; which < 3; which++) {
		struct dbk_buf page = { 0 }, text = { 0 };

		write_page(which, DBK_ENGLISH, &page);
		write_text(which, DBK_ENGLISH, &text);
		CHECK(is_sound(&page));
		CHECK(!holds(&page, "<img"));
		CHECK(!holds(&page, "\xe2\x80\xae"));
		CHECK(!holds(&text, "\xe2\x80\xae"));
		CHECK(!holds(&text, "\x1b"));
		dbk_buf_fini(&page);
		dbk_buf_fini(&text);
	}
	report_sample_fini(&sample);
}

static void
test_words(void)
{
	struct dbk_buf page = { 0 };

	report_sample_init(&sample);
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &page);
	CHECK(holds(&page, "CN-A7-1"));
	CHECK(holds(&page, "Daybook never says that anything is illegal."));
	CHECK(holds(&page, "daybook receipt position POSITION --export DIR"));
	CHECK(holds(&page, "daybook log --from POSITION --limit 1"));
	CHECK(holds(&page, sample.pyramid->packs[0]->sha256));
	CHECK(holds(&page, sample.pyramid->basis->digest));
	CHECK(holds(&page, "href=\"#e3\""));
	CHECK(holds(&page, "5. Commissions") || holds(&page, "5a. Commissions"));
	dbk_buf_fini(&page);
	report_sample_fini(&sample);
}

/* -------------------------------------------------------------------------- bounds */

static char *
long_text(void)
{
	char *text = dbk_arena_alloc(&sample.arena, 20001);

	if (!text)
		abort();
	memset(text, '"', 20000);
	text[20000] = '\0';
	return text;
}

static void
make_verdicts_huge(Daybook__Report__V1__PyramidReport *r)
{
	Daybook__Report__V1__Words *words =
	    report_sample_words(&sample, "words", "\xe8\xaf\x8d");
	Daybook__Report__V1__RuleVerdict **list = LIST(MANY, rule_verdict);

	words->en = words->zh = long_text();
	for (size_t i = 0; i < MANY; i++) {
		*list[i] = *r->verdicts[i % r->n_verdicts];
		list[i]->title = list[i]->citation = list[i]->wording =
		    list[i]->caution = words;
	}
	r->verdicts = list;
	r->n_verdicts = MANY;
}

static void
make_evidence_huge(Daybook__Report__V1__PyramidReport *r)
{
	static uint64_t positions[1000];
	Daybook__Report__V1__EvidenceSet **list = LIST(MANY, evidence_set);

	for (size_t i = 0; i < 1000; i++)
		positions[i] = UINT64_MAX - i;
	for (size_t i = 0; i < MANY; i++) {
		list[i]->number = (uint32_t)i + 1;
		list[i]->count = UINT64_MAX;
		list[i]->n_positions = 1000;
		list[i]->positions = positions;
	}
	r->evidence = list;
	r->n_evidence = MANY;
}

static void
make_tables_huge(Daybook__Report__V1__PyramidReport *r)
{
	Daybook__Report__V1__PersonRow **people = LIST(MANY, person_row);
	Daybook__Report__V1__Figure **figures = LIST(MANY, figure);
	Daybook__Report__V1__IncomeRow **income = LIST(MANY, income_row);
	char *name = long_text();

	for (size_t i = 0; i < MANY; i++) {
		*people[i] = *r->appraisal->links[0];
		people[i]->agent = people[i]->sponsor = name;
		*figures[i] = *r->figures[i % r->n_figures];
		*income[i] = *r->income[i % r->n_income];
	}
	r->appraisal->links = r->appraisal->organisers = r->appraisal->best_paid =
	    people;
	r->appraisal->n_links = r->appraisal->n_organisers = r->appraisal->n_best_paid =
	    MANY;
	r->figures = figures;
	r->n_figures = MANY;
	r->income = income;
	r->n_income = MANY;
	r->abstentions[0]->figures = figures;
	r->abstentions[0]->n_figures = MANY;
}

static void
test_bounds(void)
{
	struct dbk_buf page = { 0 };

	report_sample_init(&sample);
	make_verdicts_huge(sample.pyramid);
	make_evidence_huge(sample.pyramid);
	make_tables_huge(sample.pyramid);
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &page);
	CHECK(!dbk_buf_failed(&page));
	CHECK(page.size < PAGE_BYTES_MAX);
	CHECK(is_sound(&page));
	CHECK(holds(&page, "… and "));
	dbk_buf_fini(&page);
	report_sample_fini(&sample);
}

/* Where TEXT begins, or the size if it is not there. */
static size_t
place_of(const struct dbk_buf *out, const char *text)
{
	const unsigned char *at = memmem(out->bytes, out->size, text, strlen(text));

	return at == NULL ? out->size : (size_t)(at - out->bytes);
}

static void
test_unbound(void)
{
	struct dbk_buf page = { 0 };

	report_sample_init(&sample);
	sample.pyramid->verdicts[0]->verdict =
	    DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE;
	sample.pyramid->verdicts[1]->jurisdiction =
	    sample.pyramid->verdicts[0]->jurisdiction;
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &page);
	CHECK(is_sound(&page));
	CHECK(place_of(&page, "<li id=\"v1\"") < page.size);
	CHECK(place_of(&page, "<li id=\"v1\"") > place_of(&page, "<tbody id=\"v2\""));
	dbk_buf_reset(&page);
	make_verdicts_huge(sample.pyramid);
	for (size_t i = 0; i < MANY; i++)
		sample.pyramid->verdicts[i]->verdict =
		    DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE;
	dbk_pyramid_html(sample.pyramid, DBK_ENGLISH, &page);
	CHECK(page.size < PAGE_BYTES_MAX);
	CHECK(is_sound(&page));
	dbk_buf_fini(&page);
	report_sample_fini(&sample);
}

static void
test_finance_bounds(void)
{
	struct dbk_buf page = { 0 };
	Daybook__Report__V1__PayoutRow **payouts;
	Daybook__Report__V1__TrialBalanceRow **accounts;
	char *name;

	report_sample_init(&sample);
	name = long_text();
	payouts = LIST(MANY, payout_row);
	accounts = LIST(MANY, trial_balance_row);
	for (size_t i = 0; i < MANY; i++) {
		*payouts[i] = *sample.finance->payouts[0];
		payouts[i]->payout = payouts[i]->agent = name;
		*accounts[i] = *sample.finance->trial_balance[0];
		accounts[i]->name = name;
		accounts[i]->debits = INT64_MAX;
	}
	sample.finance->payouts = payouts;
	sample.finance->n_payouts = MANY;
	sample.finance->trial_balance = accounts;
	sample.finance->n_trial_balance = MANY;
	dbk_finance_html(sample.finance, DBK_ENGLISH, &page);
	CHECK(page.size < PAGE_BYTES_MAX);
	CHECK(is_sound(&page));
	dbk_buf_fini(&page);
	report_sample_fini(&sample);
}

/* ---------------------------------------------------------------------------- text */

static void
test_table_fits(void)
{
	static const struct dbk_text_column columns[] = {
		{ { "name", "\xe5\x90\x8d" }, 0, 6 },
		{ { "n", "n" }, 1, 0 },
	};
	struct dbk_buf out = { 0 };
	struct dbk_text text;

	dbk_text_init(&text, &out, DBK_ENGLISH, NULL);
	dbk_text_table(&text);
	dbk_text_cell(&text, "ab");
	dbk_text_cell_count(&text, 5);
	dbk_text_cell(&text, "\xe4\xbb\xa3\xe7\x90\x86\xe4\xbb\xa3\xe7\x90\x86");
	dbk_text_cell_count(&text, 1234);
	dbk_text_table_end(&text, columns, 2);
	CHECK(holds(&out, "  ab          5\n"));
	CHECK(holds(&out, "  \xe4\xbb\xa3\xe7\x90\x86~   1,234\n"));
	dbk_text_fini(&text);
	dbk_buf_fini(&out);
}

static void
test_bars(void)
{
	static const struct dbk_text_column columns[] = { { { "", "" }, 0, 0 } };
	struct dbk_buf out = { 0 };
	struct dbk_text text;

	dbk_text_init(&text, &out, DBK_ENGLISH, NULL);
	dbk_text_table(&text);
	dbk_text_cell_bar(&text, 0, 10, 10);
	dbk_text_cell_bar(&text, -5, 10, 10);
	dbk_text_cell_bar(&text, 5, 0, 10);
	dbk_text_table_end(&text, columns, 1);
	CHECK(!holds(&out, "#"));
	dbk_text_table(&text);
	dbk_text_cell_bar(&text, 1, INT64_MAX, 10);
	dbk_text_cell_bar(&text, INT64_MAX, INT64_MAX, 4);
	dbk_text_cell_bar(&text, INT64_MAX, 1, 6);
	dbk_text_table_end(&text, columns, 1);
	CHECK(holds(&out, "  #\n  ####\n  ######\n"));
	dbk_text_fini(&text);
	dbk_buf_fini(&out);
}

int
main(void)
{
	check_run("what has a meaning in markup is escaped", test_escapes);
	check_run("a long text is cut", test_long_text);
	check_run("amounts have a true minus sign", test_minus);
	check_run("pages are well-formed, alone and lead nowhere else", test_sound);
	check_run("the same report gives the same bytes", test_twice);
	check_run("a page is the same behind other bytes", test_behind);
	check_run("empty reports have pages and texts", test_empty);
	check_run("names from the log stay names", test_hostile_names);
	check_run("a page says what it has to say", test_words);
	check_run("the largest pyramid page stays below three megabytes", test_bounds);
	check_run("rules that do not bind stand behind the others", test_unbound);
	check_run("the largest finance page does, too", test_finance_bounds);
	check_run("tables of text fit what is in them", test_table_fits);
	check_run("bars of text keep their measure", test_bars);
	return check_end();
}
