/* proofs.c -- checkpoints, and proofs that lead to them. */

#include "service/call.h"

bool
dbk_call_get_checkpoint(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}

bool
dbk_call_get_inclusion_proof(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}

bool
dbk_call_get_consistency_proof(struct dbk_call *call)
{
	return dbk_call_not_served(call);
}
