#ifndef DAYBOOK_TESTS_MARKUP_H
#define DAYBOOK_TESTS_MARKUP_H

/*
 * markup.h -- is a page well-formed: tags that close in their order, attributes in
 * quotes, known entities, unique ids, links that lead to one of them.
 */

#include <stdbool.h>
#include <stddef.h>

/* The first complaint about TEXT of SIZE bytes, NULL if there is none.  Valid until the
 * next call. */
const char *markup_complaint(const char *text, size_t size);

#endif
