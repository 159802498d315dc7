/*
 * test_books_contests.c -- teams, contests, and bonuses that share a pool out.
 */

#include <stdio.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/money_book.h"

static struct money_book book;
static unsigned n_names;

static enum dbk_rule
form(const char *team, const char *leader)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_TEAM_FORMED);

	event.u.team_formed.team = dbk_str_of(team);
	event.u.team_formed.leader = dbk_str_of(leader);
	return money_book_send(&book, &event);
}

static enum dbk_rule
change(const char *team, const char *member, bool removed)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_TEAM_MEMBER_CHANGED);
	char name[16];

	(void)snprintf(name, sizeof name, "c%u", ++n_names);
	event.u.team_member_changed = (struct dbk_team_member_changed){
		.team = dbk_str_of(team),
		.change = dbk_str_of(name),
		.member = dbk_str_of(member),
		.removed = removed,
	};
	return money_book_send(&book, &event);
}

/* From FROM_US of the book's now on for LENGTH_US. */
static enum dbk_rule
open_contest(const char *contest, const char *metric, int64_t from_us,
	     int64_t length_us)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CONTEST_OPENED);

	event.u.contest_opened = (struct dbk_contest_opened){
		.contest = dbk_str_of(contest),
		.metric = dbk_str_of(metric),
		.from = book.now_us + from_us,
		.to = book.now_us + from_us + length_us,
		.pool = 1000,
	};
	return money_book_send(&book, &event);
}

static enum dbk_rule
close_contest(const char *contest)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_CONTEST_CLOSED);

	event.u.contest_closed.contest = dbk_str_of(contest);
	return money_book_send(&book, &event);
}

static struct dbk_row_contest
contest_row(const char *contest)
{
	return dbk_look_contest(book.books, dbk_look_find(book.books, DBK_SPACE_CONTEST,
							  dbk_str_of(contest)));
}

/* What AGENT scored in CONTEST, 0 if it is not listed. */
static int64_t
score(const char *contest, const char *agent)
{
	uint32_t id = dbk_look_find(book.books, DBK_SPACE_AGENT, dbk_str_of(agent));

	for (uint32_t at = contest_row(contest).first_score; at != 0;
	     at = dbk_look_score(book.books, at).next)
		if (dbk_look_score(book.books, at).agent == id)
			return dbk_look_score(book.books, at).score;
	return 0;
}

static enum dbk_rule
award(const char *bonus, const char *metric, int64_t pool, int64_t first,
      int64_t second)
{
	struct dbk_event event = money_book_event(&book, DBK_EVENT_BONUS_AWARDED);
	struct dbk_share shares[] = { { dbk_str_of("a1"), first },
				      { dbk_str_of("a2"), second } };
	char period[16];

	(void)snprintf(period, sizeof period, "p%u", ++n_names);
	event.u.bonus_awarded =
	    (struct dbk_bonus_awarded){ .bonus = dbk_str_of(bonus),
					.period = dbk_str_of(period),
					.pool = pool,
					.metric = dbk_str_of(metric),
					.shares = shares,
					.n_shares = 2 };
	return money_book_send(&book, &event);
}

/* a1 and a2; level 1 earns a tenth. */
static void
begin(void)
{
	money_book_open(&book);
	money_book_set(&book, "rate_ppm", 100000)->level = 1;
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a1", ""), DBK_RULE_NONE);
	CHECK_INT(money_book_enrol(&book, "a2", "a1"), DBK_RULE_NONE);
}

static void
test_team(void)
{
	begin();
	CHECK_INT(form("t", "a9"), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(change("t", "a1", false), DBK_RULE_TEAM_UNKNOWN);
	CHECK_INT(form("t", "a1"), DBK_RULE_NONE);
	CHECK_INT(change("t", "a9", false), DBK_RULE_AGENT_UNKNOWN);
	CHECK_INT(change("t", "a1", false), DBK_RULE_TEAM_STATE);
	CHECK_INT(change("t", "a2", true), DBK_RULE_TEAM_STATE);
	CHECK_INT(change("t", "a2", false), DBK_RULE_NONE);
	CHECK_INT(change("t", "a2", false), DBK_RULE_TEAM_STATE);
	CHECK_INT(change("t", "a2", true), DBK_RULE_NONE);
	CHECK_INT(change("t", "a2", true), DBK_RULE_TEAM_STATE);
	CHECK_INT(change("t", "a2", false), DBK_RULE_NONE);
	CHECK_INT(form("u", "a1"), DBK_RULE_NONE);
	money_book_close(&book);
}

static void
test_team_of_suspended(void)
{
	begin();
	CHECK_INT(form("t", "a1"), DBK_RULE_NONE);
	CHECK_INT(change("t", "a2", false), DBK_RULE_NONE);
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	CHECK_INT(form("u", "a2"), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(change("t", "a2", true), DBK_RULE_NONE);
	CHECK_INT(change("t", "a2", false), DBK_RULE_AGENT_NOT_ACTIVE);
	money_book_close(&book);
}

static void
test_contest_rules(void)
{
	char name[16];

	begin();
	CHECK_INT(open_contest("c", "HEAD_COUNT", 0, 1), DBK_RULE_BONUS_METRIC);
	CHECK_INT(open_contest("c", "", 0, 1), DBK_RULE_BONUS_METRIC);
	CHECK_INT(close_contest("c"), DBK_RULE_CONTEST_UNKNOWN);
	CHECK_INT(open_contest("c", "MATURED_RETAIL", 0, 10), DBK_RULE_NONE);
	for (unsigned i = 1; i < DBK_CONTESTS_OPEN_MAX; i++) {
		(void)snprintf(name, sizeof name, "x%u", i);
		CHECK_INT(open_contest(name, "TEAM_RETAIL", 0, 20), DBK_RULE_NONE);
	}
	CHECK_INT(open_contest("y", "TEAM_RETAIL", 0, 1), DBK_RULE_LIMIT_REACHED);
	CHECK(money_book_measured(&book, DBK_CONTESTS_OPEN_MAX + 1,
				  DBK_CONTESTS_OPEN_MAX));
	book.now_us += 9;
	CHECK_INT(close_contest("c"), DBK_RULE_CONTEST_STATE);
	book.now_us += 1;
	CHECK_INT(close_contest("c"), DBK_RULE_NONE);
	CHECK_INT(open_contest("y", "TEAM_RETAIL", 0, 1), DBK_RULE_NONE);
	book.now_us += 20;
	CHECK_INT(close_contest("y"), DBK_RULE_NONE);
	CHECK_INT(close_contest("x30"), DBK_RULE_NONE);
	CHECK_INT(close_contest("x1"), DBK_RULE_NONE);
	CHECK_INT(close_contest("x63"), DBK_RULE_NONE);
	money_book_close(&book);
}

/* Sold now, matured after 7 days: at the first moment of a contest, at its last. */
static void
test_window_of_scores(void)
{
	int64_t week = 7 * MONEY_BOOK_DAY_US, second = 1000000;

	begin();
	CHECK_INT(open_contest("at", "MATURED_RETAIL", week, second), DBK_RULE_NONE);
	CHECK_INT(open_contest("after", "MATURED_RETAIL", week + 1, second),
		  DBK_RULE_NONE);
	CHECK_INT(open_contest("before", "MATURED_RETAIL", 0, week), DBK_RULE_NONE);
	CHECK_INT(open_contest("over", "TEAM_RETAIL", 0, week + 1), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 5000), DBK_RULE_NONE);
	CHECK_INT(score("at", "a1"), 0);
	money_book_wait_days(&book, 7);
	CHECK_INT(score("at", "a1"), 5000);
	CHECK_INT(score("after", "a1"), 0);
	CHECK_INT(score("before", "a1"), 0);
	CHECK_INT(score("over", "a1"), 5000);
	money_book_close(&book);
}

static void
test_scores(void)
{
	begin();
	CHECK_INT(open_contest("c", "MATURED_RETAIL", 0, 30 * MONEY_BOOK_DAY_US),
		  DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o1", "a1", 5000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o2", "a2", 3000), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o3", "a1", 100), DBK_RULE_NONE);
	CHECK_INT(money_book_sell(&book, "o4", "a2", 70), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o1", 1000), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o4", 70), DBK_RULE_NONE);
	money_book_wait_days(&book, 7);
	CHECK_INT(score("c", "a1"), 4100);
	CHECK_INT(score("c", "a2"), 3000);
	CHECK_INT(contest_row("c").n_scores, 2);
	CHECK_INT(money_book_refund(&book, "o2", 3000), DBK_RULE_NONE);
	CHECK_INT(score("c", "a2"), 0);
	money_book_wait_days(&book, 23);
	CHECK_INT(close_contest("c"), DBK_RULE_NONE);
	CHECK_INT(money_book_refund(&book, "o3", 100), DBK_RULE_NONE);
	CHECK_INT(score("c", "a1"), 4100);
	money_book_close(&book);
}

static void
test_bonus_rules(void)
{
	begin();
	CHECK_INT(award("b", "RECRUITS", 100, 60, 40), DBK_RULE_BONUS_METRIC);
	CHECK_INT(award("b", "HEAD_COUNT", 100, 60, 40), DBK_RULE_BONUS_METRIC);
	CHECK_INT(award("b", "PURCHASE_VOLUME", 100, 60, 40), DBK_RULE_BONUS_METRIC);
	CHECK_INT(award("b", "TRAINING", 99, 60, 40), DBK_RULE_AMOUNT_MISMATCH);
	CHECK(money_book_measured(&book, 99, 100));
	CHECK_INT(money_book_step(&book, DBK_EVENT_AGENT_SUSPENDED, "a2"),
		  DBK_RULE_NONE);
	CHECK_INT(award("b", "TRAINING", 100, 60, 40), DBK_RULE_AGENT_NOT_ACTIVE);
	CHECK_INT(book.verdict.refusal.field.index, 1);
	money_book_close(&book);
}

static void
test_bonus_posts(void)
{
	begin();
	money_book_give(&book, "a2", 1);
	CHECK_INT(award("b", "TEAM_RETAIL", 100, 60, 40), DBK_RULE_NONE);
	CHECK(money_book_posted(&book, "5015 b 100 bonus\n"
				       "2120 a1 -60 bonus\n"
				       "2120 a2 -40 bonus\n"));
	money_book_close(&book);
}

static uint8_t
newest_basis(void)
{
	return dbk_look_earning(book.books,
				dbk_look_newest(book.books, DBK_LOOK_EARNINGS))
	    .basis;
}

static void
test_bonus_basis(void)
{
	begin();
	CHECK_INT(award("b", "MATURED_RETAIL", 2, 1, 1), DBK_RULE_NONE);
	CHECK_INT(newest_basis(), DBK_BASIS_RETAIL);
	CHECK_INT(award("b", "TRAINING", 2, 1, 1), DBK_RULE_NONE);
	CHECK_INT(newest_basis(), DBK_BASIS_OTHER);
	(void)money_book_choose(&book, "acknowledge", "HEAD_COUNT");
	CHECK_INT(money_book_publish(&book), DBK_RULE_NONE);
	CHECK_INT(award("b", "HEAD_COUNT", 2, 1, 1), DBK_RULE_NONE);
	CHECK_INT(newest_basis(), DBK_BASIS_RECRUITING);
	CHECK_INT(award("b", "PURCHASE_VOLUME", 2, 1, 1), DBK_RULE_NONE);
	CHECK_INT(newest_basis(), DBK_BASIS_SELL_IN);
	money_book_close(&book);
}

/* A contest of 10.00 is paid by bonuses of its name, once it is over. */
static void
test_bonus_of_contest(void)
{
	begin();
	CHECK_INT(open_contest("c", "TEAM_RETAIL", 0, 1), DBK_RULE_NONE);
	book.now_us += 1;
	CHECK_INT(award("c", "TEAM_RETAIL", 100, 60, 40), DBK_RULE_CONTEST_STATE);
	CHECK_INT(close_contest("c"), DBK_RULE_NONE);
	CHECK_INT(award("c", "TEAM_RETAIL", 1001, 601, 400), DBK_RULE_POOL_EXCEEDED);
	CHECK(money_book_measured(&book, 1001, 1000));
	CHECK_INT(award("c", "TEAM_RETAIL", 600, 300, 300), DBK_RULE_NONE);
	CHECK_INT(award("c", "TEAM_RETAIL", 401, 201, 200), DBK_RULE_POOL_EXCEEDED);
	CHECK(money_book_measured(&book, 401, 400));
	CHECK_INT(award("c", "TEAM_RETAIL", 400, 200, 200), DBK_RULE_NONE);
	CHECK_INT(contest_row("c").awarded, 1000);
	money_book_close(&book);
}

int
main(void)
{
	check_run("a member is in a team or not", test_team);
	check_run("who is suspended may leave a team and not join one",
		  test_team_of_suspended);
	check_run("contests are on retail, few at a time, closed when they are over",
		  test_contest_rules);
	check_run("what matures in a contest's time scores, to the second",
		  test_window_of_scores);
	check_run("what is refunded does not score, as long as it is open",
		  test_scores);
	check_run("a bonus is for a lawful measure and adds up", test_bonus_rules);
	check_run("a bonus is available at once", test_bonus_posts);
	check_run("a bonus says what it is computed on", test_bonus_basis);
	check_run("a contest pays out its pool and no more", test_bonus_of_contest);
	return check_end();
}
