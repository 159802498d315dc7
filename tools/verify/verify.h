#ifndef TOOLS_VERIFY_VERIFY_H
#define TOOLS_VERIFY_VERIFY_H

/*
 * verify.h -- what the checks of `daybook verify` share: whom is believed, and what was
 * found; src/proof/TRUST.md section 10.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli.h"
#include "progress.h"
#include "proof/scrutiny.h"
#include "tlog/checkpoint.h"
#include "tlog/policy.h"
#include "verify/findings.h"

struct verify {
	const char *path;
	int fd;				 /* of PATH, if it is a folder */
	const struct dbk_note_key *key;	 /* NULL: the logs of the policy */
	const struct dbk_policy *policy; /* may be NULL */
	const char *keys;		 /* the folder of keys; NULL: not checked */
	enum cli_format format;
	struct findings findings;
	struct progress progress;
	bool unread; /* something could not be read, as stderr has said */

	const char *kind;
	char origin[DBK_NOTE_NAME_BYTES_MAX + 1];
	uint64_t size; /* of the checkpoint */
	struct dbk_tree_hash root;
	unsigned unchecked;	    /* signatures of keys that nobody has named */
	const char *keys_unchecked; /* why boxes could not be opened; NULL: they were */
	const struct marks *marks;  /* of a data directory: data.h */
	struct dbk_scrutiny_sum sum;
};

/* Checks of one kind each.  What cannot be read is said and remembered. */
void verify_export(struct verify *verify);
void verify_data(struct verify *verify);
void verify_receipts(struct verify *verify, struct dbk_str text);

enum verify_read {
	VERIFY_READ,
	VERIFY_MISSING,
	VERIFY_FAILED /* said on stderr, and remembered */
};

/* The bytes of FILE within PATH.  One that is longer than MAX is cut there: *OUT has
 * MAX + 1 bytes. */
enum verify_read verify_read(struct verify *verify, const char *file, size_t max,
			     struct dbk_buf *out);

/* FILE within PATH, or a part of it, could not be read. */
void verify_failed(struct verify *verify, const char *file, const char *why);

/*
 * The checkpoint NOTE that FILE is: its form, its signature, its cosignatures.  False:
 * it is none; what else was wrong is found, too, and OUT is what it claims.  OUT
 * borrows from NOTE.
 */
bool verify_note(struct verify *verify, const char *file, struct dbk_str note,
		 struct dbk_checkpoint *out);

/* The same, remembered as what PATH is proved by. */
bool verify_checkpoint(struct verify *verify, const char *file, struct dbk_str note,
		       struct dbk_checkpoint *out);

void verify_show(struct verify *verify, uint64_t done, uint64_t total);

#endif
