#ifndef DBK_BOOKS_SOURCE_KEYS_H
#define DBK_BOOKS_SOURCE_KEYS_H

/*
 * source_keys.h -- the keys that sources sign their batches with, and what each may
 * send; src/proof/TRUST.md section 4.
 *
 * Every registered revision keeps its row, so that what was in force at any position
 * can be told.  Business state, and covered by the digest, unlike the rest of a source.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/sign.h"
#include "base/str.h"
#include "books/books.h"

enum dbk_source_key_state {
	DBK_SOURCE_KEY_NONE = 0, /* the source has never had a key */
	DBK_SOURCE_KEY_IN_FORCE,
	DBK_SOURCE_KEY_FOLLOWED, /* a further revision took its place */
	DBK_SOURCE_KEY_REVOKED	 /* and nothing of the source is taken, if it is the
				    newest */
};

/* One registered revision; borrowed until the books change. */
struct dbk_source_key {
	enum dbk_source_key_state state; /* NONE: all else is zero */
	struct dbk_str source;
	uint32_t revision;
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
	/* Numbers of Event.body and, as multiples of 100, families; none: all. */
	const uint32_t *rights;
	uint32_t n_rights;
	uint64_t position; /* of SourceRegistered */
	/* Of what ended it, the next revision or SourceKeyRevoked; 0: in force. */
	uint64_t ended_position_plus_one;
};

/* The newest revision of SOURCE; true if it is in force, else OUT->state is NONE or
 * REVOKED. */
bool dbk_source_key_in_force(const struct dbk_books *books, struct dbk_str source,
			     struct dbk_source_key *out);

/* Do the rights of KEY, which is not NONE, name events of TYPE? */
bool dbk_source_key_may_send(const struct dbk_source_key *key,
			     enum dbk_event_type type);

/* All revisions ever registered, of all sources, in order of position: NUMBER is from 1
 * to the count. */
uint32_t dbk_source_keys_count(const struct dbk_books *books);
void dbk_source_key_at(const struct dbk_books *books, uint32_t number,
		       struct dbk_source_key *out);

#endif
