#include "diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *diag_verb;
static void (*diag_before)(void *context);
static void *diag_before_context;

void
diag_set_verb(const char *verb)
{
	diag_verb = verb;
}

void
diag_set_before(void (*before)(void *context), void *context)
{
	diag_before = before;
	diag_before_context = context;
}

static void
begin_line(void)
{
	(void)fflush(stdout);
	if (diag_before != NULL)
		diag_before(diag_before_context);
	(void)fputs("daybook: ", stderr);
	if (diag_verb != NULL)
		(void)fprintf(stderr, "%s: ", diag_verb);
}

/* A terminal obeys what is between the words of a message; it sees them as '?'. */
static void
put_printable(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		(void)fputc(c < 0x20 || c == 0x7f ? '?' : c, stderr);
	}
}

void
diag_error(const char *format, ...)
{
	char line[1024];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	begin_line();
	if (size > 0)
		put_printable(line, strlen(line));
	(void)fputc('\n', stderr);
}

int
diag_failure(const struct dbk_error *error)
{
	diag_error("%s",
		   error->text[0] == '\0' ? dbk_err_text(error->code) : error->text);
	return error->code == DBK_FAILED_INPUT ? EXIT_USAGE : EXIT_FAILED;
}

static bool
contains(struct dbk_str text, struct dbk_str part)
{
	return part.size == 0 ||
	       memmem(text.bytes, text.size, part.bytes, part.size) != NULL;
}

/* A number that the chart of accounts lacks is a bad argument to the server; to who
 * asks for that account it does not exist. */
static int
exit_code(const struct dbk_grpc_status *status)
{
	if (status->code == DBK_GRPC_NOT_FOUND ||
	    dbk_str_equal(status->reason, dbk_str_of("CODE")))
		return EXIT_NOT_FOUND;
	return status->code == DBK_GRPC_INVALID_ARGUMENT ? EXIT_USAGE : EXIT_FAILED;
}

int
diag_status(const struct dbk_grpc_status *status)
{
	begin_line();
	if (status->message.size == 0)
		(void)fputs(dbk_grpc_status_name(status->code), stderr);
	put_printable(status->message.bytes, status->message.size);
	for (size_t i = 0; i < status->field_count; i++) {
		struct dbk_str name = status->fields[i].name;
		struct dbk_str value = status->fields[i].value;

		if (contains(status->message, value))
			continue;
		(void)fputs(i == 0 ? ": " : ", ", stderr);
		put_printable(name.bytes, name.size);
		(void)fputc(' ', stderr);
		put_printable(value.bytes, value.size);
	}
	if (status->reason.size > 0 && !contains(status->message, status->reason)) {
		(void)fputs(" (", stderr);
		put_printable(status->reason.bytes, status->reason.size);
		(void)fputc(')', stderr);
	}
	(void)fputc('\n', stderr);
	return exit_code(status);
}

int
diag_finish(int code)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return code;
	if (errno == EPIPE)
		return code == EXIT_OK ? EXIT_FAILED : code;
	if (errno != 0)
		diag_error("cannot write the output: %s", strerror(errno));
	else
		diag_error("cannot write the output");
	return EXIT_FAILED;
}
