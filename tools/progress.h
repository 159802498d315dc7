#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

/*
 * progress.h -- one line on stderr that says how far something is.
 *
 * It is drawn at most ten times a second, only where stderr is a terminal, and never
 * wider than that.  It uses nothing but carriage return and "erase to the end of the
 * line", so that whatever ends the program leaves the terminal as it was.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool on;
	bool drawn;
	int64_t started_ns;
	int64_t drawn_ns;
};

struct progress_state {
	const char *what; /* "append" */
	uint64_t done;	  /* of TOTAL, in whatever unit */
	uint64_t total;	  /* 0: not known; no bar then */
	uint64_t count;	  /* of UNIT */
	const char *unit; /* "events" */
	const char *note; /* "3 refused"; may be empty */
};

/* WANTED false, or stderr not a terminal: nothing is ever drawn. */
void progress_begin(struct progress *progress, bool wanted);

/* Draw STATE unless it is too soon. */
void progress_show(struct progress *progress, const struct progress_state *state);

/* Take the line away.  Again: nothing. */
void progress_clear(struct progress *progress);

/* Seconds since the beginning, at least a microsecond. */
double progress_seconds(const struct progress *progress);

/*
 * The line for STATE after SECONDS in at most COLUMNS columns; OUT holds BYTES.  For
 * progress_show(), and for tests.
 */
void progress_format(const struct progress_state *state, double seconds,
		     unsigned columns, char *out, unsigned bytes);

#endif
