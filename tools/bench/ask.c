#include "bench/ask.h"

#include <stdio.h>

#include "bench/load.h"

void
ask_open(struct ask *ask, const char *address)
{
	struct channel_options options = load_options();
	struct dbk_error error = { 0 };

	dbk_buf_init(&ask->request);
	dbk_buf_init(&ask->reply);
	bench_must(channel_open(address, &options, &ask->channel, &error), &error,
		   "connect");
}

void
ask_close(struct ask *ask)
{
	channel_close(ask->channel);
	dbk_buf_fini(&ask->request);
	dbk_buf_fini(&ask->reply);
}

void
ask_call(struct ask *ask, const char *method, const ProtobufCMessage *request)
{
	size_t size = protobuf_c_message_get_packed_size(request);
	struct channel_status status;
	struct dbk_error error = { 0 };
	char path[96];

	dbk_buf_reset(&ask->request);
	if (!dbk_buf_reserve(&ask->request, size))
		bench_die("no memory for a question");
	ask->request.size = protobuf_c_message_pack(request, ask->request.bytes);
	(void)snprintf(path, sizeof path, "/daybook.v1.Daybook/%s", method);
	channel_status_init(&status);
	bench_must(channel_call(ask->channel, path,
				dbk_str_make(ask->request.bytes, ask->request.size),
				&ask->reply, &status, &error),
		   &error, method);
	if (status.code != DBK_GRPC_OK)
		bench_die("%s: %.*s", method, (int)status.message.size,
			  status.message.bytes);
	channel_status_fini(&status);
}

Daybook__V1__Status *
ask_status(struct ask *ask)
{
	Daybook__V1__GetStatusRequest request = DAYBOOK__V1__GET_STATUS_REQUEST__INIT;
	Daybook__V1__Status *status;

	ask_call(ask, "GetStatus", &request.base);
	status = daybook__v1__status__unpack(NULL, ask->reply.size, ask->reply.bytes);
	if (status == NULL || status->n_views == 0)
		bench_die("GetStatus: not a status");
	return status;
}

uint64_t
ask_view_lag(struct ask *ask)
{
	Daybook__V1__Status *status = ask_status(ask);
	uint64_t lag = status->size - status->views[0]->size;

	daybook__v1__status__free_unpacked(status, NULL);
	return lag;
}

double
ask_await_view(struct ask *ask)
{
	double begin = bench_now();

	while (ask_view_lag(ask) > 0)
		bench_sleep(0.001);
	return bench_now() - begin;
}
