#ifndef DBK_GUARD_CATALOGUE_H
#define DBK_GUARD_CATALOGUE_H

/*
 * catalogue.h -- guards and numbers by name, for this folder only; guard.h has the
 * rest.
 */

#include "guard/guard.h"

/* The name of a parameter: a guard's, whose choice is the mode, or a number's. */
struct dbk_guard_name {
	bool is_number;
	uint8_t id; /* enum dbk_guard, or enum dbk_guard_number */
};

bool dbk_guard_name_find(struct dbk_str name, struct dbk_guard_name *out);

#endif
