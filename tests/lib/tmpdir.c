#include "../tests/lib/tmpdir.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

void
tmpdir_make(char out[TMPDIR_BYTES])
{
	const char *parent = getenv("TMPDIR");
	int size = snprintf(out, TMPDIR_BYTES, "%s/daybook-test-XXXXXX",
			    parent == NULL ? "/tmp" : parent);

	if (size < 0 || size >= TMPDIR_BYTES || mkdtemp(out) == NULL) {
		perror("mkdtemp");
		abort();
	}
}

static int
delete_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

void
tmpdir_remove(const char *dir)
{
	(void)umount2(dir, MNT_DETACH);
	if (nftw(dir, delete_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
		perror(dir);
}

static bool
mount_memory(const char *dir, unsigned long long size_bytes, unsigned long flags)
{
	char options[64];

	(void)snprintf(options, sizeof options, "size=%llu", size_bytes);
	if (mount("tmpfs", dir, "tmpfs", flags, options) == 0)
		return true;
	fprintf(stderr, "skipped: a file system cannot be mounted: %s\n",
		strerror(errno));
	return false;
}

bool
tmpdir_mount(const char *dir, unsigned long long size_bytes)
{
	return mount_memory(dir, size_bytes, 0);
}

bool
tmpdir_resize(const char *dir, unsigned long long size_bytes)
{
	return mount_memory(dir, size_bytes, MS_REMOUNT);
}
