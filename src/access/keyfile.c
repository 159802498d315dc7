#include "access/keyfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MODE 0600
#define OTHERS (S_IRWXG | S_IRWXO)

/* KEYS, its files, and the files of its stores. */
#define FOLDERS_DEEP 2

static enum dbk_err
fail(const char *path, const char *what, struct dbk_error *error)
{
	int code = errno;

	return dbk_error_set(error, dbk_err_of_errno(code), "%s: cannot %s: %s", path,
			     what, strerror(code));
}

static enum dbk_err
check_mode(const char *path, const struct stat *st, enum dbk_keyfile_guard guard,
	   struct dbk_error *error)
{
	mode_t refused = guard == DBK_KEYFILE_OWNER ? OTHERS : S_IRWXO;

	if ((st->st_mode & refused) == 0)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "%s has mode %04o: others may get at secrets; chmod %s it",
			     path, (unsigned)(st->st_mode & 07777),
			     guard == DBK_KEYFILE_OWNER ? "go-rwx" : "o-rwx");
}

static enum dbk_err
read_all(int fd, const char *path, unsigned char *out, size_t room, size_t *out_size,
	 struct dbk_error *error)
{
	size_t size = 0;
	unsigned char more;
	ssize_t n = 1;

	while (n > 0 && size < room) {
		n = read(fd, out + size, room - size);
		if (n > 0)
			size += (size_t)n;
	}
	if (n > 0)
		n = read(fd, &more, 1);
	if (n < 0)
		return fail(path, "read", error);
	if (n > 0)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "%s is longer than the %zu bytes it may have",
				     path, room);
	*out_size = size;
	return DBK_OK;
}

enum dbk_err
dbk_keyfile_read(const char *path, enum dbk_keyfile_guard guard, void *out, size_t room,
		 size_t *out_size, struct dbk_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	enum dbk_err err;

	if (fd < 0)
		return fail(path, "open", error);
	err = fstat(fd, &st) == 0 ? check_mode(path, &st, guard, error)
				  : fail(path, "look at", error);
	if (err == DBK_OK && S_ISDIR(st.st_mode))
		err = dbk_error_set(error, DBK_FAILED_INPUT, "%s is a directory", path);
	if (err == DBK_OK)
		err = read_all(fd, path, out, room, out_size, error);
	(void)close(fd);
	return err;
}

static bool
write_all(int fd, const unsigned char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

static enum dbk_err
sync_folder_of(const char *path, struct dbk_error *error)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX] = ".";
	enum dbk_err err = DBK_OK;
	int fd;

	if (slash != NULL)
		(void)snprintf(dir, sizeof dir, "%.*s", (int)(slash - path + 1), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail(dir, "open", error);
	if (fsync(fd) != 0)
		err = fail(dir, "synchronize", error);
	(void)close(fd);
	return err;
}

enum dbk_err
dbk_keyfile_write(const char *path, const void *bytes, size_t size,
		  struct dbk_error *error)
{
	char beside[PATH_MAX];
	int length = snprintf(beside, sizeof beside, "%s.new", path);
	enum dbk_err err = DBK_OK;
	int fd;

	if (length < 0 || (size_t)length >= sizeof beside)
		return dbk_error_set(error, DBK_FAILED_LIMIT,
				     "the name of a file of keys is too long");
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		  FILE_MODE);
	if (fd < 0)
		return fail(beside, "make", error);
	if (fchmod(fd, FILE_MODE) != 0 || !write_all(fd, bytes, size) || fsync(fd) != 0)
		err = fail(beside, "write", error);
	(void)close(fd);
	if (err == DBK_OK && rename(beside, path) != 0)
		err = fail(path, "rename the new one to", error);
	if (err == DBK_OK)
		return sync_folder_of(path, error);
	(void)unlink(beside);
	return err;
}

static enum dbk_err check_folder(const char *dir, unsigned deep,
				 struct dbk_error *error);

static enum dbk_err
check_one(const char *path, unsigned deep, struct dbk_error *error)
{
	struct stat st;
	enum dbk_err err;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? DBK_OK : fail(path, "look at", error);
	if (S_ISLNK(st.st_mode))
		return DBK_OK;
	err = check_mode(path, &st, DBK_KEYFILE_OWNER, error);
	if (err == DBK_OK && S_ISDIR(st.st_mode) && deep > 0)
		err = check_folder(path, deep - 1, error);
	return err;
}

static enum dbk_err
check_folder(const char *dir, unsigned deep, struct dbk_error *error)
{
	char path[PATH_MAX];
	enum dbk_err err = DBK_OK;
	const struct dirent *entry;
	DIR *folder = opendir(dir);

	if (folder == NULL)
		return fail(dir, "open", error);
	while (err == DBK_OK && (entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (snprintf(path, sizeof path, "%s/%s", dir, entry->d_name) <
		    (int)sizeof path)
			err = check_one(path, deep, error);
	}
	(void)closedir(folder);
	return err;
}

enum dbk_err
dbk_keyfile_check_dir(const char *dir, struct dbk_error *error)
{
	struct stat st;
	enum dbk_err err;

	if (stat(dir, &st) != 0)
		return fail(dir, "look at", error);
	if (!S_ISDIR(st.st_mode))
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s is not a directory",
				     dir);
	err = check_mode(dir, &st, DBK_KEYFILE_OWNER, error);
	return err == DBK_OK ? check_folder(dir, FOLDERS_DEEP - 1, error) : err;
}
