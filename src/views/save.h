#ifndef DBK_VIEWS_SAVE_H
#define DBK_VIEWS_SAVE_H

/*
 * save.h -- a view onto its shelf.
 */

#include <stdbool.h>

#include <daybook/error.h>

#include "views/view.h"

/* See dbk_view_flush.  Thread: the worker. */
DBK_MUST_CHECK enum dbk_err dbk_save_view(struct dbk_view *view, bool full,
					  struct dbk_error *error);

#endif
