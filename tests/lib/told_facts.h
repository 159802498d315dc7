#ifndef DAYBOOK_TESTS_TOLD_FACTS_H
#define DAYBOOK_TESTS_TOLD_FACTS_H

/*
 * told_facts.h -- the facts that events on a money_book bring about, as text.
 *
 *	money_book_open(&book);
 *	told_facts_open(&book);
 *	money_book_enrol(&book, "a1", "");
 *	told_facts(&book, "JOINED a1\n");
 *	...
 *	told_facts_close(&book);
 *	money_book_close(&book);
 *
 * A line each: the kind, the agent (- without one), then what is not 0: the other one
 * in brackets, =amount, xquantity (not of FINDING), #code (GOODS: the movement), the
 * class, basis and distance of what has them, and "condition", "own goods", "pool".
 */

#include "money_book.h"

/* From now on; agents, customers and orders that are there already were never told. */
void told_facts_open(struct money_book *book);
void told_facts_close(struct money_book *book);

/* What was told since the last question is EXPECTED; says what it is otherwise. */
bool told_facts(const char *expected);

/* It is forgotten. */
void told_facts_forget(void);

/* The last fact that was told. */
struct dbk_fact told_facts_last(void);

#endif
