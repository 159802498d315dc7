#ifndef TOOLS_TALLY_H
#define TOOLS_TALLY_H

/*
 * tally.h -- what became of the events that were sent, counted and with examples.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <daybook/v1/service.pb-c.h>

#include "base/str.h"
#include "cli.h"

/* Examples kept of each rule and fault: enough to see what is wrong. */
#define TALLY_EXAMPLES_MAX 3

/* Rules and faults told apart; the protos have fewer. */
#define TALLY_REASONS_MAX 128

#define TALLY_TEXT_BYTES 160

struct tally_example {
	uint64_t line;
	char field[TALLY_TEXT_BYTES];
	char value[TALLY_TEXT_BYTES];
	int64_t measured, limit;
};

struct tally_reason {
	bool refused; /* NUMBER is of Rule, else of Fault */
	int number;
	uint64_t events;
	struct tally_example examples[TALLY_EXAMPLES_MAX];
	size_t example_count;
};

struct tally {
	uint64_t accepted, duplicate, refused, invalid;
	uint64_t rolled_back; /* good events of an atomic batch that had a bad one */
	uint64_t batches;
	uint64_t size; /* of the log, as the last reply has it */
	struct tally_reason reasons[TALLY_REASONS_MAX];
	size_t reason_count;
	FILE *errors; /* one JSON line for each event refused or invalid; may be NULL */
};

/* The answer to the event of LINE; EVENT is its bytes. */
void tally_result(struct tally *tally, uint64_t line, struct dbk_str event,
		  const Daybook__V1__EventResult *result, bool rolled_back);

/* A line that is no event; WORDS say why, TEXT is the line. */
void tally_unreadable(struct tally *tally, uint64_t line, struct dbk_str text,
		      const char *words);

/* EXIT_INVALID, else EXIT_REFUSED, else EXIT_OK. */
int tally_exit(const struct tally *tally);

/* What the summary says beside the counts. */
struct tally_run {
	const char *source;
	bool dry_run;
	bool whole; /* false: interrupted or failed before the end of the input */
	bool begun; /* the JSON object is open already, behind a comma */
	double seconds;
};

void tally_print(const struct tally *tally, const struct tally_run *run,
		 enum cli_format format, bool colour);

/* "12 duplicate, 3 refused"; the empty text while all is well. */
void tally_note(const struct tally *tally, char *out, size_t bytes);

#endif
