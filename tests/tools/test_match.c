#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "payout/match.h"

#define PAYOUTS_MAX 16
#define ROWS_MAX 16

static Daybook__V1__Payout made[PAYOUTS_MAX];
static Daybook__V1__Payout *payouts[PAYOUTS_MAX];
static struct match_row rows[ROWS_MAX];
static size_t payout_count, row_count;
static struct match *matches;
static size_t count;

static void
begin(void)
{
	free(matches);
	matches = NULL;
	payout_count = row_count = 0;
}

static Daybook__V1__Payout *
payout(const char *request_no, Daybook__V1__PayoutState state, int64_t net)
{
	Daybook__V1__Payout *new = &made[payout_count];

	daybook__v1__payout__init(new);
	new->payout = (char *)request_no;
	new->request_no = (char *)request_no;
	new->state = state;
	new->net = net;
	payouts[payout_count++] = new;
	return new;
}

static void
row(const char *request_no, enum match_status status, int64_t amount)
{
	rows[row_count] = (struct match_row){ .line = row_count + 2,
					      .status = status,
					      .amount = amount,
					      .request_no = request_no,
					      .provider_ref = "ref",
					      .code = "" };
	row_count++;
}

static void
compare(void)
{
	count = match_statement(rows, row_count, payouts, payout_count, &matches);
}

static bool
match_is(size_t index, enum match_kind kind, uint64_t line, const char *name)
{
	const struct match *match = &matches[index];

	if (index < count && match->kind == kind &&
	    (match->row == NULL ? 0 : match->row->line) == line &&
	    (match->payout == NULL
		 ? name == NULL
		 : name != NULL && strcmp(match->payout->payout, name) == 0))
		return true;
	printf("match %zu of %zu: %s, line %d, payout %s\n", index, count,
	       match_kind_name(match->kind),
	       match->row == NULL ? 0 : (int)match->row->line,
	       match->payout == NULL ? "-" : match->payout->payout);
	return false;
}

#define STATE(name) DAYBOOK__V1__PAYOUT_STATE__PAYOUT_##name

static void
test_nothing(void)
{
	begin();
	compare();
	CHECK_INT(count, 0);
}

static void
test_strangers(void)
{
	begin();
	(void)payout("a", STATE(SENT), 100);
	(void)payout("b", STATE(UNKNOWN), 100);
	(void)payout("c", STATE(SETTLED), 100);
	(void)payout("", STATE(APPROVED), 100);
	row("x", MATCH_SETTLED, 100);
	row("", MATCH_SETTLED, 100);
	compare();
	CHECK_INT(count, 4);
	CHECK(match_is(0, MATCH_NOT_IN_BOOK, 2, NULL));
	CHECK(match_is(1, MATCH_NOT_IN_BOOK, 3, NULL));
	CHECK(match_is(2, MATCH_NOT_IN_STATEMENT, 0, "a"));
	CHECK(match_is(3, MATCH_NOT_IN_STATEMENT, 0, "b"));
}

static void
test_amounts(void)
{
	begin();
	(void)payout("a", STATE(SENT), 100);
	(void)payout("b", STATE(SENT), 100);
	(void)payout("c", STATE(SETTLED), 100);
	(void)payout("d", STATE(SETTLED), 100);
	(void)payout("e", STATE(SETTLED), 100);
	row("a", MATCH_SETTLED, 99);
	row("b", MATCH_FAILED, 101);
	row("c", MATCH_RETURNED, 101);
	row("d", MATCH_RETURNED, 0);
	row("e", MATCH_RETURNED, 100);
	compare();
	CHECK_INT(count, 5);
	CHECK(match_is(0, MATCH_AMOUNT, 2, "a"));
	CHECK(match_is(1, MATCH_AMOUNT, 3, "b"));
	CHECK(match_is(2, MATCH_AMOUNT, 4, "c"));
	CHECK(match_is(3, MATCH_AMOUNT, 5, "d"));
	CHECK(match_is(4, MATCH_STEP, 6, "e"));
}

/* What each status comes to from each state. */
static void
test_states(void)
{
	static const struct {
		Daybook__V1__PayoutState state;
		enum match_kind settled, failed, returned;
	} want[] = {
		{ STATE(REQUESTED), MATCH_STATE, MATCH_STATE, MATCH_STATE },
		{ STATE(APPROVED), MATCH_STATE, MATCH_STATE, MATCH_STATE },
		{ STATE(BATCHED), MATCH_STATE, MATCH_STATE, MATCH_STATE },
		{ STATE(SENT), MATCH_STEP, MATCH_STEP, MATCH_STATE },
		{ STATE(UNKNOWN), MATCH_STEP, MATCH_STEP, MATCH_STATE },
		{ STATE(SETTLED), MATCH_BOOKED, MATCH_STATE, MATCH_STEP },
		{ STATE(REJECTED), MATCH_STATE, MATCH_STATE, MATCH_STATE },
		{ STATE(CANCELLED), MATCH_STATE, MATCH_STATE, MATCH_STATE },
		{ STATE(FAILED), MATCH_STATE, MATCH_BOOKED, MATCH_STATE },
		{ STATE(RETURNED), MATCH_BOOKED, MATCH_STATE, MATCH_BOOKED },
	};

	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		const enum match_kind kinds[] = { want[i].settled, want[i].failed,
						  want[i].returned };

		for (int status = MATCH_SETTLED; status <= MATCH_RETURNED; status++) {
			begin();
			payout("a", want[i].state, 100)->returned = 100;
			row("a", (enum match_status)status, 100);
			compare();
			CHECK_INT(count, 1);
			CHECK(match_is(0, kinds[status], 2, "a"));
		}
	}
}

static void
test_booked_before(void)
{
	begin();
	payout("a", STATE(SETTLED), 100)->fee = 3;
	payout("b", STATE(RETURNED), 100)->returned = 40;
	row("a", MATCH_SETTLED, 100);
	rows[0].fee = 2;
	row("b", MATCH_RETURNED, 41);
	compare();
	CHECK(match_is(0, MATCH_FEE, 2, "a"));
	CHECK(match_is(1, MATCH_AMOUNT, 3, "b"));
	rows[0].fee = 3;
	rows[1].amount = 40;
	free(matches);
	compare();
	CHECK(match_is(0, MATCH_BOOKED, 2, "a"));
	CHECK(match_is(1, MATCH_BOOKED, 3, "b"));
}

/* A provider that lists the newest first. */
static void
test_order_of_rows(void)
{
	begin();
	(void)payout("a", STATE(SENT), 100);
	row("a", MATCH_RETURNED, 60);
	row("a", MATCH_SETTLED, 100);
	compare();
	CHECK_INT(count, 2);
	CHECK(match_is(0, MATCH_STEP, 3, "a"));
	CHECK(match_is(1, MATCH_STEP, 2, "a"));
}

static void
test_twice(void)
{
	begin();
	(void)payout("a", STATE(SENT), 100);
	row("a", MATCH_SETTLED, 100);
	row("a", MATCH_SETTLED, 100);
	row("a", MATCH_FAILED, 100);
	compare();
	CHECK_INT(count, 3);
	CHECK(match_is(0, MATCH_STEP, 2, "a"));
	CHECK(match_is(1, MATCH_TWICE, 3, "a"));
	CHECK(match_is(2, MATCH_STATE, 4, "a"));
}

static void
test_status_names(void)
{
	enum match_status status = MATCH_FAILED;

	CHECK(match_status_parse("Settled", &status) && status == MATCH_SETTLED);
	CHECK(match_status_parse("returned", &status) && status == MATCH_RETURNED);
	CHECK(!match_status_parse("settled ", &status));
	CHECK(!match_status_parse("", &status));
	CHECK(strcmp(match_status_name(MATCH_FAILED), "failed") == 0);
}

int
main(void)
{
	check_run("nothing against nothing is nothing", test_nothing);
	check_run("what one side alone knows is a difference, both ways",
		  test_strangers);
	check_run("an amount that differs is no step", test_amounts);
	check_run("a step that cannot be contradicts, one that was is booked",
		  test_states);
	check_run("what was booked is compared, too", test_booked_before);
	check_run("the order of rows does not matter", test_order_of_rows);
	check_run("a step told twice is one step and a difference", test_twice);
	check_run("a status has three names", test_status_names);
	free(matches);
	return check_end();
}
