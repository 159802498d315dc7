#ifndef DBK_REPLAY_AGAIN_H
#define DBK_REPLAY_AGAIN_H

/*
 * again.h -- records decided again: what the start of a daemon and a regulator's replay
 * have in common.
 *
 * Every record must come out as it was written, to the last figure of a refusal.
 * Sixteen at a time are opened together, so that the books can ask memory for what they
 * need (books/foresee.h).
 *
 * Thread: the one that owns the books.
 */

#include "base/arena.h"
#include "books/books.h"
#include "books/effects.h"
#include "books/foresee.h"
#include "event/record.h"

/* Who sees each record before and after it is decided.  What they give but OK ends the
 * run. */
struct dbk_replay_watcher {
	enum dbk_err (*before)(void *context, const struct dbk_record *record,
			       const struct dbk_event *event);
	enum dbk_err (*after)(void *context, const struct dbk_record *record,
			      const struct dbk_event *event,
			      const struct dbk_verdict *verdict,
			      const struct dbk_effects *effects);
	void *context;
};

/* A record opened before its turn. */
struct dbk_opened_record {
	struct dbk_record record;
	struct dbk_event event;
	struct dbk_foresight foresight;
};

struct dbk_again {
	struct dbk_books *books;		  /* borrowed */
	const struct dbk_replay_watcher *watcher; /* NULL: nobody */
	struct dbk_effects effects;		  /* grow until somebody resets them */
	struct dbk_arena arena, back;
	struct dbk_opened_record opened[DBK_FORESEE_EVENTS];
	struct dbk_dues_foresight dues;
	int64_t recorded_at; /* of the record decided last */
};

void dbk_again_init(struct dbk_again *again, struct dbk_books *books,
		    const struct dbk_replay_watcher *watcher);
void dbk_again_fini(struct dbk_again *again);

/*
 * Decide N records, at most DBK_FORESEE_EVENTS, the first of which is at
 * dbk_books_size().  They are not undone any more.  DAMAGED: the first that is no
 * record of its place, that no daemon can have taken at its time, or that does not come
 * out as it was written; ERROR has both.
 */
DBK_MUST_CHECK enum dbk_err dbk_again_decide(struct dbk_again *again,
					     const struct dbk_str *records, uint32_t n,
					     struct dbk_error *error);

#endif
