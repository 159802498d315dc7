#ifndef DBK_LEDGER_LEDGER_PRIVATE_H
#define DBK_LEDGER_LEDGER_PRIVATE_H

/* ledger_private.h -- shared by the files of this folder. */

#include "base/arena.h"
#include "ledger/ledger.h"
#include "ledger/reply.h"
#include "ledger/saved.h"
#include "log/log_reader.h"

struct dbk_ledger {
	struct dbk_log *log;
	struct dbk_log_reader *reader; /* looks back at originals */
	struct dbk_books *books;
	struct dbk_effects effects;
	struct dbk_log_group group;
	struct dbk_mark before_group;
	struct dbk_arena arena;	    /* events of the batch being decided */
	struct dbk_arena originals; /* an event looked back at */
	struct dbk_reply reply;
	struct dbk_buf stored;
	int64_t recorded_at_us;
};

#endif
