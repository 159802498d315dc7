/* decide.c -- a second person's word on payouts: approve, reject, cancel. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "event_out.h"
#include "register.h"
#include "verbs.h"

struct options {
	struct event_out_options out;
	const char *state;
	const char *ids;
	const char *agent;
	const char *reason;
};

static const struct options defaults = { .state = "requested" };

#define OPTIONS_OF_ALL                                                                 \
	{ "ids",                                                                       \
	  "FILE",                                                                      \
	  "only the payouts that FILE names, a line each (- is standard input)",       \
	  CLI_TEXT,                                                                    \
	  offsetof(struct options, ids),                                               \
	  0,                                                                           \
	  0 },                                                                         \
	    { "agent",                                                                 \
	      "AGENT",                                                                 \
	      "only those of this agent",                                              \
	      CLI_TEXT,                                                                \
	      offsetof(struct options, agent),                                         \
	      0,                                                                       \
	      0 },                                                                     \
	    EVENT_OUT_OPTION_AT, EVENT_OUT_OPTION_ACTOR
#define OPTION_STATE                                                                   \
	{                                                                              \
		"state", "STATE", "those in this state (default requested)", CLI_TEXT, \
		    offsetof(struct options, state), 0, 0                              \
	}
#define OPTION_REASON                                                                  \
	{                                                                              \
		"reason", "TEXT", "why, in the events", CLI_TEXT,                      \
		    offsetof(struct options, reason), 0, 0                             \
	}

static const struct cli_option approve_options[] = { OPTION_STATE, OPTIONS_OF_ALL,
						     CLI_OPTION_END };
static const struct cli_option other_options[] = { OPTION_STATE, OPTIONS_OF_ALL,
						   OPTION_REASON, CLI_OPTION_END };

enum word { APPROVE, REJECT, CANCEL };

/* ------------------------------------------------------------ which ones are meant */

struct ids {
	char **names; /* sorted */
	bool *found;
	size_t count;
};

static void
add_id(struct ids *ids, const char *name)
{
	ids->names = reallocarray(ids->names, ids->count + 1, sizeof *ids->names);
	dbk_assert(ids->names != NULL);
	ids->names[ids->count] = strdup(name);
	dbk_assert(ids->names[ids->count] != NULL);
	ids->count++;
}

/* A list of ids is a CSV without titles, so that the line of a bank file will do; what
 * stands behind the first comma is of no interest. */
static void
take_line(struct ids *ids, char *line)
{
	line[strcspn(line, ",\r\n")] = '\0';
	if (line[0] != '\0' && strcmp(line, "payout") != 0)
		add_id(ids, line);
}

static int
read_ids(const char *path, struct ids *ids)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	bool failed;

	if (file == NULL) {
		diag_error("--ids: cannot open %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	while (getline(&line, &room, file) >= 0)
		take_line(ids, line);
	failed = ferror(file) != 0;
	free(line);
	if (file != stdin)
		(void)fclose(file);
	if (!failed)
		return EXIT_OK;
	diag_error("--ids: cannot read %s", path);
	return EXIT_FAILED;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order, each once. */
static void
sort_ids(struct ids *ids)
{
	size_t count = 0;

	if (ids->count > 0)
		qsort(ids->names, ids->count, sizeof *ids->names, compare_names);
	for (size_t i = 0; i < ids->count; i++) {
		if (count > 0 && strcmp(ids->names[i], ids->names[count - 1]) == 0)
			free(ids->names[i]);
		else
			ids->names[count++] = ids->names[i];
	}
	ids->count = count;
}

static int
take_ids(const struct cli_call *call, struct ids *ids)
{
	const struct options *o = call->options;
	int code = EXIT_OK;

	memset(ids, 0, sizeof *ids);
	for (int i = 0; i < call->operand_count; i++)
		add_id(ids, call->operands[i]);
	if (o->ids != NULL)
		code = read_ids(o->ids, ids);
	sort_ids(ids);
	ids->found = calloc(ids->count + 1, sizeof *ids->found);
	dbk_assert(ids->found != NULL);
	return code;
}

static void
free_ids(struct ids *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		free(ids->names[i]);
	free(ids->names);
	free(ids->found);
}

/* False if names are given and PAYOUT is none of them; one that is counts as found. */
static bool
is_meant(struct ids *ids, const struct options *o, const char *payout)
{
	char **at;

	if (ids->count == 0)
		return o->ids == NULL;
	at =
	    bsearch(&payout, ids->names, ids->count, sizeof *ids->names, compare_names);
	if (at == NULL)
		return false;
	ids->found[at - ids->names] = true;
	return true;
}

/* Names of a list that are told; who has more looks at the list. */
#define MISSING_TOLD 10

/* A list that names what is not there is a mistake, and half of it may be another. */
static int
check_found(const struct ids *ids, const char *state)
{
	size_t missing = 0;

	for (size_t i = 0; i < ids->count; i++) {
		if (!ids->found[i] && missing++ < MISSING_TOLD)
			diag_error("%s is no payout in state %s", ids->names[i], state);
	}
	if (missing == 0)
		return EXIT_OK;
	diag_error("%zu of the named payouts are not there; nothing was printed",
		   missing);
	return EXIT_NOT_FOUND;
}

/* ----------------------------------------------------------------------- the events */

static void
print_step(struct event_out *out, enum word word, char *payout, char *reason)
{
	Daybook__V1__PayoutApproved approved = DAYBOOK__V1__PAYOUT_APPROVED__INIT;
	Daybook__V1__PayoutRejected rejected = DAYBOOK__V1__PAYOUT_REJECTED__INIT;
	Daybook__V1__PayoutCancelled cancelled = DAYBOOK__V1__PAYOUT_CANCELLED__INIT;
	Daybook__V1__Event event = event_out_make(out);

	switch (word) {
	case APPROVE:
		approved.payout = payout;
		approved.action = (char *)"approve";
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_APPROVED;
		event.payout_approved = &approved;
		break;
	case REJECT:
		rejected.payout = payout;
		rejected.action = (char *)"reject";
		rejected.reason = reason;
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_REJECTED;
		event.payout_rejected = &rejected;
		break;
	case CANCEL:
		cancelled.payout = payout;
		cancelled.action = (char *)"cancel";
		cancelled.reason = reason;
		event.body_case = DAYBOOK__V1__EVENT__BODY_PAYOUT_CANCELLED;
		event.payout_cancelled = &cancelled;
		break;
	}
	event_out_print(out, &event);
}

static int
print_steps(const struct options *o, enum word word,
	    const struct payout_register *payouts, struct ids *ids)
{
	bool *meant = calloc(payouts->count + 1, sizeof *meant);
	struct event_out out;
	int code;

	dbk_assert(meant != NULL);
	event_out_init(&out, &o->out);
	for (size_t i = 0; i < payouts->count; i++)
		meant[i] = is_meant(ids, o, payouts->payouts[i]->payout);
	code = check_found(ids, o->state);
	for (size_t i = 0; i < payouts->count && code == EXIT_OK; i++) {
		if (meant[i])
			print_step(&out, word, payouts->payouts[i]->payout,
				   (char *)(o->reason == NULL ? "" : o->reason));
	}
	free(meant);
	if (code != EXIT_OK)
		return code;
	(void)fflush(stdout);
	(void)fprintf(stderr, "(%" PRIu64 " of %zu payouts in state %s)\n", out.count,
		      payouts->count, o->state);
	return EXIT_OK;
}

static int
fetch_and_print(struct session *session, const struct options *o, enum word word,
		struct ids *ids)
{
	Daybook__V1__ListPayoutsRequest request =
	    DAYBOOK__V1__LIST_PAYOUTS_REQUEST__INIT;
	struct payout_register payouts = { 0 };
	int code = register_state(o->state, &request.state);

	if (code != EXIT_OK)
		return code;
	request.agent = (char *)o->agent;
	code = register_fetch(session, &request, &payouts);
	if (code == EXIT_OK)
		code = print_steps(o, word, &payouts, ids);
	register_free(&payouts);
	return code;
}

static int
run(struct cli_call *call, enum word word)
{
	const struct options *o = call->options;
	struct session *session;
	struct ids ids;
	int code = take_ids(call, &ids);

	if (code == EXIT_OK)
		code = session_open(&o->out.common, &session);
	if (code == EXIT_OK) {
		code = fetch_and_print(session, o, word, &ids);
		session_close(session);
	}
	free_ids(&ids);
	return code;
}

static int
run_approve(struct cli_call *call)
{
	return run(call, APPROVE);
}

static int
run_reject(struct cli_call *call)
{
	return run(call, REJECT);
}

static int
run_cancel(struct cli_call *call)
{
	return run(call, CANCEL);
}

/* More payouts than that come by --ids. */
#define OPERANDS_MAX 1000

const struct cli_verb verb_payout_approve = {
	.name = "payout approve",
	.group = CLI_WRITE,
	.operands = "[PAYOUT...]",
	.summary = "requested ones, as approvals by a second person",
	.about =
	    "Prints a PayoutApproved event for every payout that waits for approval, "
	    "or "
	    "for\n"
	    "those that are named. The book takes it only from another source than the "
	    "one\n"
	    "that asked, and from another actor where both are named. If one of those "
	    "that\n"
	    "are named does not wait, nothing is printed.",
	.examples = "  daybook payout approve | daybook append --source checker -\n"
		    "  daybook payout approve P20110630-A17 --actor ms-lin\n"
		    "  daybook payout approve --ids approved.txt >approvals.jsonl",
	.options = approve_options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = OPERANDS_MAX,
	.run = run_approve,
};

const struct cli_verb verb_payout_reject = {
	.name = "payout reject",
	.group = CLI_WRITE,
	.operands = "[PAYOUT...]",
	.summary = "requested ones, as rejections",
	.about = "Prints a PayoutRejected event for every payout that waits for "
		 "approval, or "
		 "for\n"
		 "those that are named; the money goes back to the agent's available "
		 "balance.",
	.examples = "  daybook payout reject P20110630-A17 --reason 'wrong account'\n"
		    "  daybook payout reject --ids no.txt | daybook append -",
	.options = other_options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = OPERANDS_MAX,
	.run = run_reject,
};

const struct cli_verb verb_payout_cancel = {
	.name = "payout cancel",
	.group = CLI_WRITE,
	.operands = "[PAYOUT...]",
	.summary = "requested or approved ones, as cancellations",
	.about =
	    "Prints a PayoutCancelled event for every payout in --state, requested or\n"
	    "approved, or for those that are named; the money goes back to the "
	    "agent's\n"
	    "available balance.",
	.examples = "  daybook payout cancel P20110630-A17 | daybook append -\n"
		    "  daybook payout cancel --state approved --agent A17",
	.options = other_options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_max = OPERANDS_MAX,
	.run = run_cancel,
};
