#include "books/sources.h"

#include "books/core.h"

uint32_t
dbk_source_find(const struct dbk_books *books, struct dbk_str name)
{
	return dbk_names_find(&books->names, DBK_SPACE_SOURCE, name);
}

uint32_t
dbk_source_intern(struct dbk_books *books, struct dbk_str name)
{
	uint32_t source = dbk_source_find(books, name);

	if (source != 0 || name.size == 0 ||
	    !dbk_names_has_room(&books->names, DBK_SPACE_SOURCE))
		return source;
	return dbk_names_add(&books->names, DBK_SPACE_SOURCE, name);
}

const struct dbk_row_source *
dbk_source_row(const struct dbk_books *books, uint32_t source)
{
	return DBK_ROW(books, sources, source, source);
}

static void
keep_reply(struct dbk_books *books, struct dbk_row_source *row, uint64_t batch_seq,
	   struct dbk_reply_place place)
{
	struct dbk_row_reply *reply;

	dbk_assert(place.group <= UINT32_MAX && place.first_position <= UINT32_MAX);
	if (row->replies == 0)
		row->replies =
			dbk_rows_append(&books->replies, DBK_SOURCE_REPLIES_KEPT);
	reply = DBK_TOUCH(books, replies, reply,
			  row->replies +
				  (uint32_t)(batch_seq % DBK_SOURCE_REPLIES_KEPT));
	reply->batch_seq = batch_seq;
	reply->group = (uint32_t)place.group;
	reply->position = (uint32_t)place.first_position;
	reply->index = place.index;
}

void
dbk_source_record(struct dbk_books *books, uint32_t source, uint64_t batch_seq,
		  const struct dbk_batch_counts *counts, struct dbk_reply_place place)
{
	struct dbk_row_source *row = DBK_TOUCH(books, sources, source, source);

	row->batches++;
	row->accepted += counts->accepted;
	row->duplicates += counts->duplicates;
	row->refused += counts->refused;
	row->invalid += counts->invalid;
	if (batch_seq == 0)
		return;
	dbk_assert(batch_seq == row->last_batch_seq + 1);
	row->last_batch_seq = batch_seq;
	keep_reply(books, row, batch_seq, place);
}

bool
dbk_source_reply(const struct dbk_books *books, uint32_t source, uint64_t batch_seq,
		 struct dbk_reply_place *out_place)
{
	const struct dbk_row_source *row = dbk_source_row(books, source);
	const struct dbk_row_reply *reply;

	if (row->replies == 0 || batch_seq == 0)
		return false;
	reply = DBK_ROW(books, replies, reply,
			row->replies +
				(uint32_t)(batch_seq % DBK_SOURCE_REPLIES_KEPT));
	if (reply->batch_seq != batch_seq)
		return false;
	out_place->group = reply->group;
	out_place->first_position = reply->position;
	out_place->index = reply->index;
	return true;
}
