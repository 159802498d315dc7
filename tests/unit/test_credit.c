#include <string.h>

#include <daybook/limits.h>

#include "../tests/lib/check.h"
#include "rpc/credit.h"
#include "rpc/flood.h"

static struct dbk_credit_session session;
static struct dbk_credit a, b;

static void
begin(void)
{
	memset(&session, 0, sizeof session);
	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
}

static bool
due_is(struct dbk_credit *call, size_t stream, size_t sum)
{
	struct dbk_credit_due due = dbk_credit_settle(&session, call);

	return due.stream == stream && due.session == sum;
}

static void
test_nothing_held(void)
{
	begin();
	dbk_credit_receive(&session, &a, 1000);
	a.partial = 995;
	CHECK(due_is(&a, 1000, 1000));
	CHECK(due_is(&a, 0, 0));
	CHECK(!dbk_credit_must_settle_all(&session));
}

static void
test_held(void)
{
	begin();
	dbk_credit_receive(&session, &a, 105);
	dbk_credit_hold(&session, &a, 100);
	CHECK(due_is(&a, 5, 5));
	dbk_credit_release(&session, &a, 60);
	CHECK(due_is(&a, 60, 60));
	dbk_credit_release(&session, &a, 40);
	CHECK(due_is(&a, 40, 40));
	CHECK_INT(session.taken, 0);
}

static void
test_unfinished_beside_held(void)
{
	begin();
	dbk_credit_receive(&session, &a, 205);
	dbk_credit_hold(&session, &a, 100);
	a.partial = 95;
	CHECK(due_is(&a, 10, 10));
	dbk_credit_release(&session, &a, 100);
	CHECK(due_is(&a, 195, 195));
}

static void
test_held_elsewhere(void)
{
	begin();
	dbk_credit_receive(&session, &a, 105);
	dbk_credit_hold(&session, &a, 100);
	CHECK(due_is(&a, 5, 5));
	dbk_credit_receive(&session, &b, 50);
	b.partial = 45;
	CHECK(due_is(&b, 50, 5));
	CHECK(!dbk_credit_must_settle_all(&session));
	dbk_credit_release(&session, &a, 100);
	CHECK(due_is(&a, 100, 100));
	CHECK(dbk_credit_must_settle_all(&session));
	CHECK(due_is(&b, 0, 45));
	CHECK(!dbk_credit_must_settle_all(&session));
}

static void
test_orphans(void)
{
	begin();
	dbk_credit_receive(&session, &a, 305);
	dbk_credit_hold(&session, &a, 100);
	a.partial = 195;
	CHECK(due_is(&a, 10, 10));
	CHECK_INT(dbk_credit_close(&session, &a), 195);
	CHECK_INT(session.taken, 0);
	CHECK_INT(dbk_credit_release_orphan(&session, 30), 30);
	CHECK_INT(dbk_credit_release_orphan(&session, 70), 70);
	CHECK_INT(session.held, 0);
	CHECK_INT(session.orphan_taken, 0);
}

static void
test_everything_comes_back(void)
{
	size_t received = 0, returned = 0;

	begin();
	for (size_t i = 1; i < 5000; i++) {
		size_t size = i * 7919 % 3001;

		dbk_credit_receive(&session, &a, size + 5);
		received += size + 5;
		dbk_credit_hold(&session, &a, size);
		a.partial = i % 3 == 0 ? i % 100 : 0;
		returned += dbk_credit_settle(&session, &a).session;
		if (i % 4 == 0) {
			dbk_credit_release(&session, &a, a.held);
			returned += dbk_credit_settle(&session, &a).session;
		}
		CHECK_INT(received - returned, a.session_taken);
	}
	returned += dbk_credit_close(&session, &a);
	returned += dbk_credit_release_orphan(&session, session.orphan_held);
	CHECK_INT(received, returned);
}

static void
test_flood(void)
{
	struct dbk_flood flood;

	dbk_flood_init(&flood);
	for (int i = 0; i < DBK_RPC_CONTROL_FRAMES_MAX; i++)
		CHECK(dbk_flood_count_control(&flood));
	CHECK(!dbk_flood_count_control(&flood));
	CHECK(dbk_flood_count_reset(&flood));
	dbk_flood_earn_control(&flood);
	CHECK(dbk_flood_count_control(&flood));
	CHECK(!dbk_flood_count_control(&flood));
	for (int i = 0; i < 100; i++)
		dbk_flood_tick(&flood);
	CHECK_INT(flood.control_left, DBK_RPC_CONTROL_FRAMES_MAX);
	CHECK_INT(flood.resets_left, DBK_RPC_RESETS_MAX);
	dbk_flood_earn_reset(&flood);
	CHECK_INT(flood.resets_left, DBK_RPC_RESETS_MAX);
}

int
main(void)
{
	check_run("nothing held: everything goes back", test_nothing_held);
	check_run("held bytes stay taken", test_held);
	check_run("unfinished bytes wait for held ones", test_unfinished_beside_held);
	check_run("what one call holds keeps the session's window of others",
		  test_held_elsewhere);
	check_run("messages outlive their call", test_orphans);
	check_run("everything comes back in the end", test_everything_comes_back);
	check_run("allowances are used up and earned back", test_flood);
	return check_end();
}
