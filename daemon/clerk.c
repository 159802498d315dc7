#include "clerk.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "access/access_store.h"
#include "base/secret.h"
#include "condition.h"
#include "diag.h"
#include "job.h"

/* An entry is on disk within a second, the time that the disk takes included. */
#define FLUSH_NS ((int64_t)500 * 1000000)

/* When tokens were used is kept to the minute. */
#define TOKENS_NS ((int64_t)60 * 1000000000)

/* So often it is looked for entries that are too old. */
#define PRUNE_NS ((int64_t)60 * 1000000000)
#define DAY_US ((int64_t)86400 * 1000000)

struct clerk {
	struct dbk_store *store;
	uint64_t access_days; /* 0: the record is kept for ever */
	int64_t prune_ns;     /* when it is pruned next */
	struct dbk_tokens *tokens;
	struct dbk_access_log *access_log;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t ending;
	bool runs, ends;
	bool told;	   /* that the record cannot be written */
	bool told_pruning; /* that it cannot be pruned */
};

static enum dbk_err
make_first_token(struct clerk *clerk, struct dbk_error *error)
{
	char *text = dbk_secret_take(DBK_TOKEN_TEXT_BYTES);
	struct dbk_token token = { .created_at_us = job_wall_clock_us() };
	enum dbk_err err;

	if (text == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "the first token");
	(void)snprintf(token.caller.name, sizeof token.caller.name, "admin");
	(void)snprintf(token.created_by, sizeof token.created_by, "daybookd");
	token.caller.roles = DBK_ROLE_BIT(DBK_ROLE_ADMIN);
	token.caller.expires_at_us = INT64_MAX;
	err = dbk_tokens_create(clerk->tokens, &token, text, error);
	if (err == DBK_OK) {
		/* Not through stdio, which keeps what it wrote. */
		(void)setvbuf(stdout, NULL, _IONBF, 0);
		(void)fputs("admin token: ", stdout);
		(void)fputs(text, stdout);
		(void)fputc('\n', stdout);
	}
	dbk_secret_give(text);
	return err;
}

enum dbk_err
clerk_open(const char *keys, struct clerk **out, struct dbk_error *error)
{
	struct clerk *clerk = calloc(1, sizeof *clerk);
	struct dbk_token first;
	enum dbk_err err;

	if (clerk == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "tokens");
	(void)pthread_mutex_init(&clerk->lock, NULL);
	condition_init(&clerk->ending);
	err = dbk_secret_start()
		  ? dbk_access_store_open(keys, false, &clerk->store, error)
		  : dbk_error_set(error, DBK_FAILED_IO, "no random numbers");
	if (err == DBK_OK)
		err = dbk_tokens_open(clerk->store, &clerk->tokens, error);
	if (err == DBK_OK)
		err = dbk_access_log_open(clerk->store, &clerk->access_log, error);
	if (err == DBK_OK && !dbk_tokens_at(clerk->tokens, 0, &first))
		err = make_first_token(clerk, error);
	if (err != DBK_OK) {
		clerk_close(clerk);
		return err;
	}
	*out = clerk;
	return DBK_OK;
}

/* The operator hears of it once, until it is written again. */
static void
flush_record(struct clerk *clerk)
{
	struct dbk_error error = { 0 };
	bool failed = dbk_access_log_flush(clerk->access_log, &error) != DBK_OK;

	if (failed && !clerk->told)
		diag_warn("the access record cannot be written: %s", error.text);
	clerk->told = failed;
}

static void
flush_tokens(struct clerk *clerk)
{
	struct dbk_error error = { 0 };

	if (dbk_tokens_flush(clerk->tokens, &error) != DBK_OK && !clerk->told)
		diag_warn("tokens cannot be written: %s", error.text);
}

/* A step; where there was much to do the next one comes at the next turn, so that what is
 * new reaches the disk between them. */
static void
prune_record(struct clerk *clerk)
{
	struct dbk_error error = { 0 };
	int64_t before_us =
	    job_wall_clock_us() - (int64_t)clerk->access_days * DAY_US;
	unsigned n;
	bool failed;

	if (clerk->access_days == 0 || job_clock_ns() < clerk->prune_ns)
		return;
	failed = dbk_access_log_prune(clerk->access_log, before_us, &n, &error) !=
		 DBK_OK;
	if (failed && !clerk->told_pruning)
		diag_warn("the access record cannot be pruned: %s", error.text);
	clerk->told_pruning = failed;
	if (failed || n < DBK_ACCESS_PRUNE_MAX)
		clerk->prune_ns = job_clock_ns() + PRUNE_NS;
}

static void *
run(void *context)
{
	struct clerk *clerk = context;
	int64_t tokens_ns = job_clock_ns() + TOKENS_NS;
	bool ends = false;

	while (!ends) {
		int64_t until = job_clock_ns() + FLUSH_NS;

		(void)pthread_mutex_lock(&clerk->lock);
		while (!clerk->ends && job_clock_ns() < until)
			condition_wait_until(&clerk->ending, &clerk->lock, until);
		ends = clerk->ends;
		(void)pthread_mutex_unlock(&clerk->lock);
		flush_record(clerk);
		if (!ends)
			prune_record(clerk);
		if (ends || job_clock_ns() >= tokens_ns) {
			flush_tokens(clerk);
			tokens_ns = job_clock_ns() + TOKENS_NS;
		}
	}
	return NULL;
}

enum dbk_err
clerk_start(struct clerk *clerk, uint64_t access_days, struct dbk_error *error)
{
	clerk->access_days = access_days;
	if (pthread_create(&clerk->thread, NULL, run, clerk) != 0)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "access record");
	clerk->runs = true;
	return DBK_OK;
}

void
clerk_close(struct clerk *clerk)
{
	if (clerk == NULL)
		return;
	if (clerk->runs) {
		(void)pthread_mutex_lock(&clerk->lock);
		clerk->ends = true;
		(void)pthread_mutex_unlock(&clerk->lock);
		(void)pthread_cond_signal(&clerk->ending);
		(void)pthread_join(clerk->thread, NULL);
		/* Calls that ended while the thread did. */
		flush_record(clerk);
	}
	dbk_access_log_close(clerk->access_log);
	dbk_tokens_close(clerk->tokens);
	dbk_store_close(clerk->store);
	(void)pthread_cond_destroy(&clerk->ending);
	(void)pthread_mutex_destroy(&clerk->lock);
	free(clerk);
}

struct dbk_tokens *
clerk_tokens(struct clerk *clerk)
{
	return clerk->tokens;
}

struct dbk_access_log *
clerk_access_log(struct clerk *clerk)
{
	return clerk->access_log;
}
