#ifndef DBK_VIEWS_CHUNK_H
#define DBK_VIEWS_CHUNK_H

/*
 * chunk.h -- the bytes of the history: events with their postings and moves, packed in
 * the order of the log into chunks.  README.md draws the format byte by byte.
 *
 * A place in the history is a loc: chunk number * 65,536 + byte.  Chunks are numbered
 * from 1, so no loc is 0 and 0 means "none".  Locs rise with the position of the
 * record, so "before position P" and "before clock T" are comparisons of locs.
 *
 * An entry is a posting or a move.  Entries of one account, or of one stock position,
 * are a chain: each knows the one before, and every 32nd also the one 32 before, every
 * 1,024th also the one 1,024 before, and so on: a skip list that is appended to and
 * never changed.  Those entries, called marks, also carry the figures of the owner
 * after them.
 *
 * An event with more entries than DBK_CHUNK_PART_ENTRIES_MAX is written as several
 * parts of one position.  No part straddles chunks.
 *
 * Decoding is safe on any bytes: it fails rather than read outside, and pointers that
 * do not point back fail too, so that no walk is endless.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/accounts.h"
#include "books/effects.h"
#include "views/figures.h"

/* With LMDB's header of 16 bytes exactly 16 pages. */
#define DBK_CHUNK_BYTES 65516u

#define DBK_CHUNK_PART_ENTRIES_MAX 64u

/* Entries from mark to mark, as a power of two; and pointers of a mark: 32^6 = 2^30. */
#define DBK_CHUNK_MARK_SHIFT 5
#define DBK_CHUNK_LEVELS_MAX 6

static inline uint64_t
dbk_chunk_loc(uint32_t chunk, uint32_t at)
{
	return (uint64_t)chunk << 16 | at;
}

static inline uint32_t
dbk_chunk_of(uint64_t loc)
{
	return (uint32_t)(loc >> 16);
}

static inline uint32_t
dbk_chunk_at(uint64_t loc)
{
	return (uint32_t)(loc & 0xffff);
}

/* Sums of a code over all its accounts. */
struct dbk_code_totals {
	struct dbk_money_figures figures;
	uint64_t postings;
};

/* The first bytes of a chunk, opened. */
struct dbk_chunk_header {
	uint64_t base_position; /* of the first event */
	int64_t base_clock;
	uint32_t n_codes;
	uint32_t size; /* of the header: where the first event stands */
};

/* A part of an event, without its entries. */
struct dbk_chunk_event {
	uint64_t loc;
	uint32_t size;	     /* bytes, all entries included */
	uint32_t entries_at; /* byte of the first entry in the chunk */
	uint64_t position;
	int64_t clock;
	int64_t effective_at;
	uint32_t type;
	uint32_t rule;
	uint32_t order;
	uint32_t
	    order_back; /* 0: no earlier event of this order; else 1 + chunks back */
	uint32_t n_postings;
	uint32_t n_moves;
	bool late;
	bool prior_period; /* effective_at lies in a closed period */
	bool continued;	   /* a further part of the event before it */
};

/* True if an as-of time between its effective_at and its clock sees it out of order. */
static inline bool
dbk_chunk_event_is_behind(const struct dbk_chunk_event *event)
{
	return event->effective_at < event->clock;
}

/* A posting (move false) or a movement.  Links are locs, 0 for none. */
struct dbk_chunk_entry {
	uint64_t loc;
	uint32_t size;
	uint32_t
	    id; /* account or position; 0: account of the event's order, no links */
	uint8_t kind;  /* enum dbk_account_code or enum dbk_movement */
	uint8_t cause; /* postings only, enum dbk_cause, and ref */
	bool is_mark;
	uint8_t n_levels;
	uint32_t ref;
	int64_t amount;
	int64_t balance; /* account's balance, or on_hand, afterwards */
	int64_t units;	 /* moves only, and value */
	int64_t value;
	uint64_t event;
	uint64_t prev;
	uint64_t late; /* marks and behind entries: the last behind entry before this */
	bool is_behind;			       /* as its event */
	uint64_t levels[DBK_CHUNK_LEVELS_MAX]; /* marks: 32, 1024, ... entries before */
	int64_t debits;			       /* marks of accounts */
	struct dbk_stock_figures stock;	       /* marks of positions */
};

/* A chunk as stored or in memory; borrowed. */
struct dbk_chunk {
	const unsigned char *bytes;
	uint32_t size;
	uint32_t number;
	struct dbk_chunk_header header;
};

/* ----------------------------------------------------------------------- writing */

struct dbk_chunk_writer {
	unsigned char *bytes; /* DBK_CHUNK_BYTES of them */
	uint32_t size;	      /* used */
	uint32_t number;
	uint32_t event_at; /* of the event that is open */
	struct dbk_chunk_header header;
};

/* Start chunk NUMBER in the writer's bytes. */
void dbk_chunk_begin(struct dbk_chunk_writer *writer, uint32_t number,
		     uint64_t base_position, int64_t base_clock,
		     const struct dbk_code_totals totals[DBK_ACCOUNT_CODES]);

/* Go on writing a chunk of which SIZE bytes exist.  False if they are no chunk. */
bool dbk_chunk_resume(struct dbk_chunk_writer *writer, uint32_t number, uint32_t size);

/* True if a part with that many entries surely has room. */
bool dbk_chunk_has_room(const struct dbk_chunk_writer *writer, uint32_t n_postings,
			uint32_t n_moves);

/* Loc, size and entries_at of EVENT are not looked at. */
void dbk_chunk_put_event(struct dbk_chunk_writer *writer,
			 const struct dbk_chunk_event *event);

/* The next posting or move; its loc and event are set. */
void dbk_chunk_put_posting(struct dbk_chunk_writer *writer,
			   struct dbk_chunk_entry *entry);
void dbk_chunk_put_move(struct dbk_chunk_writer *writer, struct dbk_chunk_entry *entry);

void dbk_chunk_end_event(struct dbk_chunk_writer *writer);

/* ----------------------------------------------------------------------- reading */

/* Open the bytes of a chunk; false if they are none. */
bool dbk_chunk_open(struct dbk_chunk *chunk, uint32_t number,
		    const unsigned char *bytes, uint32_t size);

/* The sums of CODE over everything before the chunk; zero for codes not known then. */
struct dbk_code_totals dbk_chunk_totals(const struct dbk_chunk *chunk, uint32_t code);

/* Where in the chunk the events begin. */
static inline uint32_t
dbk_chunk_first(const struct dbk_chunk *chunk)
{
	return chunk->header.size;
}

/* The event part at byte AT; false if there is none. */
bool dbk_chunk_get_event(const struct dbk_chunk *chunk, uint32_t at,
			 struct dbk_chunk_event *out);

/* The posting or move at byte AT. */
bool dbk_chunk_get_posting(const struct dbk_chunk *chunk, uint32_t at,
			   struct dbk_chunk_entry *out);
bool dbk_chunk_get_move(const struct dbk_chunk *chunk, uint32_t at,
			struct dbk_chunk_entry *out);

#endif
