#include "event_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/v1/event.pb-c.h>

#include "base/time.h"
#include "event/json.h"

#define EVENT_BYTES_MAX 4096

static const char *
text_of(char sign, const struct event_signs *signs, const char *time, char number[24])
{
	uint64_t value = 0;

	switch (sign) {
	case '\'':
		return "\"";
	case '%':
		return time;
	case '#':
		value = signs->round;
		break;
	case '$':
		value = signs->ago;
		break;
	case '@':
		value = signs->agent;
		break;
	case '^':
		value = signs->sponsor;
		break;
	default:
		return NULL;
	}
	(void)snprintf(number, 24, "%llu", (unsigned long long)value);
	return number;
}

static void
must(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "event_text: %s\n", what);
	abort();
}

static void
expand(const char *body, const struct event_signs *signs, struct dbk_buf *out)
{
	char number[24], time[DBK_TIME_TEXT_BYTES];

	(void)dbk_time_format(signs->time_us, time);
	dbk_buf_put(out, "{\"effectiveAt\":\"", 16);
	dbk_buf_put(out, time, strlen(time));
	dbk_buf_put(out, "\",", 2);
	for (; *body != '\0'; body++) {
		const char *text = text_of(*body, signs, time, number);

		dbk_buf_put(out, text != NULL ? text : body,
			    text != NULL ? strlen(text) : 1);
	}
	dbk_buf_put(out, "}", 1);
}

/* The event as a member of an EventBatch: field 1, its length, its bytes. */
static void
put_event(struct dbk_str json, struct dbk_buf *out)
{
	ProtobufCMessage *event;
	struct dbk_error error = { 0 };
	unsigned char bytes[EVENT_BYTES_MAX];
	unsigned char head[3] = { 0x0a };
	size_t size;

	must(dbk_json_parse(json, &daybook__v1__event__descriptor, &event, &error) ==
		 DBK_OK,
	     error.text);
	size = protobuf_c_message_get_packed_size(event);
	must(size >= 8 && size <= sizeof bytes, "an event of another size");
	(void)protobuf_c_message_pack(event, bytes);
	protobuf_c_message_free_unpacked(event, NULL);
	head[1] = (unsigned char)(size < 0x80 ? size : (size & 0x7f) | 0x80);
	head[2] = (unsigned char)(size >> 7);
	dbk_buf_put(out, head, size < 0x80 ? 2 : 3);
	dbk_buf_put(out, bytes, size);
}

void
event_text_put(const char *body, const struct event_signs *signs, struct dbk_buf *out)
{
	struct dbk_buf json;

	dbk_buf_init(&json);
	expand(body, signs, &json);
	must(!dbk_buf_failed(&json), "no memory");
	put_event(dbk_str_make(json.bytes, json.size), out);
	dbk_buf_fini(&json);
}
