/* callers.c -- who the caller is. */

#include "service/token_message.h"

bool
dbk_call_get_caller(struct dbk_call *call)
{
	Daybook__V1__Caller reply = DAYBOOK__V1__CALLER__INIT;
	const struct dbk_caller *caller = call->caller;

	if (caller == NULL)
		return dbk_call_not_served(call);
	if (dbk_call_request(call, &daybook__v1__get_caller_request__descriptor) ==
	    NULL)
		return false;
	reply.name = dbk_call_text(call, dbk_str_of(caller->name));
	reply.roles = dbk_roles_fill(call, caller->roles, &reply.n_roles);
	reply.sources = dbk_sources_fill(call, caller, &reply.n_sources);
	if (caller->expires_at_us != INT64_MAX)
		reply.expires_at = dbk_call_timestamp(call, caller->expires_at_us);
	return dbk_call_reply(call, &reply.base);
}
