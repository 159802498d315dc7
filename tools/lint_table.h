#ifndef TOOLS_LINT_TABLE_H
#define TOOLS_LINT_TABLE_H

/*
 * lint_table.h -- what the linter says of plans, as a table.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "table.h"

struct lint_row {
	const char *plan; /* NULL: these two are not shown */
	uint32_t version;
	const char
	    *severity; /* "alarm", "warning", "note"; others are shown as they are */
	const char *code;
	const char *parameter; /* its name; empty: the plan as a whole */
	uint64_t place;	       /* of the parameter from 1; 0: the plan */
	const char *text;
};

/* With PLANS each finding names its plan. */
struct table *lint_table_open(FILE *out, struct table_style style, bool plans);
void lint_table_put(struct table *table, const struct lint_row *finding);

bool lint_table_is_alarm(const char *severity);

#endif
