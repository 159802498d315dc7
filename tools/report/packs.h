#ifndef TOOLS_REPORT_PACKS_H
#define TOOLS_REPORT_PACKS_H

/*
 * packs.h -- rule packs as --pack names them: built in, or files.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stddef.h>

#include "rules/pack.h"

struct packs {
	struct dbk_pack all[DBK_PACKS_MAX];
	size_t n;
};

/* Load LIST ("cn,us,./mine.json").  Gives the exit code; what is wrong has been said. */
int packs_load(const char *list, struct packs *out);
void packs_free(struct packs *packs);

#endif
