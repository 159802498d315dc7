#ifndef TOOLS_REPLAY_LIVE_EXPORT_H
#define TOOLS_REPLAY_LIVE_EXPORT_H

/*
 * live_export.h -- a live book as an export in a folder of its own, for as long as it is
 * examined: so that a book that is running is believed no more than a folder.
 *
 * Ctrl-C is kept (interrupt.h) until the folder is removed.
 *
 * Thread: the main thread.
 */

#include <stdbool.h>

#include "cli.h"

struct live_export {
	char dir[4096]; /* "" : none */
};

/* Write one below $TMPDIR, or /tmp.  Gives the exit code; whatever went wrong has been
 * said. */
int live_export_make(const struct cli_common *common, bool quiet,
		     struct live_export *out);

/* Remove it; a second time: nothing.  Dies of a signal that came meanwhile. */
void live_export_remove(struct live_export *live);

#endif
