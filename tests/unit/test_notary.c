/* From the log to a checkpoint, and which log may be signed at all. */

#include "proof/notary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/logbook.h"
#include "../tests/lib/tmpdir.h"
#include "base/secret.h"
#include "proof/inspection.h"
#include "proof/kept_note.h"

struct book {
	char data[TMPDIR_BYTES], path[TMPDIR_BYTES + 32];
	struct dbk_log *log;
	struct dbk_vault *vault;
	struct dbk_seat *seat;
	struct dbk_notary *notary;
	struct dbk_inspection found;
	struct dbk_error error;
	uint64_t told, next_told;
	uint64_t near_leaves;
};

static const char *
path_of(struct book *book, const char *name)
{
	(void)snprintf(book->path, sizeof book->path, "%s/%s", book->data, name);
	return book->path;
}

static void
need(enum dbk_err err, const struct dbk_error *error)
{
	if (CHECK_INT(err, DBK_OK))
		return;
	(void)fprintf(stderr, "%s\n", error->text);
	abort();
}

static void
begin(struct book *book, uint32_t records)
{
	memset(book, 0, sizeof *book);
	tmpdir_make(book->data);
	book->log = logbook_open(path_of(book, "log"));
	for (uint32_t i = 0; i < records; i += 100)
		logbook_must_append(book->log, records - i < 100 ? records - i : 100);
	dbk_log_close(book->log);
	book->log = NULL;
}

static void
on_followed(void *context, uint64_t position, struct dbk_str record)
{
	struct book *book = context;

	CHECK(position <= book->next_told);
	CHECK(logbook_is_record(record, position));
	if (position == book->next_told)
		book->next_told++;
	book->told++;
}

/* As far as the question whether this log may be signed. */
static enum dbk_seat_state
inspect(struct book *book, bool adopt)
{
	struct dbk_vault_options vault = { .dir = path_of(book, "keys") };
	struct dbk_seat_options seat = { .data = book->data, .adopt = adopt };
	struct dbk_inspection_options inspection = { .dir = book->data };
	bool fresh;

	need(dbk_vault_open(&vault, &book->vault, &fresh, &book->error), &book->error);
	seat.vault = book->vault;
	need(dbk_seat_open(&seat, &book->seat, &book->error), &book->error);
	inspection.seat = book->seat;
	inspection.near_leaves = book->near_leaves;
	need(dbk_inspection_run(&inspection, &book->found, &book->error), &book->error);
	return book->found.state;
}

static enum dbk_err
try_notary(struct book *book, bool witnessed)
{
	struct dbk_notary_options options = { .dir = book->data,
					      .seat = book->seat,
					      .trusted = book->found.trusted,
					      .witnessed = witnessed,
					      .followed = on_followed,
					      .context = book };

	book->log = logbook_open(path_of(book, "log"));
	options.log = book->log;
	book->next_told = book->found.trusted;
	book->told = 0;
	return dbk_notary_open(&options, &book->notary, &book->error);
}

static void
start(struct book *book)
{
	if (!CHECK_INT(inspect(book, false), DBK_SEAT_READY))
		(void)fprintf(stderr, "%s\n", book->error.text);
	need(try_notary(book, false), &book->error);
}

static void
stop(struct book *book)
{
	dbk_notary_close(book->notary);
	dbk_seat_close(book->seat);
	dbk_vault_close(book->vault);
	dbk_log_close(book->log);
	book->notary = NULL;
	book->seat = NULL;
	book->vault = NULL;
	book->log = NULL;
	memset(&book->error, 0, sizeof book->error);
}

static void
end(struct book *book)
{
	stop(book);
	tmpdir_remove(book->data);
}

/* Hash all there is, sign and publish it. */
static void
publish(struct book *book)
{
	struct dbk_buf note = { 0 };
	bool at_head = false;

	while (!at_head)
		need(dbk_notary_follow(book->notary, 3, &at_head, &book->error),
		     &book->error);
	CHECK_INT(dbk_notary_size(book->notary), dbk_log_size(book->log));
	need(dbk_notary_sign(book->notary, &note, &book->error), &book->error);
	need(dbk_notary_publish(book->notary, dbk_str_make(note.bytes, note.size), 1234,
				&book->error),
	     &book->error);
	CHECK(!dbk_notary_is_due(book->notary));
	dbk_buf_fini(&note);
}

/* The root of LOG as RFC 6962 says it, leaf by leaf. */
static struct dbk_tree_hash
root_of(struct dbk_log *log, uint64_t size)
{
	struct dbk_tree_front *front = malloc(sizeof *front);
	struct dbk_log_reader *reader = logbook_reader(log);
	struct dbk_tree_hash root;
	struct dbk_str record;

	dbk_tree_front_init(front);
	for (uint64_t i = 0; i < size; i++) {
		struct dbk_tree_hash leaf;

		CHECK_INT(dbk_log_reader_find(reader, i, &record, NULL), DBK_OK);
		leaf = dbk_tree_leaf(record);
		dbk_tree_front_add(front, &leaf, NULL, NULL);
	}
	root = dbk_tree_front_root(front);
	dbk_log_reader_close(reader);
	free(front);
	return root;
}

static void
check_published(struct book *book, uint64_t size)
{
	struct dbk_tree_hash root = root_of(book->log, size);
	struct dbk_published published = { .size = 0 };
	struct dbk_buf note = { 0 }, kept_text = { 0 };
	struct dbk_kept_note kept = { .size = 0 };

	CHECK(dbk_notary_published(book->notary, &published, &note));
	CHECK_INT(published.size, size);
	CHECK(dbk_tree_hash_equal(&published.root, &root));
	CHECK_INT(dbk_kept_note_read(book->data, DBK_NOTE_PUBLISHED,
				     dbk_seat_key(book->seat), &kept_text, &kept, NULL),
		  DBK_OK);
	CHECK_INT(kept.size, size);
	CHECK(note.size == kept_text.size &&
	      memcmp(note.bytes, kept_text.bytes, note.size) == 0);
	dbk_buf_fini(&note);
	dbk_buf_fini(&kept_text);
}

static void
test_empty(void)
{
	struct book book;

	begin(&book, 0);
	tmpdir_remove(book.data);
	CHECK(mkdir(book.data, 0700) == 0);
	CHECK_INT(inspect(&book, false), DBK_SEAT_READY);
	CHECK(access(path_of(&book, "log"), F_OK) != 0);
	need(try_notary(&book, false), &book.error);
	CHECK(dbk_notary_is_due(book.notary));
	CHECK(!dbk_notary_published(book.notary, &(struct dbk_published){ 0 }, NULL));
	publish(&book);
	check_published(&book, 0);
	end(&book);
}

static void
test_follows(void)
{
	struct book book;

	begin(&book, 1000);
	start(&book);
	publish(&book);
	check_published(&book, 1000);
	CHECK_INT(book.told, 1000);
	for (uint32_t n = 1; n < 60; n += 7) {
		uint64_t size = dbk_log_size(book.log) + n;

		logbook_must_append(book.log, n);
		CHECK(!dbk_notary_is_due(book.notary));
		publish(&book);
		check_published(&book, size);
		CHECK_INT(book.told, size);
	}
	end(&book);
}

static void
test_restarts(void)
{
	struct book book;

	begin(&book, 700);
	start(&book);
	publish(&book);
	logbook_must_append(book.log, 33);
	stop(&book);
	start(&book);
	CHECK_INT(book.found.trusted, 700);
	CHECK_INT(book.found.log_size, 733);
	check_published(&book, 700);
	CHECK_INT(dbk_notary_size(book.notary), 700);
	publish(&book);
	CHECK_INT(book.told, 33);
	check_published(&book, 733);
	/* Hashes that were never signed are cut. */
	logbook_must_append(book.log, 10);
	bool at_head;
	need(dbk_notary_follow(book.notary, 10, &at_head, NULL), &book.error);
	stop(&book);
	start(&book);
	CHECK_INT(dbk_notary_size(book.notary), 733);
	publish(&book);
	check_published(&book, 743);
	end(&book);
}

/* The files of the tree, treated badly in every way, are made again. */
static void
test_tree_is_made_again(void)
{
	static const char *const names[] = { "tree/0", "tree/1", "tree/checkpoint" };
	struct book book;

	begin(&book, 70000);
	start(&book);
	publish(&book);
	stop(&book);
	for (unsigned i = 0; i < 3; i++) {
		struct stat st;
		int fd;

		CHECK(unlink(path_of(&book, names[i])) == 0);
		start(&book);
		CHECK_INT(book.found.trusted, i < 2 ? 0 : 70000);
		publish(&book);
		check_published(&book, 70000);
		stop(&book);
		/* A file cut in its middle; one of zeros, as after a power loss. */
		CHECK(stat(path_of(&book, names[i]), &st) == 0);
		CHECK(truncate(book.path, st.st_size / 2) == 0);
		start(&book);
		publish(&book);
		check_published(&book, 70000);
		stop(&book);
		fd = open(path_of(&book, names[i]), O_WRONLY);
		CHECK_INT(pwrite(fd, (char[64]){ 0 }, 64, st.st_size - 64), 64);
		(void)close(fd);
		start(&book);
		publish(&book);
		check_published(&book, 70000);
		stop(&book);
	}
	end(&book);
}

/* The roots of the tree are right, and so is what is near its end: but for that leaf
 * nobody could prove anything of the record. */
static void
test_leaf_far_back(void)
{
	struct book book;
	unsigned char hash[32], bad[32];
	int fd;

	begin(&book, 400);
	start(&book);
	publish(&book);
	stop(&book);
	book.near_leaves = 50;
	CHECK_INT(inspect(&book, false), DBK_SEAT_READY);
	CHECK_INT(book.found.trusted, 400);
	stop(&book);
	fd = open(path_of(&book, "tree/0"), O_RDWR);
	CHECK(fd >= 0 && pread(fd, hash, 32, 10 * 32) == 32);
	memset(bad, 7, sizeof bad);
	CHECK(pwrite(fd, bad, 32, 10 * 32) == 32);
	start(&book);
	CHECK_INT(book.found.trusted, 0);
	CHECK(pread(fd, bad, 32, 10 * 32) == 32 && memcmp(bad, hash, 32) == 0);
	(void)close(fd);
	end(&book);
}

static void
test_stale(void)
{
	struct book book;

	begin(&book, 300);
	start(&book);
	publish(&book);
	stop(&book);
	/* The log of an hour ago: the same records, fewer of them. */
	CHECK(unlink(path_of(&book, "log/data.mdb")) == 0);
	book.log = logbook_open(path_of(&book, "log"));
	logbook_must_append(book.log, 100);
	dbk_log_close(book.log);
	book.log = NULL;
	CHECK_INT(inspect(&book, true), DBK_SEAT_STALE);
	stop(&book);
	/* No log at all. */
	tmpdir_remove(path_of(&book, "log"));
	CHECK_INT(inspect(&book, true), DBK_SEAT_STALE);
	CHECK(access(path_of(&book, "log"), F_OK) != 0);
	end(&book);
}

/* Another log of the same length; LAST_ONLY: it differs in the last record alone. */
static void
replace_log(struct book *book, uint32_t size, bool last_only)
{
	struct dbk_log_group group;
	struct dbk_log_reader *reader;
	struct dbk_log *log, *old;
	char old_path[TMPDIR_BYTES + 32];

	CHECK(rename(path_of(book, "log"),
		     strcat(strcpy(old_path, book->data), "/old")) == 0);
	old = logbook_open(old_path);
	log = logbook_open(path_of(book, "log"));
	reader = logbook_reader(old);
	dbk_log_group_init(&group);
	for (uint32_t i = 0; i < size; i++) {
		struct dbk_str record;

		if (i % 100 == 0)
			dbk_log_group_reset(&group, 1000000 + i);
		CHECK_INT(dbk_log_reader_find(reader, i, &record, NULL), DBK_OK);
		if (i == size - 1 || (!last_only && i == size / 3))
			record = dbk_str_of("something else");
		dbk_log_group_add_record(&group, record);
		if (i % 100 == 99 || i == size - 1)
			CHECK_INT(dbk_log_append(log, &group, NULL), DBK_OK);
	}
	dbk_log_group_fini(&group);
	dbk_log_reader_close(reader);
	dbk_log_close(old);
	dbk_log_close(log);
	tmpdir_remove(old_path);
}

static void
test_fork(void)
{
	struct book book;

	for (int last_only = 0; last_only < 2; last_only++)
		for (int keep_tree = 0; keep_tree < 2; keep_tree++) {
			begin(&book, 1000);
			start(&book);
			publish(&book);
			stop(&book);
			replace_log(&book, 1000, last_only);
			if (!keep_tree)
				CHECK(unlink(path_of(&book, "tree/0")) == 0);
			CHECK_INT(inspect(&book, true), DBK_SEAT_FORK);
			end(&book);
		}
}

static void
test_signed_waits(void)
{
	struct dbk_kept_note kept = { .size = 0 };
	struct dbk_buf note = { 0 }, text = { 0 };
	struct book book;
	bool at_head;

	begin(&book, 10);
	CHECK_INT(inspect(&book, false), DBK_SEAT_READY);
	need(try_notary(&book, true), &book.error);
	need(dbk_notary_follow(book.notary, 10, &at_head, NULL), &book.error);
	need(dbk_notary_sign(book.notary, &note, &book.error), &book.error);
	CHECK(!dbk_notary_published(book.notary, &(struct dbk_published){ 0 }, NULL));
	CHECK_INT(dbk_kept_note_read(book.data, DBK_NOTE_SIGNED,
				     dbk_seat_key(book.seat), &text, &kept, NULL),
		  DBK_OK);
	CHECK_INT(kept.size, 10);
	need(dbk_notary_publish(book.notary, dbk_str_make(note.bytes, note.size), 5,
				&book.error),
	     &book.error);
	CHECK(access(path_of(&book, "tree/signed"), F_OK) != 0);
	check_published(&book, 10);
	dbk_buf_fini(&note);
	dbk_buf_fini(&text);
	end(&book);
}

/* What was signed, and by whom, is checked before it is published. */
static void
test_publishes_own_notes_only(void)
{
	struct book book, other;
	struct dbk_buf note = { 0 };
	bool at_head;

	begin(&book, 10);
	begin(&other, 10);
	start(&book);
	start(&other);
	need(dbk_notary_follow(other.notary, 10, &at_head, NULL), &other.error);
	need(dbk_notary_sign(other.notary, &note, &other.error), &other.error);
	CHECK_INT(dbk_notary_publish(book.notary, dbk_str_make(note.bytes, note.size),
				     5, &book.error),
		  DBK_FAILED_STATE);
	CHECK_INT(
	    dbk_notary_publish(book.notary, dbk_str_of("nothing"), 5, &book.error),
	    DBK_FAILED_DAMAGED);
	CHECK(!dbk_notary_published(book.notary, &(struct dbk_published){ 0 }, NULL));
	dbk_buf_fini(&note);
	end(&book);
	end(&other);
}

int
main(void)
{
	CHECK(dbk_secret_start());
	check_run("a log without records has a checkpoint, and is not made by looking",
		  test_empty);
	check_run("checkpoints are of the log's records, and each is told once",
		  test_follows);
	check_run("a restart goes on from the seat, what was not signed is cut",
		  test_restarts);
	check_run("files of the tree that are gone, cut or zeroed are made again",
		  test_tree_is_made_again);
	check_run("a leaf that is not its record's is found far back as well",
		  test_leaf_far_back);
	check_run("a shorter log, and none at all, are stale", test_stale);
	check_run("another log of the same length is a fork, whatever its tree says",
		  test_fork);
	check_run("a signed note waits beside the log until it is published",
		  test_signed_waits);
	check_run("only own notes are published", test_publishes_own_notes_only);
	return check_end();
}
