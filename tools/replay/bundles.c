#include "replay/bundles.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

#define NONE UINT64_MAX
#define BUNDLE_BYTES_MAX ((off_t)DBK_TILE_WIDTH * (2 + 65535))

void
bundles_open(struct bundles *bundles, int fd, uint64_t size)
{
	memset(bundles, 0, sizeof *bundles);
	bundles->fd = fd;
	bundles->size = size;
	bundles->forward.number = NONE;
	bundles->back.number = NONE;
	dbk_buf_init(&bundles->forward.bytes);
	dbk_buf_init(&bundles->back.bytes);
}

void
bundles_close(struct bundles *bundles)
{
	dbk_buf_fini(&bundles->forward.bytes);
	dbk_buf_fini(&bundles->back.bytes);
}

static enum dbk_err
failed(const char *path, int error_number, struct dbk_error *error)
{
	return dbk_error_set(error, dbk_err_of_errno(error_number), "%s: %s", path,
			     strerror(error_number));
}

static enum dbk_err
read_file(int fd, const char *path, struct dbk_buf *out, struct dbk_error *error)
{
	struct stat found;
	ssize_t n = 1;

	if (fstat(fd, &found) != 0)
		return failed(path, errno, error);
	if (!S_ISREG(found.st_mode) || found.st_size > BUNDLE_BYTES_MAX)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: is no bundle of records", path);
	dbk_buf_reset(out);
	dbk_assert(dbk_buf_reserve(out, (size_t)found.st_size));
	while (n != 0 && out->size < (size_t)found.st_size) {
		n = read(fd, out->bytes + out->size, (size_t)found.st_size - out->size);
		if (n < 0 && errno != EINTR)
			return failed(path, errno, error);
		out->size += n > 0 ? (size_t)n : 0;
	}
	return DBK_OK;
}

static enum dbk_err
cut_up(struct bundle *bundle, unsigned width, const char *path, struct dbk_error *error)
{
	struct dbk_cursor at = dbk_cursor_make(bundle->bytes.bytes, bundle->bytes.size);

	bundle->n = 0;
	while (bundle->n < width &&
	       dbk_tile_next_entry(&at, &bundle->records[bundle->n]))
		bundle->n++;
	if (bundle->n < width || at.failed || dbk_cursor_left(&at) > 0)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: has not the %u records of its name", path,
				     width);
	return DBK_OK;
}

static enum dbk_err
load(const struct bundles *bundles, uint64_t number, struct bundle *out,
     struct dbk_error *error)
{
	uint64_t left = bundles->size - number * DBK_TILE_WIDTH;
	struct dbk_tile tile = { DBK_TILE_ENTRIES, number,
				 left < DBK_TILE_WIDTH ? (unsigned)left
						       : DBK_TILE_WIDTH };
	char path[DBK_TILE_PATH_BYTES];
	enum dbk_err err;
	int fd;

	dbk_tile_path(&tile, path);
	out->number = NONE;
	fd = openat(bundles->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return failed(path, errno, error);
	err = read_file(fd, path, &out->bytes, error);
	(void)close(fd);
	if (err == DBK_OK)
		err = cut_up(out, tile.width, path, error);
	if (err == DBK_OK)
		out->number = number;
	return err;
}

enum dbk_err
bundles_next(struct bundles *bundles, const struct dbk_str **out_records,
	     uint32_t *out_count, struct dbk_error *error)
{
	enum dbk_err err;

	*out_count = 0;
	if (bundles->next * DBK_TILE_WIDTH >= bundles->size)
		return DBK_OK;
	err = load(bundles, bundles->next, &bundles->forward, error);
	if (err != DBK_OK)
		return err;
	bundles->next++;
	*out_records = bundles->forward.records;
	*out_count = bundles->forward.n;
	return DBK_OK;
}

bool
bundles_again(void *context, uint64_t position, struct dbk_str *out)
{
	struct bundles *bundles = context;
	uint64_t number = position / DBK_TILE_WIDTH;
	const struct bundle *bundle = &bundles->back;
	struct dbk_error error;

	if (position >= bundles->size)
		return false;
	if (number == bundles->forward.number)
		bundle = &bundles->forward;
	else if (number != bundles->back.number &&
		 load(bundles, number, &bundles->back, &error) != DBK_OK)
		return false;
	*out = bundle->records[position % DBK_TILE_WIDTH];
	return true;
}
