#include "../tests/lib/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	int passed, failed;
	bool failing;
	const char *name;
} state;

void
check_run(const char *name, void (*test)(void))
{
	const char *only = getenv("TEST");

	if (only != NULL && strstr(name, only) == NULL)
		return;
	state.failing = false;
	state.name = name;
	test();
	if (state.failing)
		state.failed++;
	else
		state.passed++;
}

int
check_end(void)
{
	printf("%s: %d passed, %d failed\n", program_invocation_short_name, state.passed,
	       state.failed);
	return state.failed == 0 ? 0 : 1;
}

bool
check_that(bool condition, const char *text, const char *file, int line)
{
	if (!condition) {
		fprintf(stderr, "%s:%d: %s: not true: %s\n", file, line, state.name, text);
		state.failing = true;
	}
	return condition;
}

bool
check_int(long long got, long long want, const char *text, const char *file, int line)
{
	if (got == want)
		return true;
	fprintf(stderr, "%s:%d: %s: %s is %lld, not %lld\n", file, line, state.name, text,
		got, want);
	state.failing = true;
	return false;
}

void
check_must(enum dbk_err err, const struct dbk_error *error, const char *what)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "%s: %s: %s\n", what, dbk_err_text(err), error->text);
	abort();
}
