/* callers.c -- who the caller is. */

#include "service/call.h"

bool
dbk_call_get_caller(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
