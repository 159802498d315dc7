#include "ledger/reply.h"

#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "ledger/reply_entry.h"

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
	dbk_buf_init(&reply->gaps);
}

void
dbk_reply_fini(struct dbk_reply *reply)
{
	dbk_buf_fini(&reply->entries);
	dbk_buf_fini(&reply->gaps);
}

void
dbk_reply_reset(struct dbk_reply *reply)
{
	struct dbk_buf entries = reply->entries, gaps = reply->gaps;

	memset(reply, 0, sizeof *reply);
	reply->entries = entries;
	reply->gaps = gaps;
	dbk_buf_reset(&reply->entries);
	dbk_buf_reset(&reply->gaps);
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
			   (uint64_t)reply->run_count << 2 | DBK_REPLY_ENTRY_ACCEPTED);
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
	dbk_buf_put_varint(&reply->entries, 1 << 2 | DBK_REPLY_ENTRY_DUPLICATE);
	dbk_buf_put_varint(&reply->entries, position);
}

static void
put_other(struct dbk_reply *reply, const struct dbk_buf *result)
{
	end_run(reply);
	reply->n_events++;
	dbk_buf_put_varint(&reply->entries, 1 << 2 | DBK_REPLY_ENTRY_OTHER);
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
dbk_reply_gap(struct dbk_reply *reply, const unsigned char hash[DBK_SHA256_BYTES])
{
	dbk_buf_put(&reply->gaps, hash, DBK_SHA256_BYTES);
}

/* Hashes serve the seal, which is in a record of the batch. */
static bool
keeps_gaps(const struct dbk_reply *reply, unsigned flags)
{
	return reply->gaps.size > 0 &&
	       (flags & (DBK_REPLY_ROLLED_BACK | DBK_REPLY_DRY_RUN)) == 0 &&
	       reply->counts.accepted + reply->counts.refused > 0;
}

void
dbk_reply_store(struct dbk_reply *reply, uint64_t size, unsigned flags,
		struct dbk_buf *out)
{
	bool gaps = keeps_gaps(reply, flags);

	end_run(reply);
	dbk_buf_put_varint(out, size);
	dbk_buf_put_varint(out, flags | (gaps ? DBK_REPLY_GAPS : 0));
	if (gaps)
		dbk_buf_put_varint(out, reply->gaps.size / DBK_SHA256_BYTES);
	dbk_buf_put(out, reply->entries.bytes, reply->entries.size);
	if (gaps)
		dbk_buf_put(out, reply->gaps.bytes, reply->gaps.size);
	if (dbk_buf_failed(&reply->entries) || dbk_buf_failed(&reply->gaps))
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

static void
spell_entry(const struct dbk_reply_entry *entry, struct dbk_buf *out)
{
	switch (entry->kind) {
	case DBK_REPLY_ENTRY_ACCEPTED:
		for (uint32_t i = 0; i < entry->count; i++)
			spell_position(out, DBK_ACCEPTED, entry->position + i);
		break;
	case DBK_REPLY_ENTRY_DUPLICATE:
		spell_position(out, DBK_DUPLICATE, entry->position);
		break;
	case DBK_REPLY_ENTRY_OTHER:
		put_text(out, TAG_REPLY_RESULT, entry->result);
		break;
	}
}

bool
dbk_reply_spell(struct dbk_str stored, struct dbk_str source, uint64_t batch_seq,
		bool repeated, struct dbk_buf *out)
{
	struct dbk_reply_walk walk;
	struct dbk_reply_entry entry;

	dbk_reply_walk_begin(&walk, stored);
	put_text(out, TAG_REPLY_SOURCE, source);
	put_number(out, TAG_REPLY_BATCH_SEQ, batch_seq);
	while (dbk_reply_walk_next(&walk, &entry))
		spell_entry(&entry, out);
	put_number(out, TAG_REPLY_SIZE, walk.size);
	put_number(out, TAG_REPLY_REPEATED, repeated);
	put_number(out, TAG_REPLY_DRY_RUN, (walk.flags & DBK_REPLY_DRY_RUN) != 0);
	put_number(out, TAG_REPLY_ROLLED_BACK,
		   (walk.flags & DBK_REPLY_ROLLED_BACK) != 0);
	return !walk.at.failed;
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
count_entry(const struct dbk_reply_entry *entry, struct dbk_batch_counts *out)
{
	switch (entry->kind) {
	case DBK_REPLY_ENTRY_ACCEPTED:
		out->accepted += entry->count;
		return true;
	case DBK_REPLY_ENTRY_DUPLICATE:
		out->duplicates++;
		return true;
	case DBK_REPLY_ENTRY_OTHER:
		return count_other(entry->result, out);
	}
	return false;
}

bool
dbk_reply_count(struct dbk_str stored, struct dbk_batch_counts *out)
{
	struct dbk_reply_walk walk;
	struct dbk_reply_entry entry;

	memset(out, 0, sizeof *out);
	dbk_reply_walk_begin(&walk, stored);
	while (dbk_reply_walk_next(&walk, &entry))
		if (!count_entry(&entry, out))
			return false;
	/* What was rolled back was counted as nothing. */
	if (walk.flags & DBK_REPLY_ROLLED_BACK)
		memset(out, 0, sizeof *out);
	return !walk.at.failed;
}

static bool
visit_entry(const struct dbk_reply_entry *entry, dbk_reply_visit *visit, void *context)
{
	uint64_t position;

	if (!dbk_reply_entry_is_logged(entry, &position))
		return true;
	for (uint32_t i = 0; i < entry->count; i++)
		if (!visit(context, entry->index + i, position + i))
			return false;
	return true;
}

bool
dbk_reply_visit_logged(struct dbk_str stored, dbk_reply_visit *visit, void *context)
{
	struct dbk_reply_walk walk;
	struct dbk_reply_entry entry;

	dbk_reply_walk_begin(&walk, stored);
	if (walk.flags & DBK_REPLY_ROLLED_BACK)
		return true;
	while (dbk_reply_walk_next(&walk, &entry))
		if (!visit_entry(&entry, visit, context))
			return false;
	return !walk.at.failed;
}
