/*
 * test_chunk.c -- events, postings and moves read back from a chunk as they were
 * written.
 */

#include <string.h>

#include "views/cause.h"
#include "views/chunk.h"

#include "../tests/lib/check.h"

#define NUMBER 9u

struct book {
	unsigned char bytes[DBK_CHUNK_BYTES];
	struct dbk_chunk_writer writer;
	struct dbk_chunk chunk;
};

static struct book book;

static void
begin(struct dbk_chunk_event event)
{
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];

	memset(totals, 0, sizeof totals);
	memset(&book, 0, sizeof book);
	book.writer.bytes = book.bytes;
	dbk_chunk_begin(&book.writer, NUMBER, 1000, 5000, totals);
	dbk_chunk_put_event(&book.writer, &event);
}

static void
end(struct dbk_chunk_event *event)
{
	dbk_chunk_end_event(&book.writer);
	CHECK(dbk_chunk_open(&book.chunk, NUMBER, book.bytes, book.writer.size));
	CHECK(dbk_chunk_get_event(&book.chunk, dbk_chunk_first(&book.chunk), event));
}

static void
test_events(void)
{
	for (unsigned flags = 0; flags < 16; flags++) {
		struct dbk_chunk_event event = { .position = 1007,
						 .clock = 900000000,
						 .effective_at = 900000000,
						 .type = 502,
						 .n_moves = 3,
						 .late = flags & 1,
						 .prior_period = flags & 2,
						 .continued = flags & 4 };
		struct dbk_chunk_event got;

		if ((flags & 8) != 0) {
			event.effective_at = 7;
			event.rule = 150;
			event.order = UINT32_MAX;
			event.order_back = 2;
		}
		begin(event);
		end(&got);
		CHECK_INT(got.position, event.position);
		CHECK_INT(got.clock, event.clock);
		CHECK_INT(got.effective_at, event.effective_at);
		CHECK_INT(got.type, event.type);
		CHECK_INT(got.rule, event.rule);
		CHECK_INT(got.order, event.order);
		CHECK_INT(got.order_back, event.order_back);
		CHECK_INT(got.n_moves, 3);
		CHECK_INT(got.late, event.late);
		CHECK_INT(got.prior_period, event.prior_period);
		CHECK_INT(got.continued, event.continued);
		CHECK_INT(got.size, book.writer.size - dbk_chunk_at(got.loc));
	}
}

/* A posting written and read. */
static void
check_posting(struct dbk_chunk_entry entry)
{
	struct dbk_chunk_event event = { .position = 1000, .clock = 5000, .order = 1 };
	struct dbk_chunk_entry got;

	begin(event);
	dbk_chunk_put_posting(&book.writer, &entry);
	end(&event);
	if (!CHECK(dbk_chunk_get_posting(&book.chunk, event.entries_at, &got)))
		return;
	CHECK_INT(got.size, book.writer.size - event.entries_at);
	CHECK_INT(got.loc, entry.loc);
	CHECK_INT(got.kind, entry.kind);
	CHECK_INT(got.cause, entry.cause);
	CHECK_INT(got.ref, entry.ref);
	CHECK_INT(got.id, entry.id);
	CHECK_INT(got.amount, entry.amount);
	CHECK_INT(got.balance, entry.balance);
	CHECK_INT(got.prev, entry.id == 0 ? 0 : entry.prev);
	CHECK_INT(got.event, entry.id == 0 ? 0 : event.loc);
	if (entry.id == 0)
		return;
	CHECK_INT(got.is_mark, entry.is_mark);
	CHECK_INT(got.is_behind, entry.is_behind);
	if (entry.is_mark || entry.is_behind)
		CHECK_INT(got.late, entry.late);
	for (unsigned i = 0; i < entry.n_levels; i++)
		CHECK_INT(got.levels[i], entry.levels[i]);
	if (entry.is_mark)
		CHECK_INT(got.debits, entry.debits);
}

static void
test_postings(void)
{
	static const int64_t amounts[] = { 1, -1, 64, 12345678, INT64_MAX, INT64_MIN };
	static const uint32_t refs[] = { 0, 1, 127, 128, UINT32_MAX };

	for (unsigned cause = 0; cause < DBK_CAUSES; cause++)
		for (unsigned code = 1; code < DBK_ACCOUNT_CODES; code++) {
			struct dbk_chunk_entry entry = {
				.kind = (uint8_t)code,
				.cause = (uint8_t)cause,
				.ref = refs[(cause + code) % 5],
				.id = code % 3 == 0 ? 0 : UINT32_MAX - code,
				.amount = amounts[code % 6],
				.balance = amounts[cause % 6],
				.prev = dbk_chunk_loc(NUMBER - code % 8, 30),
				.late = code % 2 == 0 ? 0 : dbk_chunk_loc(1, 1),
				.levels = { 70000, 66000 },
				.debits = INT64_MAX - code,
				.is_behind = cause % 4 == 1,
				.is_mark = cause % 4 >= 2,
				.n_levels =
				    (uint8_t)(cause % 4 >= 2 ? cause % 4 - 1 : 0)
			};

			check_posting(entry);
		}
}

static void
test_unknown_cause(void)
{
	struct dbk_chunk_entry entry = { .kind = DBK_ESCROW, .amount = 1 };
	struct dbk_chunk_event event = { .position = 1000, .clock = 5000 };

	begin(event);
	dbk_chunk_put_posting(&book.writer, &entry);
	end(&event);
	book.bytes[event.entries_at + 1] = DBK_CAUSES - 1;
	CHECK(dbk_chunk_get_posting(&book.chunk, event.entries_at, &entry));
	book.bytes[event.entries_at + 1] = DBK_CAUSES;
	CHECK(!dbk_chunk_get_posting(&book.chunk, event.entries_at, &entry));
}

static void
test_longest_fits(void)
{
	struct dbk_chunk_event event = { .position = UINT64_MAX,
					 .clock = INT64_MAX,
					 .effective_at = INT64_MIN,
					 .type = UINT32_MAX,
					 .rule = UINT32_MAX,
					 .order = UINT32_MAX,
					 .order_back = UINT32_MAX,
					 .n_postings = DBK_CHUNK_PART_ENTRIES_MAX };
	struct dbk_code_totals totals[DBK_ACCOUNT_CODES];
	struct dbk_chunk_entry entry = { .kind = 30,
					 .cause = 20,
					 .ref = UINT32_MAX,
					 .id = UINT32_MAX,
					 .amount = INT64_MIN,
					 .balance = INT64_MIN,
					 .debits = -1,
					 .is_mark = true,
					 .is_behind = true,
					 .n_levels = DBK_CHUNK_LEVELS_MAX };
	struct dbk_chunk_writer *w = &book.writer;

	memset(totals, 0, sizeof totals);
	memset(&book, 0, sizeof book);
	for (unsigned i = 0; i < DBK_CHUNK_LEVELS_MAX; i++)
		entry.levels[i] = 1;
	entry.late = entry.prev = 1;
	w->bytes = book.bytes;
	dbk_chunk_begin(w, UINT32_MAX, 0, 0, totals);
	/* Down to the last byte at which the part still has room. */
	while (dbk_chunk_has_room(w, DBK_CHUNK_PART_ENTRIES_MAX, 0))
		w->size++;
	w->size--;
	dbk_chunk_put_event(w, &event);
	for (unsigned i = 0; i < DBK_CHUNK_PART_ENTRIES_MAX; i++)
		dbk_chunk_put_posting(w, &entry);
	dbk_chunk_end_event(w);
	CHECK(w->size + 8 <= DBK_CHUNK_BYTES);
}

static void
test_causes(void)
{
	for (unsigned i = 0; i < DBK_CAUSES; i++) {
		CHECK(dbk_cause_name((enum dbk_cause)i) != NULL);
		for (unsigned j = 0; j < i; j++)
			CHECK(strcmp(dbk_cause_name((enum dbk_cause)i),
				     dbk_cause_name((enum dbk_cause)j)) != 0);
	}
	CHECK(strcmp(dbk_cause_name(DBK_CAUSES), "?") == 0);
	CHECK_INT(dbk_cause_refers(DBK_CAUSE_EVENT), DBK_REFERS_TO_NOTHING);
	CHECK_INT(dbk_cause_refers(DBK_CAUSE_NETTED), DBK_REFERS_TO_ORDER);
	CHECK_INT(dbk_cause_refers(DBK_CAUSE_BONUS), DBK_REFERS_TO_NOTHING);
	CHECK_INT(dbk_cause_refers(DBK_CAUSE_DRAWN), DBK_REFERS_TO_PAYOUT);
	CHECK_INT(dbk_cause_refers(DBK_CAUSE_RETURNED), DBK_REFERS_TO_PAYOUT);
	CHECK_INT(dbk_cause_refers(DBK_CAUSES), DBK_REFERS_TO_NOTHING);
}

int
main(void)
{
	check_run("events are read as they were written", test_events);
	check_run("postings are read as they were written", test_postings);
	check_run("a cause of a later version is damage", test_unknown_cause);
	check_run("the longest part stays inside what it asked for", test_longest_fits);
	check_run("causes have names and say what their refs name", test_causes);
	return check_end();
}
