#ifndef TOOLS_EXPORT_SQLITE_H
#define TOOLS_EXPORT_SQLITE_H

/*
 * sqlite.h -- a new SQLite database, written in one transaction.
 *
 * A failure is kept and makes everything after it do nothing, so that callers ask once,
 * in sqlite_close().
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

struct sqlite;
struct sqlite_insert;

/* Create the database PATH, which does not exist, and begin the transaction. */
enum dbk_err sqlite_open(const char *path, struct sqlite **out,
			 struct dbk_error *error) DBK_MUST_CHECK;

/* Statements without a result. */
void sqlite_run(struct sqlite *db, const char *statements);

/* The one number that STATEMENT asks for; 0 after a failure. */
int64_t sqlite_number(struct sqlite *db, const char *statement);

/* False once something failed. */
bool sqlite_is_good(const struct sqlite *db);

/*
 * "INSERT INTO t VALUES (?, ?)", prepared: values are put from left to right, then the
 * row.  Texts are borrowed until then.  Give it back with sqlite_insert_end().
 */
struct sqlite_insert *sqlite_insert_begin(struct sqlite *db, const char *statement);
void sqlite_put_number(struct sqlite_insert *insert, int64_t value);
void sqlite_put_text(struct sqlite_insert *insert, const char *text);
/* The empty text is NULL, as what an entry does not have. */
void sqlite_put_name(struct sqlite_insert *insert, const char *name);
void sqlite_put_row(struct sqlite_insert *insert);
void sqlite_insert_end(struct sqlite_insert *insert);

/* Commit unless something failed, and close.  The first failure, in words. */
enum dbk_err sqlite_close(struct sqlite *db, struct dbk_error *error) DBK_MUST_CHECK;

#endif
