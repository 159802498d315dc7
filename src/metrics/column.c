#include "metrics/column.h"

#include <sys/mman.h>

#define HUGE_PAGE_BYTES ((size_t)2 * 1024 * 1024)

void
dbk_column_init(struct dbk_column *column, uint32_t row_bytes, uint32_t max)
{
	column->rows = NULL;
	column->count = 0;
	column->max = max;
	column->row_bytes = row_bytes;
}

static size_t
reserved_bytes(const struct dbk_column *column)
{
	return (size_t)column->max * column->row_bytes;
}

void
dbk_column_fini(struct dbk_column *column)
{
	if (column->rows != NULL)
		(void)munmap(column->rows, reserved_bytes(column));
	column->rows = NULL;
	column->count = 0;
}

enum dbk_err
dbk_column_reach(struct dbk_column *column, uint32_t number)
{
	void *at;

	if (number < column->count)
		return DBK_OK;
	if (number >= column->max)
		return DBK_FAILED_MEMORY;
	if (column->rows == NULL) {
		at = mmap(NULL, reserved_bytes(column), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (at == MAP_FAILED)
			return DBK_FAILED_MEMORY;
		column->rows = at;
		/* Rows are read at random: large pages spare most misses of
		 * translation.  The first ones stay small, for small studies. */
		if (reserved_bytes(column) > HUGE_PAGE_BYTES)
			(void)madvise(column->rows + HUGE_PAGE_BYTES,
				      reserved_bytes(column) - HUGE_PAGE_BYTES,
				      MADV_HUGEPAGE);
	}
	column->count = number + 1;
	return DBK_OK;
}
