#include "gates.h"

#include <inttypes.h>

#include "measures.h"
#include "names.h"

/* ------------------------------------------------------------------------ a sentence
 */

/* Below its limit is too little, above it too much; as many as may be are one too many
 * to come on top. */
static const char *
relation(const Daybook__V1__Refusal *refusal)
{
	if (refusal->measured < refusal->limit)
		return "at least";
	return refusal->measured > refusal->limit ? "at most" : "fewer than";
}

/* What was measured and allowed, where the rule measures anything. */
static int
say_refusal(const Daybook__V1__Refusal *refusal, unsigned exponent,
	    char out[GATES_SENTENCE_BYTES])
{
	char measured[MEASURE_TEXT_BYTES], limit[MEASURE_TEXT_BYTES];
	enum measure measure = measure_of(refusal->rule);
	const char *word = measure_word(measure), *blank = word[0] == '\0' ? "" : " ";
	bool endless = refusal->measured == INT64_MAX;
	char name[NAMES_BYTES];

	if (refusal->measured == 0 && refusal->limit == 0)
		return snprintf(out, GATES_SENTENCE_BYTES, "%s",
				names_rule(refusal->rule, name));
	measure_text(refusal->measured, measure, exponent, measured);
	measure_text(refusal->limit, measure, exponent, limit);
	/* What has no end has no unit either; the limit then bears it. */
	return snprintf(out, GATES_SENTENCE_BYTES, "%s: %s%s%s, %s %s%s%s",
			names_rule(refusal->rule, name), measured, endless ? "" : blank,
			endless ? "" : word, relation(refusal), limit,
			endless ? blank : "", endless ? word : "");
}

bool
gates_were_asked(const Daybook__V1__EventResult *result)
{
	return result->n_checks > 0 || result->would_pass_plus_one > 0;
}

void
gates_sentence(const Daybook__V1__EventResult *result, unsigned exponent,
	       char out[GATES_SENTENCE_BYTES])
{
	bool refused = result->outcome == DAYBOOK__V1__OUTCOME__REFUSED;
	char largest[MEASURE_TEXT_BYTES];
	int size;

	if (refused && result->refusal != NULL)
		size = say_refusal(result->refusal, exponent, out);
	else
		size = snprintf(out, GATES_SENTENCE_BYTES, "%s",
				refused ? "refused" : "allowed");
	if (result->would_pass_plus_one <= 0 || size < 0)
		return;
	measure_text(result->would_pass_plus_one - 1, MEASURE_UNITS, 0, largest);
	(void)snprintf(out + size, GATES_SENTENCE_BYTES - (size_t)size,
		       "; the largest quantity that would pass is %s", largest);
}

/* --------------------------------------------------------------------------- a table
 */

static const struct table_column columns[] = {
	{ "gate", TABLE_TEXT, false },	     { "mode", TABLE_TEXT, false },
	{ "measured", TABLE_NUMBER, false }, { "limit", TABLE_NUMBER, false },
	{ "unit", TABLE_TEXT, false },	     { "passed", TABLE_TEXT, false },
	{ "rule", TABLE_TEXT, true },
};

static void
put_gate(struct table *table, const Daybook__V1__GateCheck *check, unsigned exponent)
{
	enum measure measure = measure_of(check->rule);
	char mode[NAMES_BYTES], rule[NAMES_BYTES];

	table_text(table, check->guard);
	table_text(table, names_guard_mode(check->mode, mode));
	measure_cell(table, check->measured, measure, exponent);
	measure_cell(table, check->limit, measure, exponent);
	measure_unit_cell(table, measure);
	table_alarm(table, check->passed ? "yes" : "no", !check->passed);
	table_text(table, names_rule(check->rule, rule));
	table_end_row(table);
}

void
gates_print(FILE *out, const Daybook__V1__EventResult *result, struct table_style style,
	    unsigned exponent)
{
	struct table *table =
	    table_open(out, style, columns, sizeof columns / sizeof columns[0]);

	for (size_t i = 0; i < result->n_checks; i++)
		put_gate(table, result->checks[i], exponent);
	table_close(table);
}
