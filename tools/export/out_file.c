#include "export/out_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

int
out_file_name(struct out_file *out, const char *path)
{
	struct stat found;
	int size;

	*out = (struct out_file){ .file = NULL };
	if (strcmp(path, "-") == 0) {
		(void)snprintf(out->path, sizeof out->path, "-");
		(void)snprintf(out->written, sizeof out->written, "-");
		return EXIT_OK;
	}
	if (path[0] == '\0') {
		diag_error("the name of the file is empty");
		return EXIT_USAGE;
	}
	if (realpath(path, out->path) == NULL) {
		size = snprintf(out->path, sizeof out->path, "%s", path);
		if (size < 0 || (size_t)size >= sizeof out->path) {
			diag_error("the name of the file is above %d bytes",
				   PATH_MAX - 1);
			return EXIT_USAGE;
		}
	}
	out->renames = stat(out->path, &found) != 0 || S_ISREG(found.st_mode);
	(void)snprintf(out->written, sizeof out->written, "%s%s", out->path,
		       out->renames ? ".tmp" : "");
	return EXIT_OK;
}

int
out_file_create(struct out_file *out)
{
	out->file = strcmp(out->path, "-") == 0 ? stdout : fopen(out->written, "we");
	if (out->file != NULL)
		return EXIT_OK;
	diag_error("cannot open %s: %s", out->written, strerror(errno));
	return EXIT_FAILED;
}

int
out_file_failed(const struct out_file *out, int error_number)
{
	/* A reader of a pipe that has seen enough is no news. */
	if (error_number != EPIPE)
		diag_error("cannot write %s: %s", out->written, strerror(error_number));
	return EXIT_FAILED;
}

static int
sync_and_rename(const struct out_file *out)
{
	int file = open(out->written, O_RDONLY | O_CLOEXEC);
	int error_number = 0;

	if (file < 0 || fsync(file) != 0 || rename(out->written, out->path) != 0)
		error_number = errno;
	if (file >= 0)
		(void)close(file);
	return error_number == 0 ? EXIT_OK : out_file_failed(out, error_number);
}

int
out_file_end(struct out_file *out, int code)
{
	if (out->file == stdout) {
		if (fflush(stdout) != 0 && code == EXIT_OK)
			code = out_file_failed(out, errno);
	} else if (out->file != NULL && fclose(out->file) != 0 && code == EXIT_OK) {
		code = out_file_failed(out, errno);
	}
	out->file = NULL;
	if (out->renames && code == EXIT_OK)
		code = sync_and_rename(out);
	if (out->renames && code != EXIT_OK)
		(void)unlink(out->written);
	return code;
}
