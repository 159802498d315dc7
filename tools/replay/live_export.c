#include "replay/live_export.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "export/signed_log.h"
#include "interrupt.h"
#include "session.h"

#define OPEN_FOLDERS 16

static int
make_folder(struct live_export *out)
{
	const char *where = getenv("TMPDIR");

	if (where == NULL || where[0] == '\0')
		where = "/tmp";
	if (snprintf(out->dir, sizeof out->dir, "%s/daybook-report-XXXXXX", where) >=
	    (int)sizeof out->dir) {
		out->dir[0] = '\0';
		diag_error("$TMPDIR is too long");
		return EXIT_FAILED;
	}
	if (mkdtemp(out->dir) != NULL)
		return EXIT_OK;
	diag_error("cannot make %s: %s", out->dir, strerror(errno));
	out->dir[0] = '\0';
	return EXIT_FAILED;
}

int
live_export_make(const struct cli_common *common, bool quiet, struct live_export *out)
{
	struct session *session;
	int code;

	out->dir[0] = '\0';
	code = session_open(common, &session);
	if (code != EXIT_OK)
		return code;
	interrupt_keep();
	code = make_folder(out);
	if (code == EXIT_OK)
		code = signed_log_export(session, out->dir, quiet);
	session_close(session);
	return code;
}

static int
remove_one(const char *path, const struct stat *found, int kind, struct FTW *at)
{
	(void)found;
	(void)kind;
	(void)at;
	if (remove(path) != 0)
		diag_error("cannot remove %s: %s", path, strerror(errno));
	return 0;
}

void
live_export_remove(struct live_export *live)
{
	if (live->dir[0] == '\0')
		return;
	(void)nftw(live->dir, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
	live->dir[0] = '\0';
	if (interrupt_came())
		interrupt_die();
}
