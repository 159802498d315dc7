/* digest.c -- one hash that two books can be compared by. */

#include <inttypes.h>

#include "book_status.h"
#include "facts.h"
#include "listing.h"
#include "verbs.h"

#define DIGEST_BYTES_MAX 64

struct options {
	struct cli_listing listing;
	bool wait;
};

static const struct options defaults = { .listing.limit = 0 };

static const struct cli_option options[] = {
	{ "wait", NULL, "wait until every view holds every record of the log", CLI_FLAG,
	  offsetof(struct options, wait), 0, 0 },
	CLI_OPTION_AT_LEAST,
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

static void
hex(const ProtobufCBinaryData *bytes, char out[2 * DIGEST_BYTES_MAX + 1])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < bytes->len && i < DIGEST_BYTES_MAX; i++) {
		out[at++] = digits[bytes->data[i] >> 4];
		out[at++] = digits[bytes->data[i] & 15];
	}
	out[at] = '\0';
}

/* As text like sha256sum(1): the hash first.  Bytes in proto3 JSON are base64, so that
 * JSON has the hash in both forms. */
static void
print_digest(const Daybook__V1__Digest *digest, const struct cli_listing *o)
{
	char text[2 * DIGEST_BYTES_MAX + 1];
	struct dbk_buf json;
	struct facts facts;

	hex(&digest->digest, text);
	switch (o->format) {
	case CLI_TABLE:
		(void)printf("%s  %" PRIu64 "\n", text, digest->size);
		return;
	case CLI_CSV:
		facts_init(&facts);
		facts_text(&facts, "digest", text);
		facts_u64(&facts, "size", digest->size);
		facts_print(&facts, listing_style(o));
		return;
	case CLI_JSON:
	case CLI_JSONL:
		dbk_buf_init(&json);
		json_rows_write(&digest->base, true, &json);
		(void)printf("%.*s,\"hex\":\"%s\"}\n", (int)json.size - 1,
			     (char *)json.bytes, text);
		dbk_buf_fini(&json);
		return;
	}
}

static int
ask(struct session *session, const struct options *o, ProtobufCMessage **out)
{
	Daybook__V1__GetDigestRequest request = DAYBOOK__V1__GET_DIGEST_REQUEST__INIT;
	int code;

	if (o->wait || o->listing.at_least > 0) {
		Daybook__V1__Status *status;

		code = book_status_wait(session, o->listing.at_least, o->wait,
					o->listing.common.timeout_s, &status);
		if (code != EXIT_OK)
			return code;
		protobuf_c_message_free_unpacked(&status->base, NULL);
	}
	return session_call(session, "GetDigest", &request.base,
			    &daybook__v1__digest__descriptor, out);
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;
	struct session *session;
	ProtobufCMessage *reply;
	int code = session_open(&o->listing.common, &session);

	if (code != EXIT_OK)
		return code;
	code = ask(session, o, &reply);
	session_close(session);
	if (code != EXIT_OK)
		return code;
	print_digest((const Daybook__V1__Digest *)reply, &o->listing);
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

const struct cli_verb verb_digest = {
	.name = "digest",
	.group = CLI_OPERATE,
	.operands = "",
	.summary = "one hash that two books can be compared by",
	.about =
	    "Prints the canonical digest of the books in hexadecimal and the number of "
	    "records\nthat they hold. Two books with the same records have the same "
	    "digest, on any\nmachine, however often they were restarted.",
	.examples = "  daybook digest\n"
		    "  daybook digest --at-least 100000\n"
		    "  daybook digest --format json | jq -r .hex",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.run = run,
};
