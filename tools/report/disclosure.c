/* disclosure.c -- the earnings disclosure: what an agent should see before joining. */

#include "base/assert.h"
#include "diag.h"
#include "report/disclosure.h"
#include "report/examination.h"
#include "report/page.h"
#include "report/source.h"
#include "verbs.h"

#define ARENA_BYTES_MAX ((size_t)512 * 1024 * 1024)

static const struct report_options defaults = { 0 };

static const struct cli_option options[] = { REPORT_OPTIONS, CLI_OPTION_END };

static void
text(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_disclosure_text(message, language, out);
}

static void
html(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_disclosure_html(message, language, out);
}

static int
answer(struct examination *e)
{
	static const struct report_forms forms = { text, html };
	const struct dbk_report_source source = report_source(e);
	const Daybook__Report__V1__DisclosureReport *report;
	struct dbk_arena arena;
	int code;

	dbk_arena_init(&arena, ARENA_BYTES_MAX);
	report = dbk_disclosure_make(&source, &arena);
	dbk_assert(report != NULL);
	code = examination_write(e, &report->base, &forms);
	dbk_arena_fini(&arena);
	return code;
}

static int
run(struct cli_call *call)
{
	struct examination e;
	int code = examination_begin(call->options, &e);

	if (code == EXIT_OK)
		code = examination_run(&e, call->operand_count > 0 ? call->operands[0]
								   : NULL);
	if (code == EXIT_OK)
		code = answer(&e);
	examination_end(&e);
	return code;
}

const struct cli_verb verb_report_disclosure = {
	.name = "report disclosure",
	.group = CLI_READ,
	.operands = "[EXPORT]",
	.summary = "what somebody should know before joining: incomes, costs, losses",
	.about =
	    "EXPORT is a folder that daybook export has written; without one the book "
	    "of the daemon is\nexported to a folder of its own first. Either is proved "
	    "and decided again here.\nReading a whole log needs the role regulator or "
	    "admin; others report from an export."
	    "\n\nTold are the incomes of all who take part, not "
	    "of the best; what they paid; how many lost by\neither reading; what was "
	    "paid for: sales to consumers, purchases, recruiting. --from and --to\n"
	    "give a year.",
	.examples = "  daybook report disclosure --from 2026-01-01 --to 2027-01-01\n"
		    "  daybook report disclosure --format html --out joining.html "
		    "--language zh\n",
	.options = options,
	.options_bytes = sizeof(struct report_options),
	.defaults = &defaults,
	.operands_max = 1,
	.run = run,
};
