#ifndef DBK_LOG_LOG_READER_H
#define DBK_LOG_LOG_READER_H

/*
 * log_reader.h -- reading the log: one record by its position, or groups in order.
 *
 * A reader keeps a snapshot of the store while it works and takes a new one by itself
 * after a number of groups or finds, so that no page is pinned for long and new groups
 * come into sight.  Whoever stops asking for a while lets it rest.
 *
 * Everything that comes out is borrowed until the next call on the reader.
 *
 * Thread: any number of readers beside the writer; each belongs to one thread at a
 * time.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/str.h"
#include "log/log.h"
#include "log/log_slice.h"

struct dbk_log_reader;

/* LIMIT when all slots for readers are taken; MEMORY, IO, STATE. */
DBK_MUST_CHECK enum dbk_err dbk_log_reader_open(struct dbk_log *log,
						struct dbk_log_reader **out_reader,
						struct dbk_error *error);

/* NULL is nothing. */
void dbk_log_reader_close(struct dbk_log_reader *reader);

/* Let go of the snapshot; the next call takes a new one. */
void dbk_log_reader_rest(struct dbk_log_reader *reader);

/*
 * The bytes of the record at POSITION; NOT_FOUND (without a text) behind the end.  The
 * checksum of the group is not computed for one record: a record has its own proof in
 * the tree, and dbk_log_reader_next() and dbk_log_check() do it.  DAMAGED.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_reader_find(struct dbk_log_reader *reader,
						uint64_t position,
						struct dbk_str *out_record,
						struct dbk_error *error);

/*
 * Let next give the group that holds POSITION, then those behind it.  At the end of the
 * log it waits for the group that will hold POSITION.  A new reader stands at the first
 * group.
 */
void dbk_log_reader_seek(struct dbk_log_reader *reader, uint64_t position);

/*
 * Let next give group NUMBER, then those behind it; it begins at FIRST_POSITION.  This
 * is how a state that was saved after a group goes on: groups without records are not
 * missed, and a log that is not the one saved from is DAMAGED.
 */
void dbk_log_reader_seek_group(struct dbk_log_reader *reader, uint64_t first_position,
			       uint64_t number);

/*
 * Does group NUMBER begin at FIRST_POSITION, or is that where the next group will?
 * Tells another log, or one with a shorter past, from a damaged one; seek_group() does
 * not.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_reader_is_place(struct dbk_log_reader *reader,
						    uint64_t first_position,
						    uint64_t number, bool *out_is,
						    struct dbk_error *error);

/*
 * The number and the first position of the group that begins the commit which holds
 * POSITION, or of the next group if POSITION is the end.  NOT_FOUND (without a text)
 * behind it; DAMAGED.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_reader_commit_of(struct dbk_log_reader *reader,
						     uint64_t position,
						     uint64_t *out_first_position,
						     uint64_t *out_number,
						     struct dbk_error *error);

/*
 * The next group, checked, and checked to follow the one before.  NOT_FOUND (without a
 * text) at the end of the log: ask again when it has grown.  DAMAGED names the group.
 */
DBK_MUST_CHECK enum dbk_err dbk_log_reader_next(struct dbk_log_reader *reader,
						struct dbk_log_slice *out_slice,
						struct dbk_error *error);

#endif
