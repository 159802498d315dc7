/* access_entries.c -- the access record, newest first. */

#include "service/call.h"

bool
dbk_call_list_access(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
