#include <daybook/error.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *
dbk_err_text(enum dbk_err code)
{
	switch (code) {
	case DBK_OK:
		return "ok";
	case DBK_FAILED_MEMORY:
		return "out of memory";
	case DBK_FAILED_IO:
		return "input/output error";
	case DBK_FAILED_DISK_FULL:
		return "disk full";
	case DBK_FAILED_MAP_FULL:
		return "database map full";
	case DBK_FAILED_DAMAGED:
		return "stored data damaged";
	case DBK_FAILED_VERSION:
		return "written by another daybook";
	case DBK_FAILED_LOCKED:
		return "in use by another process";
	case DBK_FAILED_NOT_FOUND:
		return "not found";
	case DBK_FAILED_LIMIT:
		return "limit reached";
	case DBK_FAILED_INPUT:
		return "malformed input";
	case DBK_FAILED_STATE:
		return "not possible now";
	case DBK_FAILED_NETWORK:
		return "connection lost";
	case DBK_FAILED_TIMEOUT:
		return "deadline passed";
	}
	return "unknown error";
}

enum dbk_err
dbk_error_set(struct dbk_error *error, enum dbk_err code, const char *format,
	      ...)
{
	va_list args;

	if (error == NULL)
		return code;
	error->code = code;
	va_start(args, format);
	(void)vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	return code;
}

enum dbk_err
dbk_err_of_errno(int error_number)
{
	switch (error_number) {
	case ENOMEM:
		return DBK_FAILED_MEMORY;
	case ENOENT:
		return DBK_FAILED_NOT_FOUND;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return DBK_FAILED_DISK_FULL;
	default: /* an open set */
		return DBK_FAILED_IO;
	}
}

void
dbk_error_prepend(struct dbk_error *error, const char *format, ...)
{
	char old[DBK_ERROR_TEXT_BYTES];
	va_list args;
	size_t used;

	if (error == NULL)
		return;
	memcpy(old, error->text, sizeof old);
	va_start(args, format);
	(void)vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	used = strlen(error->text);
	(void)snprintf(error->text + used, sizeof error->text - used, ": %s",
		       old);
}
