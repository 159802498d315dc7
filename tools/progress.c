#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"

#define REDRAW_NS (CLOCK_NS_PER_SECOND / 10)
#define BAR_COLUMNS 20
#define LINE_BYTES 256
#define ERASE_LINE "\r\033[K"

static unsigned
terminal_columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

void
progress_begin(struct progress *progress, bool wanted)
{
	progress->on = wanted && isatty(STDERR_FILENO) != 0;
	progress->drawn = false;
	progress->started_ns = clock_ns();
	progress->drawn_ns = 0;
}

double
progress_seconds(const struct progress *progress)
{
	int64_t ns = clock_ns() - progress->started_ns;

	return (double)(ns < 1000 ? 1000 : ns) / (double)CLOCK_NS_PER_SECOND;
}

/* "[######----------]  37%  ", or nothing where the end is not known. */
static void
format_bar(const struct progress_state *state, char *out, size_t bytes)
{
	uint64_t done = state->done < state->total ? state->done : state->total;
	char bar[BAR_COLUMNS + 1];
	double share;

	out[0] = '\0';
	if (state->total == 0)
		return;
	share = (double)done / (double)state->total;
	memset(bar, '-', BAR_COLUMNS);
	memset(bar, '#', (size_t)(share * BAR_COLUMNS));
	bar[BAR_COLUMNS] = '\0';
	(void)snprintf(out, bytes, "[%s] %3d%%  ", bar, (int)(share * 100));
}

/* "  0:41 left", or nothing where nobody can know. */
static void
format_left(const struct progress_state *state, double seconds, char *out, size_t bytes)
{
	double left;

	out[0] = '\0';
	if (state->total == 0 || state->done == 0 || state->done >= state->total ||
	    seconds < 1)
		return;
	left = seconds * (double)(state->total - state->done) / (double)state->done;
	if (left < 360000)
		(void)snprintf(out, bytes, "  %d:%02d left", (int)left / 60,
			       (int)left % 60);
}

void
progress_format(const struct progress_state *state, double seconds, unsigned columns,
		char *out, unsigned bytes)
{
	char bar[BAR_COLUMNS + 16], left[24];
	int size;

	format_bar(state, bar, sizeof bar);
	format_left(state, seconds, left, sizeof left);
	size = snprintf(out, bytes, "%s  %s%" PRIu64 " %s  %.0f/s%s%s%s", state->what,
			bar, state->count, state->unit, (double)state->count / seconds,
			left, state->note[0] == '\0' ? "" : "  ", state->note);
	if (size > 0 && (unsigned)size >= columns && columns < bytes)
		out[columns == 0 ? 0 : columns - 1] = '\0';
}

void
progress_show(struct progress *progress, const struct progress_state *state)
{
	char line[LINE_BYTES];
	int64_t now;

	if (!progress->on)
		return;
	now = clock_ns();
	if (now - progress->drawn_ns < REDRAW_NS)
		return;
	progress->drawn_ns = now;
	progress->drawn = true;
	progress_format(state, progress_seconds(progress), terminal_columns(), line,
			sizeof line);
	(void)fprintf(stderr, ERASE_LINE "%s", line);
	(void)fflush(stderr);
}

void
progress_clear(struct progress *progress)
{
	if (!progress->drawn)
		return;
	progress->drawn = false;
	(void)fputs(ERASE_LINE, stderr);
	(void)fflush(stderr);
}
