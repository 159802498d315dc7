#include <stdlib.h>
#include <string.h>

#include "../tests/lib/check.h"
#include "../tests/lib/sales.h"
#include "event/decode.h"

/*
 * Decoding tells dbk_event_check() what it need not look at.  Here every byte of events
 * that are sound takes every value, and what is still an event must be judged alike
 * with and without that.
 */

#define ARENA_BYTES ((size_t)1 << 16)

static struct dbk_arena arena;
static unsigned n_sound, n_faults;

static void
compare_judgements(struct dbk_str bytes)
{
	struct dbk_event_fault fault, slow_fault;
	struct dbk_event event;
	bool is_right;

	dbk_arena_reset(&arena);
	if (!dbk_event_decode(bytes, &arena, &event, &fault))
		return;
	n_sound += event.is_sound;
	is_right = dbk_event_check(&event, &fault);
	event.is_sound = false;
	CHECK_INT(dbk_event_check(&event, &slow_fault), is_right);
	if (is_right)
		return;
	n_faults++;
	CHECK_INT(slow_fault.fault, fault.fault);
}

/* One event, which stands in BYTES behind a tag and a length. */
static void
change_every_byte(struct dbk_buf *bytes)
{
	size_t start = (bytes->bytes[1] & 0x80) != 0 ? 3 : 2;
	size_t size = bytes->size - start;
	unsigned char *copy = malloc(size);

	for (size_t at = 0; at < size; at++)
		for (unsigned value = 0; value < 256; value++) {
			memcpy(copy, bytes->bytes + start, size);
			copy[at] = (unsigned char)value;
			compare_judgements(dbk_str_make(copy, size));
		}
	free(copy);
}

static void
test_events_are_judged_alike_whatever_decoding_has_seen(void)
{
	struct sales sales = sales_with_commission();
	struct dbk_buf bytes;

	sales.agents = 1;
	sales.skus = 1;
	dbk_buf_init(&bytes);
	for (uint64_t number = 0; number < sales_opening_size(&sales) + 8; number++) {
		dbk_buf_reset(&bytes);
		sales_put(&sales, number, &bytes);
		change_every_byte(&bytes);
	}
	dbk_buf_fini(&bytes);
	CHECK(n_sound > 1000);
	CHECK(n_faults > 1000);
}

int
main(void)
{
	dbk_arena_init(&arena, ARENA_BYTES);
	check_run("events are judged alike whatever decoding has seen",
		  test_events_are_judged_alike_whatever_decoding_has_seen);
	dbk_arena_fini(&arena);
	return check_end();
}
