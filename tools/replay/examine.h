#ifndef TOOLS_REPLAY_EXAMINE_H
#define TOOLS_REPLAY_EXAMINE_H

/*
 * examine.h -- an export proved, and then decided again: what a regulator does before
 * believing any figure.
 *
 * First every byte is checked against the checkpoint (tools/verify), then every record
 * goes through books made here.  Both are timed apart.
 *
 * Whatever goes wrong is said on stderr, once; callers pass the exit code on.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "replay/replay.h"
#include "tlog/tree.h"

struct examine_options {
	const char *path;
	/* Whom the user believes; all NULL: whoever signed, who is then not vouched
	 * for. */
	const char *key, *policy;
	bool quiet;
	/* Told of the books before the first record; NULL: nobody.  Gives an exit code.
	 */
	int (*begin)(void *context, const struct dbk_books *books);
	const struct dbk_replay_watcher *watcher; /* NULL: nobody */
	void *context;
};

struct examined {
	char origin[256];
	uint64_t size;
	struct dbk_tree_hash root;
	struct dbk_buf checkpoint; /* as it stands in the export */
	bool is_vouched;	   /* by a key or a policy that the user named */
	uint64_t seals;		   /* of batches, verified */
	double proof_seconds, replay_seconds;
	struct dbk_record_replay *replay;
	struct dbk_replay_sum sum;
	struct dbk_error
	    difference; /* code DAMAGED: the first record that comes out other */
};

/* EXIT_OK: all is as signed and as written.  EXIT_DAMAGED: it is not; DIFFERENCE tells
 * if it is the books that differ.  OUT is to be freed whatever comes back. */
int examine(const struct examine_options *options, struct examined *out);
void examined_free(struct examined *examined);

/* The digest of the books as they stand, in hex. */
#define EXAMINED_HEX_BYTES 65
void examined_digest(const struct examined *examined, char out[EXAMINED_HEX_BYTES]);

#endif
