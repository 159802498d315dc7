#ifndef DBK_SERVICE_ABOUT_H
#define DBK_SERVICE_ABOUT_H

/*
 * about.h -- what a request asks for, in a line of the access record: "agent=A17
 * limit=20".
 *
 * Pure functions; any thread.
 */

#include <stdbool.h>

#include <protobuf-c/protobuf-c.h>

#include "access/access_log.h"
#include "base/str.h"

/* The texts and numbers of REQUEST, the bytes of a message of DESCRIPTOR, as
 * name=value, lists behind the others; those of messages within as outer.name=value.
 * Of what is given twice the one that counts.  Never bytes, which may be secret.  Cut to
 * the room; printable UTF-8 whatever was sent; empty where the request is none, or longer
 * than one may be. */
void dbk_about_make(struct dbk_str request,
		    const ProtobufCMessageDescriptor *descriptor,
		    char out[DBK_ACCESS_ABOUT_BYTES]);

/* Does a value of the line ABOUT equal VALUE? */
bool dbk_about_names(const char *about, struct dbk_str value);

#endif
