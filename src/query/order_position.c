#include "query/order_position.h"

#include "query/sweep.h"

static enum dbk_err
find_position(struct dbk_reader *reader, uint32_t order, uint64_t *out)
{
	uint32_t chunk = order == 0 ? 0 : dbk_heads_order_chunk(reader->heads, order);
	struct dbk_sweep sweep;
	enum dbk_err err;
	bool found = true;

	*out = DBK_POSITION_NONE;
	if (chunk == 0)
		return DBK_OK;
	err = dbk_sweep_begin(&sweep, reader, chunk);
	while (err == DBK_OK && found) {
		err = dbk_sweep_event(&sweep, &found);
		if (err == DBK_OK && found && sweep.event.order == order) {
			*out = sweep.event.position;
			break;
		}
	}
	return err;
}

enum dbk_err
dbk_order_positions_get(struct dbk_view *view, const uint32_t *orders, uint32_t n,
			uint64_t *positions, struct dbk_error *error)
{
	struct dbk_reader reader;
	enum dbk_err err = DBK_OK;

	dbk_reader_begin(&reader, view, error);
	for (uint32_t i = 0; err == DBK_OK && i < n; i++)
		err = find_position(&reader, orders[i], &positions[i]);
	dbk_reader_end(&reader);
	return err;
}
