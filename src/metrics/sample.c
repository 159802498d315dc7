#include "metrics/sample.h"

#include <string.h>

/* AT in [from, to), which rise: where POSITION belongs.  Most come in rising order. */
static uint32_t
place_of(const struct dbk_evidence_list *list, uint32_t from, uint32_t to,
	 uint64_t position)
{
	while (to > from && list->positions[to - 1] >= position)
		to--;
	return to;
}

static void
move(struct dbk_evidence_list *list, uint32_t to, uint32_t from, uint32_t n)
{
	memmove(&list->positions[to], &list->positions[from],
		n * sizeof list->positions[0]);
}

void
dbk_sample_add(struct dbk_evidence_list *list, uint64_t position)
{
	const uint32_t half = DBK_EVIDENCE_ENDS, full = 2 * DBK_EVIDENCE_ENDS;
	uint32_t at;

	if (list->n == full && position > list->positions[half - 1] &&
	    position < list->positions[half]) {
		list->count++;
		return;
	}
	at = place_of(list, 0, list->n, position);
	/* One record may stand for several of what is counted: a sale pays two levels.
	 */
	if (at < list->n && list->positions[at] == position)
		return;
	list->count++;
	if (list->n < full) {
		move(list, at + 1, at, list->n - at);
		list->n++;
	} else if (position < list->positions[half - 1]) {
		move(list, at + 1, at, half - 1 - at);
	} else {
		at--;
		move(list, half, half + 1, at - half);
	}
	list->positions[at] = position;
}
