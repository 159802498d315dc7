#include "views/note.h"

void
dbk_note_put_history(struct dbk_buf *buf, const struct dbk_note_history *note)
{
	dbk_buf_put_u64(buf, note->size);
	dbk_buf_put_u64(buf, note->end);
	dbk_buf_put_u32(buf, note->n_names);
}

bool
dbk_note_get_history(struct dbk_str bytes, struct dbk_note_history *out)
{
	struct dbk_cursor c = dbk_cursor_make(bytes.bytes, bytes.size);

	out->size = dbk_cursor_u64(&c);
	out->end = dbk_cursor_u64(&c);
	out->n_names = dbk_cursor_u32(&c);
	return !c.failed && dbk_cursor_left(&c) == 0;
}

static void
put_totals(struct dbk_buf *buf, const struct dbk_heads *heads)
{
	dbk_buf_put_u32(buf, DBK_ACCOUNT_CODES);
	for (unsigned code = 0; code < DBK_ACCOUNT_CODES; code++) {
		const struct dbk_code_totals *totals = &heads->totals[code];

		dbk_buf_put_u64(buf, (uint64_t)totals->figures.debits);
		dbk_buf_put_u64(buf, (uint64_t)totals->figures.credits);
		dbk_buf_put_u64(buf, totals->postings);
	}
}

static void
get_totals(struct dbk_cursor *c, struct dbk_heads *heads)
{
	uint32_t n = dbk_cursor_u32(c);

	if (n > DBK_ACCOUNT_CODES)
		c->failed = true;
	for (uint32_t code = 0; code < n && !c->failed; code++) {
		struct dbk_code_totals *totals = &heads->totals[code];

		totals->figures.debits = (int64_t)dbk_cursor_u64(c);
		totals->figures.credits = (int64_t)dbk_cursor_u64(c);
		totals->postings = dbk_cursor_u64(c);
	}
}

static void
put_refusals(struct dbk_buf *buf, const struct dbk_heads *heads)
{
	uint32_t n = 0;

	for (unsigned rule = 0; rule < DBK_RULES_MAX; rule++)
		n += heads->refusals[rule].count > 0;
	dbk_buf_put_u32(buf, n);
	for (unsigned rule = 0; rule < DBK_RULES_MAX; rule++) {
		const struct dbk_refusal_head *refusal = &heads->refusals[rule];

		if (refusal->count == 0)
			continue;
		dbk_buf_put_u32(buf, rule);
		dbk_buf_put_u64(buf, refusal->count);
		dbk_buf_put_u64(buf, refusal->first);
		dbk_buf_put_u64(buf, refusal->last);
	}
}

static void
get_refusals(struct dbk_cursor *c, struct dbk_heads *heads)
{
	uint32_t n = dbk_cursor_u32(c);

	for (uint32_t i = 0; i < n && !c->failed; i++) {
		uint32_t rule = dbk_cursor_u32(c);
		struct dbk_refusal_head *refusal;

		if (rule >= DBK_RULES_MAX) {
			c->failed = true;
			return;
		}
		refusal = &heads->refusals[rule];
		refusal->count = dbk_cursor_u64(c);
		refusal->first = dbk_cursor_u64(c);
		refusal->last = dbk_cursor_u64(c);
	}
}

void
dbk_note_put_heads(struct dbk_buf *buf, const struct dbk_note_heads *note,
		   const struct dbk_heads *heads)
{
	dbk_buf_put_u64(buf, note->size);
	dbk_buf_put_u64(buf, note->end);
	dbk_buf_put_u64(buf, (uint64_t)heads->clock);
	dbk_buf_put_u32(buf, DBK_HEADS_TABLES);
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		dbk_buf_put_u32(buf, note->counts[t]);
	put_totals(buf, heads);
	put_refusals(buf, heads);
}

bool
dbk_note_get_heads(struct dbk_str bytes, struct dbk_note_heads *out,
		   struct dbk_heads *heads)
{
	struct dbk_cursor c = dbk_cursor_make(bytes.bytes, bytes.size);

	out->size = dbk_cursor_u64(&c);
	out->end = dbk_cursor_u64(&c);
	heads->clock = (int64_t)dbk_cursor_u64(&c);
	if (dbk_cursor_u32(&c) != DBK_HEADS_TABLES)
		return false;
	for (unsigned t = 0; t < DBK_HEADS_TABLES; t++)
		out->counts[t] = dbk_cursor_u32(&c);
	get_totals(&c, heads);
	get_refusals(&c, heads);
	return !c.failed && dbk_cursor_left(&c) == 0;
}
