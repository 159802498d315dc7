#ifndef DBK_EVENT_JSON_FIELD_H
#define DBK_EVENT_JSON_FIELD_H

/*
 * json_field.h -- a field of a message as JSON sees it: its name, its size in memory,
 * and its place for the words of an error.  Private to json_parse.c and json_write.c.
 *
 * Places are linked on the stack from the inside out, so that the way down costs two
 * stores a level and only an error pays for a text.
 */

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

struct dbk_json_place {
	const struct dbk_json_place *outer; /* NULL: the value as a whole */
	const char *name;		    /* NULL: element INDEX of OUTER */
	size_t index;
	bool is_key; /* NAME is what the sender wrote, not a .proto's name */
};

/* Room for a path: more of a longer one would push the reason out of an error. */
#define DBK_JSON_PLACE_BYTES 112

/* Write PLACE as "saleRecorded.lines[2].qty: ", cut if longer; "" for the whole. */
void dbk_json_field_place(const struct dbk_json_place *place,
			  char out[DBK_JSON_PLACE_BYTES]);

/* The lowerCamelCase form of a .proto's field NAME; false if OUT_SIZE is too small. */
bool dbk_json_field_camel(const char *name, char *out, size_t out_size);

/* Bytes of one value of FIELD in its message or list. */
size_t dbk_json_field_bytes(const ProtobufCFieldDescriptor *field);

#endif
