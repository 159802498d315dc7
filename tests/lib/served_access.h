#ifndef DAYBOOK_TESTS_SERVED_ACCESS_H
#define DAYBOOK_TESTS_SERVED_ACCESS_H

/*
 * served_access.h -- tokens, the access record and keys of persons for a service under
 * test, in a folder of their own.
 *
 * Whatever goes wrong in setting up aborts.
 */

#include "access/access_log.h"
#include "access/subjects.h"
#include "access/tokens.h"
#include "service/service.h"

#include "tmpdir.h"

struct served_access {
	char dir[TMPDIR_BYTES];
	struct dbk_vault *vault;
	struct dbk_store *store;
	struct dbk_subjects *subjects;
	struct dbk_tokens *tokens;
	struct dbk_access_log *log;
	struct dbk_token token; /* an admin's, made at the start */
};

/* Let SERVICE_PORT have them. */
void served_access_open(struct served_access *access,
			struct dbk_service_port *service_port);
void served_access_close(struct served_access *access);

#endif
