#ifndef DAYBOOK_TESTS_FUZZ_INPUT_H
#define DAYBOOK_TESTS_FUZZ_INPUT_H

/*
 * fuzz_input.h -- what fuzz targets of published events share: numbers out of an
 * input's bytes, and events as bytes, there and back.
 */

#include <stdbool.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "base/buf.h"
#include "base/str.h"

/* What does not hold ends the program: an engine keeps the input. */
void fuzz_demand(bool holds);

struct fuzz_reader {
	const uint8_t *at, *end;
};

/* The next byte, 0 behind the end. */
uint8_t fuzz_next(struct fuzz_reader *reader);

/* Of no byte (WIDTH 0), one, four or eight (3): small numbers are the ones that stand
 * within bounds. */
int64_t fuzz_next_value(struct fuzz_reader *reader, unsigned width);

/* Append MESSAGE as it is on the wire. */
void fuzz_pack(const ProtobufCMessage *message, struct dbk_buf *out);

/* Append the event of BYTES as it comes back from JSON; it has to be a sound one. */
void fuzz_json_and_back(struct dbk_str bytes, struct dbk_buf *out);

#endif
