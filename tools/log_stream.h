#ifndef TOOLS_LOG_STREAM_H
#define TOOLS_LOG_STREAM_H

/*
 * log_stream.h -- ReadLog: the groups of a daemon's log, whole, and its checkpoint.
 *
 * Whatever goes wrong is said on stderr once, here; callers pass the exit code on.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "session.h"
#include "tlog/note.h"

struct log_stream;

/* The groups from FROM_GROUP on, which begins at FROM_POSITION; group 0 with a
 * position: those of the commit that holds it and behind.  EXIT_OK and *OUT, or what to
 * exit with. */
int log_stream_open(struct session *session, uint64_t from_group,
		    uint64_t from_position, struct log_stream **out);

/* NULL is nothing. */
void log_stream_close(struct log_stream *stream);

/* The next group's value, borrowed until the next call; *OUT_ENDED: there was none. */
int log_stream_next(struct log_stream *stream, struct dbk_str *out_value,
		    bool *out_ended);

/* Records that the checkpoint will cover; 0 before the first group. */
uint64_t log_stream_size(const struct log_stream *stream);

/* The signed note over them, once the stream has ended; borrowed from it. */
struct dbk_str log_stream_note(const struct log_stream *stream);

/* Ask for the verifier key of the daemon's log. */
int log_stream_key(struct session *session, struct dbk_note_key *out);

#endif
