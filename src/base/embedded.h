#ifndef DBK_BASE_EMBEDDED_H
#define DBK_BASE_EMBEDDED_H

/*
 * embedded.h -- files that are built into the programs: rule packs, a style sheet.
 *
 * The table is made by the Makefile (EMBEDDED); names are paths in the source.
 *
 * Thread: any; nothing is ever written.
 */

#include <stddef.h>
#include <stdint.h>

struct dbk_embedded {
	const char *name; /* "src/rules/packs/cn.json" */
	const unsigned char *bytes;
	size_t size;
};

/* In the order of their names. */
extern const struct dbk_embedded dbk_embedded[];
extern const uint32_t dbk_embedded_count;

#endif
