#ifndef DAYBOOK_TESTS_RANDOM_MESSAGE_H
#define DAYBOOK_TESTS_RANDOM_MESSAGE_H

/*
 * random_message.h -- numbers and protobuf-c messages by chance, from a seed.
 *
 * A message is filled by its descriptor: fields absent, at their edges and in between,
 * strings of one to four bytes a character with quotes and backslashes among them,
 * times that RFC 3339 can write with microseconds.
 */

#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

struct random_source {
	uint64_t state;
};

/* Start from SEED= of the environment, or from the clock; print the seed to use for the
 * same run again. */
void random_start(struct random_source *source, const char *what);

uint64_t random_next(struct random_source *source);

/* 0 to BELOW - 1. */
uint64_t random_below(struct random_source *source, uint64_t below);

/* A new message; give it back with protobuf_c_message_free_unpacked(message, NULL). */
ProtobufCMessage *random_message(struct random_source *source,
				 const ProtobufCMessageDescriptor *descriptor);

#endif
