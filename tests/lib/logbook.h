#ifndef DAYBOOK_TESTS_LOGBOOK_H
#define DAYBOOK_TESTS_LOGBOOK_H

/*
 * logbook.h -- logs whose content follows from the position, so that any reader can
 * tell whether it got the right bytes without keeping a copy.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "log/log.h"
#include "log/log_reader.h"

/*
 * The log in DIR, without syncing unless OPTIONS say so, and a reader of LOG; they end
 * the program, saying why, where these cannot be opened.
 */
struct dbk_log *logbook_open(const char *dir);
struct dbk_log *logbook_open_with(const char *dir, struct dbk_log_options options);
struct dbk_log_reader *logbook_reader(struct dbk_log *log);

/* The number of the next group; UINT64_MAX where READER gives none. */
uint64_t logbook_next_number(struct dbk_log_reader *reader);

/* Empty GROUP and fill it with N_RECORDS records from POSITION on, and a batch. */
void logbook_fill(struct dbk_log_group *group, uint64_t position, uint32_t n_records);

/* Append N_RECORDS records with their batch; the log's answer. */
enum dbk_err logbook_append(struct dbk_log *log, uint32_t n_records,
			    struct dbk_error *error);

/* The same, where a refusal is a failure of the test. */
void logbook_must_append(struct dbk_log *log, uint32_t n_records);

/* True if RECORD is what logbook_fill() makes for POSITION. */
bool logbook_is_record(struct dbk_str record, uint64_t position);

/*
 * Read LOG from its beginning, by group and some by position: true if it holds exactly
 * what its size says, every record and every batch in place.  Says what is wrong on
 * standard error.
 */
bool logbook_is_whole(struct dbk_log *log);

#endif
