#ifndef DBK_BOOKS_LOOK_GUARDS_H
#define DBK_BOOKS_LOOK_GUARDS_H

/*
 * look_guards.h -- reading findings, guard sets and the sums of the network from
 * outside, as look.h does.
 *
 * Days and months are local, since January 1970.
 *
 * Thread: the one that owns the books.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/look.h"

/* Tables that are walked by id, from 1 on. */
enum dbk_look_guards_table {
	DBK_LOOK_FINDINGS,
	DBK_LOOK_GUARD_SETS,
	DBK_LOOK_SKU_DAYS,
	DBK_LOOK_TIERS,
	DBK_LOOK_COHORTS
};

/* The newest id of TABLE, 0 if it is empty. */
uint32_t dbk_look_guards_newest(const struct dbk_books *books,
				enum dbk_look_guards_table table);

/* Rows as they stand. */
const struct dbk_row_finding *dbk_look_finding(const struct dbk_books *books,
					       uint32_t id);
const struct dbk_row_guard_set *dbk_look_guard_set(const struct dbk_books *books,
						   uint32_t id);
const struct dbk_row_sku_day *dbk_look_sku_day(const struct dbk_books *books,
					       uint32_t id);
const struct dbk_row_tier *dbk_look_tier(const struct dbk_books *books, uint32_t id);
const struct dbk_row_cohort *dbk_look_cohort(const struct dbk_books *books,
					     uint32_t id);

/* The newest finding of RULE on a subject, 0: none.  Its OLDER leads to the others. */
uint32_t dbk_look_finding_of(const struct dbk_books *books, enum dbk_rule rule,
			     enum dbk_subject_kind kind, uint32_t subject);

/* The position of the last record that raised, added to, acknowledged or resolved it.
 */
uint64_t dbk_look_finding_changed(const struct dbk_row_finding *row);

/* Positions of the records that were kept as evidence, oldest first; how many. */
uint32_t dbk_look_evidence(const struct dbk_books *books,
			   const struct dbk_row_finding *row,
			   uint64_t positions[DBK_FINDING_EVIDENCE_MAX]);

/* The space that subjects of KIND have their names in; 0: the book, which has none. */
enum dbk_space dbk_look_subject_space(enum dbk_subject_kind kind);

/* The guard set in force at the clock, 0: none. */
uint32_t dbk_look_guard_set_now(const struct dbk_books *books);

/* The month of the book's clock; its day is dbk_look_today() of look_goods.h. */
uint32_t dbk_look_this_month(const struct dbk_books *books);

/* A position of an agent. */
struct dbk_look_holding {
	uint32_t holder, sku;
	uint8_t tier;	    /* 0: unknown */
	uint16_t first_day; /* of the first receipt, plus one; 0: none */
	int64_t on_hand;
};

/* False: it is a location's. */
bool dbk_look_holding_at(const struct dbk_books *books, uint32_t position,
			 struct dbk_look_holding *out);

/*
 * Units of the good of POSITION, an agent's, that its holder has had for more than DAYS
 * days, over both places: what dbk_measure_aged() sums for a sku.  The good is told
 * once, for its PHYSICAL position or, where there is none, for the other; else 0.
 *
 * Looks at up to DBK_FLOW_DAYS days of both.
 */
int64_t dbk_look_holding_aged(const struct dbk_books *books, uint32_t position,
			      uint32_t days);

#endif
