#ifndef TOOLS_VERIFY_FINDINGS_H
#define TOOLS_VERIFY_FINDINGS_H

/*
 * findings.h -- what is wrong: which file, which record, what.
 *
 * The first ones are kept, all are counted: a disk that went bad has millions.
 *
 * Thread: belongs to one thread.  Without memory the program ends.
 */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

#define FINDINGS_KEPT_MAX 1000
#define FINDINGS_NO_RECORD UINT64_MAX

struct finding {
	char *file;
	uint64_t record; /* FINDINGS_NO_RECORD: none */
	char *text;
};

struct findings {
	struct finding *kept;
	uint32_t n_kept;
	uint64_t count;
};

void findings_free(struct findings *findings);

/* FILE is a path within what is verified, and TEXT begins with a small letter. */
void findings_add(struct findings *findings, const char *file, uint64_t record,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* As a table, or as CSV with its titles. */
void findings_print(const struct findings *findings, bool csv, FILE *out);

/* As a JSON array of objects, or one object a line. */
void findings_print_json(const struct findings *findings, bool lines, FILE *out);

#endif
