#include "rules/wording.h"

#include <string.h>

#include "base/assert.h"
#include "base/figure.h"
#include "base/money.h"

/* Parts of one in a percentage with two digits. */
#define PERCENT_PARTS 10000
/* Parts of one in a ratio with two digits behind the point. */
#define RATIO_PARTS 100

enum word {
	WORD_VALUE = 0,
	WORD_STRICT,
	WORD_LENIENT,
	WORD_NUMERATOR,
	WORD_DENOMINATOR,
	WORD_THRESHOLD,
	WORD_POPULATION,
	WORDS
};

static const char *const names[WORDS] = { "value",     "strict",      "lenient",
					  "numerator", "denominator", "threshold",
					  "population" };

static void
put(struct dbk_buf *out, const char *text)
{
	dbk_buf_put(out, text, strlen(text));
}

/* -------------------------------------------------------------------- numbers */

static void
put_number(struct dbk_buf *out, int64_t value, uint32_t exponent)
{
	char text[DBK_FIGURE_BYTES];

	dbk_buf_put(out, text, dbk_figure_grouped(value, exponent, text));
}

static void
put_amount(const struct dbk_wording *wording, int64_t amount, enum dbk_tongue tongue,
	   struct dbk_buf *out)
{
	static const struct {
		const char *code, *zh;
	} known[] = { { "CNY", "元" },	     { "USD", "美元" },	  { "EUR", "欧元" },
		      { "GBP", "英镑" },     { "KRW", "韩元" },	  { "INR", "印度卢比" },
		      { "TWD", "新台币元" }, { "MYR", "林吉特" }, { "HKD", "港元" },
		      { "JPY", "日元" } };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (tongue != DBK_TONGUE_ZH ||
		    !dbk_str_equal(wording->currency, dbk_str_of(known[i].code)))
			continue;
		put_number(out, amount, wording->exponent);
		put(out, known[i].zh);
		return;
	}
	dbk_buf_put(out, wording->currency.bytes, wording->currency.size);
	put(out, wording->currency.size > 0 ? " " : "");
	put_number(out, amount, wording->exponent);
}

/* With two digits behind the point, rounded down. */
static void
put_hundredths(struct dbk_buf *out, struct dbk_ratio ratio, int64_t parts)
{
	put_number(out, dbk_money_ratio(ratio.numerator, parts, ratio.denominator), 2);
}

static void
put_ratio(const struct dbk_wording *wording, enum dbk_metric_unit unit,
	  struct dbk_ratio ratio, enum dbk_tongue tongue, struct dbk_buf *out)
{
	switch (unit) {
	case DBK_UNIT_AMOUNT:
		put_amount(wording, ratio.numerator, tongue, out);
		return;
	case DBK_UNIT_SHARE:
		put_hundredths(out, ratio, PERCENT_PARTS);
		put(out, "%");
		return;
	case DBK_UNIT_RATIO:
		put_hundredths(out, ratio, RATIO_PARTS);
		return;
	case DBK_UNIT_COUNT:
	case DBK_UNIT_DAYS:
	case DBK_UNIT_LEVELS:
	case DBK_UNIT_MONTHS:
		put_number(out, ratio.numerator, 0);
		return;
	}
}

/* ------------------------------------------------------------------- readings */

static void
put_reading(const struct dbk_wording *wording, const struct dbk_wording_figure *figure,
	    bool strict, enum dbk_tongue tongue, struct dbk_buf *out)
{
	static const char *const nothing[DBK_TONGUES] = { "nothing to measure",
							  "无可计量" };
	static const char *const outside[DBK_TONGUES] = { "not in the records",
							  "记录中无此项" };
	const struct dbk_value *value = figure->value;

	switch (strict ? value->strict_state : value->lenient_state) {
	case DBK_VALUE_KNOWN:
		put_ratio(wording, figure->metric->unit,
			  strict ? value->strict : value->lenient, tongue, out);
		return;
	case DBK_VALUE_EMPTY:
		put(out, nothing[tongue]);
		return;
	case DBK_VALUE_OUTSIDE:
		put(out, outside[tongue]);
		return;
	}
}

static bool
readings_agree(const struct dbk_value *value)
{
	if (value->strict_state != value->lenient_state)
		return false;
	return value->strict_state != DBK_VALUE_KNOWN ||
	       (dbk_wide)value->strict.numerator * value->lenient.denominator ==
		   (dbk_wide)value->lenient.numerator * value->strict.denominator;
}

static void
put_value(const struct dbk_wording *wording, const struct dbk_wording_figure *figure,
	  enum dbk_tongue tongue, struct dbk_buf *out)
{
	bool is_zh = tongue == DBK_TONGUE_ZH;

	if (readings_agree(figure->value)) {
		put_reading(wording, figure, true, tongue, out);
		return;
	}
	put(out, is_zh ? "严格口径" : "strict ");
	put_reading(wording, figure, true, tongue, out);
	put(out, is_zh ? "、宽松口径" : ", lenient ");
	put_reading(wording, figure, false, tongue, out);
}

/* Numerator or denominator of the strict reading, as it is. */
static void
put_part(const struct dbk_wording *wording, const struct dbk_wording_figure *figure,
	 bool numerator, enum dbk_tongue tongue, struct dbk_buf *out)
{
	const struct dbk_value *value = figure->value;

	if (value->strict_state != DBK_VALUE_KNOWN)
		put_reading(wording, figure, true, tongue, out);
	else if (figure->metric->unit == DBK_UNIT_AMOUNT && numerator)
		put_amount(wording, value->strict.numerator, tongue, out);
	else
		put_number(
		    out,
		    numerator ? value->strict.numerator : value->strict.denominator, 0);
}

/* --------------------------------------------------------------------- braces */

/* What stands in braces: a word, or the number of a figure, a point and a word. */
static bool
read_brace(struct dbk_str inside, uint32_t n_figures, uint32_t *figure, enum word *word)
{
	*figure = 0;
	if (inside.size > 2 && inside.bytes[0] >= '1' && inside.bytes[0] <= '9' &&
	    inside.bytes[1] == '.') {
		*figure = (uint32_t)(inside.bytes[0] - '1');
		inside = dbk_str_make(inside.bytes + 2, inside.size - 2);
	}
	for (int i = 0; i < WORDS; i++) {
		*word = (enum word)i;
		if (dbk_str_equal(inside, dbk_str_of(names[i])))
			return *figure < n_figures;
	}
	return false;
}

/* The next brace of TEXT from *AT on: what is before it, and what is in it.  False:
 * there is none.  One that does not close, or does not open, reaches to the end. */
static bool
next_brace(struct dbk_str text, uint32_t *at, struct dbk_str *before,
	   struct dbk_str *brace)
{
	uint32_t begin = *at, end;

	while (begin < text.size && text.bytes[begin] != '{' &&
	       text.bytes[begin] != '}')
		begin++;
	*before = dbk_str_make(text.bytes + *at, begin - *at);
	if (begin == text.size)
		return false;
	end = begin;
	while (end < text.size && text.bytes[end] != '}')
		end++;
	if (end < text.size)
		end++;
	*brace = dbk_str_make(text.bytes + begin, end - begin);
	*at = end;
	return true;
}

static bool
is_known(struct dbk_str brace, uint32_t n_figures, uint32_t *figure, enum word *word)
{
	return brace.size > 2 && brace.bytes[0] == '{' &&
	       brace.bytes[brace.size - 1] == '}' &&
	       read_brace(dbk_str_make(brace.bytes + 1, brace.size - 2), n_figures,
			  figure, word);
}

bool
dbk_wording_check(struct dbk_str text, uint32_t n_figures, struct dbk_str *wrong)
{
	struct dbk_str before, brace;
	uint32_t at = 0, figure;
	enum word word;

	while (next_brace(text, &at, &before, &brace)) {
		if (is_known(brace, n_figures, &figure, &word))
			continue;
		*wrong = brace;
		return false;
	}
	return true;
}

static void
put_word(const struct dbk_wording *wording, const struct dbk_wording_figure *figure,
	 enum word word, enum dbk_tongue tongue, struct dbk_buf *out)
{
	switch (word) {
	case WORD_VALUE:
		put_value(wording, figure, tongue, out);
		return;
	case WORD_STRICT:
	case WORD_LENIENT:
		put_reading(wording, figure, word == WORD_STRICT, tongue, out);
		return;
	case WORD_NUMERATOR:
	case WORD_DENOMINATOR:
		put_part(wording, figure, word == WORD_NUMERATOR, tongue, out);
		return;
	case WORD_THRESHOLD:
		put_ratio(wording, figure->metric->unit, figure->threshold, tongue,
			  out);
		return;
	case WORD_POPULATION:
		put_number(out, dbk_money_bound(figure->value->population), 0);
		return;
	case WORDS:
		break;
	}
}

void
dbk_wording_fill(const struct dbk_wording *wording, struct dbk_str text,
		 enum dbk_tongue tongue, struct dbk_buf *out)
{
	struct dbk_str before, brace;
	uint32_t at = 0, figure;
	enum word word;

	while (next_brace(text, &at, &before, &brace)) {
		bool known = is_known(brace, wording->n_figures, &figure, &word);

		dbk_assert(known);
		dbk_buf_put(out, before.bytes, before.size);
		put_word(wording, &wording->figures[figure], word, tongue, out);
	}
	dbk_buf_put(out, before.bytes, before.size);
}
