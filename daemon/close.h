#ifndef DAYBOOKD_CLOSE_H
#define DAYBOOKD_CLOSE_H

/*
 * close.h -- one ClosePeriodRequest: from message bytes to PeriodClosed in the ledger.
 *
 * Thread: writer.
 */

#include "job.h"
#include "ledger/ledger.h"

/* Close the period that the request of JOB names, at NOW_US, and set JOB's reply or
 * status.  The reply holds only if the group is committed. */
void close_admit(struct dbk_ledger *ledger, struct job *job, int64_t now_us);

#endif
