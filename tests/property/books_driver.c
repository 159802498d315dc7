/*
 * books_driver -- the core on a leash: a line in, a line out.
 *
 *	{"effectiveAt":...}   an event as proto3 JSON: decided, its verdict printed
 *	@NAME {...}           the same, delivered by the source NAME
 *	#raw HEX              an event as bytes
 *	#digest               the digest of the books
 *	#check                walk the invariants (aborts if one is broken)
 *	#mark, #rewind        undo everything since the newest mark
 *	#balances             accounts and positions, added up from the effects
 *
 * Each input line is answered by one line of JSON, whatever it holds.  The argument is
 * a number that keys the tables in memory; it must have no influence.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "books/books.h"
#include "books/foresee.h"
#include "books_ledger.h"
#include "daybook/v1/event.pb-c.h"
#include "event/decode.h"
#include "event/json.h"

#define ARENA_BYTES ((size_t)1 << 22)

struct record {
	unsigned char *bytes; /* NULL if it was refused */
	size_t size;
};

struct driver {
	struct dbk_books *books;
	struct dbk_effects effects;
	struct dbk_arena event_arena, past_arena;
	struct dbk_buf out;
	struct record *records;
	size_t n_records, cap_records;
	struct ledger *ledger;
	struct ledger *ledger_at_mark; /* NULL: no mark */
	struct dbk_mark mark;
	size_t n_records_at_mark;
	struct dbk_str source; /* of the event at hand */
};

static void
die(const char *what)
{
	fprintf(stderr, "books_driver: %s\n", what);
	exit(1);
}

static void *
must_have(void *memory)
{
	if (memory == NULL)
		die("no memory");
	return memory;
}

static bool
read_history(void *context, uint64_t position, struct dbk_str *out)
{
	const struct driver *d = context;

	if (position >= d->n_records || d->records[position].bytes == NULL)
		return false;
	*out = dbk_str_make(d->records[position].bytes, d->records[position].size);
	return true;
}

static void
keep_record(struct driver *d, struct dbk_str bytes, bool accepted)
{
	struct record record = { NULL, bytes.size };

	if (accepted) {
		record.bytes = must_have(malloc(bytes.size + 1));
		memcpy(record.bytes, bytes.bytes, bytes.size);
	}
	if (d->n_records == d->cap_records) {
		d->cap_records = 2 * d->cap_records + 64;
		d->records =
		    must_have(realloc(d->records, d->cap_records * sizeof *d->records));
	}
	d->records[d->n_records++] = record;
}

static void
forget_records(struct driver *d, size_t keep)
{
	while (d->n_records > keep)
		free(d->records[--d->n_records].bytes);
}

static void
write_field(const char *key, const struct dbk_field *field, struct dbk_buf *out)
{
	char text[DBK_FIELD_TEXT_BYTES];
	size_t size = dbk_field_format(field, text);

	dbk_buf_printf(out, ",\"%s\":", key);
	ledger_write_text(dbk_str_make(text, size), out);
}

static void
write_fault(struct driver *d, const struct dbk_event_fault *fault)
{
	dbk_buf_printf(&d->out, "{\"outcome\":\"INVALID\",\"fault\":\"%s\"",
		       dbk_fault_name(fault->fault));
	write_field("field", &fault->field, &d->out);
	dbk_buf_printf(&d->out, ",\"value\":");
	ledger_write_text(fault->value, &d->out);
	if (fault->has_number)
		dbk_buf_printf(&d->out, ",\"number\":%lld", (long long)fault->number);
	dbk_buf_put_u8(&d->out, '}');
}

static void
write_refusal(struct driver *d, const struct dbk_verdict *verdict)
{
	const struct dbk_refusal *refusal = &verdict->refusal;

	dbk_buf_printf(
	    &d->out, "{\"outcome\":\"REFUSED\",\"position\":%llu,\"rule\":\"%s\"",
	    (unsigned long long)verdict->position, dbk_rule_name(refusal->rule));
	write_field("field", &refusal->field, &d->out);
	dbk_buf_printf(&d->out, ",\"value\":");
	ledger_write_text(refusal->value, &d->out);
	dbk_buf_printf(&d->out, ",\"measured\":%lld,\"limit\":%lld,\"other\":%lld",
		       (long long)refusal->measured, (long long)refusal->limit,
		       (long long)refusal->other_position_plus_one - 1);
}

/* What the event, or what fell due before it, has brought; ORDER as in ledger_take().
 */
static void
write_effects(struct driver *d, struct dbk_str order)
{
	const char *wrong = ledger_take(d->ledger, &d->effects, order);

	if (wrong != NULL)
		dbk_buf_printf(&d->out, ",\"wrong\":\"%s\"", wrong);
	else
		ledger_write_effects(d->ledger, &d->effects, &d->out);
	dbk_buf_put_u8(&d->out, '}');
}

/* The order that EVENT names, if it does. */
static struct dbk_str
order_of(const struct dbk_event *event)
{
	struct dbk_str none = { NULL, 0 };

	if (event->type == DBK_EVENT_SALE_RECORDED ||
	    event->type == DBK_EVENT_ORDER_PLACED)
		return event->u.sale.order;
	if (event->type == DBK_EVENT_REFUND_REQUESTED ||
	    event->type == DBK_EVENT_REFUND_APPROVED)
		return event->u.refund_step.order;
	return none;
}

static void
write_accepted(struct driver *d, const struct dbk_event *event,
	       const struct dbk_verdict *verdict)
{
	dbk_buf_printf(&d->out, "{\"outcome\":\"ACCEPTED\",\"position\":%llu",
		       (unsigned long long)verdict->position);
	write_effects(d, order_of(event));
}

static void
write_verdict(struct driver *d, const struct dbk_event *event,
	      const struct dbk_verdict *verdict)
{
	switch (verdict->outcome) {
	case DBK_ACCEPTED:
		write_accepted(d, event, verdict);
		break;
	case DBK_REFUSED:
		write_refusal(d, verdict);
		write_effects(d, dbk_str_make(NULL, 0));
		break;
	case DBK_DUPLICATE:
		dbk_buf_printf(&d->out, "{\"outcome\":\"DUPLICATE\",\"position\":%llu}",
			       (unsigned long long)verdict->position);
		break;
	case DBK_INVALID:
		dbk_buf_printf(&d->out, "{\"outcome\":\"INVALID\",\"fault\":\"?\"}");
		break;
	}
}

static void
decide(struct driver *d, struct dbk_str bytes)
{
	struct dbk_event event;
	struct dbk_event_fault fault;
	struct dbk_foresight foresight;
	struct dbk_verdict verdict;
	enum dbk_err err;

	memset(&fault, 0, sizeof fault);
	dbk_arena_reset(&d->event_arena);
	dbk_arena_reset(&d->past_arena);
	if (!dbk_event_decode(bytes, &d->event_arena, &event, &fault) ||
	    !dbk_event_check(&event, &fault)) {
		write_fault(d, &fault);
		return;
	}
	event.source = d->source;
	dbk_effects_reset(&d->effects, dbk_books_size(d->books));
	for (unsigned step = 0; step < DBK_FORESEE_STEPS; step++)
		dbk_books_foresee(d->books, &event, step, &foresight);
	err = dbk_books_decide_foreseen(d->books, &event, &foresight, &d->effects,
					&d->past_arena, &verdict);
	if (err != DBK_OK) {
		dbk_buf_printf(&d->out, "{\"outcome\":\"FAILED\",\"error\":\"%s\"}",
			       dbk_err_text(err));
		return;
	}
	if (verdict.outcome != DBK_DUPLICATE)
		keep_record(d, bytes, verdict.outcome == DBK_ACCEPTED);
	write_verdict(d, &event, &verdict);
	if (d->ledger_at_mark == NULL)
		dbk_books_commit(d->books);
}

/* Cut the source, if one is named, off the front of LINE. */
static struct dbk_str
cut_source(struct driver *d, struct dbk_str line)
{
	const char *end;

	d->source = dbk_str_make(NULL, 0);
	if (line.size == 0 || line.bytes[0] != '@')
		return line;
	end = memchr(line.bytes, ' ', line.size);
	if (end == NULL)
		return line;
	d->source = dbk_str_make(line.bytes + 1, (size_t)(end - line.bytes) - 1);
	return dbk_str_make(end + 1, line.size - d->source.size - 2);
}

static void
take_json(struct driver *d, struct dbk_str line)
{
	struct dbk_error error = { DBK_OK, "" };
	ProtobufCMessage *message;
	unsigned char *bytes;
	size_t size;

	if (dbk_json_parse(line, &daybook__v1__event__descriptor, &message, &error) !=
	    DBK_OK) {
		dbk_buf_printf(&d->out, "{\"outcome\":\"UNREADABLE\",\"error\":");
		ledger_write_text(dbk_str_of(error.text), &d->out);
		dbk_buf_put_u8(&d->out, '}');
		return;
	}
	size = protobuf_c_message_get_packed_size(message);
	bytes = must_have(malloc(size + 1));
	protobuf_c_message_pack(message, bytes);
	protobuf_c_message_free_unpacked(message, NULL);
	decide(d, dbk_str_make(bytes, size));
	free(bytes);
}

/* -1: no hexadecimal digit. */
static int
digit_of(char c)
{
	const char *digits = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

static void
take_raw(struct driver *d, struct dbk_str hex)
{
	unsigned char *bytes = must_have(malloc(hex.size / 2 + 1));
	int high, low;

	for (uint32_t i = 0; i + 1 < hex.size; i += 2) {
		high = digit_of(hex.bytes[i]);
		low = digit_of(hex.bytes[i + 1]);
		bytes[i / 2] =
		    (unsigned char)((high < 0 ? 0 : high) * 16 + (low < 0 ? 0 : low));
	}
	decide(d, dbk_str_make(bytes, hex.size / 2));
	free(bytes);
}

static void
write_digest(struct driver *d)
{
	unsigned char digest[DBK_DIGEST_BYTES];

	dbk_books_digest(d->books, digest);
	dbk_buf_printf(&d->out, "{\"digest\":\"");
	for (size_t i = 0; i < sizeof digest; i++)
		dbk_buf_printf(&d->out, "%02x", digest[i]);
	dbk_buf_printf(&d->out, "\"}");
}

static void
set_mark(struct driver *d)
{
	if (d->ledger_at_mark == NULL)
		d->ledger_at_mark = must_have(malloc(sizeof *d->ledger_at_mark));
	memcpy(d->ledger_at_mark, d->ledger, sizeof *d->ledger);
	d->n_records_at_mark = d->n_records;
	dbk_books_mark(d->books, &d->mark);
}

static bool
rewind_to_mark(struct driver *d)
{
	if (d->ledger_at_mark == NULL)
		return false;
	dbk_books_rewind(d->books, &d->mark);
	dbk_books_commit(d->books);
	memcpy(d->ledger, d->ledger_at_mark, sizeof *d->ledger);
	forget_records(d, d->n_records_at_mark);
	free(d->ledger_at_mark);
	d->ledger_at_mark = NULL;
	return true;
}

static bool
is_command(struct dbk_str line, const char *command)
{
	return dbk_str_equal(line, dbk_str_of(command));
}

static void
take_command(struct driver *d, struct dbk_str line)
{
	bool is_known = true;

	if (is_command(line, "#digest")) {
		write_digest(d);
		return;
	}
	if (is_command(line, "#balances")) {
		ledger_write(d->ledger, &d->out);
		return;
	}
	if (line.size >= 5 && memcmp(line.bytes, "#raw ", 5) == 0) {
		take_raw(d, dbk_str_make(line.bytes + 5, line.size - 5));
		return;
	}
	if (is_command(line, "#check"))
		dbk_books_check(d->books);
	else if (is_command(line, "#mark"))
		set_mark(d);
	else
		is_known = is_command(line, "#rewind") && rewind_to_mark(d);
	dbk_buf_printf(&d->out, is_known ? "{\"ok\":true}" : "{\"ok\":false}");
}

static void
take_line(struct driver *d, struct dbk_str line)
{
	dbk_buf_reset(&d->out);
	if (line.size > 0 && line.bytes[0] == '#')
		take_command(d, line);
	else
		take_json(d, cut_source(d, line));
	dbk_buf_put_u8(&d->out, '\n');
	if (dbk_buf_failed(&d->out))
		die("no memory");
	fwrite(d->out.bytes, 1, d->out.size, stdout);
	fflush(stdout);
}

static void
open_driver(struct driver *d, const char *seed)
{
	unsigned char key[DBK_HASH_KEY_BYTES] = { 0 };

	memset(d, 0, sizeof *d);
	(void)snprintf((char *)key, sizeof key, "%s", seed);
	if (dbk_books_open(key, &d->books) != DBK_OK)
		die("the books do not open");
	dbk_books_set_history(d->books, read_history, d);
	dbk_effects_init(&d->effects);
	dbk_arena_init(&d->event_arena, ARENA_BYTES);
	dbk_arena_init(&d->past_arena, ARENA_BYTES);
	dbk_buf_init(&d->out);
	d->ledger = must_have(calloc(1, sizeof *d->ledger));
}

static void
close_driver(struct driver *d)
{
	dbk_books_close(d->books);
	dbk_effects_fini(&d->effects);
	dbk_arena_fini(&d->event_arena);
	dbk_arena_fini(&d->past_arena);
	dbk_buf_fini(&d->out);
	forget_records(d, 0);
	free(d->records);
	free(d->ledger);
	free(d->ledger_at_mark);
}

int
main(int argc, char **argv)
{
	struct driver driver;
	char *line = NULL;
	size_t capacity = 0;
	ssize_t size;

	open_driver(&driver, argc > 1 ? argv[1] : "0");
	while ((size = getline(&line, &capacity, stdin)) >= 0) {
		if (size > 0 && line[size - 1] == '\n')
			size--;
		take_line(&driver, dbk_str_make(line, (size_t)size));
	}
	free(line);
	close_driver(&driver);
	return 0;
}
