#include "notary.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "condition.h"
#include "diag.h"
#include "erasures.h"
#include "job.h"
#include "witnesses.h"
#include "writer.h"

/* TRUST.md section 1: at most so often, and no later than so long after the log has
 * grown. */
#define SIGN_PAUSE_NS ((int64_t)100000000)

/* So long it follows before it signs what it has; with the pause and the seat's
 * synchronization that stays below the 250 ms. */
#define FOLLOW_NS ((int64_t)100000000)

/* Without signing it follows so often: a key must be gone within a second. */
#define FOLLOW_PAUSE_NS ((int64_t)300000000)

/* What is left at the end has so much time. */
#define LAST_NS ((int64_t)2000000000)

/* What failed is tried again after this. */
#define RETRY_NS ((int64_t)1000000000)

/* Witnesses that do not come to a quorum over one note are asked over a newer one. */
#define ROUND_NS ((int64_t)10000000000)

/* Groups between two looks at the clock, and the longest wait. */
#define GROUPS_A_LOOK 16
#define IDLE_NS ((int64_t)1000000000)

struct notary {
	struct dbk_notary *notary;
	struct dbk_seat *seat;
	struct dbk_log *log;
	struct erasures erasures;
	struct witnesses *witnesses; /* NULL: none are asked */
	struct writer *writer;
	pthread_t thread;
	bool running;

	/* The worker's own. */
	struct dbk_buf note;
	int64_t signed_ns, followed_ns; /* when it did last */
	int64_t retry_ns;		/* nothing is tried before */
	bool waiting;			/* for a quorum over what is offered */
	bool unpublished;		/* NOTE is to be, and could not be */

	atomic_bool stale;
	atomic_uint_least64_t grown_size;

	/* Under LOCK. */
	pthread_mutex_t lock;
	pthread_cond_t grown;	  /* the worker waits */
	pthread_cond_t published; /* readers wait */
	bool wants_growth;	  /* the worker has nothing to do before */
	bool stopping, shut;
	char trouble[DBK_ERROR_TEXT_BYTES];
};

static void
set_trouble(struct notary *notary, const char *text)
{
	bool news;

	(void)pthread_mutex_lock(&notary->lock);
	news = strcmp(notary->trouble, text) != 0;
	(void)snprintf(notary->trouble, sizeof notary->trouble, "%s", text);
	(void)pthread_mutex_unlock(&notary->lock);
	if (news && text[0] != '\0')
		diag_warn("checkpoints: %s", text);
	else if (news)
		diag_info("checkpoints: all is well again");
}

static bool
is_stopping(struct notary *notary)
{
	bool stopping;

	(void)pthread_mutex_lock(&notary->lock);
	stopping = notary->stopping;
	(void)pthread_mutex_unlock(&notary->lock);
	return stopping;
}

/* -------------------------------------------------------------------------- open */

static void
on_record(void *context, uint64_t position, struct dbk_str record)
{
	struct notary *notary = context;

	erasures_look(&notary->erasures, position, record);
}

static void
note_stale(struct notary *notary, uint64_t size)
{
	char text[DBK_ERROR_TEXT_BYTES];

	(void)snprintf(
	    text, sizeof text,
	    "STALE: a witness has signed %llu records of this log, which has "
	    "%llu: it is an older copy; nothing is signed or appended any more",
	    (unsigned long long)size, (unsigned long long)dbk_log_size(notary->log));
	atomic_store(&notary->stale, true);
	set_trouble(notary, text);
	if (notary->writer != NULL)
		writer_set_stale(notary->writer);
}

/* What a witness has signed and this log does not have, another place has. */
static void
look_for_larger(struct notary *notary)
{
	uint64_t size = dbk_log_size(notary->log);
	uint64_t largest = witnesses_ahead(notary->witnesses, size);

	if (largest > size && !atomic_load(&notary->stale))
		note_stale(notary, largest);
}

static enum dbk_err
open_parts(struct notary *notary, const struct notary_options *options,
	   struct dbk_error *error)
{
	struct dbk_notary_options parts = {
		.dir = options->dir,
		.log = options->log,
		.seat = options->seat,
		.trusted = options->trusted,
		.witnessed = options->witness_policy != NULL,
		.followed = on_record,
		.context = notary,
		.progress = options->progress,
		.progress_context = options->progress_context,
	};
	enum dbk_err err =
	    erasures_open(&notary->erasures, options->subjects, options->log, error);

	if (err == DBK_OK)
		err = dbk_notary_open(&parts, &notary->notary, error);
	if (err == DBK_OK && options->witness_policy != NULL)
		err = witnesses_open(options->witness_policy, options->dir,
				     dbk_seat_key(options->seat), &notary->witnesses,
				     error);
	if (err == DBK_OK && notary->witnesses != NULL)
		look_for_larger(notary);
	return err;
}

static void
close_parts(struct notary *notary)
{
	witnesses_close(notary->witnesses);
	dbk_notary_close(notary->notary);
	dbk_buf_fini(&notary->note);
	(void)pthread_cond_destroy(&notary->grown);
	(void)pthread_cond_destroy(&notary->published);
	(void)pthread_mutex_destroy(&notary->lock);
	free(notary);
}

enum dbk_err
notary_open(const struct notary_options *options, struct notary **out,
	    struct dbk_error *error)
{
	struct notary *notary = calloc(1, sizeof *notary);
	enum dbk_err err;

	if (notary == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "notary");
	notary->seat = options->seat;
	notary->log = options->log;
	atomic_init(&notary->stale, false);
	atomic_init(&notary->grown_size, dbk_log_size(options->log));
	(void)pthread_mutex_init(&notary->lock, NULL);
	condition_init(&notary->grown);
	condition_init(&notary->published);
	dbk_buf_init(&notary->note);
	err = open_parts(notary, options, error);
	if (err != DBK_OK) {
		close_parts(notary);
		return err;
	}
	*out = notary;
	return DBK_OK;
}

/* -------------------------------------------------------------------- the worker */

static bool
fail(struct notary *notary, const struct dbk_error *error)
{
	set_trouble(notary, error->text);
	notary->retry_ns = job_clock_ns() + RETRY_NS;
	return false;
}

/* Hash what is new, until a signature is due. */
static bool
follow(struct notary *notary, int64_t until_ns)
{
	struct dbk_error error = { 0 };
	bool at_head = false;

	notary->followed_ns = job_clock_ns();
	while (!at_head) {
		if (dbk_notary_follow(notary->notary, GROUPS_A_LOOK, &at_head,
				      &error) != DBK_OK)
			return fail(notary, &error);
		if (job_clock_ns() >= until_ns)
			break;
	}
	if (erasures_settle(&notary->erasures, false, &error) != DBK_OK)
		return fail(notary, &error);
	return true;
}

/* NOTE becomes what is published; on a full disk, when there is room again. */
static bool
publish(struct notary *notary)
{
	struct dbk_str note = dbk_str_make(notary->note.bytes, notary->note.size);
	struct dbk_error error = { 0 };
	enum dbk_err err =
	    dbk_notary_publish(notary->notary, note, job_wall_clock_us(), &error);

	notary->unpublished = err != DBK_OK;
	if (err != DBK_OK)
		return fail(notary, &error);
	notary->waiting = false;
	set_trouble(notary, "");
	(void)pthread_mutex_lock(&notary->lock);
	(void)pthread_cond_broadcast(&notary->published);
	(void)pthread_mutex_unlock(&notary->lock);
	return true;
}

static bool
offer(struct notary *notary)
{
	struct dbk_tree_reader tree =
	    dbk_hashes_reader(dbk_notary_hashes(notary->notary));
	struct dbk_error error = { 0 };

	if (witnesses_offer(
		notary->witnesses, dbk_str_make(notary->note.bytes, notary->note.size),
		dbk_notary_signed_size(notary->notary), &tree, &error) != DBK_OK)
		return fail(notary, &error);
	notary->waiting = true;
	return true;
}

static bool
sign(struct notary *notary)
{
	struct dbk_error error = { 0 };

	if (dbk_notary_sign(notary->notary, &notary->note, &error) != DBK_OK)
		return fail(notary, &error);
	notary->signed_ns = job_clock_ns();
	if (notary->witnesses != NULL)
		return offer(notary);
	return publish(notary);
}

/* Take what the witnesses have brought; late ones add to what is published. */
static void
hear_witnesses(struct notary *notary)
{
	char text[DBK_ERROR_TEXT_BYTES];

	look_for_larger(notary);
	if (atomic_load(&notary->stale))
		return;
	if (witnesses_take(notary->witnesses, &notary->note)) {
		(void)publish(notary);
	} else if (notary->waiting && witnesses_are_through(notary->witnesses)) {
		witnesses_trouble(notary->witnesses, text);
		set_trouble(notary, text[0] != '\0' ? text : "the quorum is not met");
	}
}

/* A round that cannot come to its quorum any more must not hold the next one up. */
static bool
is_round_over(struct notary *notary, int64_t now)
{
	return !notary->waiting || now - notary->signed_ns >= ROUND_NS ||
	       (witnesses_are_through(notary->witnesses) &&
		now - notary->signed_ns >= RETRY_NS);
}

static bool
has_grown(struct notary *notary)
{
	return atomic_load(&notary->grown_size) > dbk_notary_size(notary->notary);
}

/* When there is something to do; INT64_MAX: not before the log grows.  A log that may
 * not be signed now is followed all the same: erasures are of it. */
static int64_t
due_ns(struct notary *notary, bool *out_sign)
{
	int64_t due = notary->signed_ns + SIGN_PAUSE_NS;

	*out_sign = false;
	if (notary->unpublished)
		return notary->retry_ns;
	*out_sign =
	    !atomic_load(&notary->stale) &&
	    (has_grown(notary) || dbk_notary_is_due(notary->notary)) &&
	    (notary->witnesses == NULL || is_round_over(notary, job_clock_ns()));
	if (!*out_sign && has_grown(notary))
		due = notary->followed_ns + FOLLOW_PAUSE_NS;
	else if (!*out_sign)
		return INT64_MAX;
	return due < notary->retry_ns ? notary->retry_ns : due;
}

/* Sleep until UNTIL_NS, or until the log grows if there is nothing to do before, while
 * the witnesses go on. */
static void
pause_until(struct notary *notary, int64_t until_ns)
{
	int64_t longest = job_clock_ns() + IDLE_NS;
	bool idle = until_ns == INT64_MAX;
	bool news;

	if (until_ns > longest)
		until_ns = longest;
	(void)pthread_mutex_lock(&notary->lock);
	notary->wants_growth = idle;
	news = notary->stopping || (idle && has_grown(notary));
	while (notary->witnesses == NULL && !news && job_clock_ns() < until_ns) {
		condition_wait_until(&notary->grown, &notary->lock, until_ns);
		/* It may have been told of what it has followed already. */
		news = notary->stopping || (idle && has_grown(notary));
	}
	(void)pthread_mutex_unlock(&notary->lock);
	if (notary->witnesses != NULL)
		witnesses_turn(notary->witnesses, news ? 0 : until_ns);
}

static void
work(struct notary *notary)
{
	bool signs;
	int64_t due = due_ns(notary, &signs);

	pause_until(notary, due);
	if (notary->witnesses != NULL)
		hear_witnesses(notary);
	due = due_ns(notary, &signs);
	if (job_clock_ns() < due)
		return;
	if (notary->unpublished && !publish(notary))
		return;
	if (follow(notary, job_clock_ns() + FOLLOW_NS) && signs &&
	    dbk_notary_is_due(notary->notary))
		(void)sign(notary);
}

/* The writer has stopped: what it left is followed, and signed if nobody has to be
 * asked. */
static void
finish(struct notary *notary)
{
	struct dbk_error error = { 0 };
	int64_t until_ns = job_clock_ns() + LAST_NS;
	bool followed = true;

	while (followed && has_grown(notary) && job_clock_ns() < until_ns)
		followed = follow(notary, until_ns);
	if (followed && erasures_settle(&notary->erasures, true, &error) != DBK_OK)
		followed = fail(notary, &error);
	if (followed && notary->witnesses == NULL && dbk_notary_is_due(notary->notary))
		(void)sign(notary);
	if (dbk_hashes_sync(dbk_notary_hashes(notary->notary), &error) != DBK_OK)
		set_trouble(notary, error.text);
}

static void *
run(void *context)
{
	struct notary *notary = context;

	(void)pthread_setname_np(pthread_self(), "notary");
	while (!is_stopping(notary))
		work(notary);
	finish(notary);
	return NULL;
}

/* ------------------------------------------------------------------- what others ask
 */

enum dbk_err
notary_start(struct notary *notary, struct writer *writer, struct dbk_error *error)
{
	notary->writer = writer;
	if (atomic_load(&notary->stale))
		writer_set_stale(writer);
	if (pthread_create(&notary->thread, NULL, run, notary) != 0)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "notary");
	notary->running = true;
	return DBK_OK;
}

void
notary_end_waits(struct notary *notary)
{
	if (notary == NULL)
		return;
	(void)pthread_mutex_lock(&notary->lock);
	notary->shut = true;
	(void)pthread_cond_broadcast(&notary->published);
	(void)pthread_mutex_unlock(&notary->lock);
}

void
notary_stop(struct notary *notary)
{
	if (notary == NULL)
		return;
	notary_end_waits(notary);
	(void)pthread_mutex_lock(&notary->lock);
	notary->stopping = true;
	(void)pthread_cond_signal(&notary->grown);
	(void)pthread_mutex_unlock(&notary->lock);
	if (notary->witnesses != NULL)
		witnesses_wake(notary->witnesses);
	if (notary->running)
		(void)pthread_join(notary->thread, NULL);
	close_parts(notary);
}

void
notary_grown(struct notary *notary, uint64_t size)
{
	bool wakes;

	atomic_store(&notary->grown_size, size);
	(void)pthread_mutex_lock(&notary->lock);
	wakes = notary->wants_growth;
	if (wakes)
		(void)pthread_cond_signal(&notary->grown);
	(void)pthread_mutex_unlock(&notary->lock);
	if (wakes && notary->witnesses != NULL)
		witnesses_wake(notary->witnesses);
}

bool
notary_published(struct notary *notary, struct dbk_published *out, struct dbk_buf *note)
{
	return dbk_notary_published(notary->notary, out, note);
}

struct dbk_hashes *
notary_hashes(struct notary *notary)
{
	return dbk_notary_hashes(notary->notary);
}

bool
notary_wait_published(struct notary *notary, uint64_t size, int64_t deadline_ns)
{
	struct dbk_published published = { .size = 0 };
	bool covered;

	(void)pthread_mutex_lock(&notary->lock);
	for (;;) {
		covered = dbk_notary_published(notary->notary, &published, NULL) &&
			  published.size >= size;
		if (covered || notary->shut || job_clock_ns() >= deadline_ns)
			break;
		condition_wait_until(&notary->published, &notary->lock, deadline_ns);
	}
	(void)pthread_mutex_unlock(&notary->lock);
	return covered;
}

void
notary_status(struct notary *notary, struct notary_status *out)
{
	struct dbk_published published;
	struct dbk_buf key;

	memset(out, 0, sizeof *out);
	if (dbk_notary_published(notary->notary, &published, NULL)) {
		out->checkpoint_size = published.size;
		out->checkpoint_at_us = published.signed_at_us;
	}
	dbk_buf_init(&key);
	dbk_note_key_put(dbk_seat_key(notary->seat), &key);
	(void)snprintf(out->verifier_key, sizeof out->verifier_key, "%.*s",
		       (int)key.size, (const char *)key.bytes);
	dbk_buf_fini(&key);
	(void)pthread_mutex_lock(&notary->lock);
	(void)snprintf(out->trouble, sizeof out->trouble, "%s", notary->trouble);
	(void)pthread_mutex_unlock(&notary->lock);
	out->stale = atomic_load(&notary->stale);
}
