/*
 * guards.c -- which guards were published, which set is in force, and its most specific
 * terms; what becomes of an event that a guard has found something in.
 */

#include "books/goods_core.h"

bool
dbk_decide_guard_set_published(struct dbk_decision *d)
{
	(void)d;
	return true;
}

uint32_t
dbk_guard_set_now(struct dbk_books *books)
{
	(void)books;
	return 0;
}

const struct dbk_guard_scalars *
dbk_guard_scalars(struct dbk_books *books)
{
	return &books->no_guards;
}

unsigned
dbk_guard_mode(struct dbk_books *books, enum dbk_guard guard)
{
	return dbk_guard_scalars(books)->modes[guard];
}

int64_t
dbk_guard_number(struct dbk_books *books, enum dbk_guard_number number)
{
	return dbk_guard_scalars(books)->numbers[number];
}

int64_t
dbk_guard_term(struct dbk_books *books, enum dbk_guard_number number, uint32_t sku,
	       uint32_t rank)
{
	(void)sku;
	(void)rank;
	return dbk_guard_number(books, number);
}

bool
dbk_guard_fail(struct dbk_decision *d, unsigned mode,
	       const struct dbk_violation *violation)
{
	(void)d;
	(void)mode;
	(void)violation;
	return true;
}
