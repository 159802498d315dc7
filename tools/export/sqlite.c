#include "export/sqlite.h"

#include <stdlib.h>

#include <sqlite3.h>

#include "base/assert.h"

struct sqlite {
	sqlite3 *handle;
	struct dbk_error error; /* the first one */
};

struct sqlite_insert {
	struct sqlite *db;
	sqlite3_stmt *statement; /* NULL after a failure */
	int column;
};

static enum dbk_err
translate(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL:
		return DBK_FAILED_DISK_FULL;
	case SQLITE_NOMEM:
		return DBK_FAILED_MEMORY;
	case SQLITE_CONSTRAINT:
		return DBK_FAILED_DAMAGED;
	}
	return DBK_FAILED_IO;
}

static void
check(struct sqlite *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW ||
	    db->error.code != DBK_OK)
		return;
	(void)dbk_error_set(&db->error, translate(code), "%s",
			    sqlite3_errmsg(db->handle));
}

bool
sqlite_is_good(const struct sqlite *db)
{
	return db->error.code == DBK_OK;
}

enum dbk_err
sqlite_open(const char *path, struct sqlite **out, struct dbk_error *error)
{
	struct sqlite *db = calloc(1, sizeof *db);

	dbk_assert(db != NULL);
	check(db, sqlite3_open_v2(path, &db->handle,
				  SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				      SQLITE_OPEN_NOMUTEX,
				  NULL));
	/* The file has no name anyone reads until it is whole and synced, so there is
	 * nothing to roll back to. */
	sqlite_run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
		       "PRAGMA cache_size = -65536; BEGIN;");
	if (!sqlite_is_good(db))
		return sqlite_close(db, error);
	*out = db;
	return DBK_OK;
}

void
sqlite_run(struct sqlite *db, const char *statements)
{
	if (sqlite_is_good(db))
		check(db, sqlite3_exec(db->handle, statements, NULL, NULL, NULL));
}

int64_t
sqlite_number(struct sqlite *db, const char *statement)
{
	sqlite3_stmt *prepared = NULL;
	int64_t number = 0;

	if (!sqlite_is_good(db))
		return 0;
	check(db, sqlite3_prepare_v2(db->handle, statement, -1, &prepared, NULL));
	if (sqlite_is_good(db)) {
		int code = sqlite3_step(prepared);

		check(db, code);
		if (code == SQLITE_ROW)
			number = sqlite3_column_int64(prepared, 0);
	}
	(void)sqlite3_finalize(prepared);
	return number;
}

struct sqlite_insert *
sqlite_insert_begin(struct sqlite *db, const char *statement)
{
	struct sqlite_insert *insert = calloc(1, sizeof *insert);

	dbk_assert(insert != NULL);
	insert->db = db;
	if (sqlite_is_good(db))
		check(db, sqlite3_prepare_v2(db->handle, statement, -1,
					     &insert->statement, NULL));
	return insert;
}

void
sqlite_put_number(struct sqlite_insert *insert, int64_t value)
{
	if (sqlite_is_good(insert->db))
		check(insert->db,
		      sqlite3_bind_int64(insert->statement, ++insert->column, value));
}

void
sqlite_put_text(struct sqlite_insert *insert, const char *text)
{
	if (sqlite_is_good(insert->db))
		check(insert->db, sqlite3_bind_text(insert->statement, ++insert->column,
						    text, -1, SQLITE_STATIC));
}

void
sqlite_put_name(struct sqlite_insert *insert, const char *name)
{
	if (name != NULL && name[0] != '\0')
		sqlite_put_text(insert, name);
	else if (sqlite_is_good(insert->db))
		check(insert->db,
		      sqlite3_bind_null(insert->statement, ++insert->column));
}

void
sqlite_put_row(struct sqlite_insert *insert)
{
	insert->column = 0;
	if (!sqlite_is_good(insert->db))
		return;
	check(insert->db, sqlite3_step(insert->statement));
	(void)sqlite3_reset(insert->statement);
}

void
sqlite_insert_end(struct sqlite_insert *insert)
{
	(void)sqlite3_finalize(insert->statement);
	free(insert);
}

enum dbk_err
sqlite_close(struct sqlite *db, struct dbk_error *error)
{
	enum dbk_err err;

	sqlite_run(db, "COMMIT");
	check(db, sqlite3_close(db->handle));
	err = db->error.code;
	if (err != DBK_OK)
		(void)dbk_error_set(error, err, "%s", db->error.text);
	free(db);
	return err;
}
