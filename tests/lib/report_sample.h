#ifndef DAYBOOK_TESTS_REPORT_SAMPLE_H
#define DAYBOOK_TESTS_REPORT_SAMPLE_H

/*
 * report_sample.h -- the three reports of a plausible book with every field filled, for
 * tests of pages and pictures.  The figures are made up and agree only roughly.
 */

#include "base/arena.h"

#include <daybook/report/v1/report.pb-c.h>

struct report_sample {
	struct dbk_arena arena;
	Daybook__Report__V1__PyramidReport *pyramid;
	Daybook__Report__V1__FinanceReport *finance;
	Daybook__Report__V1__DisclosureReport *disclosure;
};

void report_sample_init(struct report_sample *sample);
void report_sample_fini(struct report_sample *sample);

/* For tests that build more: a zeroed message, a list of COUNT of them, and words. */
void *report_sample_new(struct report_sample *sample,
			const ProtobufCMessageDescriptor *descriptor);
void *report_sample_list(struct report_sample *sample, size_t count,
			 const ProtobufCMessageDescriptor *descriptor);
Daybook__Report__V1__Words *report_sample_words(struct report_sample *sample,
						const char *en, const char *zh);
char *report_sample_printf(struct report_sample *sample, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The parts, each in a file of its own. */
void report_sample_verdicts(struct report_sample *sample);
void report_sample_money(struct report_sample *sample);
Daybook__Report__V1__Figure *report_sample_figure(struct report_sample *sample,
						  const char *metric, const char *en,
						  const char *zh, int unit);

#endif
