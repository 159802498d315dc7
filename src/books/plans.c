/*
 * plans.c -- what was published, which plan holds when, and its most specific terms.
 */

#include "books/core.h"

#include "base/arena.h"

/* The narrowed terms of one plan and a byte for each of its parameters, with room. */
#define COMPILE_BYTES ((size_t)1 << 20)

/* The version that was published last of the plan with this name; 0: none. */
static uint32_t
last_version(const struct dbk_books *books, struct dbk_str name)
{
	uint32_t tag = dbk_names_find(&books->names, DBK_SPACE_TAG, name);

	for (uint32_t plan = books->plans.count - 1; tag != 0 && plan != 0; plan--)
		if (DBK_ROW(books, plans, plan, plan)->name == tag)
			return DBK_ROW(books, plans, plan, plan)->version;
	return 0;
}

bool
dbk_parameters_refuse(struct dbk_decision *d, const struct dbk_parameter *parameters,
		      const struct dbk_parameter_fault *fault)
{
	if (fault->rule == DBK_RULE_NONE) {
		d->effects->failed = true;
		return false;
	}
	d->refusal->measured = fault->measured;
	d->refusal->limit = fault->limit;
	return dbk_refuse(d, fault->rule,
			  dbk_field_of("parameters", fault->index, fault->member),
			  dbk_parameter_text(&parameters[fault->index], fault->member));
}

bool
dbk_parameters_know_skus(struct dbk_decision *d, const struct dbk_parameter *parameters,
			 uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct dbk_str sku = parameters[i].sku;

		if (sku.size != 0 &&
		    dbk_names_find(&d->books->names, DBK_SPACE_SKU, sku) == 0)
			return dbk_refuse(d, DBK_RULE_SKU_UNKNOWN,
					  dbk_field_of("parameters", i, "sku"), sku);
	}
	return true;
}

static uint64_t
term_hash(const struct dbk_books *books, uint32_t plan, uint32_t kind, uint32_t level,
	  const struct dbk_term_scope *scope)
{
	uint32_t key[] = { DBK_SPACE_TERM,  plan,	kind, level, scope->sku,
			   scope->category, scope->rank };

	return dbk_composite_hash(books, key, sizeof key / sizeof key[0]);
}

static bool
term_add(struct dbk_decision *d, uint32_t plan, const struct dbk_plan_term *term)
{
	struct dbk_books *books = d->books;
	struct dbk_term_scope scope = { 0, 0, 0 };
	struct dbk_row_plan_term *row;
	uint32_t id;

	scope.sku = dbk_names_find(&books->names, DBK_SPACE_SKU, term->sku);
	if (!dbk_intern(d, DBK_SPACE_TAG, term->category, &scope.category) ||
	    !dbk_intern(d, DBK_SPACE_TAG, term->rank, &scope.rank) ||
	    !dbk_row_room(d, &books->plan_terms))
		return false;
	id = dbk_rows_append(&books->plan_terms, 1);
	row = DBK_TOUCH(books, plan_terms, plan_term, id);
	row->plan = plan;
	row->kind = term->kind;
	row->level = term->level;
	row->sku = scope.sku;
	row->category = scope.category;
	row->rank = scope.rank;
	row->value = term->value;
	dbk_index_add(&books->names.index,
		      term_hash(books, plan, term->kind, term->level, &scope), id);
	return true;
}

static bool
plan_add(struct dbk_decision *d, const struct dbk_plan_published *e, int64_t valid_from,
	 const struct dbk_plan *plan)
{
	struct dbk_books *books = d->books;
	struct dbk_row_book *book;
	struct dbk_row_plan *row;
	uint32_t id, name;

	if (!dbk_row_room(d, &books->plans) ||
	    !dbk_intern(d, DBK_SPACE_TAG, e->plan, &name))
		return false;
	id = dbk_rows_append(&books->plans, 1);
	row = DBK_TOUCH(books, plans, plan, id);
	row->name = name;
	row->version = e->version;
	row->position = d->position;
	row->first_term = books->plan_terms.count;
	row->n_terms = plan->n_terms;
	row->valid_from = valid_from;
	row->valid_to = e->valid_to;
	row->scalars = plan->scalars;
	for (uint32_t i = 0; i < plan->scalars.n_methods; i++)
		if (!dbk_intern(d, DBK_SPACE_TAG, plan->methods[i], &row->methods[i]))
			return false;
	for (uint32_t i = 0; i < plan->n_terms; i++)
		if (!term_add(d, id, &plan->terms[i]))
			return false;
	book = DBK_TOUCH(books, book, book, 1);
	book->plan_from = book->plan_to = 0;
	return true;
}

bool
dbk_decide_plan_published(struct dbk_decision *d)
{
	const struct dbk_plan_published *e = &d->event->u.plan_published;
	int64_t valid_from =
	    e->valid_from == DBK_TIME_ABSENT ? d->event->effective_at : e->valid_from;
	uint32_t expected = last_version(d->books, e->plan) + 1;
	struct dbk_parameter_fault fault;
	struct dbk_arena arena;
	struct dbk_plan plan;
	bool is_done;

	if (e->version != expected)
		return dbk_refuse_measured(d, DBK_RULE_PLAN_VERSION_GAP,
					   dbk_field("version"), e->version, expected);
	if (e->valid_to != DBK_TIME_ABSENT && e->valid_to <= valid_from)
		return dbk_refuse_measured(d, DBK_RULE_PLAN_VALIDITY,
					   dbk_field("valid_to"), e->valid_to,
					   valid_from);
	dbk_arena_init(&arena, COMPILE_BYTES);
	is_done = dbk_plan_compile(e, &arena, &plan, &fault)
		      ? dbk_parameters_know_skus(d, e->parameters, e->n_parameters) &&
			    plan_add(d, e, valid_from, &plan)
		      : dbk_parameters_refuse(d, e->parameters, &fault);
	dbk_arena_fini(&arena);
	return is_done;
}

/* ---------------------------------------------------------------- which plan holds */

/* A stretch of time around TIME in which no plan begins or ends. */
struct stretch {
	int64_t time, from, to;
};

static void
stretch_end_at(struct stretch *stretch, int64_t edge)
{
	if (edge == DBK_TIME_ABSENT)
		return;
	if (edge <= stretch->time && edge > stretch->from)
		stretch->from = edge;
	if (edge > stretch->time && edge < stretch->to)
		stretch->to = edge;
}

static bool
holds_at(const struct dbk_row_plan *row, int64_t time)
{
	return row->valid_from <= time &&
	       (row->valid_to == DBK_TIME_ABSENT || time < row->valid_to);
}

static uint32_t
find_plan(const struct dbk_books *books, struct stretch *stretch)
{
	uint32_t found = 0;

	for (uint32_t plan = 1; plan < books->plans.count; plan++) {
		const struct dbk_row_plan *row = DBK_ROW(books, plans, plan, plan);

		stretch_end_at(stretch, row->valid_from);
		stretch_end_at(stretch, row->valid_to);
		if (holds_at(row, stretch->time) &&
		    (found == 0 ||
		     row->valid_from >= DBK_ROW(books, plans, plan, found)->valid_from))
			found = plan;
	}
	return found;
}

uint32_t
dbk_plan_at(struct dbk_books *books, int64_t time)
{
	const struct dbk_row_book *known = DBK_ROW(books, book, book, 1);
	struct stretch stretch = { time, INT64_MIN, INT64_MAX };
	struct dbk_row_book *book;

	if (books->plans.count == 1)
		return 0;
	if (time >= known->plan_from && time < known->plan_to)
		return known->plan;
	book = DBK_TOUCH(books, book, book, 1);
	book->plan = find_plan(books, &stretch);
	book->plan_from = stretch.from;
	book->plan_to = stretch.to;
	return book->plan;
}

const struct dbk_plan_scalars *
dbk_plan_scalars(const struct dbk_books *books, uint32_t plan)
{
	return plan == 0 ? &books->defaults
			 : &DBK_ROW(books, plans, plan, plan)->scalars;
}

bool
dbk_plan_tag(struct dbk_decision *d, uint32_t plan, uint32_t *out_tag)
{
	if (plan == 0)
		return dbk_intern(d, DBK_SPACE_TAG, dbk_str_of("none"), out_tag);
	*out_tag = DBK_ROW(d->books, plans, plan, plan)->name;
	return true;
}

/* --------------------------------------------------------------------------- terms */

bool
dbk_term_scope_at(uint32_t i, const struct dbk_term_scope *asked,
		  struct dbk_term_scope *out)
{
	out->sku = i < 2 ? asked->sku : 0;
	out->category = i == 2 || i == 3 ? asked->category : 0;
	out->rank = i % 2 == 0 ? asked->rank : 0;
	return (i >= 2 || out->sku != 0) && (i < 2 || i > 3 || out->category != 0) &&
	       (i % 2 != 0 || out->rank != 0);
}

static const struct dbk_row_plan_term *
find_term(const struct dbk_books *books, uint32_t plan, uint32_t kind, uint32_t level,
	  const struct dbk_term_scope *scope)
{
	struct dbk_index_walk walk = dbk_index_seek(
	    &books->names.index, term_hash(books, plan, kind, level, scope));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_plan_term *row;

		if (id >= books->plan_terms.count)
			continue;
		row = DBK_ROW(books, plan_terms, plan_term, id);
		if (row->plan == plan && row->kind == kind && row->level == level &&
		    row->sku == scope->sku && row->category == scope->category &&
		    row->rank == scope->rank)
			return row;
	}
	return NULL;
}

const struct dbk_row_plan_term *
dbk_plan_term(const struct dbk_books *books, uint32_t plan, uint32_t kind,
	      uint32_t level, uint32_t sku, uint32_t rank)
{
	struct dbk_term_scope asked = { sku, 0, rank }, scope;
	const struct dbk_row_plan_term *term;

	if (!dbk_plan_scalars(books, plan)->has_terms[kind])
		return NULL;
	if (sku != 0)
		asked.category = DBK_ROW(books, skus, sku, sku)->category;
	for (uint32_t i = 0; i < DBK_TERM_SCOPES; i++) {
		if (!dbk_term_scope_at(i, &asked, &scope))
			continue;
		term = find_term(books, plan, kind, level, &scope);
		if (term != NULL)
			return term;
	}
	return NULL;
}
