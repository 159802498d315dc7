#include "export/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES ((size_t)64 * 1024)

enum dbk_err
folder_failed(const struct folder *folder, const char *what, const char *name,
	      int error_number, struct dbk_error *error)
{
	bool full = error_number == ENOSPC || error_number == EDQUOT;

	return dbk_error_set(error, full ? DBK_FAILED_DISK_FULL : DBK_FAILED_IO,
			     "cannot %s %s%s%s: %s", what, folder->path,
			     name[0] == '\0' ? "" : "/", name, strerror(error_number));
}

static bool
has_nothing_but(int fd, const char *ours)
{
	int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = again < 0 ? NULL : fdopendir(again);
	bool empty = entries != NULL;
	struct dirent *entry;

	while (empty && (entry = readdir(entries)) != NULL)
		empty = strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0 ||
			strcmp(entry->d_name, ours) == 0;
	if (entries != NULL)
		(void)closedir(entries);
	else if (again >= 0)
		(void)close(again);
	return empty;
}

/* Folders that PATH stands in and that are not there, as mkdir -p makes them; what keeps
 * one from being made shows when PATH itself is. */
static void
make_above(const char *path)
{
	char above[4096];
	size_t size = strlen(path);

	if (size >= sizeof above)
		return;
	memcpy(above, path, size + 1);
	for (char *slash = strchr(above + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(above, 0777);
		*slash = '/';
	}
}

enum dbk_err
folder_open(struct folder *folder, const char *path, const char *ours,
	    struct dbk_error *error)
{
	*folder = (struct folder){ .fd = -1, .path = path };
	if (path[0] != '\0')
		make_above(path);
	/* What is in the log not every user of this machine may read. */
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return folder_failed(folder, "make", "", errno, error);
	folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->fd < 0)
		return folder_failed(folder, "open", "", errno, error);
	folder->made = has_nothing_but(folder->fd, ours);
	if (flock(folder->fd, LOCK_EX | LOCK_NB) == 0)
		return DBK_OK;
	if (errno == EWOULDBLOCK)
		return dbk_error_set(error, DBK_FAILED_LOCKED,
				     "%s: another program is writing there", path);
	return folder_failed(folder, "lock", "", errno, error);
}

void
folder_close(struct folder *folder)
{
	if (folder->fd >= 0)
		(void)close(folder->fd);
	folder->fd = -1;
}

/* The folders that NAME stands in. */
static int
make_parents(const struct folder *folder, const char *name)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(name, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		size_t size = (size_t)(slash - name);

		if (size >= sizeof part) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, name, size);
		part[size] = '\0';
		if (mkdirat(folder->fd, part, 0777) != 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

static int
create(const struct folder *folder, const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC;
	int fd = openat(folder->fd, name, flags, 0666);

	if (fd < 0 && errno == ENOENT && make_parents(folder, name) == 0)
		fd = openat(folder->fd, name, flags, 0666);
	return fd;
}

/* Zero, or errno. */
static int
write_all(int fd, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size > 0) {
		ssize_t done = write(fd, at, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return errno;
		at += done;
		size -= (size_t)done;
	}
	return 0;
}

static enum dbk_err
write_file(const struct folder *folder, const char *name, const void *bytes,
	   size_t size, bool sync, struct dbk_error *error)
{
	int fd = create(folder, name);
	int failure;

	if (fd < 0)
		return folder_failed(folder, "make", name, errno, error);
	failure = write_all(fd, bytes, size);
	if (failure == 0 && sync && fsync(fd) != 0)
		failure = errno;
	if (close(fd) != 0 && failure == 0)
		failure = errno;
	if (failure != 0)
		return folder_failed(folder, "write", name, failure, error);
	return DBK_OK;
}

enum dbk_err
folder_write(const struct folder *folder, const char *name, const void *bytes,
	     size_t size, struct dbk_error *error)
{
	return write_file(folder, name, bytes, size, false, error);
}

static enum dbk_err
read_all(const struct folder *folder, int fd, const char *name, size_t bytes_max,
	 struct dbk_buf *out, struct dbk_error *error)
{
	for (;;) {
		ssize_t got;

		if (!dbk_buf_reserve(out, READ_BYTES))
			return dbk_error_set(error, DBK_FAILED_MEMORY,
					     "no memory to read %s/%s", folder->path,
					     name);
		got = read(fd, out->bytes + out->size, READ_BYTES);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return folder_failed(folder, "read", name, errno, error);
		if (got == 0)
			return DBK_OK;
		out->size += (size_t)got;
		if (out->size > bytes_max)
			return dbk_error_set(error, DBK_FAILED_LIMIT,
					     "%s/%s is above %zu bytes", folder->path,
					     name, bytes_max);
	}
}

enum dbk_err
folder_read(const struct folder *folder, const char *name, size_t bytes_max,
	    struct dbk_buf *out, struct dbk_error *error)
{
	int fd = openat(folder->fd, name, O_RDONLY | O_CLOEXEC);
	enum dbk_err err;

	dbk_buf_reset(out);
	if (fd < 0 && errno == ENOENT)
		return dbk_error_set(error, DBK_FAILED_NOT_FOUND, "%s/%s is not there",
				     folder->path, name);
	if (fd < 0)
		return folder_failed(folder, "open", name, errno, error);
	err = read_all(folder, fd, name, bytes_max, out, error);
	(void)close(fd);
	return err;
}

enum dbk_err
folder_sync(const struct folder *folder, struct dbk_error *error)
{
	if (syncfs(folder->fd) != 0)
		return folder_failed(folder, "synchronize", "", errno, error);
	return DBK_OK;
}

/* The folder that NAME stands in knows it. */
static int
sync_parent(const struct folder *folder, const char *name)
{
	const char *slash = strrchr(name, '/');
	char parent[PATH_MAX];
	int fd, failure = 0;

	(void)snprintf(parent, sizeof parent, "%.*s",
		       slash == NULL ? 1 : (int)(slash - name),
		       slash == NULL ? "." : name);
	fd = openat(folder->fd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (fsync(fd) != 0)
		failure = errno;
	(void)close(fd);
	return failure;
}

enum dbk_err
folder_replace(const struct folder *folder, const char *name, const void *bytes,
	       size_t size, struct dbk_error *error)
{
	char written[PATH_MAX];
	enum dbk_err err;
	int failure;

	(void)snprintf(written, sizeof written, "%s.tmp", name);
	err = write_file(folder, written, bytes, size, true, error);
	if (err != DBK_OK)
		return err;
	if (renameat(folder->fd, written, folder->fd, name) != 0)
		return folder_failed(folder, "rename", written, errno, error);
	failure = sync_parent(folder, name);
	if (failure != 0)
		return folder_failed(folder, "synchronize", name, failure, error);
	return DBK_OK;
}
