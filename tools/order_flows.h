#ifndef TOOLS_ORDER_FLOWS_H
#define TOOLS_ORDER_FLOWS_H

/*
 * order_flows.h -- the three flows of an order side by side: information, money, goods.
 */

#include <daybook/v1/service.pb-c.h>

#include "table.h"

/* Print to stdout; CLOCK is the book's, from which ages count, or NULL. */
void order_flows_print(const Daybook__V1__Order *order,
		       const Google__Protobuf__Timestamp *clock,
		       struct table_style style);

#endif
