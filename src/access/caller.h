#ifndef DBK_ACCESS_CALLER_H
#define DBK_ACCESS_CALLER_H

/*
 * caller.h -- who calls, and what the methods ask of a caller; src/proof/TRUST.md
 * section 9.
 *
 * Pure functions over static tables; any thread.
 */

#include <stdbool.h>
#include <stdint.h>

#include <daybook/limits.h>

#include "base/str.h"

/* The numbers of Role in service.proto. */
enum dbk_role {
	DBK_ROLE_INGEST = 1,
	DBK_ROLE_READ = 2,
	DBK_ROLE_FINANCE = 3,
	DBK_ROLE_REGULATOR = 4,
	DBK_ROLE_ADMIN = 5
};

/* A set of roles: bit 1 << role. */
typedef uint8_t dbk_roles;
#define DBK_ROLE_BIT(role) ((dbk_roles)(1u << (role)))

#define DBK_TOKEN_ID_BYTES 16

struct dbk_caller {
	char name[DBK_ID_BYTES_MAX + 1];
	char token_id[DBK_TOKEN_ID_BYTES + 1]; /* empty for a user of this machine */
	char peer[64];			       /* "unix", "192.0.2.7:4711" */
	dbk_roles roles;
	int64_t expires_at_us; /* INT64_MAX: never */
	uint8_t n_sources;     /* 0: any */
	char sources[DBK_TOKEN_SOURCES_MAX][DBK_ID_BYTES_MAX + 1];
};

/* What is known of a method. */
struct dbk_right {
	const char *method; /* "GetAgent"; reflection and health stand by their paths */
	dbk_roles roles;    /* any of these will do; 0: open to everybody */
	bool recorded;	    /* calls go to the access record */
};

/* NULL: there is no such method. */
const struct dbk_right *dbk_right_of(struct dbk_str method_path);

/* "ingest"; NULL for no role. */
const char *dbk_role_name(enum dbk_role role);
bool dbk_role_parse(struct dbk_str name, enum dbk_role *out);

static inline bool
dbk_caller_may(const struct dbk_caller *caller, const struct dbk_right *right)
{
	return right->roles == 0 || (caller->roles & right->roles) != 0;
}

/* May it name SOURCE in a batch? */
bool dbk_caller_may_source(const struct dbk_caller *caller, struct dbk_str source);

/* May it see personal fields? */
static inline bool
dbk_caller_sees_persons(const struct dbk_caller *caller)
{
	return (caller->roles & (DBK_ROLE_BIT(DBK_ROLE_FINANCE) |
				 DBK_ROLE_BIT(DBK_ROLE_REGULATOR) |
				 DBK_ROLE_BIT(DBK_ROLE_ADMIN))) != 0;
}

#endif
