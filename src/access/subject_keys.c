/*
 * subject_keys.c -- finding and making the key of one subject.
 */

#include "base/assert.h"
#include "access/subjects_private.h"

#define ABOUT_SLOTS "slots"

#define KEY_BOX_BYTES (DBK_SECRET_KEY_BYTES + DBK_SECRET_BOX_OVERHEAD)
#define NUMBER_BOX_BYTES (8 + DBK_SECRET_BOX_OVERHEAD)

struct dbk_str
dbk_subject_about(struct dbk_subject_about *about, const char *prefix,
		  struct dbk_str subject)
{
	size_t size = strlen(prefix);

	dbk_assert(subject.size <= DBK_ID_BYTES_MAX);
	memcpy(about->bytes, prefix, size);
	memcpy(about->bytes + size, subject.bytes, subject.size);
	return dbk_str_make(about->bytes, size + subject.size);
}

enum dbk_err
dbk_subject_damaged(const struct dbk_subjects *subjects, struct dbk_str subject,
		    enum dbk_err err, struct dbk_error *error)
{
	return dbk_error_set(
	    error, err, "%s: the key of \"%.*s\" is not as it was written",
	    dbk_store_dir(subjects->store), (int)subject.size, subject.bytes);
}

/* ------------------------------------------------------------- numbers in boxes */

/* The box lies on the stack: that it grows is a bug. */
void
dbk_subject_put_number(const struct dbk_subjects *subjects, struct dbk_txn *txn,
		       struct dbk_table table, struct dbk_str key, struct dbk_str about,
		       uint64_t number)
{
	unsigned char bytes[8], room[NUMBER_BOX_BYTES];
	struct dbk_buf box = { room, 0, sizeof room, false };

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	dbk_vault_seal(subjects->vault, about, dbk_str_make(bytes, sizeof bytes), &box);
	dbk_assert(box.bytes == room && box.size == sizeof room);
	dbk_txn_put(txn, table, key, dbk_str_make(box.bytes, box.size));
}

enum dbk_err
dbk_subject_open_number(const struct dbk_subjects *subjects, struct dbk_str about,
			struct dbk_str box, uint64_t *out)
{
	unsigned char bytes[8];
	struct dbk_cursor cursor = dbk_cursor_make(bytes, sizeof bytes);

	if (box.size != NUMBER_BOX_BYTES ||
	    !dbk_vault_unseal(subjects->vault, about, box, bytes))
		return DBK_FAILED_DAMAGED;
	*out = dbk_cursor_u64(&cursor);
	return DBK_OK;
}

/* NOT_FOUND, DAMAGED and what reading fails with, all without words. */
enum dbk_err
dbk_subject_get_number(const struct dbk_subjects *subjects, struct dbk_txn *txn,
		       struct dbk_table table, struct dbk_str key, struct dbk_str about,
		       uint64_t *out)
{
	struct dbk_str box;
	enum dbk_err err = dbk_txn_get(txn, table, key, &box);

	return err == DBK_OK ? dbk_subject_open_number(subjects, about, box, out) : err;
}

/* ------------------------------------------------------------------ finding keys */

enum dbk_err
dbk_subject_look_up(const struct dbk_subjects *subjects, struct dbk_txn *txn,
		    struct dbk_str subject, struct dbk_subject_found *out,
		    struct dbk_error *error)
{
	struct dbk_subject_about about;
	enum dbk_err err;

	out->state = DBK_SUBJECT_IS_ERASED;
	err = dbk_subject_get_number(
	    subjects, txn, subjects->erased, subject,
	    dbk_subject_about(&about, DBK_SUBJECT_ABOUT_ERASED, subject), &out->slot);
	if (err == DBK_FAILED_NOT_FOUND) {
		out->state = DBK_SUBJECT_IS_LIVING;
		err = dbk_subject_get_number(
		    subjects, txn, subjects->living, subject,
		    dbk_subject_about(&about, DBK_SUBJECT_ABOUT_SLOT, subject),
		    &out->slot);
	}
	if (err == DBK_FAILED_NOT_FOUND) {
		out->state = DBK_SUBJECT_IS_UNKNOWN;
		out->slot = DBK_SUBJECT_NO_SLOT;
		return DBK_OK;
	}
	return err == DBK_OK ? err : dbk_subject_damaged(subjects, subject, err, error);
}

static enum dbk_err
look_up_now(struct dbk_subjects *subjects, struct dbk_str subject,
	    struct dbk_subject_found *out, struct dbk_error *error)
{
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(subjects->store, &txn, error);

	if (err == DBK_OK) {
		err = dbk_subject_look_up(subjects, txn, subject, out, error);
		dbk_txn_abort(txn);
	}
	return err;
}

bool
dbk_subject_open_slot(const struct dbk_subjects *subjects, struct dbk_str subject,
		      const unsigned char slot[DBK_SUBJECT_SLOT_BYTES],
		      unsigned char *key)
{
	struct dbk_subject_about about;

	return dbk_vault_unseal(
	    subjects->vault, dbk_subject_about(&about, DBK_SUBJECT_ABOUT_KEY, subject),
	    dbk_str_make(slot, KEY_BOX_BYTES), key);
}

/* KEY is secret memory, set if OUT says DBK_SUBJECT_IS_LIVING. */
enum dbk_err
dbk_subject_read_key(struct dbk_subjects *subjects, struct dbk_str subject,
		     unsigned char *key, enum dbk_subject_state *out,
		     struct dbk_error *error)
{
	unsigned char slot[DBK_SUBJECT_SLOT_BYTES];
	struct dbk_subject_found found;
	enum dbk_err err = look_up_now(subjects, subject, &found, error);

	if (err == DBK_OK && found.state == DBK_SUBJECT_IS_LIVING)
		err = dbk_subject_slots_read(subjects->slots, found.slot, slot, error);
	if (err != DBK_OK)
		return err;
	if (found.state == DBK_SUBJECT_IS_LIVING &&
	    !dbk_subject_open_slot(subjects, subject, slot, key)) {
		/* Somebody may just have wiped it, with a tombstone before. */
		err = look_up_now(subjects, subject, &found, error);
		if (err == DBK_OK && found.state == DBK_SUBJECT_IS_LIVING)
			err = dbk_subject_damaged(subjects, subject, DBK_FAILED_DAMAGED,
						  error);
	}
	*out = found.state;
	return err;
}

static enum dbk_err
next_slot(const struct dbk_subjects *subjects, struct dbk_txn *txn, uint64_t *out)
{
	enum dbk_err err = dbk_subject_get_number(subjects, txn, subjects->notes,
						  dbk_str_of(ABOUT_SLOTS),
						  dbk_str_of(ABOUT_SLOTS), out);

	if (err != DBK_FAILED_NOT_FOUND)
		return err;
	*out = 0;
	return DBK_OK;
}

/* In TXN: KEY into a slot, and the slot's number under SUBJECT. */
static enum dbk_err
add_key(struct dbk_subjects *subjects, struct dbk_txn *txn, struct dbk_str subject,
	const unsigned char *key, struct dbk_error *error)
{
	unsigned char room[KEY_BOX_BYTES];
	struct dbk_buf box = { room, 0, sizeof room, false };
	struct dbk_subject_about about;
	uint64_t slot;
	enum dbk_err err = next_slot(subjects, txn, &slot);

	if (err != DBK_OK)
		return dbk_error_set(error, err,
				     "%s: the number of keys cannot be read",
				     dbk_store_dir(subjects->store));
	dbk_vault_seal(subjects->vault,
		       dbk_subject_about(&about, DBK_SUBJECT_ABOUT_KEY, subject),
		       dbk_str_make(key, DBK_SECRET_KEY_BYTES), &box);
	dbk_assert(box.bytes == room && box.size == sizeof room);
	err = dbk_subject_slots_add(subjects->slots, slot, box.bytes, box.size, &slot,
				    error);
	if (err != DBK_OK)
		return err;
	dbk_subject_put_number(
	    subjects, txn, subjects->living, subject,
	    dbk_subject_about(&about, DBK_SUBJECT_ABOUT_SLOT, subject), slot);
	dbk_subject_put_number(subjects, txn, subjects->notes, dbk_str_of(ABOUT_SLOTS),
			       dbk_str_of(ABOUT_SLOTS), slot + 1);
	return DBK_OK;
}

/* Another thread may have made it meanwhile, and then that is read. */
enum dbk_err
dbk_subject_make_key(struct dbk_subjects *subjects, struct dbk_str subject,
		     unsigned char *key, enum dbk_subject_state *out,
		     struct dbk_error *error)
{
	struct dbk_subject_found found;
	struct dbk_txn *txn;
	enum dbk_err err =
	    dbk_txn_begin_write(subjects->store, DBK_SUBJECT_COMMIT_BYTES, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_subject_look_up(subjects, txn, subject, &found, error);
	if (err == DBK_OK && found.state == DBK_SUBJECT_IS_UNKNOWN) {
		dbk_secret_random(key, DBK_SECRET_KEY_BYTES);
		err = add_key(subjects, txn, subject, key, error);
		if (err == DBK_OK) {
			*out = DBK_SUBJECT_IS_LIVING;
			return dbk_txn_commit(txn, error);
		}
	}
	dbk_txn_abort(txn);
	return err == DBK_OK ? dbk_subject_read_key(subjects, subject, key, out, error)
			     : err;
}
