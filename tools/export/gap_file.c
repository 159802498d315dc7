#include "export/gap_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "ledger/gaps.h"

uint64_t
gap_file_number(const unsigned char *at, unsigned bytes)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | at[i];
	return value;
}

static void
put_big(uint64_t value, unsigned bytes, FILE *file)
{
	for (unsigned i = bytes; i > 0; i--)
		(void)putc((int)(value >> (8 * (i - 1)) & 0xff), file);
}

static enum dbk_err
damaged(const struct gap_file *gaps, long at, struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_DAMAGED,
			     "%s/%s: byte %ld begins no entry", gaps->folder->path,
			     GAP_FILE_NAME, at);
}

/* *OUT_END: where the first entry from SIZE on begins, or one that is cut off. */
static enum dbk_err
find_end(const struct gap_file *gaps, uint64_t size, long *out_end,
	 struct dbk_error *error)
{
	unsigned char head[GAP_FILE_HEAD_BYTES];
	uint64_t least = 0;
	long bytes;

	(void)fseek(gaps->file, 0, SEEK_END);
	bytes = ftell(gaps->file);
	rewind(gaps->file);
	*out_end = 0;
	while (fread(head, 1, sizeof head, gaps->file) == sizeof head) {
		uint64_t position = gap_file_number(head, 8);
		long entry = GAP_FILE_HEAD_BYTES +
			     (long)gap_file_number(head + 8, 4) * GAP_FILE_GAP_BYTES;

		if (position >= size || *out_end + entry > bytes)
			return DBK_OK;
		if (position < least)
			return damaged(gaps, *out_end, error);
		least = position + 1;
		*out_end += entry;
		(void)fseek(gaps->file, *out_end, SEEK_SET);
	}
	return DBK_OK;
}

enum dbk_err
gap_file_open(struct gap_file *gaps, const struct folder *folder, uint64_t size,
	      struct dbk_error *error)
{
	int fd = openat(folder->fd, GAP_FILE_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	enum dbk_err err;
	long end;

	gaps->folder = folder;
	gaps->file = fd < 0 ? NULL : fdopen(fd, "r+");
	if (gaps->file == NULL)
		return folder_failed(folder, "open", GAP_FILE_NAME, errno, error);
	err = find_end(gaps, size, &end, error);
	if (err == DBK_OK &&
	    (fseek(gaps->file, end, SEEK_SET) != 0 || ftruncate(fd, end) != 0))
		err = folder_failed(folder, "cut", GAP_FILE_NAME, errno, error);
	return err;
}

enum dbk_err
gap_file_add(struct gap_file *gaps, struct dbk_str stored, uint64_t from, uint64_t to,
	     struct dbk_error *error)
{
	const unsigned char *hash;
	struct dbk_gaps found;
	uint32_t index;

	if (!dbk_gaps_of_reply(stored, &found))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "the log has a reply that cannot be opened");
	if (found.count == 0 || found.position < from || found.position >= to)
		return DBK_OK;
	put_big(found.position, 8, gaps->file);
	put_big(found.count, 4, gaps->file);
	while (dbk_gaps_next(&found, &index, &hash)) {
		put_big(index, 4, gaps->file);
		(void)fwrite(hash, 1, DBK_SHA256_BYTES, gaps->file);
	}
	if (ferror(gaps->file))
		return folder_failed(gaps->folder, "write", GAP_FILE_NAME, errno,
				     error);
	return DBK_OK;
}

enum dbk_err
gap_file_close(struct gap_file *gaps, struct dbk_error *error)
{
	FILE *file = gaps->file;

	gaps->file = NULL;
	if (file != NULL && fclose(file) != 0)
		return folder_failed(gaps->folder, "write", GAP_FILE_NAME, errno,
				     error);
	return DBK_OK;
}
