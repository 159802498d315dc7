#ifndef DBK_QUERY_STATEMENT_PRIVATE_H
#define DBK_QUERY_STATEMENT_PRIVATE_H

/*
 * statement_private.h -- one statement while it is made; for the statement*.c files,
 * one for each kind of account.
 */

#include "query/cut.h"
#include "query/page.h"
#include "query/statement.h"
#include "query/walk.h"

#define DBK_STATEMENT_LISTING 'p'

struct dbk_statement_maker {
	const struct dbk_statement_query *query;
	struct dbk_reader reader;
	struct dbk_cut cut;
	struct dbk_window window;
	uint32_t max; /* lines; as many have room in OUT->LINES */
	struct dbk_arena *arena;
	struct dbk_statement *out;
	struct dbk_error *error;
};

/* The account's figures as of the cut. */
void dbk_statement_put_figures(struct dbk_statement *out,
			       const struct dbk_money_figures *figures,
			       uint64_t postings);

/* A line without an owner. */
struct dbk_statement_line dbk_statement_line(const struct dbk_chunk_event *event,
					     const struct dbk_chunk_entry *entry);

/* The next page's lines stand before LOC. */
void dbk_statement_stop(struct dbk_statement_maker *maker, uint64_t loc);

/* Figures and lines. */
DBK_MUST_CHECK enum dbk_err
dbk_statement_control_answer(struct dbk_statement_maker *maker);
DBK_MUST_CHECK enum dbk_err
dbk_statement_order_answer(struct dbk_statement_maker *maker);

#endif
