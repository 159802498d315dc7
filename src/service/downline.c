#include "service/downline.h"

#include <daybook/limits.h>

#include "books/look.h"

/* A walk that has lost its way is begun anew so many times in all. */
#define WALKS_MAX 3

/*
 * The walk takes an agent, leaves its next sibling for later and goes on with its first
 * recruit; so what waits is one agent a level.  If one that waits has changed sponsors
 * when its turn comes, the way to the siblings behind it is lost.
 */
struct waiting {
	uint32_t agent;
	uint32_t sponsor;
	uint32_t level;
};

struct walk {
	struct dbk_buf waiting; /* of struct waiting */
	struct dbk_downline found;
	bool lost;
};

static void
push(struct walk *walk, uint32_t agent, uint32_t sponsor, uint32_t level)
{
	struct waiting entry = { agent, sponsor, level };

	if (agent != 0)
		dbk_buf_put(&walk->waiting, &entry, sizeof entry);
}

static bool
pop(struct walk *walk, struct waiting *out)
{
	if (walk->waiting.size == 0)
		return false;
	walk->waiting.size -= sizeof *out;
	memcpy(out, walk->waiting.bytes + walk->waiting.size, sizeof *out);
	return true;
}

static void
visit(struct walk *walk, const struct dbk_books *books, const struct waiting *at)
{
	const struct dbk_row_agent *row = dbk_look_agent(books, at->agent);

	walk->lost = row->sponsor != at->sponsor;
	if (walk->lost)
		return;
	walk->found.agents++;
	if (at->level > walk->found.deepest)
		walk->found.deepest = at->level;
	push(walk, row->next_sibling, at->sponsor, at->level);
	push(walk, row->first_recruit, at->agent, at->level + 1);
}

static void
look_further(const struct dbk_books *books, void *answer)
{
	struct walk *walk = answer;
	struct waiting at;

	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX; i++) {
		if (walk->lost || walk->found.agents == DBK_SERVICE_DOWNLINE_MAX ||
		    !pop(walk, &at))
			return;
		visit(walk, books, &at);
	}
}

struct first_question {
	struct walk *walk;
	uint32_t agent;
};

static void
look_first(const struct dbk_books *books, void *answer)
{
	const struct first_question *q = answer;

	push(q->walk, dbk_look_agent(books, q->agent)->first_recruit, q->agent, 1);
	look_further(books, q->walk);
}

static bool
walk_once(struct dbk_call *call, uint32_t agent, struct walk *walk)
{
	struct first_question first = { walk, agent };
	bool ok;

	dbk_buf_reset(&walk->waiting);
	walk->found = (struct dbk_downline){ 0 };
	walk->lost = false;
	ok = dbk_call_ask(call, look_first, &first);
	while (ok && !walk->lost && walk->waiting.size > 0 &&
	       walk->found.agents < DBK_SERVICE_DOWNLINE_MAX)
		ok = dbk_call_ask(call, look_further, walk);
	return ok;
}

bool
dbk_downline_count(struct dbk_call *call, uint32_t agent, struct dbk_downline *out)
{
	struct walk walk = { .lost = true };
	bool ok = true;

	dbk_buf_init(&walk.waiting);
	for (unsigned i = 0; i < WALKS_MAX && ok && walk.lost; i++)
		ok = walk_once(call, agent, &walk);
	walk.found.truncated = walk.lost || walk.waiting.size > 0;
	if (dbk_buf_failed(&walk.waiting))
		call->exhausted = true;
	dbk_buf_fini(&walk.waiting);
	*out = walk.found;
	return ok;
}

uint32_t
dbk_downline_climb(const struct dbk_books *books, uint32_t *agent, uint32_t *budget)
{
	uint32_t level = 0;

	while (*agent != 0 && *budget > 0) {
		*agent = dbk_look_agent(books, *agent)->sponsor;
		(*budget)--;
		level++;
	}
	return level;
}
