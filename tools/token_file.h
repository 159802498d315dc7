#ifndef TOOLS_TOKEN_FILE_H
#define TOOLS_TOKEN_FILE_H

/*
 * token_file.h -- tokens as the tool gets them: from files and the environment, never
 * from arguments, which everybody on a machine can read.
 */

#include <daybook/error.h>

/* INPUT: it is longer than tokens are, or holds a control character. */
DBK_MUST_CHECK enum dbk_err token_check(const char *token, struct dbk_error *error);

/*
 * The first line of PATH.  INPUT: there is no such file, its first line is empty or no
 * token, or everybody on the machine may read or write it.
 */
DBK_MUST_CHECK enum dbk_err token_file_read(const char *path, char **out,
					    struct dbk_error *error);

/* Wiped first.  NULL is nothing. */
void token_free(char *token);

#endif
