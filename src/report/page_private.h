#ifndef DBK_REPORT_PAGE_PRIVATE_H
#define DBK_REPORT_PAGE_PRIVATE_H

/*
 * page_private.h -- parts that the three pages are put together from.
 */

#include "report/html.h"
#include "report/page.h"

/*
 * Bytes of a page at which a list stops, each part with what those before it may take:
 * all stay below 3 MB.  Pictures bound themselves (draw.h).
 */
#define DBK_PAGE_SUMMARY_END (250u * 1024)
/* Written on their own, before what stands above them. */
#define DBK_PAGE_VERDICTS_END (500u * 1024)
#define DBK_PAGE_TABLES_END (2150u * 1024)
#define DBK_PAGE_FIGURES_END (2300u * 1024)
#define DBK_PAGE_EVIDENCE_END (2750u * 1024)
/* Rows of any list. */
#define DBK_PAGE_ROWS_MAX 1000

/* False once the page has grown to END bytes. */
static inline bool
dbk_page_has_room(const struct dbk_html *html, size_t end)
{
	return html->out->size - html->start < end;
}

/* A heading with the book, the window and the part. */
void dbk_page_masthead(struct dbk_html *html, const struct dbk_words *title,
		       const Daybook__Report__V1__ReportBasis *basis);

/* What the report was made from.  PACKS may be none; LAW_OF may be NULL: no law. */
void dbk_page_basis(struct dbk_html *html,
		    const Daybook__Report__V1__ReportBasis *basis,
		    Daybook__Report__V1__PackUsed *const *packs, size_t n_packs,
		    const char *law_of);

/* The last lines of a page. */
void dbk_page_footer(struct dbk_html *html,
		     const Daybook__Report__V1__ReportBasis *basis);

/* A table of contents: where each section is and what it is called. */
struct dbk_page_place {
	const char *id;
	struct dbk_words words;
};

void dbk_page_nav(struct dbk_html *html, const struct dbk_page_place *places,
		  size_t count);

/* Key figures: a row of large numbers, each with its label and an own line below, which
 * the caller writes before dbk_page_key_end(). */
void dbk_page_keys(struct dbk_html *html);
void dbk_page_key(struct dbk_html *html, const char *en, const char *zh);
void dbk_page_key_note(struct dbk_html *html);
void dbk_page_key_end(struct dbk_html *html);
void dbk_page_keys_end(struct dbk_html *html);

/* A picture of verdicts, as shapes that verdicts refer to: once a page. */
void dbk_page_shapes(struct dbk_html *html);
/* "concern", "risk", "fine" or "none": what a verdict of a rule of this sense says. */
const char *dbk_page_tone(Daybook__Report__V1__VerdictWord verdict,
			  Daybook__Report__V1__Sense sense);
void dbk_page_shape(struct dbk_html *html, Daybook__Report__V1__VerdictWord verdict);
void dbk_page_chip(struct dbk_html *html, Daybook__Report__V1__VerdictWord verdict,
		   Daybook__Report__V1__Sense sense);

/* The force is one that a summary leads with. */
bool dbk_page_leads(Daybook__Report__V1__Force force);
void dbk_page_summary(struct dbk_html *html,
		      const Daybook__Report__V1__PyramidReport *report);
void dbk_page_verdicts(struct dbk_html *html,
		       const Daybook__Report__V1__PyramidReport *report);
void dbk_page_appraisal(struct dbk_html *html,
			const Daybook__Report__V1__PyramidReport *report);

/* One reading in its unit; why there is none, in words. */
void dbk_page_reading(struct dbk_html *html, Daybook__Report__V1__FigureUnit unit,
		      const Daybook__Report__V1__Reading *reading);
/* Both readings in one cell's worth, once if they agree. */
void dbk_page_readings(struct dbk_html *html,
		       const Daybook__Report__V1__Figure *figure);
bool dbk_page_readings_agree(const Daybook__Report__V1__Figure *figure);
/* Parameters as "days 90, share 500000"; nothing if there are none. */
void dbk_page_parameters(struct dbk_html *html,
			 const Daybook__Report__V1__Figure *figure);

/* A cell with one reading, linked, and the parts of a share below it. */
void dbk_page_reading_cell(struct dbk_html *html,
			   const Daybook__Report__V1__Figure *figure,
			   const Daybook__Report__V1__Reading *reading);

void dbk_page_abstentions(struct dbk_html *html,
			  Daybook__Report__V1__AbstentionRow *const *rows,
			  size_t count);
void dbk_page_figures(struct dbk_html *html,
		      Daybook__Report__V1__Figure *const *figures, size_t count);

/* Lists that a page has at most; a link to another one is none. */
#define DBK_PAGE_EVIDENCE_LISTS_MAX 400

/* Tells links which lists there are: before the first link.  Lists are numbered from 1
 * in their order. */
void dbk_page_evidence_count(struct dbk_html *html, size_t count);
/* "№ 12", a link; nothing if there is no such list. */
void dbk_page_evidence_mark(struct dbk_html *html, uint32_t number);
/* What refers to list NUMBER: writes links back; may be NULL. */
typedef void dbk_page_back_fn(struct dbk_html *html, const void *report,
			      uint32_t number);
void dbk_page_evidence(struct dbk_html *html,
		       Daybook__Report__V1__EvidenceSet *const *sets, size_t count,
		       dbk_page_back_fn *back, const void *report);

/* Income by basis, distance and class; months. */
void dbk_page_income(struct dbk_html *html, Daybook__Report__V1__IncomeRow *const *rows,
		     size_t count);
void dbk_page_months(struct dbk_html *html, Daybook__Report__V1__MonthRow *const *rows,
		     size_t count);

/* Tables of money; each tells how many rows it has. */
size_t dbk_page_earnings(struct dbk_html *html,
			 Daybook__Report__V1__CauseMonthRow *const *rows, size_t count);
size_t dbk_page_payout_months(struct dbk_html *html,
			      Daybook__Report__V1__PayoutMonthRow *const *rows,
			      size_t count);
size_t dbk_page_payouts(struct dbk_html *html,
			Daybook__Report__V1__PayoutRow *const *rows, size_t count,
			const Daybook__Report__V1__ReportBasis *basis);
size_t dbk_page_clawbacks(struct dbk_html *html,
			  Daybook__Report__V1__ClawbackRow *const *rows, size_t count,
			  const Daybook__Report__V1__ReportBasis *basis);
size_t dbk_page_ageing(struct dbk_html *html,
		       Daybook__Report__V1__AgeingRow *const *rows, size_t count);
size_t dbk_page_periods(struct dbk_html *html,
			Daybook__Report__V1__PeriodRow *const *rows, size_t count);

#endif
