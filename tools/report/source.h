#ifndef TOOLS_REPORT_SOURCE_H
#define TOOLS_REPORT_SOURCE_H

/*
 * source.h -- what was examined, as the reports of src/report name it.
 */

#include "report/basis.h"
#include "report/examination.h"

/* Borrowed from EXAMINATION, which has run. */
struct dbk_report_source report_source(const struct examination *examination);

#endif
