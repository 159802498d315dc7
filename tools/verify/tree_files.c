#include "verify/tree_files.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)256 * 1024)

static void
name_of(unsigned level, char out[16])
{
	(void)snprintf(out, 16, "tree/%u", level);
}

static void
stop(struct tree_file *one)
{
	if (one->file != NULL)
		(void)fclose(one->file);
	one->file = NULL;
}

void
tree_files_open(struct tree_files *files, struct verify *v, uint64_t signed_size)
{
	*files = (struct tree_files){ .verify = v, .signed_size = signed_size };
	for (unsigned level = 0; level < DBK_TREE_LEVELS_MAX; level++) {
		struct tree_file *one = &files->levels[level];
		char name[16];
		int fd;

		name_of(level, name);
		fd = openat(v->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0 && errno != ENOENT && errno != ELOOP)
			verify_failed(v, name, strerror(errno));
		if (fd >= 0)
			one->file = fdopen(fd, "r");
		if (one->file != NULL)
			(void)setvbuf(one->file, NULL, _IOFBF, BUFFER_BYTES);
		else if (fd < 0 && dbk_tree_level_size(signed_size, level) > 0)
			findings_add(&v->findings, name, FINDINGS_NO_RECORD,
				     "is missing");
	}
}

void
tree_files_compare(void *context, unsigned level, uint64_t index,
		   const struct dbk_tree_hash *hash)
{
	struct tree_files *files = context;
	struct tree_file *one = &files->levels[level];
	struct dbk_tree_hash found;
	char name[16];

	if (one->file == NULL)
		return;
	name_of(level, name);
	if (fread(&found, 1, sizeof found, one->file) == sizeof found) {
		one->hashes++;
		if (!dbk_tree_hash_equal(&found, hash))
			findings_add(&files->verify->findings, name,
				     level == 0 ? index : FINDINGS_NO_RECORD,
				     "hash %" PRIu64 " is not that of the log", index);
		return;
	}
	if (ferror(one->file))
		verify_failed(files->verify, name, strerror(errno));
	else if (index < dbk_tree_level_size(files->signed_size, level))
		findings_add(&files->verify->findings, name, FINDINGS_NO_RECORD,
			     "ends within hash %" PRIu64 " of %" PRIu64, index,
			     dbk_tree_level_size(files->signed_size, level));
	stop(one);
}

void
tree_files_close(struct tree_files *files, uint64_t size)
{
	for (unsigned level = 0; level < DBK_TREE_LEVELS_MAX; level++) {
		struct tree_file *one = &files->levels[level];
		char name[16];

		name_of(level, name);
		if (one->file != NULL && getc(one->file) != EOF)
			findings_add(&files->verify->findings, name, FINDINGS_NO_RECORD,
				     "has more than the %" PRIu64 " hashes of the log",
				     dbk_tree_level_size(size, level));
		stop(one);
	}
}
