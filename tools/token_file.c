#include "token_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"

#define TOKEN_BYTES_MAX ((size_t)4096)

enum dbk_err
token_check(const char *token, struct dbk_error *error)
{
	size_t size = strlen(token);

	if (size > TOKEN_BYTES_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "token of %zu bytes is above the limit of %zu",
				     size, TOKEN_BYTES_MAX);
	if (dbk_str_has_control(dbk_str_of(token)))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "token holds a control character");
	return DBK_OK;
}

static enum dbk_err
open_file(const char *path, FILE **out, struct dbk_error *error)
{
	FILE *file = fopen(path, "re");
	struct stat st;

	if (file == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s: %s", path,
				     strerror(errno));
	/* A pipe of the shell's, <(...), is nobody else's. */
	if (fstat(fileno(file), &st) == 0 &&
	    (!S_ISREG(st.st_mode) || (st.st_mode & S_IRWXO) == 0)) {
		*out = file;
		return DBK_OK;
	}
	(void)fclose(file);
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s: is a token that everybody on this machine may read "
			     "or write; chmod o= it",
			     path);
}

enum dbk_err
token_file_read(const char *path, char **out, struct dbk_error *error)
{
	enum dbk_err err;
	char *line;
	FILE *file = NULL;

	err = open_file(path, &file, error);
	if (err != DBK_OK)
		return err;
	(void)setvbuf(file, NULL, _IONBF, 0);
	line = calloc(1, TOKEN_BYTES_MAX + 2);
	if (line == NULL)
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a token");
	else if (fgets(line, (int)TOKEN_BYTES_MAX + 2, file) == NULL || line[0] == '\n')
		err = dbk_error_set(error, DBK_FAILED_INPUT,
				    "%s: there is no token in its first line", path);
	(void)fclose(file);
	if (err == DBK_OK) {
		line[strcspn(line, "\r\n")] = '\0';
		err = token_check(line, error);
		if (err != DBK_OK)
			dbk_error_prepend(error, "%s", path);
	}
	if (err != DBK_OK)
		token_free(line);
	else
		*out = line;
	return err;
}

void
token_free(char *token)
{
	if (token == NULL)
		return;
	explicit_bzero(token, strlen(token));
	free(token);
}
