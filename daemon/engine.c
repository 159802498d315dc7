#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "proof/inspection.h"

/* Progress of a long replay, on a terminal. */
#define PROGRESS_NS ((int64_t)500 * 1000000)

struct replay_progress {
	struct engine *engine;
	int64_t told_ns;
	bool terminal;
};

static void
tell_progress(struct replay_progress *progress, const char *what, uint64_t size)
{
	int64_t now = job_clock_ns();

	if (!progress->terminal || now - progress->told_ns < PROGRESS_NS)
		return;
	progress->told_ns = now;
	(void)fprintf(stderr, "\r%s: %llu records", what, (unsigned long long)size);
	(void)fflush(stderr);
}

static bool
on_replay(void *context, uint64_t size)
{
	tell_progress(context, "replaying", size);
	return true;
}

static bool
on_hashed(void *context, uint64_t size)
{
	tell_progress(context, "hashing", size);
	return true;
}

static enum dbk_err
make_dir(const char *dir, struct dbk_error *error)
{
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", dir,
				     strerror(errno));
	return DBK_OK;
}

static enum dbk_err
open_keys(struct engine *engine, const struct options *options, struct dbk_error *error)
{
	struct dbk_vault_options vault = { .dir = options->keys,
					   .key_file = options->key_file,
					   .passphrase_file =
					       options->passphrase_file };
	struct dbk_seat_options seat = { .data = options->data,
					 .origin = options->origin,
					 .adopt = options->adopt };
	enum dbk_err err =
	    dbk_vault_open(&vault, &engine->vault, &engine->fresh_keys, error);

	seat.vault = engine->vault;
	if (err == DBK_OK)
		err = dbk_seat_open(&seat, &engine->seat, error);
	return err;
}

/* Before anything is written into the data directory. */
static enum dbk_err
inspect(struct engine *engine, const struct options *options, struct dbk_error *error)
{
	struct replay_progress progress = { engine, job_clock_ns(),
					    isatty(STDERR_FILENO) };
	struct dbk_inspection_options inspection = { .dir = options->data,
						     .seat = engine->seat,
						     .progress = on_hashed,
						     .progress_context = &progress };
	struct dbk_inspection found;
	enum dbk_err err = dbk_inspection_run(&inspection, &found, error);

	if (err != DBK_OK)
		return err;
	if (found.state != DBK_SEAT_READY)
		return DBK_FAILED_STATE;
	engine->trusted = found.trusted;
	return DBK_OK;
}

static enum dbk_err
open_notary(struct engine *engine, const struct options *options,
	    struct dbk_error *error)
{
	struct replay_progress progress = { engine, job_clock_ns(),
					    isatty(STDERR_FILENO) };
	struct notary_options notary = {
		.dir = options->data,
		.log = dbk_ledger_log(engine->ledger),
		.seat = engine->seat,
		.trusted = engine->trusted,
		.subjects = engine->subjects,
		.witness_policy = options->witness_policy,
		.progress = on_hashed,
		.progress_context = &progress,
	};
	enum dbk_err err =
	    dbk_subjects_open(engine->vault, false, &engine->subjects, error);

	notary.subjects = engine->subjects;
	if (err == DBK_OK)
		err = notary_open(&notary, &engine->notary, error);
	return err;
}

static void
on_answered(void *context, struct job *jobs)
{
	struct engine *engine = context;

	engine->listener.answered(engine->listener.context, jobs);
}

static void
on_grown(void *context, uint64_t size)
{
	struct engine *engine = context;

	notary_grown(engine->notary, size);
	engine->listener.grown(engine->listener.context, size);
}

static enum dbk_err
open_ledger(struct engine *engine, const struct options *options,
	    unsigned char key[DBK_HASH_KEY_BYTES], struct dbk_error *error)
{
	struct replay_progress progress = { engine, job_clock_ns(),
					    isatty(STDERR_FILENO) };
	struct dbk_ledger_options ledger = {
		.dir = options->data,
		.log = { .max_bytes = options->max_log_bytes },
		.views_size = projector_durable_size(engine->projector),
		.replayed = projector_replayed,
		.replayed_context = engine->projector,
		.progress = on_replay,
		.progress_context = &progress,
	};
	enum dbk_err err;

	memcpy(ledger.key, key, DBK_HASH_KEY_BYTES);
	err = dbk_ledger_open(&ledger, &engine->ledger, &engine->start, error);
	if (err == DBK_OK && projector_size(engine->projector) >
				 dbk_log_size(dbk_ledger_log(engine->ledger)))
		err = dbk_error_set(
		    error, DBK_FAILED_STATE,
		    "%s/views hold more records than the log: they are of "
		    "another log; remove them, they are made again",
		    options->data);
	if (progress.terminal && engine->start.replayed_size > 0)
		(void)fputs("\r\033[K", stderr);
	return err;
}

static enum dbk_err
start_readers(struct engine *engine, const struct options *options,
	      const struct writer_listener *listener, struct dbk_error *error)
{
	struct readers_options readers = {
		.n = options->readers,
		.log = dbk_ledger_log(engine->ledger),
		.projector = engine->projector,
		.saver = engine->saver,
		.writer = engine->writer,
		.notary = engine->notary,
		.subjects = engine->subjects,
		.tokens = clerk_tokens(engine->clerk),
		.access_log = clerk_access_log(engine->clerk),
		.answered = listener->answered,
		.context = listener->context,
	};

	return readers_start(&readers, &engine->readers, error);
}

enum dbk_err
engine_open(struct engine *engine, const struct options *options,
	    struct dbk_error *error)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	enum dbk_err err = make_dir(options->data, error);

	engine->began_ns = job_clock_ns();
	if (err == DBK_OK)
		err = dbk_lock_take(options->data, &engine->lock, error);
	if (err == DBK_OK)
		err = open_keys(engine, options, error);
	if (err == DBK_OK)
		err = inspect(engine, options, error);
	if (err == DBK_OK && getrandom(key, sizeof key, 0) != (ssize_t)sizeof key)
		err = dbk_error_set(error, DBK_FAILED_IO, "no random numbers: %s",
				    strerror(errno));
	if (err == DBK_OK)
		err = projector_open(options->data, key, &engine->projector, error);
	if (err == DBK_OK)
		err = open_ledger(engine, options, key, error);
	if (err == DBK_OK)
		err = open_notary(engine, options, error);
	if (err == DBK_OK)
		err = clerk_open(options->keys, &engine->clerk, error);
	return err;
}

enum dbk_err
engine_start(struct engine *engine, const struct options *options,
	     const struct writer_listener *listener, struct dbk_error *error)
{
	struct writer_listener both = { on_answered, on_grown, engine };
	struct writer_saving saving = { options->save_every,
					engine->start.loaded_size };
	struct dbk_log *log = dbk_ledger_log(engine->ledger);
	enum dbk_err err = projector_start(engine->projector, log);

	engine->listener = *listener;
	if (err == DBK_OK)
		err =
		    saver_open(options->data, engine->projector, &engine->saver, error);
	if (err == DBK_OK)
		err = writer_start(engine->ledger, engine->projector, engine->saver,
				   &both, &saving, !options->no_clock,
				   options->digest_every, &engine->writer);
	if (err == DBK_OK)
		err = notary_start(engine->notary, engine->writer, error);
	if (err == DBK_OK)
		err = clerk_start(engine->clerk, options->access_days, error);
	if (err == DBK_OK)
		err = start_readers(engine, options, listener, error);
	engine->start_ns = job_clock_ns() - engine->began_ns;
	return err;
}

void
engine_stop(struct engine *engine)
{
	notary_end_waits(engine->notary);
	readers_stop(engine->readers);
	clerk_close(engine->clerk);
	writer_stop(engine->writer);
	notary_stop(engine->notary);
	saver_close(engine->saver);
	projector_stop(engine->projector);
	dbk_ledger_close(engine->ledger);
	dbk_subjects_close(engine->subjects);
	dbk_seat_close(engine->seat);
	dbk_vault_close(engine->vault);
	dbk_lock_release(engine->lock);
	memset(engine, 0, sizeof *engine);
}
