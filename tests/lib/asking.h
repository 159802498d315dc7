#ifndef DAYBOOK_TESTS_ASKING_H
#define DAYBOOK_TESTS_ASKING_H

/*
 * asking.h -- a question to a ledger view under way, for the files that compare answers
 * with the model.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "query/as_of.h"
#include "query/page.h"

#include "../tests/lib/ledger_model.h"
#include "../tests/lib/view_compare.h"

struct asking {
	struct compare *c;
	struct dbk_as_of as_of;
	struct model_cut cut;
	struct dbk_arena arena;
};

/* The places of a walk back through the model: event, and posting or move in it. */
struct back {
	uint32_t event;
	uint32_t entry;	 /* this many still to come */
	int64_t running; /* after the entry: sum of amounts, in order of position */
};

/* True if they are; the first difference is printed, each fails the test. */
bool asking_same(struct asking *a, long long got, long long want, const char *what);
bool asking_fine(struct asking *a, enum dbk_err err, const struct dbk_error *error);

/* A question is about to be asked: the newest size is that of now. */
void asking_start(struct asking *a);

/* Rows of a page, a few or many. */
uint32_t asking_rows(struct asking *a);

/* The token of the next page, which may come after the view has grown. */
bool asking_turn(struct asking *a, struct dbk_page *page, const struct dbk_next *next,
		 char token[DBK_TOKEN_BYTES]);

/* No bounds, or two times out of the book. */
void asking_times(struct asking *a, int64_t *from, int64_t *to);

/* Stock and movements (compare_goods.c). */
void asking_goods(struct asking *a, uint32_t sample);

/* Agents' statements, what they owe, the journal (compare_money.c). */
void asking_money(struct asking *a, uint32_t sample);

#endif
