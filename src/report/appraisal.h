#ifndef DBK_REPORT_APPRAISAL_H
#define DBK_REPORT_APPRAISAL_H

/*
 * appraisal.h -- the five tables that Chinese authorities have an appraisal institute
 * draw up: persons, levels in all, persons per level, up and down links, commissions.
 *
 * Thread: the one that owns the books.
 */

#include "books/books.h"
#include "metrics/study.h"
#include "report/message.h"

/* Largest branches, best paid persons, and persons up to which all links are told. */
#define DBK_APPRAISAL_ORGANISERS 20
#define DBK_APPRAISAL_BEST_PAID 20
#define DBK_APPRAISAL_LINKS_MAX 200

Daybook__Report__V1__Appraisal *dbk_appraisal_make(struct dbk_maker *maker,
						   const struct dbk_books *books,
						   const struct dbk_study *study);

#endif
