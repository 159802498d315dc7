/* tokens.c -- tokens made, revoked and listed. */

#include "service/call.h"

bool
dbk_call_create_token(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}

bool
dbk_call_revoke_token(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}

bool
dbk_call_list_tokens(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
