#include "event/parameter.h"

#include <string.h>

bool
dbk_parameter_is_narrowed(const struct dbk_parameter *parameter)
{
	return parameter->sku.size > 0 || parameter->category.size > 0 ||
	       parameter->rank.size > 0;
}

bool
dbk_parameter_same_scope(const struct dbk_parameter *a, const struct dbk_parameter *b)
{
	return dbk_str_equal(a->sku, b->sku) &&
	       dbk_str_equal(a->category, b->category) &&
	       dbk_str_equal(a->rank, b->rank);
}

struct dbk_str
dbk_parameter_text(const struct dbk_parameter *parameter, const char *member)
{
	struct {
		const char *name;
		struct dbk_str text;
	} const texts[] = {
		{ "name", parameter->name },	 { "choice", parameter->choice },
		{ "sku", parameter->sku },	 { "category", parameter->category },
		{ "rank", parameter->rank },	 { "channel", parameter->channel },
		{ "region", parameter->region },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (strcmp(texts[i].name, member) == 0)
			return texts[i].text;
	return dbk_str_make("", 0);
}
