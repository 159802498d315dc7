#ifndef TOOLS_LINT_FILE_H
#define TOOLS_LINT_FILE_H

/*
 * lint_file.h -- what the linters of plans and of guard sets do alike: events of one
 * type out of a file, and the words for what cannot stand.
 *
 * Thread: belongs to one thread.
 */

#include <stdint.h>

#include "base/arena.h"
#include "event/event.h"
#include "event/parameter.h"
#include "intake.h"

/* A name or a sentence for a table: not longer than a screen. */
#define LINT_TEXT_BYTES 256

struct lint_reader {
	enum dbk_event_type type;
	void *context;

	/* LINE has an event of TYPE, sound by itself.  It lives in ARENA, which may be
	 * used until this returns. */
	void (*event)(void *context, uint64_t line, const struct dbk_event *event,
		      struct dbk_arena *arena);

	/* LINE is no event, or one that the daemon would not take: the fault's name and
	 * a sentence. */
	void (*broken)(void *context, uint64_t line, const char *code,
		       const char *text);
};

/* Read INTAKE to its end.  EXIT_OK, or the code of a failure that has been told. */
int lint_file(struct intake *intake, const struct lint_reader *reader);

/* FROM, cut to what OUT holds. */
void lint_text(struct dbk_str from, char out[LINT_TEXT_BYTES]);

/* Where FAULT is, what was measured there, and the limit. */
void lint_fault_text(const struct dbk_parameter_fault *fault,
		     char out[LINT_TEXT_BYTES]);

/* A member of a JSON object that is under way, to stdout: `,"NAME":"TEXT"`. */
void lint_json_member(const char *name, const char *text);

#endif
