#ifndef DBK_PROOF_SLOTS_H
#define DBK_PROOF_SLOTS_H

/*
 * slots.h -- a small file with two places for one text, written in turn: whatever
 * moment a process or a machine ends at, the newest text that was synchronized is
 * there.
 *
 * A slot has 4,096 bytes: "dbkslot1", sequence (8, little-endian), size (4), the text,
 * the BLAKE2b-256 of all that, zeros.  The whole one with the higher sequence counts.
 * The slot that does not count is overwritten in place and fdatasync'ed; the blocks are
 * there already, so nothing of the file system is written with it.
 *
 * Thread: one.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"

#define DBK_SLOT_BYTES 4096
#define DBK_SLOT_TEXT_BYTES_MAX 1024

struct dbk_slots {
	int fd;
	unsigned current; /* the slot that counts */
	unsigned whole;	  /* slots that were whole when the file was opened, 1 or 2 */
	uint64_t sequence;
	unsigned char text[DBK_SLOT_TEXT_BYTES_MAX];
	uint32_t size;
};

/* Make the file PATH, 0600, or put another in its place, durably: TEXT in both slots,
 * sequence 0. */
DBK_MUST_CHECK enum dbk_err dbk_slots_make(const char *path, struct dbk_str text,
					   struct dbk_error *error);

/* NOT_FOUND; DAMAGED if no slot is whole, or (READ_ONLY, for those who check) if there
 * is a byte too many or one behind a text; LOCKED if somebody else has it open to write;
 * IO. */
DBK_MUST_CHECK enum dbk_err dbk_slots_open(const char *path, bool read_only,
					   struct dbk_slots *out,
					   struct dbk_error *error);
void dbk_slots_close(struct dbk_slots *slots);

/* TEXT counts when this returns DBK_OK.  IO, DISK_FULL: what counted before does, as
 * long as this file is not opened again, and whoever opens it finds one of the two. */
DBK_MUST_CHECK enum dbk_err
dbk_slots_write(struct dbk_slots *slots, struct dbk_str text, struct dbk_error *error);

#endif
