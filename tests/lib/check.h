#ifndef DAYBOOK_TESTS_CHECK_H
#define DAYBOOK_TESTS_CHECK_H

/*
 * check.h -- a tiny runner: a test program is a main() that runs named tests.
 *
 *	int main(void)
 *	{
 *		check_run("arena forgets everything on reset", test_reset);
 *		return check_end();
 *	}
 *
 * CHECK(condition) counts and, when false, prints the place and fails the test that is
 * running; the test goes on.  check_end() prints "N passed, M failed" with the program's
 * name and returns the exit code.  With TEST=word in the environment only tests whose
 * name contains the word run.
 */

#include <stdbool.h>

#include <daybook/error.h>

void check_run(const char *name, void (*test)(void));
int check_end(void);
bool check_that(bool condition, const char *text, const char *file, int line);

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_INT(a, b) check_int((long long)(a), (long long)(b), #a, __FILE__, __LINE__)

bool check_int(long long got, long long want, const char *text, const char *file,
	       int line);

/* For what a test needs and does not try: unless ERR is DBK_OK, print WHAT and the words
 * of ERROR, and abort. */
void check_must(enum dbk_err err, const struct dbk_error *error, const char *what);

#endif
