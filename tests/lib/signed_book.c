#include "../tests/lib/signed_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/event_text.h"
#include "base/base64.h"
#include "books/source_keys.h"
#include "event/record.h"
#include "ledger/gaps.h"
#include "log/log_reader.h"

void
signed_book_open(struct signed_book *book)
{
	memset(book, 0, sizeof *book);
	dbk_buf_init(&book->events);
	small_book_open(&book->small);
	small_book_fill(&book->small);
}

void
signed_book_close(struct signed_book *book)
{
	dbk_buf_fini(&book->events);
	small_book_close(&book->small);
}

/* ---------------------------------------------------------------------- the events */

static void
seed_of(char letter, unsigned char out[DBK_SIGN_SEED_BYTES])
{
	memset(out, letter, DBK_SIGN_SEED_BYTES);
}

static void
put(int64_t at_us, const char *body, struct dbk_buf *out)
{
	const struct event_signs signs = { .time_us = at_us };

	event_text_put(body, &signs, out);
}

void
signed_book_put_key_at(int64_t at_us, const char *source, unsigned revision,
		       char letter, const char *may_send, struct dbk_buf *out)
{
	unsigned char seed[DBK_SIGN_SEED_BYTES], key[DBK_SIGN_PUBLIC_BYTES];
	struct dbk_buf text;
	char body[512];

	seed_of(letter, seed);
	dbk_sign_public(seed, key);
	dbk_buf_init(&text);
	dbk_base64_put(&text, key, sizeof key);
	(void)snprintf(body, sizeof body,
		       "'sourceRegistered':{'source':'%s','revision':%u,"
		       "'ed25519PublicKey':'%.*s','maySend':[%s]}",
		       source, revision, (int)text.size, (const char *)text.bytes,
		       may_send);
	put(at_us, body, out);
	dbk_buf_fini(&text);
}

void
signed_book_put_key(struct signed_book *book, const char *source, unsigned revision,
		    char letter, const char *may_send, struct dbk_buf *out)
{
	signed_book_put_key_at(book->small.keeper.now_us, source, revision, letter,
			       may_send, out);
}

void
signed_book_put_revoked(struct signed_book *book, const char *source, unsigned revision,
			struct dbk_buf *out)
{
	char body[256];

	(void)snprintf(body, sizeof body,
		       "'sourceKeyRevoked':{'source':'%s','revision':%u,"
		       "'reason':'lost'}",
		       source, revision);
	put(book->small.keeper.now_us, body, out);
}

/* The events at hand, from the office. */
static void
send_governing(struct signed_book *book)
{
	signed_book_sign(book, '\0', NULL);
	CHECK_INT(bookkeeper_send(&book->small.keeper, "office", 0, &book->events, 0),
		  DBK_ADMITTED);
	small_book_check_all(&book->small, 1, DBK_ACCEPTED);
}

void
signed_book_register(struct signed_book *book, const char *source, unsigned revision,
		     char letter, const char *may_send)
{
	dbk_buf_reset(&book->events);
	signed_book_put_key(book, source, revision, letter, may_send, &book->events);
	send_governing(book);
}

void
signed_book_revoke(struct signed_book *book, const char *source, unsigned revision)
{
	dbk_buf_reset(&book->events);
	signed_book_put_revoked(book, source, revision, &book->events);
	send_governing(book);
}

/* -------------------------------------------------------------------- the signature */

struct dbk_seal_text
signed_book_text(const char *source, uint64_t seq, const struct dbk_buf *events,
		 bool atomic)
{
	struct dbk_seal_text text = { .book = dbk_str_of(SIGNED_BOOK_NAME),
				      .source = dbk_str_of(source),
				      .batch_seq = seq,
				      .atomic = atomic };
	struct dbk_cursor at = dbk_cursor_make(events->bytes, events->size);
	struct dbk_seal_digest digest;

	dbk_seal_digest_init(&digest);
	while (dbk_cursor_left(&at) > 0 && dbk_cursor_varint(&at) == 0x0a) {
		uint64_t size = dbk_cursor_varint(&at);
		const unsigned char *bytes = dbk_cursor_take(&at, size);

		dbk_seal_digest_event(&digest, dbk_str_make(bytes, size));
		text.events++;
	}
	dbk_seal_digest_final(&digest, text.digest);
	return text;
}

void
signed_book_signature(char letter, const struct dbk_seal_text *text,
		      unsigned char out[DBK_SIGNATURE_BYTES])
{
	unsigned char seed[DBK_SIGN_SEED_BYTES];
	struct dbk_buf lines;

	seed_of(letter, seed);
	dbk_buf_init(&lines);
	dbk_seal_put_text(text, &lines);
	dbk_sign(seed, lines.bytes, lines.size, out);
	dbk_buf_fini(&lines);
}

void
signed_book_sign(struct signed_book *book, char letter,
		 const struct dbk_seal_text *text)
{
	book->small.keeper.signature = dbk_str_make("", 0);
	if (letter == '\0')
		return;
	signed_book_signature(letter, text, book->signature);
	book->small.keeper.signature =
	    dbk_str_make(book->signature, sizeof book->signature);
}

enum dbk_admission
signed_book_admit(struct signed_book *book, char letter, const char *source,
		  uint64_t seq, const struct dbk_buf *events, unsigned flags)
{
	struct dbk_seal_text text =
	    signed_book_text(source, seq, events, (flags & BOOKKEEPER_ATOMIC) != 0);

	signed_book_sign(book, letter, &text);
	return bookkeeper_admit(&book->small.keeper, source, seq, events, flags);
}

enum dbk_admission
signed_book_send(struct signed_book *book, char letter, const char *source,
		 uint64_t seq, const struct dbk_buf *events, unsigned flags)
{
	struct bookkeeper *keeper = &book->small.keeper;
	enum dbk_admission admission;

	bookkeeper_begin(keeper);
	admission = signed_book_admit(book, letter, source, seq, events, flags);
	CHECK_INT(dbk_ledger_commit(keeper->ledger, &keeper->error), DBK_OK);
	return admission;
}

/* ------------------------------------------------------------------ verified from far
 */

struct verifier {
	struct signed_book *book;
	struct dbk_log_reader *records;
	struct dbk_seal_digest digest;
	struct dbk_record_seal seal; /* of the batch at hand */
	struct dbk_seal_text text;
	uint64_t position; /* of the next record */
};

/* The record at V->position, if it is event INDEX of the batch. */
static bool
take_record(struct verifier *v, const struct dbk_log_batch *batch, uint32_t index,
	    bool first)
{
	struct dbk_record record;
	struct dbk_str bytes;

	if (dbk_log_reader_find(v->records, v->position, &bytes, NULL) != DBK_OK ||
	    !CHECK(dbk_record_decode(bytes, &record)) ||
	    !dbk_str_equal(record.source, batch->source) ||
	    record.batch_seq != batch->batch_seq || record.index != index)
		return false;
	CHECK_INT(record.has_seal, first);
	if (first)
		v->seal = record.seal;
	dbk_seal_digest_event(&v->digest, record.event);
	v->position++;
	return true;
}

static bool
is_revision(struct verifier *v, const struct dbk_log_batch *batch,
	    struct dbk_source_key *out)
{
	struct dbk_books *books = dbk_ledger_books(v->book->small.keeper.ledger);

	for (uint32_t i = 1; i <= dbk_source_keys_count(books); i++) {
		dbk_source_key_at(books, i, out);
		if (dbk_str_equal(out->source, batch->source) &&
		    out->revision == v->seal.revision)
			return true;
	}
	return false;
}

/* BATCH, whose first record is at FIRST, from its records and gaps alone. */
static void
verify_batch(struct verifier *v, const struct dbk_log_batch *batch, uint64_t first)
{
	const unsigned char *hash = NULL;
	struct dbk_source_key key;
	struct dbk_gaps gaps;
	uint32_t index, gap = UINT32_MAX;
	bool begun = false;

	CHECK(dbk_gaps_of_reply(batch->reply, &gaps));
	CHECK(gaps.count == 0 || gaps.position == first);
	v->position = first;
	dbk_seal_digest_init(&v->digest);
	if (dbk_gaps_next(&gaps, &index, &hash))
		gap = index;
	for (uint32_t i = 0; i < batch->n_events; i++) {
		if (i != gap) {
			if (!CHECK(take_record(v, batch, i, !begun)))
				return;
			begun = true;
			continue;
		}
		dbk_seal_digest_hash(&v->digest, hash);
		gap = dbk_gaps_next(&gaps, &index, &hash) ? index : UINT32_MAX;
	}
	v->text = (struct dbk_seal_text){ .book = dbk_str_of(SIGNED_BOOK_NAME),
					  .source = batch->source,
					  .batch_seq = batch->batch_seq,
					  .atomic = v->seal.atomic,
					  .events = batch->n_events };
	dbk_seal_digest_final(&v->digest, v->text.digest);
	CHECK_INT(v->seal.events, batch->n_events);
	CHECK(memcmp(v->seal.digest, v->text.digest, sizeof v->text.digest) == 0);
	if (CHECK(is_revision(v, batch, &key))) {
		CHECK(dbk_seal_verify(&v->text, key.key, v->seal.signature));
		CHECK(key.position < first);
		CHECK(key.ended_position_plus_one == 0 ||
		      key.ended_position_plus_one > first);
	}
}

/* Where the first record of BATCH with a seal is, from FROM on; false: nowhere. */
static bool
find_seal(struct verifier *v, const struct dbk_log_batch *batch, uint64_t from,
	  uint64_t *out)
{
	struct dbk_record record;
	struct dbk_str bytes;

	for (*out = from; dbk_log_reader_find(v->records, *out, &bytes, NULL) == DBK_OK;
	     ++*out)
		if (CHECK(dbk_record_decode(bytes, &record)) && record.has_seal &&
		    record.batch_seq == batch->batch_seq &&
		    dbk_str_equal(record.source, batch->source))
			return true;
	return false;
}

static unsigned
verify_slice(struct verifier *v, const struct dbk_log_slice *slice)
{
	struct dbk_cursor at = dbk_log_slice_batches(slice);
	struct dbk_log_batch batch;
	unsigned seals = 0;
	uint64_t first;

	while (dbk_log_slice_next_batch(&at, &batch)) {
		if (batch.batch_seq == 0 ||
		    !find_seal(v, &batch, slice->first_position, &first))
			continue;
		seals++;
		verify_batch(v, &batch, first);
	}
	return seals;
}

unsigned
signed_book_verify(struct signed_book *book)
{
	struct dbk_log *log = dbk_ledger_log(book->small.keeper.ledger);
	struct verifier v = { .book = book };
	struct dbk_log_reader *groups;
	struct dbk_log_slice slice;
	struct dbk_error error = { 0 };
	unsigned seals = 0;

	CHECK_INT(dbk_log_reader_open(log, &groups, &error), DBK_OK);
	CHECK_INT(dbk_log_reader_open(log, &v.records, &error), DBK_OK);
	while (dbk_log_reader_next(groups, &slice, &error) == DBK_OK)
		seals += verify_slice(&v, &slice);
	dbk_log_reader_close(v.records);
	dbk_log_reader_close(groups);
	return seals;
}
