#include "served_access.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "access/access_store.h"
#include "access/vault.h"
#include "base/secret.h"

static void
make_token(struct served_access *access)
{
	char text[DBK_TOKEN_TEXT_BYTES];
	struct dbk_error error = { 0 };

	access->token.caller.roles = DBK_ROLE_BIT(DBK_ROLE_ADMIN);
	(void)snprintf(access->token.caller.name, sizeof access->token.caller.name,
		       "ann");
	check_must(dbk_tokens_create(access->tokens, &access->token, text, &error),
		   &error, "served_access");
}

void
served_access_open(struct served_access *access, struct dbk_service_port *service_port)
{
	char keys[PATH_MAX];
	const struct dbk_vault_options options = { .dir = keys };
	struct dbk_error error = { 0 };
	bool fresh;

	if (!dbk_secret_start())
		abort();
	memset(access, 0, sizeof *access);
	tmpdir_make(access->dir);
	(void)snprintf(keys, sizeof keys, "%s/keys", access->dir);
	check_must(dbk_vault_open(&options, &access->vault, &fresh, &error), &error,
		   "served_access");
	check_must(dbk_subjects_open(access->vault, false, &access->subjects, &error),
		   &error, "served_access");
	check_must(dbk_access_store_open(keys, false, &access->store, &error), &error,
		   "served_access");
	check_must(dbk_tokens_open(access->store, &access->tokens, &error), &error,
		   "served_access");
	check_must(dbk_access_log_open(access->store, &access->log, &error), &error,
		   "served_access");
	make_token(access);
	service_port->tokens = access->tokens;
	service_port->access_log = access->log;
	service_port->subjects = access->subjects;
}

void
served_access_close(struct served_access *access)
{
	dbk_access_log_close(access->log);
	dbk_tokens_close(access->tokens);
	dbk_store_close(access->store);
	dbk_subjects_close(access->subjects);
	dbk_vault_close(access->vault);
	tmpdir_remove(access->dir);
}
