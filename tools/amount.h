#ifndef TOOLS_AMOUNT_H
#define TOOLS_AMOUNT_H

/*
 * amount.h -- money as people and banks write it: major units with a point.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

/*
 * Read TEXT ("199.00", "-3", "0.5") as minor units of a currency with EXPONENT digits
 * after the point.  Digits beyond them must be 0: nothing is rounded.  False if TEXT is
 * no such number or does not fit; no sign but '-', no blanks, no groups.
 */
bool amount_parse(const char *text, unsigned exponent, int64_t *out);

#endif
