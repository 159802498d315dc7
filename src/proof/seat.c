#include "proof/seat.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/keyfile.h"
#include "base/assert.h"
#include "base/base64.h"
#include "base/secret.h"
#include "proof/kept_note.h"
#include "proof/place.h"
#include "proof/seat_memory.h"
#include "proof/slots.h"
#include "tlog/checkpoint.h"

#define KEY_FILE "log.key"
#define VKEY_FILE "log.vkey"
#define VKEY_BYTES_MAX (DBK_NOTE_NAME_BYTES_MAX + 64)

/* What log.key holds: the seed, and the name that the key was made for. */
#define KEY_BYTES (DBK_SIGN_SEED_BYTES + DBK_NOTE_NAME_BYTES_MAX + 1)

/* "daybook/" and so many hex digits. */
#define DEFAULT_ORIGIN "daybook/"
#define DEFAULT_ORIGIN_HASH_BYTES 8

struct dbk_seat {
	struct dbk_vault *vault;
	char *data;
	bool adopt;
	unsigned char *secret; /* KEY_BYTES of secret memory; the seed comes first */
	struct dbk_note_key key;
	struct dbk_slots slots;
	struct dbk_seat_memory memory;

	bool has_key, has_seat; /* as they were found; a broken seat has one of them */
	bool forked;		/* two claims of one size */
	bool ready;

	/* The largest of all that is known to be signed: seat, and notes beside the
	 * log. */
	uint64_t claimed;
	struct dbk_tree_hash claimed_root;
};

static void
path_of(const struct dbk_seat *seat, const char *name, char out[PATH_MAX])
{
	(void)snprintf(out, PATH_MAX, "%s/%s", dbk_vault_dir(seat->vault), name);
}

/* ------------------------------------------------------------------------- claims */

static void
claim(struct dbk_seat *seat, uint64_t size, const struct dbk_tree_hash *root)
{
	if (size == seat->claimed && size > 0 &&
	    !dbk_tree_hash_equal(root, &seat->claimed_root))
		seat->forked = true;
	if (size <= seat->claimed)
		return;
	seat->claimed = size;
	seat->claimed_root = *root;
}

/* A note that says more than the seat tells of a seat that was brought back, and of
 * BROKEN ones it is all there is. */
static enum dbk_err
claim_notes(struct dbk_seat *seat, const struct dbk_note_key *key,
	    struct dbk_error *error)
{
	static const char *const names[] = { DBK_NOTE_PUBLISHED, DBK_NOTE_SIGNED };
	struct dbk_buf text;
	enum dbk_err err = DBK_OK;

	dbk_buf_init(&text);
	for (unsigned i = 0; err == DBK_OK && i < 2; i++) {
		struct dbk_error said = { 0 };
		struct dbk_kept_note note;

		err =
		    dbk_kept_note_read(seat->data, names[i], key, &text, &note, &said);
		if (err == DBK_OK)
			claim(seat, note.size, &note.root);
		else if (err == DBK_FAILED_IO || err == DBK_FAILED_MEMORY)
			(void)dbk_error_set(error, err, "%s", said.text);
		else
			err = DBK_OK;
	}
	dbk_buf_fini(&text);
	return err;
}

/* --------------------------------------------------------------------------- key */

static bool
name_key(struct dbk_seat *seat)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES];
	const char *name = (const char *)seat->secret + DBK_SIGN_SEED_BYTES;
	size_t size = strnlen(name, DBK_NOTE_NAME_BYTES_MAX + 1);

	dbk_sign_public(seat->secret, public);
	return size <= DBK_NOTE_NAME_BYTES_MAX &&
	       dbk_note_key_make(dbk_str_make(name, size), DBK_NOTE_ED25519, public,
				 &seat->key);
}

static enum dbk_err
load_key(struct dbk_seat *seat, const char *origin, struct dbk_error *error)
{
	enum dbk_err err =
	    dbk_vault_read(seat->vault, KEY_FILE, seat->secret, KEY_BYTES, error);

	if (err != DBK_OK)
		return err;
	if (!name_key(seat))
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s/" KEY_FILE " holds no key of a log",
				     dbk_vault_dir(seat->vault));
	if (origin != NULL && strcmp(origin, seat->key.name) != 0)
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "origin \"%s\": the key was made for \"%.80s\", and "
		    "another name needs another key (--keys)",
		    origin, seat->key.name);
	return DBK_OK;
}

static void
put_default_origin(const unsigned char *seed, char *out)
{
	unsigned char public[DBK_SIGN_PUBLIC_BYTES], hash[DBK_SHA256_BYTES];
	size_t at = strlen(DEFAULT_ORIGIN);

	dbk_sign_public(seed, public);
	dbk_sha256(public, sizeof public, hash);
	memcpy(out, DEFAULT_ORIGIN, at);
	for (unsigned i = 0; i < DEFAULT_ORIGIN_HASH_BYTES; i++, at += 2)
		(void)snprintf(out + at, 3, "%02x", hash[i]);
}

/* In memory only: it is written when the seat is taken. */
static enum dbk_err
invent_key(struct dbk_seat *seat, const char *origin, struct dbk_error *error)
{
	char *name = (char *)seat->secret + DBK_SIGN_SEED_BYTES;

	dbk_secret_random(seat->secret, DBK_SIGN_SEED_BYTES);
	memset(name, 0, DBK_NOTE_NAME_BYTES_MAX + 1);
	if (origin == NULL)
		put_default_origin(seat->secret, name);
	else if (strlen(origin) <= DBK_NOTE_NAME_BYTES_MAX)
		memcpy(name, origin, strlen(origin));
	if (!name_key(seat))
		return dbk_error_set(
		    error, DBK_FAILED_INPUT,
		    "origin \"%s\" cannot be the name of a log: 1 to %d "
		    "bytes of UTF-8 without blanks, \"+\" and control "
		    "characters",
		    origin, DBK_NOTE_NAME_BYTES_MAX);
	return DBK_OK;
}

/* The plain file that everybody may be given. */
static enum dbk_err
keep_vkey(struct dbk_seat *seat, struct dbk_error *error)
{
	char path[PATH_MAX], old[VKEY_BYTES_MAX + 2];
	enum dbk_err err = DBK_OK;
	struct dbk_buf text;
	size_t size = 0;

	path_of(seat, VKEY_FILE, path);
	dbk_buf_init(&text);
	dbk_note_key_put(&seat->key, &text);
	dbk_buf_put_u8(&text, '\n');
	if (dbk_buf_failed(&text))
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "%s: no memory", path);
	else if (dbk_keyfile_read(path, DBK_KEYFILE_OWNER, old, sizeof old, &size,
				  NULL) != DBK_OK ||
		 size != text.size || memcmp(old, text.bytes, size) != 0)
		err = dbk_keyfile_write(path, text.bytes, text.size, error);
	dbk_buf_fini(&text);
	return err;
}

/* -------------------------------------------------------------------------- open */

static enum dbk_err
load_seat(struct dbk_seat *seat, struct dbk_error *error)
{
	char path[PATH_MAX];
	struct dbk_error said = { 0 };
	enum dbk_err err;

	path_of(seat, DBK_SEAT_FILE, path);
	err = dbk_slots_open(path, false, &seat->slots, &said);
	if (err == DBK_OK && dbk_seat_memory_get(&seat->slots, &seat->memory)) {
		seat->has_seat = true;
		claim(seat, seat->memory.size, &seat->memory.root);
		return DBK_OK;
	}
	if (err == DBK_OK)
		dbk_slots_close(&seat->slots);
	if (err == DBK_FAILED_IO || err == DBK_FAILED_LOCKED)
		return dbk_error_set(error, err, "%s", said.text);
	return DBK_OK; /* missing or no seat at all: broken if there is a key */
}

/* The notes of a key that is gone; its name is in the plain file, if that is left. */
static enum dbk_err
claim_notes_of_lost_key(struct dbk_seat *seat, struct dbk_error *error)
{
	char path[PATH_MAX], text[VKEY_BYTES_MAX + 2];
	struct dbk_note_key key;
	size_t size = 0;

	path_of(seat, VKEY_FILE, path);
	if (dbk_keyfile_read(path, DBK_KEYFILE_OWNER, text, sizeof text, &size, NULL) !=
		DBK_OK ||
	    size == 0 ||
	    dbk_note_key_parse(dbk_str_make(text, size - 1), &key, NULL) != DBK_OK)
		return DBK_OK;
	return claim_notes(seat, &key, error);
}

static enum dbk_err
find_key(struct dbk_seat *seat, const char *origin, struct dbk_error *error)
{
	struct dbk_error said = { 0 };
	enum dbk_err err = load_key(seat, origin, &said);

	if (err == DBK_OK) {
		seat->has_key = true;
		return claim_notes(seat, &seat->key, error);
	}
	if (err != DBK_FAILED_NOT_FOUND)
		return dbk_error_set(error, err, "%s", said.text);
	/* The very first start makes the seat before the key; a seat that was never
	 * taken has signed nothing. */
	if (seat->has_seat && seat->slots.sequence == 0) {
		dbk_slots_close(&seat->slots);
		seat->has_seat = false;
	}
	err = claim_notes_of_lost_key(seat, error);
	return err == DBK_OK ? invent_key(seat, origin, error) : err;
}

enum dbk_err
dbk_seat_open(const struct dbk_seat_options *options, struct dbk_seat **out,
	      struct dbk_error *error)
{
	struct dbk_seat *seat = calloc(1, sizeof *seat);
	enum dbk_err err = DBK_FAILED_MEMORY;

	if (seat != NULL) {
		seat->vault = options->vault;
		seat->adopt = options->adopt;
		seat->slots.fd = -1;
		seat->claimed_root = dbk_tree_empty();
		seat->secret = dbk_secret_take(KEY_BYTES);
		seat->data = strdup(options->data);
		if (seat->secret != NULL && seat->data != NULL)
			err = DBK_OK;
	}
	if (err != DBK_OK)
		(void)dbk_error_set(error, err, "no memory for the seat");
	if (err == DBK_OK)
		err = load_seat(seat, error);
	if (err == DBK_OK)
		err = find_key(seat, options->origin, error);
	/* A seat of another key knows nothing of this one. */
	if (err == DBK_OK && seat->has_seat && seat->has_key &&
	    memcmp(seat->memory.key, seat->key.key, sizeof seat->memory.key) != 0)
		seat->has_seat = false;
	if (err != DBK_OK) {
		dbk_seat_close(seat);
		return err;
	}
	*out = seat;
	return DBK_OK;
}

void
dbk_seat_close(struct dbk_seat *seat)
{
	if (seat == NULL)
		return;
	dbk_slots_close(&seat->slots);
	dbk_secret_give(seat->secret);
	free(seat->data);
	free(seat);
}

const struct dbk_note_key *
dbk_seat_key(const struct dbk_seat *seat)
{
	return &seat->key;
}

uint64_t
dbk_seat_size(const struct dbk_seat *seat)
{
	return seat->claimed;
}

const struct dbk_tree_hash *
dbk_seat_root(const struct dbk_seat *seat)
{
	return &seat->claimed_root;
}

/* -------------------------------------------------------------------------- take */

static bool
is_new(const struct dbk_seat *seat)
{
	return !seat->has_key && !seat->has_seat;
}

static bool
is_broken(const struct dbk_seat *seat)
{
	return seat->has_key != seat->has_seat;
}

static enum dbk_seat_state
say_stale(const struct dbk_seat *seat, uint64_t log_size, struct dbk_error *error)
{
	(void)dbk_error_set(
	    error, DBK_FAILED_STATE,
	    "STALE: the log has %" PRIu64 " records, and %" PRIu64
	    " were signed: an older copy was restored; bring back the "
	    "newer log, or if it is lost start this one with other keys "
	    "(--keys)",
	    log_size, seat->claimed);
	return DBK_SEAT_STALE;
}

static enum dbk_seat_state
say_fork(const struct dbk_seat *seat, struct dbk_error *error)
{
	(void)dbk_error_set(
	    error, DBK_FAILED_STATE,
	    "FORK: the first %" PRIu64
	    " records are not those that were signed: this is another log, "
	    "or a copy that went its own way; it needs other keys (--keys)",
	    seat->claimed);
	return DBK_SEAT_FORK;
}

static enum dbk_seat_state
say_broken(const struct dbk_seat *seat, uint64_t log_size, struct dbk_error *error)
{
	const char *there =
	    seat->has_key ? "a key without its seat" : "a seat without its key";

	if (log_size < seat->claimed)
		(void)dbk_error_set(error, DBK_FAILED_STATE,
				    "BROKEN: the keys hold %s, and %" PRIu64
				    " records were signed where the log has %" PRIu64
				    "; start with other keys (--keys)",
				    there, seat->claimed, log_size);
	else
		(void)dbk_error_set(
		    error, DBK_FAILED_STATE,
		    "BROKEN: the keys hold %s; if no other daemon has them "
		    "and the log is the newest, start once with --adopt",
		    there);
	return DBK_SEAT_BROKEN;
}

static enum dbk_seat_state
say_copy(const char *what, struct dbk_error *error)
{
	(void)dbk_error_set(
	    error, DBK_FAILED_STATE,
	    "COPY: the keys were made in another place, %s differs; if the "
	    "other one will never run again, start once with --adopt",
	    what);
	return DBK_SEAT_COPY;
}

/* What this seat is to a log of LOG_SIZE records; READY is said without words. */
static enum dbk_seat_state
judge(const struct dbk_seat *seat, uint64_t log_size,
      const struct dbk_tree_hash *root_at_seat, const struct dbk_seat_place *place,
      struct dbk_error *error)
{
	const char *differs = NULL;

	if (log_size < seat->claimed)
		return is_broken(seat) && !seat->has_seat
			   ? say_broken(seat, log_size, error)
			   : say_stale(seat, log_size, error);
	if (seat->forked || (seat->claimed > 0 &&
			     !dbk_tree_hash_equal(root_at_seat, &seat->claimed_root)))
		return say_fork(seat, error);
	if (is_broken(seat))
		return seat->adopt ? DBK_SEAT_READY : say_broken(seat, log_size, error);
	if (seat->has_seat && seat->slots.sequence > 0)
		differs = dbk_place_differs(&seat->memory.place, place);
	return differs == NULL || seat->adopt ? DBK_SEAT_READY
					      : say_copy(differs, error);
}

static enum dbk_err
write_memory(struct dbk_seat *seat, const struct dbk_seat_memory *memory,
	     struct dbk_error *error)
{
	struct dbk_buf text;
	struct dbk_str bytes;
	enum dbk_err err;

	dbk_buf_init(&text);
	bytes = dbk_seat_memory_put(memory, &text);
	err = dbk_buf_failed(&text)
		  ? dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for the seat")
		  : dbk_slots_write(&seat->slots, bytes, error);
	dbk_buf_fini(&text);
	if (err == DBK_OK)
		seat->memory = *memory;
	return err;
}

/* A seat file for a key that has none, and it is never without one from here on: a
 * crash between the two leaves a seat of sequence 0. */
static enum dbk_err
make_seat(struct dbk_seat *seat, struct dbk_error *error)
{
	struct dbk_seat_memory memory = { .size = seat->claimed,
					  .root = seat->claimed_root };
	char path[PATH_MAX];
	struct dbk_buf text;
	struct dbk_str bytes;
	enum dbk_err err;

	/* What a lost key signed is not this one's. */
	if (!seat->has_key) {
		memory.size = 0;
		memory.root = dbk_tree_empty();
	}
	memcpy(memory.key, seat->key.key, sizeof memory.key);
	path_of(seat, DBK_SEAT_FILE, path);
	dbk_slots_close(&seat->slots);
	dbk_buf_init(&text);
	bytes = dbk_seat_memory_put(&memory, &text);
	err = dbk_buf_failed(&text)
		  ? dbk_error_set(error, DBK_FAILED_MEMORY, "no memory for the seat")
		  : dbk_slots_make(path, bytes, error);
	dbk_buf_fini(&text);
	if (err == DBK_OK)
		err = dbk_slots_open(path, false, &seat->slots, error);
	if (err == DBK_OK && !seat->has_key)
		err = dbk_vault_write(seat->vault, KEY_FILE, seat->secret, KEY_BYTES,
				      error);
	seat->memory = memory;
	return err;
}

static enum dbk_err
settle(struct dbk_seat *seat, struct dbk_error *error)
{
	struct dbk_seat_memory memory;
	enum dbk_err err = DBK_OK;

	if (is_new(seat) || is_broken(seat))
		err = make_seat(seat, error);
	if (err == DBK_OK)
		err = keep_vkey(seat, error);
	if (err != DBK_OK)
		return err;
	memory = seat->memory;
	if (seat->has_key && seat->claimed > memory.size) {
		memory.size = seat->claimed;
		memory.root = seat->claimed_root;
	}
	err = dbk_place_look(seat->slots.fd, dbk_vault_dir(seat->vault), seat->data,
			     &memory.place, error);
	/* Twice: then both slots are whole and of this place. */
	for (unsigned i = 0; err == DBK_OK && i < 2; i++)
		err = write_memory(seat, &memory, error);
	if (err != DBK_OK)
		return err;
	seat->claimed = memory.size;
	seat->claimed_root = memory.root;
	seat->has_key = seat->has_seat = seat->ready = true;
	return DBK_OK;
}

enum dbk_err
dbk_seat_take(struct dbk_seat *seat, uint64_t log_size,
	      const struct dbk_tree_hash *root_at_seat, enum dbk_seat_state *out,
	      struct dbk_error *error)
{
	struct dbk_seat_place place = { 0 };
	enum dbk_seat_state state;
	enum dbk_err err = DBK_OK;

	if (seat->has_seat)
		err = dbk_place_look(seat->slots.fd, dbk_vault_dir(seat->vault),
				     seat->data, &place, error);
	if (err != DBK_OK)
		return err;
	state = judge(seat, log_size, root_at_seat, &place, error);
	if (state == DBK_SEAT_READY)
		err = settle(seat, error);
	if (err == DBK_OK)
		*out = state;
	return err;
}

/* -------------------------------------------------------------------------- sign */

enum dbk_err
dbk_seat_sign(struct dbk_seat *seat, uint64_t size, const struct dbk_tree_hash *root,
	      struct dbk_buf *note, struct dbk_error *error)
{
	struct dbk_seat_memory memory = seat->memory;
	struct dbk_buf text;
	enum dbk_err err = DBK_OK;

	dbk_assert(seat->ready && size >= memory.size);
	dbk_assert(size > memory.size || size == 0 ||
		   dbk_tree_hash_equal(root, &memory.root));
	dbk_buf_init(&text);
	dbk_checkpoint_put(dbk_str_of(seat->key.name), size, root, &text);
	/* So that after the seat was written nothing can go wrong. */
	if (dbk_buf_failed(&text) ||
	    !dbk_buf_reserve(note, text.size + VKEY_BYTES_MAX * 2))
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "no memory to sign");
	memory.size = size;
	memory.root = *root;
	if (err == DBK_OK && size > seat->memory.size)
		err = write_memory(seat, &memory, error);
	if (err == DBK_OK) {
		seat->claimed = size;
		seat->claimed_root = *root;
		dbk_note_sign(dbk_str_make(text.bytes, text.size), &seat->key,
			      seat->secret, note);
	}
	dbk_buf_fini(&text);
	return err;
}
