#include "job.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "condition.h"

struct job *
job_make(enum job_kind kind)
{
	struct job *job = calloc(1, sizeof *job);

	if (job == NULL)
		return NULL;
	job->kind = kind;
	job->deadline_ns = INT64_MAX;
	dbk_buf_init(&job->request);
	dbk_buf_init(&job->reply);
	return job;
}

void
job_free(struct job *job)
{
	if (job == NULL)
		return;
	dbk_buf_fini(&job->request);
	dbk_buf_fini(&job->reply);
	asker_release(job->asker);
	free(job);
}

void
job_trim(void)
{
	(void)malloc_trim(0);
}

int64_t
job_clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t
job_wall_clock_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

struct mailbox {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct job *first, *last;
	struct job *last_urgent; /* urgent ones stand before the others; NULL: none */
	size_t bytes, bytes_max;
	bool closed, nudged;
};

/* What a job counts against the bound, besides its request. */
#define JOB_BYTES sizeof(struct job)

struct mailbox *
mailbox_make(size_t bytes_max)
{
	struct mailbox *box = calloc(1, sizeof *box);

	if (box == NULL)
		return NULL;
	box->bytes_max = bytes_max;
	(void)pthread_mutex_init(&box->lock, NULL);
	condition_init(&box->filled);
	return box;
}

void
mailbox_free(struct mailbox *box)
{
	if (box == NULL)
		return;
	while (box->first != NULL) {
		struct job *job = box->first;

		box->first = job->next;
		job_free(job);
	}
	(void)pthread_cond_destroy(&box->filled);
	(void)pthread_mutex_destroy(&box->lock);
	free(box);
}

static void
enqueue(struct mailbox *box, struct job *job)
{
	struct job *before = job->urgent ? box->last_urgent : box->last;

	job->next = before == NULL ? box->first : before->next;
	if (before == NULL)
		box->first = job;
	else
		before->next = job;
	if (job->next == NULL)
		box->last = job;
	if (job->urgent)
		box->last_urgent = job;
}

/* The first one leaves; there is one. */
static struct job *
dequeue(struct mailbox *box)
{
	struct job *job = box->first;

	box->first = job->next;
	if (box->first == NULL)
		box->last = NULL;
	if (box->last_urgent == job)
		box->last_urgent = NULL;
	job->next = NULL;
	box->bytes -= job->request.size + JOB_BYTES;
	return job;
}

bool
mailbox_put(struct mailbox *box, struct job *job)
{
	size_t bytes = job->request.size + JOB_BYTES;
	bool taken, was_empty;

	(void)pthread_mutex_lock(&box->lock);
	taken = !box->closed && box->bytes + bytes <= box->bytes_max;
	was_empty = box->first == NULL;
	if (taken) {
		enqueue(box, job);
		box->bytes += bytes;
	}
	(void)pthread_mutex_unlock(&box->lock);
	if (taken && was_empty)
		(void)pthread_cond_signal(&box->filled);
	return taken;
}

struct job *
mailbox_take_all(struct mailbox *box, int64_t timeout_ns)
{
	int64_t until = timeout_ns < 0 ? INT64_MAX : job_clock_ns() + timeout_ns;
	struct job *all;

	(void)pthread_mutex_lock(&box->lock);
	while (box->first == NULL && !box->closed && !box->nudged) {
		if (until == INT64_MAX)
			(void)pthread_cond_wait(&box->filled, &box->lock);
		else if (job_clock_ns() >= until)
			break;
		else
			condition_wait_until(&box->filled, &box->lock, until);
	}
	box->nudged = false;
	all = box->first;
	box->first = box->last = box->last_urgent = NULL;
	box->bytes = 0;
	(void)pthread_mutex_unlock(&box->lock);
	return all;
}

struct job *
mailbox_take(struct mailbox *box)
{
	struct job *job = NULL;

	(void)pthread_mutex_lock(&box->lock);
	while (box->first == NULL && !box->closed)
		(void)pthread_cond_wait(&box->filled, &box->lock);
	if (box->first != NULL)
		job = dequeue(box);
	if (box->first != NULL)
		(void)pthread_cond_signal(&box->filled);
	(void)pthread_mutex_unlock(&box->lock);
	return job;
}

struct job *
mailbox_take_urgent(struct mailbox *box)
{
	struct job *job = NULL;

	(void)pthread_mutex_lock(&box->lock);
	if (box->last_urgent != NULL)
		job = dequeue(box);
	(void)pthread_mutex_unlock(&box->lock);
	return job;
}

void
mailbox_nudge(struct mailbox *box)
{
	(void)pthread_mutex_lock(&box->lock);
	box->nudged = true;
	(void)pthread_mutex_unlock(&box->lock);
	(void)pthread_cond_broadcast(&box->filled);
}

void
mailbox_close(struct mailbox *box)
{
	(void)pthread_mutex_lock(&box->lock);
	box->closed = true;
	(void)pthread_mutex_unlock(&box->lock);
	(void)pthread_cond_broadcast(&box->filled);
}

bool
mailbox_is_closed(struct mailbox *box)
{
	bool closed;

	(void)pthread_mutex_lock(&box->lock);
	closed = box->closed;
	(void)pthread_mutex_unlock(&box->lock);
	return closed;
}
