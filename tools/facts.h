#ifndef TOOLS_FACTS_H
#define TOOLS_FACTS_H

/*
 * facts.h -- one thing with its properties: a line each for people, one row of CSV.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <google/protobuf/timestamp.pb-c.h>

#include "base/buf.h"
#include "table.h"

/* The status of a book has most. */
#define FACTS_MAX 32

struct facts {
	const char *names[FACTS_MAX];
	size_t starts[FACTS_MAX]; /* of the values, each with a terminator */
	size_t count;
	struct dbk_buf text;
};

void facts_init(struct facts *facts);

/* NAME is static. */
void facts_text(struct facts *facts, const char *name, const char *value);
void facts_u64(struct facts *facts, const char *name, uint64_t value);
void facts_money(struct facts *facts, const char *name, int64_t amount,
		 unsigned exponent);
void facts_time(struct facts *facts, const char *name,
		const Google__Protobuf__Timestamp *time);
void facts_flag(struct facts *facts, const char *name, bool flag);

/* Print them to stdout and free. */
void facts_print(struct facts *facts, struct table_style style);

#endif
