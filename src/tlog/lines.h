#ifndef DBK_TLOG_LINES_H
#define DBK_TLOG_LINES_H

/*
 * lines.h -- lines of the texts of this folder, and what stands in them.  Private to
 * it.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "tlog/tree.h"

struct dbk_lines {
	struct dbk_str rest; /* not yet given */
	unsigned number;     /* of the line that was given last, from 1 */
};

struct dbk_lines dbk_lines_of(struct dbk_str text);

/* The next line without its newline; false where nothing is left, or something that no
 * newline ends. */
bool dbk_lines_next(struct dbk_lines *lines, struct dbk_str *out_line);

/* Whether TEXT begins with PREFIX; it is taken off then. */
bool dbk_lines_skip(struct dbk_str *text, const char *prefix);

/* Decimal without leading zeros; the whole TEXT. */
bool dbk_lines_number(struct dbk_str text, uint64_t *out);

/* The base64 of a hash and nothing else, both ways; what is put has a newline. */
bool dbk_lines_hash(struct dbk_str text, struct dbk_tree_hash *out);
void dbk_lines_put_hash(struct dbk_buf *out, const struct dbk_tree_hash *hash);

/* What signed-note demands of its bytes: UTF-8, no control characters of ASCII (below
 * 0x20) but newlines. */
bool dbk_lines_are_plain(struct dbk_str text);

#endif
