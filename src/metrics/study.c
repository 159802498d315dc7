#include "metrics/study.h"

#include <stdlib.h>

#include "base/assert.h"
#include "metrics/people.h"
#include "metrics/study_private.h"

static enum dbk_err
open_parts(struct dbk_study *study)
{
	enum dbk_err err = dbk_people_open(study, &study->people);

	if (err == DBK_OK)
		err = dbk_flows_open(study, &study->flows);
	if (err == DBK_OK)
		err = dbk_rewards_open(study, &study->rewards);
	if (err == DBK_OK)
		err = dbk_months_open(study, &study->months);
	if (err == DBK_OK)
		err = dbk_results_open(study, &study->results);
	if (err == DBK_OK)
		err = dbk_holdings_open(study, &study->holdings);
	if (err == DBK_OK)
		err = dbk_circles_open(study, &study->circles);
	if (err == DBK_OK)
		err = dbk_growth_open(study, &study->growth);
	if (err == DBK_OK)
		err = dbk_duties_open(study, &study->duties);
	if (err == DBK_OK)
		err = dbk_findings_open(study, &study->findings);
	return err;
}

enum dbk_err
dbk_study_open(const struct dbk_study_options *options, struct dbk_study **out)
{
	struct dbk_study *study = calloc(1, sizeof *study);
	enum dbk_err err;

	if (study == NULL)
		return DBK_FAILED_MEMORY;
	study->options = *options;
	err = open_parts(study);
	if (err != DBK_OK) {
		dbk_study_close(study);
		return err;
	}
	*out = study;
	return DBK_OK;
}

void
dbk_study_close(struct dbk_study *study)
{
	if (study == NULL)
		return;
	dbk_findings_close(study->findings);
	dbk_duties_close(study->duties);
	dbk_growth_close(study->growth);
	dbk_circles_close(study->circles);
	dbk_holdings_close(study->holdings);
	dbk_results_close(study->results);
	dbk_months_close(study->months);
	dbk_rewards_close(study->rewards);
	dbk_flows_close(study->flows);
	dbk_people_close(study->people);
	free(study);
}

static void
note(struct dbk_study *study, const struct dbk_taken *taken)
{
	const struct dbk_fact *fact = taken->fact;
	struct dbk_study_extent *extent = &study->extent;

	if (fact->kind == DBK_FACT_MARKED && fact->code == DBK_MARK_LICENCE &&
	    fact->agent == 0 && taken->before_end)
		extent->has_licence = true;
	if (!taken->counts || fact->kind == DBK_FACT_PLAN)
		return;
	if (extent->facts == 0 || taken->day < extent->first_day)
		extent->first_day = taken->day;
	if (extent->facts == 0 || taken->day > extent->last_day)
		extent->last_day = taken->day;
	extent->facts++;
}

static enum dbk_err
hand_out(struct dbk_study *study, const struct dbk_taken *taken)
{
	enum dbk_err err = dbk_flows_add(study->flows, taken);

	if (err == DBK_OK)
		err = dbk_rewards_add(study->rewards, taken);
	if (err == DBK_OK)
		err = dbk_months_add(study->months, taken);
	if (err == DBK_OK)
		err = dbk_results_add(study->results, taken);
	if (err == DBK_OK)
		err = dbk_holdings_add(study->holdings, taken);
	if (err == DBK_OK)
		err = dbk_circles_add(study->circles, taken);
	if (err == DBK_OK)
		err = dbk_growth_add(study->growth, taken);
	if (err == DBK_OK)
		err = dbk_duties_add(study->duties, taken);
	if (err == DBK_OK)
		err = dbk_findings_add(study->findings, taken);
	return err;
}

static struct dbk_waiting *
waiting_at(struct dbk_study *study, uint64_t number)
{
	return &study->waiting[number % DBK_STUDY_WAITING];
}

static void
let_wait(struct dbk_study *study, const struct dbk_fact *fact)
{
	const struct dbk_study_options *options = &study->options;
	struct dbk_waiting *waiting = waiting_at(study, study->n_come);
	int32_t day = dbk_day_of_time(fact->at, options->utc_offset_minutes);

	/* Days follow each other slowly, and their months are dear. */
	if (study->n_come == 0 || day != study->last_day) {
		study->last_day = day;
		study->last_month = dbk_month_of_day(day);
	}
	waiting->fact = *fact;
	waiting->taken = (struct dbk_taken){ .fact = &waiting->fact,
					     .day = day,
					     .month = study->last_month };
	waiting->taken.before_end = day < options->to_day;
	waiting->taken.in_window =
	    waiting->taken.before_end && day >= options->from_day;
	study->n_come++;
}

static void
foresee(struct dbk_study *study)
{
	for (unsigned step = 0; step < DBK_STUDY_STEPS; step++) {
		const struct dbk_waiting *waiting;

		if (study->n_come <= step * DBK_STUDY_STRIDE)
			return;
		waiting =
		    waiting_at(study, study->n_come - 1 - step * DBK_STUDY_STRIDE);
		dbk_people_foresee(study->people, &waiting->fact, step);
		dbk_flows_foresee(study->flows, &waiting->fact, step);
		dbk_months_foresee(study->months, &waiting->taken, step);
		dbk_results_foresee(study->results, &waiting->fact, step);
		dbk_holdings_foresee(study->holdings, &waiting->fact, step);
	}
}

static enum dbk_err
take_next(struct dbk_study *study)
{
	const struct dbk_study_options *options = &study->options;
	struct dbk_taken *taken = &waiting_at(study, study->n_taken++)->taken;
	/* Who is in the part is known only when the people have heard of the fact. */
	enum dbk_err err = dbk_people_add(study->people, taken);

	if (err != DBK_OK)
		return err;
	taken->in_part = !options->is_part ||
			 dbk_people_is_inside(study->people, taken->fact->agent);
	taken->counts = taken->in_window && taken->in_part;
	note(study, taken);
	return hand_out(study, taken);
}

enum dbk_err
dbk_study_settle(struct dbk_study *study)
{
	enum dbk_err err = DBK_OK;

	while (err == DBK_OK && study->n_taken < study->n_come)
		err = take_next(study);
	return err;
}

enum dbk_err
dbk_study_add_top(struct dbk_study *study, uint32_t agent)
{
	enum dbk_err err;

	dbk_assert(study->options.is_part && !study->ended);
	/* It is one from now on, not for what came before. */
	err = dbk_study_settle(study);
	return err == DBK_OK ? dbk_people_add_top(study->people, agent) : err;
}

enum dbk_err
dbk_study_add(struct dbk_study *study, const struct dbk_fact *fact)
{
	dbk_assert(!study->ended && fact->kind > 0 && fact->kind < DBK_FACT_KINDS);
	let_wait(study, fact);
	foresee(study);
	return study->n_come - study->n_taken < DBK_STUDY_WAITING ? DBK_OK
								  : take_next(study);
}

enum dbk_err
dbk_study_end(struct dbk_study *study)
{
	enum dbk_err err = dbk_study_settle(study);

	dbk_assert(!study->ended);
	study->ended = true;
	if (err == DBK_OK)
		err = dbk_people_end(study->people);
	if (err == DBK_OK)
		err = dbk_flows_end(study->flows);
	if (err == DBK_OK)
		err = dbk_rewards_end(study->rewards);
	if (err == DBK_OK)
		err = dbk_months_end(study->months);
	if (err == DBK_OK)
		err = dbk_results_end(study->results);
	if (err == DBK_OK)
		err = dbk_holdings_end(study->holdings);
	if (err == DBK_OK)
		err = dbk_circles_end(study->circles);
	if (err == DBK_OK)
		err = dbk_growth_end(study->growth);
	if (err == DBK_OK)
		err = dbk_duties_end(study->duties);
	if (err == DBK_OK)
		err = dbk_findings_end(study->findings);
	return err;
}

void
dbk_study_log_is_whole(struct dbk_study *study)
{
	study->options.log_is_whole = true;
}

struct dbk_study_extent
dbk_study_extent(const struct dbk_study *study)
{
	return study->extent;
}

/* ---------------------------------------------------------------------------- parts */

const struct dbk_people *
dbk_study_people(const struct dbk_study *study)
{
	return study->people;
}

const struct dbk_flows *
dbk_study_flows(const struct dbk_study *study)
{
	return study->flows;
}

const struct dbk_rewards *
dbk_study_rewards(const struct dbk_study *study)
{
	return study->rewards;
}

const struct dbk_months *
dbk_study_months(const struct dbk_study *study)
{
	return study->months;
}

const struct dbk_results *
dbk_study_results(const struct dbk_study *study)
{
	return study->results;
}

const struct dbk_holdings *
dbk_study_holdings(const struct dbk_study *study)
{
	return study->holdings;
}

const struct dbk_growth *
dbk_study_growth(const struct dbk_study *study)
{
	return study->growth;
}
