#include "metrics/evidence.h"

#include <string.h>

void
dbk_evidence_add(struct dbk_evidence *evidence, uint64_t position, int32_t day)
{
	const struct dbk_evidence_entry entry = { position, day };

	if (evidence->count > 0 && evidence->last_position == position)
		return;
	evidence->count++;
	evidence->last_position = position;
	if (evidence->n_first < DBK_EVIDENCE_ENDS) {
		evidence->first[evidence->n_first++] = entry;
		return;
	}
	evidence->last[evidence->next_last] = entry;
	evidence->next_last = (evidence->next_last + 1) % DBK_EVIDENCE_ENDS;
	if (evidence->n_last < DBK_EVIDENCE_ENDS)
		evidence->n_last++;
}

/* The entries that were kept, in order. */
static const struct dbk_evidence_entry *
kept_at(const struct dbk_evidence *evidence, uint32_t i)
{
	uint32_t oldest =
	    evidence->n_last < DBK_EVIDENCE_ENDS ? 0 : evidence->next_last;

	if (i < evidence->n_first)
		return &evidence->first[i];
	return &evidence->last[(oldest + i - evidence->n_first) % DBK_EVIDENCE_ENDS];
}

/* What stands between the first and the last hundred was not kept: it counts if both
 * its neighbours do. */
static uint64_t
count_between(const struct dbk_evidence *evidence, int32_t from, int32_t to)
{
	uint64_t kept = (uint64_t)evidence->n_first + evidence->n_last;
	int32_t before, behind;

	if (evidence->count == kept)
		return 0;
	before = kept_at(evidence, evidence->n_first - 1)->day;
	behind = kept_at(evidence, evidence->n_first)->day;
	return before >= from && before < to && behind >= from && behind < to
		   ? evidence->count - kept
		   : 0;
}

/* Rising and each once, of two lists that are. */
static uint32_t
merge(const uint64_t *a, uint32_t n_a, const uint64_t *b, uint32_t n_b, uint64_t *out)
{
	uint32_t n = 0, i = 0, j = 0;

	while (i < n_a || j < n_b) {
		if (j == n_b || (i < n_a && a[i] < b[j])) {
			out[n++] = a[i++];
		} else {
			i += i < n_a && a[i] == b[j];
			out[n++] = b[j++];
		}
	}
	return n;
}

void
dbk_evidence_list(const struct dbk_evidence *evidence, int32_t from, int32_t to,
		  struct dbk_evidence_list *out)
{
	uint64_t added[2 * DBK_EVIDENCE_ENDS], all[4 * DBK_EVIDENCE_ENDS];
	uint32_t n_added = 0, n;

	for (uint32_t i = 0; i < evidence->n_first + evidence->n_last; i++) {
		const struct dbk_evidence_entry *entry = kept_at(evidence, i);

		if (entry->day >= from && entry->day < to)
			added[n_added++] = entry->position;
	}
	n = merge(out->positions, out->n, added, n_added, all);
	out->count += count_between(evidence, from, to) + n - out->n;
	out->n = n;
	if (n > 2 * DBK_EVIDENCE_ENDS) {
		memmove(all + DBK_EVIDENCE_ENDS, all + n - DBK_EVIDENCE_ENDS,
			DBK_EVIDENCE_ENDS * sizeof all[0]);
		out->n = 2 * DBK_EVIDENCE_ENDS;
	}
	memcpy(out->positions, all, out->n * sizeof all[0]);
}
