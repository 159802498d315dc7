#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "LOCK"
#define PID_TEXT_BYTES 24

struct dbk_lock {
	int fd;
};

static enum dbk_err
refuse(const char *dir, int fd, struct dbk_error *error)
{
	char text[PID_TEXT_BYTES] = "";
	long pid;

	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	pid = strtol(text, NULL, 10);
	if (pid <= 0)
		return dbk_error_set(error, DBK_FAILED_LOCKED,
				     "%s is in use by another process", dir);
	return dbk_error_set(error, DBK_FAILED_LOCKED, "%s is in use by process %ld",
			     dir, pid);
}

/* The text is for people; on a full disk the lock holds without it. */
static void
write_pid(int fd)
{
	char text[PID_TEXT_BYTES];
	int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());

	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)size, 0) < 0)
		return;
}

enum dbk_err
dbk_lock_take(const char *dir, struct dbk_lock **out_lock, struct dbk_error *error)
{
	char path[PATH_MAX];
	struct dbk_lock *lock;
	enum dbk_err err;
	int fd, size;

	size = snprintf(path, sizeof path, "%s/%s", dir, FILE_NAME);
	if (size < 0 || (size_t)size >= sizeof path)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the directory's name is longer than %d bytes",
				     PATH_MAX);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return dbk_error_set(
		    error, errno == ENOSPC ? DBK_FAILED_DISK_FULL : DBK_FAILED_IO,
		    "cannot open %s: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err = errno == EWOULDBLOCK
			  ? refuse(dir, fd, error)
			  : dbk_error_set(error, DBK_FAILED_IO, "cannot lock %s: %s",
					  path, strerror(errno));
		goto close_fd;
	}
	lock = malloc(sizeof *lock);
	if (lock == NULL) {
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to lock %s",
				    path);
		goto close_fd;
	}
	write_pid(fd);
	lock->fd = fd;
	*out_lock = lock;
	return DBK_OK;

close_fd:
	(void)close(fd);
	return err;
}

void
dbk_lock_release(struct dbk_lock *lock)
{
	if (lock == NULL)
		return;
	(void)close(lock->fd);
	free(lock);
}
