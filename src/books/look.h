#ifndef DBK_BOOKS_LOOK_H
#define DBK_BOOKS_LOOK_H

/*
 * look.h -- reading the books from outside: rows and names as they stand.
 *
 * What is handed out points into the books.  It is read on the thread that owns them,
 * before the next event is decided; what must last longer is copied.
 *
 * Ids are dense, from 1 to dbk_look_count(); 0 is none, and its name is empty.  An id
 * that does not exist is a bug (asserted).
 *
 * Thread: the one that owns the books.
 */

#include <stdint.h>

#include "base/str.h"
#include "books/books.h"
#include "books/rows.h"

/* The id of NAME in SPACE (TAG to SOURCE), 0 if it is not there. */
uint32_t dbk_look_find(const struct dbk_books *books, enum dbk_space space,
		       struct dbk_str name);

struct dbk_str dbk_look_name(const struct dbk_books *books, enum dbk_space space,
			     uint32_t id);

/* How many ids SPACE has, a space with names or POSITION. */
uint64_t dbk_look_count(const struct dbk_books *books, enum dbk_space space);

const struct dbk_row_book *dbk_look_book(const struct dbk_books *books);
const struct dbk_row_agent *dbk_look_agent(const struct dbk_books *books, uint32_t id);
const struct dbk_row_order *dbk_look_order(const struct dbk_books *books, uint32_t id);

/* Row ID of the lines: first_line of an order, and those behind it. */
const struct dbk_row_line *dbk_look_line(const struct dbk_books *books, uint32_t id);
const struct dbk_row_good *dbk_look_good(const struct dbk_books *books, uint32_t id);

#endif
