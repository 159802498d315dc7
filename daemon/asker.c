#include "asker.h"

#include <stdlib.h>

struct asker *
asker_make(const struct dbk_caller *caller)
{
	struct asker *asker = malloc(sizeof *asker);

	if (asker == NULL)
		return NULL;
	asker->caller = *caller;
	atomic_init(&asker->holds, 1);
	return asker;
}

struct asker *
asker_hold(struct asker *asker)
{
	if (asker != NULL)
		(void)atomic_fetch_add_explicit(&asker->holds, 1, memory_order_relaxed);
	return asker;
}

void
asker_release(struct asker *asker)
{
	if (asker != NULL &&
	    atomic_fetch_sub_explicit(&asker->holds, 1, memory_order_acq_rel) == 1)
		free(asker);
}
