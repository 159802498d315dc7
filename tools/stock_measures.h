#ifndef TOOLS_STOCK_MEASURES_H
#define TOOLS_STOCK_MEASURES_H

/*
 * stock_measures.h -- the goods of agents by sku: how fast they sell, how old they are.
 */

#include <daybook/v1/service.pb-c.h>

#include "listing.h"

/* List what REQUEST asks for, whose paging is filled in here; gives the exit code. */
int stock_measures_list(struct session *session, Daybook__V1__ListGoodsRequest *request,
			const struct cli_listing *options);

#endif
