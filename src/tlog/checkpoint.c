#include "tlog/checkpoint.h"

#include <inttypes.h>

#include "tlog/lines.h"

void
dbk_checkpoint_put(struct dbk_str origin, uint64_t size,
		   const struct dbk_tree_hash *root, struct dbk_buf *out)
{
	dbk_buf_put(out, origin.bytes, origin.size);
	dbk_buf_printf(out, "\n%" PRIu64 "\n", size);
	dbk_lines_put_hash(out, root);
}

/* Lines of any content but none empty, each with its newline. */
static bool
are_extensions(struct dbk_str text)
{
	struct dbk_lines lines = dbk_lines_of(text);
	struct dbk_str line;

	while (dbk_lines_next(&lines, &line))
		if (line.size == 0)
			return false;
	return lines.rest.size == 0;
}

enum dbk_err
dbk_checkpoint_parse(struct dbk_str text, struct dbk_checkpoint *out,
		     struct dbk_error *error)
{
	struct dbk_lines lines = dbk_lines_of(text);
	struct dbk_checkpoint made;
	struct dbk_str line;

	if (!dbk_lines_are_plain(text))
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "checkpoint: no UTF-8, or with control characters");
	if (!dbk_lines_next(&lines, &made.origin) || made.origin.size == 0)
		return dbk_error_set(error, DBK_FAILED_INPUT, "checkpoint: no origin");
	if (!dbk_lines_next(&lines, &line) || !dbk_lines_number(line, &made.size))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "checkpoint: its second line is no size");
	if (!dbk_lines_next(&lines, &line) || !dbk_lines_hash(line, &made.root))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "checkpoint: its third line is no root");
	if (!are_extensions(lines.rest))
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "checkpoint: an empty line, or one cut off");
	made.extensions = lines.rest;
	*out = made;
	return DBK_OK;
}
