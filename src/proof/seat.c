#include "proof/seat.h"

enum dbk_err
dbk_seat_open(const struct dbk_seat_options *options, struct dbk_seat **out,
	      struct dbk_error *error)
{
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "%s: no key is kept",
			     options->data);
}

void
dbk_seat_close(struct dbk_seat *seat)
{
	(void)seat;
}

const struct dbk_note_key *
dbk_seat_key(const struct dbk_seat *seat)
{
	(void)seat;
	return NULL;
}

uint64_t
dbk_seat_size(const struct dbk_seat *seat)
{
	(void)seat;
	return 0;
}

enum dbk_err
dbk_seat_take(struct dbk_seat *seat, uint64_t log_size,
	      const struct dbk_tree_hash *root_at_seat, enum dbk_seat_state *out,
	      struct dbk_error *error)
{
	(void)seat;
	(void)log_size;
	(void)root_at_seat;
	(void)out;
	return dbk_error_set(error, DBK_FAILED_STATE, "no key is kept");
}

enum dbk_err
dbk_seat_sign(struct dbk_seat *seat, uint64_t size, const struct dbk_tree_hash *root,
	      struct dbk_buf *note, struct dbk_error *error)
{
	(void)seat;
	(void)size;
	(void)root;
	(void)note;
	return dbk_error_set(error, DBK_FAILED_STATE, "no key is kept");
}
