#ifndef TOOLS_EXPORT_DATABASE_H
#define TOOLS_EXPORT_DATABASE_H

/*
 * database.h -- the book as tables of SQLite; README.md of this folder has them.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>

#include "export/chart.h"
#include "export/sqlite.h"

/* Put the part of the book that CHART names into DB, an empty database.  Gives the exit
 * code; failures of DB are its own, for sqlite_close() to tell. */
int database_write(struct session *session, struct chart *chart, struct sqlite *db,
		   bool quiet);

#endif
