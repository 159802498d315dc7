#include "report/page_private.h"

#include <string.h>

/* Figures that a rule compares, of which a rule has few. */
#define COMPARED_MAX 40

static size_t
compared_of(const Daybook__Report__V1__RuleVerdict *verdict)
{
	return verdict->n_compared < COMPARED_MAX ? verdict->n_compared : COMPARED_MAX;
}

static void
put_threshold(struct dbk_html *html,
	      const Daybook__Report__V1__ComparedFigure *compared)
{
	Daybook__Report__V1__Reading threshold;

	daybook__report__v1__reading__init(&threshold);
	threshold.numerator = compared->threshold_numerator;
	threshold.denominator = compared->threshold_denominator;
	if (compared->comparison == DAYBOOK__REPORT__V1__COMPARISON__AT_LEAST)
		dbk_html_markup(html, "≥");
	else if (compared->comparison == DAYBOOK__REPORT__V1__COMPARISON__AT_MOST)
		dbk_html_markup(html, "≤");
	else
		dbk_html_text(html, dbk_words_comparison(compared->comparison));
	dbk_html_markup(html, " ");
	dbk_page_reading(html, compared->figure->unit, &threshold);
}

static const struct dbk_html_column columns[] = {
	{ { "Verdict", "要件事实" }, DBK_COLUMN_TEXT },
	{ { "Rule", "规则" }, DBK_COLUMN_TEXT },
	{ { "Figure", "指标" }, DBK_COLUMN_TEXT },
	{ { "Strict", "严格口径" }, DBK_COLUMN_NUMBER },
	{ { "Lenient", "宽松口径" }, DBK_COLUMN_NUMBER },
	{ { "Threshold", "界限" }, DBK_COLUMN_NUMBER },
	{ { "Evidence", "证据" }, DBK_COLUMN_NUMBER },
};

/* The head of the column again: on a phone cells stand without their column. */
static void
put_cap(struct dbk_html *html, const struct dbk_words *name)
{
	dbk_html_markup(html, "<span class=\"cap\">");
	dbk_html_words(html, name);
	dbk_html_markup(html, "</span>");
}

static void
put_linked_reading(struct dbk_html *html, const struct dbk_words *name,
		   const Daybook__Report__V1__Figure *figure,
		   const Daybook__Report__V1__Reading *reading)
{
	dbk_html_markup(html, "<td class=\"n\">");
	put_cap(html, name);
	dbk_html_link(html, figure->evidence);
	dbk_page_reading(html, figure->unit, reading);
	dbk_html_link_end(html, figure->evidence);
	dbk_html_markup(html, "</td>");
}

/* The cells of one comparison: figure, strict, lenient, threshold, evidence. */
static void
put_compared(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict,
	     const Daybook__Report__V1__ComparedFigure *compared)
{
	const Daybook__Report__V1__Figure *figure = compared->figure;

	if (!figure) {
		dbk_html_markup(html, "<td>");
		dbk_html_pair(html, "Verdict of ", "规则结论：");
		dbk_html_markup(html, "<code>");
		dbk_html_text(html, compared->rule);
		dbk_html_markup(html, "</code></td><td colspan=\"4\">");
		dbk_html_words(html, dbk_words_verdict(compared->rule_verdict));
		dbk_html_markup(html, "</td>");
		return;
	}
	dbk_html_markup(html, "<td>");
	dbk_html_message(html, figure->label);
	dbk_page_parameters(html, figure);
	if (verdict->n_compared > 1) {
		dbk_html_markup(html, "<br /><span class=\"small\">");
		dbk_html_words(html, dbk_words_verdict(compared->verdict));
		dbk_html_markup(html, "</span>");
	}
	dbk_html_markup(html, "</td>");
	put_linked_reading(html, &columns[3].title, figure, figure->strict);
	put_linked_reading(html, &columns[4].title, figure, figure->lenient);
	dbk_html_markup(html, "<td class=\"n threshold\">");
	put_cap(html, &columns[5].title);
	put_threshold(html, compared);
	dbk_html_markup(html, "</td><td class=\"n\">");
	dbk_page_evidence_mark(html, figure->evidence);
	dbk_html_markup(html, "</td>");
}

static void
put_rule(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict,
	 size_t rows)
{
	dbk_html_markupf(html, "<td class=\"rule\" rowspan=\"%zu\"><strong>", rows);
	dbk_html_message(html, verdict->title);
	dbk_html_markup(html, "</strong><span class=\"id\">");
	dbk_html_text(html, verdict->rule);
	dbk_html_markup(html, "</span> ");
	dbk_html_markup(html, dbk_page_leads(verdict->force)
				  ? "<span class=\"force binding\">"
				  : "<span class=\"force\">");
	dbk_html_words(html, dbk_words_force(verdict->force));
	dbk_html_markup(html, "</span> <span class=\"force\">");
	dbk_html_words(html, dbk_words_sense(verdict->sense));
	dbk_html_markup(html, "</span></td>");
}

static void
put_in_force(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict)
{
	bool from = verdict->in_force_from && *verdict->in_force_from != '\0';
	bool to = verdict->in_force_to && *verdict->in_force_to != '\0';

	if (!from && !to)
		return;
	dbk_html_markup(html, " · ");
	dbk_html_pair(html, "measured over the days ", "计量期间：");
	dbk_html_text(html, from ? verdict->in_force_from : "…");
	dbk_html_pair(html, " to before ", " 起，");
	dbk_html_text(html, to ? verdict->in_force_to : "…");
	dbk_html_pair(html, "", "（不含）止");
}

static void
put_says(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict)
{
	struct dbk_words caution = dbk_words_of(verdict->caution);

	dbk_html_markup(html, "<td class=\"says\" colspan=\"6\"><p>");
	dbk_html_message(html, verdict->wording);
	dbk_html_markup(html, "</p><p class=\"cite\">");
	dbk_html_message(html, verdict->citation);
	put_in_force(html, verdict);
	if (verdict->unconfirmed) {
		dbk_html_markup(html, " · <strong>");
		dbk_html_pair(html, "the source of the number could not be confirmed",
			      "数值来源未能核实");
		dbk_html_markup(html, "</strong>");
	}
	dbk_html_markup(html, "</p>");
	if (*caution.en != '\0' || *caution.zh != '\0') {
		dbk_html_markup(html, "<details><summary>");
		dbk_html_pair(html, "What is often got wrong", "常见误读");
		dbk_html_markup(html, "</summary><p>");
		dbk_html_words(html, &caution);
		dbk_html_markup(html, "</p></details>");
	}
	dbk_html_markup(html, "</td>");
}

static void
put_verdict(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict,
	    size_t number)
{
	size_t compared = compared_of(verdict);
	size_t rows = compared > 0 ? compared : 1;

	dbk_html_markupf(html, "<tbody id=\"v%zu\"><tr><td rowspan=\"%zu\">",
			 number + 1, rows + 1);
	dbk_page_chip(html, verdict->verdict, verdict->sense);
	dbk_html_markup(html, "</td>");
	put_rule(html, verdict, rows);
	if (compared == 0)
		dbk_html_markup(html, "<td colspan=\"5\"></td>");
	for (size_t i = 0; i < compared; i++) {
		dbk_html_markup(html, i > 0 ? "</tr>\n<tr>" : "");
		put_compared(html, verdict, verdict->compared[i]);
	}
	dbk_html_markup(html, "</tr>\n<tr>");
	put_says(html, verdict);
	dbk_html_markup(html, "</tr></tbody>\n");
}

static void
put_group(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict)
{
	struct dbk_words name = dbk_words_jurisdiction(verdict->jurisdiction);

	dbk_html_markup(html, "<tbody class=\"group\"><tr><th scope=\"rowgroup\" "
			      "colspan=\"7\">");
	dbk_html_words(html, &name);
	dbk_html_markup(html, "</th></tr></tbody>\n");
}

/* A rule that does not bind, with the reason why. */
static void
put_unbound(struct dbk_html *html, const Daybook__Report__V1__RuleVerdict *verdict,
	    size_t number)
{
	dbk_html_markupf(html, "<li id=\"v%zu\"><p><strong>", number + 1);
	dbk_html_message(html, verdict->title);
	dbk_html_markup(html, "</strong> <span class=\"id\">");
	dbk_html_text(html, verdict->rule);
	dbk_html_markup(html, "</span> · ");
	dbk_html_words(html, dbk_words_force(verdict->force));
	dbk_html_markup(html, "</p><p>");
	dbk_html_message(html, verdict->wording);
	dbk_html_markup(html, "</p><p class=\"cite\">");
	dbk_html_message(html, verdict->citation);
	dbk_html_markup(html, "</p></li>\n");
}

static bool
is_unbound(const Daybook__Report__V1__RuleVerdict *verdict)
{
	return verdict->verdict == DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE;
}

/* What was written of rules that do not bind, in one row. */
static void
put_all_unbound(struct dbk_html *html, const struct dbk_buf *unbound)
{
	if (unbound->size == 0)
		return;
	dbk_html_markup(html, "<tbody class=\"unbound\"><tr><td>");
	dbk_page_chip(html, DAYBOOK__REPORT__V1__VERDICT_WORD__NOT_APPLICABLE,
		      DAYBOOK__REPORT__V1__SENSE__SENSE_UNSPECIFIED);
	dbk_html_markup(html, "</td><td colspan=\"6\"><ul>\n");
	dbk_buf_put(html->out, unbound->bytes, unbound->size);
	dbk_html_markup(html, "</ul></td></tr></tbody>\n");
}

/* The verdicts from number FROM on that are of one jurisdiction, those that do not bind
 * behind the others: they wait in a buffer that counts as if it were on the page.
 * Returns the first verdict that is not shown. */
static size_t
put_jurisdiction(struct dbk_html *html,
		 const Daybook__Report__V1__PyramidReport *report, size_t from)
{
	const char *jurisdiction = report->verdicts[from]->jurisdiction;
	struct dbk_buf *page = html->out, unbound = { 0 };
	size_t i = from;

	put_group(html, report->verdicts[from]);
	for (; i < report->n_verdicts && i < DBK_PAGE_ROWS_MAX &&
	       strcmp(report->verdicts[i]->jurisdiction, jurisdiction) == 0;
	     i++) {
		if (unbound.size > DBK_PAGE_VERDICTS_END ||
		    !dbk_page_has_room(html, DBK_PAGE_VERDICTS_END - unbound.size))
			break;
		if (is_unbound(report->verdicts[i])) {
			html->out = &unbound;
			put_unbound(html, report->verdicts[i], i);
			html->out = page;
		} else {
			put_verdict(html, report->verdicts[i], i);
		}
	}
	put_all_unbound(html, &unbound);
	page->failed |= dbk_buf_failed(&unbound);
	dbk_buf_fini(&unbound);
	return i;
}

static void
put_head(struct dbk_html *html)
{
	dbk_html_markup(html, "<div class=\"table verdicts\"><table>\n");
	dbk_html_head(html, columns, sizeof columns / sizeof *columns);
}

static void
put_forces(struct dbk_html *html)
{
	dbk_html_markup(html, "<details><summary>");
	dbk_html_pair(html, "What each force is worth", "各效力层级之含义");
	dbk_html_markup(html, "</summary><ul class=\"small\">");
	for (int force = 1; force <= DAYBOOK__REPORT__V1__FORCE__POLICY; force++) {
		dbk_html_markup(html, "<li><strong>");
		dbk_html_words(html,
			       dbk_words_force((Daybook__Report__V1__Force)force));
		dbk_html_pair(html, ". ", "：");
		dbk_html_markup(html, "</strong>");
		dbk_html_words(html,
			       dbk_words_force_note((Daybook__Report__V1__Force)force));
		dbk_html_markup(html, "</li>");
	}
	dbk_html_markup(html, "</ul></details>\n");
}

void
dbk_page_verdicts(struct dbk_html *html,
		  const Daybook__Report__V1__PyramidReport *report)
{
	static const struct dbk_words title = { "Verdicts", "逐条结论" };
	static const struct dbk_words lead = {
		"Each rule with the figures it compares. A figure leads to the records "
		"behind "
		"it.",
		"逐条列示规则及其所比较之数值；点击数值可见其所依据之记录。"
	};
	static const struct dbk_words nothing = { "No rules were judged.",
						  "未判断任何规则。" };
	size_t shown = 0;

	dbk_html_section(html, "verdicts", &title, &lead);
	put_forces(html);
	if (report->n_verdicts == 0) {
		dbk_html_nothing(html, &nothing);
		dbk_html_section_end(html);
		return;
	}
	put_head(html);
	while (shown < report->n_verdicts && shown < DBK_PAGE_ROWS_MAX &&
	       dbk_page_has_room(html, DBK_PAGE_VERDICTS_END))
		shown = put_jurisdiction(html, report, shown);
	dbk_html_markup(html, "</table></div>\n");
	html->verdicts_shown = shown;
	dbk_html_left_out(html, report->n_verdicts - shown);
	dbk_html_section_end(html);
}
