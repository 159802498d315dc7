#include "report/page_private.h"

#include "report/draw.h"

typedef Daybook__Report__V1__PyramidReport pyramid_report;

/* Links back from one list of evidence. */
#define BACKS_MAX 3

static const struct dbk_words title = { "Pyramid report", "传销特征审查报告" };

struct back {
	struct dbk_html *html;
	size_t count;
};

/* An arrow to the row ANCHOR of what is called LABEL. */
static void
put_back(struct back *back, char kind, size_t number,
	 const Daybook__Report__V1__Words *label, const char *rule)
{
	if (back->count >= BACKS_MAX)
		return;
	dbk_html_markupf(back->html, "%s<a href=\"#%c%zu\">↩ ",
			 back->count > 0 ? " · " : "", kind, number + 1);
	if (rule) {
		dbk_html_text(back->html, rule);
		dbk_html_markup(back->html, " ");
	}
	dbk_html_message(back->html, label);
	dbk_html_markup(back->html, "</a>");
	back->count++;
}

static void
put_backs(struct dbk_html *html, const void *of, uint32_t number)
{
	const pyramid_report *report = of;
	struct back back = { html, 0 };

	for (size_t i = 0; i < html->verdicts_shown; i++) {
		const Daybook__Report__V1__RuleVerdict *v = report->verdicts[i];

		for (size_t k = 0; k < v->n_compared; k++)
			if (v->compared[k]->figure &&
			    v->compared[k]->figure->evidence == number) {
				put_back(&back, 'v', i, v->title, v->rule);
				break;
			}
	}
	for (size_t i = 0; i < html->rows_shown; i++)
		if (report->figures[i]->evidence == number)
			put_back(&back, 'f', i, report->figures[i]->label, NULL);
	if (back.count > 0)
		return;
	dbk_html_markup(html, "<a href=\"#pictures\">↩ ");
	dbk_html_pair(html, "Pictures and tables", "图表");
	dbk_html_markup(html, "</a>");
}

static const struct dbk_page_place places[] = {
	{ "summary", { "Summary", "摘要" } },
	{ "verdicts", { "Verdicts", "逐条结论" } },
	{ "pictures", { "Pictures", "图示" } },
	{ "abstentions", { "Eight abstentions", "八项自律" } },
	{ "appraisal", { "Appraisal tables", "鉴定五表" } },
	{ "figures", { "All figures", "全部指标" } },
	{ "evidence", { "Evidence", "证据清单" } },
};

static void
put_pictures(struct dbk_html *html, const pyramid_report *r)
{
	static const struct dbk_words heading = { "Pictures", "图示" };
	const Daybook__Report__V1__Appraisal *a = r->appraisal;

	dbk_html_section(html, "pictures", &heading, NULL);
	dbk_draw_downline(html, r->downline);
	dbk_draw_levels(html, a ? a->level_rows : NULL, a ? a->n_level_rows : 0);
	dbk_draw_goods(html, r->goods);
	dbk_draw_income(html, r->income, r->n_income);
	dbk_page_income(html, r->income, r->n_income);
	dbk_draw_results(html, r->results);
	dbk_draw_months(html, r->months, r->n_months);
	dbk_page_months(html, r->months, r->n_months);
	dbk_draw_cohorts(html, r->results ? r->results->cohorts : NULL,
			 r->results ? r->results->n_cohorts : 0);
	dbk_html_section_end(html);
}

void
dbk_pyramid_html(const pyramid_report *report, enum dbk_language first,
		 struct dbk_buf *out)
{
	struct dbk_html html, part;
	struct dbk_buf verdicts = { 0 };

	dbk_html_init(&html, out, first, report->basis);
	dbk_page_evidence_count(&html, report->n_evidence);
	/* The summary links to rows of which it must know that they are there. */
	part = html;
	part.out = &verdicts;
	part.start = 0;
	dbk_page_verdicts(&part, report);
	html.verdicts_shown = part.verdicts_shown;
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_page_shapes(&html);
	dbk_page_masthead(&html, &title, report->basis);
	dbk_page_nav(&html, places, sizeof places / sizeof *places);
	dbk_page_basis(&html, report->basis, report->packs, report->n_packs,
		       report->law_of ? report->law_of : "");
	dbk_page_summary(&html, report);
	dbk_buf_put(out, verdicts.bytes, verdicts.size);
	out->failed |= dbk_buf_failed(&verdicts);
	dbk_buf_fini(&verdicts);
	put_pictures(&html, report);
	dbk_page_abstentions(&html, report->abstentions, report->n_abstentions);
	dbk_page_appraisal(&html, report);
	dbk_page_figures(&html, report->figures, report->n_figures);
	dbk_page_evidence(&html, report->evidence, report->n_evidence, put_backs,
			  report);
	dbk_page_footer(&html, report->basis);
	dbk_html_end(&html);
}
