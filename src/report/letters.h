#ifndef DBK_REPORT_LETTERS_H
#define DBK_REPORT_LETTERS_H

/*
 * letters.h -- UTF-8 of unknown origin made fit to be shown: names in a log may hold
 * control characters and marks that turn the reading direction, and a report shows them
 * as what they are, "\u{202E}", so that nothing looks like something else.
 *
 * Thread: any.
 */

#include <stddef.h>
#include <stdint.h>

/* One letter of a text. */
struct dbk_letter {
	uint32_t code;	 /* the code point, or the byte where it is no UTF-8 */
	uint8_t size;	 /* bytes of it, at least 1 */
	uint8_t columns; /* of a terminal, as it is shown */
	uint8_t hidden;	 /* 1: shown by its number, in dbk_letters_code() */
};

/* The letter at TEXT, which is not at its end. */
struct dbk_letter dbk_letters_at(const char *text);

/* "\u{10FFFF}" and a terminator. */
#define DBK_LETTERS_CODE_BYTES 12

/* The number of LETTER in writing, for a hidden one; returns the length. */
size_t dbk_letters_code(struct dbk_letter letter, char out[DBK_LETTERS_CODE_BYTES]);

/* Columns of a terminal that TEXT takes as it is shown. */
size_t dbk_letters_columns(const char *text);

#endif
