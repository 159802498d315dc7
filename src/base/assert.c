#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

void
dbk_assert_failed(const char *condition, const char *file, int line)
{
	(void)fprintf(stderr, "%s:%d: bug: not true: %s\n", file, line,
		      condition);
	abort();
}
