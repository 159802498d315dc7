#ifndef TOOLS_ROLES_H
#define TOOLS_ROLES_H

/*
 * roles.h -- roles and sources of tokens and callers as text.
 */

#include <daybook/v1/service.pb-c.h>

#include "base/buf.h"
#include "table.h"

/* "ingest read", with a terminator. */
void roles_put(const Daybook__V1__Role *roles, size_t n, struct dbk_buf *out);

/* "shop-eu till", "any"; with a terminator. */
void roles_put_sources(char *const *sources, size_t n, struct dbk_buf *out);

/* The same as a cell. */
void roles_cell(struct table *table, const Daybook__V1__Role *roles, size_t n);
void roles_sources_cell(struct table *table, char *const *sources, size_t n);

#endif
