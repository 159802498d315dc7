#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_BYTES 1024

/* One write(2) a line, so that lines of several threads do not mix. */
static void
say(const char *prefix, const char *format, va_list args)
{
	char line[LINE_BYTES];
	int used = snprintf(line, sizeof line, "daybookd: %s", prefix);
	int more = vsnprintf(line + used, sizeof line - (size_t)used - 1, format, args);

	used += more < 0 ? 0 : more;
	if (used > LINE_BYTES - 2)
		used = LINE_BYTES - 2;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, (size_t)used) < 0)
		return;
}

void
diag_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("", format, args);
	va_end(args);
}

void
diag_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say("warning: ", format, args);
	va_end(args);
}
