#include "plan/tax.h"

#include "base/assert.h"
#include "base/money.h"

/* What of GROSS is taxed, in millionths of a minor unit: rounded only once, at the end.
 */
static dbk_wide
taxable_of(const struct dbk_tax_table *table, int64_t gross)
{
	if (gross > table->flat_allowance_up_to)
		return (dbk_wide)gross * (DBK_PPM_MAX - table->share_allowance_ppm);
	if (gross <= table->flat_allowance)
		return 0;
	return (dbk_wide)(gross - table->flat_allowance) * DBK_PPM_MAX;
}

int64_t
dbk_tax_due(const struct dbk_tax_table *table, int64_t gross)
{
	dbk_wide taxable, tax;
	uint32_t i = 0;

	dbk_assert(gross >= 0 && table->n_brackets <= DBK_TAX_BRACKETS_MAX);
	if (table->n_brackets == 0)
		return 0;
	taxable = taxable_of(table, gross);
	while (taxable > (dbk_wide)table->brackets[i].up_to * DBK_PPM_MAX) {
		i++;
		dbk_assert(i < table->n_brackets);
	}
	tax = taxable * table->brackets[i].rate_ppm / DBK_PPM_MAX / DBK_PPM_MAX -
	      table->brackets[i].deduction;
	return tax > 0 ? (int64_t)tax : 0;
}
