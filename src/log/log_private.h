#ifndef DBK_LOG_LOG_PRIVATE_H
#define DBK_LOG_LOG_PRIVATE_H

/* log_private.h -- what log.c and log_reader.c know of each other. */

#include <stdatomic.h>
#include <stdint.h>

#include "log/log_slice.h"
#include "store/scan.h"
#include "store/store.h"

struct dbk_log {
	struct dbk_store *store;
	struct dbk_table table;
	_Atomic uint64_t size;
	_Atomic uint64_t groups;
	int64_t recorded_at_us; /* of the newest group; writer only */
};

/* The newest group of what SCAN sees, decoded but not checked; NOT_FOUND if none. */
DBK_MUST_CHECK enum dbk_err dbk_log_newest(struct dbk_scan *scan,
					   struct dbk_log_slice *out_slice,
					   struct dbk_error *error);

#endif
