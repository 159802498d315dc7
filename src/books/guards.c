/*
 * guards.c -- which guards were published, which set is in force, and its most specific
 * terms; what becomes of an event that a guard has found something in.
 */

#include "books/goods_core.h"

#include "base/arena.h"

/* The narrowed terms of one set and what each of its parameters is, with room. */
#define COMPILE_BYTES ((size_t)1 << 20)

/* The version that was published last of the set with this name; 0: none. */
static uint32_t
last_version(const struct dbk_books *books, struct dbk_str name)
{
	uint32_t tag = dbk_names_find(&books->names, DBK_SPACE_TAG, name);

	for (uint32_t set = books->guard_sets.count - 1; tag != 0 && set != 0; set--)
		if (DBK_ROW(books, guard_sets, guard_set, set)->name == tag)
			return DBK_ROW(books, guard_sets, guard_set, set)->version;
	return 0;
}

static uint64_t
term_hash(const struct dbk_books *books, uint32_t set, uint32_t number,
	  const struct dbk_term_scope *scope)
{
	uint32_t key[] = { DBK_SPACE_GUARD_TERM, set,	     number, scope->sku,
			   scope->category,	 scope->rank };

	return dbk_composite_hash(books, key, sizeof key / sizeof key[0]);
}

static bool
term_add(struct dbk_decision *d, uint32_t set, const struct dbk_guard_term *term)
{
	struct dbk_books *books = d->books;
	struct dbk_term_scope scope = { 0, 0, 0 };
	struct dbk_row_guard_term *row;
	uint32_t id;

	scope.sku = dbk_names_find(&books->names, DBK_SPACE_SKU, term->sku);
	if (!dbk_intern(d, DBK_SPACE_TAG, term->category, &scope.category) ||
	    !dbk_intern(d, DBK_SPACE_TAG, term->rank, &scope.rank) ||
	    !dbk_row_room(d, &books->guard_terms))
		return false;
	id = dbk_rows_append(&books->guard_terms, 1);
	row = DBK_TOUCH(books, guard_terms, guard_term, id);
	row->guard_set = set;
	row->number = term->number;
	row->sku = scope.sku;
	row->category = scope.category;
	row->rank = scope.rank;
	row->value = term->value;
	dbk_index_add(&books->names.index, term_hash(books, set, term->number, &scope),
		      id);
	return true;
}

static bool
set_add(struct dbk_decision *d, const struct dbk_guards *guards)
{
	const struct dbk_guard_set_published *e = &d->event->u.guard_set_published;
	struct dbk_books *books = d->books;
	struct dbk_row_guard_set *row;
	struct dbk_row_book *book;
	uint32_t id, name;

	if (!dbk_row_room(d, &books->guard_sets) ||
	    !dbk_intern(d, DBK_SPACE_TAG, e->guard_set, &name))
		return false;
	id = dbk_rows_append(&books->guard_sets, 1);
	row = DBK_TOUCH(books, guard_sets, guard_set, id);
	row->name = name;
	row->version = e->version;
	row->position = d->position;
	row->first_term = books->guard_terms.count;
	row->n_terms = guards->n_terms;
	row->valid_from =
	    e->valid_from == DBK_TIME_ABSENT ? d->event->effective_at : e->valid_from;
	row->scalars = guards->scalars;
	for (uint32_t i = 0; i < guards->n_terms; i++)
		if (!term_add(d, id, &guards->terms[i]))
			return false;
	book = DBK_TOUCH(books, book, book, 1);
	book->guard_from = book->guard_to = 0;
	return true;
}

bool
dbk_decide_guard_set_published(struct dbk_decision *d)
{
	const struct dbk_guard_set_published *e = &d->event->u.guard_set_published;
	uint32_t expected = last_version(d->books, e->guard_set) + 1;
	struct dbk_parameter_fault fault;
	struct dbk_guards guards;
	struct dbk_arena arena;
	bool is_done;

	if (e->version != expected)
		return dbk_refuse_measured(d, DBK_RULE_GUARD_VERSION_GAP,
					   dbk_field("version"), e->version, expected);
	dbk_arena_init(&arena, COMPILE_BYTES);
	is_done = dbk_guards_compile(e, &arena, &guards, &fault)
		      ? dbk_parameters_know_skus(d, e->parameters, e->n_parameters) &&
			    set_add(d, &guards)
		      : dbk_parameters_refuse(d, e->parameters, &fault);
	dbk_arena_fini(&arena);
	return is_done;
}

/* ------------------------------------------------------------- which set is in force
 */

/* The set in force at TIME, and the stretch [FROM, TO) around it in which none begins.
 */
static uint32_t
find_set(const struct dbk_books *books, int64_t time, int64_t *from, int64_t *to)
{
	uint32_t found = 0;

	*from = INT64_MIN;
	*to = INT64_MAX;
	for (uint32_t set = 1; set < books->guard_sets.count; set++) {
		int64_t begins = DBK_ROW(books, guard_sets, guard_set, set)->valid_from;

		if (begins > time) {
			*to = begins < *to ? begins : *to;
		} else if (begins >= *from) {
			*from = begins;
			found = set;
		}
	}
	return found;
}

uint32_t
dbk_guard_set_find(struct dbk_books *books)
{
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);

	book->guard_set =
	    find_set(books, book->clock, &book->guard_from, &book->guard_to);
	return book->guard_set;
}

/* --------------------------------------------------------------------------- terms */

static const struct dbk_row_guard_term *
find_term(const struct dbk_books *books, uint32_t set, enum dbk_guard_number number,
	  const struct dbk_term_scope *scope)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, term_hash(books, set, number, scope));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_guard_term *row;

		if (id >= books->guard_terms.count)
			continue;
		row = DBK_ROW(books, guard_terms, guard_term, id);
		if (row->guard_set == set && row->number == (uint32_t)number &&
		    row->sku == scope->sku && row->category == scope->category &&
		    row->rank == scope->rank)
			return row;
	}
	return NULL;
}

int64_t
dbk_guard_term(struct dbk_books *books, enum dbk_guard_number number, uint32_t sku,
	       uint32_t rank)
{
	const struct dbk_guard_scalars *scalars = dbk_guard_scalars(books);
	struct dbk_term_scope asked = { sku, 0, rank }, scope;
	const struct dbk_row_guard_term *term;
	uint32_t set;

	if (!scalars->has_terms[number])
		return scalars->numbers[number];
	set = dbk_guard_set_now(books);
	if (sku != 0)
		asked.category = DBK_ROW(books, skus, sku, sku)->category;
	for (uint32_t i = 0; i < DBK_TERM_SCOPES; i++) {
		if (!dbk_term_scope_at(i, &asked, &scope))
			continue;
		term = find_term(books, set, number, &scope);
		if (term != NULL)
			return term->value;
	}
	return scalars->numbers[number];
}

/* ------------------------------------------------------------------ what was found */

static bool
is_overridden(struct dbk_decision *d, const struct dbk_violation *violation)
{
	uint32_t purse =
	    violation->agent == 0 ? 0 : dbk_purse_find(d->books, violation->agent);

	return purse != 0 && dbk_override_use(d, purse, violation->rule);
}

bool
dbk_guard_fail(struct dbk_decision *d, unsigned mode,
	       const struct dbk_violation *violation)
{
	if (mode == DBK_GUARD_OFF)
		return true;
	if (mode == DBK_GUARD_FLAG)
		return dbk_finding_note(d, violation);
	if (is_overridden(d, violation))
		return true;
	d->refusal->measured = violation->measured;
	d->refusal->limit = violation->limit;
	return dbk_refuse(d, violation->rule, violation->field, violation->value);
}
