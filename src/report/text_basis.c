/* text_basis.c -- what a report was made from, and what all texts have in common. */

#include <stdio.h>

#include "report/number.h"
#include "report/text_private.h"

void
dbk_text_line(struct dbk_text *text, const char *en, const char *zh)
{
	const struct dbk_words words = { en, zh };

	dbk_text_words(text, &words);
	dbk_text_put(text, "\n");
}

void
dbk_text_section(struct dbk_text *text, const char *en, const char *zh)
{
	const struct dbk_words words = { en, zh };

	dbk_text_heading(text, &words, 2);
}

void
dbk_text_left_out(struct dbk_text *text, uint64_t n)
{
	static const struct dbk_words words = { "left out: ", "另有未列示：" };
	char number[DBK_NUMBER_BYTES];

	if (n == 0)
		return;
	dbk_number_count(n, number);
	dbk_text_words(text, &words);
	dbk_text_putf(text, "%s\n", number);
}

/* --------------------------------------------------------------------------- cells */

void
dbk_text_cell_plain(struct dbk_text *text, const char *word)
{
	const struct dbk_words words = dbk_words_plain(word);

	dbk_text_cell_words(text, &words);
}

/* A value in the unit of FIGURE. */
static void
spell_value(const struct dbk_text *text, const Daybook__Report__V1__Figure *figure,
	    int64_t numerator, int64_t denominator, char out[DBK_NUMBER_BYTES])
{
	if (figure->unit == DAYBOOK__REPORT__V1__FIGURE_UNIT__AMOUNT)
		dbk_number_amount(numerator, text->exponent, out);
	else if (figure->unit == DAYBOOK__REPORT__V1__FIGURE_UNIT__SHARE)
		dbk_number_share(numerator, denominator, out);
	else if (figure->unit == DAYBOOK__REPORT__V1__FIGURE_UNIT__RATIO)
		dbk_number_ratio(numerator, denominator, out);
	else
		dbk_number_whole(numerator, out);
}

void
dbk_text_cell_threshold(struct dbk_text *text,
			const Daybook__Report__V1__ComparedFigure *compared)
{
	char number[DBK_NUMBER_BYTES], both[DBK_NUMBER_BYTES + 8];

	spell_value(text, compared->figure, compared->threshold_numerator,
		    compared->threshold_denominator, number);
	(void)snprintf(both, sizeof both, "%s %s",
		       dbk_words_comparison(compared->comparison), number);
	dbk_text_cell(text, both);
}

void
dbk_text_cell_reading(struct dbk_text *text, const Daybook__Report__V1__Figure *figure,
		      const Daybook__Report__V1__Reading *reading)
{
	static const struct dbk_words outside = { "not recorded", "记录未载" };
	char number[DBK_NUMBER_BYTES];

	if (reading != NULL &&
	    reading->state == DAYBOOK__REPORT__V1__FIGURE_STATE__KNOWN) {
		spell_value(text, figure, reading->numerator, reading->denominator,
			    number);
		dbk_text_cell(text, number);
	} else if (reading != NULL &&
		   reading->state == DAYBOOK__REPORT__V1__FIGURE_STATE__OUTSIDE) {
		dbk_text_cell_words(text, &outside);
	} else {
		dbk_text_cell(text, "-");
	}
}

/* --------------------------------------------------------------------------- basis */

static void
put_field(struct dbk_text *text, const char *en, const char *zh, const char *value)
{
	const struct dbk_words label = { en, zh };

	dbk_text_field(text, &label, value);
}

static void
put_window(struct dbk_text *text, const Daybook__Report__V1__ReportBasis *basis)
{
	char days[64];

	(void)snprintf(days, sizeof days, "[%.10s, %.10s)",
		       basis->from[0] != '\0' ? basis->from : basis->first_day,
		       basis->to[0] != '\0' ? basis->to : "...");
	put_field(text, "window", "期间", days);
	for (size_t i = 0; i < basis->n_tops; i++)
		put_field(text, "branch of", "分支", basis->tops[i]);
}

static void
put_recorded(struct dbk_text *text, const Daybook__Report__V1__ReportBasis *basis)
{
	char from[DBK_NUMBER_MOMENT_BYTES], to[DBK_NUMBER_MOMENT_BYTES], both[80];

	if (basis->first_recorded_at == NULL || basis->last_recorded_at == NULL)
		return;
	dbk_number_moment(basis->first_recorded_at->seconds, basis->utc_offset_minutes,
			  from);
	dbk_number_moment(basis->last_recorded_at->seconds, basis->utc_offset_minutes,
			  to);
	(void)snprintf(both, sizeof both, "%s - %s", from, to);
	put_field(text, "recorded", "记录时间", both);
}

void
dbk_text_basis(struct dbk_text *text, const Daybook__Report__V1__ReportBasis *basis)
{
	char records[DBK_NUMBER_BYTES], refused[DBK_NUMBER_BYTES], counts[192];

	if (basis == NULL)
		return;
	dbk_number_count(basis->size, records);
	dbk_number_count(basis->refused, refused);
	(void)snprintf(counts, sizeof counts,
		       text->language == DBK_CHINESE ? "%s 条，其中拒绝 %s 条"
						     : "%s, of which %s refused",
		       records, refused);
	put_field(text, "book", "账簿", basis->book);
	put_window(text, basis);
	put_field(text, "log", "日志", basis->origin);
	put_field(text, "records", "记录", counts);
	put_recorded(text, basis);
	put_field(text, "proof", "证明",
		  dbk_words_in(dbk_words_proof(basis->proof), text->language));
	put_field(text, "root", "树根", basis->root);
	put_field(text, "digest", "账簿摘要", basis->digest);
	put_field(text, "currency", "币种", basis->currency);
	put_field(text, "program", "程序", basis->program);
}
