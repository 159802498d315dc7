#ifndef DBK_REPORT_TEXT_PRIVATE_H
#define DBK_REPORT_TEXT_PRIVATE_H

/* text_private.h -- what the three texts have in common. */

#include "report/text.h"

/* Columns of a table: a number to the right, a label cut at MOST columns (0: never). */
#define DBK_TEXT_NUMBER(en, zh)                                                        \
	{                                                                              \
		{ en, zh }, 1, 0                                                       \
	}
#define DBK_TEXT_LABEL(en, zh, most)                                                   \
	{                                                                              \
		{ en, zh }, 0, most                                                    \
	}

/* What the report was made from. */
void dbk_text_basis(struct dbk_text *text,
		    const Daybook__Report__V1__ReportBasis *basis);

/* A heading of the second level. */
void dbk_text_section(struct dbk_text *text, const char *en, const char *zh);

/* EN or ZH and a line end. */
void dbk_text_line(struct dbk_text *text, const char *en, const char *zh);

/* Says how many rows are not shown, if there are any. */
void dbk_text_left_out(struct dbk_text *text, uint64_t n);

/* Cells. */
void dbk_text_cell_plain(struct dbk_text *text, const char *word);
void dbk_text_cell_reading(struct dbk_text *text,
			   const Daybook__Report__V1__Figure *figure,
			   const Daybook__Report__V1__Reading *reading);

/* The threshold of COMPARED, which has a figure, with its sign: "> 0.00". */
void dbk_text_cell_threshold(struct dbk_text *text,
			     const Daybook__Report__V1__ComparedFigure *compared);

#endif
