#include "engine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"

/* Progress of a long replay, on a terminal. */
#define PROGRESS_NS ((int64_t)500 * 1000000)

struct replay_progress {
	struct engine *engine;
	int64_t told_ns;
	bool terminal;
};

static bool
on_replay(void *context, uint64_t size)
{
	struct replay_progress *progress = context;
	int64_t now = job_clock_ns();

	if (!progress->terminal || now - progress->told_ns < PROGRESS_NS)
		return true;
	progress->told_ns = now;
	(void)fprintf(stderr, "\rreplaying: %llu records", (unsigned long long)size);
	(void)fflush(stderr);
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
		err = dbk_error_set(error, DBK_FAILED_STATE,
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
		.tokens = clerk_tokens(engine->clerk),
		.access_log = clerk_access_log(engine->clerk),
		.answered = listener->answered,
		.context = listener->context,
	};

	return readers_start(&readers, &engine->readers, error);
}

static enum dbk_err
start_threads(struct engine *engine, const struct options *options,
	      const struct writer_listener *listener, struct dbk_error *error)
{
	struct writer_saving saving = { options->save_every, engine->start.loaded_size };
	struct dbk_log *log = dbk_ledger_log(engine->ledger);
	enum dbk_err err = projector_start(engine->projector, log);

	if (err == DBK_OK)
		err = saver_open(options->data, engine->projector, &engine->saver, error);
	if (err == DBK_OK)
		err = writer_start(engine->ledger, engine->projector, engine->saver,
				   listener, &saving, !options->no_clock,
				   &engine->writer);
	if (err == DBK_OK)
		err = clerk_start(engine->clerk, error);
	if (err == DBK_OK)
		err = start_readers(engine, options, listener, error);
	return err;
}

enum dbk_err
engine_start(struct engine *engine, const struct options *options,
	     const struct writer_listener *listener, struct dbk_error *error)
{
	unsigned char key[DBK_HASH_KEY_BYTES];
	int64_t began = job_clock_ns();
	enum dbk_err err = make_dir(options->data, error);

	if (err == DBK_OK)
		err = dbk_lock_take(options->data, &engine->lock, error);
	if (err == DBK_OK && getrandom(key, sizeof key, 0) != (ssize_t)sizeof key)
		err = dbk_error_set(error, DBK_FAILED_IO, "no random numbers: %s",
				    strerror(errno));
	if (err == DBK_OK)
		err = projector_open(options->data, key, &engine->projector, error);
	if (err == DBK_OK)
		err = open_ledger(engine, options, key, error);
	if (err == DBK_OK)
		err = make_dir(options->keys, error);
	if (err == DBK_OK)
		err = clerk_open(options->keys, &engine->clerk, error);
	if (err == DBK_OK)
		err = start_threads(engine, options, listener, error);
	engine->start_ns = job_clock_ns() - began;
	return err;
}

void
engine_stop(struct engine *engine)
{
	readers_stop(engine->readers);
	clerk_close(engine->clerk);
	writer_stop(engine->writer);
	saver_close(engine->saver);
	projector_stop(engine->projector);
	dbk_ledger_close(engine->ledger);
	dbk_lock_release(engine->lock);
	memset(engine, 0, sizeof *engine);
}
