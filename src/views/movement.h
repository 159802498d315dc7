#ifndef DBK_VIEWS_MOVEMENT_H
#define DBK_VIEWS_MOVEMENT_H

/*
 * movement.h -- kinds of movements by name, as answers print them.
 */

#include "books/effects.h"

/* "received", "sold", ...; "?" for a kind of a later version.  Static memory. */
const char *dbk_movement_name(enum dbk_movement kind);

#endif
