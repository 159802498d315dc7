/* files.c -- reading what is verified. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "diag.h"
#include "verify/verify.h"

void
verify_failed(struct verify *v, const char *file, const char *why)
{
	progress_clear(&v->progress);
	diag_error("%s/%s: %s", v->path, file, why);
	v->unread = true;
}

static bool
read_all(int fd, size_t max, struct dbk_buf *out)
{
	ssize_t n = 1;

	while (n > 0 && out->size <= max) {
		size_t room = out->capacity - out->size;

		if (room < 4096) {
			dbk_assert(dbk_buf_reserve(out, 65536));
			room = out->capacity - out->size;
		}
		if (room > max + 1 - out->size)
			room = max + 1 - out->size;
		n = read(fd, out->bytes + out->size, room);
		if (n > 0)
			out->size += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	return n >= 0;
}

enum verify_read
verify_read(struct verify *v, const char *file, size_t max, struct dbk_buf *out)
{
	int fd = openat(v->fd, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool whole;

	dbk_buf_reset(out);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return VERIFY_MISSING;
	if (fd < 0) {
		verify_failed(v, file, strerror(errno));
		return VERIFY_FAILED;
	}
	whole = read_all(fd, max, out);
	/* A folder of that name is found where the files are listed. */
	if (!whole && errno == EISDIR) {
		(void)close(fd);
		return VERIFY_MISSING;
	}
	if (!whole)
		verify_failed(v, file, strerror(errno));
	(void)close(fd);
	return whole ? VERIFY_READ : VERIFY_FAILED;
}

void
verify_show(struct verify *v, uint64_t done, uint64_t total)
{
	const struct progress_state state = {
		.what = "verify",
		.done = done,
		.total = total,
		.count = done,
		.unit = "records",
		.note = v->findings.count > 0 ? "damaged" : "",
	};

	progress_show(&v->progress, &state);
}
