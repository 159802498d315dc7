#include "report/page.h"

#include "report/html.h"

static const struct dbk_words title = { "Finance report", "财务报告" };

void
dbk_finance_html(const Daybook__Report__V1__FinanceReport *report,
		 enum dbk_language first, struct dbk_buf *out)
{
	struct dbk_html html;

	dbk_html_init(&html, out, first, report->basis);
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_html_end(&html);
}
