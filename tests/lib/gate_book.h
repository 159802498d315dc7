#ifndef DAYBOOK_TESTS_GATE_BOOK_H
#define DAYBOOK_TESTS_GATE_BOOK_H

/*
 * gate_book.h -- restocks that an agent asks for on a money_book, and what the gates
 *say.
 *
 *	gate_book_open(&book);
 *	money_book_choose(&book, "holding", "REFUSE");
 *	money_book_set(&book, "max_units", 10);
 *	gate_book_publish(&book);
 *	CHECK_INT(gate_book_ask(&book, 11), DBK_RULE_RESTOCK_HOLDING);
 *	gate_book_refused(&book, "qty", 11, 10);
 */

#include "goods_book.h"

/* Agent a1, verified, has just been enrolled. */
void gate_book_open(struct money_book *book);

/* What was set and chosen is the guard set in force. */
void gate_book_publish(struct money_book *book);

/* AGENT asks for QTY of soap at PRICE, by a name of its own; a1 does, at 1.00. */
struct dbk_event gate_book_asking(struct money_book *book, const char *agent,
				  int64_t qty, int64_t price);
enum dbk_rule gate_book_ask(struct money_book *book, int64_t qty);

/* The last event was refused on FIELD with these two numbers. */
void gate_book_refused(const struct money_book *book, const char *field,
		       int64_t measured, int64_t limit);

/* The largest quantity that would pass, by the last answer. */
int64_t gate_book_would_pass(const struct money_book *book);

/* The last answer's checks are EXPECTED, a line each: "cover refuse 62 45 fails".  Says
 * what they are otherwise. */
bool gate_book_checked(const struct money_book *book, const char *expected);

/* The newest finding of RULE on a1 has this count (0: there is none) and numbers. */
void gate_book_found(const struct money_book *book, enum dbk_rule rule, uint32_t count,
		     int64_t measured, int64_t limit);

#endif
