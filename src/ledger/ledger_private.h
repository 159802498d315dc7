#ifndef DBK_LEDGER_LEDGER_PRIVATE_H
#define DBK_LEDGER_LEDGER_PRIVATE_H

/* ledger_private.h -- shared by the files of this folder. */

#include <daybook/limits.h>

#include "base/arena.h"
#include "books/foresee.h"
#include "books/source_keys.h"
#include "books/sources.h"
#include "event/record.h"
#include "ledger/ledger.h"
#include "ledger/reply.h"
#include "ledger/saved.h"
#include "log/log_reader.h"

/* An event of a batch, opened before its turn. */
struct dbk_opened_event {
	struct dbk_str bytes;
	bool is_event; /* else the fault says why not */
	struct dbk_event_fault fault;
	struct dbk_event event;
	struct dbk_foresight foresight;
};

/* The key of the source of the batch at hand, and what that signed; see signing.c. */
struct dbk_signing {
	struct dbk_source_key key; /* as the books had it before the batch */
	uint32_t rights[DBK_RIGHTS_MAX];
	bool is_signed; /* and the signature verifies; else the rest is nothing */
	bool is_placed; /* a record of the batch has the seal */
	struct dbk_record_seal seal;
	struct dbk_buf hashes; /* of all events of the batch */
};

struct dbk_ledger {
	struct dbk_log *log;
	struct dbk_log_reader *reader; /* looks back at originals */
	struct dbk_books *books;
	struct dbk_effects effects;
	struct dbk_log_group group;
	struct dbk_mark before_group;
	struct dbk_arena arena;	    /* events of the batch, opened at once */
	struct dbk_arena originals; /* an event looked back at */
	struct dbk_reply reply;
	struct dbk_buf stored;
	int64_t recorded_at_us;
	size_t repeated_bytes; /* of replies given again within this group */
	struct dbk_opened_event opened[DBK_FORESEE_EVENTS];
	struct dbk_dues_foresight dues;
	struct dbk_signing signing;
};

/* The event of the record at POSITION, in the log or in the group that is being built;
 * a dbk_books_history_fn of the ledger. */
bool dbk_ledger_look_back(void *ledger, uint64_t position, struct dbk_str *out);

/* The next event of a batch; false at the end, or with AT->failed if it is none. */
bool dbk_ledger_next_event(struct dbk_cursor *at, struct dbk_str *out);

/* Take the key of BATCH's source and check the signature; DBK_ADMITTED if all is well. */
enum dbk_admission dbk_signing_begin(struct dbk_ledger *ledger,
				     const struct dbk_ledger_batch *batch,
				     struct dbk_error *error);

/* May BATCH, begun before, send events of TYPE? */
bool dbk_signing_may_send(const struct dbk_ledger *ledger,
			  const struct dbk_ledger_batch *batch,
			  enum dbk_event_type type);

/* Put the seal on RECORD, if the batch is signed and this is its first record. */
void dbk_signing_seal(struct dbk_ledger *ledger, struct dbk_record *record);

/* The hash of event INDEX of the batch; NULL if it is not signed. */
const unsigned char *dbk_signing_hash(const struct dbk_ledger *ledger, uint32_t index);

/* ADMISSION, when the reply of BATCH is spelled out in OUT. */
enum dbk_admission dbk_ledger_spell(const struct dbk_ledger_batch *batch,
				    struct dbk_str stored, enum dbk_admission admission,
				    struct dbk_buf *out, struct dbk_error *error);

/* BATCH has a number that SOURCE has used: the reply that was given then. */
enum dbk_admission dbk_ledger_repeat(struct dbk_ledger *ledger,
				     const struct dbk_ledger_batch *batch,
				     uint32_t source, struct dbk_buf *out,
				     struct dbk_error *error);

#endif
