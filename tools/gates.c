#include "gates.h"

#include <inttypes.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/money.h"
#include "names.h"

/* What a gate measures; several measure one of two things and do not say which. */
enum unit { PLAIN, PPM, DAYS, UNITS, AMOUNT };

static const struct {
	Daybook__V1__Rule rule;
	enum unit unit;
} gate_units[] = {
	{ DAYBOOK__V1__RULE__RESTOCK_RECEIVABLE, AMOUNT },
	{ DAYBOOK__V1__RULE__RESTOCK_STARTER, UNITS },
	{ DAYBOOK__V1__RULE__RESTOCK_SELL_THROUGH, PPM },
	{ DAYBOOK__V1__RULE__RESTOCK_COVER, DAYS },
	{ DAYBOOK__V1__RULE__RESTOCK_AGED, UNITS },
	{ DAYBOOK__V1__RULE__RESTOCK_PRICE, AMOUNT },
	{ DAYBOOK__V1__RULE__RESTOCK_RANK_BUY, UNITS },
};

static enum unit
unit_of(Daybook__V1__Rule rule)
{
	for (size_t i = 0; i < sizeof gate_units / sizeof gate_units[0]; i++) {
		if (gate_units[i].rule == rule)
			return gate_units[i].unit;
	}
	return PLAIN;
}

/* ------------------------------------------------------------------------ a sentence
 */

/* "-9,223,372,036,854,775,808" */
#define GROUPED_BYTES 32

static void
group(int64_t value, char out[GROUPED_BYTES])
{
	char digits[24];
	size_t count, at = 0;

	(void)snprintf(digits, sizeof digits, "%" PRId64, value);
	count = strlen(digits);
	for (size_t i = 0; i < count; i++) {
		size_t left = count - i;

		if (i > 0 && left % 3 == 0 && digits[i - 1] != '-')
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
}

#define NUMBER_BYTES (DBK_MONEY_TEXT_BYTES + GROUPED_BYTES)

static void
say_number(int64_t value, enum unit unit, unsigned exponent, char out[NUMBER_BYTES])
{
	if (unit == AMOUNT)
		(void)dbk_money_format(value, exponent, out);
	else
		group(value, out);
}

static const char *
unit_word(enum unit unit)
{
	switch (unit) {
	case PPM:
		return " ppm";
	case DAYS:
		return " days";
	case UNITS:
		return " units";
	case PLAIN:
	case AMOUNT:
		break;
	}
	return "";
}

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
	char measured[NUMBER_BYTES], limit[NUMBER_BYTES], name[NAMES_BYTES];
	enum unit unit = unit_of(refusal->rule);

	if (refusal->measured == 0 && refusal->limit == 0)
		return snprintf(out, GATES_SENTENCE_BYTES, "%s",
				names_rule(refusal->rule, name));
	if (refusal->measured == INT64_MAX)
		(void)snprintf(measured, sizeof measured, "without end");
	else
		say_number(refusal->measured, unit, exponent, measured);
	say_number(refusal->limit, unit, exponent, limit);
	return snprintf(out, GATES_SENTENCE_BYTES, "%s: %s%s, %s %s",
			names_rule(refusal->rule, name), measured,
			refusal->measured == INT64_MAX ? "" : unit_word(unit),
			relation(refusal), limit);
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
	unsigned digits = exponent > DBK_EXPONENT_MAX ? DBK_EXPONENT_MAX : exponent;
	bool refused = result->outcome == DAYBOOK__V1__OUTCOME__REFUSED;
	char largest[GROUPED_BYTES];
	int size;

	if (refused && result->refusal != NULL)
		size = say_refusal(result->refusal, digits, out);
	else
		size = snprintf(out, GATES_SENTENCE_BYTES, "%s",
				refused ? "refused" : "allowed");
	if (result->would_pass_plus_one <= 0 || size < 0)
		return;
	group(result->would_pass_plus_one - 1, largest);
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
put_number(struct table *table, int64_t value, enum unit unit, unsigned exponent)
{
	if (unit == AMOUNT)
		table_money(table, value, exponent);
	else if (unit == PPM)
		table_ppm(table, value, 0);
	else if (value == INT64_MAX)
		table_text(table, "without end");
	else
		table_i64(table, value);
}

static void
put_gate(struct table *table, const Daybook__V1__GateCheck *check, unsigned exponent)
{
	enum unit unit = unit_of(check->rule);
	const char *word = unit_word(unit);
	char mode[NAMES_BYTES], rule[NAMES_BYTES];

	table_text(table, check->guard);
	table_text(table, names_guard_mode(check->mode, mode));
	put_number(table, check->measured, unit, exponent);
	put_number(table, check->limit, unit, exponent);
	table_text(table, unit == PPM || word[0] == '\0' ? NULL : word + 1);
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
