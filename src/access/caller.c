#include "access/caller.h"

#include <string.h>

#define SERVICE_PREFIX "/daybook.v1.Daybook/"

/* The columns of the table in TRUST.md. */
#define INGEST DBK_ROLE_BIT(DBK_ROLE_INGEST)
#define READ DBK_ROLE_BIT(DBK_ROLE_READ)
#define FINANCE DBK_ROLE_BIT(DBK_ROLE_FINANCE)
#define REGULATOR DBK_ROLE_BIT(DBK_ROLE_REGULATOR)
#define ADMIN DBK_ROLE_BIT(DBK_ROLE_ADMIN)

/* And its rows. */
#define ANY_ROLE (INGEST | READ | FINANCE | REGULATOR | ADMIN)
#define SENDERS (INGEST | ADMIN)
#define READERS (READ | FINANCE | REGULATOR | ADMIN)
#define MONEY (FINANCE | REGULATOR | ADMIN)
#define BOOKKEEPERS (FINANCE | ADMIN)
#define SUPERVISORS (REGULATOR | ADMIN)

/* What is called most stands first. */
static const struct dbk_right rights[] = {
	{ "Append", SENDERS, false },
	{ "AppendStream", SENDERS, false },
	{ "SealText", SENDERS, true },
	{ "GetStatus", ANY_ROLE, false },
	{ "GetCaller", ANY_ROLE, false },
	{ "GetCheckpoint", ANY_ROLE, false },
	{ "GetInclusionProof", ANY_ROLE, false },
	{ "GetConsistencyProof", ANY_ROLE, false },
	{ "GetSource", ANY_ROLE, false },
	{ "ListSourceKeys", ANY_ROLE, false },
	{ "GetDigest", READERS, false },
	{ "ListStock", READERS, false },
	{ "ListMovements", READERS, false },
	{ "GetAgent", READERS, true },
	{ "ListAgents", READERS, true },
	{ "GetOrder", READERS, true },
	{ "ListRefusals", READERS, false },
	{ "Subscribe", READERS, true },
	{ "ListPlans", READERS, false },
	{ "GetContest", READERS, false },
	{ "ListPeriods", READERS, false },
	{ "ListGoods", READERS, false },
	{ "GetLot", READERS, false },
	{ "ListFindings", READERS, false },
	{ "WatchFindings", READERS, false },
	{ "ListGuardSets", READERS, false },
	{ "ListRestocks", READERS, false },
	{ "ListBuybacks", READERS, false },
	{ "ListNetwork", READERS, false },
	{ "ListTiers", READERS, false },
	{ "ListCohorts", READERS, false },
	{ "GetScorecard", READERS, false },
	{ "ListMismatches", READERS, false },
	{ "GetTrialBalance", MONEY, false },
	{ "ListBalances", MONEY, false },
	{ "GetStatement", MONEY, true },
	{ "GetAgentStatement", MONEY, true },
	{ "ListPayouts", MONEY, true },
	{ "GetPayout", MONEY, true },
	{ "ListClawbacks", MONEY, true },
	{ "ListEscrow", MONEY, false },
	{ "ListCosts", MONEY, false },
	{ "ListReports", MONEY, false },
	{ "ListHolds", MONEY, true },
	{ "CheckClose", MONEY, false },
	{ "ReadJournal", MONEY, true },
	{ "GetReceipts", MONEY, true },
	{ "ClosePeriod", BOOKKEEPERS, false },
	{ "RecordDigest", BOOKKEEPERS, false },
	{ "ReadLog", SUPERVISORS, true },
	{ "ListAccess", SUPERVISORS, false },
	{ "OpenSealed", SUPERVISORS, true },
	{ "CreateToken", ADMIN, true },
	{ "RevokeToken", ADMIN, true },
	{ "ListTokens", ADMIN, false },
	{ "RebuildView", ADMIN, false },
};

/* Beside the service; by their whole paths. */
static const struct dbk_right other_rights[] = {
	{ "/grpc.health.v1.Health/Check", 0, false },
	{ "/grpc.health.v1.Health/Watch", 0, false },
	{ "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo", ANY_ROLE,
	  false },
	{ "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", ANY_ROLE,
	  false },
};

static const char *const role_names[] = {
	[DBK_ROLE_INGEST] = "ingest",	[DBK_ROLE_READ] = "read",
	[DBK_ROLE_FINANCE] = "finance", [DBK_ROLE_REGULATOR] = "regulator",
	[DBK_ROLE_ADMIN] = "admin",
};

static const struct dbk_right *
find(const struct dbk_right *table, size_t n, struct dbk_str method)
{
	for (size_t i = 0; i < n; i++)
		if (dbk_str_equal(dbk_str_of(table[i].method), method))
			return &table[i];
	return NULL;
}

const struct dbk_right *
dbk_right_of(struct dbk_str path)
{
	struct dbk_str prefix = dbk_str_of(SERVICE_PREFIX);

	if (path.size > prefix.size &&
	    memcmp(path.bytes, prefix.bytes, prefix.size) == 0)
		return find(
		    rights, sizeof rights / sizeof rights[0],
		    dbk_str_make(path.bytes + prefix.size, path.size - prefix.size));
	return find(other_rights, sizeof other_rights / sizeof other_rights[0], path);
}

const char *
dbk_role_name(enum dbk_role role)
{
	if ((size_t)role >= sizeof role_names / sizeof role_names[0])
		return NULL;
	return role_names[role];
}

bool
dbk_role_parse(struct dbk_str name, enum dbk_role *out)
{
	for (size_t i = DBK_ROLE_INGEST; i <= DBK_ROLE_ADMIN; i++)
		if (dbk_str_equal(dbk_str_of(role_names[i]), name)) {
			*out = (enum dbk_role)i;
			return true;
		}
	return false;
}

bool
dbk_caller_may_source(const struct dbk_caller *caller, struct dbk_str source)
{
	for (uint8_t i = 0; i < caller->n_sources; i++)
		if (dbk_str_equal(dbk_str_of(caller->sources[i]), source))
			return true;
	return caller->n_sources == 0;
}
