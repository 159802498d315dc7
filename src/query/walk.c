#include "query/walk.h"

#include "event/event.h"

enum dbk_err
dbk_walk_window_make(struct dbk_reader *reader, const struct dbk_cut *cut, int64_t from,
		     int64_t to, uint64_t before, struct dbk_window *out)
{
	enum dbk_err err = DBK_OK;

	out->upper = *cut;
	out->from = from;
	out->from_loc = 0;
	if (before < out->upper.size_loc)
		out->upper.size_loc = before;
	if (to != DBK_TIME_ABSENT && to - 1 < out->upper.time) {
		out->upper.timed = true;
		out->upper.time = to - 1;
		err = dbk_cut_loc_of_time(reader, to - 1, &out->upper.time_loc);
	}
	if (err == DBK_OK && from != DBK_TIME_ABSENT)
		err = dbk_cut_loc_of_time(reader, from - 1, &out->from_loc);
	return err;
}

enum dbk_err
dbk_walk_begin(struct dbk_walk *walk, const struct dbk_window *window)
{
	walk->window = window;
	walk->plain = false;
	walk->entries_only = false;
	return dbk_cut_late_begin(&walk->late, &walk->trace, &window->upper);
}

/* A late line, while there is one. */
static enum dbk_err
next_late(struct dbk_walk *walk, bool *out_found)
{
	for (;;) {
		enum dbk_err err = dbk_cut_late_next(&walk->late, &walk->entry,
						     &walk->event, out_found);

		if (err != DBK_OK || !*out_found)
			return err;
		if (walk->event.effective_at >= walk->window->from)
			return DBK_OK;
	}
}

static enum dbk_err
next_plain(struct dbk_walk *walk, bool *out_found)
{
	struct dbk_trace_spot *spot = &walk->spot;

	*out_found = false;
	while (spot->index > 0 && spot->entry.loc >= walk->window->from_loc) {
		enum dbk_err err = DBK_OK;
		/* What is not behind its clock is effective at it, and so from FROM on.
		 */
		bool blind = walk->entries_only && !spot->entry.is_behind;

		walk->entry = spot->entry;
		if (!blind)
			err = dbk_reader_event(walk->trace.reader, spot->entry.event,
					       &walk->event);
		if (err == DBK_OK)
			err = dbk_trace_back(&walk->trace, spot);
		if (err != DBK_OK)
			return err;
		if (blind || walk->event.effective_at >= walk->window->from) {
			*out_found = true;
			return DBK_OK;
		}
	}
	return DBK_OK;
}

enum dbk_err
dbk_walk_next(struct dbk_walk *walk, bool *out_found)
{
	enum dbk_err err;

	if (!walk->plain) {
		err = next_late(walk, out_found);
		if (err != DBK_OK || *out_found)
			return err;
		walk->plain = true;
		err = dbk_trace_before(
		    &walk->trace, dbk_cut_plain_loc(&walk->window->upper), &walk->spot);
		if (err != DBK_OK)
			return err;
	}
	return next_plain(walk, out_found);
}

bool
dbk_walk_has_more(const struct dbk_walk *walk)
{
	return !walk->plain ||
	       (walk->spot.index > 0 && walk->spot.entry.loc >= walk->window->from_loc);
}
