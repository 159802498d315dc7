/*
 * gate.c -- the gate in front of every call.
 *
 * A connection keeps the asker that was found last, so that a call costs a hash and a
 * lookup but no memory: most connections are one caller's for all their life.
 */

#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/denials.h"
#include "conn.h"
#include "daybook/v1/service.pb-c.h"
#include "failures.h"
#include "service/about.h"

struct gate {
	struct dbk_tokens *tokens;
	struct dbk_access_log *log;
	struct failures *failures;
	struct dbk_denials *denials;
};

struct gate *
gate_make(struct dbk_tokens *tokens, struct dbk_access_log *log)
{
	struct gate *gate = calloc(1, sizeof *gate);

	if (gate == NULL)
		return NULL;
	gate->tokens = tokens;
	gate->log = log;
	gate->failures = failures_make();
	gate->denials = dbk_denials_make(log);
	if (gate->failures == NULL || gate->denials == NULL) {
		gate_free(gate);
		return NULL;
	}
	return gate;
}

void
gate_free(struct gate *gate)
{
	if (gate == NULL)
		return;
	failures_free(gate->failures);
	dbk_denials_free(gate->denials);
	free(gate);
}

void
gate_settle(struct gate *gate, bool all)
{
	dbk_denials_settle(gate->denials, job_wall_clock_us(),
			   all ? INT64_MAX : job_clock_ns());
}

/* What stands behind the last slash. */
static struct dbk_str
method_of(struct dbk_str path)
{
	uint32_t from = path.size;

	while (from > 0 && path.bytes[from - 1] != '/')
		from--;
	return dbk_str_make(path.bytes + from, path.size - from);
}

/* ------------------------------------------------------------------------ who it is */

static bool
not_known(struct dbk_service_answer *answer, const char *reason, const char *text)
{
	(void)dbk_answer_set(answer, DBK_GRPC_UNAUTHENTICATED, reason, "%s", text);
	return false;
}

static bool
is_good(enum dbk_token_answer found, struct dbk_service_answer *answer)
{
	switch (found) {
	case DBK_TOKEN_GOOD:
		return true;
	case DBK_TOKEN_UNKNOWN:
		return not_known(answer, "TOKEN_UNKNOWN",
				 "this token is not known, or its secret is wrong");
	case DBK_TOKEN_EXPIRED:
		return not_known(answer, "TOKEN_EXPIRED", "this token has expired");
	case DBK_TOKEN_REVOKED:
		return not_known(answer, "TOKEN_REVOKED", "this token was revoked");
	}
	return false;
}

/* Who it is, if the address may try at all.  *OUT may be set beside a false, too. */
static bool
find_by_token(struct gate *gate, struct conn *conn, struct dbk_str authorization,
	      struct dbk_caller *out, struct dbk_service_answer *answer)
{
	int64_t now_ns = job_clock_ns();
	enum dbk_token_answer found;

	if (conn->shown_good ||
	    !failures_are_too_many(gate->failures, conn->peer, now_ns)) {
		found =
		    dbk_tokens_find(gate->tokens, dbk_token_of_header(authorization),
				    job_wall_clock_us(), out);
		conn->shown_good = is_good(found, answer);
		if (conn->shown_good)
			return true;
		failures_note(gate->failures, conn->peer, now_ns);
	}
	if (failures_are_too_many(gate->failures, conn->peer, now_ns))
		(void)dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED,
				     "TOO_MANY_FAILURES",
				     "too many tokens of this address have failed, try "
				     "again in a minute");
	return false;
}

/* Linux shows users whom this namespace does not know as this one, user_namespaces(7). */
#define OVERFLOW_UID 65534u

static bool
is_of_this_machine(const struct conn *conn, struct dbk_caller *out)
{
	bool is_own =
	    conn->peer_uid == geteuid() && conn->peer_uid != OVERFLOW_UID;

	if (!conn->is_unix || (conn->peer_uid != 0 && !is_own))
		return false;
	(void)snprintf(out->name, sizeof out->name, "unix:%u", conn->peer_uid);
	out->roles = DBK_ROLE_BIT(DBK_ROLE_ADMIN);
	out->expires_at_us = INT64_MAX;
	return true;
}

static bool
find_caller(struct gate *gate, struct conn *conn, struct dbk_str authorization,
	    struct dbk_caller *out, struct dbk_service_answer *answer)
{
	if (authorization.size > 0)
		return find_by_token(gate, conn, authorization, out, answer);
	if (is_of_this_machine(conn, out))
		return true;
	if (conn->has_certificate)
		return is_good(dbk_tokens_find_certificate(gate->tokens,
							   conn->certificate,
							   job_wall_clock_us(), out),
			       answer);
	return not_known(answer, "TOKEN_MISSING",
			 "this call needs a token: \"authorization: Bearer dbk_...\"");
}

/* What the connection keeps is of a version of the tokens: with every change it is
 * looked for anew.  A token's own end is looked at each time. */
static struct asker *
kept(struct gate *gate, const struct conn *conn, struct dbk_str authorization)
{
	const struct asker *asker = conn->asker;

	if (asker == NULL || conn->asker_by_token || authorization.size > 0 ||
	    conn->asker_version != dbk_tokens_version(gate->tokens) ||
	    job_wall_clock_us() >= asker->caller.expires_at_us)
		return NULL;
	return conn->asker;
}

/* The connection's asker if it is CALLER, else a new one that it keeps.  VERSION is of
 * before CALLER was found: what changed meanwhile is looked for again. */
static struct asker *
keep(struct conn *conn, struct dbk_caller *caller, uint64_t version, bool by_token)
{
	(void)snprintf(caller->peer, sizeof caller->peer, "%s", conn->peer);
	if (by_token && conn->asker != NULL && conn->asker_by_token &&
	    conn->asker_version == version &&
	    strcmp(conn->asker->caller.token_id, caller->token_id) == 0)
		return conn->asker;
	asker_release(conn->asker);
	conn->asker = asker_make(caller);
	conn->asker_version = version;
	conn->asker_by_token = by_token;
	return conn->asker;
}

/* -------------------------------------------------------------------- what he may do
 */

/* "finance, admin" */
static void
list_roles(dbk_roles roles, char *out, size_t room)
{
	size_t used = 0;

	out[0] = '\0';
	for (int role = DBK_ROLE_INGEST; role <= DBK_ROLE_ADMIN; role++)
		if ((roles & DBK_ROLE_BIT(role)) != 0)
			used += (size_t)snprintf(out + used, room - used, "%s%s",
						 used == 0 ? "" : ", ",
						 dbk_role_name((enum dbk_role)role));
}

static bool
may(const struct dbk_caller *caller, const struct dbk_right *right, struct dbk_str path,
    struct dbk_service_answer *answer)
{
	struct dbk_str method = method_of(path);
	char roles[64];

	if (right != NULL && dbk_caller_may(caller, right))
		return true;
	list_roles(right == NULL ? DBK_ROLE_BIT(DBK_ROLE_ADMIN) : right->roles, roles,
		   sizeof roles);
	(void)dbk_answer_set(answer, DBK_GRPC_PERMISSION_DENIED, "ROLE",
			     "%.*s needs one of these roles: %s", (int)method.size,
			     method.bytes, roles);
	(void)dbk_answer_field(answer, "method", method);
	(void)dbk_answer_field(answer, "roles", dbk_str_of(roles));
	return false;
}

/* ------------------------------------------------------------------------ the record
 */

static void
fill_entry(struct dbk_access_entry *entry, const struct dbk_caller *caller,
	   struct dbk_str path, enum dbk_grpc_code code)
{
	struct dbk_str method = method_of(path);

	memset(entry, 0, sizeof *entry);
	entry->at_us = job_wall_clock_us();
	(void)snprintf(entry->caller, sizeof entry->caller, "%s", caller->name);
	(void)snprintf(entry->token_id, sizeof entry->token_id, "%s", caller->token_id);
	(void)snprintf(entry->peer, sizeof entry->peer, "%s", caller->peer);
	(void)snprintf(entry->method, sizeof entry->method, "%.*s", (int)method.size,
		       method.bytes);
	entry->status = (uint32_t)code;
}

/* Addresses have many ports, and are bounded by their failures already. */
static void
tell_denied(struct gate *gate, const struct conn *conn, struct dbk_str reason,
	    const struct dbk_access_entry *entry)
{
	struct dbk_str who = dbk_str_of(entry->token_id);

	if (who.size == 0 && conn != NULL && conn->has_certificate)
		who = dbk_str_make(conn->certificate, sizeof conn->certificate);
	else if (who.size == 0)
		who = dbk_str_of(entry->peer);
	dbk_denials_note(gate->denials, who, reason, entry, job_clock_ns());
}

/* Calls without any caller are denied as fast as they come: one of a minute tells of
 * them, or they would fill the disk. */
static void
note_denied(struct gate *gate, const struct conn *conn, const struct dbk_caller *caller,
	    struct dbk_str path, const struct dbk_service_answer *answer)
{
	struct dbk_str reason = answer->status.reason;
	struct dbk_access_entry entry;

	if ((dbk_str_equal(reason, dbk_str_of("TOKEN_MISSING")) ||
	     dbk_str_equal(reason, dbk_str_of("TOO_MANY_FAILURES"))) &&
	    !failures_tell(gate->failures, caller->peer, job_clock_ns()))
		return;
	fill_entry(&entry, caller, path, answer->status.code);
	tell_denied(gate, conn, reason, &entry);
}

/* Who calls, not held; NULL: ANSWER says why nobody does. */
static struct asker *
authenticate(struct gate *gate, struct conn *conn, struct dbk_str path,
	     struct dbk_str authorization, struct dbk_service_answer *answer)
{
	struct asker *asker = kept(gate, conn, authorization);
	uint64_t version = dbk_tokens_version(gate->tokens);
	struct dbk_caller caller;

	if (asker == NULL) {
		memset(&caller, 0, sizeof caller);
		(void)snprintf(caller.peer, sizeof caller.peer, "%s", conn->peer);
		if (!find_caller(gate, conn, authorization, &caller, answer)) {
			(void)snprintf(caller.peer, sizeof caller.peer, "%s",
				       conn->peer);
			note_denied(gate, conn, &caller, path, answer);
			return NULL;
		}
		asker = keep(conn, &caller, version, authorization.size > 0);
	}
	if (asker == NULL)
		(void)dbk_answer_set(answer, DBK_GRPC_RESOURCE_EXHAUSTED, "MEMORY",
				     "no memory");
	return asker;
}

bool
gate_knows(struct gate *gate, struct conn *conn, struct dbk_str authorization,
	   struct dbk_service_answer *answer)
{
	return authenticate(gate, conn, dbk_str_of("unknown"), authorization, answer) !=
	       NULL;
}

bool
gate_let_in(struct gate *gate, struct conn *conn, struct dbk_str path,
	    struct dbk_str authorization, struct asker **out,
	    struct dbk_service_answer *answer)
{
	const struct dbk_right *right = dbk_right_of(path);
	struct asker *asker;

	*out = NULL;
	if (right != NULL && right->roles == 0)
		return true;
	asker = authenticate(gate, conn, path, authorization, answer);
	if (asker == NULL)
		return false;
	if (!may(&asker->caller, right, path, answer)) {
		note_denied(gate, conn, &asker->caller, path, answer);
		return false;
	}
	conn->let_in = true;
	*out = asker_hold(asker);
	return true;
}

static const ProtobufCMessageDescriptor *
request_of(struct dbk_str path)
{
	struct dbk_str method = method_of(path);
	const ProtobufCMethodDescriptor *found;
	char name[48];

	(void)snprintf(name, sizeof name, "%.*s", (int)method.size, method.bytes);
	found = protobuf_c_service_descriptor_get_method_by_name(
	    &daybook__v1__daybook__descriptor, name);
	return found == NULL ? NULL : found->input;
}

bool
gate_note(struct gate *gate, const struct asker *asker, struct dbk_str path,
	  struct dbk_str request, uint64_t *out_number)
{
	const struct dbk_right *right = dbk_right_of(path);
	const ProtobufCMessageDescriptor *descriptor;
	struct dbk_access_entry entry;

	*out_number = 0;
	if (asker == NULL || right == NULL || !right->recorded)
		return true;
	fill_entry(&entry, &asker->caller, path, DBK_GRPC_OK);
	descriptor = request_of(path);
	if (descriptor != NULL)
		dbk_about_make(request, descriptor, entry.about);
	*out_number = dbk_access_log_add(gate->log, &entry);
	return *out_number != 0;
}

void
gate_ended(struct gate *gate, const struct asker *asker, struct dbk_str path,
	   uint64_t number, enum dbk_grpc_code code)
{
	struct dbk_access_entry entry;

	if (number != 0) {
		dbk_access_log_end(gate->log, number, (uint32_t)code);
	} else if (asker != NULL && (code == DBK_GRPC_PERMISSION_DENIED ||
				     code == DBK_GRPC_UNAUTHENTICATED)) {
		fill_entry(&entry, &asker->caller, path, code);
		tell_denied(gate, NULL,
			    dbk_str_of(code == DBK_GRPC_PERMISSION_DENIED ? "later"
									  : "ended"),
			    &entry);
	}
}

bool
gate_is_still_in(struct gate *gate, const struct asker *asker,
		 struct dbk_service_answer *answer)
{
	if (asker == NULL || asker->caller.token_id[0] == '\0')
		return true;
	return is_good(dbk_tokens_look(gate->tokens, dbk_str_of(asker->caller.token_id),
				       job_wall_clock_us()),
		       answer);
}
