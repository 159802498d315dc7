#ifndef DAYBOOK_TESTS_MONEY_TRADE_H
#define DAYBOOK_TESTS_MONEY_TRADE_H

/*
 * money_trade.h -- orders of any shape on a money_book, and what agents earn of them.
 *
 *	sale = money_trade_begin(&trade, &book, "o1", "a1");
 *	sale->buyer = dbk_str_of("c1");
 *	money_trade_line(&trade, 19900)->discount = 100;
 *	CHECK_INT(money_trade_sell(&trade, &book), DBK_RULE_NONE);
 *	money_trade_earned(&book, "o1", "1 L1 +0 a1 125000 19800 2475 PENDING\n");
 */

#include "money_book.h"

#define MONEY_TRADE_LINES 8

struct money_trade {
	struct dbk_event event;
	struct dbk_order_line lines[MONEY_TRADE_LINES];
	struct dbk_attribution parts[DBK_ATTRIBUTIONS_MAX + 1];
};

/* A retail order to nobody, shipped by the brand, without lines, not delivered. */
struct dbk_sale *money_trade_begin(struct money_trade *trade,
				   const struct money_book *book, const char *order,
				   const char *seller);

/* One soap more, for AMOUNT. */
struct dbk_order_line *money_trade_line(struct money_trade *trade, int64_t amount);

/* AGENT brought a part of the sale about. */
void money_trade_part(struct money_trade *trade, const char *agent, uint32_t weight);

/* Send it: as a sale, paid whole by psp "psp"; or as an order that is not paid yet. */
enum dbk_rule money_trade_sell(struct money_trade *trade, struct money_book *book);
enum dbk_rule money_trade_place(struct money_trade *trade, struct money_book *book);

enum dbk_rule money_trade_pay(struct money_book *book, const char *order,
			      int64_t amount, int64_t by_balance);
enum dbk_rule money_trade_receive(struct money_book *book, const char *order,
				  uint32_t line);
enum dbk_rule money_trade_refund(struct money_book *book, const char *order,
				 uint32_t line, int64_t amount);

/* CUSTOMER is bound to AGENT, until EXPIRES_AT. */
enum dbk_rule money_trade_bind(struct money_book *book, const char *customer,
			       const char *agent, int64_t expires_at);
enum dbk_rule money_trade_rank(struct money_book *book, const char *agent,
			       const char *old_rank, const char *new_rank);

/* The earnings of ORDER are EXPECTED, line by line and in the order they were made, a
 * text line each: line, level, distance, agent, rate, base, accrued, state (UNASSIGNED:
 * and why).  Says what they are otherwise. */
bool money_trade_earned(const struct money_book *book, const char *order,
			const char *expected);

/* The row of a line of ORDER, and of the order. */
const struct dbk_row_line *money_trade_line_row(const struct money_book *book,
						const char *order, uint32_t line);
const struct dbk_row_order *money_trade_order_row(const struct money_book *book,
						  const char *order);

#endif
