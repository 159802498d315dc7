#ifndef TOOLS_ANSWERS_H
#define TOOLS_ANSWERS_H

/*
 * answers.h -- what the book said to events beyond yes and no: gates and findings.
 *
 * The answers come between a run's postings and its summary, and so they are kept until
 * then: for people the first ANSWERS_MAX, as JSON all of them, in a file without a
 * name.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <daybook/v1/service.pb-c.h>

#include "cli.h"
#include "table.h"

/* Restocks, and besides them records with findings, that a table tells of. */
#define ANSWERS_MAX 50

struct answers {
	struct {
		uint64_t line;
		Daybook__V1__EventResult *result;
	} restocks[ANSWERS_MAX], found[ANSWERS_MAX];
	uint64_t restock_count, found_count; /* also those that are not kept */
	FILE *spool;			     /* JSON */
	bool spooled;			     /* something stands in it */
};

/* False, with words, if JSON is asked for and there is no room for such a file. */
bool answers_begin(struct answers *answers, enum cli_format format);

/* The answer to the event of LINE. */
void answers_put(struct answers *answers, uint64_t line,
		 const Daybook__V1__EventResult *result);

/* True if a table has something to tell, for which it needs the book's exponent. */
bool answers_any(const struct answers *answers);

/* As tables, with an empty line behind each. */
void answers_print(const struct answers *answers, struct table_style style,
		   unsigned exponent);

/* As the member "answers" of an object, and a comma: results with their lines. */
void answers_print_json(struct answers *answers);

void answers_free(struct answers *answers);

#endif
