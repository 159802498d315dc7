#include "proof/place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"

/* machine-id(5): 32 hex digits. */
#define MACHINE_ID "/etc/machine-id"
#define MACHINE_ID_BYTES 32

/* machine-id(5) asks that the id itself is kept from where others might read it, and a
 * hash with a name is what it recommends. */
static void
look_machine(unsigned char out[32])
{
	static const char name[] = "daybook seat ";
	unsigned char text[sizeof name - 1 + MACHINE_ID_BYTES];
	int fd = open(MACHINE_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	memset(out, 0, 32);
	memcpy(text, name, sizeof name - 1);
	if (fd >= 0) {
		n = read(fd, text + sizeof name - 1, MACHINE_ID_BYTES);
		(void)close(fd);
	}
	if (n == MACHINE_ID_BYTES)
		dbk_secret_hash(NULL, text, sizeof text, out);
}

enum dbk_err
dbk_place_look(int seat, const char *keys, const char *data, struct dbk_seat_place *out,
	       struct dbk_error *error)
{
	struct stat file, folder, book;

	if (fstat(seat, &file) != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s/seat: %s", keys,
				     strerror(errno));
	if (stat(keys, &folder) != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", keys,
				     strerror(errno));
	if (stat(data, &book) != 0)
		return dbk_error_set(error, DBK_FAILED_IO, "%s: %s", data,
				     strerror(errno));
	out->device = file.st_dev;
	out->seat = file.st_ino;
	out->keys = folder.st_ino;
	out->data = book.st_ino;
	out->data_device = book.st_dev;
	look_machine(out->machine);
	return DBK_OK;
}

const char *
dbk_place_differs(const struct dbk_seat_place *a, const struct dbk_seat_place *b)
{
	if (memcmp(a->machine, b->machine, sizeof a->machine) != 0)
		return "the machine";
	if (a->device != b->device)
		return "the disk";
	if (a->seat != b->seat || a->keys != b->keys)
		return "the folder of keys";
	if (a->data != b->data || a->data_device != b->data_device)
		return "the data directory";
	return NULL;
}

void
dbk_place_put(const struct dbk_seat_place *place, struct dbk_buf *out)
{
	dbk_buf_put_u64(out, place->device);
	dbk_buf_put_u64(out, place->seat);
	dbk_buf_put_u64(out, place->keys);
	dbk_buf_put_u64(out, place->data);
	dbk_buf_put_u64(out, place->data_device);
	dbk_buf_put(out, place->machine, sizeof place->machine);
}

void
dbk_place_get(struct dbk_cursor *at, struct dbk_seat_place *out)
{
	const unsigned char *machine;

	out->device = dbk_cursor_u64(at);
	out->seat = dbk_cursor_u64(at);
	out->keys = dbk_cursor_u64(at);
	out->data = dbk_cursor_u64(at);
	out->data_device = dbk_cursor_u64(at);
	machine = dbk_cursor_take(at, sizeof out->machine);
	if (machine != NULL)
		memcpy(out->machine, machine, sizeof out->machine);
}
