#ifndef TOOLS_REPLAY_BUNDLES_H
#define TOOLS_REPLAY_BUNDLES_H

/*
 * bundles.h -- the records of an export: in order, and by position.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"
#include "tlog/tile.h"

struct bundle {
	uint64_t number; /* UINT64_MAX: none is there */
	struct dbk_buf bytes;
	struct dbk_str records[DBK_TILE_WIDTH]; /* borrowed from BYTES */
	uint32_t n;
};

struct bundles {
	int fd;	       /* of the folder, borrowed */
	uint64_t size; /* records in all */
	uint64_t next; /* bundle */
	struct bundle forward, back;
};

void bundles_open(struct bundles *bundles, int fd, uint64_t size);
void bundles_close(struct bundles *bundles);

/* The next bundle, borrowed until the next call; *OUT_RECORDS of 0 at the end.  IO,
 * DAMAGED name the file. */
DBK_MUST_CHECK enum dbk_err bundles_next(struct bundles *bundles,
					 const struct dbk_str **out_records,
					 uint32_t *out_count, struct dbk_error *error);

/* The record at POSITION, borrowed until the next call; false if it cannot be read.  A
 * dbk_record_again_fn of struct bundles. */
bool bundles_again(void *bundles, uint64_t position, struct dbk_str *out);

#endif
