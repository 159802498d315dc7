#ifndef DAYBOOKD_DIGEST_H
#define DAYBOOKD_DIGEST_H

/*
 * digest.h -- the digest of the books becomes a record: when somebody asks for it, and
 * now and then; src/proof/TRUST.md section 5.
 *
 * Thread: writer.
 */

#include <stdbool.h>
#include <stdint.h>

#include "job.h"
#include "ledger/ledger.h"

/* When the daemon does it by itself. */
struct digest_clock {
	int64_t every_ns; /* 0: never */
	int64_t due_ns;	  /* of job_clock_ns() */
	int64_t took_ns;  /* the last one */
	uint64_t size;	  /* records with the last one, or at the start */
};

void digest_clock_start(struct digest_clock *clock, uint64_t every_seconds,
			uint64_t size);

/* How long until the next one; INT64_MAX: the book has not changed, it takes too long
 * to be made unasked, or it never is. */
int64_t digest_until_ns(const struct digest_clock *clock, uint64_t size);

/* Admit it into the group of LEDGER; REPLY is what the daemon does not send. */
void digest_record(struct digest_clock *clock, struct dbk_ledger *ledger,
		   int64_t now_us, struct dbk_buf *reply);

/* RecordDigest: the same, and JOB is answered as an append is. */
void digest_admit(struct digest_clock *clock, struct dbk_ledger *ledger,
		  struct job *job, int64_t now_us);

#endif
