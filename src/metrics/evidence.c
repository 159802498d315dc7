#include "metrics/evidence.h"

#include <string.h>

#define KEPT_MAX (2 * DBK_EVIDENCE_ENDS + DBK_EVIDENCE_BETWEEN)

/* Every second of those that were kept goes. */
static void
thin_out(struct dbk_evidence *evidence)
{
	evidence->stride_bits++;
	evidence->n_between /= 2;
	for (uint32_t i = 0; i < evidence->n_between; i++)
		evidence->between[i] = evidence->between[2 * i + 1];
}

static void
keep_between(struct dbk_evidence *evidence, struct dbk_evidence_entry entry)
{
	uint64_t mask = (UINT64_C(1) << evidence->stride_bits) - 1;

	if ((evidence->count & mask) != 0)
		return;
	evidence->between[evidence->n_between++] = entry;
	if (evidence->n_between == DBK_EVIDENCE_BETWEEN)
		thin_out(evidence);
}

void
dbk_evidence_add(struct dbk_evidence *evidence, uint64_t position, int32_t day)
{
	const struct dbk_evidence_entry entry = { position, day };

	if (evidence->count > 0 && evidence->last_position == position)
		return;
	evidence->count++;
	evidence->last_position = position;
	keep_between(evidence, entry);
	if (evidence->n_first < DBK_EVIDENCE_ENDS) {
		evidence->first[evidence->n_first++] = entry;
		return;
	}
	evidence->last[evidence->next_last] = entry;
	evidence->next_last = (evidence->next_last + 1) % DBK_EVIDENCE_ENDS;
	if (evidence->n_last < DBK_EVIDENCE_ENDS)
		evidence->n_last++;
}

/* The entry of the record NUMBER, from 1; NULL: it was not kept. */
static const struct dbk_evidence_entry *
kept(const struct dbk_evidence *evidence, uint64_t number)
{
	uint64_t first_last = evidence->count - evidence->n_last + 1;
	uint64_t place = number >> evidence->stride_bits;
	uint32_t oldest =
	    evidence->n_last < DBK_EVIDENCE_ENDS ? 0 : evidence->next_last;

	if (number <= evidence->n_first)
		return &evidence->first[number - 1];
	if (number >= first_last)
		return &evidence
			    ->last[(oldest + number - first_last) % DBK_EVIDENCE_ENDS];
	return place > 0 && place << evidence->stride_bits == number
		   ? &evidence->between[place - 1]
		   : NULL;
}

/* The number of the next that may have been kept. */
static uint64_t
next_kept(const struct dbk_evidence *evidence, uint64_t number)
{
	uint64_t first_last = evidence->count - evidence->n_last + 1;
	uint64_t next = ((number >> evidence->stride_bits) + 1)
			<< evidence->stride_bits;

	if (number < evidence->n_first || number + 1 >= first_last)
		return number + 1;
	return next < first_last ? next : first_last;
}

/* Those of days [from, to) in log order; how many there are of all, kept or not: what
 * stands between two that are in the interval is taken to be in it. */
static uint64_t
pick(const struct dbk_evidence *evidence, int32_t from, int32_t to, uint64_t *positions,
     uint32_t *out_n)
{
	uint64_t n = 0, last = 0;

	*out_n = 0;
	for (uint64_t i = 1; i <= evidence->count; i = next_kept(evidence, i)) {
		const struct dbk_evidence_entry *entry = kept(evidence, i);

		if (entry == NULL)
			continue;
		if (entry->day < from || entry->day >= to) {
			last = 0;
			continue;
		}
		n += last == 0 ? 1 : i - last;
		last = i;
		positions[(*out_n)++] = entry->position;
	}
	return n;
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
	uint64_t added[KEPT_MAX], all[2 * DBK_EVIDENCE_ENDS + KEPT_MAX], count;
	uint32_t n_added, n;

	count = pick(evidence, from, to, added, &n_added);
	n = merge(out->positions, out->n, added, n_added, all);
	/* Less those that were in the list before. */
	out->count += count + n - out->n - n_added;
	out->n = n;
	if (n > 2 * DBK_EVIDENCE_ENDS) {
		memmove(all + DBK_EVIDENCE_ENDS, all + n - DBK_EVIDENCE_ENDS,
			DBK_EVIDENCE_ENDS * sizeof all[0]);
		out->n = 2 * DBK_EVIDENCE_ENDS;
	}
	memcpy(out->positions, all, out->n * sizeof all[0]);
}
