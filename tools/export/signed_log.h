#ifndef TOOLS_EXPORT_SIGNED_LOG_H
#define TOOLS_EXPORT_SIGNED_LOG_H

/*
 * signed_log.h -- the whole log into a folder that anybody can verify, or what is new
 * of it into one that has the rest.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>

#include "session.h"

/* Gives the exit code; whatever went wrong has been said. */
int signed_log_export(struct session *session, const char *dir, bool quiet);

#endif
