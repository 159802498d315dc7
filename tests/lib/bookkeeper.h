#ifndef DAYBOOK_TESTS_BOOKKEEPER_H
#define DAYBOOK_TESTS_BOOKKEEPER_H

/*
 * bookkeeper.h -- a ledger in a directory, and what a test does with one: send batches,
 * look at the answers, save, start again, compare with a replay.
 *
 * Time is the test's own: every group is recorded at NOW_US, a second after the last.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/ledger.h"

#include "tmpdir.h"

struct bookkeeper {
	char dir[TMPDIR_BYTES];
	struct dbk_ledger_options options;
	struct dbk_ledger *ledger;
	struct dbk_ledger_start start; /* of the last opening */
	struct dbk_error error;	       /* of the last failure */
	int64_t now_us;
	struct dbk_buf reply; /* of the last batch */
	uint64_t expected;    /* batch_seq, where there was a gap */
	struct dbk_str signature; /* of the batches to come; empty: none */
	bool whole;	      /* the next save begins with nothing */
};

/* In a directory of its own; the ledger is not open yet. */
void bookkeeper_init(struct bookkeeper *keeper, int64_t now_us);

/* Close the ledger and delete the directory. */
void bookkeeper_fini(struct bookkeeper *keeper);

/* Open the ledger; what dbk_ledger_open() says. */
enum dbk_err bookkeeper_open(struct bookkeeper *keeper);
void bookkeeper_close(struct bookkeeper *keeper);

/* Close and open it again, which has to succeed. */
void bookkeeper_restart(struct bookkeeper *keeper);

#define BOOKKEEPER_ATOMIC 1u
#define BOOKKEEPER_DRY_RUN 2u
#define BOOKKEEPER_PLAIN 4u /* of a caller who is no admin */

/* Admit EVENTS to the group that is open. */
enum dbk_admission bookkeeper_admit(struct bookkeeper *keeper, const char *source,
				    uint64_t batch_seq, const struct dbk_buf *events,
				    unsigned flags);

/* EVENTS as a group of their own; the commit, if there is something in the group, has
 * to succeed. */
enum dbk_admission bookkeeper_send(struct bookkeeper *keeper, const char *source,
				   uint64_t batch_seq, const struct dbk_buf *events,
				   unsigned flags);

/* A group recorded a second after the last one. */
void bookkeeper_begin(struct bookkeeper *keeper);

uint64_t bookkeeper_size(const struct bookkeeper *keeper);
uint64_t bookkeeper_groups(const struct bookkeeper *keeper);

struct bookkeeper_digest {
	unsigned char bytes[DBK_DIGEST_BYTES];
};

struct bookkeeper_digest bookkeeper_digest(const struct bookkeeper *keeper);
bool bookkeeper_same_digest(struct bookkeeper_digest a, struct bookkeeper_digest b);

/* True if books, replayed from the log alone, are those of the ledger.  Says what is
 * wrong on standard error. */
bool bookkeeper_is_replayed(struct bookkeeper *keeper);

/* Save the books whole or, unless it is the first time, what has changed. */
void bookkeeper_save(struct bookkeeper *keeper);

#endif
