/*
 * digest_goods.c -- the parts of the canonical form on goods, guards and findings.
 */

#include "books/form.h"

void
dbk_form_goods(struct dbk_form *w)
{
	(void)w;
}
