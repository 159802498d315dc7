#include "../tests/lib/bookkeeper.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/replay.h"
#include "ledger/saved.h"

#define GROUP_US 1000000

static const unsigned char key[DBK_HASH_KEY_BYTES] = "key of a keeper";

static void
must(enum dbk_err err, const struct dbk_error *error, const char *what)
{
	if (err == DBK_OK)
		return;
	fprintf(stderr, "bookkeeper: %s: %s: %s\n", what, dbk_err_text(err),
		error->text);
	abort();
}

void
bookkeeper_init(struct bookkeeper *keeper, int64_t now_us)
{
	memset(keeper, 0, sizeof *keeper);
	tmpdir_make(keeper->dir);
	keeper->options.dir = keeper->dir;
	keeper->options.views_size = UINT64_MAX;
	keeper->options.log.no_sync = true;
	memcpy(keeper->options.key, key, sizeof key);
	keeper->now_us = now_us;
	dbk_buf_init(&keeper->reply);
}

void
bookkeeper_fini(struct bookkeeper *keeper)
{
	bookkeeper_close(keeper);
	dbk_buf_fini(&keeper->reply);
	tmpdir_remove(keeper->dir);
}

enum dbk_err
bookkeeper_open(struct bookkeeper *keeper)
{
	enum dbk_err err;

	memset(&keeper->error, 0, sizeof keeper->error);
	err = dbk_ledger_open(&keeper->options, &keeper->ledger, &keeper->start,
			      &keeper->error);
	keeper->whole = keeper->start.loaded_size == 0;
	return err;
}

void
bookkeeper_close(struct bookkeeper *keeper)
{
	dbk_ledger_close(keeper->ledger);
	keeper->ledger = NULL;
}

void
bookkeeper_restart(struct bookkeeper *keeper)
{
	bookkeeper_close(keeper);
	must(bookkeeper_open(keeper), &keeper->error, "open");
}

void
bookkeeper_begin(struct bookkeeper *keeper)
{
	keeper->now_us += GROUP_US;
	dbk_ledger_begin(keeper->ledger, keeper->now_us);
}

enum dbk_admission
bookkeeper_admit(struct bookkeeper *keeper, const char *source, uint64_t batch_seq,
		 const struct dbk_buf *events, unsigned flags)
{
	struct dbk_ledger_batch batch = {
		.source = dbk_str_of(source),
		.batch_seq = batch_seq,
		.events = dbk_str_make(events->bytes, events->size),
		.atomic = (flags & BOOKKEEPER_ATOMIC) != 0,
		.dry_run = (flags & BOOKKEEPER_DRY_RUN) != 0,
		.administers = (flags & BOOKKEEPER_PLAIN) == 0,
		.signature = keeper->signature,
	};

	dbk_buf_reset(&keeper->reply);
	return dbk_ledger_admit(keeper->ledger, &batch, &keeper->reply,
				&keeper->expected, &keeper->error);
}

enum dbk_admission
bookkeeper_send(struct bookkeeper *keeper, const char *source, uint64_t batch_seq,
		const struct dbk_buf *events, unsigned flags)
{
	enum dbk_admission admission;

	bookkeeper_begin(keeper);
	admission = bookkeeper_admit(keeper, source, batch_seq, events, flags);
	must(dbk_ledger_commit(keeper->ledger, &keeper->error), &keeper->error,
	     "commit");
	return admission;
}

uint64_t
bookkeeper_size(const struct bookkeeper *keeper)
{
	return dbk_log_size(dbk_ledger_log(keeper->ledger));
}

uint64_t
bookkeeper_groups(const struct bookkeeper *keeper)
{
	return dbk_log_groups(dbk_ledger_log(keeper->ledger));
}

struct bookkeeper_digest
bookkeeper_digest(const struct bookkeeper *keeper)
{
	struct bookkeeper_digest digest;

	dbk_books_digest(dbk_ledger_books(keeper->ledger), digest.bytes);
	return digest;
}

bool
bookkeeper_same_digest(struct bookkeeper_digest a, struct bookkeeper_digest b)
{
	return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static enum dbk_err
replay_all(struct dbk_log *log, struct dbk_books *books, struct dbk_error *error)
{
	const struct dbk_effects *effects;
	struct dbk_replay *replay;
	enum dbk_err err = dbk_replay_open(log, books, 0, &replay, error);

	if (err != DBK_OK)
		return err;
	do
		err = dbk_replay_next(replay, &effects, error);
	while (err == DBK_OK);
	dbk_replay_close(replay);
	return err == DBK_FAILED_NOT_FOUND ? DBK_OK : err;
}

bool
bookkeeper_is_replayed(struct bookkeeper *keeper)
{
	struct bookkeeper_digest own = bookkeeper_digest(keeper), other;
	struct dbk_books *books;
	struct dbk_error error = { 0 };
	bool same = false;

	dbk_books_check(dbk_ledger_books(keeper->ledger));
	must(dbk_books_open(key, &books), &error, "books");
	if (replay_all(dbk_ledger_log(keeper->ledger), books, &error) != DBK_OK) {
		fprintf(stderr, "bookkeeper: replay: %s\n", error.text);
	} else {
		dbk_books_digest(books, other.bytes);
		same = dbk_books_size(books) == bookkeeper_size(keeper) &&
		       dbk_books_size(dbk_ledger_books(keeper->ledger)) ==
			   bookkeeper_size(keeper) &&
		       bookkeeper_same_digest(own, other);
		if (!same)
			fprintf(stderr, "bookkeeper: the replay differs\n");
	}
	dbk_books_close(books);
	return same;
}

void
bookkeeper_save(struct bookkeeper *keeper)
{
	struct dbk_books *books = dbk_ledger_books(keeper->ledger);
	struct dbk_saved_point point = { bookkeeper_size(keeper),
					 bookkeeper_groups(keeper) };
	struct dbk_saved *saved = NULL;
	struct dbk_books_page page;
	struct dbk_error error = { 0 };
	char path[PATH_MAX];
	struct dbk_buf meta;

	(void)snprintf(path, sizeof path, "%s/books", keeper->dir);
	dbk_buf_init(&meta);
	must(dbk_saved_open(path, &saved, &error), &error, "saved books");
	must(dbk_saved_begin(saved, keeper->whole, &error), &error, "save");
	dbk_books_save_begin(books, NULL, NULL, &meta);
	while (dbk_books_save_next(books, &page))
		dbk_saved_put(saved, &page);
	must(
	    dbk_saved_commit(saved, point, dbk_str_make(meta.bytes, meta.size), &error),
	    &error, "save");
	keeper->whole = false;
	dbk_saved_close(saved);
	dbk_buf_fini(&meta);
}
