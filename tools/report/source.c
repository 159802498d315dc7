#include "report/source.h"

#include <daybook/version.h>

struct dbk_report_source
report_source(const struct examination *e)
{
	const struct examined *from = &e->examined;

	return (struct dbk_report_source){
		.books = e->books,
		.study = e->study,
		.options = e->study_options,
		.tops = e->options->agents.items,
		.n_tops = e->options->agents.count,
		.origin = dbk_str_of(from->origin),
		.checkpoint = dbk_str_make(from->checkpoint.bytes,
					   from->checkpoint.size),
		.size = from->size,
		.root = from->root,
		.is_vouched = from->is_vouched,
		.accepted = from->sum.accepted,
		.refused = from->sum.refused,
		.first_recorded_at = from->sum.first_recorded_at,
		.last_recorded_at = from->sum.last_recorded_at,
		.program = "daybook " DAYBOOK_VERSION,
	};
}
