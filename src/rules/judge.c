#include "rules/judge_private.h"

#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "rules/day.h"
#include "rules/pack_check.h"
#include "rules/reason.h"
#include "rules/wording.h"

#define WORD(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name

typedef Daybook__Report__V1__VerdictWord verdict_word;
typedef Daybook__Report__V1__Rule pack_rule;
typedef Daybook__Report__V1__Condition rule_condition;

struct judge {
	const Daybook__Report__V1__RulePack *pack;
	const struct dbk_judge_source *source;
	const struct dbk_judge_options *options;
	struct dbk_arena *arena;
	struct dbk_judged *judged;
	bool *done;  /* by rule */
	bool failed; /* no memory */
};

/* Days of the facts that are measured, both included. */
static int64_t
days_of(const struct judge *judge, const struct dbk_judged *judged)
{
	int64_t from = judge->source->extent.first_day;
	int64_t to = (int64_t)judge->source->extent.last_day + 1;

	from = judged->from_day > from ? judged->from_day : from;
	to = judged->to_day < to ? judged->to_day : to;
	return to > from ? to - from : 0;
}

/* ----------------------------------------------------------------- when it applies */

struct validity {
	int32_t from, to;
};

static struct validity
validity_of(const pack_rule *rule)
{
	struct validity v = { INT32_MIN, INT32_MAX };

	if (rule->valid_from[0] != '\0')
		dbk_assert(dbk_day_parse(rule->valid_from, &v.from));
	if (rule->valid_to[0] != '\0')
		dbk_assert(dbk_day_parse(rule->valid_to, &v.to));
	return v;
}

static enum dbk_bar
find_bar(const struct judge *judge, const pack_rule *rule)
{
	const struct dbk_judge_options *options = judge->options;
	const struct dbk_study_extent *extent = &judge->source->extent;
	struct validity v = validity_of(rule);

	if (rule->currency[0] != '\0' &&
	    !dbk_str_equal(dbk_str_of(rule->currency), options->currency))
		return DBK_BAR_CURRENCY;
	if (rule->requires_mark[0] != '\0' && !options->has_licence)
		return DBK_BAR_MARK;
	if (options->law_day != INT32_MIN) {
		if (options->law_day < v.from || options->law_day >= v.to)
			return DBK_BAR_LAW;
		return extent->facts == 0 ? DBK_BAR_NO_FACTS : DBK_BAR_NONE;
	}
	if (extent->facts == 0)
		return DBK_BAR_NO_FACTS;
	if (extent->last_day < v.from || extent->first_day >= v.to)
		return DBK_BAR_WINDOW;
	return DBK_BAR_NONE;
}

/* The window, with the days of its facts where it has no bound; of those the days on
 * which the rule was in force, unless the law of one day is asked for. */
static void
set_days(const struct judge *judge, struct dbk_judged *judged)
{
	const struct dbk_judge_source *source = judge->source;
	struct validity v = validity_of(judged->rule);

	judged->from_day =
	    source->from_day != INT32_MIN ? source->from_day : source->extent.first_day;
	judged->to_day =
	    source->to_day != INT32_MAX ? source->to_day : source->extent.last_day + 1;
	if (judge->options->law_day != INT32_MIN)
		return;
	if (v.from > judged->from_day)
		judged->from_day = v.from;
	if (v.to < judged->to_day)
		judged->to_day = v.to;
}

/* --------------------------------------------------------------------- conditions */

static int64_t
minor_units(const struct judge *judge, int64_t major)
{
	dbk_wide minor = major;

	for (uint32_t i = 0; i < judge->options->exponent; i++)
		minor = dbk_money_bound(minor * 10);
	return dbk_money_bound(minor);
}

static void
ask(const struct judge *judge, const struct dbk_judged *judged,
    struct dbk_compared *compared)
{
	const rule_condition *condition = compared->condition;
	struct dbk_metric_question *question = &compared->question;

	question->from_day = judged->from_day;
	question->to_day = judged->to_day;
	for (int i = 0; i < DBK_METRIC_PARAMETERS_MAX; i++)
		question->parameters[i] = compared->metric->parameters[i].absent;
	for (size_t i = 0; i < condition->n_parameters; i++) {
		const Daybook__Report__V1__MetricParameter *given =
		    condition->parameters[i];
		int place =
		    dbk_metric_parameter(compared->metric, dbk_str_of(given->name));
		bool is_amount = compared->metric->parameters[place].is_amount;

		question->parameters[place] =
		    is_amount ? minor_units(judge, given->value) : given->value;
	}
}

/* What another rule asked before; large books are slow to measure. */
static const struct dbk_value *
find_answer(const struct judge *judge, const struct dbk_compared *compared)
{
	for (size_t i = 0; i < judge->pack->n_rules; i++) {
		const struct dbk_judged *judged = &judge->judged[i];

		for (uint32_t k = 0; judge->done[i] && k < judged->n_compared; k++) {
			const struct dbk_compared *other = &judged->compared[k];

			if (other->metric == compared->metric &&
			    memcmp(&other->question, &compared->question,
				   sizeof other->question) == 0)
				return &other->value;
		}
	}
	return NULL;
}

static void
compare_metric(const struct judge *judge, const struct dbk_judged *judged,
	       struct dbk_compared *compared)
{
	const rule_condition *condition = compared->condition;
	const struct dbk_value *known;

	compared->metric = dbk_metric_find(dbk_str_of(condition->metric));
	ask(judge, judged, compared);
	known = find_answer(judge, compared);
	if (known != NULL)
		compared->value = *known;
	else
		judge->source->measure(judge->source->context, compared->metric,
				       &compared->question, &compared->value);
	compared->threshold.denominator =
	    condition->denominator == 0 ? 1 : condition->denominator;
	compared->threshold.numerator = compared->metric->unit == DBK_UNIT_AMOUNT
					    ? minor_units(judge, condition->numerator)
					    : condition->numerator;
	compared->verdict = WORD(INSUFFICIENT);
	if (dbk_compare_thinness(judged->rule, condition, &compared->value,
				 days_of(judge, judged)) == DBK_THIN_NOT)
		compared->verdict =
		    dbk_compare_value(&compared->value, condition->comparison,
				      compared->threshold, condition->margin_ppm);
}

static void judge_rule(struct judge *judge, size_t number);

static void
compare_rule(struct judge *judge, struct dbk_compared *compared)
{
	const rule_condition *condition = compared->condition;
	int number = dbk_pack_rule(judge->pack, condition->rule);
	verdict_word verdict;

	judge_rule(judge, (size_t)number);
	verdict = judge->judged[number].verdict;
	compared->threshold.denominator = 1;
	compared->verdict =
	    verdict == WORD(INSUFFICIENT) ? WORD(INSUFFICIENT) : WORD(NOT_MET);
	for (size_t i = 0; i < condition->n_is; i++)
		if (condition->is[i] == verdict)
			compared->verdict = WORD(MET);
}

static void
compare(struct judge *judge, struct dbk_judged *judged)
{
	const pack_rule *rule = judged->rule;
	struct dbk_verdict_count all = { 0 }, any = { 0 };
	uint32_t n = (uint32_t)(rule->n_all + rule->n_any);

	judged->compared = dbk_arena_zalloc(judge->arena, n * sizeof *judged->compared);
	if (judged->compared == NULL) {
		judge->failed = true;
		return;
	}
	for (uint32_t i = 0; i < n && !judge->failed; i++) {
		struct dbk_compared *compared = &judged->compared[i];
		bool is_all = i < rule->n_all;

		compared->condition =
		    is_all ? rule->all[i] : rule->any[i - rule->n_all];
		if (compared->condition->rule[0] != '\0')
			compare_rule(judge, compared);
		else
			compare_metric(judge, judged, compared);
		dbk_compare_count(is_all ? &all : &any, compared->verdict);
	}
	judged->n_compared = n;
	if (rule->n_any > 0)
		dbk_compare_count(&all, dbk_compare_any(&any));
	judged->verdict = dbk_compare_all(&all);
}

/* -------------------------------------------------------------------------- words */

static char *
keep(struct judge *judge, struct dbk_buf *text)
{
	char *kept = NULL;

	if (!dbk_buf_failed(text))
		kept = dbk_arena_alloc(judge->arena, text->size + 1);
	if (kept != NULL) {
		memcpy(kept, text->bytes, text->size);
		kept[text->size] = '\0';
	}
	judge->failed |= kept == NULL;
	dbk_buf_fini(text);
	return kept;
}

static struct dbk_reason
reason_of(const struct judge *judge, const struct dbk_judged *judged)
{
	struct dbk_reason reason = { judged->rule, judge->options,
				     judge->source->extent };

	return reason;
}

static char *
say_bar(struct judge *judge, const struct dbk_judged *judged, enum dbk_bar bar,
	enum dbk_tongue tongue)
{
	struct dbk_reason reason = reason_of(judge, judged);
	struct dbk_buf text;

	dbk_buf_init(&text);
	dbk_reason_bar(&reason, bar, tongue, &text);
	return keep(judge, &text);
}

/* The first condition without which nothing is decided. */
static char *
say_thin(struct judge *judge, const struct dbk_judged *judged, enum dbk_tongue tongue)
{
	struct dbk_reason reason = reason_of(judge, judged);
	int64_t days = days_of(judge, judged);
	struct dbk_buf text;

	dbk_buf_init(&text);
	for (uint32_t i = 0; i < judged->n_compared; i++) {
		const struct dbk_compared *compared = &judged->compared[i];
		enum dbk_thinness thinness = DBK_THIN_NOT;

		if (compared->verdict != WORD(INSUFFICIENT))
			continue;
		if (compared->metric != NULL)
			thinness = dbk_compare_thinness(
			    judged->rule, compared->condition, &compared->value, days);
		dbk_reason_thin(&reason, compared, thinness, days, tongue, &text);
		break;
	}
	return keep(judge, &text);
}

static char *
say_wording(struct judge *judge, const struct dbk_judged *judged,
	    enum dbk_tongue tongue)
{
	struct dbk_wording_figure figures[DBK_PACK_CONDITIONS_MAX];
	struct dbk_wording wording = { figures, 0, judge->options->currency,
				       judge->options->exponent };
	const Daybook__Report__V1__Words *words = judged->rule->wording;
	struct dbk_buf text;

	for (uint32_t i = 0; i < judged->n_compared; i++) {
		const struct dbk_compared *compared = &judged->compared[i];

		if (compared->metric != NULL)
			figures[wording.n_figures++] = (struct dbk_wording_figure){
				compared->metric, &compared->value, compared->threshold
			};
	}
	dbk_buf_init(&text);
	dbk_wording_fill(&wording,
			 dbk_str_of(tongue == DBK_TONGUE_ZH ? words->zh : words->en),
			 tongue, &text);
	return keep(judge, &text);
}

static void
say(struct judge *judge, struct dbk_judged *judged, enum dbk_bar bar)
{
	char *said[DBK_TONGUES];

	for (int i = 0; i < DBK_TONGUES; i++) {
		enum dbk_tongue tongue = (enum dbk_tongue)i;

		if (bar != DBK_BAR_NONE)
			said[i] = say_bar(judge, judged, bar, tongue);
		else if (judged->verdict == WORD(INSUFFICIENT))
			said[i] = say_thin(judge, judged, tongue);
		else
			said[i] = say_wording(judge, judged, tongue);
	}
	judged->en = said[DBK_TONGUE_EN];
	judged->zh = said[DBK_TONGUE_ZH];
}

/* -------------------------------------------------------------------------- rules */

/* Rules that it names are judged first; packs with circles are no packs. */
static void
judge_rule(struct judge *judge, size_t number)
{
	struct dbk_judged *judged = &judge->judged[number];
	enum dbk_bar bar;

	if (judge->done[number] || judge->failed)
		return;
	judged->rule = judge->pack->rules[number];
	bar = find_bar(judge, judged->rule);
	if (bar == DBK_BAR_NONE) {
		set_days(judge, judged);
		compare(judge, judged);
	} else {
		judged->verdict =
		    bar == DBK_BAR_NO_FACTS ? WORD(INSUFFICIENT) : WORD(NOT_APPLICABLE);
	}
	if (!judge->failed)
		say(judge, judged, bar);
	judge->done[number] = true;
}

enum dbk_err
dbk_judge_by(const struct dbk_pack *pack, const struct dbk_judge_source *source,
	     const struct dbk_judge_options *options, struct dbk_arena *arena,
	     struct dbk_judged **out, uint32_t *out_count)
{
	size_t n = pack->message->n_rules;
	struct judge judge = {
		pack->message, source, options, arena, NULL, NULL, false
	};

	judge.judged = dbk_arena_zalloc(arena, n * sizeof *judge.judged);
	judge.done = dbk_arena_zalloc(arena, n * sizeof *judge.done);
	if (judge.judged == NULL || judge.done == NULL)
		return DBK_FAILED_MEMORY;
	for (size_t i = 0; i < n; i++)
		judge_rule(&judge, i);
	if (judge.failed)
		return DBK_FAILED_MEMORY;
	*out = judge.judged;
	*out_count = (uint32_t)n;
	return DBK_OK;
}

/* ----------------------------------------------------------------------- of a study */

static void
measure(void *context, const struct dbk_metric *metric,
	const struct dbk_metric_question *question, struct dbk_value *out)
{
	dbk_metric_measure(context, metric, question, out);
}

enum dbk_err
dbk_judge(const struct dbk_pack *pack, const struct dbk_study *study,
	  const struct dbk_judge_options *options, struct dbk_arena *arena,
	  struct dbk_judged **out, uint32_t *out_count)
{
	struct dbk_metric_question whole = dbk_metric_question(study, dbk_metric_at(0));
	struct dbk_judge_source source = { measure, (void *)(uintptr_t)study,
					   whole.from_day, whole.to_day,
					   dbk_study_extent(study) };

	return dbk_judge_by(pack, &source, options, arena, out, out_count);
}
