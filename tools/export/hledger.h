#ifndef TOOLS_EXPORT_HLEDGER_H
#define TOOLS_EXPORT_HLEDGER_H

/*
 * hledger.h -- the book as a journal of plain text accounting, for hledger and ledger.
 *
 * README.md of this folder describes the form.  Every account and the commodity are
 * declared ahead of their use, so that both programs' strict checks hold.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdio.h>

#include "export/chart.h"

/* Write the part of the book that CHART names to FILE.  Gives the exit code; a write
 * that failed is left in ferror() and errno for the caller to name. */
int hledger_write(struct session *session, struct chart *chart, FILE *file, bool quiet);

#endif
