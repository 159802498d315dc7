/* source_keys.c -- keys that sources sign with. */

#include "service/call.h"

bool
dbk_call_list_source_keys(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
