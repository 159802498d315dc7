#ifndef DBK_SERVICE_PERSONAL_H
#define DBK_SERVICE_PERSONAL_H

/*
 * personal.h -- which fields of messages are personal, and emptying them;
 * src/proof/TRUST.md section 9.
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>

#include <protobuf-c/protobuf-c.h>

#include "base/buf.h"
#include "base/str.h"

/* Is a field of this name personal? */
bool dbk_personal_is(const char *field);

/* Append MESSAGE, the bytes of one of DESCRIPTOR, without its personal fields and those
 * of messages within, and without the "value" of a message whose "field" names one, such
 * as a Refusal; unknown fields go as well.  False: not such a message, or no memory. */
bool dbk_personal_strip(struct dbk_str message,
			const ProtobufCMessageDescriptor *descriptor,
			struct dbk_buf *out);

#endif
