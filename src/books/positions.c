/*
 * positions.c -- who holds what, and movements.
 *
 * Every movement has two sides in units.  One is a position (holder, good, place) or the
 * brand's supply; the other is supply, transit, a kind of consumption, a difference of a
 * count, or another position.  The sums of a good's sides are 0 at every position of the
 * log: dbk_books_check() walks them.
 */

#include "books/goods_core.h"

static bool
holder_intern(struct dbk_decision *d, uint32_t kind, uint32_t owner, uint32_t *holder,
	      struct dbk_str name)
{
	struct dbk_named named = { .kind = DBK_NAMED_HOLDER,
				   .holder_kind = (uint8_t)kind };
	struct dbk_row_holder *row;

	if (*holder != 0)
		return true;
	if (!dbk_rows_has_room(&d->books->holders, 1))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("holder"),
					   d->books->holders.count,
					   d->books->holders.max);
	*holder = dbk_rows_append(&d->books->holders, 1);
	row = DBK_TOUCH(d->books, holders, holder, *holder);
	row->kind = kind;
	row->owner = owner;
	named.id = *holder;
	dbk_effects_name(d->effects, named, name);
	return true;
}

bool
dbk_agent_holder(struct dbk_decision *d, uint32_t agent, uint32_t *out_holder)
{
	uint32_t holder = DBK_ROW(d->books, agents, agent, agent)->holder;

	if (!holder_intern(d, DBK_HOLDER_AGENT, agent, &holder,
			   dbk_names_get(&d->books->names, DBK_SPACE_AGENT, agent)))
		return false;
	if (DBK_ROW(d->books, agents, agent, agent)->holder == 0)
		DBK_TOUCH(d->books, agents, agent, agent)->holder = holder;
	*out_holder = holder;
	return true;
}

static bool
location_holder(struct dbk_decision *d, struct dbk_str name, uint32_t *out_holder)
{
	uint32_t location, holder;

	if (!dbk_intern(d, DBK_SPACE_LOCATION, name, &location))
		return false;
	holder = DBK_ROW(d->books, locations, location, location)->holder;
	if (!holder_intern(d, DBK_HOLDER_LOCATION, location, &holder, name))
		return false;
	if (DBK_ROW(d->books, locations, location, location)->holder == 0)
		DBK_TOUCH(d->books, locations, location, location)->holder = holder;
	*out_holder = holder;
	return true;
}

bool
dbk_holder_find(struct dbk_decision *d, struct dbk_field field,
		const struct dbk_holder *holder, bool active, uint32_t *out_holder)
{
	uint32_t agent;

	*out_holder = 0;
	if (holder->kind == DBK_HOLDER_SUPPLY)
		return true;
	if (holder->kind == DBK_HOLDER_LOCATION)
		return location_holder(d, holder->location, out_holder);
	return dbk_agent_find(d, field, holder->agent, active, &agent) &&
	       dbk_agent_holder(d, agent, out_holder);
}

uint64_t
dbk_position_hash(const struct dbk_books *books, uint32_t holder, uint32_t good,
		  uint32_t place)
{
	uint32_t key[4] = { DBK_SPACE_POSITION, holder, good, place };

	return dbk_hash_short(key, sizeof key, books->names.key);
}

static bool
position_open(struct dbk_decision *d, uint32_t holder, uint32_t good, uint32_t place,
	      uint32_t *out)
{
	struct dbk_books *books = d->books;
	const struct dbk_row_good *of = DBK_ROW(books, goods, good, good);
	struct dbk_named named = { .kind = DBK_NAMED_POSITION,
				   .place = (uint8_t)place,
				   .holder = holder,
				   .sku = of->sku,
				   .lot = of->lot };
	struct dbk_row_position *row;

	if (!dbk_rows_has_room(&books->positions, 1) ||
	    !dbk_index_has_room(&books->names.index))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("holder"),
					   books->positions.count, books->positions.max);
	*out = dbk_rows_append(&books->positions, 1);
	row = DBK_TOUCH(books, positions, position, *out);
	row->holder = holder;
	row->good = good;
	row->place = (uint8_t)place;
	row->next = DBK_ROW(books, holders, holder, holder)->first_position;
	DBK_TOUCH(books, holders, holder, holder)->first_position = *out;
	DBK_TOUCH(books, holders, holder, holder)->n_positions++;
	dbk_index_add(&books->names.index, dbk_position_hash(books, holder, good, place),
		      *out);
	named.id = *out;
	dbk_effects_name(d->effects, named, dbk_str_make("", 0));
	return true;
}

static bool
is_position(const struct dbk_books *books, uint32_t id, uint32_t holder, uint32_t good,
	    uint32_t place)
{
	const struct dbk_row_position *row;

	if (id == 0 || id >= books->positions.count)
		return false;
	row = DBK_ROW(books, positions, position, id);
	return row->holder == holder && row->good == good && row->place == place;
}

uint32_t
dbk_position_known(const struct dbk_books *books, uint32_t holder, uint32_t good,
		   uint32_t place)
{
	struct dbk_index_walk walk =
		dbk_index_seek(&books->names.index,
			       dbk_position_hash(books, holder, good, place));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0)
		if (is_position(books, id, holder, good, place))
			break;
	return id;
}

bool
dbk_position_find(struct dbk_decision *d, uint32_t holder, uint32_t good, uint32_t place,
		  uint32_t *out_position)
{
	struct dbk_books *books = d->books;
	const struct dbk_foresight *f = d->foresight;

	*out_position = 0;
	if (holder == 0)
		return true;
	if (f != NULL && is_position(books, f->position_id, holder, good, place)) {
		*out_position = f->position_id;
		return true;
	}
	*out_position = dbk_position_known(books, holder, good, place);
	return *out_position != 0 ||
	       position_open(d, holder, good, place, out_position);
}

/* Whatever exists came out of the supply or out of counts.  With at most half of int64
 * from either, no other sum of a good can overflow, as all together are 0. */
#define SOURCE_UNITS_MAX (INT64_MAX / 2)

bool
dbk_good_bring(struct dbk_decision *d, struct dbk_field field, int64_t *sum,
	       int64_t units)
{
	if (units > SOURCE_UNITS_MAX - *sum || units < -SOURCE_UNITS_MAX - *sum)
		return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW, field, units,
					   SOURCE_UNITS_MAX);
	*sum += units;
	return true;
}

/* No more of a lot goes out than it has. */
static bool
lot_has(struct dbk_decision *d, struct dbk_field field, const struct dbk_row_good *good)
{
	int64_t limit = DBK_ROW(d->books, lots, lot, good->lot)->qty;

	return limit == 0 || -good->supply <= limit ||
	       dbk_refuse_measured(d, DBK_RULE_LOT_EXCEEDED, field, -good->supply,
				   limit);
}

static bool
move_supply(struct dbk_decision *d, struct dbk_field field, uint32_t good, int64_t amount)
{
	struct dbk_row_good *row = DBK_TOUCH(d->books, goods, good, good);

	return dbk_good_bring(d, field, &row->supply, amount) &&
	       (row->lot == 0 || amount > 0 || lot_has(d, field, row));
}

bool
dbk_move(struct dbk_decision *d, struct dbk_field field, enum dbk_movement kind,
	 uint32_t position, uint32_t good, int64_t amount, int64_t units, int64_t value)
{
	struct dbk_row_position *row;

	if (position == 0)
		return move_supply(d, field, good, amount);
	row = DBK_TOUCH(d->books, positions, position, position);
	dbk_assert(row->good == good);
	if (row->on_hand + amount < 0)
		return dbk_refuse_measured(d, DBK_RULE_STOCK_INSUFFICIENT, field, -amount,
					   row->on_hand);
	row->on_hand += amount;
	if (kind == DBK_MOVE_SHIPPED)
		row->in_transit += units;
	else if (kind == DBK_MOVE_UNSHIPPED || amount == 0) {
		/* Goods that reach their buyer, or come back, leave the transit. */
		if (kind != DBK_MOVE_TAKEN_BACK)
			row->in_transit -= units;
		dbk_assert(row->in_transit >= 0);
	}
	dbk_effects_move(d->effects,
			 (struct dbk_position_move){ (uint8_t)kind, position, amount,
						     units, row->on_hand, value });
	return amount == 0 || dbk_flow_move(d, field, kind, row, amount, units);
}
