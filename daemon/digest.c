#include "digest.h"

#include "append.h"
#include "books/look.h"
#include "diag.h"
#include "ledger/own_events.h"

#define NS_PER_SECOND ((int64_t)1000000000)

/* It stands between two groups, so one that takes longer is made for those who ask. */
#define UNASKED_NS NS_PER_SECOND

void
digest_clock_start(struct digest_clock *clock, uint64_t every_seconds, uint64_t size)
{
	clock->every_ns = (int64_t)every_seconds * NS_PER_SECOND;
	clock->due_ns = job_clock_ns() + clock->every_ns;
	clock->took_ns = 0;
	clock->size = size;
}

int64_t
digest_until_ns(const struct digest_clock *clock, uint64_t size)
{
	int64_t now = job_clock_ns();

	if (clock->every_ns == 0 || size == clock->size || clock->took_ns >= UNASKED_NS)
		return INT64_MAX;
	return clock->due_ns > now ? clock->due_ns - now : 0;
}

static enum dbk_admission
record(struct digest_clock *clock, struct dbk_ledger *ledger, int64_t now_us,
       struct dbk_buf *reply, struct dbk_error *error)
{
	int64_t began = job_clock_ns();
	enum dbk_admission admission =
	    dbk_own_record_digest(ledger, now_us, reply, error);

	clock->took_ns = job_clock_ns() - began;
	clock->due_ns = job_clock_ns() + clock->every_ns;
	clock->size = dbk_books_size(dbk_ledger_books(ledger));
	return admission;
}

void
digest_record(struct digest_clock *clock, struct dbk_ledger *ledger, int64_t now_us,
	      struct dbk_buf *reply)
{
	struct dbk_error error = { 0 };

	if (record(clock, ledger, now_us, reply, &error) != DBK_ADMITTED)
		diag_warn("the digest of the books could not be logged: %s",
			  error.text);
	else if (clock->took_ns >= UNASKED_NS)
		diag_info(
		    "the digest of the books takes %.1f s now, so it is only made "
		    "when it is asked for",
		    (double)clock->took_ns / 1e9);
}

void
digest_admit(struct digest_clock *clock, struct dbk_ledger *ledger, struct job *job,
	     int64_t now_us)
{
	struct dbk_ledger_batch batch = { .source = dbk_str_of(DBK_OWN_SOURCE) };
	struct dbk_error error = { 0 };
	enum dbk_admission admission;

	if (job_clock_ns() > job->deadline_ns) {
		(void)dbk_answer_set(&job->answer, DBK_GRPC_DEADLINE_EXCEEDED,
				     "DEADLINE",
				     "the deadline passed while the digest waited");
		return;
	}
	admission = record(clock, ledger, now_us, &job->reply, &error);
	job->has_reply = admission == DBK_ADMITTED;
	if (!job->has_reply)
		append_not_admitted(job, &batch, admission, 0, &error);
}
