#ifndef TOOLS_LISTING_H
#define TOOLS_LISTING_H

/*
 * listing.h -- asks for page after page and prints the rows in the form asked for.
 *
 * The fields of paging (page_size, page_token, next_page_token) and the rows are found
 * in the messages by name, so a listing is a request, columns and a function for a row.
 */

#include <daybook/v1/service.pb-c.h>

#include "json_rows.h"
#include "session.h"
#include "table.h"

/* Rows of a table when nobody said how many: what a screen shows. */
#define LISTING_SCREENFUL 50

struct listing {
	const char *method;	   /* "ListBalances" */
	ProtobufCMessage *request; /* paging is filled in here */
	const ProtobufCMessageDescriptor *reply;
	const char *rows;    /* the repeated field of the reply */
	bool one_page;	     /* largest first: no further pages */
	bool one_line;	     /* JSON without line ends within */
	struct table *table; /* shared by several listings; NULL: one of its own */
	const struct table_column *columns;
	size_t column_count;
	void (*row)(struct table *table, const ProtobufCMessage *reply,
		    const ProtobufCMessage *row, const void *context);
	/* A line or two above a table for people; may be NULL. */
	void (*head)(const ProtobufCMessage *reply, const void *context);
	/* A row or two below the last one of a table for people; may be NULL. */
	void (*foot)(struct table *table, const ProtobufCMessage *reply,
		     const void *context);
	const void *context;
	/*
	 * Sums of all rows, into SUMS; NULL: none are wanted.  A table for people then
	 * goes through every page, also beyond --limit, and ends with what
	 * print_sums() prints below it.
	 */
	void (*count)(void *sums, const ProtobufCMessage *reply,
		      const ProtobufCMessage *row);
	void (*print_sums)(const void *sums, const ProtobufCMessage *reply,
			   struct table_style style);
	void *sums;
};

/* Run LISTING to --limit in --format; gives the exit code. */
int listing_run(struct session *session, const struct listing *listing,
		const struct cli_listing *options);

/* The same with a connection of its own. */
int listing_run_alone(const struct listing *listing, const struct cli_listing *options);

/* What a table on stdout looks like under OPTIONS. */
struct table_style listing_style(const struct cli_listing *options);

/* The request's as_of, in caller's memory; NULL for now. */
struct listing_as_of {
	Daybook__V1__AsOf message;
	Google__Protobuf__Timestamp time;
};

Daybook__V1__AsOf *listing_as_of(const struct cli_as_of *as_of,
				 struct listing_as_of *memory);

/* TIME as a message in MEMORY, NULL if it is not given. */
Google__Protobuf__Timestamp *listing_time(const struct cli_time *time,
					  Google__Protobuf__Timestamp *memory);

#endif
