#include "replay/export_receipt.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "diag.h"
#include "proof/receipt.h"
#include "replay/bundles.h"
#include "text_file.h"
#include "tlog/checkpoint.h"
#include "tlog/tile.h"

#define NUMBER_BYTES 24

struct folder_of_tiles {
	const char *dir;
	int fd;
	uint64_t size;
	struct dbk_buf note;
	struct bundles bundles;
};

/* A dbk_tree_read_fn: hashes of a tile, which may be the last and narrow one. */
static enum dbk_err
read_hashes(void *context, unsigned level, uint64_t index, unsigned count,
	    struct dbk_tree_hash *out, struct dbk_error *error)
{
	const struct folder_of_tiles *f = context;
	uint64_t hashes = dbk_tree_level_size(f->size, level);
	struct dbk_tile tile = { (int)level, index / DBK_TILE_WIDTH, DBK_TILE_WIDTH };
	size_t bytes = count * sizeof *out;
	char path[DBK_TILE_PATH_BYTES];
	ssize_t n;
	int fd;

	if (tile.index == hashes / DBK_TILE_WIDTH)
		tile.width = (unsigned)(hashes % DBK_TILE_WIDTH);
	dbk_tile_path(&tile, path);
	fd = openat(f->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return dbk_error_set(error, dbk_err_of_errno(errno), "%s: %s", path,
				     strerror(errno));
	n = pread(fd, out, bytes,
		  (off_t)(index % DBK_TILE_WIDTH * sizeof(struct dbk_tree_hash)));
	(void)close(fd);
	if (n == (ssize_t)bytes)
		return DBK_OK;
	return dbk_error_set(error, DBK_FAILED_DAMAGED, "%s: is cut off", path);
}

static int
put_one(struct folder_of_tiles *f, const char *text, struct dbk_buf *out)
{
	const struct dbk_tree_reader reader = { read_hashes, f };
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_str record;
	uint64_t position;

	if (!cli_count_parse(text, &position)) {
		diag_error("position: \"%.60s\" is no number", text);
		return EXIT_USAGE;
	}
	if (position >= f->size) {
		diag_error("%s has %" PRIu64 " records, none at %" PRIu64, f->dir,
			   f->size, position);
		return EXIT_NOT_FOUND;
	}
	if (!bundles_again(&f->bundles, position, &record)) {
		diag_error("%s: record %" PRIu64 " cannot be read", f->dir, position);
		return EXIT_FAILED;
	}
	if (dbk_receipt_put(&reader, position, f->size, record,
			    dbk_str_make(f->note.bytes, f->note.size), out,
			    &error) != DBK_OK) {
		dbk_error_prepend(&error, "%s", f->dir);
		return diag_failure(&error);
	}
	return EXIT_OK;
}

static int
put_all(struct folder_of_tiles *f, const char *positions, struct dbk_buf *out)
{
	int code = EXIT_OK;

	while (code == EXIT_OK && positions != NULL) {
		const char *comma = strchr(positions, ',');
		size_t size =
		    comma == NULL ? strlen(positions) : (size_t)(comma - positions);
		char number[NUMBER_BYTES];

		if (size >= sizeof number)
			size = sizeof number - 1;
		memcpy(number, positions, size);
		number[size] = '\0';
		code = put_one(f, number, out);
		positions = comma == NULL ? NULL : comma + 1;
	}
	return code;
}

static int
read_checkpoint(struct folder_of_tiles *f)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_checkpoint checkpoint;
	struct dbk_note note;
	char path[4096];
	int code;

	if (snprintf(path, sizeof path, "%s/checkpoint", f->dir) >= (int)sizeof path) {
		diag_error("%.80s...: the path is too long", f->dir);
		return EXIT_USAGE;
	}
	code = text_file_read(path, DBK_NOTE_BYTES_MAX, &f->note);
	if (code != EXIT_OK)
		return code;
	if (dbk_note_parse(dbk_str_make(f->note.bytes, f->note.size), &note, &error) !=
		DBK_OK ||
	    dbk_checkpoint_parse(note.text, &checkpoint, &error) != DBK_OK) {
		diag_error("%s: is no checkpoint: %s", path, error.text);
		return EXIT_DAMAGED;
	}
	f->size = checkpoint.size;
	return EXIT_OK;
}

int
export_receipts(const char *dir, const char *positions, struct dbk_buf *out)
{
	struct folder_of_tiles f = { .dir = dir };
	int code;

	f.fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f.fd < 0) {
		diag_error("%s: %s", dir, strerror(errno));
		return EXIT_FAILED;
	}
	dbk_buf_init(&f.note);
	code = read_checkpoint(&f);
	bundles_open(&f.bundles, f.fd, f.size);
	if (code == EXIT_OK)
		code = put_all(&f, positions, out);
	bundles_close(&f.bundles);
	dbk_buf_fini(&f.note);
	(void)close(f.fd);
	return code;
}
