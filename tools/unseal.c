/* unseal.c -- sealed texts, opened. */

#include <stdio.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "event/json.h"
#include "json_rows.h"
#include "session.h"
#include "text_file.h"
#include "verbs.h"

/* A box in base64, its subject, and some blanks. */
#define JSON_BYTES_MAX 16384

struct options {
	struct cli_listing listing;
	const char *position;
	const char *json;
	const char *reason;
};

static const struct options defaults = { .position = NULL };

static const struct cli_option options[] = {
	{ "position", "N", "open all texts of the event at position N", CLI_TEXT,
	  offsetof(struct options, position), 0, 0 },
	{ "json", "FILE", "open what `daybook seal` printed; - is standard input",
	  CLI_TEXT, offsetof(struct options, json), 0, 0 },
	{ "reason", "TEXT", "why it is read, for the access record", CLI_TEXT,
	  offsetof(struct options, reason), 0, 0 },
	CLI_OPTION_FORMAT,
	CLI_OPTION_END
};

/* Texts come from outside: what a terminal would obey is not printed. */
static void
print_text(const ProtobufCBinaryData *text)
{
	for (size_t i = 0; i < text->len; i++) {
		unsigned char c = text->data[i];

		(void)putchar((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? '?'
										: c);
	}
}

static void
print_texts(const Daybook__V1__OpenSealedReply *reply)
{
	for (size_t i = 0; i < reply->n_texts; i++) {
		const Daybook__V1__OpenedText *text = reply->texts[i];

		(void)printf("%s: ", text->subject);
		if (text->erased)
			(void)fputs("(erased)", stdout);
		else
			print_text(&text->text);
		(void)putchar('\n');
	}
	if (reply->n_texts == 0)
		diag_error("this event has no sealed texts");
}

static int
open_texts(const struct options *o, Daybook__V1__OpenSealedRequest *request)
{
	ProtobufCMessage *reply;
	int code;

	request->reason = (char *)o->reason;
	code = session_call_alone(&o->listing.common, "OpenSealed", &request->base,
				  &daybook__v1__open_sealed_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	if (o->listing.format == CLI_JSON || o->listing.format == CLI_JSONL)
		json_rows_message(stdout, reply);
	else
		print_texts((const Daybook__V1__OpenSealedReply *)reply);
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
open_position(const struct options *o)
{
	Daybook__V1__OpenSealedRequest request = DAYBOOK__V1__OPEN_SEALED_REQUEST__INIT;

	request.of_case = DAYBOOK__V1__OPEN_SEALED_REQUEST__OF_POSITION;
	if (cli_count_parse(o->position, &request.position))
		return open_texts(o, &request);
	diag_error("--position: \"%.60s\" is no number", o->position);
	return EXIT_USAGE;
}

static int
open_json(const struct options *o)
{
	Daybook__V1__OpenSealedRequest request = DAYBOOK__V1__OPEN_SEALED_REQUEST__INIT;
	ProtobufCMessage *sealed = NULL;
	struct dbk_error error = { 0 };
	struct dbk_buf text;
	int code;

	dbk_buf_init(&text);
	code = text_file_read(o->json, JSON_BYTES_MAX, &text);
	if (code == EXIT_OK &&
	    dbk_json_parse(dbk_str_make(text.bytes, text.size),
			   &daybook__v1__sealed__descriptor, &sealed, &error) != DBK_OK)
		code = diag_failure(&error);
	if (code == EXIT_OK) {
		request.of_case = DAYBOOK__V1__OPEN_SEALED_REQUEST__OF_SEALED;
		request.sealed = (Daybook__V1__Sealed *)sealed;
		code = open_texts(o, &request);
		protobuf_c_message_free_unpacked(sealed, NULL);
	}
	dbk_buf_fini(&text);
	return code;
}

static int
run(struct cli_call *call)
{
	const struct options *o = call->options;

	if (o->reason == NULL) {
		diag_error("--reason TEXT is missing");
		return EXIT_USAGE;
	}
	if ((o->position == NULL) == (o->json == NULL)) {
		diag_error("--position N or --json FILE: one of them");
		return EXIT_USAGE;
	}
	return o->position != NULL ? open_position(o) : open_json(o);
}

const struct cli_verb verb_unseal = {
	.name = "unseal",
	.group = CLI_READ,
	.operands = "",
	.summary = "open sealed texts of persons",
	.about =
	    "Opens the sealed texts of the event at a position, or one box as `daybook "
	    "seal` printed\nit, and prints a line for each: SUBJECT: TEXT. Texts of a "
	    "subject that has been erased\nnobody can open. The access record has who "
	    "asked, for what, and why; it takes the\nrole regulator or admin.",
	.examples =
	    "  daybook unseal --position 4711 --reason 'court order 12/2024'\n"
	    "  daybook seal A17 address.txt | daybook unseal --json - --reason test",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 0,
	.operands_max = 0,
	.run = run,
};
