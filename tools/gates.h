#ifndef TOOLS_GATES_H
#define TOOLS_GATES_H

/*
 * gates.h -- what the gates of a restock said: one sentence, and a row for each.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>
#include <stdio.h>

#include <daybook/v1/service.pb-c.h>

#include "table.h"

/*
 * "RESTOCK_SELL_THROUGH: 375,000 ppm, at least 600,000; the largest quantity that would
 * pass is 0", or, of a request that was accepted, "allowed; ...".  EXPONENT is the
 * book's.
 */
#define GATES_SENTENCE_BYTES 256
void gates_sentence(const Daybook__V1__EventResult *result, unsigned exponent,
		    char out[GATES_SENTENCE_BYTES]);

/* True if RESULT tells of gates. */
bool gates_were_asked(const Daybook__V1__EventResult *result);

/* A row for each gate that is not off. */
void gates_print(FILE *out, const Daybook__V1__EventResult *result,
		 struct table_style style, unsigned exponent);

#endif
