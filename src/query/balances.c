#include "query/balances.h"

#include <daybook/limits.h>

#include "query/cut.h"
#include "query/top.h"

#define LISTING 'b'

/* One question while it is answered. */
struct lister {
	const struct dbk_balances_query *query;
	struct dbk_reader reader;
	struct dbk_cut cut;
	uint32_t party; /* of the owner asked for; 0: all */
	bool nobody;	/* the owner asked for is unknown */
	struct dbk_arena *arena;
	struct dbk_balance *rows;
	struct dbk_balances *out;
	struct dbk_error *error;
};

static bool
is_wanted(const struct lister *l, uint32_t id)
{
	const struct dbk_roster_account *account =
	    dbk_roster_account(l->reader.roster, id);

	return (l->party == 0 || account->party == l->party) &&
	       (l->query->code == DBK_ACCOUNT_NONE || account->code == l->query->code);
}

/* The account after ID, 0 for the first, along the shortest list; 0 at the end. */
static uint32_t
next_account(const struct lister *l, uint32_t id)
{
	const struct dbk_roster *roster = l->reader.roster;

	if (l->nobody)
		return 0;
	if (l->party != 0)
		return id == 0 ? dbk_roster_party(roster, l->party)->first_account
			       : dbk_roster_account(roster, id)->next_of_party;
	if (l->query->code != DBK_ACCOUNT_NONE)
		return id == 0 ? roster->first_of_code[l->query->code]
			       : dbk_roster_account(roster, id)->next_of_code;
	return id < dbk_roster_count(roster, DBK_NAMED_ACCOUNT) ? id + 1 : 0;
}

/* True if the account is wanted and has what the question asks for. */
static enum dbk_err
look_at(struct lister *l, uint32_t id, struct dbk_balance *out, bool *out_wanted)
{
	struct dbk_trace_figures figures;
	struct dbk_trace trace;
	enum dbk_err err;

	*out_wanted = false;
	dbk_reader_step(&l->reader, 1);
	if (!is_wanted(l, id))
		return DBK_OK;
	dbk_trace_account(&trace, &l->reader, id);
	err = dbk_cut_figures(&l->cut, &trace, &figures);
	if (err != DBK_OK)
		return err;
	out->account = id;
	out->code = dbk_roster_account(l->reader.roster, id)->code;
	out->debits = figures.money.debits;
	out->credits = figures.money.credits;
	out->balance = dbk_figures_balance(&figures.money);
	out->postings = figures.n;
	*out_wanted = figures.n > 0 && (!l->query->nonzero || out->balance != 0);
	return DBK_OK;
}

static enum dbk_err
list_page(struct lister *l, uint32_t id, uint32_t max)
{
	struct dbk_balances *out = l->out;

	for (id = next_account(l, id); id != 0; id = next_account(l, id)) {
		bool wanted;
		enum dbk_err err = look_at(l, id, &l->rows[out->n], &wanted);

		if (err != DBK_OK)
			return err;
		out->n += wanted;
		if ((out->n == max || l->reader.steps >= DBK_PAGE_STEPS_MAX) &&
		    next_account(l, id) != 0) {
			dbk_page_stop(LISTING, l->cut.size, id, &out->next);
			break;
		}
	}
	out->rows = l->rows;
	return DBK_OK;
}

static uint64_t
absolute(int64_t balance)
{
	return balance < 0 ? 0 - (uint64_t)balance : (uint64_t)balance;
}

static enum dbk_err
rank(struct lister *l, struct dbk_top *top)
{
	for (uint32_t id = next_account(l, 0); id != 0; id = next_account(l, id)) {
		struct dbk_balance row = { .account = 0 };
		uint32_t slot;
		bool wanted;
		enum dbk_err err = look_at(l, id, &row, &wanted);

		if (err != DBK_OK)
			return err;
		if (wanted && dbk_top_offer(top, absolute(row.balance), id, &slot))
			l->rows[slot] = row;
		if (l->reader.steps > DBK_RANK_STEPS_MAX)
			return dbk_error_set(
			    l->error, DBK_FAILED_LIMIT,
			    "largest_first: too much history to rank as "
			    "of the past; name a code or an owner");
	}
	return DBK_OK;
}

static enum dbk_err
list_largest(struct lister *l, uint32_t max)
{
	struct dbk_top top = { .max = max };
	enum dbk_err err;

	top.items = dbk_page_alloc(l->arena, max, sizeof *top.items, l->error);
	l->out->rows = dbk_page_alloc(l->arena, max, sizeof *l->out->rows, l->error);
	if (top.items == NULL || l->out->rows == NULL)
		return DBK_FAILED_MEMORY;
	err = rank(l, &top);
	if (err != DBK_OK)
		return err;
	dbk_top_sort(&top);
	for (uint32_t i = 0; i < top.n; i++)
		l->out->rows[i] = l->rows[top.items[i].slot];
	l->out->n = top.n;
	return DBK_OK;
}

static enum dbk_err
name_owners(struct lister *l)
{
	const struct dbk_roster *roster = l->reader.roster;

	for (uint32_t i = 0; i < l->out->n; i++) {
		struct dbk_balance *row = &l->out->rows[i];
		uint32_t party = dbk_roster_account(roster, row->account)->party;
		enum dbk_err err =
		    dbk_page_keep(l->arena, dbk_roster_party_name(roster, party),
				  &row->owner, l->error);

		if (err != DBK_OK)
			return err;
	}
	return DBK_OK;
}

/* A token of this listing names an account that is on its list. */
static enum dbk_err
check_place(const struct lister *l, const struct dbk_page_start *start)
{
	if (start->place == UINT64_MAX)
		return DBK_OK;
	if (start->place == 0 ||
	    start->place > dbk_roster_count(l->reader.roster, DBK_NAMED_ACCOUNT) ||
	    !is_wanted(l, (uint32_t)start->place))
		return dbk_error_set(l->error, DBK_FAILED_INPUT,
				     "page_token: it belongs to another question");
	return DBK_OK;
}

static enum dbk_err
answer(struct lister *l, const struct dbk_page_start *start)
{
	const struct dbk_balances_query *query = l->query;
	uint32_t max = dbk_page_rows(&query->page);
	uint32_t after = start->place == UINT64_MAX ? 0 : (uint32_t)start->place;
	enum dbk_err err =
	    dbk_cut_make(&l->reader, &query->as_of, start->size, &l->cut);

	if (err != DBK_OK)
		return err;
	if (query->owner.size > 0)
		l->party = dbk_roster_find_party(l->reader.roster, query->owner);
	l->nobody = query->owner.size > 0 && l->party == 0;
	l->out->size = l->cut.size;
	err = check_place(l, start);
	if (err == DBK_OK)
		err = query->largest_first ? list_largest(l, max)
					   : list_page(l, after, max);
	return err == DBK_OK ? name_owners(l) : err;
}

enum dbk_err
dbk_balances_list(struct dbk_view *view, const struct dbk_balances_query *query,
		  struct dbk_arena *arena, struct dbk_balances *out,
		  struct dbk_error *error)
{
	struct dbk_balances result = { .n = 0 };
	struct lister l = {
		.query = query, .arena = arena, .out = &result, .error = error
	};
	struct dbk_page_start start;
	enum dbk_err err = dbk_page_start(&query->page, LISTING, &start, error);

	if (err != DBK_OK)
		return err;
	if ((unsigned)query->code >= DBK_ACCOUNT_CODES)
		return dbk_error_set(error, DBK_FAILED_INPUT, "code: %d is no account",
				     (int)query->code);
	if (query->largest_first && query->page.token.size > 0)
		return dbk_error_set(error, DBK_FAILED_INPUT,
				     "page_token: a ranking has one page");
	l.rows =
	    dbk_page_alloc(arena, dbk_page_rows(&query->page), sizeof *l.rows, error);
	if (l.rows == NULL)
		return DBK_FAILED_MEMORY;
	dbk_reader_begin(&l.reader, view, error);
	err = answer(&l, &start);
	dbk_reader_end(&l.reader);
	if (err == DBK_OK)
		*out = result;
	return err;
}
