#ifndef DBK_DAEMON_PRIVILEGES_H
#define DBK_DAEMON_PRIVILEGES_H

/*
 * privileges.h -- the daemon gives up what it does not need.
 *
 * Thread: the first, before any other.
 */

#include <stdbool.h>

#include <daybook/error.h>

/* New files are for their owner alone, no program gains rights over this one (execve
 * with set-user-id), and the process is not to be looked into: not traced by its own
 * user, no core file unless CORE_FILES. */
void dbk_privileges_limit(bool core_files);

/*
 * Be user NAME from now on, with that user's group and no others; NULL: stay who we
 * are. PATHS, ended by NULL, and what is below them becomes that user's first, if it is
 * root's: made by a start as root.  Ports are bound and files of others are read before
 * this.
 *
 * INPUT: no such user; STATE: not root.
 */
DBK_MUST_CHECK enum dbk_err dbk_privileges_drop(const char *name,
						const char *const *paths,
						struct dbk_error *error);

#endif
