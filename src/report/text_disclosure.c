#include "report/page.h"

#include "report/text.h"

static const struct dbk_words title = { "Earnings disclosure", "收入披露" };

void
dbk_disclosure_text(const Daybook__Report__V1__DisclosureReport *report,
		    enum dbk_language language, struct dbk_buf *out)
{
	struct dbk_text text;

	dbk_text_init(&text, out, language, report->basis);
	dbk_text_heading(&text, &title, 1);
	dbk_text_fini(&text);
}
