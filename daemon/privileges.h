#ifndef DAYBOOKD_PRIVILEGES_H
#define DAYBOOKD_PRIVILEGES_H

/*
 * privileges.h -- the daemon gives up what it does not need.
 *
 * Thread: main.
 */

#include <stdbool.h>

#include <daybook/error.h>

/* New files are for their owner alone, no program gains rights over this one (execve of
 * set-user-id files), and nobody but root looks into the process: it is not traced, and
 * leaves no core file, unless CORE_FILES.  Before anything secret is read. */
void privileges_limit(bool core_files);

/*
 * Be user NAME from now on, all threads of us, with that user's group and no others;
 * NULL: stay who we are.  What of the N folders in DIRS, or below them, belongs to root
 * becomes that user's first: an earlier start, or this one, made it as root.  Ports are
 * bound by then, and files that only root may read are read.
 *
 * INPUT: no such user; STATE: only root may become somebody else; IO.
 */
DBK_MUST_CHECK enum dbk_err privileges_drop(const char *name, const char *const *dirs,
					    unsigned n, struct dbk_error *error);

#endif
