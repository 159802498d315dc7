/* source_keys.c -- keys that sources sign with, revision by revision. */

#include <string.h>

#include <daybook/limits.h>

#include "books/source_keys.h"
#include "service/call.h"

struct source_keys_question {
	struct dbk_call *call;
	struct dbk_str source; /* empty: all */
	uint32_t next;	       /* number to look at next; 0: not begun */
	uint32_t count;
	uint64_t size;
	Daybook__V1__SourceKey **rows;
	uint32_t n;
	bool too_many;
};

static void
fill_key(struct dbk_call *call, const struct dbk_source_key *from,
	 Daybook__V1__SourceKey *out)
{
	uint32_t *rights = dbk_call_take(call, from->n_rights, sizeof *rights);
	unsigned char *key = dbk_call_take(call, 1, sizeof from->key);

	if (rights == NULL || key == NULL)
		return;
	if (from->n_rights > 0)
		memcpy(rights, from->rights, from->n_rights * sizeof *rights);
	memcpy(key, from->key, sizeof from->key);
	out->source = dbk_call_text(call, from->source);
	out->revision = from->revision;
	out->ed25519_public_key.data = key;
	out->ed25519_public_key.len = sizeof from->key;
	out->may_send = rights;
	out->n_may_send = from->n_rights;
	out->position = from->position;
	out->ended_position_plus_one = from->ended_position_plus_one;
	out->revoked = from->state == DBK_SOURCE_KEY_REVOKED;
}

static void
look_source_keys(const struct dbk_books *books, void *answer)
{
	struct source_keys_question *q = answer;

	if (q->next == 0) {
		q->next = 1;
		q->size = dbk_books_size(books);
		q->count = dbk_source_keys_count(books);
	}
	for (uint32_t i = 0; i < DBK_SERVICE_ASK_ROWS_MAX && q->next <= q->count; i++) {
		struct dbk_source_key key;

		dbk_source_key_at(books, q->next++, &key);
		if (q->source.size > 0 && !dbk_str_equal(q->source, key.source))
			continue;
		q->too_many = q->n == DBK_SERVICE_SOURCE_KEYS_MAX;
		if (q->too_many)
			return;
		fill_key(q->call, &key, q->rows[q->n++]);
	}
}

static bool
too_many(struct dbk_call *call)
{
	(void)dbk_answer_set(call->answer, DBK_GRPC_RESOURCE_EXHAUSTED, "TOO_MANY_KEYS",
			     "there are more than %d keys: ask for those of one source",
			     DBK_SERVICE_SOURCE_KEYS_MAX);
	(void)dbk_answer_number(call->answer, "limit", DBK_SERVICE_SOURCE_KEYS_MAX);
	return false;
}

static bool
list_source_keys(struct dbk_call *call, struct source_keys_question *q)
{
	do {
		if (!dbk_call_ask(call, look_source_keys, q))
			return false;
	} while (q->next <= q->count && !q->too_many);
	if (q->too_many)
		return too_many(call);
	if (q->source.size > 0 && q->n == 0)
		return dbk_call_not_found(call, "SOURCE_UNKNOWN", "source", q->source);
	return true;
}

bool
dbk_call_list_source_keys(struct dbk_call *call)
{
	const Daybook__V1__ListSourceKeysRequest *request =
	    dbk_call_request(call, &daybook__v1__list_source_keys_request__descriptor);
	Daybook__V1__ListSourceKeysReply reply =
	    DAYBOOK__V1__LIST_SOURCE_KEYS_REPLY__INIT;
	struct source_keys_question q = { .call = call };

	if (request == NULL)
		return false;
	q.source = dbk_call_str(request->source);
	q.rows = dbk_call_messages(call, DBK_SERVICE_SOURCE_KEYS_MAX,
				   &daybook__v1__source_key__descriptor);
	if (q.rows != NULL && !list_source_keys(call, &q))
		return false;
	reply.size = q.size;
	reply.keys = q.rows;
	reply.n_keys = q.n;
	return dbk_call_reply(call, &reply.base);
}
