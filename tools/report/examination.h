#ifndef TOOLS_REPORT_EXAMINATION_H
#define TOOLS_REPORT_EXAMINATION_H

/*
 * examination.h -- what the reports of an examiner have in common: where the records
 * come from, which part and which days are meant, in which form the answer is wanted.
 *
 * An export is proved and decided again, and so is a live book, which is exported into a
 * folder of its own first: every figure comes out of the records alone.
 *
 * Whatever goes wrong is said on stderr, once; callers pass the exit code on.
 *
 * Thread: the main thread.  Without memory the program ends.
 */

#include <protobuf-c/protobuf-c.h>

#include "cli.h"
#include "facts/facts.h"
#include "metrics/study.h"
#include "replay/examine.h"
#include "replay/live_export.h"
#include "report/words.h"

enum report_form { REPORT_TEXT, REPORT_JSON, REPORT_HTML };

/* The options of such a verb; first member of its struct. */
struct report_options {
	struct cli_common common;
	const char *form, *out, *language;
	struct cli_time from, to;
	struct cli_list agents;
	uint64_t market;
	const char *key, *policy;
	bool quiet;
};

#define REPORT_OPTIONS                                                                 \
	{ "format", "FORMAT", "text (default), json or html", CLI_TEXT,                \
	  offsetof(struct report_options, form), 0, 0 },                               \
	{ "out", "FILE", "where it is to be; - is standard output (default)",          \
	  CLI_TEXT, offsetof(struct report_options, out), 0, 0 },                      \
	{ "language", "en|zh", "of text, and that html shows first (default: en)",     \
	  CLI_TEXT, offsetof(struct report_options, language), 0, 0 },                 \
	{ "from", "DAY", "only what happened on this local day or later",              \
	  CLI_INSTANT, offsetof(struct report_options, from), 0, 0 },                  \
	{ "to", "DAY", "only what happened before this local day", CLI_INSTANT,        \
	  offsetof(struct report_options, to), 0, 0 },                                 \
	{ "agent", "AGENT", "only this agent and all below; may be given again",       \
	  CLI_MANY, offsetof(struct report_options, agents), 0, 0 },                   \
	{ "key", "KEY|FILE", "the verifier key of the log, or a file with it",         \
	  CLI_TEXT, offsetof(struct report_options, key), 0, 0 },                      \
	{ "policy", "FILE",                                                            \
	  "a witness policy (C2SP tlog-policy), which cosignatures have to meet",      \
	  CLI_TEXT, offsetof(struct report_options, policy), 0, 0 },                   \
	{ "quiet", NULL, "no progress", CLI_FLAG,                                      \
	  offsetof(struct report_options, quiet), 0, 0 }

struct examination {
	const struct report_options *options;
	enum report_form form;
	enum dbk_language language;
	struct dbk_study_options study_options;
	/* Sees what the study sees, or more; may be NULL before the run. */
	const struct dbk_replay_watcher *also;
	int (*also_begin)(void *context, const struct dbk_books *books);

	struct live_export live;
	struct examined examined;
	const struct dbk_books *books;
	struct dbk_facts *facts;
	struct dbk_study *study;
	uint32_t tops_found;
};

/* Read the options; EXIT_USAGE names what is wrong. */
int examination_begin(const struct report_options *options, struct examination *out);

/* Prove and replay PATH, or the book that the options name if PATH is NULL, into books
 * and study. */
int examination_run(struct examination *examination, const char *path);

void examination_end(struct examination *examination);

/* How a report is written as text and as HTML. */
struct report_forms {
	void (*text)(const void *message, enum dbk_language language,
		     struct dbk_buf *out);
	void (*html)(const void *message, enum dbk_language language,
		     struct dbk_buf *out);
};

/* Write MESSAGE in the form asked for; gives the exit code. */
int examination_write(struct examination *examination, const ProtobufCMessage *message,
		      const struct report_forms *forms);

#endif
