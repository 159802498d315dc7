#ifndef DBK_PROOF_SEAT_MEMORY_H
#define DBK_PROOF_SEAT_MEMORY_H

/*
 * seat_memory.h -- what the seat remembers, as it lies in a slot of its file.
 *
 * Thread: any.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/sign.h"
#include "base/str.h"
#include "proof/place.h"
#include "proof/slots.h"
#include "tlog/tree.h"

#define DBK_SEAT_FILE "seat"

struct dbk_seat_memory {
	uint64_t size; /* signed last; 0: nothing */
	struct dbk_tree_hash root;
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_seat_place place; /* zeros until the seat was taken */
};

/* OUT is reset and gets the text of a slot, which is borrowed from it. */
struct dbk_str dbk_seat_memory_put(const struct dbk_seat_memory *memory,
				   struct dbk_buf *out);

/* False if SLOTS hold something else. */
bool dbk_seat_memory_get(const struct dbk_slots *slots, struct dbk_seat_memory *out);

/* The seat in the folder KEYS as it lies there, without its key: for those who check.
 * NOT_FOUND; DAMAGED (slots.h); IO. */
DBK_MUST_CHECK enum dbk_err dbk_seat_look(const char *keys, struct dbk_seat_memory *out,
					  struct dbk_error *error);

#endif
