#include "export/entries.h"

#include "clock.h"
#include "diag.h"
#include "interrupt.h"
#include "progress.h"

/* How often somebody who waits looks whether it was interrupted. */
#define LOOK_NS (CLOCK_NS_PER_SECOND / 5)

struct reading {
	struct chart *chart;
	const struct entries_sink *sink;
	struct progress progress;
	uint64_t postings;
	bool unfinished; /* the last entry's record goes on */
};

static bool
take_entry(struct reading *r, const Daybook__V1__JournalEntry *entry)
{
	for (size_t i = 0; i < entry->n_postings; i++) {
		const Daybook__V1__Posting *posting = entry->postings[i];
		struct chart_code *code = chart_find(r->chart, posting->code);

		if (code == NULL)
			return false;
		code->counted += posting->amount;
	}
	r->postings += entry->n_postings;
	if (!r->sink->take(r->sink->context, entry, !r->unfinished))
		return false;
	r->unfinished = entry->unfinished;
	return true;
}

static bool
take_chunk(struct reading *r, const Daybook__V1__JournalChunk *chunk)
{
	const struct progress_state state = {
		.what = "export",
		.done = chunk->next_position - r->chart->from,
		.total = r->chart->to - r->chart->from,
		.count = r->postings,
		.unit = "postings",
		.note = "",
	};

	for (size_t i = 0; i < chunk->n_entries; i++) {
		if (!take_entry(r, chunk->entries[i]))
			return false;
	}
	progress_show(&r->progress, &state);
	return true;
}

static int
read_chunks(struct channel_stream *stream, struct reading *r)
{
	for (;;) {
		ProtobufCMessage *message;
		bool ended, good;
		int code = session_next(stream, LOOK_NS,
					&daybook__v1__journal_chunk__descriptor,
					&message, &ended);

		if (code != EXIT_OK || ended)
			return code;
		if (interrupt_came())
			good = false;
		else
			good =
			    message == NULL ||
			    take_chunk(r, (const Daybook__V1__JournalChunk *)message);
		if (message != NULL)
			protobuf_c_message_free_unpacked(message, NULL);
		if (!good)
			return EXIT_FAILED;
	}
}

int
entries_read(struct session *session, struct chart *chart,
	     const struct entries_sink *sink, bool quiet)
{
	Daybook__V1__ReadJournalRequest request =
	    DAYBOOK__V1__READ_JOURNAL_REQUEST__INIT;
	struct reading reading = { .chart = chart, .sink = sink };
	struct channel_stream *stream;
	int code;

	/* To the size 0 would mean to the end. */
	if (chart->from == chart->to)
		return EXIT_OK;
	request.from_position = chart->from;
	request.to_size = chart->to;
	progress_begin(&reading.progress, !quiet);
	code = session_stream(session, "ReadJournal", &request.base, &stream);
	if (code != EXIT_OK)
		return code;
	code = read_chunks(stream, &reading);
	channel_stream_finish(stream);
	progress_clear(&reading.progress);
	return code;
}
