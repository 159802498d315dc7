#ifndef DAYBOOK_TESTS_TMPDIR_H
#define DAYBOOK_TESTS_TMPDIR_H

/*
 * tmpdir.h -- directories that a test leaves no trace of.
 *
 * They are made below $TMPDIR, else /tmp.  What a test cannot have (a mount needs root)
 * is said on standard error, and the test is to return.
 */

#include <stdbool.h>

#define TMPDIR_BYTES 256

/* Make an empty directory and write its name to OUT; aborts if it cannot. */
void tmpdir_make(char out[TMPDIR_BYTES]);

/* Delete DIR and everything below it; what is mounted on it is unmounted before. */
void tmpdir_remove(const char *dir);

/*
 * Mount a file system of SIZE_BYTES in memory on DIR; false, with a message, if that is
 * not permitted.
 */
bool tmpdir_mount(const char *dir, unsigned long long size_bytes);

/* Give the mounted file system another size, which may be below what is in use. */
bool tmpdir_resize(const char *dir, unsigned long long size_bytes);

#endif
