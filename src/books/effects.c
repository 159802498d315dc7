#include "books/effects.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define FIRST_ROWS 1024u

void
dbk_effects_init(struct dbk_effects *effects)
{
	memset(effects, 0, sizeof *effects);
	dbk_buf_init(&effects->names);
}

void
dbk_effects_fini(struct dbk_effects *effects)
{
	free(effects->effects);
	free(effects->postings);
	free(effects->moves);
	free(effects->named);
	free(effects->checks);
	free(effects->findings);
	dbk_buf_fini(&effects->names);
	memset(effects, 0, sizeof *effects);
}

void
dbk_effects_reset(struct dbk_effects *effects, uint64_t size_before)
{
	effects->size_before = effects->size_after = size_before;
	effects->n_effects = effects->n_postings = 0;
	effects->n_moves = effects->n_named = 0;
	effects->n_checks = effects->n_findings = 0;
	effects->failed = false;
	dbk_buf_reset(&effects->names);
}

struct dbk_effects_mark
dbk_effects_mark(const struct dbk_effects *effects)
{
	struct dbk_effects_mark mark = { effects->n_effects, effects->n_postings,
					 effects->n_moves, effects->n_named,
					 effects->n_checks, effects->n_findings,
					 effects->names.size };

	return mark;
}

void
dbk_effects_rewind(struct dbk_effects *effects, struct dbk_effects_mark mark)
{
	effects->n_effects = mark.n_effects;
	effects->n_postings = mark.n_postings;
	effects->n_moves = mark.n_moves;
	effects->n_named = mark.n_named;
	effects->n_checks = mark.n_checks;
	effects->n_findings = mark.n_findings;
	effects->names.size = mark.names_size;
	effects->size_after = effects->size_before + mark.n_effects;
	if (mark.n_effects > 0) {
		struct dbk_effect *last = &effects->effects[mark.n_effects - 1];

		/* The mark may stand in the middle of a record. */
		last->n_postings = mark.n_postings - last->first_posting;
		last->n_moves = mark.n_moves - last->first_move;
		last->n_checks = mark.n_checks - last->first_check;
		last->n_findings = mark.n_findings - last->first_finding;
	}
}

void
dbk_effects_refuse(struct dbk_effects *effects, struct dbk_effects_mark mark)
{
	mark.n_checks = effects->n_checks;
	dbk_effects_rewind(effects, mark);
}

/* Room for one more row of ROW_BYTES in *ROWS; sticky failure otherwise. */
static bool
grow(struct dbk_effects *effects, void **rows, uint32_t n, uint32_t *cap,
     size_t row_bytes)
{
	uint32_t want = *cap == 0 ? FIRST_ROWS : *cap * 2;
	void *more;

	if (n < *cap)
		return true;
	more = want > *cap ? realloc(*rows, (size_t)want * row_bytes) : NULL;
	if (more == NULL) {
		effects->failed = true;
		return false;
	}
	*rows = more;
	*cap = want;
	return true;
}

struct dbk_effect *
dbk_effects_begin(struct dbk_effects *effects, uint64_t position)
{
	void *rows = effects->effects;
	struct dbk_effect *effect;

	if (!grow(effects, &rows, effects->n_effects, &effects->cap_effects,
		  sizeof *effect))
		return NULL;
	effects->effects = rows;
	dbk_assert(position == effects->size_after);
	effect = &effects->effects[effects->n_effects++];
	effects->size_after++;
	memset(effect, 0, sizeof *effect);
	effect->position = position;
	effect->first_posting = effects->n_postings;
	effect->first_move = effects->n_moves;
	effect->first_check = effects->n_checks;
	effect->first_finding = effects->n_findings;
	return effect;
}

bool
dbk_effects_grow_postings(struct dbk_effects *effects)
{
	void *rows = effects->postings;

	if (!grow(effects, &rows, effects->n_postings, &effects->cap_postings,
		  sizeof effects->postings[0]))
		return false;
	effects->postings = rows;
	return true;
}

void
dbk_effects_move(struct dbk_effects *effects, struct dbk_position_move move)
{
	void *rows = effects->moves;

	if (!grow(effects, &rows, effects->n_moves, &effects->cap_moves, sizeof move))
		return;
	effects->moves = rows;
	effects->moves[effects->n_moves++] = move;
	effects->effects[effects->n_effects - 1].n_moves++;
}

void
dbk_effects_check(struct dbk_effects *effects, struct dbk_check check)
{
	void *rows = effects->checks;

	if (!grow(effects, &rows, effects->n_checks, &effects->cap_checks, sizeof check))
		return;
	effects->checks = rows;
	effects->checks[effects->n_checks++] = check;
	effects->effects[effects->n_effects - 1].n_checks++;
}

void
dbk_effects_finding(struct dbk_effects *effects, uint32_t finding)
{
	void *rows = effects->findings;

	if (!grow(effects, &rows, effects->n_findings, &effects->cap_findings,
		  sizeof finding))
		return;
	effects->findings = rows;
	effects->findings[effects->n_findings++] = finding;
	effects->effects[effects->n_effects - 1].n_findings++;
}

void
dbk_effects_name(struct dbk_effects *effects, struct dbk_named named, struct dbk_str name)
{
	void *rows = effects->named;

	if (!grow(effects, &rows, effects->n_named, &effects->cap_named, sizeof named))
		return;
	effects->named = rows;
	named.name_at = (uint32_t)effects->names.size;
	named.name_size = name.size;
	dbk_buf_put(&effects->names, name.bytes, name.size);
	if (dbk_buf_failed(&effects->names))
		effects->failed = true;
	else
		effects->named[effects->n_named++] = named;
}
