#include "bank_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "table.h"

static const struct table_column columns[] = {
	{ "payout", TABLE_TEXT, false },     { "agent", TABLE_TEXT, false },
	{ "payee_hash", TABLE_TEXT, false }, { "gross", TABLE_NUMBER, false },
	{ "tax", TABLE_NUMBER, false },	     { "net", TABLE_NUMBER, false },
};

/* The whole file in memory: a run has some thousand rows at most. */
static void
format(const struct bank_row *rows, size_t count, unsigned exponent, char **out_text,
       size_t *out_size)
{
	FILE *memory = open_memstream(out_text, out_size);
	struct table_style style = { .csv = true };
	struct table *table;

	dbk_assert(memory != NULL);
	table = table_open(memory, style, columns, sizeof columns / sizeof columns[0]);
	for (size_t i = 0; i < count; i++) {
		const struct bank_row *row = &rows[i];

		table_text(table, row->payout->payout);
		table_text(table, row->payout->agent);
		table_hex(table, row->payee_hash->data, row->payee_hash->len);
		table_money(table, row->payout->gross, exponent);
		table_money(table, row->tax, exponent);
		table_money(table, row->payout->gross - row->tax, exponent);
		table_end_row(table);
	}
	table_close(table);
	dbk_assert(fclose(memory) == 0);
}

static enum dbk_err
fail(const char *what, const char *path, struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_IO, "cannot %s %s: %s", what, path,
			     strerror(errno));
}

static bool
write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		size -= (size_t)written;
	}
	return fsync(fd) == 0;
}

/* The name in the folder is on disk, too. */
static void
sync_folder(const char *path)
{
	char *copy = strdup(path);
	int fd;

	dbk_assert(copy != NULL);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(copy);
}

static enum dbk_err
write_file(const char *path, const char *text, size_t size, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;
	char *beside;
	int fd;

	if (asprintf(&beside, "%s.tmp", path) < 0)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for a name");
	/* It says who is paid how much. */
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		err = fail("create", beside, error);
		free(beside);
		return err;
	}
	if (!write_all(fd, text, size))
		err = fail("write", beside, error);
	if (close(fd) != 0 && err == DBK_OK)
		err = fail("write", beside, error);
	if (err == DBK_OK && rename(beside, path) != 0)
		err = fail("replace", path, error);
	if (err == DBK_OK)
		sync_folder(path);
	else
		(void)unlink(beside);
	free(beside);
	return err;
}

enum dbk_err
bank_file_write(const char *path, const struct bank_row *rows, size_t count,
		unsigned exponent, unsigned char out_hash[DBK_DIGEST_BYTES],
		struct dbk_error *error)
{
	struct dbk_digest digest;
	enum dbk_err err;
	size_t size;
	char *text;

	format(rows, count, exponent, &text, &size);
	dbk_digest_init(&digest);
	dbk_digest_update(&digest, text, size);
	dbk_digest_final(&digest, out_hash);
	err = write_file(path, text, size, error);
	free(text);
	return err;
}
