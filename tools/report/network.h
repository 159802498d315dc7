#ifndef TOOLS_REPORT_NETWORK_H
#define TOOLS_REPORT_NETWORK_H

/*
 * network.h -- the rows of ListNetwork, which two reports show.
 */

#include <daybook/v1/service.pb-c.h>

#include "table.h"

#define NETWORK_COLUMNS 11
extern const struct table_column network_columns[NETWORK_COLUMNS];

/* The function for a row of a listing; its context is not looked at. */
void network_row(struct table *table, const ProtobufCMessage *reply,
		 const ProtobufCMessage *row, const void *context);

#endif
