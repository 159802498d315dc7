#include "query/sweep.h"

/* A chunk has a few hundred events with a few entries each, read faster than by links.
 */
#define STEPS_OF_CHUNK 256u

enum dbk_err
dbk_sweep_begin(struct dbk_sweep *sweep, struct dbk_reader *reader, uint32_t number)
{
	enum dbk_err err;

	dbk_reader_step(reader, STEPS_OF_CHUNK);
	err = dbk_reader_chunk(reader, number, &sweep->chunk);
	if (err != DBK_OK)
		return err;
	sweep->reader = reader;
	dbk_sweep_seek(sweep, dbk_chunk_first(sweep->chunk));
	return DBK_OK;
}

void
dbk_sweep_seek(struct dbk_sweep *sweep, uint32_t at)
{
	sweep->next_event = at;
	sweep->postings = 0;
}

enum dbk_err
dbk_sweep_event(struct dbk_sweep *sweep, bool *out_found)
{
	*out_found = false;
	if (sweep->next_event >= sweep->chunk->size)
		return DBK_OK;
	if (!dbk_chunk_get_event(sweep->chunk, sweep->next_event, &sweep->event))
		return dbk_reader_damaged(
		    sweep->reader,
		    dbk_chunk_loc(sweep->chunk->number, sweep->next_event));
	sweep->next_event += sweep->event.size;
	sweep->next_entry = sweep->event.entries_at;
	sweep->postings = sweep->event.n_postings;
	*out_found = true;
	return DBK_OK;
}

enum dbk_err
dbk_sweep_posting(struct dbk_sweep *sweep, bool *out_found)
{
	*out_found = false;
	if (sweep->postings == 0)
		return DBK_OK;
	if (!dbk_chunk_get_posting(sweep->chunk, sweep->next_entry, &sweep->entry))
		return dbk_reader_damaged(
		    sweep->reader,
		    dbk_chunk_loc(sweep->chunk->number, sweep->next_entry));
	sweep->next_entry += sweep->entry.size;
	sweep->postings--;
	*out_found = true;
	return DBK_OK;
}
