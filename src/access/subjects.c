#include "access/subjects.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <daybook/limits.h>

#include "access/subject_slots.h"
#include "access/subjects_private.h"
#include "base/assert.h"
#include "store/scan.h"

#define FORMAT "subjects"
#define FORMAT_VERSION 1
#define SLOTS_FILE "subjects/slots"
#define ABOUT_SEALED "daybook sealed v1\n"

/* --------------------------------------------------------------- sealing, opening */

static enum dbk_subject_answer
answer_of(enum dbk_err err, enum dbk_subject_state state)
{
	if (err != DBK_OK)
		return DBK_SUBJECT_FAILED;
	switch (state) {
	case DBK_SUBJECT_IS_UNKNOWN:
		return DBK_SUBJECT_UNKNOWN;
	case DBK_SUBJECT_IS_ERASED:
		return DBK_SUBJECT_ERASED;
	case DBK_SUBJECT_IS_LIVING:
		break;
	}
	return DBK_SUBJECT_OK;
}

/* The same text gives the same box, and nobody without the key can tell that. */
static bool
seal_with(const unsigned char *key, struct dbk_str subject, struct dbk_str text,
	  struct dbk_buf *out)
{
	struct dbk_subject_about about;
	struct dbk_str a = dbk_subject_about(&about, ABOUT_SEALED, subject);
	unsigned char nonce[32];
	unsigned char *whole = dbk_secret_take(a.size + 1 + text.size);

	if (whole == NULL)
		return false;
	memcpy(whole, a.bytes, a.size);
	if (text.size > 0)
		memcpy(whole + a.size + 1, text.bytes, text.size);
	dbk_secret_hash(key, whole, a.size + 1 + text.size, nonce);
	dbk_secret_give(whole);
	dbk_secret_seal(key, nonce, a, text, out);
	return !dbk_buf_failed(out);
}

enum dbk_subject_answer
dbk_subjects_seal(struct dbk_subjects *subjects, struct dbk_str subject,
		  struct dbk_str text, struct dbk_buf *out, struct dbk_error *error)
{
	unsigned char *key = dbk_secret_take(DBK_SECRET_KEY_BYTES);
	enum dbk_subject_answer answer;
	enum dbk_subject_state state = DBK_SUBJECT_IS_UNKNOWN;
	enum dbk_err err;

	dbk_assert(subject.size > 0 && subject.size <= DBK_ID_BYTES_MAX);
	if (key == NULL) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "a subject's key");
		return DBK_SUBJECT_FAILED;
	}
	err = dbk_subject_read_key(subjects, subject, key, &state, error);
	if (err == DBK_OK && state == DBK_SUBJECT_IS_UNKNOWN)
		err = dbk_subject_make_key(subjects, subject, key, &state, error);
	answer = answer_of(err, state);
	if (answer == DBK_SUBJECT_OK && !seal_with(key, subject, text, out)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "a sealed text");
		answer = DBK_SUBJECT_FAILED;
	}
	dbk_secret_give(key);
	return answer;
}

static enum dbk_subject_answer
open_with(const unsigned char *key, struct dbk_str subject, struct dbk_str box,
	  struct dbk_buf *out, struct dbk_error *error)
{
	struct dbk_subject_about about;

	if (box.size < DBK_SECRET_BOX_OVERHEAD)
		return DBK_SUBJECT_FORGED;
	if (!dbk_buf_reserve(out, box.size - DBK_SECRET_BOX_OVERHEAD + 1)) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "a sealed text");
		return DBK_SUBJECT_FAILED;
	}
	if (!dbk_secret_open(key, dbk_subject_about(&about, ABOUT_SEALED, subject), box,
			     out->bytes + out->size))
		return DBK_SUBJECT_FORGED;
	out->size += box.size - DBK_SECRET_BOX_OVERHEAD;
	return DBK_SUBJECT_OK;
}

enum dbk_subject_answer
dbk_subjects_unseal(struct dbk_subjects *subjects, struct dbk_str subject,
		    struct dbk_str box, struct dbk_buf *out, struct dbk_error *error)
{
	unsigned char *key;
	enum dbk_subject_answer answer;
	enum dbk_subject_state state = DBK_SUBJECT_IS_UNKNOWN;
	enum dbk_err err;

	if (subject.size == 0 || subject.size > DBK_ID_BYTES_MAX)
		return DBK_SUBJECT_UNKNOWN;
	key = dbk_secret_take(DBK_SECRET_KEY_BYTES);
	if (key == NULL) {
		(void)dbk_error_set(error, DBK_FAILED_MEMORY, "a subject's key");
		return DBK_SUBJECT_FAILED;
	}
	err = dbk_subject_read_key(subjects, subject, key, &state, error);
	answer = answer_of(err, state);
	if (answer == DBK_SUBJECT_OK)
		answer = open_with(key, subject, box, out, error);
	dbk_secret_give(key);
	return answer;
}

/* --------------------------------------------------------------------- forgetting */

/* The slot of SUBJECT where its number is dbk_subject_damaged: the one whose box it
 * opens. */
static uint64_t
find_slot(const struct dbk_subjects *subjects, struct dbk_str subject)
{
	unsigned char bytes[DBK_SUBJECT_SLOT_BYTES];
	unsigned char *key = dbk_secret_take(DBK_SECRET_KEY_BYTES);
	uint64_t slot = DBK_SUBJECT_NO_SLOT,
		 count = dbk_subject_slots_count(subjects->slots);

	for (uint64_t i = 0; key != NULL && slot == DBK_SUBJECT_NO_SLOT && i < count;
	     i++)
		if (dbk_subject_slots_read(subjects->slots, i, bytes, NULL) == DBK_OK &&
		    dbk_subject_open_slot(subjects, subject, bytes, key))
			slot = i;
	dbk_secret_give(key);
	return slot;
}

static enum dbk_err
bury(struct dbk_subjects *subjects, struct dbk_str subject, uint64_t *out_slot,
     struct dbk_error *error)
{
	struct dbk_subject_found found;
	struct dbk_subject_about about;
	struct dbk_txn *txn;
	enum dbk_err err =
	    dbk_txn_begin_write(subjects->store, DBK_SUBJECT_COMMIT_BYTES, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_subject_look_up(subjects, txn, subject, &found, error);
	if (err == DBK_FAILED_DAMAGED) {
		found.state = DBK_SUBJECT_IS_LIVING;
		found.slot = find_slot(subjects, subject);
		err = DBK_OK;
	}
	*out_slot = found.slot;
	if (err != DBK_OK || found.state == DBK_SUBJECT_IS_ERASED) {
		dbk_txn_abort(txn);
		return err;
	}
	dbk_subject_put_number(
	    subjects, txn, subjects->erased, subject,
	    dbk_subject_about(&about, DBK_SUBJECT_ABOUT_ERASED, subject), found.slot);
	dbk_txn_delete(txn, subjects->living, subject);
	return dbk_txn_commit(txn, error);
}

enum dbk_err
dbk_subjects_erase(struct dbk_subjects *subjects, struct dbk_str subject,
		   struct dbk_error *error)
{
	uint64_t slot;
	enum dbk_err err;

	dbk_assert(subject.size > 0 && subject.size <= DBK_ID_BYTES_MAX);
	err = bury(subjects, subject, &slot, error);
	if (err == DBK_OK && slot != DBK_SUBJECT_NO_SLOT)
		err = dbk_subject_slots_wipe(subjects->slots, slot, error);
	return err;
}

/* ----------------------------------------------------------- how far it has looked */

uint64_t
dbk_subjects_size(const struct dbk_subjects *subjects)
{
	return atomic_load(&subjects->looked);
}

enum dbk_err
dbk_subjects_looked(struct dbk_subjects *subjects, uint64_t size,
		    struct dbk_error *error)
{
	struct dbk_txn *txn;
	enum dbk_err err =
	    dbk_txn_begin_write(subjects->store, DBK_SUBJECT_COMMIT_BYTES, &txn, error);

	if (err != DBK_OK)
		return err;
	dbk_subject_put_number(subjects, txn, subjects->notes,
			       dbk_str_of(DBK_SUBJECT_ABOUT_LOOKED),
			       dbk_str_of(DBK_SUBJECT_ABOUT_LOOKED), size);
	err = dbk_txn_commit(txn, error);
	if (err == DBK_OK)
		atomic_store(&subjects->looked, size);
	return err;
}

static enum dbk_err
read_looked(struct dbk_subjects *subjects, struct dbk_error *error)
{
	uint64_t size = 0;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(subjects->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_subject_get_number(subjects, txn, subjects->notes,
				     dbk_str_of(DBK_SUBJECT_ABOUT_LOOKED),
				     dbk_str_of(DBK_SUBJECT_ABOUT_LOOKED), &size);
	dbk_txn_abort(txn);
	if (err != DBK_OK && err != DBK_FAILED_NOT_FOUND)
		return dbk_error_set(error, err,
				     "%s: how far the log was looked through cannot be "
				     "read",
				     dbk_store_dir(subjects->store));
	atomic_store(&subjects->looked, size);
	return DBK_OK;
}

/* ------------------------------------------------------------- opening, checking */

/* Told of each entry of a table. */
typedef enum dbk_err entry_fn(struct dbk_subjects *subjects, struct dbk_str subject,
			      struct dbk_str box, struct dbk_error *error);

static enum dbk_err
walk_scan(struct dbk_subjects *subjects, struct dbk_scan *scan, entry_fn *told,
	  uint64_t *out_count, struct dbk_error *error)
{
	struct dbk_str subject, box;
	enum dbk_err err = dbk_scan_first(scan, &subject, &box);

	for (; err == DBK_OK; err = dbk_scan_next(scan, &subject, &box)) {
		if (subject.size > DBK_ID_BYTES_MAX)
			return dbk_error_set(error, DBK_FAILED_DAMAGED,
					     "%s: a name of %" PRIu32 " bytes",
					     dbk_store_dir(subjects->store),
					     subject.size);
		err = told(subjects, subject, box, error);
		if (err != DBK_OK)
			return err;
		++*out_count;
	}
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	return dbk_error_set(error, err, "%s: cannot be read",
			     dbk_store_dir(subjects->store));
}

static enum dbk_err
walk(struct dbk_subjects *subjects, struct dbk_table table, entry_fn *told,
     uint64_t *out_count, struct dbk_error *error)
{
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(subjects->store, &txn, error);

	if (err != DBK_OK)
		return err;
	*out_count = 0;
	err = dbk_scan_open(txn, table, &scan);
	if (err == DBK_OK) {
		err = walk_scan(subjects, scan, told, out_count, error);
		dbk_scan_close(scan);
	}
	dbk_txn_abort(txn);
	return err;
}

static enum dbk_err
slot_of_erased(const struct dbk_subjects *subjects, struct dbk_str subject,
	       struct dbk_str box, uint64_t *out_slot, struct dbk_error *error)
{
	struct dbk_subject_about about;

	if (dbk_subject_open_number(
		subjects, dbk_subject_about(&about, DBK_SUBJECT_ABOUT_ERASED, subject),
		box, out_slot) == DBK_OK)
		return DBK_OK;
	return dbk_subject_damaged(subjects, subject, DBK_FAILED_DAMAGED, error);
}

/* A daemon may have ended between a tombstone and the wiping behind it, and slots may
 * have been brought back. */
static enum dbk_err
wipe_again(struct dbk_subjects *subjects, struct dbk_str subject, struct dbk_str box,
	   struct dbk_error *error)
{
	uint64_t slot;
	enum dbk_err err = slot_of_erased(subjects, subject, box, &slot, error);

	if (err == DBK_OK && slot != DBK_SUBJECT_NO_SLOT)
		err = dbk_subject_slots_wipe(subjects->slots, slot, error);
	return err;
}

static enum dbk_err
check_erased(struct dbk_subjects *subjects, struct dbk_str subject, struct dbk_str box,
	     struct dbk_error *error)
{
	unsigned char bytes[DBK_SUBJECT_SLOT_BYTES];
	uint64_t slot;
	enum dbk_err err = slot_of_erased(subjects, subject, box, &slot, error);

	if (err == DBK_OK && slot != DBK_SUBJECT_NO_SLOT)
		err = dbk_subject_slots_read(subjects->slots, slot, bytes, error);
	if (err == DBK_OK && slot != DBK_SUBJECT_NO_SLOT &&
	    !dbk_subject_slot_is_empty(bytes))
		err = dbk_error_set(
		    error, DBK_FAILED_DAMAGED,
		    "%s: \"%.*s\" is erased, and its key is still there",
		    dbk_store_dir(subjects->store), (int)subject.size, subject.bytes);
	return err;
}

static enum dbk_err
check_living(struct dbk_subjects *subjects, struct dbk_str subject, struct dbk_str box,
	     struct dbk_error *error)
{
	unsigned char *key = dbk_secret_take(DBK_SECRET_KEY_BYTES);
	enum dbk_subject_state state;
	enum dbk_err err;

	(void)box;
	if (key == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "a subject's key");
	err = dbk_subject_read_key(subjects, subject, key, &state, error);
	dbk_secret_give(key);
	return err;
}

enum dbk_err
dbk_subjects_check(struct dbk_subjects *subjects, uint64_t *out_keys,
		   uint64_t *out_erased, struct dbk_error *error)
{
	enum dbk_err err =
	    walk(subjects, subjects->living, check_living, out_keys, error);

	if (err == DBK_OK)
		err = walk(subjects, subjects->erased, check_erased, out_erased, error);
	return err;
}

static enum dbk_err
open_tables(struct dbk_subjects *subjects, struct dbk_error *error)
{
	struct dbk_store *store = subjects->store;
	enum dbk_err err = dbk_store_table(store, "living", &subjects->living, error);

	if (err == DBK_OK)
		err = dbk_store_table(store, "erased", &subjects->erased, error);
	if (err == DBK_OK)
		err = dbk_store_table(store, "notes", &subjects->notes, error);
	return err;
}

static enum dbk_err
open_files(struct dbk_subjects *subjects, bool read_only, struct dbk_error *error)
{
	const struct dbk_store_options options = { .format = FORMAT,
						   .format_version = FORMAT_VERSION,
						   .read_only = read_only };
	char path[PATH_MAX];
	uint64_t wiped;
	enum dbk_err err;

	(void)snprintf(path, sizeof path, "%s/subjects",
		       dbk_vault_dir(subjects->vault));
	err = dbk_store_open(path, &options, &subjects->store, error);
	if (err == DBK_OK)
		err = open_tables(subjects, error);
	(void)snprintf(path, sizeof path, "%s/" SLOTS_FILE,
		       dbk_vault_dir(subjects->vault));
	if (err == DBK_OK)
		err = dbk_subject_slots_open(path, read_only, &subjects->slots, error);
	if (err == DBK_OK)
		err = read_looked(subjects, error);
	if (err == DBK_OK && !read_only)
		err = walk(subjects, subjects->erased, wipe_again, &wiped, error);
	return err;
}

enum dbk_err
dbk_subjects_open(struct dbk_vault *vault, bool read_only, struct dbk_subjects **out,
		  struct dbk_error *error)
{
	struct dbk_subjects *subjects = calloc(1, sizeof *subjects);
	enum dbk_err err;

	if (subjects == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "keys of subjects");
	subjects->vault = vault;
	err = open_files(subjects, read_only, error);
	if (err != DBK_OK) {
		dbk_subjects_close(subjects);
		return err;
	}
	*out = subjects;
	return DBK_OK;
}

void
dbk_subjects_close(struct dbk_subjects *subjects)
{
	if (subjects == NULL)
		return;
	dbk_subject_slots_close(subjects->slots);
	dbk_store_close(subjects->store);
	free(subjects);
}
