#ifndef DBK_RULES_DAY_H
#define DBK_RULES_DAY_H

/*
 * day.h -- days as packs write them, YYYY-MM-DD, from 1970 to 9999.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

/* "9999-12-31" and a terminator. */
#define DBK_DAY_TEXT_BYTES 11

/* Days since 1970; false if TEXT is no such day. */
bool dbk_day_parse(const char *text, int32_t *out);

/* A day that dbk_day_parse() would read; what is outside of them as the nearest. */
void dbk_day_format(int32_t day, char out[DBK_DAY_TEXT_BYTES]);

#endif
