#ifndef TOOLS_BENCH_ASK_H
#define TOOLS_BENCH_ASK_H

/*
 * ask.h -- questions to the daemon, one at a time, over a connection of its own.
 */

#include <protobuf-c/protobuf-c.h>

#include "bench/bench.h"
#include "channel.h"

#include "daybook/v1/service.pb-c.h"

struct ask {
	struct channel *channel;
	struct dbk_buf request, reply;
};

void ask_open(struct ask *ask, const char *address);
void ask_close(struct ask *ask);

/* Send REQUEST to METHOD; the reply's bytes are in ask->reply. */
void ask_call(struct ask *ask, const char *method, const ProtobufCMessage *request);

/* What GetStatus says: to be given back with daybook__v1__status__free_unpacked(). */
Daybook__V1__Status *ask_status(struct ask *ask);

/* Records that the view is behind the log by. */
uint64_t ask_view_lag(struct ask *ask);

/* Wait until the view has everything; the seconds that took. */
double ask_await_view(struct ask *ask);

#endif
