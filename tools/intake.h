#ifndef TOOLS_INTAKE_H
#define TOOLS_INTAKE_H

/*
 * intake.h -- events from a file or a pipe, as bytes ready for a batch.
 *
 *	JSON	one daybook.v1.Event in proto3 JSON a line; empty lines are nothing
 *	binary	a base-128 length and that many bytes of a serialized Event, as
 *		writeDelimitedTo() of the protobuf libraries writes them
 *
 * An event that cannot be read is reported and the next one follows; only a length that
 * cannot be right ends the input, because nothing behind it can be found.
 *
 * Thread: belongs to one thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/error.h>

#include "base/buf.h"
#include "base/str.h"

/* A line: the largest event with every byte as \u0000 and room for names. */
#define INTAKE_LINE_BYTES_MAX ((size_t)1024 * 1024)

struct intake;

enum intake_kind {
	INTAKE_EVENT,
	INTAKE_BAD,  /* item.error says why */
	INTAKE_IDLE, /* nothing has come for a while; ask again */
	INTAKE_END,
	INTAKE_FAILED /* item.error: the input cannot be read on */
};

struct intake_item {
	uint64_t line;	      /* of the file from 1; binary: number of the event */
	struct dbk_str event; /* serialized; borrowed until the next call */
	struct dbk_str text;  /* JSON: the line as it stands; the same */
	struct dbk_error error;
};

/* PATH "-" is stdin.  Fails with the words of the operating system. */
enum dbk_err intake_open(const char *path, bool binary, struct intake **out,
			 struct dbk_error *error) DBK_MUST_CHECK;

/* NULL is nothing. */
void intake_close(struct intake *intake);

/* The next event.  A signal counts as INTAKE_IDLE. */
enum intake_kind intake_next(struct intake *intake, struct intake_item *out);

/* Bytes taken so far, and bytes in all; 0: not known. */
uint64_t intake_taken(const struct intake *intake);
uint64_t intake_size(const struct intake *intake);

#endif
