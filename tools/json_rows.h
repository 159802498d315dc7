#ifndef TOOLS_JSON_ROWS_H
#define TOOLS_JSON_ROWS_H

/*
 * json_rows.h -- a listing as JSON, row by row, in the names of service.proto.
 *
 * One object is the reply of the call with the rows of all pages in its repeated field,
 * printed as they come, so that a listing of any length takes the memory of one page.
 * Fields that hold a default are printed too, so that programs find every name; only
 * events stand as they were sent.
 *
 * Thread: any; FILE's own rules.
 */

#include <stdbool.h>
#include <stdio.h>

#include <protobuf-c/protobuf-c.h>

#include "base/buf.h"
#include "base/str.h"

struct json_rows {
	FILE *out;
	bool lines;    /* jsonl: rows alone, one a line */
	bool one_line; /* json: the whole object on one line */
	bool begun;
	bool first;
	struct dbk_buf tail; /* of the object, behind its rows */
};

void json_rows_init(struct json_rows *rows, FILE *out, bool lines, bool one_line);

/*
 * Begin the object: REPLY up to the first row of its repeated field FIELD.  Called with
 * every page, of which the last one gives what stands behind the rows.
 */
void json_rows_begin(struct json_rows *rows, ProtobufCMessage *reply,
		     const char *field);

void json_rows_put(struct json_rows *rows, const ProtobufCMessage *row);

/* End it.  TOKEN: that of the page that would follow; empty or NULL if there is none.
 */
void json_rows_end(struct json_rows *rows, const char *token);

/* One message and a line end. */
void json_rows_message(FILE *out, const ProtobufCMessage *message);

/* TEXT as a JSON string; bytes that are not UTF-8 become '?'. */
void json_rows_string(FILE *out, struct dbk_str text);

/* MESSAGE as JSON into OUT; without DEFAULTS, as it was sent. */
void json_rows_write(const ProtobufCMessage *message, bool defaults,
		     struct dbk_buf *out);

#endif
