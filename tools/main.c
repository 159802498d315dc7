/* main.c -- the table of verbs, and what stands before a verb. */

#include <stdlib.h>
#include <string.h>

#include <daybook/version.h>

#include "base/assert.h"
#include "diag.h"
#include "session.h"
#include "verbs.h"

#define TIMEOUT_S_DEFAULT 60

static const struct cli_verb *const verbs[] = {
	&verb_append,	&verb_restock,	 &verb_override,  &verb_payout,
	&verb_log,	&verb_balances,	 &verb_statement, &verb_trial_balance,
	&verb_stock,	&verb_movements, &verb_lot,	  &verb_order,
	&verb_agent,	&verb_agents,	 &verb_findings,  &verb_guards,
	&verb_plan,	&verb_holds,	 &verb_contest,	  &verb_report,
	&verb_refusals, &verb_status,	 &verb_source,	  &verb_close,
	&verb_digest,	&verb_rebuild,	 &verb_export,	  &verb_receipt,
	&verb_backup,	&verb_verify,	 &verb_replay,	  &verb_token,
	&verb_access,	&verb_whoami,	 &verb_seal,	  &verb_unseal,
	&verb_erase,
};

#define VERBS (sizeof verbs / sizeof verbs[0])

/* Words below one verb; the largest has fewer. */
#define VERBS_BELOW_MAX 32

static const struct cli_verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	return NULL;
}

/* -------------------------------------------------------------------------- help */

static void
print_group(const char *title, enum cli_group group, FILE *out)
{
	(void)fprintf(out, "\n%s:\n", title);
	for (size_t i = 0; i < VERBS; i++) {
		if (verbs[i]->group == group)
			(void)fprintf(out, "  %-14s %s\n", verbs[i]->name,
				      verbs[i]->summary);
	}
}

static void
print_help(FILE *out)
{
	(void)fputs(
	    "daybook -- the command line of a daybook, the append-only book of a\n"
	    "distribution programme: every sale, referral, stock movement and payout "
	    "once,\n"
	    "in order, with the balances and the stock that follow from them.\n\n"
	    "Usage: daybook [--server ADDR | --data DIR] VERB [options]\n",
	    out);
	print_group("Write", CLI_WRITE, out);
	print_group("Read", CLI_READ, out);
	print_group("Operate", CLI_OPERATE, out);
	(void)fputs("  help           what a verb does: daybook help VERB\n"
		    "  version        the version of this program\n"
		    "\nOptions:\n",
		    out);
	cli_help_options(cli_common_options, out);
	(void)fputs(
	    "\nWithout --server and --data the daemon is at $DAYBOOK_SERVER, else at\n"
	    "daybook.sock in $DAYBOOK_DATA, else in ./data.  Other machines are "
	    "spoken\n"
	    "to in TLS, and this one at tls:HOST:PORT.  A token may stand in\n"
	    "$DAYBOOK_TOKEN, too, and never in an argument.\n"
	    "\nExamples:\n"
	    "  daybook append events.jsonl              # send events, one a line\n"
	    "  daybook statement A17                    # an agent's money, by cause\n"
	    "  daybook stock --by-holder --largest --agents --limit 10\n"
	    "\nExit: 0 done, 1 failure, 2 usage, 3 refused, 4 invalid, 5 not found,\n"
	    "      6 damaged or forged.\n",
	    out);
}

static int
unknown_below(const struct cli_verb *verb, const char *word)
{
	const char *names[VERBS_BELOW_MAX];
	const char *nearest;
	size_t count = 0;

	for (; verb->below[count] != NULL; count++)
		names[count] = strchr(verb->below[count]->name, ' ') + 1;
	nearest = cli_nearest(word, names, count);
	if (nearest == NULL)
		diag_error("there is no \"%s %.60s\"; see daybook help %s", verb->name,
			   word, verb->name);
	else
		diag_error("there is no \"%s %.60s\"; did you mean %s?", verb->name,
			   word, nearest);
	return EXIT_USAGE;
}

static int
unknown_verb(const char *name)
{
	const char *names[VERBS + 2] = { "help", "version" };
	const char *nearest;

	for (size_t i = 0; i < VERBS; i++)
		names[i + 2] = verbs[i]->name;
	nearest = cli_nearest(name, names, VERBS + 2);
	if (nearest == NULL)
		diag_error("no verb is called \"%.60s\"; see daybook help", name);
	else
		diag_error("no verb is called \"%.60s\"; did you mean %s?", name,
			   nearest);
	return EXIT_USAGE;
}

static int
help(int count, char **words)
{
	const struct cli_verb *verb, *below;

	if (count == 0) {
		print_help(stdout);
		return EXIT_OK;
	}
	verb = find_verb(words[0]);
	if (verb == NULL)
		return unknown_verb(words[0]);
	below = count > 1 ? cli_below(verb, words[1]) : NULL;
	if (count > 1 && below == NULL && verb->below != NULL)
		return unknown_below(verb, words[1]);
	cli_help(below == NULL ? verb : below, stdout);
	return EXIT_OK;
}

static int
version(void)
{
	(void)printf("daybook %s\n", DAYBOOK_VERSION);
	return EXIT_OK;
}

/* -------------------------------------------------------------------------- running */

static int
usage_error(const char *verb, const struct dbk_error *error)
{
	(void)diag_failure(error);
	(void)fprintf(stderr, "Try daybook %s%s--help.\n", verb,
		      verb[0] == '\0' ? "" : " ");
	return EXIT_USAGE;
}

static int
run_verb(const struct cli_verb *verb, const struct cli_common *common, int argc,
	 char **argv)
{
	void *options = malloc(verb->options_bytes);
	struct dbk_error error = { DBK_OK, "" };
	struct cli_call call;
	int code;

	dbk_assert(options != NULL);
	memcpy(options, verb->defaults, verb->options_bytes);
	*(struct cli_common *)options = *common;
	diag_set_verb(verb->name);
	if (cli_parse(verb, argc, argv, options, &call, &error) != DBK_OK) {
		code = usage_error(verb->name, &error);
	} else if (((struct cli_common *)options)->help) {
		cli_help(verb, stdout);
		code = EXIT_OK;
	} else if (verb->run == NULL) {
		cli_help(verb, stderr);
		code = EXIT_USAGE;
	} else {
		code = verb->run(&call);
	}
	free(options);
	return code;
}

/*
 * The verb that ARGV (ARGV[0] is the word of VERB) means: VERB, or one below it whose
 * word stands behind options that every verb takes.  *OUT_AT is the place of its last
 * word; NULL: it is no such word.
 */
static const struct cli_verb *
find_below(const struct cli_verb *verb, int argc, char **argv,
	   struct cli_common *common, int *out_at)
{
	struct dbk_error error = { DBK_OK, "" };
	struct cli_common between = *common;
	const struct cli_verb *below;
	int at;

	*out_at = 0;
	if (verb->below == NULL)
		return verb;
	/* What is no common option is one of the verb itself. */
	if (cli_parse_common(argc, argv, &between, &at, &error) != DBK_OK ||
	    at >= argc || strcmp(argv[at - 1], "--") == 0)
		return verb;
	below = cli_below(verb, argv[at]);
	if (below == NULL && verb->run != NULL)
		return verb;
	*common = between;
	*out_at = at;
	return below;
}

static int
run_words(const struct cli_verb *verb, struct cli_common *common, int argc, char **argv)
{
	int at;
	const struct cli_verb *meant = find_below(verb, argc, argv, common, &at);

	if (meant == NULL)
		return unknown_below(verb, argv[at]);
	return run_verb(meant, common, argc - at, argv + at);
}

static int
run(int argc, char **argv)
{
	struct cli_common common = { .timeout_s = TIMEOUT_S_DEFAULT };
	struct dbk_error error = { DBK_OK, "" };
	const struct cli_verb *verb;
	int at;

	if (cli_parse_common(argc, argv, &common, &at, &error) != DBK_OK)
		return usage_error("", &error);
	if (common.help)
		return help(0, NULL);
	if (common.version)
		return version();
	if (at >= argc) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[at], "help") == 0)
		return help(argc - at - 1, argv + at + 1);
	if (strcmp(argv[at], "version") == 0)
		return version();
	verb = find_verb(argv[at]);
	return verb == NULL ? unknown_verb(argv[at])
			    : run_words(verb, &common, argc - at, argv + at);
}

int
main(int argc, char **argv)
{
	return diag_finish(run(argc, argv));
}
