#ifndef TOOLS_EXPORT_CHART_H
#define TOOLS_EXPORT_CHART_H

/*
 * chart.h -- what an export knows of the book: its money, its codes, and what each code
 * has to come to.
 *
 * The sums of what was exported are compared with the trial balance of the daemon, code
 * by code: an export that does not agree is an error, never a file.
 *
 * Thread: belongs to one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include <daybook/v1/service.pb-c.h>

#include "session.h"

/* Codes of the chart of accounts; it has 31. */
#define CHART_CODES_MAX 128
#define CHART_NAME_BYTES 48
#define CHART_BOOK_BYTES 80

struct chart_code {
	uint32_t number;
	char name[CHART_NAME_BYTES]; /* "psp.clearing" */
	char kind[CHART_NAME_BYTES]; /* "asset" */
	int64_t opening;	     /* before FROM, debit positive */
	int64_t closing;	     /* at TO */
	int64_t debits, credits;     /* at TO */
	int64_t counted;	     /* opening and what was counted since */
};

struct chart {
	char book[CHART_BOOK_BYTES];
	char currency[8];
	unsigned exponent;
	int64_t offset_us; /* of the book's days from UTC */
	Google__Protobuf__Timestamp opened_at;
	uint64_t from, to; /* the records from <= position < to */
	struct chart_code codes[CHART_CODES_MAX];
	size_t count;
};

/* --to was not given. */
#define CHART_TO_END UINT64_MAX

/* Ask the daemon; gives the exit code, EXIT_USAGE if FROM and TO are no part of the
 * log. */
int chart_read(struct session *session, uint64_t from, uint64_t to, struct chart *out);

/* The code with this number; NULL, and words on stderr, if the daemon named none. */
struct chart_code *chart_find(struct chart *chart, uint32_t number);

/* Compare what was counted with the closing balances; gives the exit code. */
int chart_check(const struct chart *chart);

#endif
