#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/random_message.h"
#include "../tests/lib/served_access.h"
#include "../tests/lib/served_book.h"
#include "../tests/lib/signed_port.h"
#include "daybook/v1/service.pb-c.h"
#include "service/feed.h"

#define AT "'effectiveAt':'2026-01-02T00:00:00Z'"
#define CALLS 4000

static struct served_book book;
static struct served_access access_of;
static struct signed_port port;

static void
open_book(void)
{
	served_book_open(&book);
	served_book_append(
	    &book, "erp",
	    "{" AT ",'bookOpened':{'book':'tea','currency':'CNY'}},"
	    "{" AT ",'skuDefined':{'sku':'oolong','revision':1}},"
	    "{" AT ",'agentEnrolled':{'agent':'ann'}},"
	    "{" AT ",'agentEnrolled':{'agent':'bea','sponsor':'ann'}},"
	    "{" AT ",'saleRecorded':{'order':'o','seller':'ann','lines':[{'line':1,"
	    "'sku':'oolong','qty':1,'unitPrice':9}],'paid':9,'psp':'w',"
	    "'pspTxn':'1','deliveredAt':'2026-01-02T00:00:00Z'}},"
	    "{" AT ",'planPublished':{'plan':'p','version':1}},"
	    "{" AT ",'agentVerified':{'agent':'ann','revision':1,'payeeHash':'AQID'}},"
	    "{" AT ",'bonusAwarded':{'bonus':'b','period':'m','pool':9,'metric':"
	    "'TRAINING','shares':[{'agent':'ann','amount':9}]}},"
	    "{" AT ",'payoutRequested':{'payout':'o','agent':'ann','gross':5,"
	    "'payeeHash':'AQID'}},"
	    "{" AT ",'commissionHeld':{'hold':'h','agent':'ann'}},"
	    "{" AT ",'contestOpened':{'contest':'o','metric':'TEAM_RETAIL','from':"
	    "'2026-01-02T00:00:00Z','to':'2026-01-03T00:00:00Z','pool':1}},"
	    "{" AT ",'lotRegistered':{'lot':'o','sku':'oolong','qty':9}},"
	    "{" AT ",'restockRequested':{'request':'o','agent':'bea','sku':'oolong',"
	    "'qty':2}},"
	    "{" AT ",'stockIssued':{'transfer':'o','to':{'agent':'bea'},'lines':[{"
	    "'line':1,'sku':'oolong','lot':'o','qty':3}]}},"
	    "{" AT ",'buybackRequested':{'request':'o','agent':'bea','sku':'oolong',"
	    "'lot':'o','qty':1}}");
	served_access_open(&access_of, &book.port);
	signed_port_open(&port, book.port.log, &book.port);
	signed_port_sign(&port);
}

static void
close_book(void)
{
	signed_port_close(&port);
	served_access_close(&access_of);
	served_book_close(&book);
}

static void
set_text(struct random_source *source, char **text)
{
	static const char *const words[] = {
		"",  "",    "",	     "",  "ann", "bea", "o",
		"p", "erp", "o.1.1", "w", "a1",	 "r2",	"oolong",
	};
	uint64_t which = random_below(source, sizeof words / sizeof *words + 1);
	const char *word =
	    which < sizeof words / sizeof *words ? words[which] : access_of.token.id;

	if (*text != protobuf_c_empty_string)
		free(*text);
	*text = strdup(word);
}

/* Put something that the book knows into FIELD, so that some questions get far. */
static void
make_sense_of(struct random_source *source, const ProtobufCFieldDescriptor *field,
	      void *at)
{
	uint64_t small = random_below(source, 8);
	bool is_code = strcmp(field->name, "code") == 0;
	uint32_t number = (uint32_t)small + (is_code ? 1000 + 9 * (uint32_t)small : 0);

	if (field->type == PROTOBUF_C_TYPE_STRING) {
		set_text(source, at);
	} else if (field->type == PROTOBUF_C_TYPE_UINT64) {
		memcpy(at, &small, sizeof small);
	} else if (field->type == PROTOBUF_C_TYPE_UINT32) {
		memcpy(at, &number, sizeof number);
	} else if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
		ProtobufCMessage **message = at;

		if (*message != NULL)
			protobuf_c_message_free_unpacked(*message, NULL);
		*message = NULL;
	}
}

/* Of the members of a oneof only one is there. */
static bool
is_told(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	uint32_t told;

	if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
		return true;
	memcpy(&told, (const char *)message + field->quantifier_offset, sizeof told);
	return told == field->id;
}

static void
make_sense(struct random_source *source, ProtobufCMessage *message)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];

		if (field->label != PROTOBUF_C_LABEL_REPEATED &&
		    is_told(message, field) && random_below(source, 4) != 0)
			make_sense_of(source, field,
				      (unsigned char *)message + field->offset);
	}
}

/* Call METHOD with BYTES; OK must come with a reply that can be opened. */
static bool
call(const ProtobufCMethodDescriptor *method, const uint8_t *bytes, size_t size)
{
	ProtobufCMessage *reply;
	char path[64];
	enum dbk_grpc_code code;

	(void)snprintf(path, sizeof path, "/daybook.v1.Daybook/%s", method->name);
	dbk_buf_reset(&book.reply);
	code =
	    dbk_service_call(book.service, &access_of.token.caller, dbk_str_of(path),
			     dbk_str_make(bytes, size), 0, &book.reply, &book.answer);
	CHECK_INT(code, book.answer.status.code);
	CHECK_INT(book.held, book.released);
	if (code != DBK_GRPC_OK) {
		CHECK(book.answer.status.reason.size > 0);
		CHECK(book.answer.status.message.size > 0);
		CHECK(code != DBK_GRPC_INTERNAL && code != DBK_GRPC_DATA_LOSS);
		CHECK_INT(book.reply.size, 0);
		return false;
	}
	reply = protobuf_c_message_unpack(method->output, NULL, book.reply.size,
					  book.reply.bytes);
	CHECK(reply != NULL);
	protobuf_c_message_free_unpacked(reply, NULL);
	return true;
}

static bool
is_served(const ProtobufCMethodDescriptor *method)
{
	char path[64];

	(void)snprintf(path, sizeof path, "/daybook.v1.Daybook/%s", method->name);
	return dbk_service_serves(dbk_str_of(path));
}

static void
test_messages(void)
{
	const ProtobufCServiceDescriptor *daybook = &daybook__v1__daybook__descriptor;
	struct random_source source;
	unsigned served = 0;

	random_start(&source, "requests");
	open_book();
	for (unsigned m = 0; m < daybook->n_methods; m++) {
		const ProtobufCMethodDescriptor *method = &daybook->methods[m];
		unsigned answered = 0;

		if (!is_served(method))
			continue;
		served++;
		for (unsigned i = 0; i < CALLS; i++) {
			ProtobufCMessage *request =
			    random_message(&source, method->input);
			uint8_t *bytes;
			size_t size;

			make_sense(&source, request);
			size = protobuf_c_message_get_packed_size(request);
			bytes = malloc(size + 1);
			(void)protobuf_c_message_pack(request, bytes);
			answered += call(method, bytes, size);
			free(bytes);
			protobuf_c_message_free_unpacked(request, NULL);
		}
		if (!CHECK(answered > 0))
			fprintf(stderr, "%s\n", method->name);
	}
	CHECK_INT(served, 47);
	close_book();
}

static void
test_bytes(void)
{
	const ProtobufCServiceDescriptor *daybook = &daybook__v1__daybook__descriptor;
	struct random_source source;
	struct dbk_feed *feed;

	random_start(&source, "bytes");
	open_book();
	for (unsigned i = 0; i < 12 * CALLS; i++) {
		uint64_t size = random_below(&source, 24);
		uint8_t *bytes = malloc(size + 1);
		unsigned m = (unsigned)random_below(&source, daybook->n_methods);

		for (uint64_t k = 0; k < size; k++)
			bytes[k] = (uint8_t)(random_below(&source, 2) == 0
						 ? random_below(&source, 256)
						 : random_below(&source, 12) * 8 + 2);
		if (is_served(&daybook->methods[m]))
			(void)call(&daybook->methods[m], bytes, size);
		if (dbk_feed_open(dbk_str_make(bytes, size), 5, &feed, &book.answer) ==
		    DBK_GRPC_OK)
			dbk_feed_close(feed);
		free(bytes);
	}
	close_book();
}

int
main(void)
{
	check_run("any request is answered or turned down", test_messages);
	check_run("any bytes are answered or turned down", test_bytes);
	return check_end();
}
