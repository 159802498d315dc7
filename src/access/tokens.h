#ifndef DBK_ACCESS_TOKENS_H
#define DBK_ACCESS_TOKENS_H

/*
 * tokens.h -- who has been let in: tokens by their hashes, certificates by their
 * fingerprints; src/proof/TRUST.md section 9.
 *
 * All of them are in memory, so that looking one up costs a hash and no disk; changes
 * are on disk before they hold.
 *
 * Thread: looking up by any; changes by any, one at a time (it locks by itself).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "access/caller.h"
#include "base/str.h"
#include "store/store.h"

/* "dbk_" ID "_" SECRET and a terminator. */
#define DBK_TOKEN_TEXT_BYTES (4 + 16 + 1 + 43 + 1)

struct dbk_tokens;

struct dbk_token {
	char id[DBK_TOKEN_ID_BYTES + 1];
	struct dbk_caller caller; /* name, roles, sources, expires_at_us; no peer */
	int64_t created_at_us;
	int64_t revoked_at_us;	 /* 0: it is not */
	int64_t last_used_at_us; /* to the minute; 0: never */
	char created_by[DBK_ID_BYTES_MAX + 1];
	bool is_certificate;
	unsigned char certificate[32];
};

/* STORE is KEYS/access, which access_log.h shares. */
DBK_MUST_CHECK enum dbk_err dbk_tokens_open(struct dbk_store *store,
					    struct dbk_tokens **out,
					    struct dbk_error *error);
void dbk_tokens_close(struct dbk_tokens *tokens);

/* Make a token as TOKEN says (but for its id, which is set).  TEXT gets the secret, in
 * memory of the caller's (secret.h); a certificate gets none.  LIMIT when
 * DBK_TOKENS_MAX are in force; one that is not any more, the oldest, makes room. */
DBK_MUST_CHECK enum dbk_err dbk_tokens_create(struct dbk_tokens *tokens,
					      struct dbk_token *token,
					      char text[DBK_TOKEN_TEXT_BYTES],
					      struct dbk_error *error);

/* NOT_FOUND; revoking again changes nothing.  *OUT is the token as it is then. */
DBK_MUST_CHECK enum dbk_err dbk_tokens_revoke(struct dbk_tokens *tokens,
					      struct dbk_str id, int64_t now_us,
					      struct dbk_token *out,
					      struct dbk_error *error);

enum dbk_token_answer {
	DBK_TOKEN_GOOD,
	DBK_TOKEN_UNKNOWN, /* also a wrong secret */
	DBK_TOKEN_EXPIRED,
	DBK_TOKEN_REVOKED
};

/* The token in an authorization header, "Bearer TOKEN", borrowed; empty if there is none.
 * The scheme may have any case (RFC 9110 section 11.1). */
struct dbk_str dbk_token_of_header(struct dbk_str authorization);

/* Who shows TEXT; the same time for every secret.  Notes the use.  *OUT is set for
 * GOOD, EXPIRED and REVOKED. */
enum dbk_token_answer dbk_tokens_find(struct dbk_tokens *tokens, struct dbk_str text,
				      int64_t now_us, struct dbk_caller *out);
enum dbk_token_answer dbk_tokens_find_certificate(struct dbk_tokens *tokens,
						  const unsigned char sha256[32],
						  int64_t now_us,
						  struct dbk_caller *out);

/* Is the token of this id still good?  For calls that go on for long. */
enum dbk_token_answer dbk_tokens_look(struct dbk_tokens *tokens, struct dbk_str id,
				      int64_t now_us);

/* A number that changes with every token made or revoked: what has been found under the
 * same one is still so, but for time. */
uint64_t dbk_tokens_version(struct dbk_tokens *tokens);

/* Token INDEX in order of creation; false behind the last. */
bool dbk_tokens_at(struct dbk_tokens *tokens, size_t index, struct dbk_token *out);

/* Write down when tokens were used last, now and then. */
DBK_MUST_CHECK enum dbk_err dbk_tokens_flush(struct dbk_tokens *tokens,
					     struct dbk_error *error);

#endif
