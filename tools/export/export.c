/* export.c -- the log as a folder that anybody verifies; the book for other programs.
 */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "export/database.h"
#include "export/hledger.h"
#include "export/out_file.h"
#include "export/signed_log.h"
#include "interrupt.h"
#include "verbs.h"

struct options {
	struct cli_common common;
	const char *hledger;
	const char *sqlite;
	uint64_t from;
	uint64_t to;
	bool quiet;
};

static const struct options defaults = { .to = CHART_TO_END };

static const struct cli_option options[] = {
	{ "hledger", "FILE", "a journal for hledger and ledger; - is standard output",
	  CLI_TEXT, offsetof(struct options, hledger), 0, 0 },
	{ "sqlite", "FILE", "a database of SQLite", CLI_TEXT,
	  offsetof(struct options, sqlite), 0, 0 },
	{ "from", "SIZE", "without the first SIZE records, but with what they came to",
	  CLI_COUNT, offsetof(struct options, from), 0, 0 },
	{ "to", "SIZE", "only the first SIZE records (default: all)", CLI_COUNT,
	  offsetof(struct options, to), 0, 0 },
	{ "quiet", NULL, "no progress", CLI_FLAG, offsetof(struct options, quiet), 0,
	  0 },
	CLI_OPTION_END
};

static int
write_hledger(struct session *session, const struct options *o, struct chart *chart,
	      struct out_file *out)
{
	int code = out_file_create(out);

	if (code != EXIT_OK)
		return code;
	errno = 0;
	code = hledger_write(session, chart, out->file, o->quiet);
	if (ferror(out->file))
		code = out_file_failed(out, errno);
	return code;
}

/* What SQLite says of a full disk is for programmers. */
static int
tell(const struct out_file *out, struct dbk_error *error)
{
	if (error->code == DBK_FAILED_DISK_FULL)
		return out_file_failed(out, ENOSPC);
	dbk_error_prepend(error, "%s", out->written);
	return diag_failure(error);
}

static int
write_sqlite(struct session *session, const struct options *o, struct chart *chart,
	     struct out_file *out)
{
	struct dbk_error error = { DBK_OK, "" };
	struct sqlite *db;
	int code;

	if (!out->renames) {
		diag_error("--sqlite %s: a database needs a regular file", out->path);
		return EXIT_USAGE;
	}
	/* Of a run that was killed. */
	(void)unlink(out->written);
	if (sqlite_open(out->written, &db, &error) != DBK_OK)
		return tell(out, &error);
	code = database_write(session, chart, db, o->quiet);
	if (sqlite_close(db, &error) != DBK_OK)
		code = tell(out, &error);
	return code;
}

static int
write_export(struct session *session, const struct options *o, struct out_file *out)
{
	struct chart chart;
	int code = chart_read(session, o->from, o->to, &chart);

	if (code != EXIT_OK)
		return code;
	code = o->hledger != NULL ? write_hledger(session, o, &chart, out)
				  : write_sqlite(session, o, &chart, out);
	return code == EXIT_OK ? chart_check(&chart) : code;
}

static int
export_to(const struct options *o, const char *path)
{
	struct out_file out;
	struct session *session;
	int code = out_file_name(&out, path);

	if (code == EXIT_OK)
		code = session_open(&o->common, &session);
	if (code != EXIT_OK)
		return code;
	interrupt_keep();
	code = write_export(session, o, &out);
	code = out_file_end(&out, code);
	session_close(session);
	if (interrupt_came())
		interrupt_die();
	return code;
}

static int
export_log(const struct options *o, const char *dir)
{
	struct session *session;
	int code;

	if (o->from != defaults.from || o->to != defaults.to) {
		diag_error("%s: a log is exported whole; --from and --to are for "
			   "--hledger and --sqlite",
			   dir);
		return EXIT_USAGE;
	}
	code = session_open(&o->common, &session);
	if (code != EXIT_OK)
		return code;
	code = signed_log_export(session, dir, o->quiet);
	session_close(session);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	int given = call->operand_count + (o->hledger != NULL) + (o->sqlite != NULL);

	if (given != 1) {
		diag_error(given == 0
			       ? "name DIR, --hledger FILE or --sqlite FILE"
			       : "DIR, --hledger and --sqlite exclude each other");
		return EXIT_USAGE;
	}
	if (call->operand_count == 1)
		return export_log(o, call->operands[0]);
	return export_to(o, o->hledger != NULL ? o->hledger : o->sqlite);
}

const struct cli_verb verb_export = {
	.name = "export",
	.group = CLI_READ,
	.operands = "[DIR]",
	.summary = "the log in a folder that anybody verifies; hledger, SQLite",
	.about =
	    "DIR gets the whole log as the files of C2SP tlog-tiles, which a static web "
	    "server can\nserve, and at last its signed checkpoint; `daybook verify DIR` "
	    "checks it all without a\ndaemon. A DIR that has an older export of this log "
	    "gets what is new.\n\n"
	    "The other forms write every posting, in the order of the log. --hledger "
	    "makes a journal\nwith one transaction a record, which hledger and ledger "
	    "read and check; --sqlite makes\na database of entries, postings, accounts, "
	    "agents and payouts. The sums are compared\nwith the trial balance before "
	    "FILE gets its name; while it is written it is called\nFILE.tmp. Agents and "
	    "payouts are those of the moment, also with --to.",
	.examples =
	    "  daybook export /srv/audit && daybook verify /srv/audit --key key.txt\n"
	    "  daybook export --hledger book.journal && hledger -f book.journal bal\n"
	    "  daybook export --hledger - --from 60000 | hledger -f - check accounts\n"
	    "  daybook export --sqlite book.db && sqlite3 book.db 'SELECT * FROM "
	    "trial_balance'",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 1,
	.run = run,
};
