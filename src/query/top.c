#include "query/top.h"

/* A goes after B in the answer. */
static bool
is_smaller(const struct dbk_top_item *a, const struct dbk_top_item *b)
{
	return a->key != b->key ? a->key < b->key : a->order > b->order;
}

static void
swap(struct dbk_top_item *a, struct dbk_top_item *b)
{
	struct dbk_top_item kept = *a;

	*a = *b;
	*b = kept;
}

/* The smallest is the root; N items are in the heap. */
static void
sift_down(struct dbk_top_item *items, uint32_t n, uint32_t at)
{
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child >= n)
			return;
		if (child + 1 < n && is_smaller(&items[child + 1], &items[child]))
			child++;
		if (!is_smaller(&items[child], &items[at]))
			return;
		swap(&items[child], &items[at]);
		at = child;
	}
}

static void
sift_up(struct dbk_top_item *items, uint32_t at)
{
	while (at > 0 && is_smaller(&items[at], &items[(at - 1) / 2])) {
		swap(&items[at], &items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

bool
dbk_top_offer(struct dbk_top *top, uint64_t key, uint32_t order, uint32_t *out_slot)
{
	struct dbk_top_item item = { key, order, top->n };

	if (top->max == 0)
		return false;
	if (top->n < top->max) {
		*out_slot = item.slot;
		top->items[top->n] = item;
		sift_up(top->items, top->n++);
		return true;
	}
	if (!is_smaller(&top->items[0], &item))
		return false;
	item.slot = *out_slot = top->items[0].slot;
	top->items[0] = item;
	sift_down(top->items, top->n, 0);
	return true;
}

void
dbk_top_sort(struct dbk_top *top)
{
	for (uint32_t n = top->n; n > 1; n--) {
		swap(&top->items[0], &top->items[n - 1]);
		sift_down(top->items, n - 1, 0);
	}
}
