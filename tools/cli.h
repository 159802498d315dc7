#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

/*
 * cli.h -- what a verb of the command line is: its words, its options, its help.
 *
 * A verb is a constant table.  Options are parsed into a struct of the verb's own,
 * which begins with struct cli_common; a table says where in it each value goes.
 * Long options may be shortened while they stay unique, and stand before or after
 * operands, as getopt_long() has it.
 *
 * Thread: getopt_long() keeps state of the process, so one call at a time.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <daybook/error.h>

enum cli_format { CLI_TABLE, CLI_CSV, CLI_JSON, CLI_JSONL };

/* At which point of the book a question is asked; the AsOf of service.proto. */
struct cli_as_of {
	enum { CLI_NOW, CLI_SIZE, CLI_TIME } kind;
	uint64_t size;
	int64_t time_us;
};

/* A time that may be absent. */
struct cli_time {
	bool given;
	int64_t us; /* since 1970 */
};

/* Values of a repeated option, borrowed from argv. */
#define CLI_LIST_MAX 32

struct cli_list {
	const char *items[CLI_LIST_MAX];
	size_t count;
};

/* The kind of an option says what its value looks like and what OFFSET leads to. */
enum cli_kind {
	CLI_FLAG,    /* bool */
	CLI_TEXT,    /* const char *, borrowed from argv */
	CLI_COUNT,   /* uint64_t, from .min to .max */
	CLI_INSTANT, /* struct cli_time: RFC 3339, or a day */
	CLI_POINT,   /* struct cli_as_of: a number of records, or a time */
	CLI_FORMATS, /* enum cli_format */
	CLI_MANY     /* struct cli_list */
};

struct cli_option {
	const char *name;     /* "limit"; NULL ends a table */
	const char *argument; /* "N"; NULL for a flag */
	const char *help;     /* a sentence without point */
	enum cli_kind kind;
	size_t offset;
	uint64_t min, max; /* of CLI_COUNT; max 0: no bound */
};

/* What every verb takes.  First member of every verb's struct. */
struct cli_common {
	const char *server;
	const char *data;
	const char *ca, *crl;			   /* NULL: the system's, none */
	const char *certificate, *certificate_key; /* that the tool shows */
	const char *token_file;
	uint64_t timeout_s;
	bool help;
	bool version; /* only before the verb */
};

/* What every listing takes besides. */
struct cli_listing {
	struct cli_common common;
	enum cli_format format;
	bool wide;
	uint64_t limit; /* CLI_LIMIT_DEFAULT, or rows; 0: all */
	uint64_t at_least;
	struct cli_as_of as_of;
};

/* --limit was not given: a screenful for tables, everything for programs. */
#define CLI_LIMIT_DEFAULT UINT64_MAX

extern const struct cli_option cli_common_options[];

/* The members of struct cli_listing as options; a verb takes those that it honours. */
#define CLI_OPTION_FORMAT                                                              \
	{                                                                              \
		"format", "FORMAT",                                                    \
		    "table (default), csv, json (one object) or jsonl "                \
		    "(one object a line)",                                             \
		    CLI_FORMATS, offsetof(struct cli_listing, format), 0, 0            \
	}
#define CLI_OPTION_WIDE                                                                \
	{                                                                              \
		"wide", NULL, "show every column, as csv always does", CLI_FLAG,       \
		    offsetof(struct cli_listing, wide), 0, 0                           \
	}
#define CLI_OPTION_LIMIT                                                               \
	{                                                                              \
		"limit", "N",                                                          \
		    "at most N rows, 0 for all (default: 50 in tables, else all)",     \
		    CLI_COUNT, offsetof(struct cli_listing, limit), 0, 0               \
	}
#define CLI_OPTION_AT_LEAST                                                            \
	{                                                                              \
		"at-least", "SIZE", "wait until the answer covers SIZE records",       \
		    CLI_COUNT, offsetof(struct cli_listing, at_least), 0, 0            \
	}
#define CLI_OPTION_AS_OF                                                               \
	{                                                                              \
		"as-of", "SIZE|TIME",                                                  \
		    "as the book stood after SIZE records, or at TIME", CLI_POINT,     \
		    offsetof(struct cli_listing, as_of), 0, 0                          \
	}

#define CLI_OPTION_END                                                                 \
	{                                                                              \
		NULL, NULL, NULL, CLI_FLAG, 0, 0, 0                                    \
	}

enum cli_group { CLI_WRITE, CLI_READ, CLI_OPERATE };

struct cli_call;

struct cli_verb {
	const char *name;
	enum cli_group group;
	const char *operands; /* "CODE [OWNER]" */
	const char *summary;  /* one line of `daybook help` */
	const char *about;    /* paragraphs; lines of at most 78 columns */
	const char *examples; /* lines of "  daybook ..." */
	const struct cli_option *options;
	size_t options_bytes; /* of the verb's struct */
	const void *defaults; /* such a struct */
	int operands_min, operands_max;
	/* NULL: only the verbs below do something. */
	int (*run)(struct cli_call *call); /* gives an enum diag_exit */
	/* Verbs of a second word, their names "payout list"; NULL-terminated, or NULL.
	 */
	const struct cli_verb *const *below;
};

/* One command line, parsed. */
struct cli_call {
	const struct cli_verb *verb;
	const void *options; /* the verb's struct */
	char **operands;
	int operand_count;
};

/*
 * Parse ARGV of VERB (ARGV[0] is the verb) into OUT_OPTIONS, which the caller has
 * filled with what holds without options; operands move to the end of ARGV.
 *
 * DBK_FAILED_INPUT: ERROR names the option and the value, and the nearest option that
 * exists.  With --help nothing else is checked.
 */
enum dbk_err cli_parse(const struct cli_verb *verb, int argc, char **argv,
		       void *out_options, struct cli_call *out_call,
		       struct dbk_error *error) DBK_MUST_CHECK;

/* Parse options that stand before the verb; *OUT_INDEX is that of the verb in ARGV. */
enum dbk_err cli_parse_common(int argc, char **argv, struct cli_common *out,
			      int *out_index, struct dbk_error *error) DBK_MUST_CHECK;

/*
 * The verb below VERB whose second word is WORD; NULL if there is none.
 */
const struct cli_verb *cli_below(const struct cli_verb *verb, const char *word);

/* A number without sign, blanks or leftovers; false if TEXT is none or is above 64
 * bits. */
bool cli_count_parse(const char *text, uint64_t *out);

/* RFC 3339, or "2011-01-31" for the midnight (UTC) that begins it. */
bool cli_time_parse(const char *text, int64_t *out_us);

/*
 * The member of NAMES (COUNT of them) nearest to WORD in letters changed, added, left
 * out or swapped; NULL if none is near enough to be meant.
 */
const char *cli_nearest(const char *word, const char *const *names, size_t count);

/* The help of VERB. */
void cli_help(const struct cli_verb *verb, FILE *out);

/* The options of a table, aligned. */
void cli_help_options(const struct cli_option *options, FILE *out);

#endif
