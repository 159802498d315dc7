/*
 * requests.c -- restocks that were allowed: what of them is on its way, and who may
 * claim them.
 */

#include "books/goods_core.h"

int64_t
dbk_request_incoming(struct dbk_books *books, uint32_t holder, uint32_t sku)
{
	(void)books;
	(void)holder;
	(void)sku;
	return 0;
}

bool
dbk_request_find(struct dbk_decision *d, struct dbk_field field, struct dbk_str name,
		 uint32_t *out_request)
{
	(void)d;
	(void)field;
	(void)name;
	*out_request = 0;
	return true;
}

bool
dbk_request_claim(struct dbk_decision *d, uint32_t request, uint32_t sku,
		  struct dbk_field field, int64_t qty)
{
	(void)d;
	(void)request;
	(void)sku;
	(void)field;
	(void)qty;
	return true;
}

void
dbk_request_arrive(struct dbk_decision *d, uint32_t request, int64_t qty)
{
	(void)d;
	(void)request;
	(void)qty;
}

bool
dbk_request_order(struct dbk_decision *d, uint32_t order, const struct dbk_sale *sale)
{
	(void)d;
	(void)order;
	(void)sale;
	return true;
}

bool
dbk_request_is_named(const struct dbk_books *books, struct dbk_str name)
{
	return dbk_names_find(&books->names, DBK_SPACE_REQUEST, name) != 0 &&
	       dbk_names_find(&books->names, DBK_SPACE_ORDER, name) == 0;
}

bool
dbk_request_issue(struct dbk_decision *d, uint32_t holder)
{
	(void)d;
	(void)holder;
	return true;
}
