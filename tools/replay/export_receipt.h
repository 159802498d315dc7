#ifndef TOOLS_REPLAY_EXPORT_RECEIPT_H
#define TOOLS_REPLAY_EXPORT_RECEIPT_H

/*
 * export_receipt.h -- receipts out of an export, for who has no daemon: the record, its
 * proof by the tiles, the checkpoint; src/proof/TRUST.md section 7.
 *
 * What lies in the export is not checked here: `daybook verify` checks a receipt, and
 * one that was made of a damaged export does not verify.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include "base/buf.h"

/* Append the receipts of POSITIONS ("7", or "7,12,40") of the export in DIR.  Gives the
 * exit code; whatever is wrong has been said. */
int export_receipts(const char *dir, const char *positions, struct dbk_buf *out);

#endif
