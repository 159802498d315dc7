#ifndef TOOLS_EXPORT_ACCOUNT_NAME_H
#define TOOLS_EXPORT_ACCOUNT_NAME_H

/*
 * account_name.h -- names of Daybook as parts of account names and tags of plain text
 * accounting, whatever bytes they hold.
 *
 * A byte that means something to hledger or ledger is written as % and two hex digits,
 * as in RFC 3986: the marks  % : ; , ( ) [ ] { } < > " ' ` = * ! | # @ ~ ^ & \ $  and
 * everything below 0x20; a blank only at an end or beside another one; of what is
 * beyond ASCII the controls and the spaces, which hledger takes for blanks.  An empty
 * name is a lone "%".  All % are written as %25, so that decoding gives the name back.
 *
 * Pure functions; any thread.
 */

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

/* Append NAME, UTF-8, to OUT. */
void account_name_put(struct dbk_buf *out, struct dbk_str name);

/* "assets:psp.clearing:alipay" from "asset", "psp.clearing" and "alipay". */
void account_name_make(struct dbk_buf *out, const char *kind, const char *name,
		       struct dbk_str owner);

#endif
