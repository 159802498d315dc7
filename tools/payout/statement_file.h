#ifndef TOOLS_PAYOUT_STATEMENT_FILE_H
#define TOOLS_PAYOUT_STATEMENT_FILE_H

/*
 * statement_file.h -- a provider's statement: CSV with the columns
 *
 *	request_no	the number that PayoutSent named
 *	provider_ref	the provider's own; needed of settled and returned rows
 *	status		settled, failed or returned
 *	amount		in major units
 *	fee		in major units; may be missing or empty
 *	code		why it failed; may be missing or empty
 *
 * in any order and among others.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <daybook/error.h>

#include "match.h"

struct statement_file {
	struct match_row *rows; /* in the order of the file */
	size_t count;
	size_t capacity;
};

/* Read PATH, "-" is stdin; amounts have EXPONENT digits after the point.  The first row
 * that is wrong is DBK_FAILED_INPUT with file, line, column and value.  Free OUT in any
 * case. */
enum dbk_err statement_file_read(const char *path, unsigned exponent,
				 struct statement_file *out,
				 struct dbk_error *error) DBK_MUST_CHECK;

void statement_file_free(struct statement_file *file);

#endif
