#ifndef TOOLS_EXPORT_DECLARED_H
#define TOOLS_EXPORT_DECLARED_H

/*
 * declared.h -- the account names that were declared already: a set of texts.
 *
 * It grows with the number of accounts, of which every order is one: about 80 bytes
 * each.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct declared {
	struct dbk_str *slots; /* a power of two of them; NULL bytes: free */
	size_t room, count;
};

void declared_init(struct declared *set);
void declared_fini(struct declared *set);

/* Add NAME; false if it is there already. */
bool declared_add(struct declared *set, struct dbk_str name);

#endif
