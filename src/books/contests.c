/*
 * contests.c -- teams, and contests on retail that reached its buyer and stayed there.
 *
 * A score moves when a line matures or is taken back later, so what counts is what no
 * refund can undo any more.  Agents score; who adds up teams has their members.
 */

#include "base/money.h"
#include "books/core.h"

/* The same agent in the same team is one row, however often it comes and goes. */
static uint64_t
member_hash(const struct dbk_books *books, uint32_t team, uint32_t agent)
{
	uint32_t key[3] = { DBK_SPACE_MEMBER, team, agent };

	return dbk_composite_hash(books, key, 3);
}

uint32_t
dbk_member_find(const struct dbk_books *books, uint32_t team, uint32_t agent)
{
	struct dbk_index_walk walk =
	    dbk_index_seek(&books->names.index, member_hash(books, team, agent));
	uint32_t id;

	while ((id = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_member *row;

		if (id >= books->members.count)
			continue;
		row = DBK_ROW(books, members, member, id);
		if (row->team == team && row->agent == agent)
			return id;
	}
	return 0;
}

static bool
member_add(struct dbk_decision *d, uint32_t team, uint32_t agent)
{
	struct dbk_books *books = d->books;
	struct dbk_row_member *row;
	uint32_t id;

	if (!dbk_row_room(d, &books->members))
		return false;
	id = dbk_rows_append(&books->members, 1);
	row = DBK_TOUCH(books, members, member, id);
	row->team = team;
	row->agent = agent;
	dbk_index_add(&books->names.index, member_hash(books, team, agent), id);
	DBK_TOUCH(books, teams, team, team)->n_members++;
	return true;
}

bool
dbk_decide_team_formed(struct dbk_decision *d)
{
	const struct dbk_team_formed *e = &d->event->u.team_formed;
	uint32_t leader, team;

	if (!dbk_agent_find(d, dbk_field("leader"), e->leader, true, &leader) ||
	    !dbk_intern(d, DBK_SPACE_TEAM, e->team, &team))
		return false;
	DBK_TOUCH(d->books, teams, team, team)->leader = leader;
	return member_add(d, team, leader);
}

bool
dbk_decide_team_member_changed(struct dbk_decision *d)
{
	const struct dbk_team_member_changed *e = &d->event->u.team_member_changed;
	uint32_t team = dbk_names_find(&d->books->names, DBK_SPACE_TEAM, e->team);
	uint32_t agent, id;
	bool is_member;

	if (team == 0)
		return dbk_refuse(d, DBK_RULE_TEAM_UNKNOWN, dbk_field("team"), e->team);
	if (!dbk_agent_find(d, dbk_field("member"), e->member, !e->removed, &agent))
		return false;
	id = dbk_member_find(d->books, team, agent);
	is_member = id != 0 && !DBK_ROW(d->books, members, member, id)->removed;
	if (is_member != e->removed)
		return dbk_refuse(d, DBK_RULE_TEAM_STATE, dbk_field("member"),
				  e->member);
	if (id == 0)
		return member_add(d, team, agent);
	DBK_TOUCH(d->books, members, member, id)->removed = e->removed;
	DBK_TOUCH(d->books, teams, team, team)->n_members += e->removed ? -1u : 1u;
	return true;
}

static uint32_t
metric_of(struct dbk_str name)
{
	if (dbk_str_equal(name, dbk_str_of("MATURED_RETAIL")))
		return 1;
	return dbk_str_equal(name, dbk_str_of("TEAM_RETAIL")) ? 2 : 0;
}

/* Few contests are open at a time: every line that matures walks them. */
static bool
one_more_open(struct dbk_decision *d)
{
	uint32_t n = 0, at = DBK_ROW(d->books, book, book, 1)->open_contests;

	for (; at != 0; at = DBK_ROW(d->books, contests, contest, at)->next_open)
		n++;
	return n < DBK_CONTESTS_OPEN_MAX ||
	       dbk_refuse_measured(d, DBK_RULE_LIMIT_REACHED, dbk_field("contest"),
				   n + 1, DBK_CONTESTS_OPEN_MAX);
}

bool
dbk_decide_contest_opened(struct dbk_decision *d)
{
	const struct dbk_contest_opened *e = &d->event->u.contest_opened;
	struct dbk_row_contest *row;
	struct dbk_row_book *book;
	uint32_t contest;

	if (metric_of(e->metric) == 0)
		return dbk_refuse(d, DBK_RULE_BONUS_METRIC, dbk_field("metric"),
				  e->metric);
	if (!one_more_open(d) ||
	    !dbk_intern(d, DBK_SPACE_CONTEST, e->contest, &contest))
		return false;
	book = DBK_TOUCH(d->books, book, book, 1);
	row = DBK_TOUCH(d->books, contests, contest, contest);
	row->metric = metric_of(e->metric);
	row->from = e->from;
	row->to = e->to;
	row->pool = e->pool;
	row->next_open = book->open_contests;
	book->open_contests = contest;
	return true;
}

static void
close_contest(struct dbk_books *books, uint32_t contest)
{
	struct dbk_row_contest *row = DBK_TOUCH(books, contests, contest, contest);
	struct dbk_row_book *book = DBK_TOUCH(books, book, book, 1);
	uint32_t at = book->open_contests;

	row->closed = 1;
	if (at == contest) {
		book->open_contests = row->next_open;
	} else {
		while (DBK_ROW(books, contests, contest, at)->next_open != contest)
			at = DBK_ROW(books, contests, contest, at)->next_open;
		DBK_TOUCH(books, contests, contest, at)->next_open = row->next_open;
	}
	row->next_open = 0;
}

bool
dbk_decide_contest_closed(struct dbk_decision *d)
{
	struct dbk_str name = d->event->u.contest_closed.contest;
	uint32_t contest = dbk_names_find(&d->books->names, DBK_SPACE_CONTEST, name);
	const struct dbk_row_contest *row;

	if (contest == 0)
		return dbk_refuse(d, DBK_RULE_CONTEST_UNKNOWN, dbk_field("contest"),
				  name);
	row = DBK_ROW(d->books, contests, contest, contest);
	if (row->closed || row->to > d->event->effective_at)
		return dbk_refuse(d, DBK_RULE_CONTEST_STATE, dbk_field("contest"),
				  name);
	close_contest(d->books, contest);
	return true;
}

static uint64_t
score_hash(const struct dbk_books *books, uint32_t contest, uint32_t agent)
{
	uint32_t key[3] = { DBK_SPACE_SCORE, contest, agent };

	return dbk_composite_hash(books, key, 3);
}

static bool
score_append(struct dbk_decision *d, uint32_t contest, uint32_t agent, uint64_t hash,
	     uint32_t *out)
{
	struct dbk_row_contest *row = DBK_TOUCH(d->books, contests, contest, contest);
	struct dbk_row_score *score;

	if (!dbk_row_room(d, &d->books->scores))
		return false;
	*out = dbk_rows_append(&d->books->scores, 1);
	score = DBK_TOUCH(d->books, scores, score, *out);
	score->contest = contest;
	score->agent = agent;
	dbk_index_add(&d->books->names.index, hash, *out);
	if (row->last_score == 0)
		row->first_score = *out;
	else
		DBK_TOUCH(d->books, scores, score, row->last_score)->next = *out;
	row->last_score = *out;
	row->n_scores++;
	return true;
}

static bool
score_need(struct dbk_decision *d, uint32_t contest, uint32_t agent, uint32_t *out)
{
	const struct dbk_books *books = d->books;
	uint64_t hash = score_hash(books, contest, agent);
	struct dbk_index_walk walk = dbk_index_seek(&books->names.index, hash);

	while ((*out = dbk_index_next(&books->names.index, &walk)) != 0) {
		const struct dbk_row_score *row;

		if (*out >= books->scores.count)
			continue;
		row = DBK_ROW(books, scores, score, *out);
		if (row->contest == contest && row->agent == agent)
			return true;
	}
	return score_append(d, contest, agent, hash, out);
}

bool
dbk_contest_score(struct dbk_decision *d, uint32_t agent, uint32_t second,
		  int64_t amount)
{
	int64_t at = (int64_t)second * 1000000;
	uint32_t id = DBK_ROW(d->books, book, book, 1)->open_contests;

	for (; amount != 0 && id != 0;
	     id = DBK_ROW(d->books, contests, contest, id)->next_open) {
		const struct dbk_row_contest *row =
		    DBK_ROW(d->books, contests, contest, id);
		struct dbk_row_score *score;
		uint32_t which;

		if (at < row->from || at >= row->to)
			continue;
		if (!score_need(d, id, agent, &which))
			return false;
		score = DBK_TOUCH(d->books, scores, score, which);
		if (!dbk_money_add(score->score, amount, &score->score))
			return dbk_refuse_measured(d, DBK_RULE_AMOUNT_OVERFLOW,
						   dbk_field("amount"), amount,
						   INT64_MAX);
	}
	return true;
}
