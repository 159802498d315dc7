#ifndef TOOLS_REPORT_BUCKETS_H
#define TOOLS_REPORT_BUCKETS_H

/*
 * buckets.h -- ages in days, divided: "0-30", "31-60", "61-90", "over 90".
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <daybook/limits.h>

#define BUCKETS_MAX (DBK_AGEING_DAYS_MAX + 1)
#define BUCKETS_NAME_BYTES 32

struct buckets {
	uint32_t days[DBK_AGEING_DAYS_MAX]; /* ends, rising */
	size_t count;			    /* of ends; one bucket more */
};

/* "30,60,90"; false unless it is 1 to DBK_AGEING_DAYS_MAX rising numbers of days. */
bool buckets_parse(const char *text, struct buckets *out);

/* The name of bucket INDEX, from 0 to count. */
void buckets_name(const struct buckets *buckets, size_t index,
		  char out[BUCKETS_NAME_BYTES]);

/* The bucket of something SECONDS old; what is younger than nothing counts as 0. */
size_t buckets_find(const struct buckets *buckets, int64_t seconds);

#endif
