#ifndef TOOLS_FINDING_TABLE_H
#define TOOLS_FINDING_TABLE_H

/*
 * finding_table.h -- what guards found, as rows.
 *
 * Thread: belongs to one thread.
 */

#include <daybook/v1/service.pb-c.h>

#include "table.h"

#define FINDING_COLUMNS 21
extern const struct table_column finding_columns[FINDING_COLUMNS];

/* The cells of FINDING; the caller ends the row.  EXPONENT is the book's. */
void finding_row(struct table *table, const Daybook__V1__Finding *finding,
		 unsigned exponent);

#endif
