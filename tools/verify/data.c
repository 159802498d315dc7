/* data.c -- a data directory, or a backup: what was signed of it, then its parts. */

#include "verify/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proof/kept_note.h"
#include "proof/seat.h"

#define CHECKPOINT "tree/checkpoint"
#define SIGNED "tree/signed"

void
data_failed(struct verify *v, const char *file, enum dbk_err err,
	    const struct dbk_error *error)
{
	const char *words = error->text[0] == '\0' ? dbk_err_text(err) : error->text;

	switch (err) {
	case DBK_OK:
		return;
	case DBK_FAILED_MEMORY:
	case DBK_FAILED_IO:
	case DBK_FAILED_DISK_FULL:
	case DBK_FAILED_MAP_FULL:
	case DBK_FAILED_LOCKED:
	case DBK_FAILED_LIMIT:
	case DBK_FAILED_NETWORK:
	case DBK_FAILED_TIMEOUT:
		verify_failed(v, file, words);
		return;
	case DBK_FAILED_DAMAGED:
	case DBK_FAILED_VERSION:
	case DBK_FAILED_NOT_FOUND:
	case DBK_FAILED_INPUT:
	case DBK_FAILED_STATE:
		findings_add(&v->findings, file, FINDINGS_NO_RECORD, "%s", words);
		return;
	}
}

void
data_keys(const struct verify *v, char out[4096])
{
	struct stat found;

	if (v->keys != NULL)
		(void)snprintf(out, 4096, "%s", v->keys);
	else
		(void)snprintf(out, 4096, "%s/keys", v->path);
	if (stat(out, &found) != 0)
		out[0] = '\0';
}

/* ---------------------------------------------------------------- what was signed */

static void
add_mark(struct marks *marks, const char *file, uint64_t size,
	 const struct dbk_tree_hash *root)
{
	marks->all[marks->count++] = (struct mark){ file, size, *root };
}

static void
mark_checkpoint(struct verify *v, struct marks *marks)
{
	struct dbk_checkpoint checkpoint;
	enum verify_read read;
	struct dbk_buf note;

	dbk_buf_init(&note);
	read = verify_read(v, CHECKPOINT, DBK_NOTE_BYTES_MAX, &note);
	if (read == VERIFY_MISSING)
		findings_add(&v->findings, CHECKPOINT, FINDINGS_NO_RECORD,
			     "is missing: nothing says what was signed");
	else if (read == VERIFY_READ &&
		 verify_checkpoint(v, CHECKPOINT, dbk_str_make(note.bytes, note.size),
				   &checkpoint))
		add_mark(marks, CHECKPOINT, checkpoint.size, &checkpoint.root);
	dbk_buf_fini(&note);
}

/* A note that waits for its cosignatures; mostly there is none. */
static void
mark_signed(struct verify *v, struct marks *marks)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_kept_note kept;
	struct dbk_buf note;

	dbk_buf_init(&note);
	if (v->key != NULL &&
	    verify_read(v, SIGNED, DBK_NOTE_BYTES_MAX, &note) == VERIFY_READ) {
		if (dbk_kept_note_check(SIGNED, dbk_str_make(note.bytes, note.size),
					v->key, &kept, &error) == DBK_OK)
			add_mark(marks, SIGNED, kept.size, &kept.root);
		else
			findings_add(&v->findings, SIGNED, FINDINGS_NO_RECORD, "%s",
				     error.text);
	}
	dbk_buf_fini(&note);
}

static void
mark_seat(struct verify *v, struct marks *marks)
{
	struct dbk_error error = { DBK_OK, "" };
	struct dbk_seat_memory seat;
	char keys[4096];
	enum dbk_err err;

	data_keys(v, keys);
	if (keys[0] == '\0')
		return;
	err = dbk_seat_look(keys, &seat, &error);
	if (err != DBK_OK) {
		data_failed(v, "keys/seat", err, &error);
		return;
	}
	add_mark(marks, "keys/seat", seat.size, &seat.root);
	if (v->key != NULL && memcmp(seat.key, v->key->key, sizeof seat.key) != 0)
		findings_add(&v->findings, "keys/seat", FINDINGS_NO_RECORD,
			     "is of another key than %s", v->key->name);
}

/* -------------------------------------------------------------------- who writes */

/* What a daemon or a backup writes meanwhile cannot be compared. */
static bool
is_in_use(struct verify *v, const char *lock)
{
	int fd = openat(v->fd, lock, O_RDONLY | O_CLOEXEC);
	bool used;

	if (fd < 0)
		return false;
	used = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	(void)close(fd);
	if (used)
		verify_failed(v, lock,
			      "another process writes here; stop it first, or "
			      "verify a backup");
	return used;
}

void
verify_data(struct verify *v)
{
	struct marks marks = { .count = 0 };
	struct stat found;

	v->kind = fstatat(v->fd, "books", &found, 0) == 0 ||
			  fstatat(v->fd, "keys", &found, 0) == 0
		      ? "data directory"
		      : "backup";
	if (is_in_use(v, "LOCK") || is_in_use(v, "log/LOCK"))
		return;
	mark_checkpoint(v, &marks);
	mark_signed(v, &marks);
	mark_seat(v, &marks);
	data_check_log(v, &marks);
	data_check_rest(v);
}
