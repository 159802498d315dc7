/* tokens.c -- tokens made, revoked and listed. */

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <daybook/limits.h>

#include "base/secret.h"
#include "service/token_message.h"

#define US_PER_SECOND 1000000

/* Users of this machine are called so, and nobody else. */
#define MACHINE_PREFIX "unix:"

/* --------------------------------------------------------------------- CreateToken */

static bool
take_id(struct dbk_call *call, const char *field, const char *text,
	char out[DBK_ID_BYTES_MAX + 1])
{
	struct dbk_str id = dbk_str_of(text);

	if (id.size > DBK_ID_BYTES_MAX || !dbk_str_is_utf8(id) ||
	    dbk_str_has_control(id))
		return dbk_call_bad(call, "ID", field, id,
				    "not an id of 1 to 64 bytes");
	memcpy(out, id.bytes, id.size);
	out[id.size] = '\0';
	return true;
}

static bool
take_name(struct dbk_call *call, const char *name, struct dbk_caller *out)
{
	if (!dbk_call_needs(call, "name", name) ||
	    !take_id(call, "name", name, out->name))
		return false;
	if (strncmp(name, MACHINE_PREFIX, strlen(MACHINE_PREFIX)) == 0)
		return dbk_call_bad(call, "ID", "name", dbk_str_of(name),
				    "only users of the daemon's machine are called so");
	return true;
}

static bool
take_roles(struct dbk_call *call, const Daybook__V1__CreateTokenRequest *request,
	   struct dbk_caller *out)
{
	char number[16];

	if (request->n_roles == 0)
		return dbk_call_needs(call, "roles", "");
	for (size_t i = 0; i < request->n_roles; i++) {
		int role = (int)request->roles[i];

		if (role < DBK_ROLE_INGEST || role > DBK_ROLE_ADMIN) {
			(void)snprintf(number, sizeof number, "%d", role);
			return dbk_call_bad(call, "ROLE", "roles", dbk_str_of(number),
					    "there is no such role");
		}
		out->roles |= DBK_ROLE_BIT(role);
	}
	return true;
}

static bool
take_sources(struct dbk_call *call, const Daybook__V1__CreateTokenRequest *request,
	     struct dbk_caller *out)
{
	char number[24];

	if (request->n_sources > DBK_TOKEN_SOURCES_MAX) {
		(void)snprintf(number, sizeof number, "%zu", request->n_sources);
		return dbk_call_bad(call, "LIMIT", "sources", dbk_str_of(number),
				    "a token is for 8 sources at most");
	}
	for (size_t i = 0; i < request->n_sources; i++)
		if (!dbk_call_needs(call, "sources", request->sources[i]) ||
		    !take_id(call, "sources", request->sources[i], out->sources[i]))
			return false;
	out->n_sources = (uint8_t)request->n_sources;
	return true;
}

static bool
take_end(struct dbk_call *call, uint64_t valid_seconds, int64_t now_us,
	 struct dbk_caller *out)
{
	char number[24];

	out->expires_at_us = INT64_MAX;
	if (valid_seconds == 0)
		return true;
	if (valid_seconds > (uint64_t)(DBK_TIME_US_MAX - now_us) / US_PER_SECOND) {
		(void)snprintf(number, sizeof number, "%" PRIu64, valid_seconds);
		return dbk_call_bad(call, "TIME", "valid_seconds", dbk_str_of(number),
				    "ends after the year 9999");
	}
	out->expires_at_us = now_us + (int64_t)valid_seconds * US_PER_SECOND;
	return true;
}

static bool
take_certificate(struct dbk_call *call, const ProtobufCBinaryData *sha256,
		 struct dbk_token *out)
{
	char number[32];

	if (sha256->len == 0)
		return true;
	if (sha256->len != sizeof out->certificate) {
		(void)snprintf(number, sizeof number, "%zu bytes", sha256->len);
		return dbk_call_bad(call, "CERTIFICATE", "certificate_sha256",
				    dbk_str_of(number), "not a SHA-256");
	}
	out->is_certificate = true;
	memcpy(out->certificate, sha256->data, sizeof out->certificate);
	return true;
}

static bool
make(struct dbk_call *call, struct dbk_token *token, char *text)
{
	Daybook__V1__CreateTokenReply reply = DAYBOOK__V1__CREATE_TOKEN_REPLY__INIT;
	Daybook__V1__Token message = DAYBOOK__V1__TOKEN__INIT;
	struct dbk_error error = { 0 };
	enum dbk_err err = dbk_tokens_create(call->port->tokens, token, text, &error);

	if (err != DBK_OK) {
		(void)dbk_answer_error(call->answer, err, &error);
		return false;
	}
	dbk_token_fill(call, token, &message);
	reply.token = &message;
	reply.secret = text;
	return dbk_call_reply(call, &reply.base);
}

bool
dbk_call_create_token(struct dbk_call *call)
{
	const Daybook__V1__CreateTokenRequest *request;
	struct dbk_token token = { 0 };
	int64_t now_us;
	char *text;
	bool made;

	if (call->port->tokens == NULL)
		return dbk_call_not_served(call);
	request =
	    dbk_call_request(call, &daybook__v1__create_token_request__descriptor);
	now_us = call->port->now_us(call->port->context);
	if (request == NULL || !take_name(call, request->name, &token.caller) ||
	    !take_roles(call, request, &token.caller) ||
	    !take_sources(call, request, &token.caller) ||
	    !take_end(call, request->valid_seconds, now_us, &token.caller) ||
	    !take_certificate(call, &request->certificate_sha256, &token))
		return false;
	token.created_at_us = now_us;
	if (call->caller != NULL)
		memcpy(token.created_by, call->caller->name, sizeof token.created_by);
	text = dbk_secret_take(DBK_TOKEN_TEXT_BYTES);
	if (text == NULL) {
		(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED,
				     "MEMORY", "no memory for a secret");
		return false;
	}
	made = make(call, &token, text);
	dbk_secret_give(text);
	return made;
}

/* --------------------------------------------------------------------- RevokeToken */

bool
dbk_call_revoke_token(struct dbk_call *call)
{
	Daybook__V1__Token reply = DAYBOOK__V1__TOKEN__INIT;
	const Daybook__V1__RevokeTokenRequest *request;
	struct dbk_error error = { 0 };
	struct dbk_token token;
	enum dbk_err err;

	if (call->port->tokens == NULL)
		return dbk_call_not_served(call);
	request =
	    dbk_call_request(call, &daybook__v1__revoke_token_request__descriptor);
	if (request == NULL || !dbk_call_needs(call, "id", request->id))
		return false;
	err =
	    dbk_tokens_revoke(call->port->tokens, dbk_str_of(request->id),
			      call->port->now_us(call->port->context), &token, &error);
	if (err == DBK_FAILED_NOT_FOUND) {
		(void)dbk_answer_set(call->answer, DBK_GRPC_NOT_FOUND, "TOKEN_UNKNOWN",
				     "there is no token of this id");
		(void)dbk_answer_field(call->answer, "id", dbk_str_of(request->id));
		return false;
	}
	if (err != DBK_OK) {
		(void)dbk_answer_error(call->answer, err, &error);
		return false;
	}
	dbk_token_fill(call, &token, &reply);
	return dbk_call_reply(call, &reply.base);
}

/* ---------------------------------------------------------------------- ListTokens */

bool
dbk_call_list_tokens(struct dbk_call *call)
{
	Daybook__V1__ListTokensReply reply = DAYBOOK__V1__LIST_TOKENS_REPLY__INIT;
	struct dbk_tokens *tokens = call->port->tokens;
	const Daybook__V1__ListTokensRequest *request;
	struct dbk_token token;
	int64_t now_us;

	if (tokens == NULL)
		return dbk_call_not_served(call);
	request = dbk_call_request(call, &daybook__v1__list_tokens_request__descriptor);
	if (request == NULL)
		return false;
	now_us = call->port->now_us(call->port->context);
	reply.tokens =
	    dbk_call_messages(call, DBK_TOKENS_MAX, &daybook__v1__token__descriptor);
	for (size_t i = 0; reply.tokens != NULL && reply.n_tokens < DBK_TOKENS_MAX &&
			   dbk_tokens_at(tokens, i, &token);
	     i++)
		if (request->all ||
		    (token.revoked_at_us == 0 && now_us < token.caller.expires_at_us))
			dbk_token_fill(call, &token, reply.tokens[reply.n_tokens++]);
	return dbk_call_reply(call, &reply.base);
}
