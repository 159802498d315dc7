#ifndef TOOLS_EXPORT_OUT_FILE_H
#define TOOLS_EXPORT_OUT_FILE_H

/*
 * out_file.h -- a file that is there whole or not at all.
 *
 * It is written as FILE.tmp beside FILE, brought to the disk and then renamed.  "-", a
 * pipe or a device is written to as it is: a rename would replace it.
 *
 * Thread: belongs to one thread.
 */

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

struct out_file {
	char path[PATH_MAX];	    /* where it is to be; a link is followed */
	char written[PATH_MAX + 8]; /* what is written meanwhile */
	bool renames;		    /* the two differ */
	FILE *file;		    /* of out_file_create() */
};

/* Find the names for PATH.  Gives the exit code. */
int out_file_name(struct out_file *out, const char *path);

/* Open WRITTEN as FILE, empty.  Gives the exit code. */
int out_file_create(struct out_file *out);

/* Words on stderr for a write to WRITTEN that failed with ERROR_NUMBER; gives the exit
 * code. */
int out_file_failed(const struct out_file *out, int error_number);

/* Close FILE if it is open, and give the file its name, or, if CODE is not EXIT_OK,
 * remove it.  Gives CODE, or that of what went wrong here. */
int out_file_end(struct out_file *out, int code);

#endif
