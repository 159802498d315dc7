#ifndef DBK_ACCESS_SUBJECTS_PRIVATE_H
#define DBK_ACCESS_SUBJECTS_PRIVATE_H

/*
 * subjects_private.h -- what subjects.c and subject_keys.c know of each other.
 */

#include <stdatomic.h>

#include <daybook/limits.h>

#include "access/subject_slots.h"
#include "access/subjects.h"
#include "store/store.h"
#include "store/txn.h"

#define DBK_SUBJECT_ABOUT_BYTES (32 + DBK_ID_BYTES_MAX)

/* What boxes are bound to. */
#define DBK_SUBJECT_ABOUT_KEY "subject:"
#define DBK_SUBJECT_ABOUT_SLOT "slot:"
#define DBK_SUBJECT_ABOUT_ERASED "erased:"
#define DBK_SUBJECT_ABOUT_LOOKED "looked"

#define DBK_SUBJECT_COMMIT_BYTES 4096

/* A tombstone of somebody who had no key. */
#define DBK_SUBJECT_NO_SLOT UINT64_MAX

/* Which slot holds whose key, and which one held it; numbers in boxes.  The keys
 * themselves are in the slots, since LMDB cannot destroy. */
struct dbk_subjects {
	const struct dbk_vault *vault;
	struct dbk_store *store;
	struct dbk_table living, erased, notes;
	struct dbk_subject_slots *slots;
	_Atomic uint64_t looked;
};

struct dbk_subject_about {
	char bytes[DBK_SUBJECT_ABOUT_BYTES];
};

/* PREFIX and SUBJECT, in ABOUT. */
struct dbk_str dbk_subject_about(struct dbk_subject_about *about, const char *prefix,
				 struct dbk_str subject);

/* Set ERROR to what is said of a key that cannot be used; gives ERR. */
enum dbk_err dbk_subject_damaged(const struct dbk_subjects *subjects,
				 struct dbk_str subject, enum dbk_err err,
				 struct dbk_error *error);

/* Numbers in boxes.  NOT_FOUND, DAMAGED and what reading fails with, all without words.
 */
void dbk_subject_put_number(const struct dbk_subjects *subjects, struct dbk_txn *txn,
			    struct dbk_table table, struct dbk_str key,
			    struct dbk_str about, uint64_t number);
enum dbk_err dbk_subject_get_number(const struct dbk_subjects *subjects,
				    struct dbk_txn *txn, struct dbk_table table,
				    struct dbk_str key, struct dbk_str about,
				    uint64_t *out);
enum dbk_err dbk_subject_open_number(const struct dbk_subjects *subjects,
				     struct dbk_str about, struct dbk_str box,
				     uint64_t *out);

enum dbk_subject_state {
	DBK_SUBJECT_IS_UNKNOWN,
	DBK_SUBJECT_IS_LIVING,
	DBK_SUBJECT_IS_ERASED
};

struct dbk_subject_found {
	enum dbk_subject_state state;
	uint64_t slot;
};

/* Within TXN.  DAMAGED. */
enum dbk_err dbk_subject_look_up(const struct dbk_subjects *subjects,
				 struct dbk_txn *txn, struct dbk_str subject,
				 struct dbk_subject_found *out,
				 struct dbk_error *error);

/* Open the box in SLOT, if it is SUBJECT's, into KEY. */
bool dbk_subject_open_slot(const struct dbk_subjects *subjects, struct dbk_str subject,
			   const unsigned char slot[DBK_SUBJECT_SLOT_BYTES],
			   unsigned char *key);

/* KEY, secret memory, is set if *OUT says LIVING; making one never leaves it UNKNOWN.
 */
enum dbk_err dbk_subject_read_key(struct dbk_subjects *subjects, struct dbk_str subject,
				  unsigned char *key, enum dbk_subject_state *out,
				  struct dbk_error *error);
enum dbk_err dbk_subject_make_key(struct dbk_subjects *subjects, struct dbk_str subject,
				  unsigned char *key, enum dbk_subject_state *out,
				  struct dbk_error *error);

#endif
