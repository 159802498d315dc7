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

/* Empty GROUP and fill it with N_RECORDS records from POSITION on, and a batch. */
void logbook_fill(struct dbk_log_group *group, uint64_t position, uint32_t n_records);

/* Append N_RECORDS records with their batch; the log's answer. */
enum dbk_err logbook_append(struct dbk_log *log, uint32_t n_records,
			    struct dbk_error *error);

/* True if RECORD is what logbook_fill() makes for POSITION. */
bool logbook_is_record(struct dbk_str record, uint64_t position);

/*
 * Read LOG from its beginning, by group and some by position: true if it holds exactly
 * what its size says, every record and every batch in place.  Says what is wrong on
 * standard error.
 */
bool logbook_is_whole(struct dbk_log *log);

#endif
