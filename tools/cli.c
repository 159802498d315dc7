#include "cli.h"

#include <getopt.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"

/* Options of one verb with the common ones; every verb stays far below. */
#define OPTIONS_MAX 48

/* getopt_long() gives this plus the index of the option. */
#define FIRST_VALUE 256

const struct cli_option cli_common_options[] = {
	{ "server", "ADDR", "unix:PATH, HOST:PORT or tls:HOST:PORT of the daemon", CLI_TEXT,
	  offsetof(struct cli_common, server), 0, 0 },
	{ "data", "DIR", "directory of the book; its socket is DIR/daybook.sock",
	  CLI_TEXT, offsetof(struct cli_common, data), 0, 0 },
	{ "token-file", "FILE", "a token in its first line ($DAYBOOK_TOKEN_FILE)",
	  CLI_TEXT, offsetof(struct cli_common, token_file), 0, 0 },
	{ "ca", "FILE", "who may have signed the daemon's certificate ($DAYBOOK_CA)",
	  CLI_TEXT, offsetof(struct cli_common, ca), 0, 0 },
	{ "crl", "FILE", "which certificates are revoked", CLI_TEXT,
	  offsetof(struct cli_common, crl), 0, 0 },
	{ "certificate", "FILE", "show this certificate to the daemon", CLI_TEXT,
	  offsetof(struct cli_common, certificate), 0, 0 },
	{ "certificate-key", "FILE", "its key", CLI_TEXT,
	  offsetof(struct cli_common, certificate_key), 0, 0 },
	{ "timeout", "SECONDS", "give up on a question after this long (default 60)",
	  CLI_COUNT, offsetof(struct cli_common, timeout_s), 1, 86400 },
	{ "help", NULL, "this text", CLI_FLAG, offsetof(struct cli_common, help), 0,
	  0 },
	{ NULL, NULL, NULL, CLI_FLAG, 0, 0, 0 }
};

/* The options of a command line, those of the verb first, as both sides know them. */
struct known {
	const struct cli_option *options[OPTIONS_MAX];
	struct option longs[OPTIONS_MAX + 1];
	size_t count;
};

static void
know(struct known *known, const struct cli_option *options)
{
	for (; options != NULL && options->name != NULL; options++) {
		struct option *slot = &known->longs[known->count];

		dbk_assert(known->count < OPTIONS_MAX);
		slot->name = options->name;
		slot->has_arg =
		    options->argument == NULL ? no_argument : required_argument;
		slot->flag = NULL;
		slot->val = FIRST_VALUE + (int)known->count;
		known->options[known->count++] = options;
	}
	memset(&known->longs[known->count], 0, sizeof known->longs[0]);
}

static enum dbk_err
not_a(const struct cli_option *option, const char *value, const char *what,
      struct dbk_error *error)
{
	return dbk_error_set(error, DBK_FAILED_INPUT, "--%s: \"%.60s\" is not %s",
			     option->name, value, what);
}

static enum dbk_err
set_count(const struct cli_option *option, const char *value, uint64_t *out,
	  struct dbk_error *error)
{
	uint64_t max = option->max == 0 ? UINT64_MAX - 1 : option->max;
	uint64_t count;

	if (!cli_count_parse(value, &count))
		return not_a(option, value, "a number", error);
	if (count < option->min || count > max)
		return dbk_error_set(
		    error, DBK_FAILED_INPUT, "--%s: %s is not between %llu and %llu",
		    option->name, value, (unsigned long long)option->min,
		    (unsigned long long)max);
	*out = count;
	return DBK_OK;
}

static enum dbk_err
set_instant(const struct cli_option *option, const char *value, struct cli_time *out,
	    struct dbk_error *error)
{
	int64_t us;

	if (!cli_time_parse(value, &us))
		return not_a(option, value,
			     "a time such as 2011-01-31 or 2011-01-31T09:00:00Z",
			     error);
	out->given = true;
	out->us = us;
	return DBK_OK;
}

static enum dbk_err
set_point(const struct cli_option *option, const char *value, struct cli_as_of *out,
	  struct dbk_error *error)
{
	if (cli_count_parse(value, &out->size)) {
		out->kind = CLI_SIZE;
		return DBK_OK;
	}
	if (!cli_time_parse(value, &out->time_us))
		return not_a(option, value,
			     "a number of records or a time such as 2011-01-31", error);
	out->kind = CLI_TIME;
	return DBK_OK;
}

static enum dbk_err
set_format(const struct cli_option *option, const char *value, enum cli_format *out,
	   struct dbk_error *error)
{
	static const char *const names[] = { "table", "csv", "json", "jsonl" };

	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (strcmp(value, names[i]) == 0) {
			*out = (enum cli_format)i;
			return DBK_OK;
		}
	}
	return not_a(option, value, "one of table, csv, json, jsonl", error);
}

static enum dbk_err
set_many(const struct cli_option *option, const char *value, struct cli_list *out,
	 struct dbk_error *error)
{
	if (out->count == CLI_LIST_MAX)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "--%s: given more than %d times", option->name,
				     CLI_LIST_MAX);
	out->items[out->count++] = value;
	return DBK_OK;
}

static enum dbk_err
set_value(const struct cli_option *option, const char *value, void *options,
	  struct dbk_error *error)
{
	void *at = (char *)options + option->offset;

	switch (option->kind) {
	case CLI_FLAG:
		*(bool *)at = true;
		return DBK_OK;
	case CLI_TEXT:
		*(const char **)at = value;
		return DBK_OK;
	case CLI_COUNT:
		return set_count(option, value, at, error);
	case CLI_INSTANT:
		return set_instant(option, value, at, error);
	case CLI_POINT:
		return set_point(option, value, at, error);
	case CLI_FORMATS:
		return set_format(option, value, at, error);
	case CLI_MANY:
		return set_many(option, value, at, error);
	}
	return dbk_error_set(error, DBK_FAILED_INPUT, "--%s: no such kind",
			     option->name);
}

/* The words of an option that getopt_long() did not take: "--limt=3" is "limt". */
static void
option_word(const char *token, char *out, size_t bytes)
{
	size_t size = strcspn(token + 2, "=");

	if (size >= bytes)
		size = bytes - 1;
	memcpy(out, token + 2, size);
	out[size] = '\0';
}

static enum dbk_err
unknown(const struct known *known, int letter, const char *token,
	struct dbk_error *error)
{
	const char *names[OPTIONS_MAX];
	const char *nearest, *begun = NULL;
	size_t fits = 0;
	char word[64];

	if (letter > 0 && letter < FIRST_VALUE)
		return dbk_error_set(error, DBK_FAILED_INPUT, "unknown option -%c",
				     letter);
	option_word(token, word, sizeof word);
	for (size_t i = 0; i < known->count; i++) {
		names[i] = known->options[i]->name;
		if (strncmp(names[i], word, strlen(word)) != 0)
			continue;
		begun = names[i];
		fits += strcmp(names[i], word) == 0 ? known->count : 1;
	}
	/* An unambiguous beginning is fine, so it must be what follows it. */
	if (fits == 1 || fits >= known->count)
		return dbk_error_set(error, DBK_FAILED_INPUT, "--%s takes no value",
				     fits == 1 ? begun : word);
	if (fits > 1)
		return dbk_error_set(error, DBK_FAILED_INPUT, "--%s is ambiguous",
				     word);
	nearest = cli_nearest(word, names, known->count);
	if (nearest == NULL)
		return dbk_error_set(error, DBK_FAILED_INPUT, "unknown option --%s",
				     word);
	return dbk_error_set(error, DBK_FAILED_INPUT,
			     "unknown option --%s; did you mean --%s?", word, nearest);
}

/* Take options while there are any; "+" in SHORTS ends them at the first operand. */
static enum dbk_err
take_options(const struct known *known, const char *shorts, int argc, char **argv,
	     void *options, struct dbk_error *error)
{
	struct cli_common *common = options;

	opterr = 0;
	/* glibc: 0 forgets everything about an earlier command line. */
	optind = 0;
	for (;;) {
		int value = getopt_long(argc, argv, shorts, known->longs, NULL);
		enum dbk_err err;

		if (value == -1)
			return DBK_OK;
		if (value == 'h') {
			common->help = true;
			continue;
		}
		if (value == ':')
			return dbk_error_set(error, DBK_FAILED_INPUT,
					     "%s needs a value", argv[optind - 1]);
		if (value < FIRST_VALUE)
			return unknown(known, optopt, argv[optind - 1], error);
		err = set_value(known->options[value - FIRST_VALUE], optarg, options,
				error);
		if (err != DBK_OK)
			return err;
	}
}

static enum dbk_err
check_operands(const struct cli_verb *verb, const struct cli_call *call,
	       struct dbk_error *error)
{
	if (call->operand_count > verb->operands_max)
		return dbk_error_set(error, DBK_FAILED_INPUT, "unexpected \"%.60s\"",
				     call->operands[verb->operands_max]);
	if (call->operand_count < verb->operands_min)
		return dbk_error_set(error, DBK_FAILED_INPUT, "%s is missing",
				     verb->operands);
	return DBK_OK;
}

enum dbk_err
cli_parse(const struct cli_verb *verb, int argc, char **argv, void *out_options,
	  struct cli_call *out_call, struct dbk_error *error)
{
	struct cli_common *common = out_options;
	struct known known = { .count = 0 };
	enum dbk_err err;

	know(&known, verb->options);
	know(&known, cli_common_options);
	err = take_options(&known, ":h", argc, argv, out_options, error);
	out_call->verb = verb;
	out_call->options = out_options;
	out_call->operands = argv + optind;
	out_call->operand_count = argc - optind;
	if (common->help)
		return DBK_OK;
	return err != DBK_OK ? err : check_operands(verb, out_call, error);
}

enum dbk_err
cli_parse_common(int argc, char **argv, struct cli_common *out, int *out_index,
		 struct dbk_error *error)
{
	static const struct cli_option version[] = {
		{ "version", NULL, "", CLI_FLAG, offsetof(struct cli_common, version),
		  0, 0 },
		{ NULL, NULL, NULL, CLI_FLAG, 0, 0, 0 }
	};
	struct known known = { .count = 0 };
	enum dbk_err err;

	know(&known, cli_common_options);
	know(&known, version);
	err = take_options(&known, "+:hV", argc, argv, out, error);
	*out_index = optind;
	return err;
}
