#ifndef DBK_STORE_PAGES_H
#define DBK_STORE_PAGES_H

/*
 * pages.h -- the pages of a store's file, gone through without LMDB, which believes
 * what it finds in them and may die of it.
 *
 * From the newest of the two headers on, every page that is reached is one of its kind,
 * with its number, and reached once; keys rise; numbers of entries and pages are those
 * of the headers; no free page is in use.  What values say is not looked at.  The
 * format is that of LMDB 0.9 on this machine (data version 1).
 *
 * Thread: any.
 */

#include <daybook/error.h>

/* DIR/data.mdb, read through a map: nobody may cut it meanwhile.  NOT_FOUND; DAMAGED
 * names the page; IO, MEMORY. */
DBK_MUST_CHECK enum dbk_err dbk_store_check_pages(const char *dir,
						  struct dbk_error *error);

#endif
