#include "query/trial_balance.h"

#include <string.h>

#include "base/money.h"
#include "query/control.h"

static void
add_line(struct dbk_trial_balance *out, uint32_t code,
	 const struct dbk_code_totals *totals)
{
	struct dbk_trial_balance_line *line = &out->lines[out->n++];

	line->code = (enum dbk_account_code)code;
	line->debits = totals->figures.debits;
	line->credits = totals->figures.credits;
	line->balance = dbk_figures_balance(&totals->figures);
	line->postings = totals->postings;
	/* Each code has room of its own in the books; all together need not fit. */
	out->total_debits = dbk_money_sum(out->total_debits, line->debits);
	out->total_credits = dbk_money_sum(out->total_credits, line->credits);
	out->difference = dbk_figures_sum(out->difference, line->balance);
}

enum dbk_err
dbk_trial_balance_get(struct dbk_view *view, const struct dbk_as_of *as_of,
		      struct dbk_trial_balance *out, struct dbk_error *error)
{
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];
	struct dbk_reader reader;
	struct dbk_cut cut;
	enum dbk_err err;

	dbk_reader_begin(&reader, view, error);
	err = dbk_cut_make(&reader, as_of, UINT64_MAX, &cut);
	if (err == DBK_OK)
		err = dbk_control_totals(&reader, &cut, totals);
	dbk_reader_end(&reader);
	if (err != DBK_OK)
		return err;
	memset(out, 0, sizeof *out);
	out->size = cut.size;
	for (uint32_t code = 1; code < DBK_ACCOUNT_CODES; code++)
		if (totals[code].postings > 0)
			add_line(out, code, &totals[code]);
	return DBK_OK;
}
