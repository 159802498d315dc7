#ifndef DBK_ACCESS_TOKEN_ROW_H
#define DBK_ACCESS_TOKEN_ROW_H

/*
 * token_row.h -- a token as it is stored: version 1, id, hash, roles, times, names.
 * Private to this folder.
 *
 * Pure functions; any thread.
 */

#include "access/tokens.h"
#include "base/buf.h"

#define DBK_TOKEN_HASH_BYTES 32

/* Append the body (checked.h) of TOKEN. */
void dbk_token_row_put(const struct dbk_token *token,
		       const unsigned char hash[DBK_TOKEN_HASH_BYTES],
		       struct dbk_buf *out);

/* Strict: one row for each token.  False: no such body. */
bool dbk_token_row_get(struct dbk_str body, struct dbk_token *out,
		       unsigned char out_hash[DBK_TOKEN_HASH_BYTES]);

#endif
