#include "rules/pack_check.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "metrics/metric.h"
#include "rules/day.h"
#include "rules/pack.h"
#include "rules/wording.h"

#define SCHEMA "daybook-rules/1"
#define ID_BYTES_MAX 40
#define MARK "direct_selling_licence"
#define MARGIN_MAX 1000000

#define WORD(name) DAYBOOK__REPORT__V1__VERDICT_WORD__##name
#define COMPARISON(name) DAYBOOK__REPORT__V1__COMPARISON__##name

typedef Daybook__Report__V1__RulePack rule_pack;
typedef Daybook__Report__V1__Rule pack_rule;
typedef Daybook__Report__V1__Condition rule_condition;

/* Where the checks are: words of an error name the rule. */
struct checker {
	const rule_pack *pack;
	const pack_rule *rule; /* NULL: the pack itself */
	size_t number;	       /* of the rule, from 0 */
	struct dbk_error *error;
};

/* FIELD: "VALUE" WHY; always false. */
static bool
fail(const struct checker *c, const char *field, const char *value, const char *why)
{
	char where[ID_BYTES_MAX + 32] = "";

	if (c->rule != NULL && c->rule->id[0] != '\0')
		(void)snprintf(where, sizeof where, "rule %.*s: ", ID_BYTES_MAX,
			       c->rule->id);
	else if (c->rule != NULL)
		(void)snprintf(where, sizeof where, "rules[%zu]: ", c->number);
	(void)dbk_error_set(c->error, DBK_FAILED_INPUT, "%s%s: \"%.60s\" %s", where,
			    field, value, why);
	return false;
}

static bool
fail_number(const struct checker *c, const char *field, int64_t value, const char *why)
{
	char text[24];

	(void)snprintf(text, sizeof text, "%" PRId64, value);
	return fail(c, field, text, why);
}

/* -------------------------------------------------------------------- letters */

static bool
consists_of(const char *text, const char *letters)
{
	return text[0] != '\0' && strspn(text, letters) == strlen(text);
}

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static bool
is_code(const char *text, size_t letters)
{
	return text[0] == '\0' || (strlen(text) == letters && consists_of(text, UPPER));
}

/* ---------------------------------------------------------------------- words */

/* The words that no verdict may say. */
static bool
condemns(const char *text)
{
	static const char *const never[] = { "illegal",	 "Illegal", "unlawful",
					     "Unlawful", "违法",    "构成犯罪" };

	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		if (strstr(text, never[i]) != NULL)
			return true;
	return false;
}

static bool
check_words(const struct checker *c, const char *field,
	    const Daybook__Report__V1__Words *words)
{
	char place[24];

	if (words == NULL)
		return fail(c, field, "", "is missing in English and Chinese");
	if (words->en[0] == '\0' || words->zh[0] == '\0') {
		(void)snprintf(place, sizeof place, "%s.%s", field,
			       words->en[0] == '\0' ? "en" : "zh");
		return fail(c, place, "", "is missing");
	}
	if (condemns(words->en) || condemns(words->zh))
		return fail(c, field, condemns(words->en) ? words->en : words->zh,
			    "says that something is against the law");
	return true;
}

static uint32_t
count_metrics(const pack_rule *rule)
{
	uint32_t n = 0;

	for (size_t i = 0; i < rule->n_all; i++)
		n += rule->all[i]->metric[0] != '\0';
	for (size_t i = 0; i < rule->n_any; i++)
		n += rule->any[i]->metric[0] != '\0';
	return n;
}

static bool
check_braces(const struct checker *c, const char *field, const char *text)
{
	struct dbk_str wrong;
	char shown[40];

	if (dbk_wording_check(dbk_str_of(text), count_metrics(c->rule), &wrong))
		return true;
	(void)snprintf(shown, sizeof shown, "%.*s",
		       (int)(wrong.size < 32 ? wrong.size : 32), wrong.bytes);
	return fail(c, field, shown, "is no word for a figure of this rule");
}

/* ----------------------------------------------------------------- conditions */

static bool
check_parameters(const struct checker *c, const char *field,
		 const rule_condition *condition, const struct dbk_metric *metric)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < condition->n_parameters; i++) {
		const Daybook__Report__V1__MetricParameter *given =
		    condition->parameters[i];
		int place = dbk_metric_parameter(metric, dbk_str_of(given->name));

		if (place < 0)
			return fail(c, field, given->name,
				    "is no parameter of the metric");
		if ((seen & 1u << place) != 0)
			return fail(c, field, given->name, "is given twice");
		seen |= 1u << place;
		if (given->value < 0)
			return fail_number(c, field, given->value, "is below 0");
		if (metric->parameters[place].is_amount && given->value != 0 &&
		    c->rule->currency[0] == '\0')
			return fail_number(c, field, given->value,
					   "is an amount, and the rule has no "
					   "currency");
	}
	return true;
}

static bool
check_threshold(const struct checker *c, const char *field,
		const rule_condition *condition, const struct dbk_metric *metric)
{
	if (condition->comparison < COMPARISON(ABOVE) ||
	    condition->comparison > COMPARISON(AT_MOST))
		return fail_number(c, field, condition->comparison, "is no comparison");
	if (condition->denominator < 0)
		return fail_number(c, field, condition->denominator,
				   "is no denominator");
	if (condition->denominator > 1 && metric->unit != DBK_UNIT_SHARE &&
	    metric->unit != DBK_UNIT_RATIO)
		return fail_number(c, field, condition->denominator,
				   "is a denominator, and the metric is no share");
	if (condition->margin_ppm > MARGIN_MAX)
		return fail_number(c, field, condition->margin_ppm,
				   "is a margin above 1,000,000");
	if (metric->unit == DBK_UNIT_AMOUNT && condition->numerator != 0 &&
	    c->rule->currency[0] == '\0')
		return fail_number(c, field, condition->numerator,
				   "is an amount, and the rule has no currency");
	return true;
}

static bool
check_reference(const struct checker *c, const char *field,
		const rule_condition *condition)
{
	if (condition->n_parameters > 0 ||
	    condition->comparison != COMPARISON(COMPARISON_UNSPECIFIED) ||
	    condition->numerator != 0 || condition->denominator != 0 ||
	    condition->margin_ppm != 0)
		return fail(c, field, condition->rule,
			    "is a rule, which nothing is compared with");
	if (dbk_pack_rule(c->pack, condition->rule) < 0)
		return fail(c, field, condition->rule, "is no rule of the pack");
	if (condition->n_is == 0)
		return fail(c, field, condition->rule, "is named without a verdict");
	for (size_t i = 0; i < condition->n_is; i++)
		if (condition->is[i] < WORD(MET) ||
		    condition->is[i] > WORD(NOT_APPLICABLE))
			return fail_number(c, field, condition->is[i], "is no verdict");
	return true;
}

static bool
check_condition(const struct checker *c, const char *list, size_t number,
		const rule_condition *condition)
{
	const struct dbk_metric *metric;
	char field[24];

	(void)snprintf(field, sizeof field, "%s[%zu]", list, number);
	if ((condition->metric[0] != '\0') == (condition->rule[0] != '\0'))
		return fail(c, field, condition->metric,
			    "must name a metric, or a rule, and not both");
	if (condition->rule[0] != '\0')
		return check_reference(c, field, condition);
	metric = dbk_metric_find(dbk_str_of(condition->metric));
	if (metric == NULL)
		return fail(c, field, condition->metric, "is no metric");
	if (condition->n_is > 0)
		return fail(c, field, condition->metric,
			    "is a metric, which has no verdict");
	return check_parameters(c, field, condition, metric) &&
	       check_threshold(c, field, condition, metric);
}

static bool
check_conditions(const struct checker *c)
{
	const pack_rule *rule = c->rule;

	if (rule->n_all + rule->n_any == 0)
		return fail(c, "all", "", "and any have no condition");
	if (rule->n_all + rule->n_any > DBK_PACK_CONDITIONS_MAX)
		return fail_number(c, "all", (int64_t)(rule->n_all + rule->n_any),
				   "are more conditions than a rule may have");
	for (size_t i = 0; i < rule->n_all; i++)
		if (!check_condition(c, "all", i, rule->all[i]))
			return false;
	for (size_t i = 0; i < rule->n_any; i++)
		if (!check_condition(c, "any", i, rule->any[i]))
			return false;
	return true;
}

/* ---------------------------------------------------------------------- rules */

static bool
check_id(const struct checker *c)
{
	const char *id = c->rule->id;

	if (!consists_of(id, UPPER LOWER DIGITS "-/._") || strlen(id) > ID_BYTES_MAX)
		return fail(c, "id", id, "is no id");
	if ((size_t)dbk_pack_rule(c->pack, id) != c->number)
		return fail(c, "id", id, "is used twice");
	return true;
}

static bool
check_dates(const struct checker *c)
{
	int32_t from = INT32_MIN, to = INT32_MAX;

	if (c->rule->valid_from[0] != '\0' &&
	    !dbk_day_parse(c->rule->valid_from, &from))
		return fail(c, "validFrom", c->rule->valid_from,
			    "is no day as 2026-01-31");
	if (c->rule->valid_to[0] != '\0' && !dbk_day_parse(c->rule->valid_to, &to))
		return fail(c, "validTo", c->rule->valid_to, "is no day as 2026-01-31");
	if (from >= to)
		return fail(c, "validTo", c->rule->valid_to,
			    "is not behind the first day");
	return true;
}

static bool
check_kind(const struct checker *c)
{
	const pack_rule *rule = c->rule;

	if (rule->force < DAYBOOK__REPORT__V1__FORCE__STATUTE ||
	    rule->force > DAYBOOK__REPORT__V1__FORCE__POLICY)
		return fail_number(c, "force", rule->force, "is no force");
	if (rule->sense < DAYBOOK__REPORT__V1__SENSE__CONCERN ||
	    rule->sense > DAYBOOK__REPORT__V1__SENSE__CONTEXT)
		return fail_number(c, "sense", rule->sense, "is no sense");
	if (!is_code(rule->jurisdiction, 2))
		return fail(c, "jurisdiction", rule->jurisdiction,
			    "is not two capital letters");
	if (!is_code(rule->currency, 3))
		return fail(c, "currency", rule->currency,
			    "is not three capital letters");
	if (rule->requires_mark[0] != '\0' && strcmp(rule->requires_mark, MARK) != 0)
		return fail(c, "requiresMark", rule->requires_mark,
			    "is no mark; there is " MARK);
	return true;
}

static bool
check_rule(const struct checker *c)
{
	const pack_rule *rule = c->rule;

	return check_id(c) && check_words(c, "title", rule->title) &&
	       check_words(c, "citation", rule->citation) &&
	       check_words(c, "wording", rule->wording) &&
	       check_words(c, "caution", rule->caution) && check_kind(c) &&
	       check_dates(c) && check_conditions(c) &&
	       check_braces(c, "wording.en", rule->wording->en) &&
	       check_braces(c, "wording.zh", rule->wording->zh);
}

/* True if all rules that RULE names have their turn before it. */
static bool
stands_on(const rule_pack *pack, const pack_rule *rule, const bool *placed)
{
	for (size_t i = 0; i < rule->n_all + rule->n_any; i++) {
		const rule_condition *condition =
		    i < rule->n_all ? rule->all[i] : rule->any[i - rule->n_all];

		if (condition->rule[0] != '\0' &&
		    !placed[dbk_pack_rule(pack, condition->rule)])
			return false;
	}
	return true;
}

/* Rules are placed once all that they name are; who is left stands in a circle, or on
 * one. */
static bool
check_circles(struct checker *c)
{
	bool placed[DBK_PACK_RULES_MAX] = { false };
	bool moved = true;

	while (moved) {
		moved = false;
		for (size_t i = 0; i < c->pack->n_rules; i++) {
			if (placed[i] || !stands_on(c->pack, c->pack->rules[i], placed))
				continue;
			placed[i] = moved = true;
		}
	}
	for (size_t i = 0; i < c->pack->n_rules; i++) {
		if (placed[i])
			continue;
		c->rule = c->pack->rules[i];
		c->number = i;
		return fail(c, "rule", c->rule->id,
			    "depends on itself, in a circle of rules");
	}
	return true;
}

static bool
check_head(const struct checker *c)
{
	const rule_pack *pack = c->pack;

	if (strcmp(pack->schema, SCHEMA) != 0)
		return fail(c, "schema", pack->schema, "is not " SCHEMA);
	if (!consists_of(pack->pack, LOWER DIGITS "-") ||
	    strlen(pack->pack) > ID_BYTES_MAX)
		return fail(c, "pack", pack->pack, "is no name of a pack");
	if (pack->version[0] == '\0' || strlen(pack->version) > ID_BYTES_MAX)
		return fail(c, "version", pack->version, "is no version");
	if (pack->n_rules == 0)
		return fail(c, "rules", "", "is empty");
	if (pack->n_rules > DBK_PACK_RULES_MAX)
		return fail_number(c, "rules", (int64_t)pack->n_rules,
				   "are more than 500 rules");
	return check_words(c, "title", pack->title) &&
	       check_words(c, "notice", pack->notice);
}

int
dbk_pack_rule(const rule_pack *pack, const char *id)
{
	for (size_t i = 0; i < pack->n_rules; i++)
		if (strcmp(pack->rules[i]->id, id) == 0)
			return (int)i;
	return -1;
}

enum dbk_err
dbk_pack_check(const rule_pack *pack, struct dbk_error *error)
{
	struct checker c = { pack, NULL, 0, error };

	if (!check_head(&c))
		return DBK_FAILED_INPUT;
	for (size_t i = 0; i < pack->n_rules; i++) {
		c.rule = pack->rules[i];
		c.number = i;
		if (!check_rule(&c))
			return DBK_FAILED_INPUT;
	}
	return check_circles(&c) ? DBK_OK : DBK_FAILED_INPUT;
}
