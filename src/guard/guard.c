#include "guard/guard.h"

#include <string.h>

void
dbk_guards_defaults(struct dbk_guard_scalars *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned i = 0; i < DBK_GUARDS; i++)
		out->modes[i] = DBK_GUARD_OFF;
	for (unsigned i = 0; i < DBK_GUARD_NUMBERS; i++)
		out->numbers[i] =
		    dbk_guard_number_kind((enum dbk_guard_number)i)->initial;
}
