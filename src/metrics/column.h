#ifndef DBK_METRICS_COLUMN_H
#define DBK_METRICS_COLUMN_H

/*
 * column.h -- rows of one fixed size, by number, that never move: the address range of
 * all that there may be is reserved when the first is asked for, and the kernel backs
 * what is used.  Rows are zero until they are written.
 *
 * Thread: one.
 */

#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/assert.h"

struct dbk_column {
	unsigned char *rows;
	uint32_t count; /* rows asked for so far: numbers below this are there */
	uint32_t max;
	uint32_t row_bytes;
};

/* Empty.  Nothing is reserved yet. */
void dbk_column_init(struct dbk_column *column, uint32_t row_bytes, uint32_t max);
void dbk_column_fini(struct dbk_column *column);

/* Let rows up to NUMBER be there.  DBK_FAILED_MEMORY: also if it is not below max. */
DBK_MUST_CHECK enum dbk_err dbk_column_reach(struct dbk_column *column,
					     uint32_t number);

/* Ask memory for a row that will be changed soon.  Any NUMBER is fine.  (The empty
 * assembly: GCC finds a function that only prefetches to have no effect, and leaves it
 * out.) */
static inline void
dbk_column_foresee(const struct dbk_column *column, uint32_t number)
{
	const unsigned char *row = column->rows + (size_t)number * column->row_bytes;

	if (number >= column->count)
		return;
	__builtin_prefetch(row, 1);
	__builtin_prefetch(row + column->row_bytes - 1, 1);
	__asm__ volatile("");
}

static inline void *
dbk_column_row(const struct dbk_column *column, uint32_t number)
{
	dbk_assert(number < column->count);
	return column->rows + (size_t)number * column->row_bytes;
}

#endif
