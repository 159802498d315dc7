#ifndef DBK_SERVICE_TOKEN_MESSAGE_H
#define DBK_SERVICE_TOKEN_MESSAGE_H

/*
 * token_message.h -- tokens and callers as messages.
 * Not for use outside this folder.
 */

#include "service/call.h"

/* In the arena; *OUT_N of them. */
Daybook__V1__Role *dbk_roles_fill(struct dbk_call *call, dbk_roles roles,
				  size_t *out_n);
char **dbk_sources_fill(struct dbk_call *call, const struct dbk_caller *caller,
			size_t *out_n);

/* What TOKEN says, but for its secret. */
void dbk_token_fill(struct dbk_call *call, const struct dbk_token *token,
		    Daybook__V1__Token *out);

#endif
