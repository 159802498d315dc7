#include <string.h>

#include "../tests/lib/check.h"
#include "rpc/health.h"

static struct dbk_health_service services[2];
static struct dbk_health health = { services, 2 };
static struct dbk_buf out;

static void
begin(void)
{
	services[0] = (struct dbk_health_service){ dbk_str_of(""), DBK_HEALTH_UNKNOWN };
	services[1] = (struct dbk_health_service){ dbk_str_of("daybook.v1.Daybook"),
						   DBK_HEALTH_UNKNOWN };
	dbk_health_set_all(&health, DBK_HEALTH_SERVING);
	dbk_buf_reset(&out);
}

/* OUT is a HealthCheckResponse with this state, and nothing else. */
static bool
told(enum dbk_health_state state)
{
	bool good = out.size == 2 && out.bytes[0] == 0x08 && out.bytes[1] == (int)state;

	dbk_buf_reset(&out);
	return good;
}

static void
test_bad_requests(void)
{
	struct dbk_health_watch watch;

	begin();
	CHECK_INT(dbk_health_check(&health, dbk_str_of("\x0a\x05xy"), &out),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK_INT(dbk_health_watch_start(&watch, &health, dbk_str_of("\x0a")),
		  DBK_GRPC_INVALID_ARGUMENT);
	CHECK_INT(out.size, 0);
}

static void
test_unknown_service(void)
{
	struct dbk_health_watch watch;

	begin();
	CHECK_INT(dbk_health_check(&health, dbk_str_of("\x0a\x01x"), &out),
		  DBK_GRPC_NOT_FOUND);
	CHECK_INT(out.size, 0);
	CHECK_INT(dbk_health_watch_start(&watch, &health, dbk_str_of("\x0a\x01x")),
		  DBK_GRPC_OK);
	CHECK(dbk_health_watch_next(&watch, &out));
	CHECK(told(DBK_HEALTH_SERVICE_UNKNOWN));
	dbk_health_set_all(&health, DBK_HEALTH_NOT_SERVING);
	CHECK(!dbk_health_watch_next(&watch, &out));
}

static void
test_check(void)
{
	begin();
	CHECK_INT(dbk_health_check(&health, dbk_str_of(""), &out), DBK_GRPC_OK);
	CHECK(told(DBK_HEALTH_SERVING));
	services[1].state = DBK_HEALTH_NOT_SERVING;
	CHECK_INT(dbk_health_check(&health,
				   dbk_str_of("\x0a\x12"
					      "daybook.v1.Daybook"),
				   &out),
		  DBK_GRPC_OK);
	CHECK(told(DBK_HEALTH_NOT_SERVING));
	CHECK_INT(dbk_health_check(&health, dbk_str_make("\x0a\x00\x10\x07", 4), &out),
		  DBK_GRPC_OK);
	CHECK(told(DBK_HEALTH_SERVING));
}

static void
test_watch(void)
{
	struct dbk_health_watch watch;

	begin();
	CHECK_INT(dbk_health_watch_start(&watch, &health, dbk_str_of("")), DBK_GRPC_OK);
	CHECK(dbk_health_watch_next(&watch, &out));
	CHECK(told(DBK_HEALTH_SERVING));
	CHECK(!dbk_health_watch_next(&watch, &out));
	services[1].state = DBK_HEALTH_NOT_SERVING;
	CHECK(!dbk_health_watch_next(&watch, &out));
	services[0].state = DBK_HEALTH_NOT_SERVING;
	CHECK(dbk_health_watch_next(&watch, &out));
	CHECK(told(DBK_HEALTH_NOT_SERVING));
	CHECK(!dbk_health_watch_next(&watch, &out));
}

int
main(void)
{
	check_run("malformed request is INVALID_ARGUMENT", test_bad_requests);
	check_run("unknown service is NOT_FOUND, or watched", test_unknown_service);
	check_run("check tells the state of a service", test_check);
	check_run("watch tells the first state and every change", test_watch);
	dbk_buf_fini(&out);
	return check_end();
}
