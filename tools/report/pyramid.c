/* pyramid.c -- what an examiner compares with the law, from the records alone. */

#include <string.h>

#include <daybook/version.h>

#include "base/assert.h"
#include "diag.h"
#include "books/look.h"
#include "metrics/series.h"
#include "report/examination.h"
#include "report/packs.h"
#include "report/page.h"
#include "report/pyramid.h"
#include "report/source.h"
#include "rules/judge.h"
#include "verbs.h"

#define PACKS_DEFAULT "cn,us,science"
#define LICENCE "direct_selling_licence"
#define DAY_US (86400 * INT64_C(1000000))
#define ARENA_BYTES_MAX ((size_t)512 * 1024 * 1024)

struct options {
	struct report_options report;
	const char *pack;
	const char *law;
	struct cli_list suppose;
};

static const struct options defaults = { .pack = PACKS_DEFAULT };

static const struct cli_option options[] = {
	{ "pack", "PACK,...",
	  "rule packs: cn, us, eu, science, or files (default: cn,us,science)",
	  CLI_TEXT, offsetof(struct options, pack), 0, 0 },
	{ "law", "DAY|today",
	  "the law of that day for all of it; today is the day of the last record "
	  "(default: the law of the day of each fact)",
	  CLI_TEXT, offsetof(struct options, law), 0, 0 },
	{ "suppose", "MARK",
	  "a fact that the log does not have: direct_selling_licence", CLI_MANY,
	  offsetof(struct options, suppose), 0, 0 },
	{ "market", "N", "people there are, for the months until nobody is left",
	  CLI_COUNT, offsetof(struct report_options, market), 1, INT64_MAX },
	REPORT_OPTIONS,
	CLI_OPTION_END
};

/* A report while it is made. */
struct pyramid {
	const struct options *options;
	struct examination examination;
	struct packs packs;
	struct dbk_judged_pack judged[DBK_PACKS_MAX];
	struct dbk_judge_options how;
	struct dbk_arena arena;
};

static int
check_suppositions(const struct options *o)
{
	for (size_t i = 0; i < o->suppose.count; i++) {
		if (strcmp(o->suppose.items[i], LICENCE) == 0)
			continue;
		diag_error("--suppose: \"%.60s\" is no mark; there is " LICENCE,
			   o->suppose.items[i]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* Checked before the long work; "today" is known only after it. */
static int
read_law(const struct options *o, int32_t *out)
{
	int64_t us;

	*out = INT32_MIN;
	if (o->law == NULL || strcmp(o->law, "today") == 0)
		return EXIT_OK;
	if (!cli_time_parse(o->law, &us) || us % DAY_US != 0) {
		diag_error(
		    "--law: \"%.40s\" is neither a day, as 2026-01-31, nor today",
		    o->law);
		return EXIT_USAGE;
	}
	*out = (int32_t)(us / DAY_US);
	return EXIT_OK;
}

static void
prepare_judge(struct pyramid *p)
{
	const struct examination *e = &p->examination;
	const struct dbk_row_book *book = dbk_look_book(e->books);

	p->how.currency = dbk_str_make(book->currency, 3);
	p->how.exponent = book->exponent;
	p->how.has_licence =
	    p->options->suppose.count > 0 || dbk_study_extent(e->study).has_licence;
	if (p->options->law != NULL && strcmp(p->options->law, "today") == 0)
		p->how.law_day = dbk_day_of_time(e->examined.sum.last_recorded_at,
						 book->utc_offset_minutes);
}

static void
judge(struct pyramid *p)
{
	for (size_t i = 0; i < p->packs.n; i++) {
		struct dbk_judged_pack *judged = &p->judged[i];
		struct dbk_judged *list;

		dbk_assert(dbk_judge(&p->packs.all[i], p->examination.study, &p->how,
				     &p->arena, &list, &judged->n) == DBK_OK);
		judged->pack = &p->packs.all[i];
		judged->judged = list;
	}
}

static void
text(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_pyramid_text(message, language, out);
}

static void
html(const void *message, enum dbk_language language, struct dbk_buf *out)
{
	dbk_pyramid_html(message, language, out);
}

static int
answer(struct pyramid *p)
{
	static const struct report_forms forms = { text, html };
	const Daybook__Report__V1__PyramidReport *report;
	struct dbk_pyramid_question question = { .packs = p->judged,
						 .n_packs = p->packs.n };

	prepare_judge(p);
	judge(p);
	question.source = report_source(&p->examination);
	question.law_day = p->how.law_day;
	report = dbk_pyramid_make(&question, &p->arena);
	dbk_assert(report != NULL);
	return examination_write(&p->examination, &report->base, &forms);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct pyramid p = { .options = o };
	int code = examination_begin(&o->report, &p.examination);

	if (code == EXIT_OK)
		code = check_suppositions(o);
	if (code == EXIT_OK)
		code = read_law(o, &p.how.law_day);
	if (code == EXIT_OK)
		code = packs_load(o->pack, &p.packs);
	dbk_arena_init(&p.arena, ARENA_BYTES_MAX);
	if (code == EXIT_OK)
		code = examination_run(
		    &p.examination, call->operand_count > 0 ? call->operands[0] : NULL);
	if (code == EXIT_OK)
		code = answer(&p);
	examination_end(&p.examination);
	packs_free(&p.packs);
	dbk_arena_fini(&p.arena);
	return code;
}

const struct cli_verb verb_report_pyramid = {
	.name = "report pyramid",
	.group = CLI_READ,
	.operands = "[EXPORT]",
	.summary = "pay for recruiting or for sales: figures, rules, evidence",
	.about =
	    "EXPORT is a folder that daybook export has written; without one the book "
	    "of the daemon is\nexported to a folder of its own first. Either is proved "
	    "and decided again by books that\nare made here, and every figure comes "
	    "from the records alone: the same records, packs and\noptions give the "
	    "same bytes.\nReading a whole log needs the role regulator or "
	    "admin; others report from an export."
	    "\n\nA rule is MET, NOT_MET, AT_RISK (two readings differ, or a "
	    "margin), INSUFFICIENT or\nNOT_APPLICABLE. MET says that the element which "
	    "the rule names is in the records; whether\nanything is unlawful, people "
	    "judge. Where participants' own purchases could count either\nway both "
	    "readings are given. Every figure names the records behind it, and\n"
	    "`daybook receipt position N` proves each of them.\n\nThe html form is one "
	    "file in both languages, with pictures; it needs no network.\n\nExit: 0 "
	    "the report is written, 1 failure, 2 usage, 5 no such agent, 6 damaged or "
	    "forged.",
	.examples =
	    "  daybook report pyramid --pack cn,us\n"
	    "  daybook report pyramid export --key log.vkey --format html --out "
	    "r.html\n"
	    "  daybook report pyramid --agent A17 --from 2026-01-01 --format json | jq "
	    ".verdicts\n"
	    "  daybook report pyramid --pack cn --law today --language zh\n",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = 1,
	.run = run,
};
