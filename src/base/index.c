#include "base/index.h"

#include <string.h>

#define SEGMENT_SLOTS 512u
#define SEGMENT_FULL 352u
#define SEGMENTS_MAX (1u << 23)

/* A walk begins at a line of the processor's cache. */
#define LINE_SLOTS 8u
#define LINES 64u

#define DEPTH_FIRST 4u
#define DEPTH_MAX 26u

/*
 * TAG is a 1 and below it the bits of the hash that are still known: 31 when the value
 * came in, one less after every split of its segment.  The lowest ones say in which
 * line the walk begins, and the very lowest where the value goes at the next split.
 */
struct slot {
	uint32_t tag;
	uint32_t value;
};

/*
 * Row 0 of a table is not ours.  Directory entry i stands in row i + 1 and is a segment
 * with its depth above it; the segments' slots begin at row 8, on a line; depth and
 * fill of segment s are in row s + 1.
 */
struct segment {
	uint16_t depth;
	uint16_t used;
};

#define FIRST_SLOT LINE_SLOTS
#define ENTRY_SEGMENT_BITS 24u

_Static_assert(DEPTH_MAX - DEPTH_FIRST + 6 <= 31, "a tag always knows its line");
_Static_assert(DEPTH_MAX + 31 <= 64, "a hash has the bits of the deepest tag");
_Static_assert(SEGMENTS_MAX <= 1u << ENTRY_SEGMENT_BITS, "an entry holds a segment");
_Static_assert(SEGMENT_SLOTS == LINES * LINE_SLOTS, "lines fill a segment");

static uint32_t
entry_of(uint32_t segment, uint32_t depth)
{
	return depth << ENTRY_SEGMENT_BITS | segment;
}

static uint32_t
add_segments(struct dbk_index *index, uint32_t n)
{
	(void)dbk_rows_append(&index->slots, n * SEGMENT_SLOTS);
	return dbk_rows_append(&index->segments, n) - 1;
}

static void
make_first_segments(struct dbk_index *index)
{
	uint32_t n = 1u << DEPTH_FIRST;

	(void)dbk_rows_append(&index->slots, FIRST_SLOT - 1);
	(void)dbk_rows_append(&index->directory, n);
	(void)add_segments(index, n);
	for (uint32_t i = 0; i < n; i++) {
		struct segment *segment = dbk_rows_touch(&index->segments, i + 1);
		uint32_t *entry = dbk_rows_touch(&index->directory, i + 1);

		segment->depth = DEPTH_FIRST;
		*entry = entry_of(i, DEPTH_FIRST);
	}
}

enum dbk_err
dbk_index_init(struct dbk_index *index, struct dbk_journal *journal,
	       uint32_t max_segments)
{
	dbk_assert(max_segments >= 64 && max_segments < SEGMENTS_MAX);
	if (dbk_rows_init(&index->slots, journal, sizeof(struct slot),
			  max_segments * SEGMENT_SLOTS + FIRST_SLOT) != DBK_OK)
		return DBK_FAILED_MEMORY;
	if (dbk_rows_init(&index->directory, journal, sizeof(uint32_t),
			  (1u << DEPTH_MAX) + 1) != DBK_OK)
		return DBK_FAILED_MEMORY;
	if (dbk_rows_init(&index->segments, journal, sizeof(struct segment),
			  max_segments + 1) != DBK_OK)
		return DBK_FAILED_MEMORY;
	make_first_segments(index);
	return DBK_OK;
}

void
dbk_index_fini(struct dbk_index *index)
{
	dbk_rows_fini(&index->slots);
	dbk_rows_fini(&index->directory);
	dbk_rows_fini(&index->segments);
}

static uint32_t
find_entry(const struct dbk_index *index, uint64_t hash)
{
	uint32_t entries = index->directory.count - 1;
	const uint32_t *entry = dbk_rows_row_sized(
	    &index->directory, ((uint32_t)hash & (entries - 1)) + 1, sizeof *entry);

	return *entry;
}

static uint32_t
first_slot_of(uint32_t bits)
{
	return (bits & (LINES - 1)) * LINE_SLOTS;
}

static uint32_t
slot_row(uint32_t segment, uint32_t slot)
{
	return FIRST_SLOT + segment * SEGMENT_SLOTS + slot;
}

static inline const struct slot *
slots_of(const struct dbk_index *index, uint32_t segment)
{
	return dbk_rows_row_sized(&index->slots, slot_row(segment, 0),
				  sizeof(struct slot));
}

static inline const struct segment *
segment_row(const struct dbk_index *index, uint32_t segment)
{
	return dbk_rows_row_sized(&index->segments, segment + 1,
				  sizeof(struct segment));
}

struct dbk_index_walk
dbk_index_seek(const struct dbk_index *index, uint64_t hash)
{
	uint32_t entry = find_entry(index, hash);
	uint32_t bits = (uint32_t)(hash >> (entry >> ENTRY_SEGMENT_BITS));
	struct dbk_index_walk walk = { entry & ((1u << ENTRY_SEGMENT_BITS) - 1),
				       first_slot_of(bits), SEGMENT_SLOTS, bits };

	return walk;
}

/* Do the bits below the highest 1 of TAG equal those of BITS? */
static bool
tag_fits(uint32_t tag, uint32_t bits)
{
	uint32_t unknown = (uint32_t)__builtin_clz(tag) + 1;

	return (tag ^ bits) << unknown == 0;
}

uint32_t
dbk_index_next(const struct dbk_index *index, struct dbk_index_walk *walk)
{
	const struct slot *slots = slots_of(index, walk->segment);

	uint32_t at = walk->slot, left = walk->left, value = 0;

	while (left > 0) {
		struct slot slot = slots[at];

		if (slot.value == 0) {
			left = 0;
			break;
		}
		at = (at + 1) & (SEGMENT_SLOTS - 1);
		left--;
		if (tag_fits(slot.tag, walk->bits)) {
			value = slot.value;
			break;
		}
	}
	walk->slot = at;
	walk->left = left;
	return value;
}

void
dbk_index_prefetch(const struct dbk_index *index, uint64_t hash)
{
	struct dbk_index_walk walk = dbk_index_seek(index, hash);

	__builtin_prefetch(slots_of(index, walk.segment) + walk.slot, 1);
	__builtin_prefetch(segment_row(index, walk.segment), 1);
}

bool
dbk_index_has_room(const struct dbk_index *index)
{
	/* One insert splits at most so often, when all hashes share their bits. */
	return dbk_rows_has_room(&index->segments, DEPTH_MAX + 1);
}

/* The first free slot of SLOTS for TAG. */
static uint32_t
free_slot(const struct slot *slots, uint32_t tag)
{
	uint32_t at = first_slot_of(tag);

	while (slots[at].value != 0)
		at = (at + 1) & (SEGMENT_SLOTS - 1);
	return at;
}

static void
put_slot(struct dbk_index *index, uint32_t segment, struct slot slot)
{
	struct segment *fill =
	    dbk_rows_touch_sized(&index->segments, segment + 1, sizeof *fill);
	uint32_t first = slot_row(segment, 0), at;

	dbk_assert(fill->used < SEGMENT_SLOTS - 1);
	at = free_slot(slots_of(index, segment), slot.tag);
	*(struct slot *)dbk_rows_touch_sized(&index->slots, first + at, sizeof slot) =
	    slot;
	fill->used++;
}

static void
double_directory(struct dbk_index *index)
{
	uint32_t entries = index->directory.count - 1;
	uint32_t first = dbk_rows_append(&index->directory, entries);

	for (uint32_t i = 0; i < entries; i++) {
		uint32_t *entry = dbk_rows_touch(&index->directory, first + i);

		*entry = *(const uint32_t *)dbk_rows_row(&index->directory, i + 1);
	}
}

/* Enter SEGMENT, split at bit DEPTH, and its SISTER for all hashes that end in
 * LOW_BITS. */
static void
redirect(struct dbk_index *index, uint32_t low_bits, uint32_t depth, uint32_t segment,
	 uint32_t sister)
{
	uint32_t entries = index->directory.count - 1;

	for (uint32_t i = low_bits; i < entries; i += 1u << depth) {
		uint32_t *entry = dbk_rows_touch(&index->directory, i + 1);

		*entry = entry_of(i >> depth & 1 ? sister : segment, depth + 1);
	}
}

static void
set_segment(struct dbk_index *index, uint32_t segment, uint32_t depth, uint32_t used)
{
	struct segment *row = dbk_rows_touch(&index->segments, segment + 1);

	dbk_assert(used < SEGMENT_SLOTS);
	row->depth = (uint16_t)depth;
	row->used = (uint16_t)used;
}

/* Deal the slots OLD out to the two halves, both empty; how many went to each. */
static void
deal(const struct slot *old, struct slot *const halves[2], uint32_t used[2])
{
	for (uint32_t i = 0; i < SEGMENT_SLOTS; i++) {
		struct slot slot = { old[i].tag >> 1, old[i].value };
		uint32_t half = old[i].tag & 1;

		if (slot.value == 0)
			continue;
		halves[half][free_slot(halves[half], slot.tag)] = slot;
		used[half]++;
	}
}

static void
split(struct dbk_index *index, uint32_t segment, uint32_t depth, uint64_t hash)
{
	struct slot old[SEGMENT_SLOTS];
	uint32_t sister = add_segments(index, 1), used[2] = { 0, 0 };
	struct slot *halves[2];

	dbk_assert(depth < DEPTH_MAX);
	if ((1u << depth) == index->directory.count - 1)
		double_directory(index);
	redirect(index, (uint32_t)hash & ((1u << depth) - 1), depth, segment, sister);
	halves[0] = dbk_rows_touch_run(&index->slots, slot_row(segment, 0),
				       SEGMENT_SLOTS);
	halves[1] = dbk_rows_touch_run(&index->slots, slot_row(sister, 0),
				       SEGMENT_SLOTS);
	memcpy(old, halves[0], sizeof old);
	memset(halves[0], 0, sizeof old);
	deal(old, halves, used);
	set_segment(index, segment, depth + 1, used[0]);
	set_segment(index, sister, depth + 1, used[1]);
}

void
dbk_index_add(struct dbk_index *index, uint64_t hash, uint32_t value)
{
	struct slot slot = { 0, value };
	uint32_t segment, depth;

	dbk_assert(value != 0);
	for (;;) {
		uint32_t entry = find_entry(index, hash);
		const struct segment *row;

		segment = entry & ((1u << ENTRY_SEGMENT_BITS) - 1);
		depth = entry >> ENTRY_SEGMENT_BITS;
		row = segment_row(index, segment);
		if (row->used < SEGMENT_FULL)
			break;
		split(index, segment, depth, hash);
	}
	slot.tag = UINT32_C(1) << 31 | (uint32_t)(hash >> depth);
	put_slot(index, segment, slot);
}
