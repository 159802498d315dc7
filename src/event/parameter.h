#ifndef DBK_EVENT_PARAMETER_H
#define DBK_EVENT_PARAMETER_H

/*
 * parameter.h -- what can be said of one parameter of a plan or of a guard set without
 * knowing what its name means, and why one cannot stand.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "event/event.h"
#include "event/verdict.h"

/* Which parameter of a list cannot stand, and why. */
struct dbk_parameter_fault {
	enum dbk_rule rule; /* NONE: no memory, and nothing is known of the list */
	uint32_t index;	    /* of the parameter */
	const char *member; /* "name", "value", "choice", "sku", ...; static */
	int64_t measured, limit;
};

/* Is it narrowed to some goods or a rank? */
bool dbk_parameter_is_narrowed(const struct dbk_parameter *parameter);

/* Are both narrowed to the same goods and the same rank? */
bool dbk_parameter_same_scope(const struct dbk_parameter *a,
			      const struct dbk_parameter *b);

/* The text that MEMBER of PARAMETER is, borrowed; empty for a number. */
struct dbk_str dbk_parameter_text(const struct dbk_parameter *parameter,
				  const char *member);

#endif
