#ifndef DAYBOOK_TESTS_GOODS_BOOK_H
#define DAYBOOK_TESTS_GOODS_BOOK_H

/*
 * goods_book.h -- guard sets, goods and findings on a money_book.
 *
 *	money_book_open(&book);
 *	money_book_choose(&book, "push_down", "REFUSE");
 *	money_book_set(&book, "free_units", 5);
 *	goods_book_guard(&book);
 *	money_book_enrol(&book, "a1", "");
 *	goods_book_issue(&book, "a1", "soap", 40);
 *	CHECK_INT(goods_book_pass(&book, "a1", "a2", "soap", 6), DBK_RULE_PUSHED_DOWN);
 *
 * All goods have no lot and lie in PHYSICAL places, all documents have one line, unless
 * a test makes them otherwise.
 */

#include "books/goods_core.h"
#include "money_book.h"

/* The parameters that were set and chosen are the next version of the set "guards". */
enum dbk_rule goods_book_guard(struct money_book *book);

struct dbk_holder goods_book_agent(const char *name);
struct dbk_holder goods_book_location(const char *name);

/* A document with a line of QTY of SKU: fresh name, from or to the supply where nobody
 * is named, PHYSICAL, unit price 0.  LINE is the caller's, and is in the event. */
struct dbk_event goods_book_issued(struct money_book *book, struct dbk_stock_line *line,
				   const char *sku, int64_t qty);
struct dbk_event goods_book_transferred(struct money_book *book,
					struct dbk_stock_line *line, const char *sku,
					int64_t qty);

/* QTY of SKU from the supply to AGENT, for nothing; from agent FROM to agent TO. */
enum dbk_rule goods_book_issue(struct money_book *book, const char *agent,
			       const char *sku, int64_t qty);
enum dbk_rule goods_book_pass(struct money_book *book, const char *from, const char *to,
			      const char *sku, int64_t qty);

/* The same from one place of AGENT to another; from the brand's LOCATION to AGENT. */
enum dbk_rule goods_book_relocate(struct money_book *book, const char *agent,
				  uint32_t from_place, uint32_t to_place,
				  const char *sku, int64_t qty);
enum dbk_rule goods_book_deliver(struct money_book *book, const char *location,
				 const char *agent, const char *sku, int64_t qty);

/* QTY of SKU from the supply to the brand's LOCATION. */
enum dbk_rule goods_book_stock(struct money_book *book, const char *location,
			       const char *sku, int64_t qty);

/* SELLER ships QTY of SKU to BUYER, who has it at once and paid 1.00 a piece by psp. */
enum dbk_rule goods_book_sell(struct money_book *book, const char *seller,
			      const char *buyer, const char *sku, int64_t qty);

/* Open BOOK with agents a1 and a2, GUARD in MODE, no free units and, unless it is NULL,
 * NUMBER at VALUE. */
void goods_book_begin(struct money_book *book, const char *guard, const char *mode,
		      const char *number, int64_t value);

/* A revision of SKU; SUPERSEDED_BY empty: by none. */
enum dbk_rule goods_book_define(struct money_book *book, const char *sku,
				uint32_t revision, int64_t list_price,
				int64_t factory_price, const char *superseded_by);

/* Did the last refusal name this field; MEMBER NULL: none of a list? */
bool goods_book_is_field(const struct money_book *book, const char *name,
			 const char *member);

/* The newest finding of RULE on a subject by its name (the book: ""); a row of zeros if
 * there is none. */
struct dbk_row_finding goods_book_finding(const struct money_book *book,
					  enum dbk_rule rule,
					  enum dbk_subject_kind kind, const char *name);

/* It has this count, measured and limit.  Count 0: there is none. */
bool goods_book_found(const struct money_book *book, enum dbk_rule rule,
		      enum dbk_subject_kind kind, const char *name, uint32_t count,
		      int64_t measured, int64_t limit);

#endif
