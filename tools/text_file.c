#include "text_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"

static int
read_all(FILE *file, const char *path, size_t max, struct dbk_buf *out)
{
	char bytes[4096];
	size_t n;

	while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) {
		dbk_buf_put(out, bytes, n);
		if (out->size > max) {
			diag_error("%s: longer than %zu bytes", path, max);
			return EXIT_FAILED;
		}
	}
	if (!ferror(file) && !dbk_buf_failed(out))
		return EXIT_OK;
	diag_error("%s: %s", path, ferror(file) ? strerror(errno) : "out of memory");
	return EXIT_FAILED;
}

int
text_file_read(const char *path, size_t max, struct dbk_buf *out)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	int code;

	if (file == NULL) {
		diag_error("%s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	code = read_all(file, path, max, out);
	if (file != stdin)
		(void)fclose(file);
	return code;
}
