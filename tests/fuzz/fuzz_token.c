/*
 * Any bytes as what comes from outside or from the disk of tokens and of the access
 * record.  The first byte chooses: an authorization header, a stored token, a stored
 * entry, a request that is told of, a reply that loses its personal fields.  What is
 * taken comes out again the same.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "access/access_row.h"
#include "access/checked.h"
#include "access/token_row.h"
#include "base/secret.h"
#include "daybook/v1/service.pb-c.h"
#include "service/about.h"
#include "service/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
demand(bool holds)
{
	if (!holds)
		abort();
}

static void
try_header(struct dbk_str header)
{
	struct dbk_str token = dbk_token_of_header(header);

	demand(token.size <= header.size);
	demand(token.size == 0 ||
	       (token.bytes + token.size == header.bytes + header.size &&
		token.bytes[0] != ' '));
}

static void
try_token(struct dbk_str body)
{
	unsigned char hash[DBK_TOKEN_HASH_BYTES];
	struct dbk_token token;
	struct dbk_buf back;

	if (!dbk_token_row_get(body, &token, hash))
		return;
	dbk_buf_init(&back);
	dbk_token_row_put(&token, hash, &back);
	demand(dbk_str_equal(dbk_str_make(back.bytes, back.size), body));
	dbk_buf_fini(&back);
}

static void
try_entry(struct dbk_str body)
{
	struct dbk_access_entry entry, again;
	struct dbk_buf back;

	if (!dbk_access_row_get(body, &entry))
		return;
	dbk_buf_init(&back);
	dbk_access_row_put(&entry, &back);
	demand(dbk_access_row_get(dbk_str_make(back.bytes, back.size), &again));
	demand(memcmp(&entry, &again, sizeof entry) == 0);
	dbk_buf_fini(&back);
}

static void
try_checked(struct dbk_str value)
{
	struct dbk_str body;
	struct dbk_buf back;

	if (!dbk_checked_open(1, value, &body))
		return;
	dbk_buf_init(&back);
	dbk_buf_put(&back, body.bytes, body.size);
	dbk_checked_close(1, &back);
	demand(dbk_str_equal(dbk_str_make(back.bytes, back.size), value));
	dbk_buf_fini(&back);
}

static void
try_about(struct dbk_str request)
{
	char line[DBK_ACCESS_ABOUT_BYTES];

	dbk_about_make(request, &daybook__v1__get_receipts_request__descriptor, line);
	demand(memchr(line, '\0', sizeof line) != NULL);
	demand(dbk_str_is_utf8(dbk_str_of(line)));
	demand(!dbk_str_has_control(dbk_str_of(line)));
}

/* What is stripped once has nothing left to be stripped, and what the library reads
 * before it reads after. */
static void
try_personal(struct dbk_str reply)
{
	const ProtobufCMessageDescriptor *descriptor =
	    &daybook__v1__subscribe_reply__descriptor;
	ProtobufCMessage *before, *after;
	struct dbk_buf once, twice;

	dbk_buf_init(&once);
	dbk_buf_init(&twice);
	if (dbk_personal_strip(reply, descriptor, &once)) {
		demand(dbk_personal_strip(dbk_str_make(once.bytes, once.size),
					  descriptor, &twice));
		demand(dbk_str_equal(dbk_str_make(once.bytes, once.size),
				     dbk_str_make(twice.bytes, twice.size)));
		before = protobuf_c_message_unpack(descriptor, NULL, reply.size,
						   (const uint8_t *)reply.bytes);
		after =
		    protobuf_c_message_unpack(descriptor, NULL, once.size, once.bytes);
		demand(before == NULL || after != NULL);
		protobuf_c_message_free_unpacked(before, NULL);
		protobuf_c_message_free_unpacked(after, NULL);
	}
	dbk_buf_fini(&once);
	dbk_buf_fini(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static void (*const tries[])(struct dbk_str) = { try_header, try_token,
							 try_entry,  try_checked,
							 try_about,  try_personal };

	if (size == 0 || !dbk_secret_start())
		return 0;
	tries[bytes[0] % 6](dbk_str_make(bytes + 1, size - 1));
	return 0;
}
