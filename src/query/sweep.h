#ifndef DBK_QUERY_SWEEP_H
#define DBK_QUERY_SWEEP_H

/*
 * sweep.h -- forward through the events of one chunk and their entries.
 *
 * The chunk is borrowed from the reader, so no entry is read by other ways meanwhile.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "views/reader.h"

struct dbk_sweep {
	struct dbk_reader *reader;
	const struct dbk_chunk *chunk;
	uint32_t next_event, next_entry;
	uint32_t postings; /* of the event, still to come */
	struct dbk_chunk_event event;
	struct dbk_chunk_entry entry;
};

/* Before the first event of chunk NUMBER; counts as many steps as a chunk is worth. */
DBK_MUST_CHECK enum dbk_err dbk_sweep_begin(struct dbk_sweep *sweep,
					    struct dbk_reader *reader, uint32_t number);

/* To the event at byte AT instead of the next one. */
void dbk_sweep_seek(struct dbk_sweep *sweep, uint32_t at);

/* The next event into SWEEP->EVENT; false at the end of the chunk. */
DBK_MUST_CHECK enum dbk_err dbk_sweep_event(struct dbk_sweep *sweep, bool *out_found);

/* The next posting of the event into SWEEP->ENTRY; moves are not looked at. */
DBK_MUST_CHECK enum dbk_err dbk_sweep_posting(struct dbk_sweep *sweep, bool *out_found);

#endif
