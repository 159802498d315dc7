#include "metrics/reading.h"

static void
share(dbk_wide numerator, dbk_wide denominator, enum dbk_value_state *state,
      struct dbk_ratio *ratio)
{
	*state = denominator > 0 ? DBK_VALUE_KNOWN : DBK_VALUE_EMPTY;
	ratio->numerator = dbk_money_bound(numerator);
	ratio->denominator = denominator > 0 ? dbk_money_bound(denominator) : 0;
}

void
dbk_reading_strict(struct dbk_value *out, dbk_wide numerator, dbk_wide denominator)
{
	share(numerator, denominator, &out->strict_state, &out->strict);
}

void
dbk_reading_lenient(struct dbk_value *out, dbk_wide numerator, dbk_wide denominator)
{
	share(numerator, denominator, &out->lenient_state, &out->lenient);
}

void
dbk_reading_plain(struct dbk_value *out, dbk_wide strict, dbk_wide lenient)
{
	dbk_reading_strict(out, strict, 1);
	dbk_reading_lenient(out, lenient, 1);
}
