#include "ledger/packed.h"

#include <string.h>

#include <lz4.h>

#include "base/assert.h"
#include "base/crc32c.h"

#define SIZE_BYTES 4u
#define SUM_BYTES 4u

/* More than any page has; a size on disk beyond it is damage. */
#define ROWS_BYTES_MAX ((size_t)1 << 20)

static void
put_u32(unsigned char *at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (unsigned char)(value >> (8 * i));
}

size_t
dbk_packed_bound(size_t size)
{
	return SIZE_BYTES + size + SUM_BYTES;
}

size_t
dbk_packed_make(const void *rows, size_t size, unsigned char *out)
{
	int packed = 0;
	size_t all;

	dbk_assert(size <= ROWS_BYTES_MAX);
	put_u32(out, (uint32_t)size);
	/* Room for one byte less than the rows have: what does not fit is not packed. */
	if (size > 1)
		packed = LZ4_compress_default(rows, (char *)out + SIZE_BYTES, (int)size,
					      (int)size - 1);
	if (packed <= 0)
		memcpy(out + SIZE_BYTES, rows, size);
	all = SIZE_BYTES + (packed > 0 ? (size_t)packed : size);
	put_u32(out + all, dbk_crc32c_sum(out, all));
	return all + SUM_BYTES;
}

/* The checksum at the end of VALUE is that of the rest; cuts it off. */
static bool
take_sum(struct dbk_str *value)
{
	struct dbk_cursor at;

	if (value->size < SIZE_BYTES + SUM_BYTES)
		return false;
	value->size -= SUM_BYTES;
	at = dbk_cursor_make(value->bytes + value->size, SUM_BYTES);
	return dbk_crc32c_sum(value->bytes, value->size) == dbk_cursor_u32(&at);
}

bool
dbk_packed_open(struct dbk_str value, struct dbk_buf *scratch, struct dbk_str *out_rows)
{
	struct dbk_cursor at;
	uint32_t size;

	if (!take_sum(&value))
		return false;
	at = dbk_cursor_make(value.bytes, SIZE_BYTES);
	size = dbk_cursor_u32(&at);
	value.bytes += SIZE_BYTES;
	value.size -= SIZE_BYTES;
	if (value.size == size) {
		*out_rows = value;
		return true;
	}
	dbk_buf_reset(scratch);
	if (size > ROWS_BYTES_MAX || !dbk_buf_reserve(scratch, size))
		return false;
	*out_rows = dbk_str_make(scratch->bytes, size);
	return LZ4_decompress_safe(value.bytes, (char *)scratch->bytes, (int)value.size,
				   (int)size) == (int)size;
}
