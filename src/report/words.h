#ifndef DBK_REPORT_WORDS_H
#define DBK_REPORT_WORDS_H

/*
 * words.h -- what the reports say, in English and in Chinese.
 *
 * Every word of a report that does not come from the message stands in words.c or,
 * where a table or a picture alone needs it, beside that table as a struct dbk_words.
 * A page carries both languages, a text one.
 *
 * Thread: any; nothing is ever written.
 */

#include <daybook/report/v1/report.pb-c.h>

enum dbk_language {
	DBK_ENGLISH,
	DBK_CHINESE,
};

/* The same in both languages; both are UTF-8 without markup. */
struct dbk_words {
	const char *en;
	const char *zh;
};

/* WORDS in LANGUAGE. */
static inline const char *
dbk_words_in(const struct dbk_words *words, enum dbk_language language)
{
	return language == DBK_CHINESE ? words->zh : words->en;
}

/* Words of a message; a missing text is empty, never NULL. */
struct dbk_words dbk_words_of(const Daybook__Report__V1__Words *words);

/* Names of values of the messages.  A value that is none of them is "?". */
const struct dbk_words *dbk_words_verdict(Daybook__Report__V1__VerdictWord verdict);
const struct dbk_words *dbk_words_force(Daybook__Report__V1__Force force);
/* What the force is worth, in a sentence. */
const struct dbk_words *dbk_words_force_note(Daybook__Report__V1__Force force);
const struct dbk_words *dbk_words_sense(Daybook__Report__V1__Sense sense);
const struct dbk_words *dbk_words_proof(Daybook__Report__V1__ProofState proof);
const struct dbk_words *dbk_words_basis(Daybook__Report__V1__RewardBasis basis);
const struct dbk_words *dbk_words_class(Daybook__Report__V1__SaleClass sale_class);
/* ">", ">=", "<", "<=" of the comparison, the same in both languages. */
const char *dbk_words_comparison(Daybook__Report__V1__Comparison comparison);
/* Of a country in ISO 3166 letters, "EU" or empty; the letters themselves if unknown.
 */
struct dbk_words dbk_words_jurisdiction(const char *letters);
/* Of a row of AgeingRow, and of a kind of account or state of a payout; itself if
 * unknown. */
struct dbk_words dbk_words_plain(const char *word);
/* What a code of the books (books/accounts.c) is for; its name if unknown. */
struct dbk_words dbk_words_account(const char *name);

#endif
