#ifndef DBK_RPC_FRAMING_H
#define DBK_RPC_FRAMING_H

/*
 * framing.h -- gRPC messages in a stream of bytes that is cut anywhere: a flag byte, a
 * length of four bytes (big-endian), the message.
 *
 * Source: gRPC over HTTP/2, Length-Prefixed-Message.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

#define DBK_FRAMING_PREFIX_BYTES 5

enum dbk_framing_step {
	DBK_FRAMING_MESSAGE,	/* a whole message is there */
	DBK_FRAMING_MORE,	/* all bytes are taken */
	DBK_FRAMING_COMPRESSED, /* the flag says so; none was agreed on */
	DBK_FRAMING_BAD_FLAG,	/* neither 0 nor 1 */
	DBK_FRAMING_TOO_LARGE,	/* above DBK_MESSAGE_BYTES_MAX */
	DBK_FRAMING_NO_MEMORY
};

/* The unfinished message of one direction of a stream.  Zeroed is empty. */
struct dbk_framing {
	unsigned char prefix[DBK_FRAMING_PREFIX_BYTES];
	unsigned prefix_size; /* bytes of the prefix that are there */
	uint32_t size;	      /* of the message; valid with the whole prefix */
	struct dbk_buf body;  /* its beginning */
};

/* The same as before the first byte; keeps the memory. */
void dbk_framing_reset(struct dbk_framing *framing);

void dbk_framing_fini(struct dbk_framing *framing);

/*
 * Take bytes from CURSOR up to the end of a message.
 *
 * MESSAGE: *OUT is the message, borrowed from the bytes of CURSOR if it lies in them as
 * a whole, else from FRAMING until the next call.  Call again: there may be more.
 * Anything else ends the loop; after the last four the stream is of no use.
 */
enum dbk_framing_step dbk_framing_next(struct dbk_framing *framing,
				       struct dbk_cursor *cursor, struct dbk_str *out);

/* Between two messages, where a stream may end. */
bool dbk_framing_is_idle(const struct dbk_framing *framing);

/* Bytes of the unfinished message that are there, without prefix. */
size_t dbk_framing_partial(const struct dbk_framing *framing);

/* Write the prefix of an uncompressed message of SIZE bytes. */
void dbk_framing_prefix(uint32_t size, unsigned char out[DBK_FRAMING_PREFIX_BYTES]);

#endif
