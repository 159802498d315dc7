#ifndef DAYBOOKD_ASKER_H
#define DAYBOOKD_ASKER_H

/*
 * asker.h -- who a call is from, shared by all calls of a connection and their jobs.
 *
 * Thread: made by the loop and then not changed; held and let go by any.
 */

#include <stdatomic.h>

#include "access/caller.h"

struct asker {
	struct dbk_caller caller;
	atomic_uint holds;
};

/* A copy of CALLER, held once; NULL without memory. */
struct asker *asker_make(const struct dbk_caller *caller);

/* Gives ASKER; NULL is nobody. */
struct asker *asker_hold(struct asker *asker);
void asker_release(struct asker *asker);

#endif
