/* rebuild.c -- drops a view and follows how it is built again. */

#include <inttypes.h>

#include <daybook/v1/service.pb-c.h>

#include "progress.h"
#include "session.h"
#include "verbs.h"

struct options {
	struct cli_common common;
	bool quiet;
};

static const struct options defaults = { .quiet = false };

static const struct cli_option options[] = {
	{ "quiet", NULL, "no progress, no words at the end", CLI_FLAG,
	  offsetof(struct options, quiet), 0, 0 },
	CLI_OPTION_END
};

static void
show(struct progress *progress, const Daybook__V1__RebuildProgress *reply)
{
	const struct progress_state state = {
		.what = reply->view,
		.done = reply->size,
		.total = reply->of_size,
		.count = reply->size,
		.unit = "records",
		.note = "",
	};

	progress_show(progress, &state);
}

static void
say_done(struct progress *progress, const Daybook__V1__RebuildProgress *reply,
	 bool quiet)
{
	if (!reply->done || quiet)
		return;
	progress_clear(progress);
	(void)printf("%s: %" PRIu64 " records in %.1f s\n",
		     reply->view[0] == '\0' ? "all views" : reply->view, reply->size,
		     progress_seconds(progress));
	(void)fflush(stdout);
}

static int
follow(struct channel_stream *stream, bool quiet)
{
	struct progress progress;
	bool ended = false;
	int code = EXIT_OK;

	progress_begin(&progress, !quiet);
	while (code == EXIT_OK && !ended) {
		const Daybook__V1__RebuildProgress *reply;
		ProtobufCMessage *message;

		code = session_next(stream, CHANNEL_NO_TIMEOUT,
				    &daybook__v1__rebuild_progress__descriptor,
				    &message, &ended);
		if (message == NULL)
			continue;
		reply = (const Daybook__V1__RebuildProgress *)message;
		show(&progress, reply);
		say_done(&progress, reply, quiet);
		protobuf_c_message_free_unpacked(message, NULL);
	}
	progress_clear(&progress);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	Daybook__V1__RebuildViewRequest request =
	    DAYBOOK__V1__REBUILD_VIEW_REQUEST__INIT;
	struct channel_stream *stream;
	struct session *session;
	int code = session_open(&o->common, &session);

	if (code != EXIT_OK)
		return code;
	if (call->operand_count == 1)
		request.view = call->operands[0];
	code = session_stream(session, "RebuildView", &request.base, &stream);
	if (code == EXIT_OK) {
		code = follow(stream, o->quiet);
		channel_stream_finish(stream);
	}
	session_close(session);
	return code;
}

const struct cli_verb verb_rebuild = {
	.name = "rebuild",
	.group = CLI_OPERATE,
	.operands = "[VIEW]",
	.summary = "drop a view and build it again from the log",
	.about =
	    "The daemon serves meanwhile; questions to the view wait or fail until it "
	    "is there\nagain. Without VIEW all of them. Ctrl-C cancels. The names of "
	    "the views are in\n`daybook status`.",
	.examples = "  daybook rebuild\n"
		    "  daybook rebuild ledger\n"
		    "  daybook rebuild --quiet && daybook status --wait",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 1,
	.run = run,
};
