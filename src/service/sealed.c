/* sealed.c -- texts of persons, sealed and opened. */

#include "service/call.h"

bool
dbk_call_seal_text(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}

bool
dbk_call_open_sealed(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
