#ifndef TOOLS_EXPORT_SWEEP_H
#define TOOLS_EXPORT_SWEEP_H

/*
 * sweep.h -- what an export has too much: partial tiles whose full ones are there, and
 * what a run that was killed has left.  Files that are no tiles are somebody else's.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "export/folder.h"
#include "tlog/tile.h"

/* Does a tree of SIZE leaves, laid out newly, have TILE? */
bool sweep_keeps(const struct dbk_tile *tile, uint64_t size);

/* Remove the tiles in FOLDER that a tree of SIZE leaves does not have.  IO. */
enum dbk_err sweep(const struct folder *folder, uint64_t size,
		   struct dbk_error *error) DBK_MUST_CHECK;

#endif
