#include "proof/kept_note.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlog/checkpoint.h"

#define FOLDER "tree"
#define NEW ".new"

static enum dbk_err
fail(const char *path, const char *what, struct dbk_error *error)
{
	int code = errno;

	return dbk_error_set(error, dbk_err_of_errno(code), "%s: cannot %s it: %s",
			     path, what, strerror(code));
}

static enum dbk_err
read_text(const char *path, struct dbk_buf *note, int64_t *out_at_us,
	  struct dbk_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;
	ssize_t n = 1;

	if (fd < 0)
		return fail(path, "open", error);
	dbk_buf_reset(note);
	while (n > 0 && note->size <= DBK_NOTE_BYTES_MAX &&
	       dbk_buf_reserve(note, 4096)) {
		n = read(fd, note->bytes + note->size, 4096);
		if (n > 0)
			note->size += (size_t)n;
	}
	if (n >= 0 && fstat(fd, &st) == 0)
		*out_at_us =
		    (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
	else
		n = -1;
	(void)close(fd);
	if (n < 0)
		return fail(path, "read", error);
	if (dbk_buf_failed(note))
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	return DBK_OK;
}

enum dbk_err
dbk_kept_note_check(const char *path, struct dbk_str text,
		    const struct dbk_note_key *key, struct dbk_kept_note *out,
		    struct dbk_error *error)
{
	struct dbk_note *note = malloc(sizeof *note);
	struct dbk_checkpoint checkpoint = { .size = 0 };
	enum dbk_err err;

	if (note == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	err = dbk_note_parse(text, note, error);
	if (err == DBK_OK)
		err = dbk_checkpoint_parse(note->text, &checkpoint, error);
	if (err != DBK_OK)
		err = dbk_error_set(error, DBK_FAILED_DAMAGED, "%s is no checkpoint",
				    path);
	else if (!dbk_str_equal(checkpoint.origin, dbk_str_of(key->name)) ||
		 dbk_note_verify(note, key) != DBK_NOTE_VERIFIED)
		err = dbk_error_set(error, DBK_FAILED_STATE, "%s is not signed by %s",
				    path, key->name);
	free(note);
	if (err != DBK_OK)
		return err;
	out->size = checkpoint.size;
	out->root = checkpoint.root;
	return DBK_OK;
}

enum dbk_err
dbk_kept_note_read(const char *dir, const char *name, const struct dbk_note_key *key,
		   struct dbk_buf *note, struct dbk_kept_note *out,
		   struct dbk_error *error)
{
	char path[PATH_MAX];
	struct dbk_kept_note found;
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/" FOLDER "/%s", dir, name);
	err = read_text(path, note, &found.written_at_us, error);
	if (err == DBK_OK)
		err = dbk_kept_note_check(path, dbk_str_make(note->bytes, note->size),
					  key, &found, error);
	if (err == DBK_OK)
		*out = found;
	return err;
}

static bool
write_text(const char *path, struct dbk_str text)
{
	int fd =
	    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	uint32_t done = 0;
	int code = 0;

	if (fd < 0)
		return false;
	while (done < text.size && code == 0) {
		ssize_t n = write(fd, text.bytes + done, text.size - done);

		if (n < 0)
			code = errno == EINTR ? 0 : errno;
		else
			done += (uint32_t)n;
	}
	(void)close(fd);
	errno = code;
	return code == 0;
}

enum dbk_err
dbk_kept_note_write(const char *dir, const char *name, struct dbk_str note,
		    struct dbk_error *error)
{
	char path[PATH_MAX], beside[PATH_MAX + sizeof NEW];

	(void)snprintf(path, sizeof path, "%s/" FOLDER, dir);
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return fail(path, "make", error);
	(void)snprintf(path, sizeof path, "%s/" FOLDER "/%s", dir, name);
	(void)snprintf(beside, sizeof beside, "%s" NEW, path);
	if (!write_text(beside, note) || rename(beside, path) != 0)
		return fail(path, "write", error);
	return DBK_OK;
}

void
dbk_kept_note_remove(const char *dir, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof path, "%s/" FOLDER "/%s", dir, name);
	(void)unlink(path);
}
