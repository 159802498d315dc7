#include "export/database.h"

#include <daybook/version.h>

#include "diag.h"
#include "export/entries.h"
#include "export/people.h"
#include "names.h"

#define US_PER_MINUTE (60 * 1000000LL)

/* Keys are checked while rows come in; other indexes are cheaper built at the end. */
static const char tables[] =
    "PRAGMA user_version = 1;"
    "CREATE TABLE book (book TEXT NOT NULL, currency TEXT NOT NULL,"
    "  exponent INTEGER NOT NULL, utc_offset_minutes INTEGER NOT NULL,"
    "  from_size INTEGER NOT NULL, to_size INTEGER NOT NULL, daybook TEXT NOT NULL);"
    "CREATE TABLE chart (code INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    "  kind TEXT NOT NULL, opening INTEGER NOT NULL);"
    "CREATE TABLE entries (position INTEGER PRIMARY KEY, effective_at TEXT NOT NULL,"
    "  type TEXT NOT NULL, order_id TEXT, late INTEGER NOT NULL,"
    "  prior_period INTEGER NOT NULL);"
    "CREATE TABLE postings (position INTEGER NOT NULL REFERENCES entries,"
    "  number INTEGER NOT NULL, code INTEGER NOT NULL REFERENCES chart,"
    "  owner TEXT NOT NULL, amount INTEGER NOT NULL, cause TEXT, order_id TEXT,"
    "  payout TEXT, PRIMARY KEY (position, number)) WITHOUT ROWID;"
    "CREATE TABLE accounts (code INTEGER NOT NULL REFERENCES chart,"
    "  owner TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,"
    "  PRIMARY KEY (code, owner)) WITHOUT ROWID;"
    "CREATE TABLE balances (code INTEGER NOT NULL REFERENCES chart,"
    "  owner TEXT NOT NULL, debits INTEGER NOT NULL, credits INTEGER NOT NULL,"
    "  balance INTEGER NOT NULL, PRIMARY KEY (code, owner)) WITHOUT ROWID;"
    "CREATE TABLE agents (agent TEXT PRIMARY KEY, sponsor TEXT, state TEXT NOT NULL,"
    "  rank TEXT, level INTEGER NOT NULL, enrolled_at TEXT NOT NULL,"
    "  direct_recruits INTEGER NOT NULL, bound_customers INTEGER NOT NULL,"
    "  verified INTEGER NOT NULL, employee INTEGER NOT NULL,"
    "  holds INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE payouts (payout TEXT PRIMARY KEY, agent TEXT NOT NULL,"
    "  state TEXT NOT NULL, method TEXT, provider TEXT, request_no TEXT, batch TEXT,"
    "  maker TEXT NOT NULL, requested_at TEXT NOT NULL, gross INTEGER NOT NULL,"
    "  tax INTEGER NOT NULL, net INTEGER NOT NULL, fee INTEGER NOT NULL,"
    "  returned INTEGER NOT NULL, requested_position INTEGER NOT NULL,"
    "  state_position INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE payout_items (payout TEXT NOT NULL REFERENCES payouts,"
    "  number INTEGER NOT NULL, amount INTEGER NOT NULL, earning INTEGER NOT NULL,"
    "  kind TEXT NOT NULL, order_id TEXT, line INTEGER NOT NULL,"
    "  level INTEGER NOT NULL, rate_ppm INTEGER NOT NULL,"
    "  computed_on INTEGER NOT NULL, accrued INTEGER NOT NULL,"
    "  reversed INTEGER NOT NULL, plan TEXT, plan_version INTEGER NOT NULL,"
    "  PRIMARY KEY (payout, number)) WITHOUT ROWID;";

static const char ends[] =
    "INSERT INTO accounts SELECT DISTINCT code, owner, name, kind"
    "  FROM postings JOIN chart USING (code);"
    "CREATE INDEX postings_of_account ON postings (code, owner);"
    "CREATE INDEX postings_of_payout ON postings (payout) WHERE payout NOTNULL;"
    "CREATE INDEX postings_of_order ON postings (order_id) WHERE order_id NOTNULL;"
    "CREATE INDEX entries_of_order ON entries (order_id) WHERE order_id NOTNULL;"
    "CREATE INDEX entries_by_time ON entries (effective_at);"
    "CREATE INDEX agents_of_sponsor ON agents (sponsor);"
    "CREATE INDEX payouts_of_agent ON payouts (agent);"
    "CREATE INDEX items_of_order ON payout_items (order_id) WHERE order_id NOTNULL;"
    "CREATE VIEW trial_balance AS"
    "  SELECT code, name, kind,"
    "    coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS debits,"
    "    coalesce(-sum(amount) FILTER (WHERE amount < 0), 0) AS credits,"
    "    opening + coalesce(sum(amount), 0) AS balance"
    "  FROM chart LEFT JOIN postings USING (code) GROUP BY code;"
    "CREATE VIEW agent_balances AS"
    "  SELECT owner AS agent,"
    "    coalesce(-sum(amount) FILTER (WHERE code = 2110), 0) AS pending,"
    "    coalesce(-sum(amount) FILTER (WHERE code = 2120), 0) AS available,"
    "    coalesce(-sum(amount) FILTER (WHERE code = 2130), 0) AS held,"
    "    coalesce(-sum(amount) FILTER (WHERE code = 2140), 0) AS reserved,"
    "    coalesce(-sum(amount) FILTER (WHERE code = 2150), 0) AS in_transit,"
    "    coalesce(sum(amount) FILTER (WHERE code = 1110), 0) AS receivable,"
    "    -sum(amount) AS total"
    "  FROM postings WHERE code IN (1110, 2110, 2120, 2130, 2140, 2150)"
    "  GROUP BY owner;";

/* Accounts that come to something else by their postings than the daemon says. */
static const char differing[] = "SELECT count(*) FROM balances b WHERE balance <>"
				"  (SELECT coalesce(sum(amount), 0) FROM postings p"
				"   WHERE p.code = b.code AND p.owner = b.owner)";

struct writer {
	struct sqlite *db;
	struct sqlite_insert *entry;
	struct sqlite_insert *posting;
	int64_t number; /* of the record's next posting */
};

static void
put_entry(struct writer *w, const Daybook__V1__JournalEntry *entry)
{
	char at[PEOPLE_TIME_BYTES];

	sqlite_put_number(w->entry, (int64_t)entry->position);
	sqlite_put_text(w->entry, people_time(entry->effective_at, at));
	sqlite_put_text(w->entry, entry->type_name);
	sqlite_put_name(w->entry, entry->order);
	sqlite_put_number(w->entry, entry->late);
	sqlite_put_number(w->entry, entry->prior_period);
	sqlite_put_row(w->entry);
}

static void
put_posting(struct writer *w, uint64_t position, const Daybook__V1__Posting *posting)
{
	char memory[NAMES_BYTES];
	const char *cause =
	    posting->cause == 0 ? "" : names_cause(posting->cause, memory);

	sqlite_put_number(w->posting, (int64_t)position);
	sqlite_put_number(w->posting, w->number++);
	sqlite_put_number(w->posting, posting->code);
	sqlite_put_text(w->posting, posting->owner);
	sqlite_put_number(w->posting, posting->amount);
	sqlite_put_name(w->posting, cause);
	sqlite_put_name(w->posting, posting->order);
	sqlite_put_name(w->posting, posting->payout);
	sqlite_put_row(w->posting);
}

static bool
take_entry(void *context, const Daybook__V1__JournalEntry *entry, bool begins)
{
	struct writer *w = context;

	if (begins) {
		put_entry(w, entry);
		w->number = 0;
	}
	for (size_t i = 0; i < entry->n_postings; i++)
		put_posting(w, entry->position, entry->postings[i]);
	return sqlite_is_good(w->db);
}

static int
put_entries(struct session *session, struct chart *chart, struct sqlite *db, bool quiet)
{
	struct writer w = { .db = db };
	const struct entries_sink sink = { .context = &w, .take = take_entry };
	int code;

	w.entry =
	    sqlite_insert_begin(db, "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)");
	w.posting = sqlite_insert_begin(
	    db, "INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	code = entries_read(session, chart, &sink, quiet);
	sqlite_insert_end(w.entry);
	sqlite_insert_end(w.posting);
	return code;
}

static void
put_chart(const struct chart *chart, struct sqlite *db)
{
	struct sqlite_insert *book =
	    sqlite_insert_begin(db, "INSERT INTO book VALUES (?, ?, ?, ?, ?, ?, ?)");
	struct sqlite_insert *codes =
	    sqlite_insert_begin(db, "INSERT INTO chart VALUES (?, ?, ?, ?)");

	sqlite_put_text(book, chart->book);
	sqlite_put_text(book, chart->currency);
	sqlite_put_number(book, chart->exponent);
	sqlite_put_number(book, chart->offset_us / US_PER_MINUTE);
	sqlite_put_number(book, (int64_t)chart->from);
	sqlite_put_number(book, (int64_t)chart->to);
	sqlite_put_text(book, DAYBOOK_VERSION);
	sqlite_put_row(book);
	for (size_t i = 0; i < chart->count; i++) {
		sqlite_put_number(codes, chart->codes[i].number);
		sqlite_put_text(codes, chart->codes[i].name);
		sqlite_put_text(codes, chart->codes[i].kind);
		sqlite_put_number(codes, chart->codes[i].opening);
		sqlite_put_row(codes);
	}
	sqlite_insert_end(book);
	sqlite_insert_end(codes);
}

/* A part of a book does not have all postings of an account. */
static int
check_balances(const struct chart *chart, struct sqlite *db)
{
	int64_t count = chart->from == 0 ? sqlite_number(db, differing) : 0;

	if (count == 0)
		return EXIT_OK;
	diag_error("%lld accounts have other balances than their postings come to",
		   (long long)count);
	return EXIT_FAILED;
}

int
database_write(struct session *session, struct chart *chart, struct sqlite *db,
	       bool quiet)
{
	int code;

	sqlite_run(db, tables);
	put_chart(chart, db);
	code = put_entries(session, chart, db, quiet);
	if (code == EXIT_OK)
		code = people_put_balances(session, chart, db);
	if (code == EXIT_OK)
		code = people_put_agents(session, db);
	if (code == EXIT_OK)
		code = people_put_payouts(session, db);
	if (code != EXIT_OK)
		return code;
	sqlite_run(db, ends);
	return check_balances(chart, db);
}
