#ifndef DBK_REPORT_BASIS_H
#define DBK_REPORT_BASIS_H

/*
 * basis.h -- what a report was made of: the log, how far it is proved, the books that
 * came out, the window and the part.
 *
 * Thread: the one that owns the books.
 */

#include <stdbool.h>
#include <stdint.h>

#include "books/books.h"
#include "metrics/study.h"
#include "report/message.h"
#include "tlog/tree.h"

/* Borrowed while a report is made. */
struct dbk_report_source {
	const struct dbk_books *books;
	const struct dbk_study *study; /* that has ended */
	struct dbk_study_options options;
	const char *const *tops; /* names of agents */
	size_t n_tops;

	struct dbk_str origin, checkpoint;
	uint64_t size;
	struct dbk_tree_hash root;
	bool is_vouched;
	uint64_t accepted, refused;
	int64_t first_recorded_at, last_recorded_at;
	const char *program; /* name and version */
};

Daybook__Report__V1__ReportBasis *
dbk_basis_make(struct dbk_maker *maker, const struct dbk_report_source *source);

#endif
