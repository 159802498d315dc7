#include "access/subject_slots.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

#define FILE_MODE 0600

struct dbk_subject_slots {
	int fd;
	char path[PATH_MAX];
};

static enum dbk_err
fail(const struct dbk_subject_slots *slots, const char *what, struct dbk_error *error)
{
	int code = errno;

	return dbk_error_set(error, dbk_err_of_errno(code), "%s: cannot %s: %s",
			     slots->path, what, strerror(code));
}

enum dbk_err
dbk_subject_slots_open(const char *path, bool read_only, struct dbk_subject_slots **out,
		       struct dbk_error *error)
{
	struct dbk_subject_slots *slots = calloc(1, sizeof *slots);
	enum dbk_err err;

	if (slots == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	(void)snprintf(slots->path, sizeof slots->path, "%s", path);
	slots->fd = open(path, (read_only ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC,
			 FILE_MODE);
	if (slots->fd < 0) {
		err = fail(slots, "open", error);
		free(slots);
		return err;
	}
	*out = slots;
	return DBK_OK;
}

void
dbk_subject_slots_close(struct dbk_subject_slots *slots)
{
	if (slots == NULL)
		return;
	(void)close(slots->fd);
	free(slots);
}

static off_t
place_of(uint64_t slot)
{
	dbk_assert(slot < INT64_MAX / DBK_SUBJECT_SLOT_BYTES);
	return (off_t)slot * DBK_SUBJECT_SLOT_BYTES;
}

static enum dbk_err
write_slot(struct dbk_subject_slots *slots, uint64_t slot,
	   const unsigned char bytes[DBK_SUBJECT_SLOT_BYTES], struct dbk_error *error)
{
	ssize_t n = pwrite(slots->fd, bytes, DBK_SUBJECT_SLOT_BYTES, place_of(slot));

	if (n >= 0 && n != DBK_SUBJECT_SLOT_BYTES)
		errno = ENOSPC;
	if (n != DBK_SUBJECT_SLOT_BYTES || fdatasync(slots->fd) != 0)
		return fail(slots, "write", error);
	return DBK_OK;
}

uint64_t
dbk_subject_slots_count(const struct dbk_subject_slots *slots)
{
	struct stat st;

	/* One that was cut short by an end of the process is passed over. */
	return fstat(slots->fd, &st) == 0
		   ? ((uint64_t)st.st_size + DBK_SUBJECT_SLOT_BYTES - 1) /
			 DBK_SUBJECT_SLOT_BYTES
		   : 0;
}

enum dbk_err
dbk_subject_slots_add(struct dbk_subject_slots *slots, uint64_t from, const void *bytes,
		      size_t size, uint64_t *out_slot, struct dbk_error *error)
{
	unsigned char whole[DBK_SUBJECT_SLOT_BYTES] = { 0 };
	uint64_t slot = dbk_subject_slots_count(slots);
	enum dbk_err err;

	dbk_assert(size <= sizeof whole);
	if (slot < from)
		slot = from;
	memcpy(whole, bytes, size);
	err = write_slot(slots, slot, whole, error);
	if (err == DBK_OK)
		*out_slot = slot;
	return err;
}

enum dbk_err
dbk_subject_slots_read(const struct dbk_subject_slots *slots, uint64_t slot,
		       unsigned char out[DBK_SUBJECT_SLOT_BYTES],
		       struct dbk_error *error)
{
	ssize_t n = pread(slots->fd, out, DBK_SUBJECT_SLOT_BYTES, place_of(slot));

	if (n < 0)
		return fail(slots, "read", error);
	memset(out + n, 0, (size_t)(DBK_SUBJECT_SLOT_BYTES - n));
	return DBK_OK;
}

bool
dbk_subject_slot_is_empty(const unsigned char bytes[DBK_SUBJECT_SLOT_BYTES])
{
	static const unsigned char zeros[DBK_SUBJECT_SLOT_BYTES];

	return memcmp(bytes, zeros, sizeof zeros) == 0;
}

enum dbk_err
dbk_subject_slots_wipe(struct dbk_subject_slots *slots, uint64_t slot,
		       struct dbk_error *error)
{
	static const unsigned char zeros[DBK_SUBJECT_SLOT_BYTES];
	unsigned char bytes[DBK_SUBJECT_SLOT_BYTES];
	enum dbk_err err = dbk_subject_slots_read(slots, slot, bytes, error);

	if (err == DBK_OK && !dbk_subject_slot_is_empty(bytes))
		err = write_slot(slots, slot, zeros, error);
	return err;
}
