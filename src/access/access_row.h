#ifndef DBK_ACCESS_ACCESS_ROW_H
#define DBK_ACCESS_ACCESS_ROW_H

/*
 * access_row.h -- an entry of the access record as it is stored: version 1, status,
 * time, texts.  Private to this folder.
 *
 * Pure functions; any thread.
 */

#include "access/access_log.h"
#include "base/buf.h"

/* Append the body (checked.h) of ENTRY. */
void dbk_access_row_put(const struct dbk_access_entry *entry, struct dbk_buf *out);

/* Strict: one row for each entry.  Its number is that of its key. */
bool dbk_access_row_get(struct dbk_str body, struct dbk_access_entry *out);

#endif
