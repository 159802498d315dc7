#ifndef TOOLS_TEXT_FILE_H
#define TOOLS_TEXT_FILE_H

/*
 * text_file.h -- a small file as a whole.
 */

#include <stddef.h>

#include "base/buf.h"

/* The bytes of PATH ("-": stdin) into OUT.  EXIT_OK, or EXIT_FAILED with words, also if
 * there are more than MAX. */
int text_file_read(const char *path, size_t max, struct dbk_buf *out);

#endif
