#include "writer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "append.h"
#include "base/assert.h"
#include "books/look.h"
#include "books/save.h"
#include "close.h"
#include "diag.h"
#include "digest.h"
#include "ledger/own_events.h"

/* Requests waiting for the writer; above it clients are told "busy" at once. */
#define WAITING_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* After a group so much of its time goes into a save, page by page, so that saves keep
 * up with what changes and cost no more than that. */
#define SAVE_TIME_SHARE 4
#define SAVE_NS_MIN ((int64_t)1000000)
#define SAVE_PAGES_A_LOOK 16

/* When the saver has its hands full, look again after this. */
#define SAVE_PAUSE_NS ((int64_t)1000000)

/* A group is closed when deciding it has taken so long, or so many times what the last
 * commit took: nobody waits long, and syncs cost a small share of the time. */
#define GROUP_NS_MIN ((int64_t)4000000)
#define GROUP_TIMES_COMMIT 8
#define GROUP_NS_MAX ((int64_t)50000000)

/* Without traffic the writer looks around this often. */
#define IDLE_NS ((int64_t)1000000000)

/* How far the clock that the daemon gives the book stays behind its own. */
#define CLOCK_LAG_US INT64_C(2000000)

/* The daemon moves the book's clock this often at most. */
#define CLOCK_NS ((int64_t)1000000000)

/* Books that have changed are saved after this time even if little has. */
#define SAVE_AFTER_NS ((int64_t)60 * 1000000000)

struct question {
	struct question *next;
	void (*run)(const struct dbk_books *books, void *answer);
	void *answer;
	bool done, ran;
};

struct writer {
	struct dbk_ledger *ledger;
	struct projector *projector;
	struct saver *saver;
	struct writer_listener listener;
	struct mailbox *box;
	pthread_t thread;
	uint64_t save_every;
	bool has_clock;

	/* The writer's own. */
	bool saving;
	bool whole; /* nothing saved yet that can be built upon */
	uint64_t saved_size;
	int64_t saved_ns;
	int64_t group_ns, commit_ns; /* that the last ones took */
	struct dbk_buf meta;
	int64_t advanced_ns; /* the clock was moved last, or that was tried */
	struct dbk_buf own_reply;
	struct digest_clock digests;

	atomic_bool stale; /* the log is an older copy: nothing is appended */

	/* Under LOCK. */
	pthread_mutex_t lock;
	pthread_cond_t answered;
	struct question *questions;
	bool stopped;
	struct writer_status status;
};

/* ------------------------------------------------------------------- questions */

static void
run_questions(struct writer *writer, bool run)
{
	struct question *all;

	(void)pthread_mutex_lock(&writer->lock);
	all = writer->questions;
	writer->questions = NULL;
	(void)pthread_mutex_unlock(&writer->lock);
	if (all == NULL)
		return;
	for (struct question *q = all; q != NULL && run; q = q->next)
		q->run(dbk_ledger_books(writer->ledger), q->answer);
	(void)pthread_mutex_lock(&writer->lock);
	while (all != NULL) {
		struct question *q = all;

		/* Its owner may be gone as soon as DONE is seen. */
		all = q->next;
		q->ran = run;
		q->done = true;
	}
	(void)pthread_mutex_unlock(&writer->lock);
	(void)pthread_cond_broadcast(&writer->answered);
}

static bool
has_questions(struct writer *writer)
{
	bool has;

	(void)pthread_mutex_lock(&writer->lock);
	has = writer->questions != NULL;
	(void)pthread_mutex_unlock(&writer->lock);
	return has;
}

bool
writer_ask(struct writer *writer,
	   void (*run)(const struct dbk_books *books, void *answer), void *answer)
{
	struct question question = { .run = run, .answer = answer };

	(void)pthread_mutex_lock(&writer->lock);
	if (writer->stopped) {
		(void)pthread_mutex_unlock(&writer->lock);
		return false;
	}
	question.next = writer->questions;
	writer->questions = &question;
	(void)pthread_mutex_unlock(&writer->lock);
	mailbox_nudge(writer->box);
	(void)pthread_mutex_lock(&writer->lock);
	while (!question.done)
		(void)pthread_cond_wait(&writer->answered, &writer->lock);
	(void)pthread_mutex_unlock(&writer->lock);
	return question.ran;
}

/* ----------------------------------------------------------------------- saving */

static void
save_begin(struct writer *writer)
{
	struct dbk_log *log = dbk_ledger_log(writer->ledger);
	struct dbk_saved_point point = { dbk_log_size(log), dbk_log_groups(log) };

	dbk_buf_reset(&writer->meta);
	if (saver_has_failed(writer->saver)) {
		dbk_books_save_abandon(dbk_ledger_books(writer->ledger));
		writer->whole = true;
	}
	dbk_books_save_begin(dbk_ledger_books(writer->ledger), saver_page,
			     writer->saver, &writer->meta);
	saver_begin(writer->saver, point,
		    dbk_str_make(writer->meta.bytes, writer->meta.size), writer->whole);
	writer->whole = false;
	writer->saving = true;
	writer->saved_size = point.size;
	writer->saved_ns = job_clock_ns();
}

/* Hand out pages for a while; ALL waits until every one is out. */
static void
save_step(struct writer *writer, bool all)
{
	int64_t share = writer->group_ns / SAVE_TIME_SHARE;
	int64_t until = job_clock_ns() + (share < SAVE_NS_MIN ? SAVE_NS_MIN : share);
	struct dbk_books_page page;

	for (unsigned i = 0;; i++) {
		if (!all && i % SAVE_PAGES_A_LOOK == 0 &&
		    (!saver_has_room(writer->saver) || job_clock_ns() >= until))
			return;
		if (!dbk_books_save_next(dbk_ledger_books(writer->ledger), &page)) {
			saver_end(writer->saver);
			writer->saving = false;
			return;
		}
		saver_page(writer->saver, &page);
	}
}

static void
save_if_due(struct writer *writer)
{
	uint64_t fresh =
	    dbk_books_size(dbk_ledger_books(writer->ledger)) - writer->saved_size;

	if (writer->saving) {
		save_step(writer, false);
		return;
	}
	if (fresh == 0 || !saver_is_idle(writer->saver))
		return;
	if (fresh >= writer->save_every ||
	    job_clock_ns() - writer->saved_ns >= SAVE_AFTER_NS)
		save_begin(writer);
}

/* ----------------------------------------------------------------------- groups */

static void
note_commit(struct writer *writer, enum dbk_err err, const struct dbk_error *error)
{
	bool news;

	(void)pthread_mutex_lock(&writer->lock);
	news = writer->status.read_only != (err != DBK_OK);
	writer->status.read_only = err != DBK_OK;
	(void)snprintf(writer->status.reason, sizeof writer->status.reason, "%s",
		       err == DBK_OK ? "" : error->text);
	(void)pthread_mutex_unlock(&writer->lock);
	if (news && err != DBK_OK)
		diag_warn("cannot append, reading goes on: %s", error->text);
	else if (news)
		diag_info("appending again");
	/* The environment is no longer sure what is on disk: only a new start is. */
	if (err == DBK_FAILED_STATE) {
		diag_warn("the log must be opened again, stopping");
		abort();
	}
}

/* The group is on disk: tell the views and the loop. */
static void
publish(struct writer *writer)
{
	struct dbk_effects *block = projector_block(writer->projector);
	uint64_t size;

	dbk_ledger_swap_effects(writer->ledger, block);
	size = block->size_after;
	projector_publish(writer->projector, block);
	writer->listener.grown(writer->listener.context, size);
}

/* Commit what was admitted for JOBS and give every one its answer. */
static void
end_group(struct writer *writer, struct job *jobs)
{
	struct dbk_error error = { 0 };
	enum dbk_err err = DBK_OK;

	if (!dbk_ledger_is_empty(writer->ledger)) {
		int64_t began = job_clock_ns();

		err = dbk_ledger_commit(writer->ledger, &error);
		writer->commit_ns = job_clock_ns() - began;
		note_commit(writer, err, &error);
		if (err == DBK_OK)
			publish(writer);
	}
	for (struct job *job = jobs; job != NULL && err != DBK_OK; job = job->next)
		append_not_committed(job, err, &error);
	writer->listener.answered(writer->listener.context, jobs);
}

static void
count_events(struct writer *writer, const struct append_counts *counts)
{
	if (counts->duplicates == 0 && counts->invalid == 0)
		return;
	(void)pthread_mutex_lock(&writer->lock);
	writer->status.duplicates += counts->duplicates;
	writer->status.invalid += counts->invalid;
	(void)pthread_mutex_unlock(&writer->lock);
}

/* Whoever asks about the books waits for the end of the group: their state within one
 * is nobody's business. */
static bool
is_time_to_commit(struct writer *writer, int64_t began)
{
	int64_t most = writer->commit_ns * GROUP_TIMES_COMMIT;

	if (most < GROUP_NS_MIN)
		most = GROUP_NS_MIN;
	else if (most > GROUP_NS_MAX)
		most = GROUP_NS_MAX;
	return job_clock_ns() - began >= most || dbk_ledger_is_full(writer->ledger) ||
	       has_questions(writer);
}

static void
refuse_stale(struct job *job)
{
	(void)dbk_answer_set(&job->answer, DBK_GRPC_FAILED_PRECONDITION, "STALE_LOG",
			     "this log is an older copy of one that went on elsewhere, "
			     "nothing is appended to it");
}

static void
admit(struct writer *writer, struct job *job, bool choked)
{
	struct append_counts counts = { 0, 0 };

	if (atomic_load(&writer->stale))
		refuse_stale(job);
	else if (choked)
		append_no_room_for_views(job);
	else if (job->kind == JOB_CLOSE)
		close_admit(writer->ledger, job, job_wall_clock_us());
	else if (job->kind == JOB_DIGEST)
		digest_admit(&writer->digests, writer->ledger, job, job_wall_clock_us());
	else
		append_admit(writer->ledger, job, &counts);
	count_events(writer, &counts);
}

/* A group under way. */
struct group {
	struct job *first, *last;
	int64_t began;
	bool hurried; /* somebody waits for its end */
	bool ordinary; /* it has a job that nobody hurried, so these go on too */
};

/* What comes next into GROUP: an urgent job, even one that came in meanwhile, or the
 * next of *JOBS; NULL: it is time to commit. */
static struct job *
next_job(struct writer *writer, struct group *group, struct job **jobs)
{
	struct job *job = *jobs;

	if (job == NULL || !job->urgent)
		job = mailbox_take_urgent(writer->box);
	else
		*jobs = job->next;
	if (job != NULL) {
		group->hurried = true;
		return job;
	}
	job = *jobs;
	if (job == NULL || (group->hurried && group->ordinary) ||
	    (group->first != NULL && is_time_to_commit(writer, group->began)))
		return NULL;
	*jobs = job->next;
	group->ordinary = true;
	return job;
}

/* One group from the head of *JOBS; what does not fit stays there. */
static void
run_group(struct writer *writer, struct job **jobs)
{
	struct group group = { .began = job_clock_ns() };
	bool choked = projector_is_choked(writer->projector);
	struct job *job;

	dbk_ledger_begin(writer->ledger, job_wall_clock_us());
	while ((job = next_job(writer, &group, jobs)) != NULL) {
		job->next = NULL;
		if (group.last == NULL)
			group.first = job;
		else
			group.last->next = job;
		group.last = job;
		admit(writer, job, choked);
		if (dbk_ledger_is_full(writer->ledger))
			break;
	}
	end_group(writer, group.first);
	writer->group_ns = job_clock_ns() - group.began;
}

/* ------------------------------------------------------------------------- clock */

/* What has happened is still on its way here for a moment: a clock moved to this very
 * instant would mark it late. */
static int64_t
book_time_us(void)
{
	return job_wall_clock_us() - CLOCK_LAG_US;
}

/* How long until the book's clock must be moved; INT64_MAX: nothing will be due. */
static int64_t
until_due_ns(struct writer *writer)
{
	const struct dbk_books *books = dbk_ledger_books(writer->ledger);
	int64_t due_us, now_us, pause_ns, wait_us;

	if (!writer->has_clock || atomic_load(&writer->stale))
		return INT64_MAX;
	due_us = dbk_own_due_at(books);
	if (due_us == INT64_MAX)
		return INT64_MAX;
	now_us = book_time_us();
	/* A clock ahead of ours has done what was due; the rest of it waits for us. */
	if (dbk_look_book(books)->clock >= now_us)
		due_us = dbk_look_book(books)->clock + 1;
	wait_us = due_us > now_us ? due_us - now_us : 0;
	pause_ns = writer->advanced_ns + CLOCK_NS - job_clock_ns();
	if (wait_us > IDLE_NS / 1000)
		return IDLE_NS;
	return wait_us * 1000 > pause_ns ? wait_us * 1000 : pause_ns;
}

/* A group of its own that moves the clock. */
static void
advance_clock(struct writer *writer)
{
	struct dbk_error error = { 0 };

	writer->advanced_ns = job_clock_ns();
	if (projector_is_choked(writer->projector))
		return;
	dbk_buf_reset(&writer->own_reply);
	dbk_ledger_begin(writer->ledger, job_wall_clock_us());
	if (dbk_own_advance_clock(writer->ledger, book_time_us(), &writer->own_reply,
				  &error) != DBK_ADMITTED)
		diag_warn("the clock could not be moved: %s", error.text);
	end_group(writer, NULL);
}

static int64_t
until_digest_ns(struct writer *writer)
{
	if (atomic_load(&writer->stale) || projector_is_choked(writer->projector))
		return INT64_MAX;
	return digest_until_ns(&writer->digests,
			       dbk_books_size(dbk_ledger_books(writer->ledger)));
}

/* A group of its own with the digest of the books before it. */
static void
log_digest(struct writer *writer)
{
	dbk_buf_reset(&writer->own_reply);
	dbk_ledger_begin(writer->ledger, job_wall_clock_us());
	digest_record(&writer->digests, writer->ledger, job_wall_clock_us(),
		      &writer->own_reply);
	end_group(writer, NULL);
}

/* -------------------------------------------------------------------------- life */

/* How long to wait for jobs. */
static int64_t
patience(struct writer *writer)
{
	int64_t due = until_due_ns(writer), digest = until_digest_ns(writer);
	int64_t idle = digest < IDLE_NS ? digest : IDLE_NS;

	if (writer->saving)
		idle = saver_has_room(writer->saver) ? 0 : SAVE_PAUSE_NS;
	if (due < 0)
		due = 0;
	return due < idle ? due : idle;
}

static void *
run(void *context)
{
	struct writer *writer = context;
	struct job *jobs = NULL;

	for (;;) {
		/* Asked first: what came in before the end is then in the box. */
		bool closed = mailbox_is_closed(writer->box);

		if (jobs == NULL)
			jobs = mailbox_take_all(writer->box, patience(writer));
		run_questions(writer, true);
		if (jobs != NULL)
			run_group(writer, &jobs);
		else if (closed)
			break;
		if (until_due_ns(writer) <= 0)
			advance_clock(writer);
		if (until_digest_ns(writer) <= 0)
			log_digest(writer);
		save_if_due(writer);
	}
	return NULL;
}

/* So that the next start has nothing to replay. */
static void
save_last(struct writer *writer)
{
	if (writer->saving)
		save_step(writer, true);
	if (dbk_books_size(dbk_ledger_books(writer->ledger)) == writer->saved_size)
		return;
	while (!saver_is_idle(writer->saver)) {
		struct timespec pause = { 0, 1000000 };

		(void)nanosleep(&pause, NULL);
	}
	save_begin(writer);
	save_step(writer, true);
}

enum dbk_err
writer_start(struct dbk_ledger *ledger, struct projector *projector,
	     struct saver *saver, const struct writer_listener *listener,
	     const struct writer_saving *saving, bool has_clock, uint64_t digest_every,
	     struct writer **out)
{
	struct writer *writer = calloc(1, sizeof *writer);

	if (writer == NULL)
		return DBK_FAILED_MEMORY;
	writer->ledger = ledger;
	writer->projector = projector;
	writer->saver = saver;
	writer->listener = *listener;
	writer->save_every = saving->every;
	writer->saved_size = saving->loaded_size;
	writer->whole = saving->loaded_size == 0;
	writer->saved_ns = job_clock_ns();
	writer->has_clock = has_clock;
	writer->advanced_ns = job_clock_ns() - CLOCK_NS;
	digest_clock_start(&writer->digests, digest_every,
			   dbk_books_size(dbk_ledger_books(ledger)));
	atomic_init(&writer->stale, false);
	dbk_buf_init(&writer->meta);
	dbk_buf_init(&writer->own_reply);
	(void)pthread_mutex_init(&writer->lock, NULL);
	(void)pthread_cond_init(&writer->answered, NULL);
	writer->box = mailbox_make(WAITING_BYTES_MAX);
	if (writer->box == NULL ||
	    pthread_create(&writer->thread, NULL, run, writer) != 0) {
		mailbox_free(writer->box);
		free(writer);
		return DBK_FAILED_MEMORY;
	}
	*out = writer;
	return DBK_OK;
}

void
writer_stop(struct writer *writer)
{
	if (writer == NULL)
		return;
	mailbox_close(writer->box);
	(void)pthread_join(writer->thread, NULL);
	(void)pthread_mutex_lock(&writer->lock);
	writer->stopped = true;
	(void)pthread_mutex_unlock(&writer->lock);
	run_questions(writer, false);
	save_last(writer);
	mailbox_free(writer->box);
	dbk_buf_fini(&writer->meta);
	dbk_buf_fini(&writer->own_reply);
	(void)pthread_cond_destroy(&writer->answered);
	(void)pthread_mutex_destroy(&writer->lock);
	free(writer);
}

bool
writer_put(struct writer *writer, struct job *job)
{
	return mailbox_put(writer->box, job);
}

void
writer_status(struct writer *writer, struct writer_status *out)
{
	(void)pthread_mutex_lock(&writer->lock);
	*out = writer->status;
	(void)pthread_mutex_unlock(&writer->lock);
}

void
writer_set_stale(struct writer *writer)
{
	atomic_store(&writer->stale, true);
}
