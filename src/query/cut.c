#include "query/cut.h"

/* Links followed through chunks without an event of interest before searching anew. */
#define BARREN_LINKS_MAX 64u

/* The last chunk whose first event lies before position SIZE (BY_TIME: has a clock not
 * past TIME); 0: none. */
static uint32_t
last_chunk(const struct dbk_heads *heads, bool by_time, uint64_t size, int64_t time)
{
	uint32_t low = 0, high = dbk_heads_last_chunk(heads);

	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;
		const struct dbk_chunk_head *head = dbk_heads_chunk(heads, middle);

		if (by_time ? head->base_clock <= time : head->base_position < size)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

/* The first event of chunk NUMBER that is not before SIZE and TIME, or the chunk's end.
 */
static enum dbk_err
seek(struct dbk_reader *reader, uint32_t number, bool by_time, uint64_t size,
     int64_t time, uint64_t *out_loc)
{
	const struct dbk_chunk *chunk;
	enum dbk_err err;
	uint32_t at;

	*out_loc = dbk_chunk_loc(1, 0);
	if (number == 0)
		return DBK_OK;
	err = dbk_reader_chunk(reader, number, &chunk);
	if (err != DBK_OK)
		return err;
	for (at = dbk_chunk_first(chunk); at < chunk->size;) {
		struct dbk_chunk_event event;

		if (!dbk_chunk_get_event(chunk, at, &event))
			return dbk_reader_damaged(reader, dbk_chunk_loc(number, at));
		if (by_time ? event.clock > time : event.position >= size)
			break;
		at += event.size;
	}
	*out_loc = dbk_chunk_loc(number, at);
	return DBK_OK;
}

enum dbk_err
dbk_cut_loc_of_size(struct dbk_reader *reader, uint64_t size, uint64_t *out_loc)
{
	*out_loc = reader->end;
	if (size == reader->size)
		return DBK_OK;
	return seek(reader, last_chunk(reader->heads, false, size, 0), false, size, 0,
		    out_loc);
}

enum dbk_err
dbk_cut_loc_of_time(struct dbk_reader *reader, int64_t time, uint64_t *out_loc)
{
	return seek(reader, last_chunk(reader->heads, true, 0, time), true, 0, time,
		    out_loc);
}

enum dbk_err
dbk_cut_clock(struct dbk_reader *reader, uint64_t size, int64_t *out_clock)
{
	uint32_t number = last_chunk(reader->heads, false, size, 0);
	const struct dbk_chunk *chunk;
	struct dbk_chunk_event event;
	enum dbk_err err;

	*out_clock = 0;
	if (number == 0)
		return DBK_OK;
	err = dbk_reader_chunk(reader, number, &chunk);
	if (err != DBK_OK)
		return err;
	for (uint32_t at = dbk_chunk_first(chunk); at < chunk->size; at += event.size) {
		if (!dbk_chunk_get_event(chunk, at, &event))
			return dbk_reader_damaged(reader, dbk_chunk_loc(number, at));
		if (event.position >= size)
			break;
		*out_clock = event.clock;
	}
	return DBK_OK;
}

enum dbk_err
dbk_cut_make(struct dbk_reader *reader, const struct dbk_as_of *as_of, uint64_t size,
	     struct dbk_cut *out)
{
	enum dbk_err err;

	if (size == UINT64_MAX)
		size = as_of->kind == DBK_AS_OF_SIZE ? as_of->size : reader->size;
	if (size > reader->size)
		return dbk_error_set(reader->error, DBK_FAILED_STATE,
				     "as_of: the ledger view holds %llu records, not "
				     "yet %llu",
				     (unsigned long long)reader->size,
				     (unsigned long long)size);
	out->size = size;
	out->timed = as_of->kind == DBK_AS_OF_TIME;
	out->time = out->timed ? as_of->effective_at : INT64_MAX;
	out->time_loc = UINT64_MAX;
	err = dbk_cut_loc_of_size(reader, size, &out->size_loc);
	if (err == DBK_OK && out->timed)
		err = dbk_cut_loc_of_time(reader, out->time, &out->time_loc);
	return err;
}

uint32_t
dbk_cut_behind_chunk(const struct dbk_reader *reader, const struct dbk_cut *cut,
		     uint32_t from)
{
	uint32_t last = dbk_heads_last_chunk(reader->heads);
	uint32_t down_to = dbk_chunk_of(cut->time_loc);

	for (uint32_t n = from < last ? from : last; n >= down_to && n > 0; n--)
		if (dbk_heads_chunk(reader->heads, n)->behind_from <= cut->time)
			return n;
	return 0;
}

enum dbk_err
dbk_cut_late_begin(struct dbk_cut_late *late, struct dbk_trace *trace,
		   const struct dbk_cut *cut)
{
	late->trace = trace;
	late->cut = cut;
	late->live = UINT32_MAX;
	late->barren = 0;
	late->loc = 0;
	if (cut->time_loc >= cut->size_loc)
		return DBK_OK;
	return dbk_trace_behind_before(trace, cut->size_loc, &late->loc);
}

/* From LOC, in a chunk where nothing counts, further back. */
static enum dbk_err
pass(struct dbk_cut_late *late)
{
	struct dbk_chunk_entry entry;
	struct dbk_trace *trace = late->trace;
	enum dbk_err err;

	if (++late->barren >= BARREN_LINKS_MAX) {
		late->barren = 0;
		return dbk_trace_behind_before(trace, dbk_chunk_loc(late->live + 1, 0),
					       &late->loc);
	}
	err =
	    dbk_reader_entry(trace->reader, trace->move, trace->id, late->loc, &entry);
	if (err == DBK_OK)
		late->loc = entry.late;
	return err;
}

/* Back to an entry in a chunk where something counts, or LOC 0. */
static enum dbk_err
settle(struct dbk_cut_late *late)
{
	while (late->loc != 0) {
		uint32_t chunk = dbk_chunk_of(late->loc);
		enum dbk_err err;

		if (late->loc < late->cut->time_loc)
			break;
		if (chunk < late->live)
			late->live =
			    dbk_cut_behind_chunk(late->trace->reader, late->cut, chunk);
		if (late->live == 0)
			break;
		if (chunk == late->live) {
			late->barren = 0;
			return DBK_OK;
		}
		err = pass(late);
		if (err != DBK_OK)
			return err;
	}
	late->loc = 0;
	return DBK_OK;
}

enum dbk_err
dbk_cut_late_next(struct dbk_cut_late *late, struct dbk_chunk_entry *entry,
		  struct dbk_chunk_event *event, bool *out_found)
{
	struct dbk_trace *trace = late->trace;

	*out_found = false;
	for (;;) {
		enum dbk_err err = settle(late);

		if (err != DBK_OK || late->loc == 0)
			return err;
		err = dbk_reader_entry(trace->reader, trace->move, trace->id, late->loc,
				       entry);
		if (err == DBK_OK)
			err = dbk_reader_event(trace->reader, entry->event, event);
		if (err != DBK_OK)
			return err;
		late->loc = entry->late;
		if (event->effective_at <= late->cut->time) {
			*out_found = true;
			return DBK_OK;
		}
	}
}

/* Entries past the time's loc that came late. */
static enum dbk_err
add_late(const struct dbk_cut *cut, struct dbk_trace *trace,
	 struct dbk_trace_figures *figures)
{
	struct dbk_chunk_entry entry;
	struct dbk_chunk_event event;
	struct dbk_cut_late late;
	enum dbk_err err = dbk_cut_late_begin(&late, trace, cut);
	bool found;

	while (err == DBK_OK) {
		err = dbk_cut_late_next(&late, &entry, &event, &found);
		if (err != DBK_OK || !found)
			break;
		dbk_trace_add(trace, figures, &entry);
	}
	return err;
}

enum dbk_err
dbk_cut_figures(const struct dbk_cut *cut, struct dbk_trace *trace,
		struct dbk_trace_figures *out)
{
	struct dbk_trace_spot spot;
	enum dbk_err err;

	if (trace->chain.last < dbk_cut_plain_loc(cut)) {
		*out = trace->head;
		return DBK_OK;
	}
	err = dbk_trace_before(trace, dbk_cut_plain_loc(cut), &spot);
	if (err == DBK_OK)
		err = dbk_trace_figures(trace, &spot, out);
	if (err == DBK_OK)
		err = add_late(cut, trace, out);
	return err;
}
