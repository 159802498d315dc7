#ifndef TOOLS_FINDINGS_H
#define TOOLS_FINDINGS_H

/*
 * findings.h -- what the linter says of plans, as a table.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "table.h"

struct finding {
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
struct table *findings_open(FILE *out, struct table_style style, bool plans);
void findings_put(struct table *table, const struct finding *finding);

bool findings_is_alarm(const char *severity);

#endif
