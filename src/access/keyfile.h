#ifndef DBK_ACCESS_KEYFILE_H
#define DBK_ACCESS_KEYFILE_H

/*
 * keyfile.h -- files that nobody else may read: whole files in and out, and their
 * modes.
 *
 * Thread: any; two that write one name at a time are the caller's bug.
 */

#include <stdbool.h>
#include <stddef.h>

#include <daybook/error.h>

/* Who may read a file of secrets. */
enum dbk_keyfile_guard {
	DBK_KEYFILE_OWNER,  /* in KEYS: its owner alone */
	DBK_KEYFILE_NOT_ALL /* elsewhere: a group may (systemd's credentials) */
};

/*
 * The whole file PATH into OUT of ROOM bytes, which may be secret memory: nothing is
 * buffered elsewhere.  NOT_FOUND; INPUT if GUARD is broken; LIMIT if the file
 * is longer than ROOM; IO.
 */
DBK_MUST_CHECK enum dbk_err dbk_keyfile_read(const char *path,
					     enum dbk_keyfile_guard guard, void *out,
					     size_t room, size_t *out_size,
					     struct dbk_error *error);

/* SIZE bytes become the file PATH, 0600: written beside it, synchronized, renamed into
 * place, the folder synchronized.  DISK_FULL, IO. */
DBK_MUST_CHECK enum dbk_err dbk_keyfile_write(const char *path, const void *bytes,
					      size_t size, struct dbk_error *error);

/* DIR and all files in it, and those in its folders, are their owner's alone; INPUT
 * names the first that is not, and the command that mends it. */
DBK_MUST_CHECK enum dbk_err dbk_keyfile_check_dir(const char *dir,
						  struct dbk_error *error);

#endif
