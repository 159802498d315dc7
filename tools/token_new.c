/* token_new.c -- a token is made, and its secret told once. */

#include <stdlib.h>
#include <string.h>

#include <daybook/v1/service.pb-c.h>

#include "access/caller.h"
#include "base/secret.h"
#include "fingerprint.h"
#include "session.h"
#include "verbs.h"

#define SECONDS_PER_DAY ((uint64_t)86400)
#define DAYS_MAX 36500

struct options {
	struct cli_common common;
	struct cli_list roles, sources;
	uint64_t days;
	const char *certificate;
};

static const struct options defaults = { .days = 0 };

static const struct cli_option options[] = {
	{ "role", "ROLE",
	  "ingest, read, finance, regulator or admin; may be given several times",
	  CLI_MANY, offsetof(struct options, roles), 0, 0 },
	{ "source", "NAME",
	  "the only source it may send as; may be given up to 8 times (default any)",
	  CLI_MANY, offsetof(struct options, sources), 0, 0 },
	{ "days", "N", "it expires after N days (default never)", CLI_COUNT,
	  offsetof(struct options, days), 1, DAYS_MAX },
	{ "for-certificate", "FILE",
	  "no secret: the client shows the certificate (PEM) in FILE", CLI_TEXT,
	  offsetof(struct options, certificate), 0, 0 },
	CLI_OPTION_END,
};

static bool
take_roles(const struct cli_list *names, Daybook__V1__Role *out)
{
	for (size_t i = 0; i < names->count; i++) {
		enum dbk_role role;

		if (!dbk_role_parse(dbk_str_of(names->items[i]), &role)) {
			diag_error("--role \"%s\": there are ingest, read, finance, "
				   "regulator and admin",
				   names->items[i]);
			return false;
		}
		out[i] = (Daybook__V1__Role)role;
	}
	if (names->count == 0)
		diag_error("--role is missing");
	return names->count > 0;
}

/* The secret alone goes to stdout, so that it can be caught by a file or a program. */
static int
tell(const Daybook__V1__CreateTokenReply *reply)
{
	if (reply->secret[0] != '\0')
		(void)puts(reply->secret);
	(void)fprintf(stderr, "token %s of %s: made%s\n", reply->token->id,
		      reply->token->name,
		      reply->secret[0] != '\0' ? "; its secret is not shown again"
					       : " for a certificate");
	return EXIT_OK;
}

static int
run(struct cli_call *call)
{
	Daybook__V1__CreateTokenRequest request =
	    DAYBOOK__V1__CREATE_TOKEN_REQUEST__INIT;
	const struct options *o = call->options;
	unsigned char certificate[DBK_SHA256_BYTES];
	Daybook__V1__CreateTokenReply *made;
	Daybook__V1__Role roles[CLI_LIST_MAX];
	struct dbk_error error = { 0 };
	ProtobufCMessage *reply;
	int code;

	if (!take_roles(&o->roles, roles))
		return EXIT_USAGE;
	if (o->certificate != NULL) {
		if (fingerprint_of_pem(o->certificate, certificate, &error) != DBK_OK)
			return diag_failure(&error);
		request.certificate_sha256.data = certificate;
		request.certificate_sha256.len = sizeof certificate;
	}
	request.name = call->operands[0];
	request.roles = roles;
	request.n_roles = o->roles.count;
	request.sources = (char **)(uintptr_t)o->sources.items;
	request.n_sources = o->sources.count;
	request.valid_seconds = o->days * SECONDS_PER_DAY;
	code = session_call_alone(&o->common, "CreateToken", &request.base,
				  &daybook__v1__create_token_reply__descriptor, &reply);
	if (code != EXIT_OK)
		return code;
	made = (Daybook__V1__CreateTokenReply *)reply;
	code = tell(made);
	dbk_secret_wipe(made->secret, strlen(made->secret));
	protobuf_c_message_free_unpacked(reply, NULL);
	return code;
}

const struct cli_verb verb_token_new = {
	.name = "token new",
	.group = CLI_OPERATE,
	.operands = "NAME",
	.summary = "make a token; its secret is printed once",
	.about = "Makes a token for whoever NAME is and prints it, alone, on standard "
		 "output. The\ndaemon keeps its hash only, so what is lost is lost: "
		 "revoke it and make another.\nWith --for-certificate nothing is "
		 "printed: the client is known by its certificate.",
	.examples =
	    "  daybook token new shop-eu --role ingest --source shop-eu >shop.token\n"
	    "  daybook token new board --role read --days 90\n"
	    "  daybook token new till-7 --role ingest --for-certificate till7.pem",
	.options = options,
	.options_bytes = sizeof(struct options),
	.defaults = &defaults,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
