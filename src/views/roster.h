#ifndef DBK_VIEWS_ROSTER_H
#define DBK_VIEWS_ROSTER_H

/*
 * roster.h -- who and what the dense ids of effects stand for: owners of accounts,
 * holders, skus and lots by name, and the accounts and positions of each.
 *
 * Members are only ever added, in order of their ids.  They are kept on disk as a
 * journal of additions and all put back when the view opens.  An agent who is owner of
 * accounts and holder of goods is one party with one name.
 *
 * Rows do not move and do not change but for the links to later members, and names not
 * at all.
 *
 * Thread: the worker adds inside the gate, readers read inside the gate.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/names.h"
#include "base/rows.h"
#include "base/str.h"
#include "books/effects.h"

/* Chains of members in order of their ids; 0 is none. */
struct dbk_roster_party {
	uint32_t name; /* base/names.h */
	uint32_t first_account, last_account;
	uint32_t holders[3]; /* of this name, by enum dbk_holder_kind */
};

struct dbk_roster_holder {
	uint32_t party;
	uint32_t kind; /* enum dbk_holder_kind */
	uint32_t first_position, last_position;
};

struct dbk_roster_sku {
	uint32_t name;
	uint32_t first_position, last_position;
};

struct dbk_roster_lot {
	uint32_t name;
};

struct dbk_roster_account {
	uint32_t party;
	uint32_t code;
	uint32_t next_of_party, next_of_code;
};

/* Kinds of places and ids of lots share a word. */
#define DBK_ROSTER_PLACE_BITS 2
#define DBK_ROSTER_LOT_BITS 30

struct dbk_roster_position {
	uint32_t holder, sku;
	uint32_t lot : DBK_ROSTER_LOT_BITS;
	uint32_t place : DBK_ROSTER_PLACE_BITS;
	uint32_t next_of_holder, next_of_sku;
};

struct dbk_roster {
	struct dbk_journal journal;
	struct dbk_names names;
	struct dbk_rows parties, holders, skus, lots, accounts, positions;
	uint32_t nameless; /* the party with the empty name, 0: none yet */
	uint32_t first_of_code[DBK_ACCOUNT_CODES], last_of_code[DBK_ACCOUNT_CODES];
};

DBK_MUST_CHECK enum dbk_err
dbk_roster_init(struct dbk_roster *roster, const unsigned char key[DBK_HASH_KEY_BYTES]);

/* A zeroed object is fine. */
void dbk_roster_fini(struct dbk_roster *roster);

/*
 * Take in what NAMED says, unless it is known.  Its id is the next of its kind and the
 * ids it names are known (asserted).  LIMIT when there is no room.
 */
DBK_MUST_CHECK enum dbk_err dbk_roster_add(struct dbk_roster *roster,
					   const struct dbk_named *named,
					   struct dbk_str name);

/* True if NAMED can be added or is known: what dbk_roster_add asserts. */
bool dbk_roster_is_next(const struct dbk_roster *roster, const struct dbk_named *named);

/* True if NAMED is known already. */
bool dbk_roster_knows(const struct dbk_roster *roster, const struct dbk_named *named);

/* Members of a kind so far. */
uint32_t dbk_roster_count(const struct dbk_roster *roster, enum dbk_named_kind kind);

/* The rows; ids are valid. */
const struct dbk_roster_account *dbk_roster_account(const struct dbk_roster *roster,
						    uint32_t id);
const struct dbk_roster_position *dbk_roster_position(const struct dbk_roster *roster,
						      uint32_t id);
const struct dbk_roster_holder *dbk_roster_holder(const struct dbk_roster *roster,
						  uint32_t id);
const struct dbk_roster_party *dbk_roster_party(const struct dbk_roster *roster,
						uint32_t id);
const struct dbk_roster_sku *dbk_roster_sku(const struct dbk_roster *roster,
					    uint32_t id);

/* By name; 0 if there is none.  The empty name finds nothing. */
uint32_t dbk_roster_find_party(const struct dbk_roster *roster, struct dbk_str name);
uint32_t dbk_roster_find_sku(const struct dbk_roster *roster, struct dbk_str name);
uint32_t dbk_roster_find_lot(const struct dbk_roster *roster, struct dbk_str name);

/* The account CODE of the party, 0 if there is none. */
uint32_t dbk_roster_find_account(const struct dbk_roster *roster, uint32_t party,
				 uint32_t code);

/* Names; borrowed until the roster is gone.  Lot 0 has the empty name. */
struct dbk_str dbk_roster_party_name(const struct dbk_roster *roster, uint32_t id);
struct dbk_str dbk_roster_sku_name(const struct dbk_roster *roster, uint32_t id);
struct dbk_str dbk_roster_lot_name(const struct dbk_roster *roster, uint32_t id);

/* One addition as bytes, and all additions of a run of bytes; DAMAGED if they are none.
 */
void dbk_roster_put(struct dbk_buf *buf, const struct dbk_named *named,
		    struct dbk_str name);
DBK_MUST_CHECK enum dbk_err dbk_roster_load(struct dbk_roster *roster,
					    const void *bytes, size_t size);

uint64_t dbk_roster_bytes(const struct dbk_roster *roster);

#endif
