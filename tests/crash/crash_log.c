/*
 * crash_log.c -- a child appends to a log and acknowledges through a pipe until it is
 * killed at a random moment.  Opened again, the log holds everything acknowledged, at
 * most the one group that was under way besides, and no torn group.
 *
 * SEED= repeats a run, RUNS= makes it longer.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "log/log.h"

#define RUNS_DEFAULT 100
#define RUNS_PER_DIR 10

static unsigned seed;
static char dir[TMPDIR_BYTES];

/* Sizes that follow from the position, so that parent and child agree. */
static uint32_t
next_size(uint64_t groups)
{
	static const uint32_t sizes[] = { 1, 0, 64, 3, 200, 1, 20, 0, 1000, 7 };

	return sizes[groups % (sizeof sizes / sizeof *sizes)];
}

static void
append_until_killed(int pipe_fd)
{
	struct dbk_log_options options = { 0 };
	struct dbk_error error = { 0 };
	struct dbk_log *log;

	if (dbk_log_open(dir, &options, &log, &error) != DBK_OK)
		_exit(2);
	for (;;) {
		uint64_t size;

		if (logbook_append(log, next_size(dbk_log_groups(log)), &error) !=
		    DBK_OK)
			_exit(3);
		size = dbk_log_size(log);
		if (write(pipe_fd, &size, sizeof size) != (ssize_t)sizeof size)
			_exit(4);
	}
}

/* Let it live for some acknowledgements and a moment; some do not live to the first. */
static uint64_t
watch(int pipe_fd, pid_t child)
{
	const struct timespec moment = { 0, rand_r(&seed) % 2000000 };
	unsigned acks = (unsigned)rand_r(&seed) % 30;
	uint64_t size, acked = 0;
	int status = 0;

	for (unsigned i = 0; i < acks / 2 * (acks % 3); i++)
		if (read(pipe_fd, &size, sizeof size) == (ssize_t)sizeof size)
			acked = size;
	(void)nanosleep(&moment, NULL);
	(void)kill(child, SIGKILL);
	(void)waitpid(child, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	while (read(pipe_fd, &size, sizeof size) == (ssize_t)sizeof size)
		acked = size;
	return acked;
}

/* Size of the log after a run; 0 on failure. */
static uint64_t
check_reopened(uint64_t acked)
{
	struct dbk_log_options options = { .no_sync = true };
	struct dbk_error error = { 0 };
	struct dbk_log *log = NULL;
	uint64_t size;

	if (!CHECK_INT(dbk_log_open(dir, &options, &log, &error), DBK_OK)) {
		fprintf(stderr, "%s\n", error.text);
		return 0;
	}
	size = dbk_log_size(log);
	CHECK(size == acked || (dbk_log_groups(log) > 0 &&
				size == acked + next_size(dbk_log_groups(log) - 1)));
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
	return size;
}

static void
run_once(uint64_t *size)
{
	int fds[2];
	uint64_t acked;
	pid_t child;

	if (!CHECK_INT(pipe(fds), 0))
		return;
	child = fork();
	if (child == 0) {
		(void)close(fds[0]);
		append_until_killed(fds[1]);
	}
	(void)close(fds[1]);
	acked = watch(fds[0], child);
	(void)close(fds[0]);
	*size = check_reopened(acked == 0 ? *size : acked);
}

static void
test_kills(void)
{
	const char *text = getenv("RUNS");
	int runs = text == NULL ? RUNS_DEFAULT : atoi(text);
	uint64_t size = 0, total = 0;

	for (int i = 0; i < runs; i++) {
		if (i % RUNS_PER_DIR == 0) {
			tmpdir_make(dir);
			size = 0;
		}
		run_once(&size);
		if (i % RUNS_PER_DIR == RUNS_PER_DIR - 1 || i == runs - 1) {
			tmpdir_remove(dir);
			total += size;
		}
	}
	CHECK(total > 0);
}

int
main(void)
{
	const char *text = getenv("SEED");

	seed = text == NULL ? (unsigned)getpid() : (unsigned)strtoul(text, NULL, 10);
	printf("crash_log: SEED=%u\n", seed);
	check_run("what was acknowledged outlives the process", test_kills);
	return check_end();
}
