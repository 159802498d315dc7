/*
 * digest_trust.c -- the canonical form of what proves the books: keys of sources, and
 * digests that are recorded.  src/proof/TRUST.md section 4.
 */

#include "books/form.h"
#include "books/source_keys.h"
#include "books/trust_core.h"

static void
digest_key(struct dbk_form *w, const struct dbk_source_key *key)
{
	dbk_form_text(w, key->source);
	dbk_form_int(w, key->revision);
	dbk_form_put(w, key->key, sizeof key->key);
	dbk_form_int(w, key->n_rights);
	for (uint32_t i = 0; i < key->n_rights; i++)
		dbk_form_int(w, key->rights[i]);
	dbk_form_int(w, (int64_t)key->state - DBK_SOURCE_KEY_IN_FORCE);
}

void
dbk_form_trust(struct dbk_form *w)
{
	uint32_t count = dbk_source_keys_count(w->books);

	if (count == 0)
		return;
	dbk_form_section(w, 'z', count);
	for (uint32_t i = 1; i <= count; i++) {
		struct dbk_source_key key;

		dbk_source_key_at(w->books, i, &key);
		digest_key(w, &key);
	}
}

void
dbk_digest_note(struct dbk_decision *d, unsigned char out[DBK_DIGEST_BYTES])
{
	if (d->event->type != DBK_EVENT_DIGEST_RECORDED ||
	    d->event->u.digest_recorded.size != d->position)
		return;
	dbk_books_digest(d->books, out);
	d->digest = out;
}

bool
dbk_decide_digest_recorded(struct dbk_decision *d)
{
	const struct dbk_digest_recorded *event = &d->event->u.digest_recorded;

	if (d->digest == NULL)
		return dbk_refuse_measured(
		    d, DBK_RULE_DIGEST_SIZE, dbk_field("size"),
		    event->size > INT64_MAX ? INT64_MAX : (int64_t)event->size,
		    d->position);
	return memcmp(event->digest.bytes, d->digest, DBK_DIGEST_BYTES) == 0 ||
	       dbk_refuse(d, DBK_RULE_DIGEST_DIFFERS, dbk_field("digest"),
			  dbk_str_make("", 0));
}
