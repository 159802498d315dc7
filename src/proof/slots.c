#include "proof/slots.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/keyfile.h"
#include "base/assert.h"
#include "base/buf.h"
#include "base/secret.h"

#define MAGIC "dbkslot1"
#define MAGIC_BYTES 8
#define HEADER_BYTES (MAGIC_BYTES + 8 + 4)
#define SUM_BYTES 32
#define N_SLOTS 2

_Static_assert(HEADER_BYTES + DBK_SLOT_TEXT_BYTES_MAX + SUM_BYTES <= DBK_SLOT_BYTES,
	       "a text fits into its slot");

/* SLOT gets the bytes, zeros behind them; how many there are before the zeros. */
static size_t
encode(struct dbk_str text, uint64_t sequence, unsigned char slot[DBK_SLOT_BYTES])
{
	struct dbk_buf bytes = { slot, 0, DBK_SLOT_BYTES, false };

	dbk_assert(text.size <= DBK_SLOT_TEXT_BYTES_MAX);
	memset(slot, 0, DBK_SLOT_BYTES);
	dbk_buf_put(&bytes, MAGIC, MAGIC_BYTES);
	dbk_buf_put_u64(&bytes, sequence);
	dbk_buf_put_u32(&bytes, text.size);
	dbk_buf_put(&bytes, text.bytes, text.size);
	dbk_secret_hash(NULL, slot, bytes.size, slot + bytes.size);
	return bytes.size + SUM_BYTES;
}

static bool
is_blank(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

/* False if SLOT is not whole; *OUT_CLEAN: nothing stands behind the text. */
static bool
decode(const unsigned char slot[DBK_SLOT_BYTES], struct dbk_slots *out, bool *out_clean)
{
	struct dbk_cursor at = dbk_cursor_make(slot, DBK_SLOT_BYTES);
	const unsigned char *magic = dbk_cursor_take(&at, MAGIC_BYTES);
	uint64_t sequence = dbk_cursor_u64(&at);
	uint32_t size = dbk_cursor_u32(&at);
	unsigned char sum[SUM_BYTES];

	if (memcmp(magic, MAGIC, MAGIC_BYTES) != 0 || size > DBK_SLOT_TEXT_BYTES_MAX)
		return false;
	dbk_secret_hash(NULL, slot, HEADER_BYTES + size, sum);
	if (memcmp(slot + HEADER_BYTES + size, sum, SUM_BYTES) != 0)
		return false;
	out->sequence = sequence;
	out->size = size;
	memcpy(out->text, slot + HEADER_BYTES, size);
	*out_clean = is_blank(slot + HEADER_BYTES + size + SUM_BYTES,
			      DBK_SLOT_BYTES - HEADER_BYTES - SUM_BYTES - size);
	return true;
}

enum dbk_err
dbk_slots_make(const char *path, struct dbk_str text, struct dbk_error *error)
{
	unsigned char file[N_SLOTS * DBK_SLOT_BYTES];

	(void)encode(text, 0, file);
	memcpy(file + DBK_SLOT_BYTES, file, DBK_SLOT_BYTES);
	return dbk_keyfile_write(path, file, sizeof file, error);
}

/* As much of the file as is there; one byte more than there should be is enough. */
static ssize_t
read_file(int fd, unsigned char *out, size_t room)
{
	size_t done = 0;

	while (done < room) {
		ssize_t n = pread(fd, out + done, room - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

/* Take the newest whole slot of FILE; *OUT_CLEAN: every byte of the file is accounted
 * for. */
static bool
choose(const unsigned char *file, size_t size, struct dbk_slots *slots, bool *out_clean)
{
	struct dbk_slots found = *slots;
	bool clean = false;

	*out_clean = size == (size_t)N_SLOTS * DBK_SLOT_BYTES;
	for (unsigned i = 0; i < N_SLOTS && size >= (i + 1) * (size_t)DBK_SLOT_BYTES;
	     i++) {
		bool whole = decode(file + (size_t)i * DBK_SLOT_BYTES, &found, &clean);

		*out_clean = *out_clean && whole && clean;
		if (!whole)
			continue;
		found.whole = ++slots->whole;
		found.current = i;
		if (slots->whole == 1 || found.sequence > slots->sequence)
			*slots = found;
	}
	return slots->whole > 0;
}

static enum dbk_err
load(struct dbk_slots *slots, const char *path, bool read_only, struct dbk_error *error)
{
	unsigned char file[N_SLOTS * DBK_SLOT_BYTES + 1] = { 0 };
	ssize_t size = read_file(slots->fd, file, sizeof file);
	bool clean;

	if (size < 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: cannot read it: %s",
				     path, strerror(errno));
	if (!choose(file, (size_t)size, slots, &clean))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: neither of its slots is whole", path);
	if (read_only && !clean)
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     slots->whole < N_SLOTS
					 ? "%s: one of its slots is not whole"
					 : "%s has bytes that nobody wrote",
				     path);
	return DBK_OK;
}

enum dbk_err
dbk_slots_open(const char *path, bool read_only, struct dbk_slots *out,
	       struct dbk_error *error)
{
	struct dbk_slots slots = { .fd = -1 };
	enum dbk_err err;

	slots.fd = open(path, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOFOLLOW);
	if (slots.fd < 0)
		return dbk_error_set(
		    error, errno == ENOENT ? DBK_FAILED_NOT_FOUND : DBK_FAILED_IO,
		    "%s: cannot open it: %s", path, strerror(errno));
	if (!read_only && flock(slots.fd, LOCK_EX | LOCK_NB) != 0)
		err = dbk_error_set(
		    error, errno == EWOULDBLOCK ? DBK_FAILED_LOCKED : DBK_FAILED_IO,
		    "%s: %s", path,
		    errno == EWOULDBLOCK ? "another daemon signs with these keys"
					 : strerror(errno));
	else
		err = load(&slots, path, read_only, error);
	if (err != DBK_OK)
		(void)close(slots.fd);
	else
		*out = slots;
	return err;
}

void
dbk_slots_close(struct dbk_slots *slots)
{
	if (slots->fd >= 0)
		(void)close(slots->fd);
	slots->fd = -1;
}

static bool
write_slot(int fd, const unsigned char *bytes, size_t size, off_t where)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pwrite(fd, bytes + done, size - done, where + (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : ENOSPC;
			return false;
		}
		done += (size_t)n;
	}
	return fdatasync(fd) == 0;
}

enum dbk_err
dbk_slots_write(struct dbk_slots *slots, struct dbk_str text, struct dbk_error *error)
{
	unsigned char slot[DBK_SLOT_BYTES];
	size_t size = encode(text, slots->sequence + 1, slot);
	unsigned other = (slots->current + 1) % N_SLOTS;

	/* After a failure CURRENT stays, so the next attempt is at the same slot. */
	if (!write_slot(slots->fd, slot, size, (off_t)other * DBK_SLOT_BYTES))
		return dbk_error_set(
		    error, errno == ENOSPC ? DBK_FAILED_DISK_FULL : DBK_FAILED_IO,
		    "the seat cannot be written: %s", strerror(errno));
	slots->current = other;
	slots->sequence++;
	slots->size = text.size;
	memcpy(slots->text, text.bytes, text.size);
	return DBK_OK;
}
