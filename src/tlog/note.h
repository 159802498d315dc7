#ifndef DBK_TLOG_NOTE_H
#define DBK_TLOG_NOTE_H

/*
 * note.h -- C2SP signed-note: a text with signature lines, and keys as vkeys.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/sign.h"
#include "base/str.h"

#define DBK_NOTE_ED25519 0x01
#define DBK_NOTE_COSIGNATURE 0x04 /* timestamped Ed25519, C2SP tlog-cosignature */

/* Of a key; names are at most this long here. */
#define DBK_NOTE_NAME_BYTES_MAX 255
#define DBK_NOTE_BYTES_MAX (64 * 1024)
#define DBK_NOTE_SIGNATURES_MAX 64

struct dbk_note_key {
	char name[DBK_NOTE_NAME_BYTES_MAX + 1];
	uint8_t type;
	uint32_t id; /* the first 4 bytes of SHA-256(name || '\n' || type || key) */
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
};

/* False if NAME may not be a key's: empty, blanks of Unicode, '+', control characters,
 * no UTF-8, too long. */
bool dbk_note_key_make(struct dbk_str name, uint8_t type,
		       const unsigned char key[DBK_SIGN_PUBLIC_BYTES],
		       struct dbk_note_key *out);

/* "NAME+HEX+BASE64" without newline; INPUT names what is wrong.  Only the two types
 * above: another is INPUT, too, and so is a key that is not usable. */
DBK_MUST_CHECK enum dbk_err dbk_note_key_parse(struct dbk_str vkey,
					       struct dbk_note_key *out,
					       struct dbk_error *error);
void dbk_note_key_put(const struct dbk_note_key *key, struct dbk_buf *out);

struct dbk_note_signature {
	struct dbk_str name;
	uint32_t id;
	struct dbk_str line;	     /* with its newline */
	size_t size;		     /* of what follows the id; 0 to BYTES' size */
	unsigned char bytes[8 + 64]; /* the first ones */
};

/* A note taken apart; borrowed from its bytes. */
struct dbk_note {
	struct dbk_str text; /* with its last newline */
	unsigned n_signatures;
	struct dbk_note_signature signatures[DBK_NOTE_SIGNATURES_MAX];
};

/* INPUT says what is no note about BYTES.  A signature has at most 8,192 bytes. */
DBK_MUST_CHECK enum dbk_err dbk_note_parse(struct dbk_str bytes, struct dbk_note *out,
					   struct dbk_error *error);

enum dbk_note_verdict {
	DBK_NOTE_VERIFIED,
	DBK_NOTE_UNSIGNED, /* no signature of that name and id */
	DBK_NOTE_FORGED	   /* any that does not verify */
};

/* Of a key of type DBK_NOTE_ED25519. */
enum dbk_note_verdict dbk_note_verify(const struct dbk_note *note,
				      const struct dbk_note_key *key);

/* Append TEXT (which ends in a newline), a blank line and KEY's signature line; SEED is
 * KEY's.  A line alone: dbk_note_put_signature(). */
void dbk_note_sign(struct dbk_str text, const struct dbk_note_key *key,
		   const unsigned char seed[DBK_SIGN_SEED_BYTES], struct dbk_buf *out);
void dbk_note_put_signature(struct dbk_str name, uint32_t id, const void *signature,
			    size_t size, struct dbk_buf *out);

#endif
