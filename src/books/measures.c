/*
 * measures.c -- stock measures of an agent and a sku.
 */

#include "books/goods_core.h"

void
dbk_measure(const struct dbk_books *books, uint32_t holder, uint32_t sku, uint32_t days,
	    struct dbk_measures *out)
{
	(void)books, (void)holder, (void)sku, (void)days;
	memset(out, 0, sizeof *out);
}

int64_t
dbk_measure_aged(const struct dbk_books *books, uint32_t holder, uint32_t sku,
		 uint32_t days)
{
	(void)books, (void)holder, (void)sku, (void)days;
	return 0;
}
