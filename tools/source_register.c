/* source_register.c -- a source gets a key, or loses it. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/assert.h"
#include "event_send.h"
#include "names.h"
#include "signing_key.h"
#include "verbs.h"

/* "source ... has key revision 4294967295" and then some. */
#define WORDS_BYTES 160

/* ------------------------------------------------------------------------ register */

struct register_options {
	struct event_send_options send;
	const char *key;
	struct cli_list may;
	uint64_t revision;
};

static const struct register_options register_defaults = { .revision = 0 };

static const struct cli_option register_options[] = {
	{ "key", "HEX|FILE", "the public key, or the file of new-key", CLI_TEXT,
	  offsetof(struct register_options, key), 0, 0 },
	{ "may", "TYPES",
	  "events it may send, by commas: SaleRecorded,600 (default all)", CLI_MANY,
	  offsetof(struct register_options, may), 0, 0 },
	{ "revision", "N", "of the key (default: the next one)", CLI_COUNT,
	  offsetof(struct register_options, revision), 1, UINT32_MAX },
	EVENT_SEND_OPTIONS,
	CLI_OPTION_END
};

/* The numbers of events that --may names. */
struct rights {
	uint32_t numbers[DBK_RIGHTS_MAX];
	size_t count;
};

static int
add_right(struct rights *rights, const char *word)
{
	const char *nearest = NULL;
	uint32_t number = names_event_number(word, &nearest);

	if (number == 0) {
		if (nearest == NULL)
			diag_error("--may: no event is called \"%.60s\"", word);
		else
			diag_error("--may: no event is called \"%.60s\"; did you mean "
				   "%s?",
				   word, nearest);
		return EXIT_USAGE;
	}
	if (rights->count == DBK_RIGHTS_MAX) {
		diag_error("--may: more than %d types", DBK_RIGHTS_MAX);
		return EXIT_USAGE;
	}
	rights->numbers[rights->count++] = number;
	return EXIT_OK;
}

static int
add_rights(struct rights *rights, const char *list)
{
	char *words = strdup(list), *rest = words, *word;
	int code = EXIT_OK;

	dbk_assert(words != NULL);
	while (code == EXIT_OK && (word = strsep(&rest, ",")) != NULL)
		code = add_right(rights, word);
	free(words);
	return code;
}

static int
take_rights(const struct cli_list *may, struct rights *out)
{
	int code = EXIT_OK;

	out->count = 0;
	for (size_t i = 0; code == EXIT_OK && i < may->count; i++)
		code = add_rights(out, may->items[i]);
	return code;
}

/* The revision behind the last one of SOURCE. */
static int
next_revision(struct session *session, char *source, uint32_t *out)
{
	Daybook__V1__ListSourceKeysRequest request =
	    DAYBOOK__V1__LIST_SOURCE_KEYS_REQUEST__INIT;
	const Daybook__V1__ListSourceKeysReply *keys;
	ProtobufCMessage *reply;
	bool unknown;
	int code;

	*out = 1;
	request.source = source;
	code = session_ask(session, "ListSourceKeys", &request.base,
			   &daybook__v1__list_source_keys_reply__descriptor, &reply,
			   &unknown);
	if (unknown)
		return EXIT_OK;
	if (code != EXIT_OK)
		return code;
	keys = (const Daybook__V1__ListSourceKeysReply *)reply;
	for (size_t i = 0; i < keys->n_keys; i++)
		if (keys->keys[i]->revision >= *out)
			*out = keys->keys[i]->revision + 1;
	protobuf_c_message_free_unpacked(reply, NULL);
	return EXIT_OK;
}

static int
send_event(struct session *session, const struct event_send_options *options,
	   const Daybook__V1__Event *event, const char *words)
{
	Daybook__V1__AppendReply *reply;
	int code = event_send(session, options, event, &reply);

	if (code != EXIT_OK)
		return code;
	code = event_send_say(options, reply->results[0], words);
	protobuf_c_message_free_unpacked(&reply->base, NULL);
	return code;
}

static int
send_registration(struct session *session, const struct register_options *o,
		  Daybook__V1__SourceRegistered *body)
{
	Daybook__V1__Event event;
	char words[WORDS_BYTES];
	struct event_out out;

	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	event.body_case = DAYBOOK__V1__EVENT__BODY_SOURCE_REGISTERED;
	event.source_registered = body;
	(void)snprintf(words, sizeof words,
		       "revision %" PRIu32 " of the key of source %.64s is registered",
		       body->revision, body->source);
	return send_event(session, &o->send, &event, words);
}

static int
run_register(struct cli_call *call)
{
	const struct register_options *o = call->options;
	Daybook__V1__SourceRegistered body = DAYBOOK__V1__SOURCE_REGISTERED__INIT;
	unsigned char key[DBK_SIGN_PUBLIC_BYTES];
	struct rights rights;
	struct session *session;
	int code;

	if (o->key == NULL) {
		diag_error("--key HEX|FILE is missing");
		return EXIT_USAGE;
	}
	code = take_rights(&o->may, &rights);
	if (code == EXIT_OK)
		code = signing_key_public(o->key, key);
	if (code == EXIT_OK)
		code = session_open(&o->send.out.common, &session);
	if (code != EXIT_OK)
		return code;
	body.source = call->operands[0];
	body.ed25519_public_key.data = key;
	body.ed25519_public_key.len = sizeof key;
	body.may_send = rights.numbers;
	body.n_may_send = rights.count;
	body.revision = (uint32_t)o->revision;
	if (body.revision == 0)
		code = next_revision(session, body.source, &body.revision);
	if (code == EXIT_OK)
		code = send_registration(session, o, &body);
	session_close(session);
	return code;
}

const struct cli_verb verb_source_register = {
	.name = "source register",
	.group = CLI_OPERATE,
	.operands = "NAME",
	.summary = "give a source a key, or its next one",
	.about =
	    "Sends a SourceRegistered: from the next batch on all batches of source "
	    "NAME are\n"
	    "numbered and signed by this key, and it may send only the events that "
	    "--may\n"
	    "names, by their names or numbers; 600 is all of that family. A further "
	    "key takes\n"
	    "the place of the one before, rights and all. Only an admin may do so.",
	.examples = "  daybook source new-key shop-eu.key\n"
		    "  daybook source register shop-eu --key shop-eu.key --may "
		    "SaleRecorded,600\n"
		    "  daybook append sales.jsonl --source shop-eu --sign shop-eu.key",
	.options = register_options,
	.options_bytes = sizeof(struct register_options),
	.defaults = &register_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_register,
};

/* -------------------------------------------------------------------------- revoke */

struct revoke_options {
	struct event_send_options send;
	uint64_t revision;
	const char *reason;
};

static const struct revoke_options revoke_defaults = { .revision = 0 };

static const struct cli_option revoke_options[] = {
	{ "revision", "N", "which key: the one in force", CLI_COUNT,
	  offsetof(struct revoke_options, revision), 1, UINT32_MAX },
	{ "reason", "TEXT", "why, in the event", CLI_TEXT,
	  offsetof(struct revoke_options, reason), 0, 0 },
	EVENT_SEND_OPTIONS,
	CLI_OPTION_END
};

static int
run_revoke(struct cli_call *call)
{
	const struct revoke_options *o = call->options;
	Daybook__V1__SourceKeyRevoked body = DAYBOOK__V1__SOURCE_KEY_REVOKED__INIT;
	Daybook__V1__Event event;
	char words[WORDS_BYTES];
	struct event_out out;

	if (o->revision == 0 || o->reason == NULL) {
		diag_error("%s is missing",
			   o->revision == 0 ? "--revision N" : "--reason TEXT");
		return EXIT_USAGE;
	}
	event_out_init(&out, &o->send.out);
	event = event_out_make(&out);
	body.source = call->operands[0];
	body.revision = (uint32_t)o->revision;
	body.reason = (char *)o->reason;
	event.body_case = DAYBOOK__V1__EVENT__BODY_SOURCE_KEY_REVOKED;
	event.source_key_revoked = &body;
	(void)snprintf(words, sizeof words,
		       "revision %" PRIu32 " of the key of source %.64s is revoked",
		       body.revision, body.source);
	return event_send_alone(&o->send, &event, words);
}

const struct cli_verb verb_source_revoke = {
	.name = "source revoke",
	.group = CLI_OPERATE,
	.operands = "NAME",
	.summary = "take nothing more of a source",
	.about = "Sends a SourceKeyRevoked: nothing of source NAME is taken until a "
		 "further key is\n"
		 "registered. The revision is that of the key in force, which daybook "
		 "source keys\n"
		 "shows; so a key is not revoked that somebody has replaced meanwhile. "
		 "Only an\n"
		 "admin may do so.",
	.examples =
	    "  daybook source revoke shop-eu --revision 1 --reason 'laptop lost'",
	.options = revoke_options,
	.options_bytes = sizeof(struct revoke_options),
	.defaults = &revoke_defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run_revoke,
};
