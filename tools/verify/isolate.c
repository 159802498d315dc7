#include "verify/isolate.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"
#include "diag.h"

/* The slowest disk that is waited for. */
#define SECONDS_MIN 120
#define BYTES_PER_SECOND 1000000

/* What the child tells: findings, then this. */
struct end {
	struct dbk_scrutiny_sum sum;
	uint64_t count; /* of findings */
	bool unread;
};

static void
put(const void *bytes, size_t size, FILE *out)
{
	(void)fwrite(bytes, 1, size, out);
}

static void
tell(const struct verify *v, FILE *out)
{
	const struct findings *f = &v->findings;
	struct end end = { .sum = v->sum, .count = f->count, .unread = v->unread };

	for (uint32_t i = 0; i < f->n_kept; i++) {
		uint32_t file = (uint32_t)strlen(f->kept[i].file) + 1;
		uint32_t text = (uint32_t)strlen(f->kept[i].text) + 1;

		put(&file, sizeof file, out);
		put(&text, sizeof text, out);
		put(&f->kept[i].record, sizeof f->kept[i].record, out);
		put(f->kept[i].file, file, out);
		put(f->kept[i].text, text, out);
	}
	put(&(uint32_t){ 0 }, sizeof(uint32_t), out);
	put(&end, sizeof end, out);
	(void)fflush(out);
}

_Noreturn static void
run_child(struct verify *v, const char *file, uint64_t bytes, int fd,
	  void (*check)(struct verify *verify, const char *file))
{
	const struct rlimit no_core = { 0, 0 };
	FILE *out = fdopen(fd, "w");

	dbk_assert(out != NULL);
	(void)setrlimit(RLIMIT_CORE, &no_core);
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm((unsigned)(SECONDS_MIN + bytes / BYTES_PER_SECOND));
	v->findings = (struct findings){ .count = 0 };
	check(v, file);
	progress_clear(&v->progress);
	tell(v, out);
	(void)fflush(stderr);
	_exit(0);
}

static bool
get(void *out, size_t size, FILE *in)
{
	return fread(out, 1, size, in) == size;
}

/* False: the child has not come to its end. */
static bool
hear(struct verify *v, FILE *in)
{
	uint32_t file_bytes, text_bytes, n = 0;
	struct end end;

	while (get(&file_bytes, sizeof file_bytes, in) && file_bytes > 0) {
		uint64_t record;
		char *file = malloc(file_bytes), *text = NULL;
		bool whole = file != NULL && get(&text_bytes, sizeof text_bytes, in) &&
			     (text = malloc(text_bytes)) != NULL &&
			     get(&record, sizeof record, in) &&
			     get(file, file_bytes, in) && get(text, text_bytes, in);

		if (whole)
			findings_add(&v->findings, file, record, "%s", text);
		free(file);
		free(text);
		if (!whole)
			return false;
		n++;
	}
	if (!get(&end, sizeof end, in))
		return false;
	v->findings.count += end.count - n;
	v->unread = v->unread || end.unread;
	v->sum = end.sum;
	return true;
}

static void
say_end(struct verify *v, const char *file, int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "reading it does not come to an end");
	else if (WIFSIGNALED(status) &&
		 (WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM ||
		  WTERMSIG(status) == SIGINT))
		verify_failed(v, file, "reading it was stopped");
	else
		findings_add(&v->findings, file, FINDINGS_NO_RECORD,
			     "cannot be read: a page of it is damaged (%s)",
			     WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
						 : "the reading process ended");
}

void
isolate(struct verify *v, const char *file, uint64_t bytes,
	void (*check)(struct verify *verify, const char *file))
{
	int ends[2], status = 0;
	bool whole;
	pid_t child;
	FILE *in;

	(void)fflush(NULL);
	if (pipe(ends) != 0 || (child = fork()) < 0) {
		verify_failed(v, file, strerror(errno));
		return;
	}
	if (child == 0) {
		(void)close(ends[0]);
		run_child(v, file, bytes, ends[1], check);
	}
	(void)close(ends[1]);
	in = fdopen(ends[0], "r");
	dbk_assert(in != NULL);
	whole = hear(v, in);
	(void)fclose(in);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!whole)
		say_end(v, file, status);
}
