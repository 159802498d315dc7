/* What the signing key remembers, and whom it refuses. */

#include "proof/seat.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../tests/lib/check.h"
#include "../tests/lib/tmpdir.h"
#include "base/secret.h"
#include "proof/kept_note.h"
#include "proof/seat_memory.h"
#include "tlog/checkpoint.h"

struct place {
	char data[TMPDIR_BYTES], keys[TMPDIR_BYTES + 16];
	struct dbk_vault *vault;
	struct dbk_seat *seat;
	struct dbk_error error;
};

static struct dbk_tree_hash
root_of(unsigned char which)
{
	struct dbk_tree_hash root;

	memset(root.bytes, which, sizeof root.bytes);
	return root;
}

static void
open_vault(struct place *place)
{
	struct dbk_vault_options options = { .dir = place->keys };
	bool fresh;

	if (!CHECK_INT(dbk_vault_open(&options, &place->vault, &fresh, &place->error),
		       DBK_OK)) {
		(void)fprintf(stderr, "%s\n", place->error.text);
		abort();
	}
}

static void
begin(struct place *place)
{
	memset(place, 0, sizeof *place);
	tmpdir_make(place->data);
	(void)snprintf(place->keys, sizeof place->keys, "%s/keys", place->data);
	open_vault(place);
}

static enum dbk_err
open_seat(struct place *place, const char *origin, bool adopt)
{
	struct dbk_seat_options options = { place->vault, place->data, origin, adopt };

	dbk_seat_close(place->seat);
	place->seat = NULL;
	return dbk_seat_open(&options, &place->seat, &place->error);
}

static void
end(struct place *place)
{
	dbk_seat_close(place->seat);
	dbk_vault_close(place->vault);
	tmpdir_remove(place->data);
}

/* The state of a fresh opening for a log of SIZE records whose root is WHICH. */
static enum dbk_seat_state
state(struct place *place, uint64_t size, unsigned char which, bool adopt)
{
	enum dbk_seat_state out = DBK_SEAT_BROKEN;
	struct dbk_tree_hash root = root_of(which);

	memset(&place->error, 0, sizeof place->error);
	CHECK_INT(open_seat(place, NULL, adopt), DBK_OK);
	CHECK_INT(dbk_seat_take(place->seat, size, &root, &out, &place->error), DBK_OK);
	CHECK_INT(out == DBK_SEAT_READY, place->error.code == DBK_OK);
	return out;
}

/* A seat that has signed SIZE records with root WHICH. */
static void
sign(struct place *place, uint64_t size, unsigned char which, struct dbk_buf *note)
{
	struct dbk_tree_hash root = root_of(which);
	struct dbk_buf own = { 0 };

	CHECK_INT(dbk_seat_sign(place->seat, size, &root, note == NULL ? &own : note,
				&place->error),
		  DBK_OK);
	dbk_buf_fini(&own);
}

static void
drop(const struct place *place, const char *name)
{
	char path[2 * TMPDIR_BYTES];

	(void)snprintf(path, sizeof path, "%s/%s", place->keys, name);
	CHECK(unlink(path) == 0);
}

/* "cp -a" of the directory of TO over that of FROM. */
static void
copy(const char *from, const char *to)
{
	char command[4 * TMPDIR_BYTES];

	(void)snprintf(command, sizeof command, "cp -a %s/. %s/", from, to);
	CHECK_INT(system(command), 0);
}

static void
test_new(void)
{
	struct place place;
	char vkey[DBK_NOTE_NAME_BYTES_MAX + 64];
	struct dbk_note_key key = { .type = 0 };
	char path[2 * TMPDIR_BYTES];
	FILE *file;

	begin(&place);
	CHECK_INT(open_seat(&place, NULL, false), DBK_OK);
	CHECK_INT(dbk_seat_size(place.seat), 0);
	(void)snprintf(path, sizeof path, "%s/log.key", place.keys);
	CHECK(access(path, F_OK) != 0);
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_READY);
	key = *dbk_seat_key(place.seat);
	CHECK_INT(strlen(key.name), strlen("daybook/") + 16);
	CHECK(strncmp(key.name, "daybook/", 8) == 0);
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_READY);
	CHECK(memcmp(&key, dbk_seat_key(place.seat), sizeof key) == 0);
	(void)snprintf(path, sizeof path, "%s/log.vkey", place.keys);
	file = fopen(path, "r");
	if (CHECK(file != NULL && fgets(vkey, sizeof vkey, file) != NULL)) {
		vkey[strcspn(vkey, "\n")] = '\0';
		CHECK_INT(dbk_note_key_parse(dbk_str_of(vkey), &key, NULL), DBK_OK);
		CHECK(memcmp(&key, dbk_seat_key(place.seat), sizeof key) == 0);
	}
	if (file != NULL)
		(void)fclose(file);
	end(&place);
}

static void
test_origin(void)
{
	static const char *const bad[] = { "", "two words", "a+b", "a\nb", "\xff" };
	struct place place;
	struct dbk_tree_hash root = dbk_tree_empty();
	enum dbk_seat_state out;
	char longest[DBK_NOTE_NAME_BYTES_MAX + 2];

	begin(&place);
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		CHECK_INT(open_seat(&place, bad[i], false), DBK_FAILED_INPUT);
	memset(longest, 'x', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	CHECK_INT(open_seat(&place, longest, false), DBK_FAILED_INPUT);
	CHECK_INT(open_seat(&place, longest + 1, false), DBK_OK);
	CHECK_INT(open_seat(&place, "books.example/shop", false), DBK_OK);
	CHECK_INT(dbk_seat_take(place.seat, 0, &root, &out, NULL), DBK_OK);
	CHECK(strcmp(dbk_seat_key(place.seat)->name, "books.example/shop") == 0);
	CHECK_INT(open_seat(&place, "books.example/other", false), DBK_FAILED_INPUT);
	CHECK(strstr(place.error.text, "books.example/shop") != NULL);
	CHECK_INT(open_seat(&place, NULL, false), DBK_OK);
	CHECK(strcmp(dbk_seat_key(place.seat)->name, "books.example/shop") == 0);
	end(&place);
}

static void
test_signs(void)
{
	struct place place;
	struct dbk_buf bytes = { 0 }, again = { 0 };
	struct dbk_note *note = calloc(1, sizeof *note);
	struct dbk_checkpoint checkpoint;
	struct dbk_seat_memory memory;
	struct dbk_tree_hash root = root_of(7);

	begin(&place);
	CHECK_INT(dbk_seat_look(place.keys, &memory, &place.error),
		  DBK_FAILED_NOT_FOUND);
	CHECK_INT(state(&place, 5, 0, false), DBK_SEAT_READY);
	sign(&place, 5, 7, &bytes);
	CHECK_INT(dbk_note_parse(dbk_str_make(bytes.bytes, bytes.size), note, NULL),
		  DBK_OK);
	CHECK_INT(dbk_note_verify(note, dbk_seat_key(place.seat)), DBK_NOTE_VERIFIED);
	CHECK_INT(dbk_checkpoint_parse(note->text, &checkpoint, NULL), DBK_OK);
	CHECK_INT(checkpoint.size, 5);
	CHECK(dbk_tree_hash_equal(&checkpoint.root, &root));
	CHECK_INT(checkpoint.extensions.size, 0);
	CHECK_INT(dbk_seat_size(place.seat), 5);
	sign(&place, 5, 7, &again);
	CHECK(again.size == bytes.size &&
	      memcmp(again.bytes, bytes.bytes, bytes.size) == 0);
	CHECK_INT(dbk_seat_look(place.keys, &memory, &place.error), DBK_OK);
	CHECK_INT(memory.size, 5);
	CHECK(dbk_tree_hash_equal(&memory.root, &root));
	CHECK(memcmp(memory.key, dbk_seat_key(place.seat)->key, 32) == 0);
	CHECK_INT(state(&place, 9, 7, false), DBK_SEAT_READY);
	CHECK_INT(dbk_seat_size(place.seat), 5);
	sign(&place, 9, 8, NULL);
	CHECK_INT(state(&place, 9, 8, false), DBK_SEAT_READY);
	dbk_buf_fini(&bytes);
	dbk_buf_fini(&again);
	free(note);
	end(&place);
}

static void
test_stale_and_fork(void)
{
	struct place place;

	begin(&place);
	CHECK_INT(state(&place, 100, 0, false), DBK_SEAT_READY);
	sign(&place, 100, 7, NULL);
	for (int adopt = 0; adopt < 2; adopt++) {
		CHECK_INT(state(&place, 99, 7, adopt), DBK_SEAT_STALE);
		CHECK(strstr(place.error.text, "99") != NULL &&
		      strstr(place.error.text, "100") != NULL &&
		      strncmp(place.error.text, "STALE", 5) == 0);
		CHECK_INT(state(&place, 0, 7, adopt), DBK_SEAT_STALE);
		CHECK_INT(state(&place, 100, 8, adopt), DBK_SEAT_FORK);
		CHECK_INT(state(&place, 1000, 8, adopt), DBK_SEAT_FORK);
		CHECK(strncmp(place.error.text, "FORK", 4) == 0);
	}
	CHECK_INT(state(&place, 100, 7, false), DBK_SEAT_READY);
	end(&place);
}

static void
test_copy(void)
{
	struct place place, other;

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	sign(&place, 10, 7, NULL);
	begin(&other);
	dbk_vault_close(other.vault);
	copy(place.data, other.data);
	open_vault(&other);
	CHECK_INT(state(&other, 10, 7, false), DBK_SEAT_COPY);
	CHECK(strstr(other.error.text, "--adopt") != NULL);
	CHECK_INT(state(&other, 10, 7, false), DBK_SEAT_COPY);
	CHECK_INT(state(&other, 9, 7, true), DBK_SEAT_STALE);
	CHECK_INT(state(&other, 10, 8, true), DBK_SEAT_FORK);
	CHECK_INT(state(&other, 10, 7, false), DBK_SEAT_COPY);
	CHECK_INT(state(&other, 10, 7, true), DBK_SEAT_READY);
	CHECK_INT(state(&other, 10, 7, false), DBK_SEAT_READY);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_READY);
	end(&other);
	/* Only the data directory is another one. */
	begin(&other);
	(void)snprintf(place.data, sizeof place.data, "%s", other.data);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_COPY);
	CHECK(strstr(place.error.text, "the data directory") != NULL);
	end(&other);
	*strrchr(place.keys, '/') = '\0';
	(void)snprintf(place.data, sizeof place.data, "%.200s", place.keys);
	end(&place);
}

/* With --adopt, too: nothing of the seat may change under who signs with it. */
static void
test_in_use(void)
{
	struct dbk_tree_hash root = root_of(1);
	struct dbk_seat_options options = { .adopt = true };
	struct dbk_seat *second = NULL;
	struct place place;

	begin(&place);
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_READY);
	options.vault = place.vault;
	options.data = place.data;
	CHECK_INT(dbk_seat_open(&options, &second, &place.error), DBK_FAILED_LOCKED);
	CHECK(strstr(place.error.text, "another daemon") != NULL);
	sign(&place, 5, 1, NULL);
	CHECK_INT(state(&place, 5, 1, false), DBK_SEAT_READY);
	CHECK_INT(dbk_seat_size(place.seat), 5);
	CHECK(dbk_tree_hash_equal(dbk_seat_root(place.seat), &root));
	end(&place);
}

static void
test_moved(void)
{
	struct place place;
	char from[TMPDIR_BYTES + 8];

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	sign(&place, 10, 7, NULL);
	(void)snprintf(from, sizeof from, "%s", place.data);
	(void)snprintf(place.data + strlen(place.data),
		       sizeof place.data - strlen(place.data), ".moved");
	CHECK(rename(from, place.data) == 0);
	(void)snprintf(place.keys, sizeof place.keys, "%s/keys", place.data);
	dbk_vault_close(place.vault);
	open_vault(&place);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_READY);
	end(&place);
}

static void
test_key_without_seat(void)
{
	struct place place;
	struct dbk_buf note = { 0 };

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	sign(&place, 10, 7, &note);
	drop(&place, "seat");
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_BROKEN);
	CHECK(strstr(place.error.text, "key without its seat") != NULL);
	/* The checkpoint beside the log is what is left of its memory. */
	CHECK_INT(dbk_kept_note_write(place.data, DBK_NOTE_PUBLISHED,
				      dbk_str_make(note.bytes, note.size), NULL),
		  DBK_OK);
	CHECK_INT(state(&place, 9, 7, true), DBK_SEAT_BROKEN);
	CHECK_INT(state(&place, 10, 8, true), DBK_SEAT_FORK);
	CHECK_INT(state(&place, 10, 7, true), DBK_SEAT_READY);
	CHECK_INT(dbk_seat_size(place.seat), 10);
	CHECK_INT(state(&place, 9, 7, true), DBK_SEAT_STALE);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_READY);
	dbk_buf_fini(&note);
	end(&place);
}

static void
test_seat_without_key(void)
{
	struct place place;
	struct dbk_note_key key;

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	key = *dbk_seat_key(place.seat);
	sign(&place, 10, 7, NULL);
	drop(&place, "log.key");
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_BROKEN);
	CHECK(strstr(place.error.text, "seat without its key") != NULL);
	CHECK_INT(state(&place, 9, 7, true), DBK_SEAT_STALE);
	CHECK_INT(state(&place, 10, 7, true), DBK_SEAT_READY);
	CHECK(memcmp(key.key, dbk_seat_key(place.seat)->key, sizeof key.key) != 0);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_READY);
	sign(&place, 10, 9, NULL);
	end(&place);
}

static void
test_damaged_seat(void)
{
	struct place place;
	char path[2 * TMPDIR_BYTES];
	int fd;

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	sign(&place, 10, 7, NULL);
	(void)snprintf(path, sizeof path, "%s/seat", place.keys);
	fd = open(path, O_WRONLY);
	CHECK_INT(pwrite(fd, "\1", 1, 30), 1);
	CHECK_INT(pwrite(fd, "\1", 1, 4096 + 30), 1);
	(void)close(fd);
	CHECK_INT(state(&place, 10, 7, false), DBK_SEAT_BROKEN);
	CHECK_INT(state(&place, 10, 7, true), DBK_SEAT_READY);
	end(&place);
}

/* A seat that was brought back from yesterday is told by what lies beside the log. */
static void
test_older_seat(void)
{
	struct place place, kept;
	struct dbk_buf note = { 0 };

	begin(&place);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	sign(&place, 10, 7, NULL);
	tmpdir_make(kept.data);
	copy(place.keys, kept.data);
	sign(&place, 20, 8, &note);
	CHECK_INT(dbk_kept_note_write(place.data, DBK_NOTE_SIGNED,
				      dbk_str_make(note.bytes, note.size), NULL),
		  DBK_OK);
	dbk_seat_close(place.seat);
	place.seat = NULL;
	copy(kept.data, place.keys);
	CHECK_INT(state(&place, 19, 8, true), DBK_SEAT_STALE);
	CHECK_INT(state(&place, 20, 9, true), DBK_SEAT_FORK);
	CHECK_INT(state(&place, 20, 8, true), DBK_SEAT_READY);
	CHECK_INT(dbk_seat_size(place.seat), 20);
	tmpdir_remove(kept.data);
	dbk_buf_fini(&note);
	end(&place);
}

/* Notes of others, and no notes at all, are not claims. */
static void
test_foreign_notes(void)
{
	struct place place, other;
	struct dbk_buf note = { 0 };

	begin(&place);
	begin(&other);
	CHECK_INT(state(&other, 99, 0, false), DBK_SEAT_READY);
	sign(&other, 99, 7, &note);
	CHECK_INT(dbk_kept_note_write(place.data, DBK_NOTE_PUBLISHED,
				      dbk_str_make(note.bytes, note.size), NULL),
		  DBK_OK);
	CHECK_INT(dbk_kept_note_write(place.data, DBK_NOTE_SIGNED,
				      dbk_str_of("no note"), NULL),
		  DBK_OK);
	CHECK_INT(state(&place, 3, 0, false), DBK_SEAT_READY);
	CHECK_INT(dbk_seat_size(place.seat), 0);
	CHECK_INT(state(&place, 3, 0, false), DBK_SEAT_READY);
	dbk_buf_fini(&note);
	end(&other);
	end(&place);
}

/* The very first start, killed after each file that it makes. */
static void
test_killed_while_made(void)
{
	struct place place;

	begin(&place);
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_READY);
	sign(&place, 4, 1, NULL);
	drop(&place, "log.vkey");
	CHECK_INT(state(&place, 4, 1, false), DBK_SEAT_READY);
	end(&place);
	begin(&place);
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_READY);
	drop(&place, "log.vkey");
	drop(&place, "log.key");
	/* The seat was taken, so this is not a first start. */
	CHECK_INT(state(&place, 0, 0, false), DBK_SEAT_BROKEN);
	end(&place);
}

static void
test_wrong_seat(void)
{
	struct place place, other;
	char command[4 * TMPDIR_BYTES];

	begin(&place);
	begin(&other);
	CHECK_INT(state(&place, 10, 0, false), DBK_SEAT_READY);
	CHECK_INT(state(&other, 10, 0, false), DBK_SEAT_READY);
	sign(&other, 3, 3, NULL);
	(void)snprintf(command, sizeof command, "cat %s/seat > %s/seat", other.keys,
		       place.keys);
	dbk_seat_close(place.seat);
	place.seat = NULL;
	CHECK_INT(system(command), 0);
	CHECK_INT(state(&place, 10, 3, false), DBK_SEAT_BROKEN);
	end(&other);
	end(&place);
}

int
main(void)
{
	CHECK(dbk_secret_start());
	check_run("a folder without keys gets one when it is taken, and keeps it",
		  test_new);
	check_run("a name that cannot be, or another than that of the key, is refused",
		  test_origin);
	check_run("what is signed verifies, and is remembered first", test_signs);
	check_run("a shorter log is stale, another one a fork, whatever is adopted",
		  test_stale_and_fork);
	check_run("a copy signs nothing until it is adopted", test_copy);
	check_run("a directory that was moved is no copy", test_moved);
	check_run("a seat that somebody signs with is left alone", test_in_use);
	check_run("a key without its seat is broken, and may not go back behind the "
		  "checkpoint",
		  test_key_without_seat);
	check_run("a seat without its key is broken, and adopted with a new key",
		  test_seat_without_key);
	check_run("a seat of which no slot is whole is as good as none",
		  test_damaged_seat);
	check_run("a seat of yesterday does not go back behind a note of today",
		  test_older_seat);
	check_run("notes of others, and what is none, claim nothing",
		  test_foreign_notes);
	check_run("files that are made again, and those that are not",
		  test_killed_while_made);
	check_run("the seat of another key is none", test_wrong_seat);
	return check_end();
}
