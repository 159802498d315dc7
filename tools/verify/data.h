#ifndef TOOLS_VERIFY_DATA_H
#define TOOLS_VERIFY_DATA_H

/*
 * data.h -- the parts of a data directory that are checked in processes of their own.
 *
 * Thread: belongs to one thread.
 */

#include "verify/verify.h"

/* A size and a root that somebody has signed: the log must come to it. */
struct mark {
	const char *file;
	uint64_t size;
	struct dbk_tree_hash root;
};

#define MARKS_MAX 3

struct marks {
	struct mark all[MARKS_MAX];
	unsigned count;
};

/* Records, gaps and tree of DIR/log. */
void data_check_log(struct verify *verify, const struct marks *marks);

/* Saved books, the view, keys, tokens. */
void data_check_rest(struct verify *verify);

/* DIR has the folder KEYS somewhere: its path, "" if it is not there. */
void data_keys(const struct verify *verify, char out[4096]);

/* ERR of reading FILE: damage is found, what the machine failed with is said. */
void data_failed(struct verify *verify, const char *file, enum dbk_err err,
		 const struct dbk_error *error);

#endif
