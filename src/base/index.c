#include "base/index.h"

#define SEGMENT_SLOTS 512u
#define SEGMENT_FULL 420u
#define DEPTH_MAX 26u

struct slot {
	uint32_t half;
	uint32_t value;
};

/* Directory entry i stands in row i + 1, segment s in rows 1 + s * 512 on, its depth and
 * fill in row s + 1: row 0 of a table is not ours. */
struct segment {
	uint16_t depth;
	uint16_t used;
};

enum dbk_err
dbk_index_init(struct dbk_index *index, struct dbk_journal *journal,
	       uint32_t max_segments)
{
	uint32_t *directory;

	if (dbk_rows_init(&index->slots, journal, sizeof(struct slot),
			   max_segments * SEGMENT_SLOTS + 1) != DBK_OK)
		return DBK_FAILED_MEMORY;
	if (dbk_rows_init(&index->directory, journal, sizeof(uint32_t),
			   (1u << DEPTH_MAX) + 1) != DBK_OK)
		return DBK_FAILED_MEMORY;
	if (dbk_rows_init(&index->depths, journal, sizeof(struct segment),
			   max_segments + 1) != DBK_OK)
		return DBK_FAILED_MEMORY;
	(void)dbk_rows_append(&index->slots, SEGMENT_SLOTS);
	(void)dbk_rows_append(&index->depths, 1);
	(void)dbk_rows_append(&index->directory, 1);
	directory = dbk_rows_touch(&index->directory, 1);
	*directory = 0;
	return DBK_OK;
}

void
dbk_index_fini(struct dbk_index *index)
{
	dbk_rows_fini(&index->slots);
	dbk_rows_fini(&index->directory);
	dbk_rows_fini(&index->depths);
}

/* The directory is indexed by the lowest bits of the half, a slot's home by its highest:
 * a split must not crowd the slots that it leaves. */
static uint32_t
segment_of(const struct dbk_index *index, uint32_t half)
{
	uint32_t entries = index->directory.count - 1;
	const uint32_t *entry =
		dbk_rows_row(&index->directory, (half & (entries - 1)) + 1);

	return *entry;
}

static uint32_t
home_of(uint32_t half)
{
	return half >> 23;
}

static uint32_t
slot_row(uint32_t segment, uint32_t slot)
{
	return 1 + segment * SEGMENT_SLOTS + slot;
}

struct dbk_index_walk
dbk_index_seek(const struct dbk_index *index, uint64_t hash)
{
	uint32_t half = (uint32_t)hash;
	struct dbk_index_walk walk = { segment_of(index, half), home_of(half),
				       SEGMENT_SLOTS, half };

	return walk;
}

uint32_t
dbk_index_next(const struct dbk_index *index, struct dbk_index_walk *walk)
{
	const struct slot *slots =
		dbk_rows_row(&index->slots, slot_row(walk->segment, 0));

	while (walk->left > 0) {
		const struct slot *slot = &slots[walk->slot];

		if (slot->value == 0)
			break;
		walk->slot = (walk->slot + 1) & (SEGMENT_SLOTS - 1);
		walk->left--;
		if (slot->half == walk->half)
			return slot->value;
	}
	walk->left = 0;
	return 0;
}

bool
dbk_index_has_room(const struct dbk_index *index)
{
	/* One insert splits at most DEPTH_MAX times, when all halves share their bits. */
	return dbk_rows_has_room(&index->depths, DEPTH_MAX + 1);
}

static void
put_slot(struct dbk_index *index, uint32_t segment, struct slot slot)
{
	uint32_t at = home_of(slot.half);
	struct segment *fill = dbk_rows_touch(&index->depths, segment + 1);

	for (;;) {
		const struct slot *seen =
			dbk_rows_row(&index->slots, slot_row(segment, at));

		if (seen->value == 0)
			break;
		at = (at + 1) & (SEGMENT_SLOTS - 1);
	}
	*(struct slot *)dbk_rows_touch(&index->slots, slot_row(segment, at)) = slot;
	fill->used++;
	dbk_assert(fill->used < SEGMENT_SLOTS);
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

/* Point every second directory entry of SEGMENT, by bit BIT, at SISTER. */
static void
redirect(struct dbk_index *index, uint32_t low_bits, uint32_t bit, uint32_t sister)
{
	uint32_t entries = index->directory.count - 1;

	for (uint32_t i = low_bits | (1u << bit); i < entries; i += 2u << bit) {
		uint32_t *entry = dbk_rows_touch(&index->directory, i + 1);

		*entry = sister;
	}
}

static void
split(struct dbk_index *index, uint32_t half)
{
	struct slot old[SEGMENT_SLOTS];
	uint32_t segment = segment_of(index, half);
	uint32_t sister = index->depths.count - 1;
	struct segment *fill = dbk_rows_touch(&index->depths, segment + 1);
	uint32_t bit = fill->depth;

	dbk_assert(bit < DEPTH_MAX);
	if ((1u << bit) == index->directory.count - 1)
		double_directory(index);
	(void)dbk_rows_append(&index->depths, 1);
	(void)dbk_rows_append(&index->slots, SEGMENT_SLOTS);
	for (uint32_t i = 0; i < SEGMENT_SLOTS; i++) {
		struct slot *slot =
			dbk_rows_touch(&index->slots, slot_row(segment, i));

		old[i] = *slot;
		slot->half = slot->value = 0;
	}
	fill->depth = (uint16_t)(bit + 1);
	fill->used = 0;
	((struct segment *)dbk_rows_touch(&index->depths, sister + 1))->depth =
		(uint16_t)(bit + 1);
	redirect(index, half & ((1u << bit) - 1), bit, sister);
	for (uint32_t i = 0; i < SEGMENT_SLOTS; i++)
		if (old[i].value != 0)
			put_slot(index, (old[i].half >> bit & 1) ? sister : segment,
				 old[i]);
}

void
dbk_index_add(struct dbk_index *index, uint64_t hash, uint32_t value)
{
	struct slot slot = { (uint32_t)hash, value };
	uint32_t segment = segment_of(index, slot.half);

	dbk_assert(value != 0);
	for (;;) {
		const struct segment *fill = dbk_rows_row(&index->depths, segment + 1);

		if (fill->used < SEGMENT_FULL)
			break;
		split(index, slot.half);
		segment = segment_of(index, slot.half);
	}
	put_slot(index, segment, slot);
}
