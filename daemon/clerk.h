#ifndef DAYBOOKD_CLERK_H
#define DAYBOOKD_CLERK_H

/*
 * clerk.h -- keeps tokens and the access record: opens KEYS/access, makes the first
 * token, and brings what waits to the disk, twice a second.
 *
 * Thread: main; tokens and record are for any.
 */

#include <daybook/error.h>

#include "access/access_log.h"
#include "access/tokens.h"

struct clerk;

/* KEYS is there.  Where there has never been a token the first one is made, and told on
 * standard output: "admin token: dbk_...". */
DBK_MUST_CHECK enum dbk_err clerk_open(const char *keys, struct clerk **out,
				       struct dbk_error *error);

/* Run the thread that writes, and forgets entries of the record that are older than
 * ACCESS_DAYS (0: none). */
DBK_MUST_CHECK enum dbk_err clerk_start(struct clerk *clerk, uint64_t access_days,
					struct dbk_error *error);

/* What waits is written; the loop and all readers have ended.  NULL is nothing. */
void clerk_close(struct clerk *clerk);

struct dbk_tokens *clerk_tokens(struct clerk *clerk);
struct dbk_access_log *clerk_access_log(struct clerk *clerk);

#endif
