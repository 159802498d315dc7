/* receipts.c -- records with their proofs. */

#include "service/call.h"

bool
dbk_call_get_receipts(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
