#ifndef DBK_EVENT_JSON_H
#define DBK_EVENT_JSON_H

/*
 * json.h -- proto3 JSON of any message of our .proto files, both directions.
 *
 * The rules are those of protobuf.dev/programming-guides/json; src/event/README.md
 * lists them.  Everything follows the descriptors that protoc-c generates, so a message
 * that is added to a .proto needs no line here.
 *
 * Pure functions of their arguments; any thread.
 */

#include <stdbool.h>

#include <protobuf-c/protobuf-c.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"

/* Zeroed is proto3's own choice: one line, defaults omitted. */
struct dbk_json_options {
	bool emit_defaults; /* also fields that hold 0, "", false or an empty list */
	unsigned indent;    /* spaces a level; 0: one line without blanks */
};

/*
 * Read TEXT, one JSON value, as a message of DESCRIPTOR.
 *
 * *OUT is a new message; give it back with protobuf_c_message_free_unpacked(*OUT,
 * NULL). DBK_FAILED_INPUT: TEXT is not JSON, or not of this message; ERROR names the
 * path and the value, as in: saleRecorded.lines[2].qty: "ten" is not an int64.
 * DBK_FAILED_LIMIT: larger than DBK_JSON_BYTES_MAX or deeper than DBK_JSON_DEPTH_MAX.
 * DBK_FAILED_MEMORY.
 */
enum dbk_err dbk_json_parse(struct dbk_str text,
			    const ProtobufCMessageDescriptor *descriptor,
			    ProtobufCMessage **out,
			    struct dbk_error *error) DBK_MUST_CHECK;

/*
 * Append MESSAGE to OUT as JSON.  OPTIONS may be NULL: all zero.
 *
 * DBK_FAILED_INPUT: a string is not UTF-8 or a time is outside the years 1970 to 9999,
 * so that JSON has no form for it; ERROR names the path, OUT is as it was.
 * DBK_FAILED_LIMIT: deeper than DBK_JSON_DEPTH_MAX; OUT is as it was.
 * DBK_FAILED_MEMORY: OUT has failed, see dbk_buf_failed().
 */
enum dbk_err dbk_json_write(const ProtobufCMessage *message,
			    const struct dbk_json_options *options, struct dbk_buf *out,
			    struct dbk_error *error) DBK_MUST_CHECK;

#endif
