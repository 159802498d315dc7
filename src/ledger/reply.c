#include "ledger/reply.h"

#include <stdio.h>
#include <string.h>

enum entry_kind { ENTRY_ACCEPTED = 0, ENTRY_DUPLICATE = 1, ENTRY_OTHER = 2 };

/* Field numbers of service.proto and record.proto, with wire type. */
enum {
	TAG_REPLY_SOURCE = 1 << 3 | 2,
	TAG_REPLY_BATCH_SEQ = 2 << 3,
	TAG_REPLY_RESULT = 3 << 3 | 2,
	TAG_REPLY_SIZE = 4 << 3,
	TAG_REPLY_REPEATED = 5 << 3,
	TAG_REPLY_DRY_RUN = 6 << 3,
	TAG_REPLY_ROLLED_BACK = 7 << 3,
	TAG_RESULT_OUTCOME = 1 << 3,
	TAG_RESULT_POSITION = 2 << 3,
	TAG_RESULT_REFUSAL = 3 << 3 | 2,
	TAG_RESULT_FAULT = 4 << 3 | 2,
	TAG_REFUSAL_RULE = 1 << 3,
	TAG_REFUSAL_FIELD = 2 << 3 | 2,
	TAG_REFUSAL_VALUE = 3 << 3 | 2,
	TAG_REFUSAL_MEASURED = 4 << 3,
	TAG_REFUSAL_LIMIT = 5 << 3,
	TAG_REFUSAL_OTHER = 6 << 3,
	TAG_REFUSAL_WOULD_PASS = 7 << 3,
	TAG_FAULT_FAULT = 1 << 3,
	TAG_FAULT_FIELD = 2 << 3 | 2,
	TAG_FAULT_VALUE = 3 << 3 | 2
};

void
dbk_reply_init(struct dbk_reply *reply)
{
	memset(reply, 0, sizeof *reply);
	dbk_buf_init(&reply->entries);
}

void
dbk_reply_fini(struct dbk_reply *reply)
{
	dbk_buf_fini(&reply->entries);
}

void
dbk_reply_reset(struct dbk_reply *reply)
{
	struct dbk_buf entries = reply->entries;

	memset(reply, 0, sizeof *reply);
	reply->entries = entries;
	dbk_buf_reset(&reply->entries);
}

/* A number that is not the default. */
static void
put_number(struct dbk_buf *out, unsigned tag, uint64_t value)
{
	if (value == 0)
		return;
	dbk_buf_put_varint(out, tag);
	dbk_buf_put_varint(out, value);
}

static void
put_text(struct dbk_buf *out, unsigned tag, struct dbk_str text)
{
	if (text.size == 0)
		return;
	dbk_buf_put_varint(out, tag);
	dbk_buf_put_varint(out, text.size);
	dbk_buf_put(out, text.bytes, text.size);
}

static void
end_run(struct dbk_reply *reply)
{
	if (reply->run_count == 0)
		return;
	dbk_buf_put_varint(&reply->entries,
			   (uint64_t)reply->run_count << 2 | ENTRY_ACCEPTED);
	dbk_buf_put_varint(&reply->entries, reply->run_first);
	reply->run_count = 0;
}

void
dbk_reply_accepted(struct dbk_reply *reply, uint64_t position)
{
	reply->n_events++;
	reply->counts.accepted++;
	if (reply->run_count > 0 && position == reply->run_first + reply->run_count) {
		reply->run_count++;
		return;
	}
	end_run(reply);
	reply->run_first = position;
	reply->run_count = 1;
}

void
dbk_reply_duplicate(struct dbk_reply *reply, uint64_t position)
{
	end_run(reply);
	reply->n_events++;
	reply->counts.duplicates++;
	dbk_buf_put_varint(&reply->entries, 1 << 2 | ENTRY_DUPLICATE);
	dbk_buf_put_varint(&reply->entries, position);
}

static void
put_other(struct dbk_reply *reply, const struct dbk_buf *result)
{
	end_run(reply);
	reply->n_events++;
	dbk_buf_put_varint(&reply->entries, 1 << 2 | ENTRY_OTHER);
	dbk_buf_put_varint(&reply->entries, result->size);
	dbk_buf_put(&reply->entries, result->bytes, result->size);
	if (dbk_buf_failed(result))
		reply->entries.failed = true;
}

static void
put_details(struct dbk_buf *out, const struct dbk_buf *details)
{
	dbk_buf_put(out, details->bytes, details->size);
	if (dbk_buf_failed(details))
		out->failed = true;
}

void
dbk_reply_accepted_with(struct dbk_reply *reply, uint64_t position,
			const struct dbk_buf *details)
{
	struct dbk_buf result;

	dbk_buf_init(&result);
	put_number(&result, TAG_RESULT_OUTCOME, DBK_ACCEPTED);
	put_number(&result, TAG_RESULT_POSITION, position);
	put_details(&result, details);
	put_other(reply, &result);
	reply->counts.accepted++;
	dbk_buf_fini(&result);
}

static void
put_message(struct dbk_buf *out, unsigned tag, const struct dbk_buf *message)
{
	put_text(out, tag, dbk_str_make(message->bytes, message->size));
	if (dbk_buf_failed(message))
		out->failed = true;
}

void
dbk_reply_refused(struct dbk_reply *reply, uint64_t position,
		  const struct dbk_refusal *refusal, const struct dbk_buf *details)
{
	bool brief = reply->entries.size > DBK_REPLY_FULL_BYTES_MAX;
	char field[DBK_FIELD_TEXT_BYTES];
	struct dbk_buf body, result;
	size_t size = dbk_field_format(&refusal->field, field);

	dbk_buf_init(&body);
	dbk_buf_init(&result);
	put_number(&body, TAG_REFUSAL_RULE, refusal->rule);
	if (!brief) {
		put_text(&body, TAG_REFUSAL_FIELD, dbk_str_make(field, size));
		put_text(&body, TAG_REFUSAL_VALUE, dbk_verdict_value(refusal->value));
	}
	put_number(&body, TAG_REFUSAL_MEASURED, (uint64_t)refusal->measured);
	put_number(&body, TAG_REFUSAL_LIMIT, (uint64_t)refusal->limit);
	put_number(&body, TAG_REFUSAL_OTHER, refusal->other_position_plus_one);
	put_number(&body, TAG_REFUSAL_WOULD_PASS,
		   (uint64_t)refusal->would_pass_plus_one);
	put_number(&result, TAG_RESULT_OUTCOME, DBK_REFUSED);
	put_number(&result, TAG_RESULT_POSITION, position);
	put_message(&result, TAG_RESULT_REFUSAL, &body);
	if (details != NULL)
		put_details(&result, details);
	put_other(reply, &result);
	reply->counts.refused++;
	dbk_buf_fini(&body);
	dbk_buf_fini(&result);
}

void
dbk_reply_invalid(struct dbk_reply *reply, const struct dbk_event_fault *fault)
{
	bool brief = reply->entries.size > DBK_REPLY_FULL_BYTES_MAX;
	char field[DBK_FIELD_TEXT_BYTES], number[24] = "";
	struct dbk_buf body, result;
	size_t size = dbk_field_format(&fault->field, field);
	struct dbk_str value = dbk_verdict_value(fault->value);

	if (fault->has_number) {
		(void)snprintf(number, sizeof number, "%lld", (long long)fault->number);
		value = dbk_str_of(number);
	}
	dbk_buf_init(&body);
	dbk_buf_init(&result);
	put_number(&body, TAG_FAULT_FAULT, fault->fault);
	if (!brief) {
		put_text(&body, TAG_FAULT_FIELD, dbk_str_make(field, size));
		put_text(&body, TAG_FAULT_VALUE, value);
	}
	put_number(&result, TAG_RESULT_OUTCOME, DBK_INVALID);
	put_message(&result, TAG_RESULT_FAULT, &body);
	put_other(reply, &result);
	reply->counts.invalid++;
	dbk_buf_fini(&body);
	dbk_buf_fini(&result);
}

void
dbk_reply_store(struct dbk_reply *reply, uint64_t size, unsigned flags,
		struct dbk_buf *out)
{
	end_run(reply);
	dbk_buf_put_varint(out, size);
	dbk_buf_put_varint(out, flags);
	dbk_buf_put(out, reply->entries.bytes, reply->entries.size);
	if (dbk_buf_failed(&reply->entries))
		out->failed = true;
}

static void
spell_position(struct dbk_buf *out, enum dbk_outcome outcome, uint64_t position)
{
	unsigned char result[16];
	struct dbk_buf inner = { result, 0, sizeof result, false };

	put_number(&inner, TAG_RESULT_OUTCOME, outcome);
	put_number(&inner, TAG_RESULT_POSITION, position);
	dbk_buf_put_varint(out, TAG_REPLY_RESULT);
	dbk_buf_put_varint(out, inner.size);
	dbk_buf_put(out, inner.bytes, inner.size);
}

/* One entry of a stored reply. */
struct entry {
	enum entry_kind kind;
	uint32_t count;
	uint64_t position;     /* of ACCEPTED, the first, and DUPLICATE */
	struct dbk_str result; /* of OTHER */
};

/* The next entry at *AT, of at most *LEFT events; false at the end and, with
 * AT->failed, where no entry stands. */
static bool
next_entry(struct dbk_cursor *at, uint64_t *left, struct entry *out)
{
	uint64_t head, number, count;

	if (at->failed || dbk_cursor_left(at) == 0)
		return false;
	head = dbk_cursor_varint(at);
	number = dbk_cursor_varint(at);
	count = head >> 2;
	out->kind = (enum entry_kind)(head & 3);
	out->count = (uint32_t)count;
	out->position = number;
	if (count == 0 || count > *left || out->kind > ENTRY_OTHER ||
	    (out->kind != ENTRY_ACCEPTED && count != 1))
		at->failed = true;
	if (out->kind == ENTRY_OTHER)
		out->result = dbk_str_make(dbk_cursor_take(at, number), number);
	*left -= count;
	return !at->failed;
}

static void
spell_entry(const struct entry *entry, struct dbk_buf *out)
{
	switch (entry->kind) {
	case ENTRY_ACCEPTED:
		for (uint32_t i = 0; i < entry->count; i++)
			spell_position(out, DBK_ACCEPTED, entry->position + i);
		break;
	case ENTRY_DUPLICATE:
		spell_position(out, DBK_DUPLICATE, entry->position);
		break;
	case ENTRY_OTHER:
		put_text(out, TAG_REPLY_RESULT, entry->result);
		break;
	}
}

bool
dbk_reply_spell(struct dbk_str stored, struct dbk_str source, uint64_t batch_seq,
		bool repeated, struct dbk_buf *out)
{
	struct dbk_cursor at = dbk_cursor_make(stored.bytes, stored.size);
	uint64_t size = dbk_cursor_varint(&at);
	uint64_t flags = dbk_cursor_varint(&at);
	uint64_t left = DBK_BATCH_EVENTS_MAX;
	struct entry entry;

	put_text(out, TAG_REPLY_SOURCE, source);
	put_number(out, TAG_REPLY_BATCH_SEQ, batch_seq);
	while (next_entry(&at, &left, &entry))
		spell_entry(&entry, out);
	put_number(out, TAG_REPLY_SIZE, size);
	put_number(out, TAG_REPLY_REPEATED, repeated);
	put_number(out, TAG_REPLY_DRY_RUN, (flags & DBK_REPLY_DRY_RUN) != 0);
	put_number(out, TAG_REPLY_ROLLED_BACK, (flags & DBK_REPLY_ROLLED_BACK) != 0);
	return !at.failed;
}

/* The second byte of every kept EventResult: outcomes are below 128. */
static bool
count_other(struct dbk_str result, struct dbk_batch_counts *out)
{
	if (result.size < 2 || result.bytes[0] != TAG_RESULT_OUTCOME)
		return false;
	if (result.bytes[1] == DBK_ACCEPTED)
		out->accepted++;
	else if (result.bytes[1] == DBK_REFUSED)
		out->refused++;
	else if (result.bytes[1] == DBK_INVALID)
		out->invalid++;
	else
		return false;
	return true;
}

static bool
count_entry(const struct entry *entry, struct dbk_batch_counts *out)
{
	switch (entry->kind) {
	case ENTRY_ACCEPTED:
		out->accepted += entry->count;
		return true;
	case ENTRY_DUPLICATE:
		out->duplicates++;
		return true;
	case ENTRY_OTHER:
		return count_other(entry->result, out);
	}
	return false;
}

bool
dbk_reply_count(struct dbk_str stored, struct dbk_batch_counts *out)
{
	struct dbk_cursor at = dbk_cursor_make(stored.bytes, stored.size);
	uint64_t flags, left = DBK_BATCH_EVENTS_MAX;
	struct entry entry;

	memset(out, 0, sizeof *out);
	(void)dbk_cursor_varint(&at);
	flags = dbk_cursor_varint(&at);
	while (next_entry(&at, &left, &entry))
		if (!count_entry(&entry, out))
			return false;
	/* What was rolled back was counted as nothing. */
	if (flags & DBK_REPLY_ROLLED_BACK)
		memset(out, 0, sizeof *out);
	return !at.failed;
}

/* The position of a kept EventResult, if it has a record: not if it was INVALID. */
static bool
logged_position(struct dbk_str result, uint64_t *out)
{
	struct dbk_cursor at = dbk_cursor_make(result.bytes, result.size);
	bool known = dbk_cursor_varint(&at) == TAG_RESULT_OUTCOME;
	uint64_t outcome = dbk_cursor_varint(&at);

	*out = 0;
	if (!known || (outcome != DBK_ACCEPTED && outcome != DBK_REFUSED))
		return false;
	if (dbk_cursor_varint(&at) == TAG_RESULT_POSITION)
		*out = dbk_cursor_varint(&at);
	return true;
}

static bool
visit_entry(const struct entry *entry, uint32_t index, dbk_reply_visit *visit,
	    void *context)
{
	uint64_t position;

	if (entry->kind == ENTRY_OTHER)
		return !logged_position(entry->result, &position) ||
		       visit(context, index, position);
	for (uint32_t i = 0; entry->kind == ENTRY_ACCEPTED && i < entry->count; i++)
		if (!visit(context, index + i, entry->position + i))
			return false;
	return true;
}

bool
dbk_reply_visit_logged(struct dbk_str stored, dbk_reply_visit *visit, void *context)
{
	struct dbk_cursor at = dbk_cursor_make(stored.bytes, stored.size);
	uint64_t flags, left = DBK_BATCH_EVENTS_MAX;
	struct entry entry;
	uint32_t index = 0;

	(void)dbk_cursor_varint(&at);
	flags = dbk_cursor_varint(&at);
	if (flags & DBK_REPLY_ROLLED_BACK)
		return true;
	for (; next_entry(&at, &left, &entry); index += entry.count)
		if (!visit_entry(&entry, index, visit, context))
			return false;
	return !at.failed;
}
