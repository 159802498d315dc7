#include "readers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daybook/v1/service.pb-c.h"
#include "service/personal.h"
#include "service/service.h"
#include <daybook/limits.h>
#include <daybook/version.h>

#define READERS_MAX 16
#define WAITING_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* One message of a subscription or a journal: large enough to be cheap, small enough to
 * be fair. */
#define FEED_BYTES ((size_t)128 * 1024)
#define JOURNAL_BYTES ((size_t)256 * 1024)
#define LOG_BYTES ((size_t)DBK_LOG_CHUNK_BYTES)

/* Whoever waits for records looks this often whether the pool is to end. */
#define WAIT_LOOK_NS ((int64_t)100 * 1000000)

/* The last one waits so long at most. */
#define WAIT_LAST_NS ((int64_t)250 * 1000000)

/* The same for a checkpoint, which comes within a quarter of a second if nothing is wrong. */
#define WAIT_SIGNED_NS ((int64_t)1000 * 1000000)

struct readers {
	struct mailbox *box;
	struct readers_options options;
	struct notary_status
	    first_status; /* for the verifier key, which never changes */
	struct dbk_service_port port;
	pthread_t threads[READERS_MAX];
	struct dbk_service *services[READERS_MAX];
	unsigned n_threads, n_services;
	atomic_uint ahead; /* threads that wait for records which nobody has sent yet */
};

/* What one thread of the pool is started with. */
struct reader {
	struct readers *readers;
	struct dbk_service *service;
};

static bool
ask_books(void *context, void (*question)(const struct dbk_books *books, void *answer),
	  void *answer)
{
	struct readers *readers = context;

	return writer_ask(readers->options.writer, question, answer);
}

static struct dbk_view *
hold_view(void *context)
{
	struct readers *readers = context;

	return projector_hold(readers->options.projector);
}

static void
release_view(void *context, struct dbk_view *view)
{
	struct readers *readers = context;

	projector_release(readers->options.projector, view);
}

/* A client may be ready to wait for hours; the daemon's end is not. */
static bool
wait_patiently(struct readers *readers,
	       bool wait(struct readers *readers, uint64_t size, int64_t until_ns),
	       uint64_t size, int64_t deadline_ns)
{
	int64_t now;

	do {
		int64_t until = deadline_ns;

		now = job_clock_ns();
		if (until - now > WAIT_LOOK_NS)
			until = now + WAIT_LOOK_NS;
		if (wait(readers, size, until))
			return true;
	} while (now < deadline_ns && !mailbox_is_closed(readers->box));
	return false;
}

static bool
wait_for_view(struct readers *readers, uint64_t size, int64_t until_ns)
{
	return projector_wait(readers->options.projector, size, false, until_ns);
}

static bool
wait_for_note(struct readers *readers, uint64_t size, int64_t until_ns)
{
	return notary_wait_published(readers->options.notary, size, until_ns);
}

/* What the log has, the view has soon.  For what the log has not, the last thread does
 * not wait long: a few questions about the far future must not keep all others from
 * answers. */
static bool
wait_for_size(void *context, uint64_t size, int64_t deadline_ns)
{
	struct readers *readers = context;
	unsigned most = readers->n_threads > 1 ? readers->n_threads - 1 : 1;
	int64_t soon = job_clock_ns() + WAIT_LAST_NS;
	bool there;

	if (size <= dbk_log_size(readers->port.log))
		return wait_patiently(readers, wait_for_view, size, deadline_ns);
	if (atomic_fetch_add(&readers->ahead, 1) >= most && deadline_ns > soon)
		deadline_ns = soon;
	there = wait_patiently(readers, wait_for_view, size, deadline_ns);
	(void)atomic_fetch_sub(&readers->ahead, 1);
	return there;
}

static int64_t
now_us(void *context)
{
	(void)context;
	return job_wall_clock_us();
}

static void
fill_checkpoint(struct readers *readers, struct dbk_service_status *out)
{
	struct notary_status status;

	if (readers->options.notary == NULL)
		return;
	notary_status(readers->options.notary, &status);
	out->checkpoint_size = status.checkpoint_size;
	out->checkpoint_at_us = status.checkpoint_at_us;
	(void)snprintf(out->checkpoint_trouble, sizeof out->checkpoint_trouble, "%s",
		       status.trouble);
}

static void
fill_status(void *context, struct dbk_service_status *out)
{
	struct readers *readers = context;
	struct projector_rebuild rebuild;
	struct dbk_store_stats stats;
	struct dbk_view_stats view_stats;
	struct writer_status writer;
	struct dbk_view *view = projector_hold(readers->options.projector);

	dbk_view_stats(view, &view_stats);
	projector_release(readers->options.projector, view);
	projector_rebuild_state(readers->options.projector, &rebuild);
	writer_status(readers->options.writer, &writer);
	out->n_views = 1;
	out->views[0].view = "ledger";
	out->views[0].size = view_stats.size;
	out->views[0].rebuilding = rebuild.running;
	out->views[0].rebuilt_size = rebuild.running ? rebuild.size : 0;
	if (dbk_store_stats(dbk_log_store(readers->port.log), &stats, NULL) == DBK_OK)
		out->log_bytes = stats.used_bytes;
	out->views_bytes = view_stats.disk_bytes;
	out->books_bytes = saver_bytes(readers->options.saver);
	out->saved_books_size = saver_size(readers->options.saver);
	out->read_only =
	    writer.read_only || projector_is_choked(readers->options.projector);
	if (writer.read_only)
		(void)snprintf(out->read_only_reason, sizeof out->read_only_reason,
			       "%s", writer.reason);
	else if (out->read_only)
		projector_trouble(readers->options.projector, out->read_only_reason);
	out->duplicates = writer.duplicates;
	out->invalid = writer.invalid;
	out->version = DAYBOOK_VERSION;
	fill_checkpoint(readers, out);
}

static bool
published(void *context, struct dbk_published *out, struct dbk_buf *note)
{
	struct readers *readers = context;

	return notary_published(readers->options.notary, out, note);
}

/* As with records: while witnesses are away, one thread is left that answers others. */
static bool
wait_published(void *context, uint64_t size, int64_t deadline_ns)
{
	struct readers *readers = context;
	unsigned most = readers->n_threads > 1 ? readers->n_threads - 1 : 1;
	bool is_logged = size <= dbk_log_size(readers->port.log);
	int64_t soon = job_clock_ns() + (is_logged ? WAIT_SIGNED_NS : WAIT_LAST_NS);
	bool there;

	if (atomic_fetch_add(&readers->ahead, 1) >= most && deadline_ns > soon)
		deadline_ns = soon;
	there = wait_patiently(readers, wait_for_note, size, deadline_ns);
	(void)atomic_fetch_sub(&readers->ahead, 1);
	return there;
}

static struct dbk_hashes *
hashes(void *context)
{
	struct readers *readers = context;

	return notary_hashes(readers->options.notary);
}

static void
answer_read(struct dbk_service *service, struct job *job)
{
	struct dbk_str request = dbk_str_make(job->request.bytes, job->request.size);

	job->has_reply =
	    dbk_service_call(service, job_caller(job), dbk_str_of(job->path), request,
			     job->deadline_ns, &job->reply,
			     &job->answer) == DBK_GRPC_OK;
}

static void
answer_feed(struct readers *readers, struct dbk_service *service, struct job *job)
{
	struct dbk_error error = { 0 };
	enum dbk_err err = dbk_feed_next(
	    job->feed, dbk_service_log_reader(service), dbk_log_size(readers->port.log),
	    FEED_BYTES, &job->reply, &job->at_head, &job->done, &error);

	job->has_reply = err == DBK_OK;
	if (err != DBK_OK)
		(void)dbk_answer_error(&job->answer, err, &error);
}

static void
answer_journal(struct dbk_service *service, struct job *job)
{
	job->has_reply = dbk_service_read_journal(
			     service, job->journal, job->deadline_ns, JOURNAL_BYTES,
			     &job->reply, &job->done, &job->answer) == DBK_GRPC_OK;
}

static void
answer_findings(struct dbk_service *service, struct job *job)
{
	job->has_reply = dbk_service_watch_findings(service, job->findings, &job->reply,
						    &job->at_head, &job->done,
						    &job->answer) == DBK_GRPC_OK;
}

static void
answer_log(struct dbk_service *service, struct job *job)
{
	job->has_reply =
	    dbk_service_read_log(service, job->log, job->deadline_ns, LOG_BYTES,
				 &job->reply, &job->done, &job->answer) == DBK_GRPC_OK;
}

static const ProtobufCMessageDescriptor *
reply_of(const struct job *job)
{
	const char *name = strrchr(job->path, '/');
	const ProtobufCMethodDescriptor *method =
	    name == NULL ? NULL
			 : protobuf_c_service_descriptor_get_method_by_name(
			       &daybook__v1__daybook__descriptor, name + 1);

	return method == NULL ? NULL : method->output;
}

/* Whoever may call what role read may not has been let in for something else. */
static bool
is_for_readers(const struct job *job)
{
	const struct dbk_right *right = dbk_right_of(dbk_str_of(job->path));

	return right == NULL || (right->roles & DBK_ROLE_BIT(DBK_ROLE_READ)) != 0;
}

/* Personal fields leave a reply before the loop has it. */
static void
strip_reply(struct job *job)
{
	const struct dbk_caller *caller = job_caller(job);
	const ProtobufCMessageDescriptor *descriptor;
	struct dbk_buf whole = job->reply;

	if (!job->has_reply || caller == NULL || dbk_caller_sees_persons(caller) ||
	    !is_for_readers(job))
		return;
	descriptor = reply_of(job);
	/* Whoever sent a text may have the box of it. */
	if (descriptor == &daybook__v1__seal_text_reply__descriptor)
		return;
	dbk_buf_init(&job->reply);
	job->has_reply = descriptor != NULL &&
			 dbk_personal_strip(dbk_str_make(whole.bytes, whole.size),
					    descriptor, &job->reply);
	if (!job->has_reply)
		(void)dbk_answer_set(&job->answer, DBK_GRPC_INTERNAL, "IO",
				     "the answer could not be made without personal "
				     "fields");
	dbk_buf_fini(&whole);
}

static void *
run(void *context)
{
	struct reader reader = *(struct reader *)context;
	struct readers *readers = reader.readers;
	struct job *job;

	free(context);
	while ((job = mailbox_take(readers->box)) != NULL) {
		if (job->kind == JOB_FEED)
			answer_feed(readers, reader.service, job);
		else if (job->kind == JOB_JOURNAL)
			answer_journal(reader.service, job);
		else if (job->kind == JOB_FINDINGS)
			answer_findings(reader.service, job);
		else if (job->kind == JOB_LOG)
			answer_log(reader.service, job);
		else
			answer_read(reader.service, job);
		strip_reply(job);
		readers->options.answered(readers->options.context, job);
	}
	return NULL;
}

static enum dbk_err
start_one(struct readers *readers, struct dbk_error *error)
{
	struct reader *reader = malloc(sizeof *reader);
	enum dbk_err err;

	if (reader == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "reader");
	err = dbk_service_open(&readers->port, &readers->services[readers->n_services],
			       error);
	if (err != DBK_OK) {
		free(reader);
		return err;
	}
	reader->readers = readers;
	reader->service = readers->services[readers->n_services++];
	if (pthread_create(&readers->threads[readers->n_threads], NULL, run, reader) !=
	    0) {
		free(reader);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "reader");
	}
	readers->n_threads++;
	return DBK_OK;
}

static void
fill_port(struct readers *readers)
{
	const struct readers_options *options = &readers->options;

	readers->port = (struct dbk_service_port){ .context = readers,
						   .ask_books = ask_books,
						   .hold_view = hold_view,
						   .release_view = release_view,
						   .wait_for_size = wait_for_size,
						   .now_us = now_us,
						   .fill_status = fill_status,
						   .published = published,
						   .wait_published = wait_published,
						   .hashes = hashes,
						   .tokens = options->tokens,
						   .access_log = options->access_log,
						   .subjects = options->subjects,
						   .log = options->log };
	if (options->notary != NULL) {
		notary_status(options->notary, &readers->first_status);
		readers->port.verifier_key = readers->first_status.verifier_key;
	}
}

enum dbk_err
readers_start(const struct readers_options *options, struct readers **out,
	      struct dbk_error *error)
{
	struct readers *readers = calloc(1, sizeof *readers);
	enum dbk_err err = DBK_OK;

	if (readers == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "readers");
	readers->options = *options;
	fill_port(readers);
	readers->box = mailbox_make(WAITING_BYTES_MAX);
	if (readers->box == NULL)
		err = dbk_error_set(error, DBK_FAILED_MEMORY, "readers");
	for (unsigned i = 0; err == DBK_OK && i < options->n && i < READERS_MAX; i++)
		err = start_one(readers, error);
	if (err != DBK_OK) {
		readers_stop(readers);
		return err;
	}
	*out = readers;
	return DBK_OK;
}

void
readers_stop(struct readers *readers)
{
	if (readers == NULL)
		return;
	if (readers->box != NULL)
		mailbox_close(readers->box);
	for (unsigned i = 0; i < readers->n_threads; i++)
		(void)pthread_join(readers->threads[i], NULL);
	for (unsigned i = 0; i < readers->n_services; i++)
		dbk_service_close(readers->services[i]);
	mailbox_free(readers->box);
	free(readers);
}

bool
readers_put(struct readers *readers, struct job *job)
{
	return mailbox_put(readers->box, job);
}
