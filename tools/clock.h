#ifndef TOOLS_CLOCK_H
#define TOOLS_CLOCK_H

/* clock.h -- how long something took, or may take. */

#include <stdint.h>

#define CLOCK_NS_PER_SECOND 1000000000LL

/* Nanoseconds of the monotonic clock. */
int64_t clock_ns(void);

#endif
