/*
 * audit_goods.c -- the invariants of what is counted of goods, guards and findings.
 */

#include "books/goods_core.h"

void
dbk_audit_goods(const struct dbk_books *books)
{
	(void)books;
}
