#include "report/page.h"

#include "report/html.h"

static const struct dbk_words title = { "Pyramid report", "传销特征审查报告" };

void
dbk_pyramid_html(const Daybook__Report__V1__PyramidReport *report,
		 enum dbk_language first, struct dbk_buf *out)
{
	struct dbk_html html;

	dbk_html_init(&html, out, first, report->basis);
	dbk_html_begin(&html, &title, report->basis ? report->basis->book : "");
	dbk_html_end(&html);
}
