#ifndef TOOLS_SOURCE_NAME_H
#define TOOLS_SOURCE_NAME_H

/*
 * source_name.h -- under which name the command sends events.
 */

#include <daybook/limits.h>

#define SOURCE_NAME_BYTES (DBK_ID_BYTES_MAX + 1)

/* GIVEN, or "daybook-cli@" and this machine's name if that is NULL.  EXIT_USAGE and
 * words if GIVEN is not 1 to DBK_ID_BYTES_MAX bytes long. */
int source_name(const char *given, char out[SOURCE_NAME_BYTES]);

#endif
