#include "service/downline.h"

#include <daybook/limits.h>

#include "books/look.h"

/*
 * The walk takes an agent, leaves its next sibling for later and goes on with its first
 * recruit; so what waits is one agent a level.  A chain of siblings is left when it
 * turns out, in a later step, to belong to another sponsor by now.
 */
struct waiting {
	uint32_t agent;
	uint32_t sponsor;
	uint32_t level;
};

struct walk {
	struct dbk_buf waiting; /* of struct waiting */
	struct dbk_downline found;
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

	if (row->sponsor != at->sponsor)
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
		if (walk->found.agents == DBK_SERVICE_DOWNLINE_MAX || !pop(walk, &at))
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

bool
dbk_downline_count(struct dbk_call *call, uint32_t agent, struct dbk_downline *out)
{
	struct walk walk = { .found = { 0 } };
	struct first_question first = { &walk, agent };
	bool ok;

	dbk_buf_init(&walk.waiting);
	ok = dbk_call_ask(call, look_first, &first);
	while (ok && walk.waiting.size > 0 &&
	       walk.found.agents < DBK_SERVICE_DOWNLINE_MAX)
		ok = dbk_call_ask(call, look_further, &walk);
	walk.found.truncated = walk.waiting.size > 0;
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
