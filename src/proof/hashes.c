#include "proof/hashes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/buf.h"

#define FOLDER "tree"

/* A level has no file before it has a hash; readers learn of the file with the size. */
struct level {
	int fd; /* -1: there is none */
	uint64_t written;
	struct dbk_buf pending; /* hashes behind those that are written */
};

struct dbk_hashes {
	char dir[PATH_MAX];
	bool read_only;
	struct level levels[DBK_TREE_LEVELS_MAX];
	struct dbk_tree_front front;
	_Atomic uint64_t size;
};

static enum dbk_err
fail(const struct dbk_hashes *hashes, unsigned level, int code, const char *what,
     struct dbk_error *error)
{
	return dbk_error_set(error, dbk_err_of_errno(code),
			     "%s/" FOLDER "/%u: cannot %s: %s", hashes->dir, level,
			     what, strerror(code));
}

static enum dbk_err
open_level(struct dbk_hashes *hashes, unsigned level, bool make,
	   struct dbk_error *error)
{
	char path[PATH_MAX + 16];
	int flags = (hashes->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW;
	int fd;

	(void)snprintf(path, sizeof path, "%s/" FOLDER "/%u", hashes->dir, level);
	fd = open(path, flags | (make ? O_CREAT : 0), 0600);
	if (fd < 0 && !(errno == ENOENT && !make))
		return fail(hashes, level, errno, "open the hashes", error);
	hashes->levels[level].fd = fd;
	return DBK_OK;
}

/* Take LEVEL as it was with COUNT hashes. */
static enum dbk_err
begin_level(struct dbk_hashes *hashes, unsigned level, uint64_t count,
	    struct dbk_error *error)
{
	enum dbk_err err = open_level(hashes, level, false, error);
	int fd = hashes->levels[level].fd;
	off_t bytes = (off_t)(count * DBK_TREE_HASH_BYTES);
	struct stat st = { 0 };

	if (err != DBK_OK)
		return err;
	if (fd >= 0 && fstat(fd, &st) != 0)
		return fail(hashes, level, errno, "look at the hashes", error);
	if (st.st_size < bytes)
		return dbk_error_set(error, DBK_FAILED_NOT_FOUND,
				     "%s/" FOLDER "/%u holds fewer than %" PRIu64
				     " hashes",
				     hashes->dir, level, count);
	if (st.st_size > bytes && !hashes->read_only && ftruncate(fd, bytes) != 0)
		return fail(hashes, level, errno, "cut the hashes", error);
	hashes->levels[level].written = count;
	return DBK_OK;
}

static enum dbk_err
make_folder(const struct dbk_hashes *hashes, struct dbk_error *error)
{
	char path[PATH_MAX + 16];

	(void)snprintf(path, sizeof path, "%s/" FOLDER, hashes->dir);
	if (!hashes->read_only && mkdir(path, 0700) != 0 && errno != EEXIST)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", path,
				     strerror(errno));
	return DBK_OK;
}

enum dbk_err
dbk_hashes_open(const char *dir, uint64_t size, bool read_only, struct dbk_hashes **out,
		struct dbk_error *error)
{
	struct dbk_hashes *hashes = calloc(1, sizeof *hashes);
	struct dbk_tree_reader reader;
	enum dbk_err err;

	if (hashes == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for hashes");
	(void)snprintf(hashes->dir, sizeof hashes->dir, "%s", dir);
	hashes->read_only = read_only;
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++)
		hashes->levels[i].fd = -1;
	err = make_folder(hashes, error);
	for (unsigned i = 0; err == DBK_OK && i < DBK_TREE_LEVELS_MAX; i++)
		err = begin_level(hashes, i, dbk_tree_level_size(size, i), error);
	if (err == DBK_OK) {
		reader = dbk_hashes_reader(hashes);
		err = dbk_tree_front_load(&hashes->front, &reader, size, error);
	}
	if (err != DBK_OK) {
		dbk_hashes_close(hashes);
		return err;
	}
	atomic_init(&hashes->size, size);
	*out = hashes;
	return DBK_OK;
}

void
dbk_hashes_close(struct dbk_hashes *hashes)
{
	if (hashes == NULL)
		return;
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++) {
		if (hashes->levels[i].fd >= 0)
			(void)close(hashes->levels[i].fd);
		dbk_buf_fini(&hashes->levels[i].pending);
	}
	free(hashes);
}

uint64_t
dbk_hashes_size(const struct dbk_hashes *hashes)
{
	return atomic_load_explicit(&hashes->size, memory_order_acquire);
}

/* All the room that COUNT leaves may need, so that adding cannot fail half-way. */
static bool
reserve(struct dbk_hashes *hashes, uint32_t count)
{
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++) {
		if (!dbk_buf_reserve(&hashes->levels[i].pending,
				     ((size_t)count + 1) * DBK_TREE_HASH_BYTES))
			return false;
		count /= 256;
	}
	return true;
}

static void
on_added(void *context, unsigned level, uint64_t index,
	 const struct dbk_tree_hash *hash)
{
	struct dbk_hashes *hashes = context;
	struct level *at = &hashes->levels[level];

	dbk_assert(index == at->written + at->pending.size / DBK_TREE_HASH_BYTES);
	dbk_buf_put(&at->pending, hash->bytes, sizeof hash->bytes);
}

enum dbk_err
dbk_hashes_add(struct dbk_hashes *hashes, const struct dbk_tree_hash *leaves,
	       uint32_t count, struct dbk_error *error)
{
	dbk_assert(!hashes->read_only);
	if (!reserve(hashes, count)) {
		for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++)
			hashes->levels[i].pending.failed = false;
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for hashes");
	}
	for (uint32_t i = 0; i < count; i++)
		dbk_tree_front_add(&hashes->front, &leaves[i], on_added, hashes);
	return DBK_OK;
}

static enum dbk_err
write_level(struct dbk_hashes *hashes, unsigned level, struct dbk_error *error)
{
	struct level *at = &hashes->levels[level];
	size_t done = 0;

	while (done < at->pending.size) {
		off_t where = (off_t)(at->written * DBK_TREE_HASH_BYTES + done);
		ssize_t n = pwrite(at->fd, at->pending.bytes + done,
				   at->pending.size - done, where);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(hashes, level, n < 0 ? errno : ENOSPC,
				    "write hashes", error);
		done += (size_t)n;
	}
	at->written += done / DBK_TREE_HASH_BYTES;
	dbk_buf_reset(&at->pending);
	return DBK_OK;
}

enum dbk_err
dbk_hashes_flush(struct dbk_hashes *hashes, struct dbk_error *error)
{
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++) {
		enum dbk_err err = DBK_OK;

		if (hashes->levels[i].pending.size == 0)
			continue;
		if (hashes->levels[i].fd < 0)
			err = open_level(hashes, i, true, error);
		if (err == DBK_OK)
			err = write_level(hashes, i, error);
		if (err != DBK_OK)
			return err;
	}
	atomic_store_explicit(&hashes->size, hashes->front.size, memory_order_release);
	return DBK_OK;
}

enum dbk_err
dbk_hashes_sync(struct dbk_hashes *hashes, struct dbk_error *error)
{
	for (unsigned i = 0; i < DBK_TREE_LEVELS_MAX; i++)
		if (hashes->levels[i].fd >= 0 && fdatasync(hashes->levels[i].fd) != 0)
			return fail(hashes, i, errno, "synchronize the hashes", error);
	return DBK_OK;
}

struct dbk_tree_hash
dbk_hashes_root(const struct dbk_hashes *hashes)
{
	return dbk_tree_front_root(&hashes->front);
}

static enum dbk_err
read_level(void *context, unsigned level, uint64_t index, unsigned count,
	   struct dbk_tree_hash *out, struct dbk_error *error)
{
	struct dbk_hashes *hashes = context;
	size_t bytes = (size_t)count * DBK_TREE_HASH_BYTES, done = 0;
	int fd = level < DBK_TREE_LEVELS_MAX ? hashes->levels[level].fd : -1;
	off_t at = (off_t)(index * DBK_TREE_HASH_BYTES);

	while (done < bytes && fd >= 0) {
		ssize_t n = pread(fd, (unsigned char *)out + done, bytes - done,
				  at + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(hashes, level, errno, "read hashes", error);
		if (n == 0)
			break;
		done += (size_t)n;
	}
	if (done < bytes)
		return dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "%s/" FOLDER "/%u was cut: there is no hash %" PRIu64, hashes->dir,
		    level, index + done / DBK_TREE_HASH_BYTES);
	return DBK_OK;
}

struct dbk_tree_reader
dbk_hashes_reader(struct dbk_hashes *hashes)
{
	struct dbk_tree_reader reader = { read_level, hashes };

	return reader;
}
