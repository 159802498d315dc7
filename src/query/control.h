#ifndef DBK_QUERY_CONTROL_H
#define DBK_QUERY_CONTROL_H

/*
 * control.h -- the sums of all accounts of a code, as of a cut.
 *
 * As of a size: the sums at the start of a chunk and the events of that chunk.  As of a
 * time also those chunks behind it that hold late events effective by then.
 */

#include <daybook/error.h>

#include "query/cut.h"
#include "views/chunk.h"

/* For every code.  The first thing that a question reads after making its cut. */
DBK_MUST_CHECK enum dbk_err
dbk_control_totals(struct dbk_reader *reader, const struct dbk_cut *cut,
		   struct dbk_code_totals out[DBK_ACCOUNT_CODES]);

#endif
