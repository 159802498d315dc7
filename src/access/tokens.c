/*
 * tokens.c -- tokens in memory, in two orders, and on disk.
 *
 * Two locks: CHANGING keeps changes apart and is held while the disk works, READING is
 * held for moments only, so that nobody who shows a token waits for a disk.
 */

#include "access/tokens.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <daybook/limits.h>

#include "access/checked.h"
#include "access/token_row.h"
#include "base/base64.h"
#include "base/secret.h"
#include "store/scan.h"
#include "store/txn.h"

#define SECRET_BYTES 32
#define SECRET_LETTERS 43
#define TEXT_LETTERS (DBK_TOKEN_TEXT_BYTES - 1)
#define ID_AT 4
#define SECRET_AT (ID_AT + DBK_TOKEN_ID_BYTES + 1)
#define MINUTE_US ((int64_t)60 * 1000000)

struct held {
	struct dbk_token token;
	unsigned char hash[DBK_TOKEN_HASH_BYTES];
	uint64_t number; /* its key in the table */
	bool used;	 /* since the last flush */
};

struct dbk_tokens {
	struct dbk_store *store;
	struct dbk_table table;
	pthread_mutex_t changing, reading;
	struct held **made;  /* in order of creation */
	struct held **by_id; /* in order of ids */
	size_t n, room;
	uint64_t last_number, version;
};

/* ------------------------------------------------------------------ the two orders */

static size_t
place_of(const struct dbk_tokens *tokens, const char *id)
{
	size_t low = 0, high = tokens->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(tokens->by_id[middle]->token.id, id, DBK_TOKEN_ID_BYTES) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct held *
find_id(const struct dbk_tokens *tokens, const char *id)
{
	size_t place = place_of(tokens, id);

	if (place < tokens->n &&
	    memcmp(tokens->by_id[place]->token.id, id, DBK_TOKEN_ID_BYTES) == 0)
		return tokens->by_id[place];
	return NULL;
}

static bool
make_room(struct dbk_tokens *tokens)
{
	size_t room = tokens->room == 0 ? 16 : 2 * tokens->room;
	struct held **list;

	if (tokens->n < tokens->room)
		return true;
	list = realloc(tokens->made, room * sizeof *list);
	if (list == NULL)
		return false;
	tokens->made = list;
	list = realloc(tokens->by_id, room * sizeof *list);
	if (list == NULL)
		return false;
	tokens->by_id = list;
	tokens->room = room;
	return true;
}

/* There is room. */
static void
insert(struct dbk_tokens *tokens, struct held *held)
{
	size_t place = place_of(tokens, held->token.id);

	memmove(tokens->by_id + place + 1, tokens->by_id + place,
		(tokens->n - place) * sizeof(struct held *));
	tokens->by_id[place] = held;
	tokens->made[tokens->n] = held;
	tokens->n++;
	tokens->version++;
}

static void
take_out(struct dbk_tokens *tokens, size_t index)
{
	struct held *held = tokens->made[index];
	size_t place = place_of(tokens, held->token.id);

	tokens->n--;
	memmove(tokens->made + index, tokens->made + index + 1,
		(tokens->n - index) * sizeof(struct held *));
	memmove(tokens->by_id + place, tokens->by_id + place + 1,
		(tokens->n - place) * sizeof(struct held *));
	tokens->version++;
	free(held);
}

/* ---------------------------------------------------------------------------- disk */

static void
put_row(struct dbk_txn *txn, struct dbk_table table, const struct held *held,
	struct dbk_buf *row)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];

	dbk_buf_reset(row);
	dbk_token_row_put(&held->token, held->hash, row);
	dbk_checked_close(held->number, row);
	dbk_checked_key(held->number, key);
	dbk_txn_put(txn, table, dbk_str_make(key, sizeof key),
		    dbk_str_make(row->bytes, row->size));
}

/* HELD goes to the disk, FORGOTTEN (0: none) leaves it. */
static enum dbk_err
store_row(struct dbk_tokens *tokens, const struct held *held, uint64_t forgotten,
	  struct dbk_error *error)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];
	struct dbk_buf row;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_write(
	    tokens->store, DBK_CHECKED_VALUE_BYTES_MAX, &txn, error);

	if (err != DBK_OK)
		return err;
	dbk_buf_init(&row);
	put_row(txn, tokens->table, held, &row);
	if (forgotten != 0) {
		dbk_checked_key(forgotten, key);
		dbk_txn_delete(txn, tokens->table, dbk_str_make(key, sizeof key));
	}
	if (dbk_buf_failed(&row)) {
		dbk_txn_abort(txn);
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "a token");
	} else {
		err = dbk_txn_commit(txn, error);
	}
	dbk_buf_fini(&row);
	return err;
}

static enum dbk_err
load_row(struct dbk_tokens *tokens, struct dbk_str key, struct dbk_str value,
	 struct dbk_error *error)
{
	struct held *held = calloc(1, sizeof *held);
	struct dbk_str body;

	if (held == NULL || !make_room(tokens)) {
		free(held);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "tokens");
	}
	if (!dbk_checked_number(key, &held->number) ||
	    !dbk_checked_open(held->number, value, &body) ||
	    !dbk_token_row_get(body, &held->token, held->hash) ||
	    find_id(tokens, held->token.id) != NULL) {
		free(held);
		return dbk_error_set(error, DBK_FAILED_DAMAGED,
				     "%s: a token is not as it was written",
				     dbk_store_dir(tokens->store));
	}
	tokens->last_number = held->number;
	insert(tokens, held);
	return DBK_OK;
}

static enum dbk_err
load(struct dbk_tokens *tokens, struct dbk_error *error)
{
	struct dbk_str key, value;
	struct dbk_scan *scan;
	struct dbk_txn *txn;
	enum dbk_err err = dbk_txn_begin_read(tokens->store, &txn, error);

	if (err != DBK_OK)
		return err;
	err = dbk_scan_open(txn, tokens->table, &scan);
	if (err == DBK_OK) {
		for (err = dbk_scan_first(scan, &key, &value); err == DBK_OK;
		     err = dbk_scan_next(scan, &key, &value)) {
			err = load_row(tokens, key, value, error);
			if (err != DBK_OK)
				break;
		}
		dbk_scan_close(scan);
	}
	dbk_txn_abort(txn);
	if (err == DBK_FAILED_NOT_FOUND)
		return DBK_OK;
	if (error != NULL && error->code == DBK_OK)
		(void)dbk_error_set(error, err, "tokens: %s", dbk_err_text(err));
	return err;
}

enum dbk_err
dbk_tokens_open(struct dbk_store *store, struct dbk_tokens **out,
		struct dbk_error *error)
{
	struct dbk_tokens *tokens = calloc(1, sizeof *tokens);
	enum dbk_err err;

	if (tokens == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "tokens");
	tokens->store = store;
	tokens->version = 1;
	(void)pthread_mutex_init(&tokens->changing, NULL);
	(void)pthread_mutex_init(&tokens->reading, NULL);
	err = dbk_store_table(store, "tokens", &tokens->table, error);
	if (err == DBK_OK)
		err = load(tokens, error);
	if (err != DBK_OK) {
		dbk_tokens_close(tokens);
		return err;
	}
	*out = tokens;
	return DBK_OK;
}

void
dbk_tokens_close(struct dbk_tokens *tokens)
{
	if (tokens == NULL)
		return;
	for (size_t i = 0; i < tokens->n; i++)
		free(tokens->made[i]);
	free(tokens->made);
	free(tokens->by_id);
	(void)pthread_mutex_destroy(&tokens->changing);
	(void)pthread_mutex_destroy(&tokens->reading);
	free(tokens);
}

/* ------------------------------------------------------------------------- changes */

/* 32 letters and digits that are not taken for each other: 80 bits of chance. */
static void
make_id(char out[DBK_TOKEN_ID_BYTES + 1])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	unsigned char chance[DBK_TOKEN_ID_BYTES];

	dbk_secret_random(chance, sizeof chance);
	for (unsigned i = 0; i < DBK_TOKEN_ID_BYTES; i++)
		out[i] = letters[chance[i] & 31];
	out[DBK_TOKEN_ID_BYTES] = '\0';
}

/* The letters are written where they are wanted, so that no copy stays behind. */
static void
make_text(const char *id, char text[DBK_TOKEN_TEXT_BYTES])
{
	unsigned char secret[SECRET_BYTES];
	struct dbk_buf letters = { .bytes = (unsigned char *)text + SECRET_AT,
				   .capacity = DBK_TOKEN_TEXT_BYTES - SECRET_AT };

	dbk_secret_random(secret, sizeof secret);
	memcpy(text, "dbk_", ID_AT);
	memcpy(text + ID_AT, id, DBK_TOKEN_ID_BYTES);
	text[SECRET_AT - 1] = '_';
	dbk_base64url_put(&letters, secret, sizeof secret);
	text[TEXT_LETTERS] = '\0';
	dbk_secret_wipe(secret, sizeof secret);
}

static enum dbk_token_answer
state_of(const struct dbk_token *token, int64_t now_us)
{
	if (token->revoked_at_us != 0)
		return DBK_TOKEN_REVOKED;
	return now_us >= token->caller.expires_at_us ? DBK_TOKEN_EXPIRED
						     : DBK_TOKEN_GOOD;
}

/* Where the oldest token is that is not in force; N if all are. */
static size_t
oldest_dead(const struct dbk_tokens *tokens, int64_t now_us)
{
	size_t i = 0;

	while (i < tokens->n &&
	       state_of(&tokens->made[i]->token, now_us) == DBK_TOKEN_GOOD)
		i++;
	return i;
}

/* CHANGING is held, so nobody else moves what is read here. */
static enum dbk_err
add(struct dbk_tokens *tokens, struct held *held, struct dbk_error *error)
{
	size_t dead = tokens->n;
	uint64_t forgotten = 0;
	enum dbk_err err;

	if (tokens->n >= DBK_TOKENS_MAX) {
		dead = oldest_dead(tokens, held->token.created_at_us);
		if (dead == tokens->n)
			return dbk_error_set(error, DBK_FAILED_LIMIT,
					     "there are %d tokens in force",
					     DBK_TOKENS_MAX);
		forgotten = tokens->made[dead]->number;
	}
	held->number = tokens->last_number + 1;
	err = store_row(tokens, held, forgotten, error);
	if (err != DBK_OK)
		return err;
	tokens->last_number = held->number;
	(void)pthread_mutex_lock(&tokens->reading);
	if (forgotten != 0)
		take_out(tokens, dead);
	insert(tokens, held);
	(void)pthread_mutex_unlock(&tokens->reading);
	return DBK_OK;
}

static bool
reserve(struct dbk_tokens *tokens)
{
	bool has_room;

	(void)pthread_mutex_lock(&tokens->reading);
	has_room = make_room(tokens);
	(void)pthread_mutex_unlock(&tokens->reading);
	return has_room;
}

enum dbk_err
dbk_tokens_create(struct dbk_tokens *tokens, struct dbk_token *token,
		  char text[DBK_TOKEN_TEXT_BYTES], struct dbk_error *error)
{
	struct held *held = calloc(1, sizeof *held);
	enum dbk_err err;

	if (held == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "a token");
	text[0] = '\0';
	(void)pthread_mutex_lock(&tokens->changing);
	do
		make_id(token->id);
	while (find_id(tokens, token->id) != NULL);
	memcpy(token->caller.token_id, token->id, sizeof token->id);
	held->token = *token;
	if (!token->is_certificate) {
		make_text(token->id, text);
		dbk_secret_hash(NULL, text, TEXT_LETTERS, held->hash);
	}
	err = reserve(tokens) ? add(tokens, held, error)
			      : dbk_error_set(error, DBK_FAILED_MEMORY, "a token");
	(void)pthread_mutex_unlock(&tokens->changing);
	if (err != DBK_OK) {
		dbk_secret_wipe(text, DBK_TOKEN_TEXT_BYTES);
		free(held);
	}
	return err;
}

enum dbk_err
dbk_tokens_revoke(struct dbk_tokens *tokens, struct dbk_str id, int64_t now_us,
		  struct dbk_token *out, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;
	struct held *held = NULL;
	struct held changed;

	(void)pthread_mutex_lock(&tokens->changing);
	if (id.size == DBK_TOKEN_ID_BYTES)
		held = find_id(tokens, id.bytes);
	if (held == NULL) {
		err = dbk_error_set(error, DBK_FAILED_NOT_FOUND, "no such token");
	} else {
		(void)pthread_mutex_lock(&tokens->reading);
		changed = *held;
		(void)pthread_mutex_unlock(&tokens->reading);
		if (changed.token.revoked_at_us == 0) {
			changed.token.revoked_at_us = now_us;
			err = store_row(tokens, &changed, 0, error);
		}
	}
	if (err == DBK_OK) {
		(void)pthread_mutex_lock(&tokens->reading);
		held->token.revoked_at_us = changed.token.revoked_at_us;
		tokens->version++;
		*out = held->token;
		(void)pthread_mutex_unlock(&tokens->reading);
	}
	(void)pthread_mutex_unlock(&tokens->changing);
	return err;
}

/* ------------------------------------------------------------------------- looking */

static enum dbk_token_answer
answer_with(struct held *held, int64_t now_us, struct dbk_caller *out)
{
	enum dbk_token_answer answer = state_of(&held->token, now_us);
	int64_t minute = now_us - now_us % MINUTE_US;

	*out = held->token.caller;
	if (answer == DBK_TOKEN_GOOD && minute > held->token.last_used_at_us) {
		held->token.last_used_at_us = minute;
		held->used = true;
	}
	return answer;
}

struct dbk_str
dbk_token_of_header(struct dbk_str authorization)
{
	static const char scheme[] = "bearer ";
	uint32_t at = sizeof scheme - 1;

	if (authorization.size < at || strncasecmp(authorization.bytes, scheme, at) != 0)
		return dbk_str_make("", 0);
	while (at < authorization.size && authorization.bytes[at] == ' ')
		at++;
	return dbk_str_make(authorization.bytes + at, authorization.size - at);
}

static bool
is_token_text(struct dbk_str text)
{
	return text.size == TEXT_LETTERS && memcmp(text.bytes, "dbk_", ID_AT) == 0 &&
	       text.bytes[SECRET_AT - 1] == '_';
}

/* Where there is no such id a hash that nothing has is compared. */
enum dbk_token_answer
dbk_tokens_find(struct dbk_tokens *tokens, struct dbk_str text, int64_t now_us,
		struct dbk_caller *out)
{
	static const unsigned char of_nothing[DBK_TOKEN_HASH_BYTES];
	enum dbk_token_answer answer = DBK_TOKEN_UNKNOWN;
	unsigned char hash[DBK_TOKEN_HASH_BYTES];
	struct held *held;
	bool is_right;

	if (!is_token_text(text))
		return DBK_TOKEN_UNKNOWN;
	dbk_secret_hash(NULL, text.bytes, text.size, hash);
	(void)pthread_mutex_lock(&tokens->reading);
	held = find_id(tokens, text.bytes + ID_AT);
	if (held != NULL && held->token.is_certificate)
		held = NULL;
	is_right =
	    dbk_secret_equal(hash, held == NULL ? of_nothing : held->hash, sizeof hash);
	if (held != NULL && is_right)
		answer = answer_with(held, now_us, out);
	(void)pthread_mutex_unlock(&tokens->reading);
	return answer;
}

/* A certificate may have been registered again after it was revoked. */
enum dbk_token_answer
dbk_tokens_find_certificate(struct dbk_tokens *tokens, const unsigned char sha256[32],
			    int64_t now_us, struct dbk_caller *out)
{
	enum dbk_token_answer answer = DBK_TOKEN_UNKNOWN;

	(void)pthread_mutex_lock(&tokens->reading);
	for (size_t i = tokens->n; i-- > 0 && answer != DBK_TOKEN_GOOD;) {
		struct held *held = tokens->made[i];
		struct dbk_caller found;
		enum dbk_token_answer of_it;

		if (!held->token.is_certificate ||
		    memcmp(held->token.certificate, sha256, 32) != 0)
			continue;
		of_it = answer_with(held, now_us, &found);
		if (answer != DBK_TOKEN_UNKNOWN && of_it != DBK_TOKEN_GOOD)
			continue;
		answer = of_it;
		*out = found;
	}
	(void)pthread_mutex_unlock(&tokens->reading);
	return answer;
}

enum dbk_token_answer
dbk_tokens_look(struct dbk_tokens *tokens, struct dbk_str id, int64_t now_us)
{
	enum dbk_token_answer answer = DBK_TOKEN_UNKNOWN;
	const struct held *held = NULL;

	(void)pthread_mutex_lock(&tokens->reading);
	if (id.size == DBK_TOKEN_ID_BYTES)
		held = find_id(tokens, id.bytes);
	if (held != NULL)
		answer = state_of(&held->token, now_us);
	(void)pthread_mutex_unlock(&tokens->reading);
	return answer;
}

uint64_t
dbk_tokens_version(struct dbk_tokens *tokens)
{
	uint64_t version;

	(void)pthread_mutex_lock(&tokens->reading);
	version = tokens->version;
	(void)pthread_mutex_unlock(&tokens->reading);
	return version;
}

bool
dbk_tokens_at(struct dbk_tokens *tokens, size_t index, struct dbk_token *out)
{
	bool is_there;

	(void)pthread_mutex_lock(&tokens->reading);
	is_there = index < tokens->n;
	if (is_there)
		*out = tokens->made[index]->token;
	(void)pthread_mutex_unlock(&tokens->reading);
	return is_there;
}

/* -------------------------------------------------------------------------- flushing
 */

/* The next token from *AT on that was used, as it is now. */
static bool
next_used(struct dbk_tokens *tokens, size_t *at, struct held *out)
{
	bool is_there = false;

	(void)pthread_mutex_lock(&tokens->reading);
	for (; *at < tokens->n && !is_there; (*at)++) {
		struct held *held = tokens->made[*at];

		is_there = held->used;
		if (is_there) {
			*out = *held;
			held->used = false;
		}
	}
	(void)pthread_mutex_unlock(&tokens->reading);
	return is_there;
}

/* What is lost with a failed commit is when somebody was here last; the next minute
 * notes it again. */
enum dbk_err
dbk_tokens_flush(struct dbk_tokens *tokens, struct dbk_error *error)
{
	enum dbk_err err = DBK_OK;
	struct dbk_txn *txn = NULL;
	struct dbk_buf row;
	struct held held;
	size_t at = 0;

	dbk_buf_init(&row);
	(void)pthread_mutex_lock(&tokens->changing);
	while (err == DBK_OK && next_used(tokens, &at, &held)) {
		if (txn == NULL)
			err = dbk_txn_begin_write(tokens->store, 0, &txn, error);
		if (err == DBK_OK)
			put_row(txn, tokens->table, &held, &row);
		if (err == DBK_OK && dbk_buf_failed(&row))
			err = dbk_error_set(error, DBK_FAILED_MEMORY, "tokens");
	}
	if (err == DBK_OK && txn != NULL)
		err = dbk_txn_commit(txn, error);
	else
		dbk_txn_abort(txn);
	(void)pthread_mutex_unlock(&tokens->changing);
	dbk_buf_fini(&row);
	return err;
}
