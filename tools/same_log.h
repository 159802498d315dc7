#ifndef TOOLS_SAME_LOG_H
#define TOOLS_SAME_LOG_H

/*
 * same_log.h -- does the daemon's log begin with what is kept here?
 *
 * Thread: belongs to one thread.
 */

#include <stdint.h>

#include "session.h"
#include "tlog/tree.h"

/* Ask for the proof that the tree of SIZE records with ROOT, of which WHERE (a folder) is a
 * copy, begins the daemon's.  Gives the exit code; what is wrong has been said. */
int same_log_check(struct session *session, const char *where, uint64_t size,
		   const struct dbk_tree_hash *root);

#endif
