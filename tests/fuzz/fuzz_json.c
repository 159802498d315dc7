/*
 * Any bytes as the JSON of an event, and what can be read goes there and back: written,
 * read again and packed, it is the same message.  The first byte chooses how to write.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "event/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
demand(bool holds)
{
	if (!holds)
		abort();
}

static void
demand_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
	size_t size = protobuf_c_message_get_packed_size(a);
	uint8_t *of_a = malloc(size + 1), *of_b = malloc(size + 1);

	demand(of_a != NULL && of_b != NULL);
	demand(protobuf_c_message_get_packed_size(b) == size);
	(void)protobuf_c_message_pack(a, of_a);
	(void)protobuf_c_message_pack(b, of_b);
	demand(memcmp(of_a, of_b, size) == 0);
	free(of_a);
	free(of_b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dbk_json_options options = { .emit_defaults = false };
	ProtobufCMessage *message, *back;
	struct dbk_error error;
	struct dbk_buf text;

	if (size == 0)
		return 0;
	options.emit_defaults = (bytes[0] & 1) != 0;
	options.indent = bytes[0] >> 1 & 3;
	if (dbk_json_parse(dbk_str_make(bytes + 1, size - 1),
			   &daybook__v1__event__descriptor, &message,
			   &error) != DBK_OK) {
		demand(error.code != DBK_OK && error.text[0] != '\0');
		return 0;
	}
	dbk_buf_init(&text);
	demand(dbk_json_write(message, &options, &text, &error) == DBK_OK);
	demand(dbk_json_parse(dbk_str_make(text.bytes, text.size),
			      &daybook__v1__event__descriptor, &back,
			      &error) == DBK_OK);
	demand_same(message, back);
	protobuf_c_message_free_unpacked(message, NULL);
	protobuf_c_message_free_unpacked(back, NULL);
	dbk_buf_fini(&text);
	return 0;
}
