#include "event_out.h"

#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "json_rows.h"

#define US_PER_SECOND 1000000

static int64_t
now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * US_PER_SECOND + now.tv_nsec / 1000;
}

void
event_out_init(struct event_out *out, const struct event_out_options *options)
{
	int64_t us = options->at.given ? options->at.us : now_us();

	google__protobuf__timestamp__init(&out->at);
	out->at.seconds = us / US_PER_SECOND;
	out->at.nanos = (int32_t)(us % US_PER_SECOND) * 1000;
	out->actor = options->actor;
	out->count = 0;
}

Daybook__V1__Event
event_out_make(struct event_out *out)
{
	Daybook__V1__Event event = DAYBOOK__V1__EVENT__INIT;

	event.effective_at = &out->at;
	if (out->actor != NULL)
		event.actor = (char *)out->actor;
	return event;
}

void
event_out_print(struct event_out *out, const Daybook__V1__Event *event)
{
	struct dbk_buf text;

	dbk_buf_init(&text);
	json_rows_write(&event->base, false, &text);
	(void)fwrite(text.bytes, 1, text.size, stdout);
	(void)fputc('\n', stdout);
	dbk_buf_fini(&text);
	out->count++;
}
