#include "views/reader.h"

#include <string.h>

#include "views/view_private.h"

/* About a millisecond. */
#define STEPS_INSIDE_MAX 32768u

/* An entry is a cache miss or two and decoding; a row in sequence is neither. */
#define STEPS_OF_ENTRY 16u

static void
enter(struct dbk_reader *reader)
{
	dbk_gate_read_enter(&reader->view->gate);
	reader->steps_inside = 0;
}

static void
leave(struct dbk_reader *reader)
{
	if (reader->txn != NULL)
		dbk_shelf_end(reader->txn);
	reader->txn = NULL;
	/* Their bytes may go to the disk, or be appended to, now. */
	for (unsigned i = 0; i < DBK_READER_CHUNKS; i++)
		reader->chunks[i].number = 0;
	dbk_gate_read_leave(&reader->view->gate);
}

void
dbk_reader_begin(struct dbk_reader *reader, struct dbk_view *view,
		 struct dbk_error *error)
{
	memset(reader, 0, sizeof *reader);
	reader->view = view;
	reader->heads = &view->heads;
	reader->roster = &view->roster;
	reader->error = error;
	enter(reader);
	reader->size = dbk_view_size(view);
	reader->end = dbk_stream_end(&view->stream);
}

void
dbk_reader_end(struct dbk_reader *reader)
{
	leave(reader);
}

void
dbk_reader_step(struct dbk_reader *reader, uint32_t n)
{
	reader->steps += n;
	reader->steps_inside += n;
	if (reader->steps_inside < STEPS_INSIDE_MAX)
		return;
	leave(reader);
	enter(reader);
}

enum dbk_err
dbk_reader_damaged(const struct dbk_reader *reader, uint64_t loc)
{
	return dbk_error_set(reader->error, DBK_FAILED_DAMAGED,
			     "the history of the ledger view is damaged in chunk %u at "
			     "byte %u; rebuild the view",
			     dbk_chunk_of(loc), dbk_chunk_at(loc));
}

/* The bytes of a chunk that is not in memory. */
static enum dbk_err
fetch(struct dbk_reader *reader, uint32_t number, struct dbk_str *out)
{
	struct dbk_shelf *shelf = reader->view->shelf;
	enum dbk_err err;

	if (reader->txn == NULL) {
		err = dbk_shelf_read_begin(shelf, &reader->txn, reader->error);
		if (err != DBK_OK)
			return err;
	}
	err = dbk_shelf_chunk(shelf, reader->txn, number, out);
	if (err == DBK_OK)
		return DBK_OK;
	if (err == DBK_FAILED_NOT_FOUND)
		err = DBK_FAILED_DAMAGED;
	return dbk_error_set(reader->error, err,
			     "cannot read chunk %u of the ledger view", number);
}

enum dbk_err
dbk_reader_chunk(struct dbk_reader *reader, uint32_t number,
		 const struct dbk_chunk **out)
{
	struct dbk_chunk *chunk = &reader->chunks[number % DBK_READER_CHUNKS];
	const unsigned char *bytes;
	uint32_t size;

	*out = chunk;
	if (chunk->number == number && number != 0)
		return DBK_OK;
	chunk->number = 0;
	if (!dbk_stream_find(&reader->view->stream, number, &bytes, &size)) {
		struct dbk_str stored;
		enum dbk_err err = fetch(reader, number, &stored);

		if (err != DBK_OK)
			return err;
		bytes = (const unsigned char *)stored.bytes;
		size = stored.size;
	}
	if (!dbk_chunk_open(chunk, number, bytes, size)) {
		chunk->number = 0;
		return dbk_reader_damaged(reader, dbk_chunk_loc(number, 0));
	}
	return DBK_OK;
}

enum dbk_err
dbk_reader_entry(struct dbk_reader *reader, bool move, uint32_t id, uint64_t loc,
		 struct dbk_chunk_entry *out)
{
	const struct dbk_chunk *chunk;
	enum dbk_err err;
	bool good;

	dbk_reader_step(reader, STEPS_OF_ENTRY);
	err = dbk_reader_chunk(reader, dbk_chunk_of(loc), &chunk);
	if (err != DBK_OK)
		return err;
	good = move ? dbk_chunk_get_move(chunk, dbk_chunk_at(loc), out)
		    : dbk_chunk_get_posting(chunk, dbk_chunk_at(loc), out);
	if (!good || out->id != id)
		return dbk_reader_damaged(reader, loc);
	return DBK_OK;
}

enum dbk_err
dbk_reader_event(struct dbk_reader *reader, uint64_t loc, struct dbk_chunk_event *out)
{
	const struct dbk_chunk *chunk;
	enum dbk_err err = dbk_reader_chunk(reader, dbk_chunk_of(loc), &chunk);

	if (err != DBK_OK)
		return err;
	if (!dbk_chunk_get_event(chunk, dbk_chunk_at(loc), out))
		return dbk_reader_damaged(reader, loc);
	return DBK_OK;
}
