#include "verify/gap_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "export/gap_file.h"

static void
stop(struct gap_source *gaps, const char *what)
{
	if (what != NULL)
		findings_add(&gaps->verify->findings, GAP_FILE_NAME, FINDINGS_NO_RECORD,
			     "byte %" PRIu64 ": %s", gaps->at, what);
	(void)fclose(gaps->file);
	gaps->file = NULL;
	gaps->has = false;
}

/* False: nothing more can be read. */
static bool
take(struct gap_source *gaps, unsigned char *out, size_t size, bool may_end)
{
	size_t n = fread(out, 1, size, gaps->file);

	if (n == size) {
		gaps->at += size;
		return true;
	}
	if (ferror(gaps->file)) {
		verify_failed(gaps->verify, GAP_FILE_NAME, strerror(errno));
		stop(gaps, NULL);
	} else {
		stop(gaps, may_end && n == 0 ? NULL : "is cut off here");
	}
	return false;
}

static void
next_head(struct gap_source *gaps)
{
	unsigned char head[GAP_FILE_HEAD_BYTES];

	gaps->has = false;
	if (!take(gaps, head, sizeof head, true))
		return;
	gaps->position = gap_file_number(head, 8);
	gaps->count = (uint32_t)gap_file_number(head + 8, 4);
	gaps->has = true;
	if (gaps->position < gaps->least)
		stop(gaps, "positions do not rise");
	else if (gaps->count == 0)
		stop(gaps, "an entry without a hash");
	gaps->least = gaps->position + 1;
}

void
gap_source_open(struct gap_source *gaps, struct verify *verify)
{
	int fd = openat(verify->fd, GAP_FILE_NAME,
			O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*gaps = (struct gap_source){ .verify = verify };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		findings_add(&verify->findings, GAP_FILE_NAME, FINDINGS_NO_RECORD,
			     "is missing");
	else if (fd < 0)
		verify_failed(verify, GAP_FILE_NAME, strerror(errno));
	else
		gaps->file = fdopen(fd, "r");
	if (gaps->file != NULL)
		next_head(gaps);
}

static void
feed_entry(struct gap_source *gaps, struct dbk_scrutiny *scrutiny)
{
	unsigned char gap[GAP_FILE_GAP_BYTES];
	int64_t last = -1;

	for (uint32_t i = 0; i < gaps->count; i++) {
		uint32_t index;

		if (!take(gaps, gap, sizeof gap, false))
			return;
		index = (uint32_t)gap_file_number(gap, 4);
		if ((int64_t)index <= last) {
			stop(gaps, "indexes do not rise");
			return;
		}
		last = index;
		dbk_scrutiny_gap(scrutiny, gaps->position, index, gap + 4);
	}
	next_head(gaps);
}

void
gap_source_feed(struct gap_source *gaps, uint64_t end, struct dbk_scrutiny *scrutiny)
{
	while (gaps->has && gaps->position < end)
		feed_entry(gaps, scrutiny);
}

void
gap_source_close(struct gap_source *gaps, uint64_t size)
{
	if (gaps->has && gaps->position >= size)
		findings_add(&gaps->verify->findings, GAP_FILE_NAME, FINDINGS_NO_RECORD,
			     "tells of record %" PRIu64 ", and the tree has %" PRIu64,
			     gaps->position, size);
	if (gaps->file != NULL)
		stop(gaps, NULL);
}
