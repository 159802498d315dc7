#ifndef TOOLS_EXPORT_FOLDER_H
#define TOOLS_EXPORT_FOLDER_H

/*
 * folder.h -- a folder that is written by one program at a time: many files that count
 *for nothing until one last file names them.
 *
 *	folder_open()        made if it is missing, and locked
 *	folder_write()       any number of files; not synchronized
 *	folder_sync()        all of them are on the disk
 *	folder_replace()     the last one: there as it was, or as it is to be
 *
 * Names are paths within the folder.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stddef.h>

#include <daybook/error.h>

#include "base/buf.h"

struct folder {
	int fd;
	bool made; /* it was not there, or had nothing in it */
	const char *path;
};

/* One that is made, with the folders it stands in, is its owner's alone.  OURS may be
 * there, and it still counts as made now: a run that was killed at once leaves it.
 * LOCKED: another program writes there.  IO names the folder. */
enum dbk_err folder_open(struct folder *folder, const char *path, const char *ours,
			 struct dbk_error *error) DBK_MUST_CHECK;
void folder_close(struct folder *folder);

/* Write NAME whole, with the folders that it stands in.  DISK_FULL, IO. */
enum dbk_err folder_write(const struct folder *folder, const char *name,
			  const void *bytes, size_t size,
			  struct dbk_error *error) DBK_MUST_CHECK;

/* Read NAME into OUT, reset first.  NOT_FOUND; LIMIT above BYTES_MAX; MEMORY, IO. */
enum dbk_err folder_read(const struct folder *folder, const char *name,
			 size_t bytes_max, struct dbk_buf *out,
			 struct dbk_error *error) DBK_MUST_CHECK;

/* Everything written so far is on the disk: one call for any number of files, since it
 * is the file system that is synchronized. */
enum dbk_err folder_sync(const struct folder *folder,
			 struct dbk_error *error) DBK_MUST_CHECK;

/* Write NAME.tmp, bring it to the disk and rename it. */
enum dbk_err folder_replace(const struct folder *folder, const char *name,
			    const void *bytes, size_t size,
			    struct dbk_error *error) DBK_MUST_CHECK;

/* What errno says of NAME, as an error. */
enum dbk_err folder_failed(const struct folder *folder, const char *what,
			   const char *name, int error_number, struct dbk_error *error);

#endif
