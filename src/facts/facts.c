#include "facts/facts.h"

#include <stdlib.h>

struct dbk_facts {
	const struct dbk_books *books;
	dbk_facts_fn *tell;
	void *context;
};

enum dbk_err
dbk_facts_open(const struct dbk_books *books, dbk_facts_fn *tell, void *context,
	       struct dbk_facts **out)
{
	struct dbk_facts *facts = calloc(1, sizeof *facts);

	if (facts == NULL)
		return DBK_FAILED_MEMORY;
	*facts = (struct dbk_facts){ books, tell, context };
	*out = facts;
	return DBK_OK;
}

void
dbk_facts_close(struct dbk_facts *facts)
{
	free(facts);
}

enum dbk_err
dbk_facts_before(struct dbk_facts *facts, const struct dbk_event *event)
{
	(void)facts;
	(void)event;
	return DBK_OK;
}

enum dbk_err
dbk_facts_after(struct dbk_facts *facts, const struct dbk_event *event,
		const struct dbk_verdict *verdict, const struct dbk_effects *effects)
{
	(void)facts;
	(void)event;
	(void)verdict;
	(void)effects;
	return DBK_OK;
}
