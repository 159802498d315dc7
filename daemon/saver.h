#ifndef DAYBOOKD_SAVER_H
#define DAYBOOKD_SAVER_H

/*
 * saver.h -- the worker that writes the books to disk at intervals, so that a start
 * replays seconds of history and not years.
 *
 * The writer hands out copies of changed pages between its groups; the saver puts them
 * into one transaction and commits it when the views are as far on disk: saved books
 * ahead of the views would leave a hole that no replay fills.
 *
 * Thread: each function says who calls it.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "books/save.h"
#include "ledger/saved.h"
#include "projector.h"

struct saver;

DBK_MUST_CHECK enum dbk_err saver_open(const char *dir, struct projector *projector,
				       struct saver **out, struct dbk_error *error);

/* Finish what was handed out, end the worker.  Main. */
void saver_close(struct saver *saver);

/* True if the last save is over and a new one may begin.  Writer. */
bool saver_is_idle(struct saver *saver);

/* A save begins.  META is copied; WHOLE as in dbk_saved_begin().  Writer. */
void saver_begin(struct saver *saver, struct dbk_saved_point point, struct dbk_str meta,
		 bool whole);

/* True if another page can be taken without waiting.  Writer. */
bool saver_has_room(struct saver *saver);

/* Copy PAGE; waits for room.  Writer; a dbk_books_spill_fn. */
void saver_page(void *saver, const struct dbk_books_page *page);

/* All pages are out.  Writer. */
void saver_end(struct saver *saver);

/* True once if the last save failed, so that its pages must be handed out again. */
bool saver_has_failed(struct saver *saver);

/* Records in the newest durable save, and its bytes on disk.  Any. */
uint64_t saver_size(struct saver *saver);
uint64_t saver_bytes(struct saver *saver);

#endif
