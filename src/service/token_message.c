#include "service/token_message.h"

#include <string.h>

Daybook__V1__Role *
dbk_roles_fill(struct dbk_call *call, dbk_roles roles, size_t *out_n)
{
	Daybook__V1__Role *out = dbk_call_take(call, 8, sizeof *out);
	size_t n = 0;

	for (int role = DBK_ROLE_INGEST; out != NULL && role <= DBK_ROLE_ADMIN; role++)
		if ((roles & DBK_ROLE_BIT(role)) != 0)
			out[n++] = (Daybook__V1__Role)role;
	*out_n = n;
	return out;
}

char **
dbk_sources_fill(struct dbk_call *call, const struct dbk_caller *caller, size_t *out_n)
{
	char **out = dbk_call_take(call, caller->n_sources, sizeof *out);

	*out_n = out == NULL ? 0 : caller->n_sources;
	for (size_t i = 0; i < *out_n; i++)
		out[i] = dbk_call_text(call, dbk_str_of(caller->sources[i]));
	return out;
}

/* Times of tokens use 0 and INT64_MAX for "never". */
static Google__Protobuf__Timestamp *
time_of(struct dbk_call *call, int64_t us)
{
	return us == 0 || us == INT64_MAX ? NULL : dbk_call_timestamp(call, us);
}

void
dbk_token_fill(struct dbk_call *call, const struct dbk_token *token,
	       Daybook__V1__Token *out)
{
	out->id = dbk_call_text(call, dbk_str_of(token->id));
	out->name = dbk_call_text(call, dbk_str_of(token->caller.name));
	out->roles = dbk_roles_fill(call, token->caller.roles, &out->n_roles);
	out->sources = dbk_sources_fill(call, &token->caller, &out->n_sources);
	out->created_at = time_of(call, token->created_at_us);
	out->expires_at = time_of(call, token->caller.expires_at_us);
	out->revoked_at = time_of(call, token->revoked_at_us);
	out->last_used_at = time_of(call, token->last_used_at_us);
	out->created_by = dbk_call_text(call, dbk_str_of(token->created_by));
	if (!token->is_certificate)
		return;
	out->certificate_sha256.data =
	    dbk_call_take(call, 1, sizeof token->certificate);
	if (out->certificate_sha256.data == NULL)
		return;
	out->certificate_sha256.len = sizeof token->certificate;
	memcpy(out->certificate_sha256.data, token->certificate,
	       sizeof token->certificate);
}
