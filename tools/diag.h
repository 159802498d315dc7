#ifndef TOOLS_DIAG_H
#define TOOLS_DIAG_H

/*
 * diag.h -- what the command says when something did not work, and how it exits.
 */

#include <daybook/error.h>

#include "rpc/grpc_status.h"

/* Exit codes of every verb. */
enum diag_exit {
	EXIT_OK = 0,
	EXIT_FAILED = 1,   /* cannot connect, error of the server or of a file */
	EXIT_USAGE = 2,	   /* the command line is wrong */
	EXIT_REFUSED = 3,  /* append: something was refused */
	EXIT_INVALID = 4,  /* append: something was invalid */
	EXIT_NOT_FOUND = 5, /* what was asked for does not exist */
	EXIT_DAMAGED = 6    /* verify: damaged or forged */
};

/* The verb that later lines on stderr name: "daybook: statement: ..."; static memory.
 */
void diag_set_verb(const char *verb);

/* Call BEFORE ahead of every line, so that a progress bar can make room; NULL: nothing. */
void diag_set_before(void (*before)(void *context), void *context);

/* A line on stderr. */
void diag_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The words of ERROR as a line on stderr; gives EXIT_USAGE for DBK_FAILED_INPUT, which
 * is something that the user typed, else EXIT_FAILED. */
int diag_failure(const struct dbk_error *error);

/*
 * Say on stderr how a call ended, and give the exit code: NOT_FOUND and an account code
 * that is none are EXIT_NOT_FOUND, INVALID_ARGUMENT EXIT_USAGE, others EXIT_FAILED.
 * Fields of STATUS that its message does not name already stand behind it.
 */
int diag_status(const struct dbk_grpc_status *status);

/*
 * Flush stdout.  Gives CODE, or EXIT_FAILED and a line on stderr if the output could
 * not be written; a reader that has gone away is no news and says nothing.
 */
int diag_finish(int code);

#endif
