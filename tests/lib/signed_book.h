#ifndef DAYBOOK_TESTS_SIGNED_BOOK_H
#define DAYBOOK_TESTS_SIGNED_BOOK_H

/*
 * signed_book.h -- sources with keys in a small book: batches that they sign, and
 * whether what the log keeps of these can be verified by somebody who was not there.
 *
 * Keys are known by letters: the seed of 'a' is 32 times that letter.
 */

#include <stdbool.h>
#include <stdint.h>

#include "event/seal.h"

#include "small_book.h"

#define SIGNED_BOOK_NAME "sales" /* the book that sales.h opens */

struct signed_book {
	struct small_book small;
	unsigned char signature[DBK_SIGNATURE_BYTES];
	struct dbk_buf events; /* of signed_book_put...() */
};

/* A small book that is filled; no source has a key. */
void signed_book_open(struct signed_book *book);
void signed_book_close(struct signed_book *book);

/* Append to OUT the event of AT_US that registers REVISION of SOURCE with the key of
 * LETTER; MAY_SEND: "301,600", "": all. */
void signed_book_put_key_at(int64_t at_us, const char *source, unsigned revision,
			    char letter, const char *may_send, struct dbk_buf *out);

/* The same at the time of the last group. */
void signed_book_put_key(struct signed_book *book, const char *source,
			 unsigned revision, char letter, const char *may_send,
			 struct dbk_buf *out);
void signed_book_put_revoked(struct signed_book *book, const char *source,
			     unsigned revision, struct dbk_buf *out);

/* Send such an event alone, unnumbered, from the office; it is accepted. */
void signed_book_register(struct signed_book *book, const char *source,
			  unsigned revision, char letter, const char *may_send);
void signed_book_revoke(struct signed_book *book, const char *source,
			unsigned revision);

/* What is signed of EVENTS, to be changed by who wants to. */
struct dbk_seal_text signed_book_text(const char *source, uint64_t seq,
				      const struct dbk_buf *events, bool atomic);

/* LETTER's signature of TEXT. */
void signed_book_signature(char letter, const struct dbk_seal_text *text,
			   unsigned char out[DBK_SIGNATURE_BYTES]);

/* Let the batches to come have LETTER's signature of TEXT; '\0': none. */
void signed_book_sign(struct signed_book *book, char letter,
		      const struct dbk_seal_text *text);

/* Sign EVENTS with the key of LETTER and admit them to the open group. */
enum dbk_admission signed_book_admit(struct signed_book *book, char letter,
				     const char *source, uint64_t seq,
				     const struct dbk_buf *events, unsigned flags);

/* The same as a group of its own. */
enum dbk_admission signed_book_send(struct signed_book *book, char letter,
				    const char *source, uint64_t seq,
				    const struct dbk_buf *events, unsigned flags);

/*
 * Go through the log as who verifies it does: every numbered batch of a source whose
 * key was in force begins with a seal, its digest comes out of records and gaps, and
 * the signature is that of the revision it names.  How many seals there are.
 */
unsigned signed_book_verify(struct signed_book *book);

#endif
