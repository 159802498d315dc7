#include "../tests/lib/asking.h"

#include <stdio.h>
#include <string.h>

#include "event/event.h"

#include "../tests/lib/check.h"

bool
asking_same(struct asking *a, long long got, long long want, const char *what)
{
	if (got == want)
		return true;
	if (!a->c->failed)
		fprintf(stderr,
			"as of kind %d size %llu time %lld: %s: %lld, not %lld\n",
			(int)a->as_of.kind, (unsigned long long)a->cut.size,
			(long long)a->cut.time, what, got, want);
	a->c->failed = true;
	return CHECK(false);
}

void
asking_start(struct asking *a)
{
	if (a->as_of.kind != DBK_AS_OF_SIZE)
		a->cut.size = dbk_view_size(a->c->view);
}

bool
asking_fine(struct asking *a, enum dbk_err err, const struct dbk_error *error)
{
	if (err == DBK_OK)
		return true;
	fprintf(stderr, "%s: %s\n", dbk_err_text(err), error->text);
	return asking_same(a, err, DBK_OK, "result");
}

uint32_t
asking_rows(struct asking *a)
{
	return 1 + (uint32_t)random_below(
		       &a->c->source, random_below(&a->c->source, 2) == 0 ? 4 : 1000);
}

bool
asking_turn(struct asking *a, struct dbk_page *page, const struct dbk_next *next,
	    char token[DBK_TOKEN_BYTES])
{
	memcpy(token, next->token, DBK_TOKEN_BYTES);
	page->token = dbk_str_of(token);
	page->rows_max = asking_rows(a);
	dbk_arena_reset(&a->arena);
	if (page->token.size > 0 && a->c->between != NULL)
		a->c->between(a->c->context);
	return page->token.size > 0;
}

void
asking_times(struct asking *a, int64_t *from, int64_t *to)
{
	const struct dbk_effects *all = &a->c->model->all;

	*from = *to = DBK_TIME_ABSENT;
	if (all->n_effects == 0 || random_below(&a->c->source, 2) == 0)
		return;
	if (random_below(&a->c->source, 3) > 0)
		*from = all->effects[random_below(&a->c->source, all->n_effects)]
			    .effective_at;
	if (random_below(&a->c->source, 3) > 0)
		*to = all->effects[random_below(&a->c->source, all->n_effects)]
			  .effective_at +
		      (int64_t)random_below(&a->c->source, 2);
}
