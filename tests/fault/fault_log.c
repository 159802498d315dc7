/*
 * fault_log.c -- the n-th step, system call or allocation of a log fails, for n = 1, 2,
 * ... until the run is no longer touched.  After each failure: what was acknowledged is
 * there, nothing else is, readers go on, and the next append may succeed.
 *
 * This program defines pwrite, writev, fdatasync and malloc itself; liblmdb's calls
 * come here, too, because a program's own symbols come first.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "log/log_reader.h"

/* The sanitizers bring an allocator of their own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define OWN_MALLOC 0
#else
#define OWN_MALLOC 1
#endif

enum kind { STEP, WRITE_NO_SPACE, WRITE_ERROR, WRITE_SHORT, SYNC_ERROR, ALLOCATION };

static const char *const kind_names[] = { "step",	   "write without space",
					  "failing write", "short write",
					  "failing sync",  "failing allocation" };

/* What is to fail: the LEFT-th from now of KIND; ARMED only while the log is at work.
 */
static struct {
	enum kind kind;
	long left;
	bool armed;
	bool struck;
} plan;

static bool
strikes(enum kind kind)
{
	if (!plan.armed || plan.kind != kind || --plan.left != 0)
		return false;
	plan.struck = true;
	return true;
}

static enum dbk_err
ask(void *context, enum dbk_store_step step)
{
	(void)context;
	(void)step;
	return strikes(STEP) ? DBK_FAILED_IO : DBK_OK;
}

/* The number of bytes that a write may have: all, half of them, or -1 and errno. */
static ssize_t
judge_write(size_t size)
{
	if (strikes(WRITE_NO_SPACE)) {
		errno = ENOSPC;
		return -1;
	}
	if (strikes(WRITE_ERROR)) {
		errno = EIO;
		return -1;
	}
	return (ssize_t)(strikes(WRITE_SHORT) ? size / 2 : size);
}

ssize_t
pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
	ssize_t allowed = judge_write(size);

	return allowed < 0
		   ? -1
		   : (ssize_t)syscall(SYS_pwrite64, fd, bytes, (size_t)allowed, offset);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	size_t size = 0;
	ssize_t allowed;

	for (int i = 0; i < count; i++)
		size += parts[i].iov_len;
	allowed = judge_write(size);
	if (allowed < 0)
		return -1;
	if ((size_t)allowed == size)
		return (ssize_t)syscall(SYS_writev, fd, parts, count);
	return (ssize_t)syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2);
}

/* Nothing loses power here, so syncs that succeed need not be done. */
int
fdatasync(int fd)
{
	(void)fd;
	if (!strikes(SYNC_ERROR))
		return 0;
	errno = EIO;
	return -1;
}

#if OWN_MALLOC

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

void *
malloc(size_t size)
{
	if (!strikes(ALLOCATION))
		return __libc_malloc(size);
	errno = ENOMEM;
	return NULL;
}

void *
calloc(size_t count, size_t size)
{
	if (!strikes(ALLOCATION))
		return __libc_calloc(count, size);
	errno = ENOMEM;
	return NULL;
}

void *
realloc(void *old, size_t size)
{
	if (!strikes(ALLOCATION))
		return __libc_realloc(old, size);
	errno = ENOMEM;
	return NULL;
}

#endif

static char dir[TMPDIR_BYTES];

static const struct dbk_log_options options = { .fault = { ask, NULL } };

/* What the run had acknowledged; one append may be in doubt (see txn.h). */
struct outcome {
	uint64_t size;
	uint64_t groups;
	uint64_t size_in_doubt;
	bool in_doubt;
};

static void
check_whole(struct dbk_log *log, const struct outcome *outcome)
{
	bool armed = plan.armed;

	plan.armed = false;
	CHECK_INT(dbk_log_size(log), outcome->size);
	CHECK_INT(dbk_log_groups(log), outcome->groups);
	CHECK(logbook_is_whole(log));
	plan.armed = armed;
}

static bool
is_failure_of(enum kind kind, enum dbk_err err)
{
	switch (kind) {
	case STEP:
	case WRITE_ERROR:
	case SYNC_ERROR:
		return err == DBK_FAILED_IO;
	case WRITE_SHORT: /* LMDB takes it for a full disk where it makes a file */
		return err == DBK_FAILED_IO || err == DBK_FAILED_DISK_FULL;
	case WRITE_NO_SPACE:
		return err == DBK_FAILED_DISK_FULL;
	case ALLOCATION:
		return err == DBK_FAILED_MEMORY;
	}
	return false;
}

/* Some appends, each tried again once; false if the log has to be opened again. */
static bool
append_some(struct dbk_log *log, struct outcome *outcome)
{
	static const uint32_t sizes[] = { 1, 0, 40, 700, 3, 0, 1 };

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct dbk_error error = { 0 };
		enum dbk_err err = logbook_append(log, sizes[i], &error);

		if (err != DBK_OK) {
			CHECK(is_failure_of(plan.kind, err));
			CHECK(error.code == err && error.text[0] != '\0');
			err = logbook_append(log, sizes[i], &error);
		}
		if (err == DBK_FAILED_STATE) {
			outcome->in_doubt = true;
			outcome->size_in_doubt = outcome->size + sizes[i];
			return false;
		}
		CHECK_INT(err, DBK_OK);
		outcome->size += sizes[i];
		outcome->groups++;
		check_whole(log, outcome);
	}
	return true;
}

static void
check_reopened(const struct outcome *outcome)
{
	struct dbk_log *log = NULL;
	struct dbk_error error = { 0 };

	if (!CHECK_INT(dbk_log_open(dir, &options, &log, &error), DBK_OK)) {
		fprintf(stderr, "%s\n", error.text);
		return;
	}
	CHECK(logbook_is_whole(log));
	CHECK(dbk_log_size(log) == outcome->size ||
	      (outcome->in_doubt && dbk_log_size(log) == outcome->size_in_doubt));
	CHECK_INT(logbook_append(log, 5, &error), DBK_OK);
	CHECK(logbook_is_whole(log));
	dbk_log_close(log);
}

/* One run from an empty directory; true if the fault struck. */
static bool
run_once(enum kind kind, long n)
{
	struct dbk_log *log = NULL;
	struct dbk_error error = { 0 };
	struct outcome outcome = { 0 };
	enum dbk_err err;

	tmpdir_make(dir);
	plan.kind = kind;
	plan.left = n;
	plan.struck = false;
	plan.armed = true;
	err = dbk_log_open(dir, &options, &log, &error);
	if (err != DBK_OK)
		CHECK(log == NULL && is_failure_of(kind, err));
	else
		(void)append_some(log, &outcome);
	plan.armed = false;
	dbk_log_close(log);
	check_reopened(&outcome);
	tmpdir_remove(dir);
	return plan.struck;
}

static void
run_all(enum kind kind)
{
	long n = 1;

	while (run_once(kind, n) && n < 10000)
		n++;
	if (!CHECK(n > 5 && n < 10000))
		fprintf(stderr, "%s: %ld runs\n", kind_names[kind], n);
}

static void
test_steps(void)
{
	run_all(STEP);
}

static void
test_no_space(void)
{
	run_all(WRITE_NO_SPACE);
}

static void
test_write_errors(void)
{
	run_all(WRITE_ERROR);
}

static void
test_short_writes(void)
{
	run_all(WRITE_SHORT);
}

static void
test_sync_errors(void)
{
	run_all(SYNC_ERROR);
}

static void
test_allocations(void)
{
	if (OWN_MALLOC)
		run_all(ALLOCATION);
}

int
main(void)
{
	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("TMPDIR", "/dev/shm", 0);
	check_run("any step may fail", test_steps);
	check_run("any write may find no space", test_no_space);
	check_run("any write may fail", test_write_errors);
	check_run("any write may be cut short", test_short_writes);
	check_run("any sync may fail", test_sync_errors);
	check_run("any allocation may fail", test_allocations);
	return check_end();
}
