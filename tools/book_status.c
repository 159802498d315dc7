#include "book_status.h"

#include <time.h>

#include "clock.h"

/* Views flush several times a second; asking more often would only cost. */
#define PAUSE_NS 50000000L

int
book_status_get(struct session *session, Daybook__V1__Status **out)
{
	Daybook__V1__GetStatusRequest request = DAYBOOK__V1__GET_STATUS_REQUEST__INIT;
	ProtobufCMessage *reply;
	int code = session_call(session, "GetStatus", &request.base,
				&daybook__v1__status__descriptor, &reply);

	if (code == EXIT_OK)
		*out = (Daybook__V1__Status *)reply;
	return code;
}

static bool
is_there(const Daybook__V1__Status *status, uint64_t at_least, bool views)
{
	if (status->size < at_least)
		return false;
	for (size_t i = 0; views && i < status->n_views; i++) {
		if (status->views[i]->rebuilding ||
		    status->views[i]->size < status->size)
			return false;
	}
	return true;
}

int
book_status_exponent(struct session *session, unsigned *out)
{
	Daybook__V1__Status *status;
	int code = book_status_get(session, &status);

	if (code != EXIT_OK)
		return code;
	*out = status->exponent;
	protobuf_c_message_free_unpacked(&status->base, NULL);
	return EXIT_OK;
}

int
book_status_wait(struct session *session, uint64_t at_least, bool views,
		 uint64_t timeout_s, Daybook__V1__Status **out)
{
	const struct timespec pause = { 0, PAUSE_NS };
	int64_t end = clock_ns() + (int64_t)timeout_s * CLOCK_NS_PER_SECOND;

	for (;;) {
		Daybook__V1__Status *status;
		int code = book_status_get(session, &status);

		if (code != EXIT_OK)
			return code;
		if (is_there(status, at_least, views)) {
			*out = status;
			return EXIT_OK;
		}
		if (clock_ns() >= end) {
			diag_error("not there after %llu s: the log holds %llu records",
				   (unsigned long long)timeout_s,
				   (unsigned long long)status->size);
			protobuf_c_message_free_unpacked(&status->base, NULL);
			return EXIT_FAILED;
		}
		protobuf_c_message_free_unpacked(&status->base, NULL);
		(void)nanosleep(&pause, NULL);
	}
}
