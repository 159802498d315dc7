#ifndef DBK_BASE_FIGURE_H
#define DBK_BASE_FIGURE_H

/*
 * figure.h -- numbers as people read them: grouped by thousands.  Integers only.
 *
 * Thread: any; nothing is kept.
 */

#include <stddef.h>
#include <stdint.h>

/* "-9,223,372,036,854.775807", "18,446,744,073,709,551,615" and a terminator. */
#define DBK_FIGURE_BYTES 40

/* VALUE with EXPONENT digits behind the point, at most 6 (asserted): 123456789 with 2
 * is "1,234,567.89".  Returns the length without terminator. */
size_t dbk_figure_grouped(int64_t value, unsigned exponent, char out[DBK_FIGURE_BYTES]);

/* The same of what has no sign and no point. */
size_t dbk_figure_count(uint64_t value, char out[DBK_FIGURE_BYTES]);

#endif
