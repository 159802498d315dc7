#include "ledger/gaps.h"

#include "ledger/reply.h"

/* Where the batch begins in the log, and how many of its events are not there. */
static bool
look_through(struct dbk_str stored, struct dbk_gaps *gaps, uint32_t *out_missing)
{
	struct dbk_reply_walk walk;
	struct dbk_reply_entry entry;
	bool logged = false;
	uint64_t position;

	*out_missing = 0;
	dbk_reply_walk_begin(&walk, stored);
	while (dbk_reply_walk_next(&walk, &entry)) {
		bool has_record = dbk_reply_entry_is_logged(&entry, &position);

		if (!has_record)
			++*out_missing;
		else if (!logged)
			gaps->position = position;
		logged |= has_record;
	}
	gaps->count = walk.hashes.size / DBK_SHA256_BYTES;
	return !walk.at.failed && (gaps->count == 0 || logged);
}

bool
dbk_gaps_of_reply(struct dbk_str stored, struct dbk_gaps *out)
{
	uint32_t missing;

	*out = (struct dbk_gaps){ .count = 0 };
	if (!look_through(stored, out, &missing))
		return false;
	dbk_reply_walk_begin(&out->walk, stored);
	out->hash = (const unsigned char *)out->walk.hashes.bytes;
	return out->count == 0 || out->count == missing;
}

bool
dbk_gaps_next(struct dbk_gaps *gaps, uint32_t *out_index,
	      const unsigned char **out_hash)
{
	struct dbk_reply_entry entry;
	uint64_t position;

	if (gaps->count == 0)
		return false;
	while (dbk_reply_walk_next(&gaps->walk, &entry)) {
		if (dbk_reply_entry_is_logged(&entry, &position))
			continue;
		*out_index = entry.index;
		*out_hash = gaps->hash;
		gaps->hash += DBK_SHA256_BYTES;
		return true;
	}
	return false;
}
