#ifndef DBK_PROOF_PLACE_H
#define DBK_PROOF_PLACE_H

/*
 * place.h -- where a seat was made, by what a copy does not take along; TRUST.md
 * section 2.
 *
 * Thread: any.
 */

#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"

struct dbk_seat_place {
	uint64_t device; /* of the seat */
	uint64_t seat, keys,
	    data; /* inodes: the file, its folder, the data directory */
	uint64_t data_device;
	unsigned char
	    machine[32]; /* hash of the machine-id; zeros if it cannot be read */
};

/* The place of the open file SEAT in the folder KEYS, for the data directory DATA. */
DBK_MUST_CHECK enum dbk_err dbk_place_look(int seat, const char *keys, const char *data,
					   struct dbk_seat_place *out,
					   struct dbk_error *error);

/* What differs first, in words such as "the machine"; NULL: nothing. */
const char *dbk_place_differs(const struct dbk_seat_place *a,
			      const struct dbk_seat_place *b);

#define DBK_PLACE_BYTES 72
void dbk_place_put(const struct dbk_seat_place *place, struct dbk_buf *out);
void dbk_place_get(struct dbk_cursor *at, struct dbk_seat_place *out);

#endif
