/*
 * signing.c -- the signature of a batch against the key of its source, and what the
 * rights of that key allow; src/proof/TRUST.md section 4.
 *
 * The key is that of the books before the batch, so a batch that registers a key of its
 * own source is signed by the one before, and the rights of all its events are the
 * same.
 */

#include <string.h>

#include "base/assert.h"
#include "books/look.h"
#include "event/seal.h"
#include "ledger/ledger_private.h"

/* Rights are borrowed from rows that the batch itself may change. */
static bool
take_key(struct dbk_ledger *ledger, struct dbk_str source)
{
	struct dbk_signing *signing = &ledger->signing;
	bool in_force = dbk_source_key_in_force(ledger->books, source, &signing->key);

	dbk_assert(signing->key.n_rights <= DBK_RIGHTS_MAX);
	if (signing->key.n_rights > 0)
		memcpy(signing->rights, signing->key.rights,
		       signing->key.n_rights * sizeof signing->rights[0]);
	signing->key.rights = signing->rights;
	return in_force;
}

/* The hash of every event, and the digest of them all. */
static enum dbk_admission
hash_events(struct dbk_signing *signing, struct dbk_str batch)
{
	struct dbk_cursor at = dbk_cursor_make(batch.bytes, batch.size);
	unsigned char hash[DBK_SHA256_BYTES];
	struct dbk_str event;
	uint32_t n = 0;

	dbk_buf_reset(&signing->hashes);
	while (dbk_ledger_next_event(&at, &event)) {
		if (++n > DBK_BATCH_EVENTS_MAX)
			return DBK_BATCH_TOO_LARGE;
		dbk_sha256(event.bytes, event.size, hash);
		dbk_buf_put(&signing->hashes, hash, sizeof hash);
	}
	if (at.failed || n == 0)
		return DBK_NOT_A_BATCH;
	if (dbk_buf_failed(&signing->hashes))
		return DBK_ADMISSION_FAILED;
	dbk_sha256(signing->hashes.bytes, signing->hashes.size, signing->seal.digest);
	signing->seal.events = n;
	return DBK_ADMITTED;
}

static enum dbk_admission
verify(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch)
{
	struct dbk_signing *signing = &ledger->signing;
	const struct dbk_row_book *book = dbk_look_book(ledger->books);
	struct dbk_seal_text text = {
		.book = dbk_look_name(ledger->books, DBK_SPACE_TAG, book->name),
		.source = batch->source,
		.batch_seq = batch->batch_seq,
		.atomic = batch->atomic,
		.events = signing->seal.events,
	};
	struct dbk_buf *lines = &ledger->stored;

	memcpy(text.digest, signing->seal.digest, sizeof text.digest);
	dbk_buf_reset(lines);
	dbk_seal_put_text(&text, lines);
	if (dbk_buf_failed(lines))
		return DBK_ADMISSION_FAILED;
	return dbk_sign_verify(signing->key.key, lines->bytes, lines->size,
			       signing->seal.signature)
		   ? DBK_ADMITTED
		   : DBK_SIGNATURE_BAD;
}

static enum dbk_admission
check_signature(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch)
{
	struct dbk_signing *signing = &ledger->signing;
	enum dbk_admission admission;

	if (batch->signature.size == 0)
		return DBK_SIGNATURE_MISSING;
	if (batch->batch_seq == 0)
		return DBK_SIGNED_UNNUMBERED;
	if (batch->signature.size != DBK_SIGNATURE_BYTES)
		return DBK_SIGNATURE_BAD;
	memcpy(signing->seal.signature, batch->signature.bytes, DBK_SIGNATURE_BYTES);
	signing->seal.revision = signing->key.revision;
	signing->seal.atomic = batch->atomic;
	admission = hash_events(signing, batch->events);
	if (admission == DBK_ADMITTED)
		admission = verify(ledger, batch);
	signing->is_signed = admission == DBK_ADMITTED;
	return admission;
}

enum dbk_admission
dbk_signing_begin(struct dbk_ledger *ledger, const struct dbk_ledger_batch *batch,
		  struct dbk_error *error)
{
	struct dbk_signing *signing = &ledger->signing;
	bool has_key = take_key(ledger, batch->source);
	enum dbk_admission admission;

	signing->is_signed = false;
	signing->is_placed = false;
	if (batch->dry_run)
		return DBK_ADMITTED;
	if (signing->key.state == DBK_SOURCE_KEY_REVOKED)
		return DBK_SOURCE_REVOKED;
	if (!has_key)
		return batch->signature.size == 0 ? DBK_ADMITTED
						  : DBK_SOURCE_UNREGISTERED;
	admission = check_signature(ledger, batch);
	if (admission == DBK_ADMISSION_FAILED)
		(void)dbk_error_set(error, DBK_FAILED_MEMORY,
				    "no memory to verify a batch");
	return admission;
}

static bool
governs(enum dbk_event_type type)
{
	return type == DBK_EVENT_SOURCE_REGISTERED ||
	       type == DBK_EVENT_SOURCE_KEY_REVOKED ||
	       type == DBK_EVENT_SUBJECT_ERASED || type == DBK_EVENT_DIGEST_RECORDED;
}

bool
dbk_signing_may_send(const struct dbk_ledger *ledger,
		     const struct dbk_ledger_batch *batch, enum dbk_event_type type)
{
	const struct dbk_source_key *key = &ledger->signing.key;

	if (governs(type) && !batch->administers)
		return false;
	return key->state != DBK_SOURCE_KEY_IN_FORCE ||
	       dbk_source_key_may_send(key, type);
}

void
dbk_signing_seal(struct dbk_ledger *ledger, struct dbk_record *record)
{
	struct dbk_signing *signing = &ledger->signing;

	if (!signing->is_signed || signing->is_placed)
		return;
	record->has_seal = true;
	record->seal = signing->seal;
	signing->is_placed = true;
}

const unsigned char *
dbk_signing_hash(const struct dbk_ledger *ledger, uint32_t index)
{
	const struct dbk_signing *signing = &ledger->signing;

	if (!signing->is_signed)
		return NULL;
	dbk_assert(index < signing->seal.events);
	return signing->hashes.bytes + (size_t)index * DBK_SHA256_BYTES;
}
