#ifndef DBK_REPORT_PAGE_H
#define DBK_REPORT_PAGE_H

/*
 * page.h -- the reports as people read them: an HTML file in both languages, and text
 * of 100 columns in one.
 *
 * An HTML page stands alone: the style sheet is inside, no script, no font and no image
 * is from elsewhere, and a policy in its head forbids them.  Every list is bounded, so
 * that a page stays below 3 MB whatever the message holds.  JSON of a report is
 * dbk_json_write() of the message.
 *
 * Appends to OUT; an error sticks in it (base/buf.h).  The same message gives the same
 * bytes.
 *
 * Thread: any; the report is only read.
 */

#include "base/buf.h"
#include "report/words.h"

void dbk_pyramid_html(const Daybook__Report__V1__PyramidReport *report,
		      enum dbk_language first, struct dbk_buf *out);
void dbk_pyramid_text(const Daybook__Report__V1__PyramidReport *report,
		      enum dbk_language language, struct dbk_buf *out);

void dbk_finance_html(const Daybook__Report__V1__FinanceReport *report,
		      enum dbk_language first, struct dbk_buf *out);
void dbk_finance_text(const Daybook__Report__V1__FinanceReport *report,
		      enum dbk_language language, struct dbk_buf *out);

void dbk_disclosure_html(const Daybook__Report__V1__DisclosureReport *report,
			 enum dbk_language first, struct dbk_buf *out);
void dbk_disclosure_text(const Daybook__Report__V1__DisclosureReport *report,
			 enum dbk_language language, struct dbk_buf *out);

#endif
