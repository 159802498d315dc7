#include "saver.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/rows.h"
#include "diag.h"
#include "job.h"

/* Copies under way at most: 2048 pages of 16 KiB. */
#define PAGES_MAX 2048

/* How long a finished save waits for the views before it is given up. */
#define VIEWS_WAIT_NS ((int64_t)60 * 1000000000)

struct page {
	struct page *next;
	struct dbk_books_page page;
	unsigned char rows[DBK_ROWS_PAGE_BYTES];
};

enum save_state { SAVE_IDLE, SAVE_TAKING, SAVE_ENDED };

struct saver {
	struct dbk_saved *saved;
	struct projector *projector;
	pthread_t thread;

	/* Under LOCK. */
	pthread_mutex_t lock;
	pthread_cond_t filled; /* the worker waits */
	pthread_cond_t room;   /* the writer waits */
	struct page *first, *last;
	unsigned n_pages;
	struct page *spare; /* used before; fresh memory is dear */
	enum save_state state;
	bool failed, closed, whole;
	struct dbk_saved_point point;
	struct dbk_buf meta;
	uint64_t size, bytes;
};

/* The pages that are there; NULL when the save has ended and all are taken. */
static struct page *
take_pages(struct saver *saver, bool *out_closed)
{
	struct page *all;

	(void)pthread_mutex_lock(&saver->lock);
	while (saver->first == NULL && saver->state != SAVE_ENDED && !saver->closed)
		(void)pthread_cond_wait(&saver->filled, &saver->lock);
	all = saver->first;
	saver->first = saver->last = NULL;
	saver->n_pages = 0;
	*out_closed = saver->closed && saver->state != SAVE_ENDED;
	(void)pthread_mutex_unlock(&saver->lock);
	(void)pthread_cond_broadcast(&saver->room);
	return all;
}

static void
put_pages(struct saver *saver, struct page *pages, bool broken)
{
	struct page *last = NULL;

	for (struct page *page = pages; page != NULL; page = page->next) {
		if (!broken)
			dbk_saved_put(saver->saved, &page->page);
		last = page;
	}
	if (last == NULL)
		return;
	(void)pthread_mutex_lock(&saver->lock);
	last->next = saver->spare;
	saver->spare = pages;
	(void)pthread_mutex_unlock(&saver->lock);
}

static void
free_spare(struct saver *saver)
{
	while (saver->spare != NULL) {
		struct page *page = saver->spare;

		saver->spare = page->next;
		free(page);
	}
}

static void
finish(struct saver *saver, enum dbk_err err, const struct dbk_error *error)
{
	uint64_t bytes = dbk_saved_bytes(saver->saved);

	if (err != DBK_OK)
		diag_warn("the books could not be saved: %s", error->text);
	(void)pthread_mutex_lock(&saver->lock);
	saver->state = SAVE_IDLE;
	saver->failed = err != DBK_OK;
	saver->bytes = bytes;
	if (err == DBK_OK)
		saver->size = saver->point.size;
	(void)pthread_mutex_unlock(&saver->lock);
	(void)pthread_cond_broadcast(&saver->room);
	job_trim();
}

static enum dbk_err
commit(struct saver *saver, struct dbk_error *error)
{
	if (!projector_wait(saver->projector, saver->point.size, true,
			    job_clock_ns() + VIEWS_WAIT_NS)) {
		dbk_saved_abort(saver->saved);
		return dbk_error_set(error, DBK_FAILED_TIMEOUT, "the views are behind");
	}
	return dbk_saved_commit(saver->saved, saver->point,
				dbk_str_make(saver->meta.bytes, saver->meta.size),
				error);
}

/* One save, from its first page to its commit; false when the worker is to end. */
static bool
save(struct saver *saver)
{
	struct dbk_error error = { 0 };
	bool closed = false, begun = false;
	enum dbk_err err = DBK_OK;
	struct page *pages;

	while ((pages = take_pages(saver, &closed)) != NULL) {
		if (!begun) {
			err = dbk_saved_begin(saver->saved, saver->whole, &error);
			begun = true;
		}
		put_pages(saver, pages, err != DBK_OK);
	}
	if (closed) {
		dbk_saved_abort(saver->saved);
		return false;
	}
	if (!begun)
		err = dbk_saved_begin(saver->saved, saver->whole, &error);
	if (err == DBK_OK)
		err = commit(saver, &error);
	finish(saver, err, &error);
	return true;
}

static void *
run(void *context)
{
	struct saver *saver = context;

	while (save(saver))
		continue;
	return NULL;
}

enum dbk_err
saver_open(const char *dir, struct projector *projector, struct saver **out,
	   struct dbk_error *error)
{
	struct saver *saver = calloc(1, sizeof *saver);
	char path[4096];
	enum dbk_err err;

	if (saver == NULL)
		return dbk_error_set(error, DBK_FAILED_MEMORY, "saver");
	(void)snprintf(path, sizeof path, "%s/books", dir);
	saver->projector = projector;
	dbk_buf_init(&saver->meta);
	err = dbk_saved_open(path, &saver->saved, error);
	if (err != DBK_OK) {
		free(saver);
		return err;
	}
	(void)pthread_mutex_init(&saver->lock, NULL);
	(void)pthread_cond_init(&saver->filled, NULL);
	(void)pthread_cond_init(&saver->room, NULL);
	saver->bytes = dbk_saved_bytes(saver->saved);
	if (pthread_create(&saver->thread, NULL, run, saver) != 0) {
		dbk_saved_close(saver->saved);
		free(saver);
		return dbk_error_set(error, DBK_FAILED_MEMORY, "saver");
	}
	*out = saver;
	return DBK_OK;
}

void
saver_close(struct saver *saver)
{
	if (saver == NULL)
		return;
	(void)pthread_mutex_lock(&saver->lock);
	while (saver->state == SAVE_ENDED)
		(void)pthread_cond_wait(&saver->room, &saver->lock);
	saver->closed = true;
	(void)pthread_mutex_unlock(&saver->lock);
	(void)pthread_cond_broadcast(&saver->filled);
	(void)pthread_join(saver->thread, NULL);
	put_pages(saver, saver->first, true);
	free_spare(saver);
	dbk_saved_close(saver->saved);
	dbk_buf_fini(&saver->meta);
	(void)pthread_cond_destroy(&saver->filled);
	(void)pthread_cond_destroy(&saver->room);
	(void)pthread_mutex_destroy(&saver->lock);
	free(saver);
}

bool
saver_is_idle(struct saver *saver)
{
	bool idle;

	(void)pthread_mutex_lock(&saver->lock);
	idle = saver->state == SAVE_IDLE;
	(void)pthread_mutex_unlock(&saver->lock);
	return idle;
}

void
saver_begin(struct saver *saver, struct dbk_saved_point point, struct dbk_str meta,
	    bool whole)
{
	(void)pthread_mutex_lock(&saver->lock);
	dbk_assert(saver->state == SAVE_IDLE);
	saver->state = SAVE_TAKING;
	saver->point = point;
	saver->whole = whole;
	dbk_buf_reset(&saver->meta);
	dbk_buf_put(&saver->meta, meta.bytes, meta.size);
	(void)pthread_mutex_unlock(&saver->lock);
}

bool
saver_has_room(struct saver *saver)
{
	bool room;

	(void)pthread_mutex_lock(&saver->lock);
	room = saver->n_pages < PAGES_MAX;
	(void)pthread_mutex_unlock(&saver->lock);
	return room;
}

static struct page *
make_page(struct saver *saver)
{
	struct page *page;

	(void)pthread_mutex_lock(&saver->lock);
	page = saver->spare;
	if (page != NULL)
		saver->spare = page->next;
	(void)pthread_mutex_unlock(&saver->lock);
	return page != NULL ? page : malloc(sizeof *page);
}

void
saver_page(void *context, const struct dbk_books_page *from)
{
	struct saver *saver = context;
	struct page *page = make_page(saver);

	dbk_assert(from->size <= sizeof page->rows);
	/* The page is about to change; without a copy the save would be a lie. */
	dbk_assert(page != NULL);
	page->next = NULL;
	page->page = *from;
	page->page.rows = page->rows;
	memcpy(page->rows, from->rows, from->size);
	(void)pthread_mutex_lock(&saver->lock);
	while (saver->n_pages >= PAGES_MAX)
		(void)pthread_cond_wait(&saver->room, &saver->lock);
	if (saver->first == NULL)
		saver->first = page;
	else
		saver->last->next = page;
	saver->last = page;
	saver->n_pages++;
	(void)pthread_mutex_unlock(&saver->lock);
	(void)pthread_cond_signal(&saver->filled);
}

void
saver_end(struct saver *saver)
{
	(void)pthread_mutex_lock(&saver->lock);
	saver->state = SAVE_ENDED;
	(void)pthread_mutex_unlock(&saver->lock);
	(void)pthread_cond_signal(&saver->filled);
}

bool
saver_has_failed(struct saver *saver)
{
	bool failed;

	(void)pthread_mutex_lock(&saver->lock);
	failed = saver->failed;
	saver->failed = false;
	(void)pthread_mutex_unlock(&saver->lock);
	return failed;
}

uint64_t
saver_size(struct saver *saver)
{
	uint64_t size;

	(void)pthread_mutex_lock(&saver->lock);
	size = saver->size;
	(void)pthread_mutex_unlock(&saver->lock);
	return size;
}

uint64_t
saver_bytes(struct saver *saver)
{
	uint64_t bytes;

	(void)pthread_mutex_lock(&saver->lock);
	bytes = saver->bytes;
	(void)pthread_mutex_unlock(&saver->lock);
	return bytes;
}
