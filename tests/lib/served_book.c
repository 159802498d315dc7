#include "served_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "base/assert.h"
#include "daybook/v1/service.pb-c.h"
#include "event/json.h"

/* What the clocks of these tests show. */
#define DEADLINE_NS 12345
#define FIRST_US 1800000000000000

/* --------------------------------------------------------------------------- port */

static bool
ask_books(void *context, void (*question)(const struct dbk_books *books, void *answer),
	  void *answer)
{
	struct served_book *book = context;

	if (book->is_stopping)
		return false;
	book->asked++;
	if (book->before_ask != NULL)
		book->before_ask(book);
	question(dbk_ledger_books(book->ledger), answer);
	return true;
}

static struct dbk_view *
hold_view(void *context)
{
	struct served_book *book = context;

	if (book->has_no_view)
		return NULL;
	book->held++;
	return book->view;
}

static void
release_view(void *context, struct dbk_view *view)
{
	struct served_book *book = context;

	dbk_assert(view == book->view);
	book->released++;
}

static bool
wait_for_size(void *context, uint64_t size, int64_t deadline_ns)
{
	struct served_book *book = context;

	/* Whoever waits must not hold the view, or it could never be swapped. */
	dbk_assert(book->held == book->released);
	book->waited++;
	book->waited_for = size;
	book->waited_until = deadline_ns;
	if (!book->view_lags)
		served_book_catch_up(book);
	return dbk_view_size(book->view) >= size;
}

static int64_t
now_us(void *context)
{
	const struct served_book *book = context;

	return book->now_us;
}

static void
fill_status(void *context, struct dbk_service_status *out)
{
	const struct served_book *book = context;

	*out = book->status;
}

/* --------------------------------------------------------------------------- life */

void
served_book_open(struct served_book *book)
{
	struct dbk_ledger_options options = { .key = { 7 } };
	struct dbk_ledger_start start;
	struct dbk_error error = { 0 };
	char dir[TMPDIR_BYTES + 16];

	memset(book, 0, sizeof *book);
	tmpdir_make(book->dir);
	options.dir = book->dir;
	options.log.no_sync = true;
	book->now_us = FIRST_US;
	dbk_effects_init(&book->effects);
	check_must(dbk_ledger_open(&options, &book->ledger, &start, &error), &error,
	     "ledger");
	(void)snprintf(dir, sizeof dir, "%s/view", book->dir);
	check_must(dbk_view_open(dir, NULL, &book->view, &error), &error, "view");
	book->port = (struct dbk_service_port){
		.context = book,
		.ask_books = ask_books,
		.hold_view = hold_view,
		.release_view = release_view,
		.wait_for_size = wait_for_size,
		.now_us = now_us,
		.fill_status = fill_status,
		.log = dbk_ledger_log(book->ledger),
	};
	check_must(dbk_service_open(&book->port, &book->service, &error), &error, "service");
}

void
served_book_close(struct served_book *book)
{
	dbk_assert(book->held == book->released);
	dbk_service_close(book->service);
	dbk_view_close(book->view);
	dbk_ledger_close(book->ledger);
	dbk_effects_fini(&book->effects);
	dbk_buf_fini(&book->reply);
	dbk_buf_fini(&book->text);
	tmpdir_remove(book->dir);
}

/* ------------------------------------------------------------------------- append */

uint64_t
served_book_size(const struct served_book *book)
{
	return dbk_log_size(dbk_ledger_log(book->ledger));
}

void
served_book_catch_up(struct served_book *book)
{
	struct dbk_error error = { 0 };

	if (book->effects.size_after > dbk_view_size(book->view))
		check_must(dbk_view_apply(book->view, &book->effects, &error), &error,
		     "apply");
}

void
served_book_append_bytes(struct served_book *book, const char *source,
			 struct dbk_str batch)
{
	struct dbk_ledger_batch admitted = { .source = dbk_str_of(source),
					     .events = batch,
					     .administers = true };
	struct dbk_error error = { 0 };
	struct dbk_buf reply;
	uint64_t expected;
	enum dbk_admission admission;

	dbk_buf_init(&reply);
	dbk_ledger_begin(book->ledger, FIRST_US + (int64_t)served_book_size(book));
	admission =
	    dbk_ledger_admit(book->ledger, &admitted, &reply, &expected, &error);
	dbk_assert(admission == DBK_ADMITTED);
	check_must(dbk_ledger_commit(book->ledger, &error), &error, "commit");
	served_book_catch_up(book);
	dbk_ledger_swap_effects(book->ledger, &book->effects);
	if (!book->view_lags)
		served_book_catch_up(book);
	dbk_buf_fini(&reply);
}

void
served_book_append(struct served_book *book, const char *source, const char *events)
{
	struct dbk_buf json, batch;

	dbk_buf_init(&json);
	dbk_buf_init(&batch);
	dbk_buf_printf(&json, "{'events':[%s]}", events);
	dbk_buf_put_u8(&json, '\0');
	served_book_message("EventBatch", (const char *)json.bytes, &batch);
	served_book_append_bytes(book, source, dbk_str_make(batch.bytes, batch.size));
	dbk_buf_fini(&json);
	dbk_buf_fini(&batch);
}

/* --------------------------------------------------------------------- JSON, calls */

static const ProtobufCMessageDescriptor *
find_message(const char *name)
{
	static const ProtobufCMessageDescriptor *const others[] = {
		&daybook__v1__event_batch__descriptor,
		&daybook__v1__subscribe_request__descriptor,
		&daybook__v1__subscribe_reply__descriptor,
		&daybook__v1__read_journal_request__descriptor,
		&daybook__v1__journal_chunk__descriptor,
		&daybook__v1__watch_findings_request__descriptor,
		&daybook__v1__findings_chunk__descriptor,
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcmp(others[i]->short_name, name) == 0)
			return others[i];
	abort();
}

static void
pack_json(const ProtobufCMessageDescriptor *descriptor, const char *json,
	  struct dbk_buf *out)
{
	char *text = strdup(json);
	ProtobufCMessage *message;
	struct dbk_error error = { 0 };
	enum dbk_err err;

	for (char *c = text; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	err = dbk_json_parse(dbk_str_of(text), descriptor, &message, &error);
	check_must(err, &error, text);
	if (!dbk_buf_reserve(out, protobuf_c_message_get_packed_size(message)))
		abort();
	out->size += protobuf_c_message_pack(message, out->bytes + out->size);
	protobuf_c_message_free_unpacked(message, NULL);
	free(text);
}

void
served_book_message(const char *name, const char *json, struct dbk_buf *out)
{
	pack_json(find_message(name), json, out);
}

static const char *
unpack_json(struct served_book *book, const ProtobufCMessageDescriptor *descriptor,
	    struct dbk_str bytes)
{
	ProtobufCMessage *message = protobuf_c_message_unpack(
	    descriptor, NULL, bytes.size, (const uint8_t *)bytes.bytes);
	struct dbk_error error = { 0 };

	if (message == NULL)
		return "these bytes are not such a message";
	dbk_buf_reset(&book->text);
	check_must(dbk_json_write(message, NULL, &book->text, &error), &error, "json");
	dbk_buf_put_u8(&book->text, '\0');
	protobuf_c_message_free_unpacked(message, NULL);
	for (size_t i = 0; i < book->text.size; i++)
		if (book->text.bytes[i] == '"')
			book->text.bytes[i] = '\'';
	return (const char *)book->text.bytes;
}

const char *
served_book_text(struct served_book *book, const char *name, struct dbk_str bytes)
{
	return unpack_json(book, find_message(name), bytes);
}

const char *
served_book_status(struct served_book *book, const struct dbk_service_answer *answer)
{
	const struct dbk_grpc_status *status = &answer->status;

	dbk_buf_reset(&book->text);
	dbk_buf_printf(&book->text, "%s %.*s", dbk_grpc_status_name(status->code),
		       (int)status->reason.size, status->reason.bytes);
	for (size_t i = 0; i < status->field_count; i++)
		dbk_buf_printf(
		    &book->text, " %.*s=%.*s", (int)status->fields[i].name.size,
		    status->fields[i].name.bytes, (int)status->fields[i].value.size,
		    status->fields[i].value.bytes);
	dbk_buf_put_u8(&book->text, '\0');
	return (const char *)book->text.bytes;
}

const char *
served_book_call(struct served_book *book, const char *method, const char *request)
{
	const ProtobufCMethodDescriptor *descriptor =
	    protobuf_c_service_descriptor_get_method_by_name(
		&daybook__v1__daybook__descriptor, method);
	struct dbk_buf bytes;
	char path[64];
	enum dbk_grpc_code code;

	dbk_assert(descriptor != NULL);
	dbk_buf_init(&bytes);
	pack_json(descriptor->input, request, &bytes);
	(void)snprintf(path, sizeof path, "/daybook.v1.Daybook/%s", method);
	dbk_buf_reset(&book->reply);
	code = dbk_service_call(book->service, NULL, dbk_str_of(path),
				dbk_str_make(bytes.bytes, bytes.size), DEADLINE_NS,
				&book->reply, &book->answer);
	dbk_buf_fini(&bytes);
	dbk_assert(book->held == book->released);
	if (code != DBK_GRPC_OK)
		return served_book_status(book, &book->answer);
	return unpack_json(book, descriptor->output,
			   dbk_str_make(book->reply.bytes, book->reply.size));
}
