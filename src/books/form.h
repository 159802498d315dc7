#ifndef DBK_BOOKS_FORM_H
#define DBK_BOOKS_FORM_H

/*
 * form.h -- the canonical form of rows, as bytes into a hash; for this folder only.
 *
 * README.md specifies the form field by field, so that a second implementation can make
 * the same hash from its own state.  Nothing of the layout in memory enters: no
 * padding, no hash order; dense ids only where they are numbers in order of appearance.
 */

#include "books/core.h"

struct dbk_form {
	struct dbk_digest digest;
	const struct dbk_books *books;
	size_t used;
	unsigned char bytes[1 << 16];
};

void dbk_form_begin(struct dbk_form *form, const struct dbk_books *books);
void dbk_form_end(struct dbk_form *form, unsigned char out[DBK_DIGEST_BYTES]);

/* Raw bytes, at most 64 KiB at once. */
void dbk_form_put(struct dbk_form *form, const void *bytes, size_t size);

/* Fixed width, little-endian. */
void dbk_form_int(struct dbk_form *form, int64_t value);

/* One byte of length and the bytes, at most 255; the name of an id. */
void dbk_form_text(struct dbk_form *form, struct dbk_str text);
void dbk_form_name(struct dbk_form *form, uint32_t space, uint32_t id);

/* A section begins with its letter and its number of rows. */
void dbk_form_section(struct dbk_form *form, char letter, uint64_t rows);

/* Section M: all accounts that were ever posted to. */
void dbk_form_accounts(struct dbk_form *form);

/* Sections F to U: plans, earnings and payouts, and what belongs to them. */
void dbk_form_money(struct dbk_form *form);

/* The kind and the name of a holder; the names of a good's sku and lot. */
void dbk_form_holder(struct dbk_form *form, uint32_t holder);
void dbk_form_good(struct dbk_form *form, uint32_t good);

/* How P rows end: what is counted of a position, day by day. */
void dbk_form_flows(struct dbk_form *form, const struct dbk_row_position *position);

/* Sections h to i: what is counted of goods, guards and findings. */
void dbk_form_goods(struct dbk_form *form);

/* Section z: keys of sources, if there ever was one. */
void dbk_form_trust(struct dbk_form *form);

#endif
