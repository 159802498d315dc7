/* data.c -- a data directory, or a backup. */

#include "verify/verify.h"

void
verify_data(struct verify *v)
{
	v->kind = "data directory";
	verify_failed(v, "log", "this version checks exports and receipts only");
}
