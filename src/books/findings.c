/*
 * findings.c -- what guards found: one row a rule and subject until it is resolved.
 *
 * What fails again while nobody has resolved it is the same finding, so that a thousand
 * bad transfers are one thing to look into and not a thousand.
 */

#include "books/goods_core.h"

static uint64_t
finding_hash(const struct dbk_books *books, enum dbk_rule rule,
	     enum dbk_subject_kind kind, uint32_t subject)
{
	uint32_t key[4] = { DBK_SPACE_FINDING, rule, kind, subject };

	return dbk_composite_hash(books, key, 4);
}

/* The index keeps the first of a rule and subject for ever; that one knows the newest.
 */
static uint32_t
first_of(const struct dbk_books *books, enum dbk_rule rule, enum dbk_subject_kind kind,
	 uint32_t subject)
{
	struct dbk_index_walk walk = dbk_index_seek(
	    &books->names.index, finding_hash(books, rule, kind, subject));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_finding *row;

		if (id >= books->findings.count)
			continue;
		row = DBK_ROW(books, findings, finding, id);
		if (row->older == 0 && row->rule == rule && row->subject_kind == kind &&
		    row->subject == subject)
			return id;
	}
	return 0;
}

uint32_t
dbk_finding_find(const struct dbk_books *books, enum dbk_rule rule,
		 enum dbk_subject_kind kind, uint32_t subject)
{
	uint32_t first = first_of(books, rule, kind, subject);

	return first == 0 ? 0 : DBK_ROW(books, findings, finding, first)->newest;
}

static void
link_newest(struct dbk_decision *d, const struct dbk_violation *v, uint32_t id)
{
	struct dbk_books *books = d->books;
	uint32_t first = first_of(books, v->rule, v->subject_kind, v->subject);
	struct dbk_row_finding *row = DBK_TOUCH(books, findings, finding, id);

	row->rule = (uint16_t)v->rule;
	row->subject_kind = (uint8_t)v->subject_kind;
	row->subject = v->subject;
	if (first != 0)
		row->older = DBK_ROW(books, findings, finding, first)->newest;
	else
		dbk_index_add(&books->names.index,
			      finding_hash(books, v->rule, v->subject_kind, v->subject),
			      id);
	DBK_TOUCH(books, findings, finding, first != 0 ? first : id)->newest = id;
}

/* Red findings of an agent close the restock gate, so they are counted. */
static bool
count_red(struct dbk_decision *d, uint32_t agent)
{
	uint32_t watch;

	if (!dbk_watch_need(d, agent, &watch))
		return false;
	DBK_TOUCH(d->books, watches, watch, watch)->red++;
	return true;
}

static bool
raise_finding(struct dbk_decision *d, const struct dbk_violation *v, uint32_t *out)
{
	struct dbk_books *books = d->books;
	struct dbk_row_finding *row;

	if (!dbk_row_room(d, &books->findings))
		return false;
	*out = dbk_rows_append(&books->findings, 1);
	link_newest(d, v, *out);
	row = DBK_TOUCH(books, findings, finding, *out);
	row->state = DBK_FINDING_OPEN;
	row->red = dbk_guard_is_red(v->rule);
	row->position = d->position;
	row->window = v->window;
	if (v->rule != DBK_RULE_PRICE_BAND)
		row->guard_set = dbk_guard_set_now(books);
	DBK_TOUCH(books, book, book, 1)->n_open_findings++;
	return !row->red || v->subject_kind != DBK_SUBJECT_AGENT ||
	       count_red(d, v->subject);
}

static bool
add_evidence(struct dbk_decision *d, struct dbk_row_finding *row)
{
	struct dbk_rows *table = &d->books->evidence;
	uint32_t id;

	if (row->n_evidence == DBK_FINDING_EVIDENCE_MAX)
		return true;
	if (!dbk_rows_has_room(table, 1))
		return dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("id"),
					   table->count, table->max);
	id = dbk_rows_append(table, 1);
	DBK_TOUCH(d->books, evidence, evidence, id)->position = d->position;
	if (row->n_evidence++ == 0)
		row->first_evidence = id;
	else
		DBK_TOUCH(d->books, evidence, evidence, row->last_evidence)->next = id;
	row->last_evidence = id;
	return true;
}

bool
dbk_finding_note(struct dbk_decision *d, const struct dbk_violation *violation)
{
	uint32_t id = dbk_finding_find(d->books, violation->rule,
				       violation->subject_kind, violation->subject);
	struct dbk_row_finding *row;

	if (id == 0 ||
	    DBK_ROW(d->books, findings, finding, id)->state == DBK_FINDING_RESOLVED) {
		if (!raise_finding(d, violation, &id))
			return false;
	}
	row = DBK_TOUCH(d->books, findings, finding, id);
	row->measured = violation->measured;
	row->limit = violation->limit;
	if (row->count > 0 && row->last_position == d->position)
		return true;
	row->count++;
	row->last_position = d->position;
	dbk_effects_finding(d->effects, id);
	return add_evidence(d, row);
}

/* A finding by its number, as people write it.  One text is one number: the event's key
 * is the text. */
static uint32_t
number_of(struct dbk_str text)
{
	uint64_t number = 0;

	if (text.size == 0 || text.size > 10 || text.bytes[0] == '0')
		return 0;
	for (uint32_t i = 0; i < text.size; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return 0;
		number = number * 10 + (uint64_t)(text.bytes[i] - '0');
	}
	return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* The finding NAME, whose state is at most LATEST. */
static bool
find_in_state(struct dbk_decision *d, struct dbk_str name,
	      enum dbk_finding_state latest, uint32_t *out)
{
	struct dbk_field field = dbk_field("finding");

	*out = number_of(name);
	if (*out == 0 || *out >= d->books->findings.count)
		return dbk_refuse(d, DBK_RULE_FINDING_UNKNOWN, field, name);
	if (DBK_ROW(d->books, findings, finding, *out)->state > latest)
		return dbk_refuse(d, DBK_RULE_FINDING_STATE, field, name);
	return true;
}

bool
dbk_decide_finding_acknowledged(struct dbk_decision *d)
{
	struct dbk_row_finding *row;
	uint32_t id;

	if (!find_in_state(d, d->event->u.finding_acknowledged.finding,
			   DBK_FINDING_OPEN, &id))
		return false;
	row = DBK_TOUCH(d->books, findings, finding, id);
	row->state = DBK_FINDING_ACKNOWLEDGED;
	row->acknowledged_position = d->position + 1;
	return true;
}

bool
dbk_decide_finding_resolved(struct dbk_decision *d)
{
	const struct dbk_finding_resolved *e = &d->event->u.finding_resolved;
	struct dbk_books *books = d->books;
	struct dbk_row_finding *row;
	uint32_t id;

	if (!find_in_state(d, e->finding, DBK_FINDING_ACKNOWLEDGED, &id) ||
	    !dbk_reason_given(d, e->reason))
		return false;
	row = DBK_TOUCH(books, findings, finding, id);
	row->state = DBK_FINDING_RESOLVED;
	row->resolved_position = d->position + 1;
	DBK_TOUCH(books, book, book, 1)->n_open_findings--;
	if (row->red && row->subject_kind == DBK_SUBJECT_AGENT)
		DBK_TOUCH(books, watches, watch, dbk_watch_find(books, row->subject))
		    ->red--;
	return true;
}
