#include "fuzz_input.h"

#include <stdlib.h>

#include <daybook/v1/event.pb-c.h>

#include "event/json.h"

void
fuzz_demand(bool holds)
{
	if (!holds)
		abort();
}

uint8_t
fuzz_next(struct fuzz_reader *reader)
{
	return reader->at < reader->end ? *reader->at++ : 0;
}

int64_t
fuzz_next_value(struct fuzz_reader *reader, unsigned width)
{
	static const unsigned sizes[] = { 0, 1, 4, 8 };
	uint64_t value = 0;

	for (unsigned i = 0; i < sizes[width]; i++)
		value |= (uint64_t)fuzz_next(reader) << 8 * i;
	return (int64_t)value;
}

void
fuzz_pack(const ProtobufCMessage *message, struct dbk_buf *out)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = malloc(size + 1);

	fuzz_demand(bytes != NULL);
	(void)protobuf_c_message_pack(message, bytes);
	dbk_buf_put(out, bytes, size);
	free(bytes);
}

void
fuzz_json_and_back(struct dbk_str bytes, struct dbk_buf *out)
{
	Daybook__V1__Event *event =
	    daybook__v1__event__unpack(NULL, bytes.size, (const uint8_t *)bytes.bytes);
	ProtobufCMessage *back;
	struct dbk_error error;
	struct dbk_buf text;

	fuzz_demand(event != NULL);
	dbk_buf_init(&text);
	fuzz_demand(dbk_json_write(&event->base, NULL, &text, &error) == DBK_OK);
	fuzz_demand(dbk_json_parse(dbk_str_make(text.bytes, text.size),
				   &daybook__v1__event__descriptor, &back,
				   &error) == DBK_OK);
	fuzz_pack(back, out);
	protobuf_c_message_free_unpacked(back, NULL);
	daybook__v1__event__free_unpacked(event, NULL);
	dbk_buf_fini(&text);
}
