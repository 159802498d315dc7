#include <string.h>

#include "../tests/lib/check.h"
#include "access/caller.h"
#include "daybook/v1/service.pb-c.h"

#define PREFIX "/daybook.v1.Daybook/"

static const struct dbk_right *
right_of(const char *path)
{
	return dbk_right_of(dbk_str_of(path));
}

static struct dbk_caller
with(dbk_roles roles)
{
	struct dbk_caller caller = { .roles = roles };

	return caller;
}

static void
test_every_method(void)
{
	const ProtobufCServiceDescriptor *service = &daybook__v1__daybook__descriptor;
	char path[128];

	for (unsigned i = 0; i < service->n_methods; i++) {
		const struct dbk_right *right;

		(void)strcpy(path, PREFIX);
		(void)strcat(path, service->methods[i].name);
		right = right_of(path);
		CHECK(right != NULL);
		if (right == NULL)
			continue;
		CHECK(strcmp(right->method, service->methods[i].name) == 0);
		CHECK((right->roles & DBK_ROLE_BIT(DBK_ROLE_ADMIN)) != 0);
	}
}

static void
test_unknown(void)
{
	CHECK(right_of("") == NULL);
	CHECK(right_of(PREFIX) == NULL);
	CHECK(right_of("GetAgent") == NULL);
	CHECK(right_of(PREFIX "getagent") == NULL);
	CHECK(right_of(PREFIX "GetAgent/") == NULL);
	CHECK(right_of(PREFIX "GetAgents") == NULL);
	CHECK(right_of("/daybook.v2.Daybook/GetAgent") == NULL);
	CHECK(right_of("/grpc.health.v1.Health/List") == NULL);
}

static void
test_beside(void)
{
	const struct dbk_right *health = right_of("/grpc.health.v1.Health/Check");
	const struct dbk_right *mirror =
	    right_of("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");
	struct dbk_caller nobody = with(0);
	struct dbk_caller sender = with(DBK_ROLE_BIT(DBK_ROLE_INGEST));

	CHECK(health != NULL && dbk_caller_may(&nobody, health));
	CHECK(mirror != NULL && !dbk_caller_may(&nobody, mirror));
	CHECK(mirror != NULL && dbk_caller_may(&sender, mirror));
}

static void
test_roles(void)
{
	const struct dbk_right *close = right_of(PREFIX "ClosePeriod");
	struct dbk_caller caller =
	    with(DBK_ROLE_BIT(DBK_ROLE_READ) | DBK_ROLE_BIT(DBK_ROLE_REGULATOR));
	enum dbk_role role;

	CHECK(!dbk_caller_may(&caller, close));
	caller.roles |= DBK_ROLE_BIT(DBK_ROLE_FINANCE);
	CHECK(dbk_caller_may(&caller, close));
	CHECK(dbk_role_name((enum dbk_role)0) == NULL);
	CHECK(dbk_role_name((enum dbk_role)6) == NULL);
	for (int i = DBK_ROLE_INGEST; i <= DBK_ROLE_ADMIN; i++) {
		CHECK(
		    dbk_role_parse(dbk_str_of(dbk_role_name((enum dbk_role)i)), &role));
		CHECK_INT(role, i);
	}
	CHECK(!dbk_role_parse(dbk_str_of("Admin"), &role));
	CHECK(!dbk_role_parse(dbk_str_of(""), &role));
}

static void
test_persons(void)
{
	struct dbk_caller caller =
	    with(DBK_ROLE_BIT(DBK_ROLE_READ) | DBK_ROLE_BIT(DBK_ROLE_INGEST));

	CHECK(!dbk_caller_sees_persons(&caller));
	caller = with(DBK_ROLE_BIT(DBK_ROLE_FINANCE));
	CHECK(dbk_caller_sees_persons(&caller));
	caller = with(DBK_ROLE_BIT(DBK_ROLE_REGULATOR));
	CHECK(dbk_caller_sees_persons(&caller));
	caller = with(DBK_ROLE_BIT(DBK_ROLE_ADMIN));
	CHECK(dbk_caller_sees_persons(&caller));
}

static void
test_sources(void)
{
	struct dbk_caller caller = with(DBK_ROLE_BIT(DBK_ROLE_INGEST));

	CHECK(dbk_caller_may_source(&caller, dbk_str_of("any")));
	caller.n_sources = 2;
	(void)strcpy(caller.sources[0], "shop");
	(void)strcpy(caller.sources[1], "till");
	CHECK(dbk_caller_may_source(&caller, dbk_str_of("till")));
	CHECK(!dbk_caller_may_source(&caller, dbk_str_of("tills")));
	CHECK(!dbk_caller_may_source(&caller, dbk_str_of("til")));
	CHECK(!dbk_caller_may_source(&caller, dbk_str_of("")));
}

int
main(void)
{
	check_run("every method of the service has a right", test_every_method);
	check_run("what is no method has none", test_unknown);
	check_run("health is for everybody, reflection is not", test_beside);
	check_run("any of the roles will do", test_roles);
	check_run("ingest and read do not see persons", test_persons);
	check_run("a caller with sources names these only", test_sources);
	return check_end();
}
