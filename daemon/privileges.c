#include "privileges.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* The data directory, the folder of keys in it, a store in that, its files. */
#define FOLDERS_DEEP 8

#define USER_BYTES_MAX 16384

void
privileges_limit(bool core_files)
{
	const struct rlimit none = { 0, 0 };

	(void)umask(077);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (core_files)
		return;
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* Another name of the same file may stand in a folder that is not ours, made by who
 * wants to have it given to him. */
static bool
is_to_give(const struct stat *st)
{
	return st->st_uid == 0 && (S_ISDIR(st->st_mode) || st->st_nlink == 1) &&
	       !S_ISLNK(st->st_mode);
}

static bool give_below(int folder, const struct passwd *user, unsigned deep);

/* NAME in folder AT; by descriptors, so that nothing is swapped between two looks. */
static bool
give(int at, const char *name, const struct passwd *user, unsigned deep)
{
	int fd = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool given = true;
	int folder;

	if (fd < 0)
		return errno == ENOENT;
	if (fstat(fd, &st) != 0)
		given = false;
	else if (is_to_give(&st))
		given =
		    fchownat(fd, "", user->pw_uid, user->pw_gid, AT_EMPTY_PATH) == 0;
	if (given && S_ISDIR(st.st_mode) && deep > 0) {
		folder = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		given = folder >= 0 && give_below(folder, user, deep - 1);
	}
	(void)close(fd);
	return given;
}

/* Takes FOLDER. */
static bool
give_below(int folder, const struct passwd *user, unsigned deep)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;
	bool given = true;

	if (dir == NULL) {
		(void)close(folder);
		return false;
	}
	while (given && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			given = give(dirfd(dir), entry->d_name, user, deep);
	(void)closedir(dir);
	return given;
}

static enum dbk_err
become(const struct passwd *user, struct dbk_error *error)
{
	int dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);

	if (setgroups(0, NULL) != 0 ||
	    setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "cannot become user %s: %s", user->pw_name,
				     strerror(errno));
	if (user->pw_uid != 0 && setuid(0) == 0)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "the way back from user %s to root is open",
				     user->pw_name);
	/* The kernel forgets it with the user. */
	(void)prctl(PR_SET_DUMPABLE, dumpable == 1 ? 1 : 0, 0, 0, 0);
	return DBK_OK;
}

enum dbk_err
privileges_drop(const char *name, const char *const *dirs, unsigned n,
		struct dbk_error *error)
{
	char bytes[USER_BYTES_MAX];
	struct passwd room, *user;
	int code;

	if (name == NULL)
		return DBK_OK;
	code = getpwnam_r(name, &room, bytes, sizeof bytes, &user);
	if (code != 0 || user == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "user: there is no user \"%s\"", name);
	if (geteuid() == user->pw_uid && getuid() == user->pw_uid)
		return DBK_OK;
	if (geteuid() != 0)
		return dbk_error_set(error, DBK_FAILED_STATE,
				     "user: only root can become \"%s\"", name);
	for (unsigned i = 0; i < n; i++)
		if (!give(AT_FDCWD, dirs[i], user, FOLDERS_DEEP))
			return dbk_error_set(error, DBK_FAILED_IO,
					     "%s: cannot give it to user %s: %s",
					     dirs[i], name, strerror(errno));
	return become(user, error);
}
