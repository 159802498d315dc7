#include "report/pyramid.h"

#include "books/look.h"
#include "metrics/people.h"
#include "report/abstentions.h"
#include "report/appraisal.h"
#include "report/downline.h"
#include "report/tables.h"

/* What the picture of the downline asks of a source. */
static void
result_of(const void *context, uint32_t person, struct dbk_result *out)
{
	const struct dbk_report_source *source = context;

	dbk_results_of_person(dbk_study_results(source->study), person, out);
}

static struct dbk_str
name_of(const void *context, uint32_t agent)
{
	const struct dbk_report_source *source = context;

	return dbk_look_name(source->books, DBK_SPACE_AGENT, agent);
}

static Daybook__Report__V1__Downline *
make_downline(struct dbk_maker *maker, const struct dbk_report_source *source)
{
	const struct dbk_downline_source downline = {
		.forest = dbk_people_forest(dbk_study_people(source->study)),
		.result = result_of,
		.name = name_of,
		.context = source,
	};

	return dbk_downline_make(maker, &downline);
}

static void
fill(struct dbk_maker *maker, const struct dbk_pyramid_question *question,
     Daybook__Report__V1__PyramidReport *report)
{
	const struct dbk_study *study = question->source.study;
	const struct dbk_books *books = question->source.books;

	report->basis = dbk_basis_make(maker, &question->source);
	report->law_of = dbk_maker_day(maker, question->law_day);
	dbk_verdicts_make(maker, question->packs, question->n_packs, report);
	report->appraisal = dbk_appraisal_make(maker, books, study);
	report->downline = make_downline(maker, &question->source);
	report->goods = dbk_tables_goods(maker, study);
	report->income = dbk_tables_income(maker, study, &report->n_income);
	report->results = dbk_tables_results(maker, study);
	report->months = dbk_tables_months(maker, study, &report->n_months);
	report->abstentions =
	    dbk_abstentions_make(maker, study, &report->n_abstentions);
	report->figures = dbk_tables_figures(maker, study, &report->n_figures);
	report->evidence = maker->sets;
	report->n_evidence = maker->n_sets;
}

Daybook__Report__V1__PyramidReport *
dbk_pyramid_make(const struct dbk_pyramid_question *question, struct dbk_arena *arena)
{
	struct dbk_maker maker;
	Daybook__Report__V1__PyramidReport *report;

	dbk_maker_init(&maker, arena);
	report = dbk_maker_message(&maker,
				   &daybook__report__v1__pyramid_report__descriptor);
	if (report != NULL)
		fill(&maker, question, report);
	return maker.failed ? NULL : report;
}
