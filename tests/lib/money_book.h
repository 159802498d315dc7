#ifndef DAYBOOK_TESTS_MONEY_BOOK_H
#define DAYBOOK_TESTS_MONEY_BOOK_H

/*
 * money_book.h -- books in memory, fed with events one by one, and what a test says
 * about agents' money.
 *
 * The book is open since 2026-11-01 00:00 local time (UTC+8); it has a sku "soap" of
 * 100.00 with a return window of 7 days.  Time stands still unless it is moved.  After
 * each event the books are audited, and the event is undone and decided again: both
 * times the digest is the same.
 *
 *	money_book_open(&book);
 *	money_book_set(&book, "rate_ppm", 125000)->level = 1;
 *	money_book_publish(&book);
 *	money_book_enrol(&book, "a1", "");
 *	money_book_sell(&book, "o1", "a1", 19900);
 *	money_book_wait_days(&book, 7);
 *	CHECK_INT(money_book_credit(&book, 2120, "a1"), 2488);
 */

#include "books/books.h"
#include "books/look.h"
#include "facts/facts.h"

struct money_book {
	struct dbk_books *books;
	struct dbk_effects effects; /* of the last event */
	struct dbk_arena arena;
	struct dbk_verdict verdict; /* of the last event */
	const char *source;	    /* who sends: "shop" */
	const char *actor;	    /* "" */
	int64_t now_us;
	struct dbk_parameter parameters[64]; /* of the plan that is written */
	uint32_t n_parameters;
	uint32_t version; /* of the plan published last */
	unsigned serial;  /* of names that nobody asks for again */
	struct dbk_facts *facts; /* told of every event; NULL: nobody is */
};

#define MONEY_BOOK_DAY_US (86400LL * 1000000LL)

void money_book_open(struct money_book *book);
void money_book_close(struct money_book *book);

/* An event of TYPE, now, with nothing in it: times are absent. */
struct dbk_event money_book_event(const struct money_book *book,
				  enum dbk_event_type type);

/* Decide EVENT; the rule it was refused by, or DBK_RULE_NONE. */
enum dbk_rule money_book_send(struct money_book *book, const struct dbk_event *event);

/* The last event had this measured and limit. */
bool money_book_measured(const struct money_book *book, int64_t measured,
			 int64_t limit);

/* The plan "plan": parameters one by one, then the next version of it. */
struct dbk_parameter *money_book_set(struct money_book *book, const char *name,
				     int64_t value);
struct dbk_parameter *money_book_choose(struct money_book *book, const char *name,
					const char *choice);
enum dbk_rule money_book_publish(struct money_book *book);

/* Move the clock on, by an event. */
void money_book_wait_us(struct money_book *book, int64_t us);
void money_book_wait_days(struct money_book *book, int days);

enum dbk_rule money_book_enrol(struct money_book *book, const char *agent,
			       const char *sponsor);

/* AGENT's next verification, with this payee. */
enum dbk_rule money_book_verify(struct money_book *book, const char *agent,
				const char *payee);
enum dbk_rule money_book_step(struct money_book *book, enum dbk_event_type type,
			      const char *agent);

/* One line of soap for AMOUNT, by psp "psp", to nobody; delivered at once. */
enum dbk_rule money_book_sell(struct money_book *book, const char *order,
			      const char *seller, int64_t amount);
enum dbk_rule money_book_refund(struct money_book *book, const char *order,
				int64_t amount);

/* AGENT has AMOUNT available, by hand: an adjustment. */
void money_book_give(struct money_book *book, const char *agent, int64_t amount);

/* AGENT asks for GROSS by method "card", with the payee "payee". */
enum dbk_rule money_book_request(struct money_book *book, const char *payout,
				 const char *agent, int64_t gross);

/* The balance of an account by its number and owner: debit positive; credit positive.
 */
int64_t money_book_balance(const struct money_book *book, uint32_t number,
			   const char *owner);
int64_t money_book_credit(const struct money_book *book, uint32_t number,
			  const char *owner);

/* The last event's postings are EXPECTED, a line each: "2120 a1 -100 DRAWN"; what
 * belongs to an order has no owner.  Says what they are otherwise. */
bool money_book_posted(const struct money_book *book, const char *expected);

#endif
