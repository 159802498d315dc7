/* finance.c -- the finance report: balances, payouts, claw-backs, ageing, closes. */

#include "base/assert.h"
#include "diag.h"
#include "report/examination.h"
#include "report/finance.h"
#include "report/page.h"
#include "report/source.h"
#include "verbs.h"

#define ARENA_BYTES_MAX ((size_t)512 * 1024 * 1024)

static const struct report_options defaults = { 0 };

static const struct cli_option options[] = { REPORT_OPTIONS, CLI_OPTION_END };

static int
begin(void *context, const struct dbk_books *books)
{
	struct dbk_ledger_months **months = context;

	dbk_assert(dbk_ledger_months_open(books, months) == DBK_OK);
	return EXIT_OK;
}

static enum dbk_err
after(void *context, const struct dbk_record *record, const struct dbk_event *event,
      const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	struct dbk_ledger_months **months = context;

	(void)record;
	return dbk_ledger_months_add(*months, event, verdict, effects);
}

static void
text(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_finance_text(message, language, out);
}

static void
html(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_finance_html(message, language, out);
}

static int
answer(struct examination *e, const struct dbk_ledger_months *months)
{
	static const struct report_forms forms = { text, html };
	const struct dbk_report_source source = report_source(e);
	const Daybook__Report__V1__FinanceReport *report;
	struct dbk_arena arena;
	int code;

	dbk_arena_init(&arena, ARENA_BYTES_MAX);
	report = dbk_finance_make(&source, months, &arena);
	dbk_assert(report != NULL);
	code = examination_write(e, &report->base, &forms);
	dbk_arena_fini(&arena);
	return code;
}

static int
check_whole(const struct report_options *o)
{
	if (o->agents.count == 0)
		return EXIT_OK;
	diag_error(
	    "--agent: a trial balance is of the whole book; see statement AGENT");
	return EXIT_USAGE;
}

static int
run(struct cli_call *call)
{
	struct dbk_ledger_months *months = NULL;
	const struct dbk_replay_watcher also = { NULL, after, &months };
	struct examination e;
	int code = examination_begin(call->options, &e);

	e.also = &also;
	e.also_begin = begin;
	if (code == EXIT_OK)
		code = check_whole(call->options);
	if (code == EXIT_OK)
		code = examination_run(&e, call->operand_count > 0 ? call->operands[0]
								   : NULL);
	if (code == EXIT_OK)
		code = answer(&e, months);
	examination_end(&e);
	dbk_ledger_months_close(months);
	return code;
}

const struct cli_verb verb_report_finance = {
	.name = "report finance",
	.group = CLI_READ,
	.operands = "[EXPORT]",
	.summary = "trial balance, payouts, claw-backs, ageing and closes, to keep",
	.about =
	    "EXPORT is a folder that daybook export has written; without one the book "
	    "of the daemon is\nexported to a folder of its own first. Either is proved "
	    "and decided again here, so that every\nfigure comes from the records "
	    "alone and a file can be compared with anybody else's.\nReading a whole "
	    "log needs the role regulator or "
	    "admin; others report from an export."
	    "\n\nBalances, "
	    "ageing, claw-backs and closes are as of the last record; months and "
	    "payouts are\nthose of --from and --to. For questions to a daemon that "
	    "runs, see report clawbacks,\nreport payouts, trial-balance.",
	.examples =
	    "  daybook report finance --format html --out finance.html\n"
	    "  daybook report finance export --key log.vkey --from 2026-01-01\n",
	.options = options,
	.options_bytes = sizeof(struct report_options),
	.defaults = &defaults,
	.operands_max = 1,
	.run = run,
};
