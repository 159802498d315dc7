#include "query/control.h"

#include <string.h>

#include "query/sweep.h"

static enum dbk_err
add_event(struct dbk_sweep *sweep, struct dbk_code_totals *totals)
{
	for (;;) {
		struct dbk_code_totals *of;
		bool found;
		enum dbk_err err = dbk_sweep_posting(sweep, &found);

		if (err != DBK_OK || !found)
			return err;
		of = &totals[sweep->entry.kind];
		dbk_figures_post(&of->figures, sweep->entry.amount);
		of->postings++;
	}
}

/* Add the events of chunk NUMBER that stand at FROM or behind it and count as of CUT.
 */
static enum dbk_err
add_chunk(struct dbk_reader *reader, uint32_t number, const struct dbk_cut *cut,
	  uint64_t from, struct dbk_code_totals *totals)
{
	struct dbk_sweep sweep;
	enum dbk_err err = dbk_sweep_begin(&sweep, reader, number);
	bool found;

	while (err == DBK_OK) {
		err = dbk_sweep_event(&sweep, &found);
		if (err != DBK_OK || !found || sweep.event.loc >= cut->size_loc)
			break;
		if (sweep.event.loc >= from &&
		    dbk_cut_has(cut, sweep.event.loc, sweep.event.effective_at))
			err = add_event(&sweep, totals);
	}
	return err;
}

/* Everything before LOC. */
static enum dbk_err
totals_before(struct dbk_reader *reader, uint64_t loc, struct dbk_code_totals *totals)
{
	struct dbk_cut before = { .size_loc = loc,
				  .time = INT64_MAX,
				  .time_loc = UINT64_MAX };
	uint32_t number = dbk_chunk_of(loc);
	const struct dbk_chunk *chunk;
	enum dbk_err err;

	if (loc == reader->end) {
		memcpy(totals, reader->heads->totals, sizeof reader->heads->totals);
		return DBK_OK;
	}
	memset(totals, 0, sizeof reader->heads->totals);
	if (number > dbk_heads_last_chunk(reader->heads))
		return DBK_OK;
	err = dbk_reader_chunk(reader, number, &chunk);
	if (err != DBK_OK)
		return err;
	for (uint32_t code = 0; code < DBK_ACCOUNT_CODES; code++)
		totals[code] = dbk_chunk_totals(chunk, code);
	return add_chunk(reader, number, &before, 0, totals);
}

enum dbk_err
dbk_control_totals(struct dbk_reader *reader, const struct dbk_cut *cut,
		   struct dbk_code_totals out[DBK_ACCOUNT_CODES])
{
	enum dbk_err err = totals_before(reader, dbk_cut_plain_loc(cut), out);
	uint32_t chunk;

	if (err != DBK_OK || cut->time_loc >= cut->size_loc)
		return err;
	chunk = dbk_cut_behind_chunk(reader, cut, dbk_chunk_of(cut->size_loc));
	while (err == DBK_OK && chunk > 0) {
		err = add_chunk(reader, chunk, cut, cut->time_loc, out);
		chunk = dbk_cut_behind_chunk(reader, cut, chunk - 1);
	}
	return err;
}
