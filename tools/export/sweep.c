#include "export/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tlog/tree.h"

/* "tile", a level, six groups of an index, "p": none is deeper. */
#define DEPTH_MAX 12
#define PATH_BYTES 512

bool
sweep_keeps(const struct dbk_tile *tile, uint64_t size)
{
	unsigned level = tile->level == DBK_TILE_ENTRIES ? 0 : (unsigned)tile->level;
	uint64_t hashes = dbk_tree_level_size(size, level);

	if (tile->width == DBK_TILE_WIDTH)
		return tile->index < hashes / DBK_TILE_WIDTH;
	return tile->index == hashes / DBK_TILE_WIDTH &&
	       tile->width == hashes % DBK_TILE_WIDTH;
}

static int
sweep_file(const struct folder *folder, const char *path, uint64_t size)
{
	struct dbk_tile tile;

	if (!dbk_tile_parse(dbk_str_of(path), &tile) || sweep_keeps(&tile, size))
		return 0;
	return unlinkat(folder->fd, path, 0) == 0 || errno == ENOENT ? 0 : errno;
}

static bool
is_folder(const struct folder *folder, const char *path, unsigned char type)
{
	struct stat found;

	if (type != DT_UNKNOWN)
		return type == DT_DIR;
	return fstatat(folder->fd, path, &found, AT_SYMLINK_NOFOLLOW) == 0 &&
	       S_ISDIR(found.st_mode);
}

/* Gives zero, or errno.  A folder that is empty then goes as well; one that is not
 * tells so, which is no news. */
static int
sweep_folder(const struct folder *folder, const char *path, uint64_t size,
	     unsigned depth)
{
	int fd =
	    openat(folder->fd, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *entries = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int failure = 0;

	if (entries == NULL) {
		failure = errno == ENOENT ? 0 : errno;
		if (fd >= 0)
			(void)close(fd);
		return failure;
	}
	while (failure == 0 && (entry = readdir(entries)) != NULL) {
		char below[PATH_BYTES];

		if (entry->d_name[0] == '.' ||
		    snprintf(below, sizeof below, "%s/%s", path, entry->d_name) >=
			(int)sizeof below)
			continue;
		if (!is_folder(folder, below, entry->d_type))
			failure = sweep_file(folder, below, size);
		else if (depth < DEPTH_MAX)
			failure = sweep_folder(folder, below, size, depth + 1);
	}
	(void)closedir(entries);
	(void)unlinkat(folder->fd, path, AT_REMOVEDIR);
	return failure;
}

enum dbk_err
sweep(const struct folder *folder, uint64_t size, struct dbk_error *error)
{
	int failure = sweep_folder(folder, "tile", size, 0);

	if (failure != 0)
		return folder_failed(folder, "tidy up", "tile", failure, error);
	return DBK_OK;
}
