#ifndef TOOLS_LOG_TABLE_H
#define TOOLS_LOG_TABLE_H

/*
 * log_table.h -- records of the log as rows, for `daybook log` and `daybook order`.
 */

#include <daybook/v1/service.pb-c.h>

#include "table.h"

struct table *log_table_open(FILE *out, struct table_style style);
void log_table_row(struct table *table, const Daybook__V1__LoggedEvent *record);

#endif
