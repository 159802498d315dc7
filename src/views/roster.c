#include "views/roster.h"

#include <string.h>

#include "base/assert.h"

#define ROWS_MAX 2000000000u
#define LOTS_MAX (1u << DBK_ROSTER_LOT_BITS)
#define PLACES (1u << DBK_ROSTER_PLACE_BITS)
#define NAME_BYTES_MAX 255u

enum space { SPACE_PARTY = 0, SPACE_SKU = 1, SPACE_LOT = 2 };

static enum dbk_err
init_tables(struct dbk_roster *roster)
{
	struct {
		struct dbk_rows *rows;
		uint32_t row_bytes;
		uint32_t max;
	} tables[] = {
		{ &roster->parties, sizeof(struct dbk_roster_party), ROWS_MAX },
		{ &roster->holders, sizeof(struct dbk_roster_holder), ROWS_MAX },
		{ &roster->skus, sizeof(struct dbk_roster_sku), ROWS_MAX },
		{ &roster->lots, sizeof(struct dbk_roster_lot), LOTS_MAX },
		{ &roster->accounts, sizeof(struct dbk_roster_account), ROWS_MAX },
		{ &roster->positions, sizeof(struct dbk_roster_position), ROWS_MAX },
	};

	for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		enum dbk_err err = dbk_rows_init(tables[i].rows, &roster->journal,
						 tables[i].row_bytes, tables[i].max);

		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

enum dbk_err
dbk_roster_init(struct dbk_roster *roster, const unsigned char key[DBK_HASH_KEY_BYTES])
{
	enum dbk_err err;

	memset(roster, 0, sizeof *roster);
	dbk_journal_init(&roster->journal);
	err = dbk_names_init(&roster->names, &roster->journal, key);
	if (err == DBK_OK)
		err = init_tables(roster);
	if (err != DBK_OK) {
		dbk_roster_fini(roster);
		return err;
	}
	dbk_names_space(&roster->names, SPACE_PARTY, &roster->parties);
	dbk_names_space(&roster->names, SPACE_SKU, &roster->skus);
	dbk_names_space(&roster->names, SPACE_LOT, &roster->lots);
	return DBK_OK;
}

void
dbk_roster_fini(struct dbk_roster *roster)
{
	dbk_rows_fini(&roster->parties);
	dbk_rows_fini(&roster->holders);
	dbk_rows_fini(&roster->skus);
	dbk_rows_fini(&roster->lots);
	dbk_rows_fini(&roster->accounts);
	dbk_rows_fini(&roster->positions);
	dbk_names_fini(&roster->names);
	dbk_journal_fini(&roster->journal);
}

const struct dbk_roster_account *
dbk_roster_account(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_rows_row(&roster->accounts, id);
}

const struct dbk_roster_position *
dbk_roster_position(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_rows_row(&roster->positions, id);
}

const struct dbk_roster_holder *
dbk_roster_holder(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_rows_row(&roster->holders, id);
}

const struct dbk_roster_party *
dbk_roster_party(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_rows_row(&roster->parties, id);
}

const struct dbk_roster_sku *
dbk_roster_sku(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_rows_row(&roster->skus, id);
}

uint32_t
dbk_roster_count(const struct dbk_roster *roster, enum dbk_named_kind kind)
{
	switch (kind) {
	case DBK_NAMED_ACCOUNT:
		return roster->accounts.count - 1;
	case DBK_NAMED_HOLDER:
		return roster->holders.count - 1;
	case DBK_NAMED_SKU:
		return roster->skus.count - 1;
	case DBK_NAMED_LOT:
		return roster->lots.count - 1;
	case DBK_NAMED_POSITION:
		return roster->positions.count - 1;
	}
	return 0;
}

bool
dbk_roster_knows(const struct dbk_roster *roster, const struct dbk_named *named)
{
	return named->id <= dbk_roster_count(roster, named->kind);
}

bool
dbk_roster_is_next(const struct dbk_roster *roster, const struct dbk_named *named)
{
	if (named->kind < DBK_NAMED_ACCOUNT || named->kind > DBK_NAMED_POSITION ||
	    named->id == 0 || named->id > dbk_roster_count(roster, named->kind) + 1)
		return false;
	if (named->kind == DBK_NAMED_ACCOUNT)
		return named->code > 0 && named->code < DBK_ACCOUNT_CODES;
	if (named->kind == DBK_NAMED_HOLDER)
		return named->holder_kind <= DBK_HOLDER_LOCATION;
	if (named->kind == DBK_NAMED_POSITION)
		return named->holder > 0 && named->holder < roster->holders.count &&
		       named->sku > 0 && named->sku < roster->skus.count &&
		       named->lot < roster->lots.count && named->place < PLACES;
	return named->name_size > 0;
}

/* ------------------------------------------------------------------------ adding */

static uint32_t
intern_party(struct dbk_roster *roster, struct dbk_str name)
{
	uint32_t party;

	if (name.size == 0) {
		if (roster->nameless == 0)
			roster->nameless = dbk_rows_append(&roster->parties, 1);
		return roster->nameless;
	}
	party = dbk_roster_find_party(roster, name);
	return party != 0 ? party : dbk_names_add(&roster->names, SPACE_PARTY, name);
}

static void
add_account(struct dbk_roster *roster, const struct dbk_named *named,
	    struct dbk_str name)
{
	uint32_t party_id = intern_party(roster, name);
	struct dbk_roster_party *party = dbk_rows_touch(&roster->parties, party_id);
	uint32_t *last_of_code = &roster->last_of_code[named->code];
	uint32_t id = dbk_rows_append(&roster->accounts, 1);
	struct dbk_roster_account *row = dbk_rows_touch(&roster->accounts, id);

	row->party = party_id;
	row->code = named->code;
	if (party->first_account == 0)
		party->first_account = id;
	else
		((struct dbk_roster_account *)dbk_rows_touch(&roster->accounts,
							     party->last_account))
		    ->next_of_party = id;
	party->last_account = id;
	if (*last_of_code == 0)
		roster->first_of_code[named->code] = id;
	else
		((struct dbk_roster_account *)dbk_rows_touch(&roster->accounts,
							     *last_of_code))
		    ->next_of_code = id;
	*last_of_code = id;
}

static void
add_holder(struct dbk_roster *roster, const struct dbk_named *named,
	   struct dbk_str name)
{
	uint32_t party_id = intern_party(roster, name);
	struct dbk_roster_party *party = dbk_rows_touch(&roster->parties, party_id);
	uint32_t id = dbk_rows_append(&roster->holders, 1);
	struct dbk_roster_holder *row = dbk_rows_touch(&roster->holders, id);

	row->party = party_id;
	row->kind = named->holder_kind;
	party->holders[named->holder_kind] = id;
}

static void
add_position(struct dbk_roster *roster, const struct dbk_named *named)
{
	struct dbk_roster_holder *holder =
	    dbk_rows_touch(&roster->holders, named->holder);
	struct dbk_roster_sku *sku = dbk_rows_touch(&roster->skus, named->sku);
	uint32_t id = dbk_rows_append(&roster->positions, 1);
	struct dbk_roster_position *row = dbk_rows_touch(&roster->positions, id);

	row->holder = named->holder;
	row->sku = named->sku;
	row->lot = named->lot & (LOTS_MAX - 1);
	row->place = named->place & (PLACES - 1);
	if (holder->first_position == 0)
		holder->first_position = id;
	else
		((struct dbk_roster_position *)dbk_rows_touch(&roster->positions,
							      holder->last_position))
		    ->next_of_holder = id;
	holder->last_position = id;
	if (sku->first_position == 0)
		sku->first_position = id;
	else
		((struct dbk_roster_position *)dbk_rows_touch(&roster->positions,
							      sku->last_position))
		    ->next_of_sku = id;
	sku->last_position = id;
}

static bool
has_room(const struct dbk_roster *roster)
{
	return dbk_names_has_room(&roster->names, SPACE_PARTY) &&
	       dbk_names_has_room(&roster->names, SPACE_SKU) &&
	       dbk_names_has_room(&roster->names, SPACE_LOT) &&
	       dbk_rows_has_room(&roster->holders, 1) &&
	       dbk_rows_has_room(&roster->accounts, 1) &&
	       dbk_rows_has_room(&roster->positions, 1);
}

enum dbk_err
dbk_roster_add(struct dbk_roster *roster, const struct dbk_named *named,
	       struct dbk_str name)
{
	dbk_assert(dbk_roster_is_next(roster, named));
	dbk_assert(name.size <= NAME_BYTES_MAX);
	if (dbk_roster_knows(roster, named))
		return DBK_OK;
	if (!has_room(roster))
		return DBK_FAILED_LIMIT;
	switch ((enum dbk_named_kind)named->kind) {
	case DBK_NAMED_ACCOUNT:
		add_account(roster, named, name);
		break;
	case DBK_NAMED_HOLDER:
		add_holder(roster, named, name);
		break;
	case DBK_NAMED_SKU:
		(void)dbk_names_add(&roster->names, SPACE_SKU, name);
		break;
	case DBK_NAMED_LOT:
		(void)dbk_names_add(&roster->names, SPACE_LOT, name);
		break;
	case DBK_NAMED_POSITION:
		add_position(roster, named);
		break;
	}
	return DBK_OK;
}

/* ----------------------------------------------------------------------- finding */

uint32_t
dbk_roster_find_party(const struct dbk_roster *roster, struct dbk_str name)
{
	return dbk_names_find(&roster->names, SPACE_PARTY, name);
}

uint32_t
dbk_roster_find_sku(const struct dbk_roster *roster, struct dbk_str name)
{
	return dbk_names_find(&roster->names, SPACE_SKU, name);
}

uint32_t
dbk_roster_find_lot(const struct dbk_roster *roster, struct dbk_str name)
{
	return dbk_names_find(&roster->names, SPACE_LOT, name);
}

uint32_t
dbk_roster_find_account(const struct dbk_roster *roster, uint32_t party, uint32_t code)
{
	uint32_t id = dbk_roster_party(roster, party)->first_account;

	while (id != 0 && dbk_roster_account(roster, id)->code != code)
		id = dbk_roster_account(roster, id)->next_of_party;
	return id;
}

struct dbk_str
dbk_roster_party_name(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_names_get(&roster->names, SPACE_PARTY, id);
}

struct dbk_str
dbk_roster_sku_name(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_names_get(&roster->names, SPACE_SKU, id);
}

struct dbk_str
dbk_roster_lot_name(const struct dbk_roster *roster, uint32_t id)
{
	return dbk_names_get(&roster->names, SPACE_LOT, id);
}

/* ------------------------------------------------------------------------- bytes */

void
dbk_roster_put(struct dbk_buf *buf, const struct dbk_named *named, struct dbk_str name)
{
	dbk_buf_put_u8(buf, named->kind);
	dbk_buf_put_varint(buf, named->id);
	switch ((enum dbk_named_kind)named->kind) {
	case DBK_NAMED_ACCOUNT:
		dbk_buf_put_u8(buf, named->code);
		break;
	case DBK_NAMED_HOLDER:
		dbk_buf_put_u8(buf, named->holder_kind);
		break;
	case DBK_NAMED_POSITION:
		dbk_buf_put_u8(buf, named->place);
		dbk_buf_put_varint(buf, named->holder);
		dbk_buf_put_varint(buf, named->sku);
		dbk_buf_put_varint(buf, named->lot);
		return;
	case DBK_NAMED_SKU:
	case DBK_NAMED_LOT:
		break;
	}
	dbk_buf_put_u8(buf, (uint8_t)name.size);
	dbk_buf_put(buf, name.bytes, name.size);
}

static struct dbk_str
take_named(struct dbk_cursor *c, struct dbk_named *named)
{
	uint32_t size;

	memset(named, 0, sizeof *named);
	named->kind = dbk_cursor_u8(c);
	named->id = (uint32_t)dbk_cursor_varint(c);
	if (named->kind == DBK_NAMED_POSITION) {
		named->place = dbk_cursor_u8(c);
		named->holder = (uint32_t)dbk_cursor_varint(c);
		named->sku = (uint32_t)dbk_cursor_varint(c);
		named->lot = (uint32_t)dbk_cursor_varint(c);
		return dbk_str_make("", 0);
	}
	if (named->kind == DBK_NAMED_ACCOUNT)
		named->code = dbk_cursor_u8(c);
	else if (named->kind == DBK_NAMED_HOLDER)
		named->holder_kind = dbk_cursor_u8(c);
	size = dbk_cursor_u8(c);
	named->name_size = size;
	return dbk_str_make(dbk_cursor_take(c, size), size);
}

enum dbk_err
dbk_roster_load(struct dbk_roster *roster, const void *bytes, size_t size)
{
	struct dbk_cursor c = dbk_cursor_make(bytes, size);

	while (dbk_cursor_left(&c) > 0) {
		struct dbk_named named;
		struct dbk_str name = take_named(&c, &named);
		enum dbk_err err;

		if (c.failed || !dbk_roster_is_next(roster, &named) ||
		    dbk_roster_knows(roster, &named))
			return DBK_FAILED_DAMAGED;
		err = dbk_roster_add(roster, &named, name);
		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

uint64_t
dbk_roster_bytes(const struct dbk_roster *roster)
{
	return dbk_journal_bytes(&roster->journal);
}
