#include "views/chunk.h"

#include <string.h>

#include "base/assert.h"
#include "views/varint.h"

#define MAGIC "DBc2"
#define HEADER_FIXED_BYTES 24u
#define HEADER_CODE_BYTES 24u

enum event_flag {
	EVENT_LATE = 0x01,
	EVENT_LAG = 0x02,   /* effective_at is not the clock */
	EVENT_RULE = 0x04,  /* refused */
	EVENT_ORDER = 0x08, /* an order is concerned */
	EVENT_CONTINUED = 0x10,
	EVENT_PRIOR = 0x20 /* in a closed period */
};

/* Above the code or kind in the first byte of an entry. */
#define ENTRY_KIND 0x3f
enum entry_flag {
	ENTRY_LINKED = 0x40, /* posting: an account with a row */
	ENTRY_UNITS = 0x40,  /* move: units do not follow from the amount */
	ENTRY_EXTENDED = 0x80
};

/* The byte behind it in a posting. */
#define CAUSE_KIND 0x7f
enum cause_flag { CAUSE_REF = 0x80 };

/* First byte of the extension; the number of levels stands above. */
enum extension_flag { EXTENSION_MARK = 0x01, EXTENSION_BEHIND = 0x02 };
#define EXTENSION_LEVELS_SHIFT 2

/* Bounds of what is written, every number at its longest. */
#define EVENT_BYTES_MAX 56u
#define EXTENSION_BYTES_MAX (1u + 7u + 7u * DBK_CHUNK_LEVELS_MAX)
#define POSTING_BYTES_MAX                                                              \
	(1u + 1u + 5u + 5u + 3u + 7u + 10u + 10u + EXTENSION_BYTES_MAX + 10u)
#define MOVE_BYTES_MAX                                                                 \
	(1u + 5u + 3u + 7u + 10u + 10u + 10u + 10u + EXTENSION_BYTES_MAX +             \
	 10u * (DBK_STOCK_FIGURES_COUNT - 1))

_Static_assert(DBK_ACCOUNT_CODES <= ENTRY_KIND, "a code fits its bits");
_Static_assert(DBK_MOVE_KINDS <= ENTRY_KIND, "a kind fits its bits");
_Static_assert(DBK_CAUSES <= CAUSE_KIND, "a cause fits its bits");
_Static_assert(EVENT_BYTES_MAX + DBK_VARINT_SLACK +
		       DBK_CHUNK_PART_ENTRIES_MAX * MOVE_BYTES_MAX <
		   DBK_CHUNK_BYTES - HEADER_FIXED_BYTES -
		       HEADER_CODE_BYTES * DBK_ACCOUNT_CODES,
	       "the largest part fits an empty chunk");

/* ----------------------------------------------------------------------- numbers */

static void
put_u16(unsigned char *at, uint32_t value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
}

static void
put_u64(unsigned char *at, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

static uint64_t
get_u64(const unsigned char *at)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++)
		value |= (uint64_t)at[i] << (8 * i);
	return value;
}

/* A link back from FROM; 0 is none. */
static inline uint64_t
take_link(struct dbk_varint_place *p, uint64_t from)
{
	uint64_t distance = dbk_varint_take(p);

	if (distance == 0)
		return 0;
	if (distance >= from) {
		p->bad = true;
		return 0;
	}
	return from - distance;
}

static inline unsigned char *
put_link(unsigned char *at, uint64_t from, uint64_t to)
{
	dbk_assert(to < from);
	return dbk_varint_put(at, to == 0 ? 0 : from - to);
}

/* ----------------------------------------------------------------------- writing */

void
dbk_chunk_begin(struct dbk_chunk_writer *writer, uint32_t number,
		uint64_t base_position, int64_t base_clock,
		const struct dbk_code_totals totals[DBK_ACCOUNT_CODES])
{
	unsigned char *at = writer->bytes;

	memcpy(at, MAGIC, 4);
	put_u16(at + 4, DBK_ACCOUNT_CODES);
	put_u16(at + 6, 0);
	put_u64(at + 8, base_position);
	put_u64(at + 16, (uint64_t)base_clock);
	at += HEADER_FIXED_BYTES;
	for (unsigned code = 0; code < DBK_ACCOUNT_CODES; code++) {
		put_u64(at, (uint64_t)totals[code].figures.debits);
		put_u64(at + 8, (uint64_t)totals[code].figures.credits);
		put_u64(at + 16, totals[code].postings);
		at += HEADER_CODE_BYTES;
	}
	writer->number = number;
	writer->size = (uint32_t)(at - writer->bytes);
	writer->header.base_position = base_position;
	writer->header.base_clock = base_clock;
	writer->header.n_codes = DBK_ACCOUNT_CODES;
	writer->header.size = writer->size;
}

bool
dbk_chunk_resume(struct dbk_chunk_writer *writer, uint32_t number, uint32_t size)
{
	struct dbk_chunk chunk;

	if (!dbk_chunk_open(&chunk, number, writer->bytes, size))
		return false;
	writer->number = number;
	writer->size = size;
	writer->header = chunk.header;
	return true;
}

bool
dbk_chunk_has_room(const struct dbk_chunk_writer *writer, uint32_t n_postings,
		   uint32_t n_moves)
{
	dbk_assert(n_postings + n_moves <= DBK_CHUNK_PART_ENTRIES_MAX);
	return DBK_CHUNK_BYTES - writer->size >= EVENT_BYTES_MAX + DBK_VARINT_SLACK +
						     n_postings * POSTING_BYTES_MAX +
						     n_moves * MOVE_BYTES_MAX;
}

static uint8_t
event_flags(const struct dbk_chunk_event *event)
{
	uint8_t flags = 0;

	if (event->late)
		flags |= EVENT_LATE;
	if (event->effective_at != event->clock)
		flags |= EVENT_LAG;
	if (event->rule != 0)
		flags |= EVENT_RULE;
	if (event->order != 0)
		flags |= EVENT_ORDER;
	if (event->continued)
		flags |= EVENT_CONTINUED;
	if (event->prior_period)
		flags |= EVENT_PRIOR;
	return flags;
}

/* Where the writer's next byte goes, and that it has gone there. */
static inline unsigned char *
begin_put(const struct dbk_chunk_writer *writer)
{
	return writer->bytes + writer->size;
}

static inline void
end_put(struct dbk_chunk_writer *writer, const unsigned char *at)
{
	writer->size = (uint32_t)(at - writer->bytes);
}

void
dbk_chunk_put_event(struct dbk_chunk_writer *writer,
		    const struct dbk_chunk_event *event)
{
	unsigned char *at = begin_put(writer) + 2;

	dbk_assert(event->position >= writer->header.base_position);
	dbk_assert(event->clock >= writer->header.base_clock);
	writer->event_at = writer->size;
	*at++ = event_flags(event);
	at = dbk_varint_put(at, event->position - writer->header.base_position);
	at = dbk_varint_put(at, (uint64_t)event->clock -
				    (uint64_t)writer->header.base_clock);
	at = dbk_varint_put(at, event->type);
	if (event->effective_at != event->clock)
		at =
		    dbk_varint_put_signed(at, (int64_t)((uint64_t)event->clock -
							(uint64_t)event->effective_at));
	if (event->rule != 0)
		at = dbk_varint_put(at, event->rule);
	if (event->order != 0) {
		at = dbk_varint_put(at, event->order);
		at = dbk_varint_put(at, event->order_back);
	}
	at = dbk_varint_put(at, event->n_postings);
	end_put(writer, dbk_varint_put(at, event->n_moves));
}

void
dbk_chunk_end_event(struct dbk_chunk_writer *writer)
{
	dbk_assert(writer->size <= DBK_CHUNK_BYTES);
	put_u16(writer->bytes + writer->event_at, writer->size - writer->event_at);
}

static inline bool
is_extended(const struct dbk_chunk_entry *entry)
{
	return entry->is_mark || entry->is_behind;
}

static unsigned char *
put_extension(unsigned char *at, const struct dbk_chunk_entry *entry)
{
	*at++ = (uint8_t)((entry->is_mark ? EXTENSION_MARK : 0) |
			  (entry->is_behind ? EXTENSION_BEHIND : 0) |
			  entry->n_levels << EXTENSION_LEVELS_SHIFT);
	at = put_link(at, entry->loc, entry->late);
	for (unsigned i = 0; i < entry->n_levels; i++)
		at = put_link(at, entry->loc, entry->levels[i]);
	return at;
}

static inline unsigned char *
put_links(unsigned char *at, const struct dbk_chunk_entry *entry)
{
	at = dbk_varint_put(at, entry->id);
	at = dbk_varint_put(at, entry->loc - entry->event);
	return put_link(at, entry->loc, entry->prev);
}

static inline void
place_entry(const struct dbk_chunk_writer *writer, struct dbk_chunk_entry *entry)
{
	entry->loc = dbk_chunk_loc(writer->number, writer->size);
	entry->event = dbk_chunk_loc(writer->number, writer->event_at);
}

void
dbk_chunk_put_posting(struct dbk_chunk_writer *writer, struct dbk_chunk_entry *entry)
{
	bool linked = entry->id != 0;
	bool extended = linked && is_extended(entry);
	unsigned char *at = begin_put(writer);

	place_entry(writer, entry);
	*at++ = (uint8_t)(entry->kind | (linked ? ENTRY_LINKED : 0) |
			  (extended ? ENTRY_EXTENDED : 0));
	*at++ = (uint8_t)(entry->cause | (entry->ref != 0 ? CAUSE_REF : 0));
	if (entry->ref != 0)
		at = dbk_varint_put(at, entry->ref);
	if (linked)
		at = put_links(at, entry);
	at = dbk_varint_put_signed(at, entry->amount);
	at = dbk_varint_put_signed(at, entry->balance);
	if (extended) {
		at = put_extension(at, entry);
		if (entry->is_mark)
			at = dbk_varint_put(at, (uint64_t)entry->debits);
	}
	end_put(writer, at);
}

/* What the units of most movements are, given their amount. */
static int64_t
usual_units(uint8_t kind, int64_t amount)
{
	if (kind == DBK_MOVE_COUNTED)
		return amount;
	return amount < 0 ? (int64_t)(0 - (uint64_t)amount) : amount;
}

/* The first is on_hand, which the entry has as its balance. */
static unsigned char *
put_stock(unsigned char *at, struct dbk_stock_figures *stock)
{
	const int64_t *figures[] = DBK_STOCK_FIGURES_LIST(stock);

	for (unsigned i = 1; i < DBK_STOCK_FIGURES_COUNT; i++)
		at = dbk_varint_put_signed(at, *figures[i]);
	return at;
}

void
dbk_chunk_put_move(struct dbk_chunk_writer *writer, struct dbk_chunk_entry *entry)
{
	bool units = entry->units != usual_units(entry->kind, entry->amount);
	unsigned char *at = begin_put(writer);

	dbk_assert(entry->id != 0);
	place_entry(writer, entry);
	*at++ = (uint8_t)(entry->kind | (units ? ENTRY_UNITS : 0) |
			  (is_extended(entry) ? ENTRY_EXTENDED : 0));
	at = put_links(at, entry);
	at = dbk_varint_put_signed(at, entry->amount);
	at = dbk_varint_put_signed(at, entry->balance);
	if (units)
		at = dbk_varint_put_signed(at, entry->units);
	if (entry->kind == DBK_MOVE_RECEIVED)
		at = dbk_varint_put_signed(at, entry->value);
	if (is_extended(entry))
		at = put_extension(at, entry);
	if (entry->is_mark)
		at = put_stock(at, &entry->stock);
	end_put(writer, at);
}

/* ----------------------------------------------------------------------- reading */

bool
dbk_chunk_open(struct dbk_chunk *chunk, uint32_t number, const unsigned char *bytes,
	       uint32_t size)
{
	uint32_t n_codes;

	if (size < HEADER_FIXED_BYTES || size > DBK_CHUNK_BYTES ||
	    memcmp(bytes, MAGIC, 4) != 0)
		return false;
	n_codes = (uint32_t)bytes[4] | (uint32_t)bytes[5] << 8;
	if (n_codes > ENTRY_KIND ||
	    size < HEADER_FIXED_BYTES + n_codes * HEADER_CODE_BYTES)
		return false;
	chunk->bytes = bytes;
	chunk->size = size;
	chunk->number = number;
	chunk->header.base_position = get_u64(bytes + 8);
	chunk->header.base_clock = (int64_t)get_u64(bytes + 16);
	chunk->header.n_codes = n_codes;
	chunk->header.size = HEADER_FIXED_BYTES + n_codes * HEADER_CODE_BYTES;
	return true;
}

struct dbk_code_totals
dbk_chunk_totals(const struct dbk_chunk *chunk, uint32_t code)
{
	struct dbk_code_totals totals = { { 0, 0 }, 0 };
	const unsigned char *at;

	if (code >= chunk->header.n_codes)
		return totals;
	at = chunk->bytes + HEADER_FIXED_BYTES + code * HEADER_CODE_BYTES;
	totals.figures.debits = (int64_t)get_u64(at);
	totals.figures.credits = (int64_t)get_u64(at + 8);
	totals.postings = get_u64(at + 16);
	return totals;
}

static bool
place_at(const struct dbk_chunk *chunk, uint32_t at, struct dbk_varint_place *out)
{
	if (at < chunk->header.size || at >= chunk->size)
		return false;
	out->at = chunk->bytes + at;
	out->end = chunk->bytes + chunk->size;
	out->bad = false;
	return true;
}

bool
dbk_chunk_get_event(const struct dbk_chunk *chunk, uint32_t at,
		    struct dbk_chunk_event *out)
{
	struct dbk_varint_place p;
	uint8_t flags;

	if (!place_at(chunk, at, &p))
		return false;
	out->loc = dbk_chunk_loc(chunk->number, at);
	out->size = dbk_varint_take_byte(&p);
	out->size |= (uint32_t)dbk_varint_take_byte(&p) << 8;
	if (out->size < 3 || out->size > chunk->size - at)
		return false;
	p.end = chunk->bytes + at + out->size;
	flags = dbk_varint_take_byte(&p);
	out->position = chunk->header.base_position + dbk_varint_take(&p);
	out->clock =
	    (int64_t)((uint64_t)chunk->header.base_clock + dbk_varint_take(&p));
	out->type = dbk_varint_take_u32(&p);
	out->effective_at = out->clock;
	if ((flags & EVENT_LAG) != 0)
		out->effective_at = (int64_t)((uint64_t)out->clock -
					      (uint64_t)dbk_varint_take_signed(&p));
	out->rule = (flags & EVENT_RULE) != 0 ? dbk_varint_take_u32(&p) : 0;
	out->order = (flags & EVENT_ORDER) != 0 ? dbk_varint_take_u32(&p) : 0;
	out->order_back = (flags & EVENT_ORDER) != 0 ? dbk_varint_take_u32(&p) : 0;
	out->late = (flags & EVENT_LATE) != 0;
	out->continued = (flags & EVENT_CONTINUED) != 0;
	out->prior_period = (flags & EVENT_PRIOR) != 0;
	out->n_postings = dbk_varint_take_u32(&p);
	out->n_moves = dbk_varint_take_u32(&p);
	out->entries_at = (uint32_t)(p.at - chunk->bytes);
	return !p.bad;
}

static void
take_extension(struct dbk_varint_place *p, struct dbk_chunk_entry *out)
{
	uint8_t what = dbk_varint_take_byte(p);

	out->is_mark = (what & EXTENSION_MARK) != 0;
	out->is_behind = (what & EXTENSION_BEHIND) != 0;
	out->n_levels = (uint8_t)(what >> EXTENSION_LEVELS_SHIFT);
	out->late = take_link(p, out->loc);
	if (out->n_levels > DBK_CHUNK_LEVELS_MAX) {
		p->bad = true;
		out->n_levels = 0;
	}
	for (unsigned i = 0; i < out->n_levels; i++)
		out->levels[i] = take_link(p, out->loc);
}

static inline void
take_links(struct dbk_varint_place *p, struct dbk_chunk_entry *out)
{
	uint64_t back;

	out->id = dbk_varint_take_u32(p);
	back = dbk_varint_take(p);
	if (back >= dbk_chunk_at(out->loc) || out->id == 0) {
		p->bad = true;
		back = 0;
	}
	out->event = out->loc - back;
	out->prev = take_link(p, out->loc);
}

static inline bool
begin_entry(const struct dbk_chunk *chunk, uint32_t at, struct dbk_varint_place *p,
	    uint8_t *out_tag, struct dbk_chunk_entry *out)
{
	if (!place_at(chunk, at, p))
		return false;
	*out_tag = dbk_varint_take_byte(p);
	out->loc = dbk_chunk_loc(chunk->number, at);
	out->kind = *out_tag & ENTRY_KIND;
	out->is_mark = out->is_behind = false;
	out->n_levels = 0;
	out->late = 0;
	return true;
}

bool
dbk_chunk_get_posting(const struct dbk_chunk *chunk, uint32_t at,
		      struct dbk_chunk_entry *out)
{
	struct dbk_varint_place p;
	uint8_t tag, cause;

	if (!begin_entry(chunk, at, &p, &tag, out))
		return false;
	cause = dbk_varint_take_byte(&p);
	out->cause = cause & CAUSE_KIND;
	out->ref = (cause & CAUSE_REF) != 0 ? dbk_varint_take_u32(&p) : 0;
	out->id = 0;
	out->event = out->prev = 0;
	if ((tag & ENTRY_LINKED) != 0)
		take_links(&p, out);
	out->amount = dbk_varint_take_signed(&p);
	out->balance = dbk_varint_take_signed(&p);
	out->units = out->value = 0;
	if ((tag & ENTRY_EXTENDED) != 0)
		take_extension(&p, out);
	if (out->is_mark)
		out->debits = (int64_t)dbk_varint_take(&p);
	out->size = (uint32_t)(p.at - chunk->bytes) - at;
	return !p.bad && out->kind < DBK_ACCOUNT_CODES && out->cause < DBK_CAUSES;
}

bool
dbk_chunk_get_move(const struct dbk_chunk *chunk, uint32_t at,
		   struct dbk_chunk_entry *out)
{
	struct dbk_varint_place p;
	uint8_t tag;

	if (!begin_entry(chunk, at, &p, &tag, out))
		return false;
	take_links(&p, out);
	out->amount = dbk_varint_take_signed(&p);
	out->balance = dbk_varint_take_signed(&p);
	out->units = (tag & ENTRY_UNITS) != 0 ? dbk_varint_take_signed(&p)
					      : usual_units(out->kind, out->amount);
	out->value = out->kind == DBK_MOVE_RECEIVED ? dbk_varint_take_signed(&p) : 0;
	if ((tag & ENTRY_EXTENDED) != 0)
		take_extension(&p, out);
	if (out->is_mark) {
		int64_t *figures[] = DBK_STOCK_FIGURES_LIST(&out->stock);

		out->stock.on_hand = out->balance;
		for (unsigned i = 1; i < DBK_STOCK_FIGURES_COUNT; i++)
			*figures[i] = dbk_varint_take_signed(&p);
	}
	out->size = (uint32_t)(p.at - chunk->bytes) - at;
	return !p.bad && out->kind < DBK_MOVE_KINDS;
}
