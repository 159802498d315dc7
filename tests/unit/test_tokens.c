#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "../tests/lib/small_store.h"
#include "../tests/lib/tmpdir.h"
#include "access/access_store.h"
#include "access/checked.h"
#include "access/token_row.h"
#include "access/tokens.h"
#include "base/secret.h"
#include "store/txn.h"

#define NOW ((int64_t)1700000000000000)
#define MINUTE ((int64_t)60000000)

static char dir[TMPDIR_BYTES];
static struct dbk_store *store;
static struct dbk_tokens *tokens;
static struct dbk_error error;
static char text[DBK_TOKEN_TEXT_BYTES];

static void
begin(void)
{
	tmpdir_make(dir);
	CHECK_INT(dbk_access_store_open(dir, false, &store, &error), DBK_OK);
	CHECK_INT(dbk_tokens_open(store, &tokens, &error), DBK_OK);
}

static void
end(void)
{
	dbk_tokens_close(tokens);
	dbk_store_close(store);
	tmpdir_remove(dir);
}

static void
again(void)
{
	dbk_tokens_close(tokens);
	dbk_store_close(store);
	CHECK_INT(dbk_access_store_open(dir, false, &store, &error), DBK_OK);
	CHECK_INT(dbk_tokens_open(store, &tokens, &error), DBK_OK);
}

static struct dbk_token
token_of(const char *name, int64_t expires_at_us)
{
	struct dbk_token token = { .created_at_us = NOW };

	(void)snprintf(token.caller.name, sizeof token.caller.name, "%s", name);
	(void)snprintf(token.created_by, sizeof token.created_by, "unix:0");
	token.caller.roles =
	    DBK_ROLE_BIT(DBK_ROLE_READ) | DBK_ROLE_BIT(DBK_ROLE_INGEST);
	token.caller.expires_at_us = expires_at_us;
	token.caller.n_sources = 2;
	(void)strcpy(token.caller.sources[0], "shop");
	(void)strcpy(token.caller.sources[1], "till");
	return token;
}

static struct dbk_token
made(const char *name, int64_t expires_at_us)
{
	struct dbk_token token = token_of(name, expires_at_us);

	CHECK_INT(dbk_tokens_create(tokens, &token, text, &error), DBK_OK);
	return token;
}

static enum dbk_token_answer
find(const char *shown, int64_t now_us, struct dbk_caller *out)
{
	return dbk_tokens_find(tokens, dbk_str_of(shown), now_us, out);
}

static void
test_form(void)
{
	struct dbk_token token;

	begin();
	token = made("ann", INT64_MAX);
	CHECK_INT(strlen(text), 64);
	CHECK(memcmp(text, "dbk_", 4) == 0);
	CHECK(memcmp(text + 4, token.id, DBK_TOKEN_ID_BYTES) == 0);
	CHECK(text[20] == '_');
	CHECK_INT(strspn(text + 21,
			 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789-_"),
		  43);
	end();
}

static void
test_wrong(void)
{
	struct dbk_caller caller;
	char other[DBK_TOKEN_TEXT_BYTES];

	begin();
	(void)made("ann", INT64_MAX);
	CHECK_INT(find("", NOW, &caller), DBK_TOKEN_UNKNOWN);
	CHECK_INT(find("dbk_", NOW, &caller), DBK_TOKEN_UNKNOWN);
	for (size_t i = 0; i < sizeof other - 1; i++) {
		memcpy(other, text, sizeof other);
		other[i] = other[i] == 'x' ? 'y' : 'x';
		CHECK_INT(find(other, NOW, &caller), DBK_TOKEN_UNKNOWN);
		CHECK_INT(dbk_tokens_find(tokens, dbk_str_make(text, i), NOW, &caller),
			  DBK_TOKEN_UNKNOWN);
	}
	memcpy(other, text, sizeof other);
	other[42] = '\0';
	CHECK_INT(dbk_tokens_find(tokens, dbk_str_make(other, 64), NOW, &caller),
		  DBK_TOKEN_UNKNOWN);
	CHECK_INT(find(text, NOW, &caller), DBK_TOKEN_GOOD);
	end();
}

static void
test_kept(void)
{
	struct dbk_caller caller;
	struct dbk_token token, listed;

	begin();
	token = made("ann", NOW + 10 * MINUTE);
	again();
	CHECK_INT(find(text, NOW, &caller), DBK_TOKEN_GOOD);
	CHECK(strcmp(caller.name, "ann") == 0);
	CHECK(strcmp(caller.token_id, token.id) == 0);
	CHECK_INT(caller.roles, token.caller.roles);
	CHECK_INT(caller.expires_at_us, NOW + 10 * MINUTE);
	CHECK_INT(caller.n_sources, 2);
	CHECK(strcmp(caller.sources[1], "till") == 0);
	CHECK(dbk_tokens_at(tokens, 0, &listed));
	CHECK(strcmp(listed.created_by, "unix:0") == 0);
	CHECK_INT(listed.created_at_us, NOW);
	CHECK(!dbk_tokens_at(tokens, 1, &listed));
	end();
}

static void
test_ends(void)
{
	struct dbk_caller caller;
	struct dbk_token token, revoked;
	uint64_t version;

	begin();
	token = made("ann", NOW + MINUTE);
	CHECK_INT(find(text, NOW + MINUTE - 1, &caller), DBK_TOKEN_GOOD);
	CHECK_INT(find(text, NOW + MINUTE, &caller), DBK_TOKEN_EXPIRED);
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of(token.id), NOW), DBK_TOKEN_GOOD);
	version = dbk_tokens_version(tokens);
	CHECK_INT(
	    dbk_tokens_revoke(tokens, dbk_str_of(token.id), NOW + 1, &revoked, &error),
	    DBK_OK);
	CHECK(dbk_tokens_version(tokens) != version);
	CHECK_INT(revoked.revoked_at_us, NOW + 1);
	CHECK_INT(find(text, NOW, &caller), DBK_TOKEN_REVOKED);
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of(token.id), NOW),
		  DBK_TOKEN_REVOKED);
	CHECK_INT(
	    dbk_tokens_revoke(tokens, dbk_str_of(token.id), NOW + 2, &revoked, &error),
	    DBK_OK);
	CHECK_INT(revoked.revoked_at_us, NOW + 1);
	again();
	CHECK_INT(find(text, NOW, &caller), DBK_TOKEN_REVOKED);
	CHECK_INT(
	    dbk_tokens_revoke(tokens, dbk_str_of("nobody"), NOW, &revoked, &error),
	    DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_tokens_revoke(tokens, dbk_str_of("aaaaaaaaaaaaaaaa"), NOW,
				    &revoked, &error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of("aaaaaaaaaaaaaaaa"), NOW),
		  DBK_TOKEN_UNKNOWN);
	end();
}

static void
test_certificates(void)
{
	unsigned char sha256[32] = { 7 }, other[32] = { 8 };
	struct dbk_token token = token_of("till", INT64_MAX), revoked;
	struct dbk_caller caller;

	begin();
	token.is_certificate = true;
	memcpy(token.certificate, sha256, sizeof sha256);
	CHECK_INT(dbk_tokens_create(tokens, &token, text, &error), DBK_OK);
	CHECK(text[0] == '\0');
	again();
	CHECK_INT(dbk_tokens_find_certificate(tokens, other, NOW, &caller),
		  DBK_TOKEN_UNKNOWN);
	CHECK_INT(dbk_tokens_find_certificate(tokens, sha256, NOW, &caller),
		  DBK_TOKEN_GOOD);
	CHECK(strcmp(caller.name, "till") == 0);
	CHECK_INT(
	    dbk_tokens_revoke(tokens, dbk_str_of(token.id), NOW, &revoked, &error),
	    DBK_OK);
	CHECK_INT(dbk_tokens_find_certificate(tokens, sha256, NOW, &caller),
		  DBK_TOKEN_REVOKED);
	CHECK_INT(dbk_tokens_create(tokens, &token, text, &error), DBK_OK);
	CHECK_INT(dbk_tokens_find_certificate(tokens, sha256, NOW, &caller),
		  DBK_TOKEN_GOOD);
	CHECK(strcmp(caller.token_id, token.id) == 0);
	end();
}

/* The hash of nothing but zeroes is what a certificate has: no text may find it. */
static void
test_certificate_id(void)
{
	struct dbk_token token = token_of("till", INT64_MAX);
	struct dbk_caller caller;
	char shown[DBK_TOKEN_TEXT_BYTES];

	begin();
	token.is_certificate = true;
	CHECK_INT(dbk_tokens_create(tokens, &token, text, &error), DBK_OK);
	(void)snprintf(shown, sizeof shown, "dbk_%s_%043d", token.id, 0);
	CHECK_INT(find(shown, NOW, &caller), DBK_TOKEN_UNKNOWN);
	end();
}

static void
test_used(void)
{
	struct dbk_caller caller;
	struct dbk_token token;

	begin();
	(void)made("ann", INT64_MAX);
	CHECK(dbk_tokens_at(tokens, 0, &token) && token.last_used_at_us == 0);
	CHECK_INT(find(text, NOW + 5, &caller), DBK_TOKEN_GOOD);
	CHECK_INT(dbk_tokens_flush(tokens, &error), DBK_OK);
	again();
	CHECK(dbk_tokens_at(tokens, 0, &token));
	CHECK_INT(token.last_used_at_us, NOW - NOW % MINUTE);
	CHECK_INT(dbk_tokens_flush(tokens, &error), DBK_OK);
	end();
}

static void
test_header(void)
{
	static const struct {
		const char *header, *token;
	} cases[] = {
		{ "Bearer dbk_x", "dbk_x" },
		{ "bearer dbk_x", "dbk_x" },
		{ "BEARER   dbk_x", "dbk_x" },
		{ "Bearer", "" },
		{ "Bearer ", "" },
		{ "Basic dbk_x", "" },
		{ "dbk_x", "" },
		{ "", "" },
		{ "Bearerdbk_x", "" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(dbk_str_equal(dbk_token_of_header(dbk_str_of(cases[i].header)),
				    dbk_str_of(cases[i].token)));
}

static void
test_limit(void)
{
	struct dbk_token token = token_of("many", INT64_MAX), first, revoked;
	enum dbk_err err = DBK_OK;

	begin();
	/* As many without a commit each. */
	for (uint64_t i = 0; i < DBK_TOKENS_MAX; i += 1000) {
		struct dbk_txn *txn;
		struct dbk_table table = small_store_table(store, "tokens");

		CHECK_INT(dbk_txn_begin_write(store, 0, &txn, &error), DBK_OK);
		for (uint64_t n = i + 1; n <= i + 1000; n++) {
			unsigned char key[DBK_CHECKED_KEY_BYTES], hash[32] = { 1 };
			struct dbk_buf row;

			(void)snprintf(token.id, sizeof token.id, "aaaaaaaaaa%06llu",
				       (unsigned long long)n);
			dbk_buf_init(&row);
			dbk_token_row_put(&token, hash, &row);
			dbk_checked_close(n, &row);
			dbk_checked_key(n, key);
			dbk_txn_append(txn, table, dbk_str_make(key, sizeof key),
				       dbk_str_make(row.bytes, row.size));
			dbk_buf_fini(&row);
		}
		CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	}
	again();
	err = dbk_tokens_create(tokens, &token, text, &error);
	CHECK_INT(err, DBK_FAILED_LIMIT);
	CHECK(text[0] == '\0');
	CHECK(dbk_tokens_at(tokens, 0, &first));
	CHECK_INT(
	    dbk_tokens_revoke(tokens, dbk_str_of(first.id), NOW, &revoked, &error),
	    DBK_OK);
	CHECK_INT(dbk_tokens_create(tokens, &token, text, &error), DBK_OK);
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of(first.id), NOW),
		  DBK_TOKEN_UNKNOWN);
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of(token.id), NOW), DBK_TOKEN_GOOD);
	again();
	CHECK_INT(dbk_tokens_look(tokens, dbk_str_of(token.id), NOW), DBK_TOKEN_GOOD);
	end();
}

/* The secret's bytes are in no file. */
static void
test_at_rest(void)
{
	char path[TMPDIR_BYTES + 64], *bytes;
	struct stat st;
	FILE *file;

	begin();
	(void)made("ann", INT64_MAX);
	(void)snprintf(path, sizeof path, "%s/access/data.mdb", dir);
	file = fopen(path, "rb");
	CHECK(file != NULL && fstat(fileno(file), &st) == 0);
	if (file == NULL)
		return;
	bytes = malloc((size_t)st.st_size);
	CHECK(bytes != NULL);
	CHECK_INT(fread(bytes, 1, (size_t)st.st_size, file), st.st_size);
	CHECK(memmem(bytes, (size_t)st.st_size, text + 4, DBK_TOKEN_ID_BYTES) != NULL);
	CHECK(memmem(bytes, (size_t)st.st_size, text + 21, 43) == NULL);
	CHECK(memmem(bytes, (size_t)st.st_size, text + 21, 12) == NULL);
	free(bytes);
	(void)fclose(file);
	end();
}

/* Each bit of each stored value. */
static void
test_damage(void)
{
	unsigned char hash[32], key[DBK_CHECKED_KEY_BYTES];
	struct dbk_token token = token_of("ann", NOW), got;
	struct dbk_str body;
	struct dbk_buf row;

	(void)strcpy(token.id, "abcdefghijkmnpqr");
	(void)strcpy(token.caller.token_id, token.id);
	memset(hash, 3, sizeof hash);
	dbk_buf_init(&row);
	dbk_token_row_put(&token, hash, &row);
	CHECK(dbk_token_row_get(dbk_str_make(row.bytes, row.size), &got, hash));
	CHECK(memcmp(&got, &token, sizeof got) == 0);
	CHECK(!dbk_token_row_get(dbk_str_make(row.bytes, row.size - 1), &got, hash));
	dbk_checked_close(9, &row);
	CHECK(dbk_checked_open(9, dbk_str_make(row.bytes, row.size), &body));
	CHECK(!dbk_checked_open(8, dbk_str_make(row.bytes, row.size), &body));
	for (size_t bit = 0; bit < row.size * 8; bit++) {
		row.bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
		CHECK(!dbk_checked_open(9, dbk_str_make(row.bytes, row.size), &body));
		row.bytes[bit / 8] ^= (unsigned char)(1u << (bit % 8));
	}
	for (size_t size = 0; size < row.size; size++)
		CHECK(!dbk_checked_open(9, dbk_str_make(row.bytes, size), &body));
	dbk_checked_key(UINT64_MAX - 1, key);
	dbk_buf_fini(&row);
}

static void
test_check(void)
{
	unsigned char key[DBK_CHECKED_KEY_BYTES];
	struct dbk_table table;
	struct dbk_txn *txn;
	uint64_t values = 0;

	begin();
	(void)made("ann", INT64_MAX);
	(void)made("ben", INT64_MAX);
	table = small_store_table(store, "access");
	CHECK_INT(dbk_access_check(store, &values, &error), DBK_OK);
	CHECK_INT(values, 2);
	dbk_checked_key(2, key);
	table = small_store_table(store, "tokens");
	CHECK_INT(dbk_txn_begin_write(store, 0, &txn, &error), DBK_OK);
	dbk_txn_put(txn, table, dbk_str_make(key, sizeof key),
		    dbk_str_of("damaged value"));
	CHECK_INT(dbk_txn_commit(txn, &error), DBK_OK);
	CHECK_INT(dbk_access_check(store, &values, &error), DBK_FAILED_DAMAGED);
	CHECK(strstr(error.text, "tokens: number 2") != NULL);
	dbk_tokens_close(tokens);
	CHECK_INT(dbk_tokens_open(store, &tokens, &error), DBK_FAILED_DAMAGED);
	tokens = NULL;
	end();
}

static void *
show(void *context)
{
	char shown[DBK_TOKEN_TEXT_BYTES];
	struct dbk_caller caller;

	memcpy(shown, context, sizeof shown);
	for (int i = 0; i < 2000; i++)
		CHECK(find(shown, NOW, &caller) == DBK_TOKEN_GOOD);
	return NULL;
}

static void
test_threads(void)
{
	char first[DBK_TOKEN_TEXT_BYTES];
	struct dbk_token revoked;
	pthread_t threads[2];

	begin();
	(void)made("ann", INT64_MAX);
	memcpy(first, text, sizeof first);
	for (int i = 0; i < 2; i++)
		CHECK_INT(pthread_create(&threads[i], NULL, show, first), 0);
	for (int i = 0; i < 40; i++) {
		struct dbk_token token = made("more", INT64_MAX);

		CHECK_INT(dbk_tokens_revoke(tokens, dbk_str_of(token.id), NOW, &revoked,
					    &error),
			  DBK_OK);
	}
	for (int i = 0; i < 2; i++)
		CHECK_INT(pthread_join(threads[i], NULL), 0);
	end();
}

int
main(void)
{
	CHECK(dbk_secret_start());
	check_run("a token is dbk, an id and a secret", test_form);
	check_run("a wrong letter anywhere is not known", test_wrong);
	check_run("a token is kept as it was made", test_kept);
	check_run("a token ends by time and by revocation, for good", test_ends);
	check_run("a certificate is found by its fingerprint", test_certificates);
	check_run("no secret stands for a certificate", test_certificate_id);
	check_run("the last use is kept to the minute", test_used);
	check_run("a header has a token behind bearer", test_header);
	check_run("at the limit the oldest dead token makes room", test_limit);
	check_run("a secret is in no file", test_at_rest);
	check_run("a changed bit of a row is found", test_damage);
	check_run("a check of all values names the damaged one", test_check);
	check_run("tokens are looked up while others change", test_threads);
	return check_end();
}
