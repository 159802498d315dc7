#ifndef TOOLS_VERIFY_TREE_FILES_H
#define TOOLS_VERIFY_TREE_FILES_H

/*
 * tree_files.h -- DIR/tree/0, 1, ... compared with the tree that is computed;
 * src/proof/TRUST.md section 3.
 *
 * Up to the size that is signed they must be there; what lies behind is made again at
 * the next start, and compared as far as it goes.
 *
 * Thread: belongs to one thread.
 */

#include "verify/verify.h"

struct tree_file {
	FILE *file;	 /* NULL: there is none, or its end was reached */
	uint64_t hashes; /* read so far */
};

struct tree_files {
	struct verify *verify;
	uint64_t signed_size;
	struct tree_file levels[DBK_TREE_LEVELS_MAX];
};

void tree_files_open(struct tree_files *files, struct verify *verify,
		     uint64_t signed_size);

/* A dbk_tree_added_fn whose context is FILES. */
void tree_files_compare(void *files, unsigned level, uint64_t index,
			const struct dbk_tree_hash *hash);

/* The log has SIZE records. */
void tree_files_close(struct tree_files *files, uint64_t size);

#endif
