#include "query/refusals.h"

#include <string.h>

#include "views/reader.h"

void
dbk_refusals_list(struct dbk_view *view, struct dbk_refusals *out)
{
	struct dbk_reader reader;

	memset(out, 0, sizeof *out);
	dbk_reader_begin(&reader, view, NULL);
	out->size = reader.size;
	for (unsigned rule = 0; rule < DBK_RULES_MAX; rule++) {
		const struct dbk_refusal_head *head = &reader.heads->refusals[rule];
		struct dbk_refusal_count *count = &out->rules[out->n];

		if (head->count == 0)
			continue;
		count->rule = (enum dbk_rule)rule;
		count->count = head->count;
		count->first_position = head->first;
		count->last_position = head->last;
		out->n++;
	}
	dbk_reader_end(&reader);
}
