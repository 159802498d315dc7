#include "books/look.h"

#include "books/core.h"

uint32_t
dbk_look_find(const struct dbk_books *books, enum dbk_space space, struct dbk_str name)
{
	return dbk_names_find(&books->names, space, name);
}

struct dbk_str
dbk_look_name(const struct dbk_books *books, enum dbk_space space, uint32_t id)
{
	return dbk_names_get(&books->names, space, id);
}

uint64_t
dbk_look_count(const struct dbk_books *books, enum dbk_space space)
{
	const struct dbk_rows *table = space == DBK_SPACE_POSITION
					   ? &books->positions
					   : books->names.spaces[space];

	return table->count - 1;
}

const struct dbk_row_book *
dbk_look_book(const struct dbk_books *books)
{
	return DBK_ROW(books, book, book, 1);
}

const struct dbk_row_agent *
dbk_look_agent(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, agents, agent, id);
}

const struct dbk_row_order *
dbk_look_order(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, orders, order, id);
}

const struct dbk_row_line *
dbk_look_line(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, lines, line, id);
}

const struct dbk_row_good *
dbk_look_good(const struct dbk_books *books, uint32_t id)
{
	return DBK_ROW(books, goods, good, id);
}
