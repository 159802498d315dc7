/* seal.c -- a text of a person, sealed. */

#include <daybook/limits.h>

#include <daybook/v1/service.pb-c.h>

#include "base/secret.h"
#include "json_rows.h"
#include "session.h"
#include "text_file.h"
#include "verbs.h"

static const struct cli_common defaults = { .timeout_s = 0 };

static const struct cli_option options[] = { CLI_OPTION_END };

static int
seal(const struct cli_common *common, char *subject, const struct dbk_buf *text)
{
	Daybook__V1__SealTextRequest request = DAYBOOK__V1__SEAL_TEXT_REQUEST__INIT;
	const Daybook__V1__SealTextReply *sealed;
	ProtobufCMessage *reply;
	int code;

	request.subject = subject;
	request.text.data = text->bytes;
	request.text.len = text->size;
	/* A line's end is the editor's or the shell's, and not the person's. */
	if (text->size > 0 && text->bytes[text->size - 1] == '\n')
		request.text.len--;
	code = session_call_alone(common, "SealText", &request.base,
				  &daybook__v1__seal_text_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	sealed = (const Daybook__V1__SealTextReply *)reply;
	if (sealed->sealed != NULL) {
		json_rows_message(stdout, &sealed->sealed->base);
	} else {
		diag_error("the server's reply has no box");
		code = EXIT_FAILED;
	}
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

static int
run(struct cli_call *call)
{
	const char *path = call->operand_count > 1 ? call->operands[1] : "-";
	struct dbk_buf text;
	int code;

	dbk_buf_init(&text);
	code = text_file_read(path, DBK_SEALED_TEXT_BYTES_MAX + 1, &text);
	if (code == EXIT_OK)
		code = seal(call->options, call->operands[0], &text);
	if (text.bytes != NULL)
		dbk_secret_wipe(text.bytes, text.size);
	dbk_buf_fini(&text);
	return code;
}

const struct cli_verb verb_seal = {
	.name = "seal",
	.group = CLI_WRITE,
	.operands = "SUBJECT [FILE]",
	.summary = "seal a text of a person, for an event",
	.about =
	    "Reads a text of at most 4096 bytes from FILE, or standard input, and "
	    "prints "
	    "it as an\nelement of \"sealed\" of an event, in JSON: only the daemon can "
	    "open it, and nobody once\nSUBJECT has been erased. The end of the last "
	    "line "
	    "is not part of the text. The same\ntext of the same subject gives the "
	    "same "
	    "box, so that an event may be sent again.",
	.examples = "  printf 'Rue Haute 5, Bruges' | daybook seal A17\n"
		    "  daybook seal A17 address.txt",
	.options = options,
	.options_bytes = sizeof(struct cli_common),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 2,
	.run = run,
};
