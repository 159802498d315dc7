#ifndef DBK_ACCESS_SUBJECT_SLOTS_H
#define DBK_ACCESS_SUBJECT_SLOTS_H

/*
 * subject_slots.h -- a file of small boxes, each in a place of its own that is
 * overwritten where it lies.
 *
 * Keys that are to be destroyed must not go through LMDB: it never writes over a page
 * in use, so what was replaced stands in its file for nobody knows how long.  Here a
 * slot is a part of one sector, and zeros take the place of what was in it.  (What a
 * file system that copies on writing, or the controller of a disk, keeps of it is
 * beyond us; the boxes are under the master key.)
 *
 * Thread: any reads; one writes at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/error.h>

#define DBK_SUBJECT_SLOT_BYTES 128

struct dbk_subject_slots;

/* The file PATH, made if it is missing.  IO; NOT_FOUND (read only). */
DBK_MUST_CHECK enum dbk_err dbk_subject_slots_open(const char *path, bool read_only,
						   struct dbk_subject_slots **out,
						   struct dbk_error *error);
void dbk_subject_slots_close(struct dbk_subject_slots *slots);

/* Slots that the file has room for. */
uint64_t dbk_subject_slots_count(const struct dbk_subject_slots *slots);

/* Put SIZE bytes, at most DBK_SUBJECT_SLOT_BYTES, into the first slot that was never
 * used and is not below FROM; on disk when this returns. */
DBK_MUST_CHECK enum dbk_err dbk_subject_slots_add(struct dbk_subject_slots *slots,
						  uint64_t from, const void *bytes,
						  size_t size, uint64_t *out_slot,
						  struct dbk_error *error);

/* What lies in SLOT, with zeros behind it; all zeros behind the end. */
DBK_MUST_CHECK enum dbk_err
dbk_subject_slots_read(const struct dbk_subject_slots *slots, uint64_t slot,
		       unsigned char out[DBK_SUBJECT_SLOT_BYTES],
		       struct dbk_error *error);

/* SLOT holds zeros, on disk, when this returns; nothing is written if it does. */
DBK_MUST_CHECK enum dbk_err dbk_subject_slots_wipe(struct dbk_subject_slots *slots,
						   uint64_t slot,
						   struct dbk_error *error);

bool dbk_subject_slot_is_empty(const unsigned char bytes[DBK_SUBJECT_SLOT_BYTES]);

#endif
